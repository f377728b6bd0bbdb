"""The words of the rule space (real contests' values, one enum per question a rule answers).

String enums, so that templates, JSON and database columns all hold the plain value.
"""

from enum import StrEnum


class CalendarKind(StrEnum):
    """How the rounds of a contest follow each other."""

    SINGLE = "single"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    BURSTS = "bursts"
    PARALLEL = "parallel"


class PaperMode(StrEnum):
    """One paper for everybody, or questions drawn for each attempt."""

    FIXED = "fixed"
    RANDOM = "random"


class AttemptPer(StrEnum):
    """The span within which attempts are counted against the limit."""

    CONTEST = "contest"
    ROUND = "round"
    DAY = "day"
    WEEK = "week"


class CountingPolicy(StrEnum):
    """Which of a person's attempts counts."""

    ONLY = "only"
    FIRST = "first"
    LAST = "last"
    BEST = "best"
    BEST_EARLIEST = "best_earliest"
    BEST_OF_WEEK = "best_of_week"
    SUM_OF_WEEKS = "sum_of_weeks"


class PredictionTarget(StrEnum):
    """The number a participant predicts."""

    NONE = "none"
    ALL_CORRECT = "all_correct"
    PARTICIPANTS = "participants"
    PARTICIPANTS_TOTAL = "participants_total"
    PERCENT_ALL_CORRECT = "percent_all_correct"


class PredictionAsked(StrEnum):
    """When the prediction is asked."""

    ON_PAPER = "on_paper"
    AFTER_FINISH = "after_finish"


class PredictionRole(StrEnum):
    """Among whom the prediction decides."""

    NONE = "none"
    TIE_BREAK_FULL_SCORES = "tie_break_full_scores"
    TIE_BREAK = "tie_break"
    RANKING = "ranking"


class RankKey(StrEnum):
    """One link of the ranking chain; its direction is implied (see `contest.ranking.KEYS`)."""

    POINTS = "points"
    CORRECT_COUNT = "correct_count"
    PREDICTION_DISTANCE = "prediction_distance"
    DURATION = "duration"
    SUBMITTED_AT = "submitted_at"
    ATTEMPTS_USED = "attempts_used"
    REGISTERED_AT = "registered_at"


class CollectiveMetric(StrEnum):
    """What units are compared by."""

    NONE = "none"
    HEADCOUNT = "headcount"
    RATIO = "ratio"
    RATIO_MIN_TIER = "ratio_min_tier"
    MANDATORY_SHARE = "mandatory_share"
    WINNERS = "winners"
    AVERAGE_SCORE = "average_score"
    PERFECT_SHARE = "perfect_share"
    COMBINED = "combined"


class Residence(StrEnum):
    """The tie to the unit scope that participation asks for."""

    ANYONE = "anyone"
    LIVES_OR_WORKS = "lives_or_works"
    LIVES = "lives"
    WORKS = "works"


class Nationality(StrEnum):
    """Whose contest it is."""

    ANY = "any"
    VIETNAMESE = "vietnamese"
    VIETNAMESE_AND_ABROAD = "vietnamese_and_abroad"


class ExclusionMode(StrEnum):
    """What the conflict-of-interest list does to a person."""

    BLOCK = "block"
    UNRANKED = "unranked"


class BarredRole(StrEnum):
    """Who stands on the conflict-of-interest list."""

    ORGANIZERS = "organizers"
    JURY = "jury"
    SECRETARIES = "secretaries"
    HELPERS = "helpers"
    QUESTION_WRITERS = "question_writers"
    TECHNICAL_STAFF = "technical_staff"
    VENDOR = "vendor"


class RevealAt(StrEnum):
    """When something becomes visible to the participant, earliest first."""

    AT_SUBMIT = "at_submit"
    AT_CLOSE = "at_close"
    AT_PUBLISH = "at_publish"
    NEVER = "never"


class BoardPolicy(StrEnum):
    """What the leaderboard shows while a round is open."""

    LIVE = "live"
    HIDDEN = "hidden"
    FROZEN = "frozen"


class MaskStyle(StrEnum):
    """How a name is written in public, most open first."""

    FULL = "full"
    MASKED = "masked"
    INITIALS = "initials"


class PrizeScope(StrEnum):
    """What a prize is given for."""

    ROUND = "round"
    OVERALL = "overall"
    COLLECTIVE = "collective"
    SPREAD = "spread"
