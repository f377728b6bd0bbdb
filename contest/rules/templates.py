"""Named rule sets to start from, each modelled on contests that really took place.

An organizer picks one and changes what differs. Every template is a valid rule set (a test proves it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contest.rules.enums import (
    AttemptPer,
    BarredRole,
    CalendarKind,
    CollectiveMetric,
    CountingPolicy,
    MaskStyle,
    PredictionAsked,
    PredictionRole,
    PredictionTarget,
    PrizeScope,
    RankKey,
    Residence,
    RevealAt,
)
from contest.rules.parts import (
    Attempts,
    Bloc,
    Calendar,
    Collective,
    Eligibility,
    Exclusions,
    Group,
    GroupBank,
    Masking,
    Paper,
    Prediction,
    Prize,
    Prizes,
    Ranking,
    Reveal,
    SizeTier,
    Time,
)
from contest.rules.schema import RuleSet

FIRST, SECOND, THIRD, CONSOLATION = "Giải Nhất", "Giải Nhì", "Giải Ba", "Giải Khuyến khích"
OFFICIALS, CITIZENS = "can-bo", "nguoi-dan"
EVERYBODY_INVOLVED = tuple(BarredRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTemplate:
    """A starting point: stable `code`, `title` and `summary` for people, and the rule set it `build`s."""

    code: str
    title: Promise
    summary: Promise
    build: Callable[[], RuleSet]


def _prizes(scope: PrizeScope, *rows: tuple[str, int, int], group: str | None = None) -> tuple[Prize, ...]:
    """Consecutive ranks from (name, how many, đồng each)."""
    items, start = [], 1
    for name, count, value in rows:
        items.append(
            Prize(scope=scope, rank_from=start, rank_to=start + count - 1, group=group, name=name, value_vnd=value)
        )
        start += count
    return tuple(items)


def _all_correct(**changes: PredictionTarget) -> Prediction:
    return Prediction(
        target=changes.get("target", PredictionTarget.ALL_CORRECT),
        required=True,
        role=PredictionRole.TIE_BREAK_FULL_SCORES,
    )


def weekly_dx() -> RuleSet:
    """Huế 2025: four weekly rounds of 15 + 1, one attempt a week, prediction decides."""
    return RuleSet(
        calendar=Calendar(kind=CalendarKind.WEEKLY),
        paper=Paper(question_count=15, options_per_question=4, by_topic=True),
        time=Time(minutes=15),
        attempts=Attempts(limit=1, per=AttemptPer.WEEK),
        prediction=_all_correct(),
        ranking=Ranking(keys=(RankKey.POINTS, RankKey.PREDICTION_DISTANCE, RankKey.DURATION, RankKey.SUBMITTED_AT)),
        eligibility=Eligibility(min_age=12, residence=Residence.LIVES_OR_WORKS),
        exclusions=Exclusions(who=EVERYBODY_INVOLVED),
        collective=Collective(
            metric=CollectiveMetric.RATIO_MIN_TIER,
            size_tiers=(
                SizeTier(min_size=1, max_size=49, min_ratio_percent=30),
                SizeTier(min_size=50, max_size=99, min_ratio_percent=25),
                SizeTier(min_size=100, min_ratio_percent=20),
            ),
        ),
        prizes=Prizes(
            items=(
                *_prizes(PrizeScope.ROUND, (FIRST, 1, 1_500_000), (SECOND, 1, 1_000_000), (THIRD, 1, 700_000)),
                *_prizes(PrizeScope.COLLECTIVE, (FIRST, 1, 3_000_000), (SECOND, 2, 2_000_000), (THIRD, 3, 1_000_000)),
            ),
            cap_percent=50,
        ),
    )


def one_shot() -> RuleSet:
    """Bến Tre 2023: one window, exactly one attempt, 10 + 1 in 10 minutes."""
    return RuleSet(
        paper=Paper(question_count=10, options_per_question=4),
        time=Time(minutes=10),
        attempts=Attempts(limit=1, per=AttemptPer.CONTEST),
        prediction=_all_correct(target=PredictionTarget.PARTICIPANTS),
        ranking=Ranking(keys=(RankKey.POINTS, RankKey.PREDICTION_DISTANCE, RankKey.DURATION)),
        eligibility=Eligibility(min_age=12, residence=Residence.LIVES_OR_WORKS),
        collective=Collective(metric=CollectiveMetric.HEADCOUNT),
        prizes=Prizes(
            items=_prizes(
                PrizeScope.ROUND,
                (FIRST, 1, 2_000_000),
                (SECOND, 3, 1_000_000),
                (THIRD, 5, 500_000),
                (CONSOLATION, 10, 300_000),
            ),
            cap_percent=50,
        ),
    )


def daily_bursts() -> RuleSet:
    """Đắk Lắk 2025: rounds of two days, one attempt a day, the best of the week, fewer attempts ahead."""
    return RuleSet(
        calendar=Calendar(kind=CalendarKind.BURSTS),
        paper=Paper(question_count=10, options_per_question=4),
        time=Time(minutes=10),
        attempts=Attempts(limit=1, per=AttemptPer.DAY),
        counting=CountingPolicy.BEST_OF_WEEK,
        prediction=_all_correct(target=PredictionTarget.PARTICIPANTS),
        ranking=Ranking(
            keys=(
                RankKey.POINTS,
                RankKey.PREDICTION_DISTANCE,
                RankKey.DURATION,
                RankKey.ATTEMPTS_USED,
                RankKey.REGISTERED_AT,
            )
        ),
        eligibility=Eligibility(min_age=15),
        exclusions=Exclusions(who=EVERYBODY_INVOLVED),
        collective=Collective(metric=CollectiveMetric.RATIO, min_participants=10, require_winner=True),
        prizes=Prizes(
            items=(
                *_prizes(
                    PrizeScope.ROUND,
                    (FIRST, 1, 2_000_000),
                    (SECOND, 2, 1_500_000),
                    (THIRD, 3, 1_000_000),
                    (CONSOLATION, 25, 300_000),
                ),
                *_prizes(PrizeScope.COLLECTIVE, ("Tập thể xuất sắc", 2, 3_000_000)),
            ),
            cap_percent=50,
        ),
    )


def two_groups() -> RuleSet:
    """Huế 2025, administrative reform: officials and citizens with banks, rankings and prizes of their own."""
    return RuleSet(
        calendar=Calendar(kind=CalendarKind.WEEKLY),
        paper=Paper(
            question_count=15,
            options_per_question=4,
            separate_banks=(
                GroupBank(group=OFFICIALS, bank="agency"),
                GroupBank(group=CITIZENS, bank="resident"),
            ),
        ),
        time=Time(minutes=15),
        attempts=Attempts(limit=1, per=AttemptPer.WEEK),
        prediction=_all_correct(),
        ranking=Ranking(keys=(RankKey.POINTS, RankKey.PREDICTION_DISTANCE, RankKey.SUBMITTED_AT)),
        groups=(
            Group(code=OFFICIALS, name="Bảng cán bộ, công chức, viên chức", categories=("official", "forces")),
            Group(code=CITIZENS, name="Bảng người dân", categories=("citizen", "student", "enterprise")),
        ),
        eligibility=Eligibility(min_age=14, residence=Residence.LIVES_OR_WORKS),
        exclusions=Exclusions(who=EVERYBODY_INVOLVED),
        collective=Collective(
            metric=CollectiveMetric.RATIO,
            blocs=(Bloc(code="so-nganh", name="Khối sở, ban, ngành"), Bloc(code="xa-phuong", name="Khối xã, phường")),
        ),
        prizes=Prizes(
            items=(
                *_prizes(
                    PrizeScope.ROUND, (FIRST, 1, 800_000), (SECOND, 1, 600_000), (THIRD, 1, 400_000), group=OFFICIALS
                ),
                *_prizes(
                    PrizeScope.ROUND, (FIRST, 1, 700_000), (SECOND, 1, 500_000), (THIRD, 1, 300_000), group=CITIZENS
                ),
            ),
            may_rebalance=True,
        ),
    )


def vcnet_weekly() -> RuleSet:
    """Party history on VCNET 2019: unlimited attempts a week, the most correct and earliest one counts.

    There each question had three options; here four, because those of the built-in bank have four and leaving one
    out would need the key where papers are drawn.
    """
    return RuleSet(
        calendar=Calendar(kind=CalendarKind.WEEKLY, note="Mỗi vòng mở từ 10:00 thứ Hai đến 9:00 thứ Hai tuần sau."),
        paper=Paper(question_count=10, options_per_question=4),
        time=Time(minutes=None, grace_seconds=0),
        attempts=Attempts(limit=None, per=AttemptPer.WEEK),
        counting=CountingPolicy.BEST_EARLIEST,
        prediction=_all_correct(),
        ranking=Ranking(keys=(RankKey.POINTS, RankKey.PREDICTION_DISTANCE, RankKey.SUBMITTED_AT)),
        eligibility=Eligibility(min_age=14),
        reveal=Reveal(explanations=RevealAt.AT_PUBLISH),
        prizes=Prizes(
            items=_prizes(PrizeScope.ROUND, (FIRST, 1, 3_000_000), (SECOND, 2, 2_000_000), (THIRD, 5, 1_000_000))
        ),
    )


def youth_sum() -> RuleSet:
    """Quảng Nam youth union 2021: a round a week, the overall prize goes to the sum of all weeks."""
    return RuleSet(
        calendar=Calendar(kind=CalendarKind.WEEKLY),
        paper=Paper(question_count=10, options_per_question=4),
        time=Time(minutes=10),
        attempts=Attempts(limit=3, per=AttemptPer.WEEK),
        counting=CountingPolicy.SUM_OF_WEEKS,
        prediction=Prediction(
            target=PredictionTarget.PARTICIPANTS,
            asked=PredictionAsked.AFTER_FINISH,
            role=PredictionRole.TIE_BREAK,
        ),
        ranking=Ranking(keys=(RankKey.POINTS, RankKey.DURATION, RankKey.PREDICTION_DISTANCE, RankKey.SUBMITTED_AT)),
        eligibility=Eligibility(min_age=12, max_age=35, relative_contact_allowed=True),
        masking=Masking(style=MaskStyle.MASKED),
        collective=Collective(metric=CollectiveMetric.HEADCOUNT),
        prizes=Prizes(
            items=(
                *_prizes(
                    PrizeScope.ROUND,
                    (FIRST, 1, 500_000),
                    (SECOND, 1, 300_000),
                    (THIRD, 1, 200_000),
                    (CONSOLATION, 3, 100_000),
                ),
                *_prizes(
                    PrizeScope.OVERALL,
                    (FIRST, 1, 2_000_000),
                    (SECOND, 1, 1_500_000),
                    (THIRD, 1, 1_000_000),
                    (CONSOLATION, 5, 500_000),
                ),
                *_prizes(PrizeScope.COLLECTIVE, ("Đơn vị có nhiều người dự thi nhất", 1, 1_000_000)),
                *_prizes(PrizeScope.SPREAD, ("Người lan tỏa", 10, 200_000)),
            )
        ),
    )


def practice() -> RuleSet:
    """Practising without prizes: as often as one likes, explanations at once."""
    return RuleSet(
        paper=Paper(question_count=10),
        time=Time(minutes=None, grace_seconds=0),
        attempts=Attempts(limit=None, per=AttemptPer.CONTEST),
        counting=CountingPolicy.BEST,
        ranking=Ranking(keys=(RankKey.POINTS, RankKey.DURATION)),
        exclusions=Exclusions(who=()),
        reveal=Reveal(explanations=RevealAt.AT_SUBMIT),
        masking=Masking(style=MaskStyle.INITIALS),
    )


TEMPLATES: Mapping[str, RuleTemplate] = {
    template.code: template
    for template in (
        RuleTemplate(
            code="weekly-dx",
            title=_("Thi theo tuần về chuyển đổi số"),
            summary=_("Mỗi tuần một vòng, mỗi người một lượt, 15 câu và một câu dự đoán."),
            build=weekly_dx,
        ),
        RuleTemplate(
            code="one-shot",
            title=_("Một đợt, một lượt duy nhất"),
            summary=_("10 câu trong 10 phút, mỗi người chỉ thi một lần."),
            build=one_shot,
        ),
        RuleTemplate(
            code="daily-bursts",
            title=_("Nhiều đợt ngắn, mỗi ngày một lượt"),
            summary=_("Mỗi đợt vài ngày, lấy lượt tốt nhất; bằng điểm thì ít lượt hơn xếp trên."),
            build=daily_bursts,
        ),
        RuleTemplate(
            code="two-groups",
            title=_("Hai bảng: cán bộ và người dân"),
            summary=_("Hai bộ câu hỏi, hai bảng xếp hạng, giải thưởng riêng từng bảng."),
            build=two_groups,
        ),
        RuleTemplate(
            code="vcnet-weekly",
            title=_("Theo tuần, không giới hạn lượt"),
            summary=_(
                "Thi bao nhiêu lượt cũng được; lượt đúng nhiều nhất và sớm nhất được tính. Mỗi câu bốn phương án."
            ),
            build=vcnet_weekly,
        ),
        RuleTemplate(
            code="youth-sum",
            title=_("Cộng điểm các tuần"),
            summary=_("Giải từng tuần và giải chung cuộc theo tổng điểm các tuần."),
            build=youth_sum,
        ),
        RuleTemplate(
            code="practice",
            title=_("Luyện tập"),
            summary=_("Không giới hạn lượt và thời gian, xem giải thích ngay, không có giải."),
            build=practice,
        ),
    )
}


def template_rules(code: str) -> RuleSet:
    """The rule set of a template; raises KeyError for an unknown code."""
    return TEMPLATES[code].build()
