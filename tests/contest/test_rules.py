"""Rule sets: what they accept, what they refuse, and that nothing is lost on the way to JSON and back."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules import Problem, RuleSet, RuleSetError
from contest.rules.enums import (
    AttemptPer,
    BarredRole,
    BoardPolicy,
    CalendarKind,
    CollectiveMetric,
    CountingPolicy,
    MaskStyle,
    PredictionRole,
    PredictionTarget,
    PrizeScope,
    RankKey,
    RevealAt,
)
from contest.rules.parts import (
    Attempts,
    Bloc,
    Calendar,
    Collective,
    DifficultyPoints,
    Eligibility,
    Exclusions,
    Group,
    GroupBank,
    MandatoryQuota,
    Masking,
    MetricWeight,
    Paper,
    Points,
    Prediction,
    Prize,
    Prizes,
    Ranking,
    Reveal,
    SizeTier,
)
from contest.rules.templates import TEMPLATES, template_rules

GOOD = RuleSet()


def refused(rules: RuleSet) -> set[str]:
    """The paths a rule set is refused for."""
    with pytest.raises(RuleSetError) as refusal:
        rules.validated()
    assert all(problem.sentence for problem in refusal.value.problems)
    return {problem.path for problem in refusal.value.problems}


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_template_is_valid_and_survives_json(code):
    rules = TEMPLATES[code].build()

    again = RuleSet.from_json(json.loads(json.dumps(rules.validated().to_json())))

    assert again == rules
    assert again.digest() == rules.digest()


def test_templates_are_the_seven_named_ones():
    assert list(TEMPLATES) == [
        "weekly-dx",
        "one-shot",
        "daily-bursts",
        "two-groups",
        "vcnet-weekly",
        "youth-sum",
        "practice",
    ]
    assert len({template_rules(code).digest() for code in TEMPLATES}) == 7


def test_json_is_versioned_and_writes_every_part():
    assert list(GOOD.to_json()) == [
        "schema",
        "calendar",
        "paper",
        "time",
        "attempts",
        "counting",
        "points",
        "prediction",
        "ranking",
        "groups",
        "collective",
        "eligibility",
        "exclusions",
        "reveal",
        "masking",
        "prizes",
    ]
    assert GOOD.to_json()["schema"] == 1


def test_absent_parts_take_their_defaults():
    assert RuleSet.from_json({"schema": 1}) == GOOD


def test_digest_ignores_the_order_of_keys_and_notices_a_changed_value():
    turned = dict(reversed(list(GOOD.to_json().items())))

    assert RuleSet.from_json(turned).digest() == GOOD.digest()
    assert replace(GOOD, paper=Paper(question_count=11)).digest() != GOOD.digest()


@pytest.mark.parametrize("data", [None, [], "x", {}, {"schema": 2}, {"schema": True}, {"schema": "1"}])
def test_other_schemas_are_refused(data):
    with pytest.raises(RuleSetError) as refusal:
        RuleSet.from_json(data)

    assert [problem.path for problem in refusal.value.problems] == ["schema"]
    assert refusal.value.status == 422


def test_all_problems_are_told_at_once_with_their_paths():
    with pytest.raises(RuleSetError) as refusal:
        RuleSet.from_json(
            {
                "schema": 1,
                "paper": {"question_count": 0, "mode": "lucky", "colour": "red"},
                "time": {"minutes": "15"},
                "points": {"partial_credit": 1, "per_question_milli": True},
                "groups": [{"code": "", "name": "A"}, 7],
                "ranking": {"keys": []},
                "calendar": "weekly",
                "eligibility": {"note": "tab\tand bell\a"},
                "surprise": 1,
            }
        )

    assert sorted(problem.path for problem in refusal.value.problems) == [
        "calendar",
        "eligibility.note",
        "groups[0].code",
        "groups[1]",
        "paper.colour",
        "paper.mode",
        "paper.question_count",
        "points.partial_credit",
        "points.per_question_milli",
        "ranking.keys",
        "surprise",
        "time.minutes",
    ]


def test_texts_are_stored_in_one_normal_form():
    decomposed = "Tua\u0302\u0300n"

    rules = RuleSet.from_json({"schema": 1, "calendar": {"note": f"  {decomposed} "}})

    assert rules.calendar.note == "Tuần"


def test_groups_give_banks_and_points_follow_difficulty():
    paper = Paper(separate_banks=(GroupBank(group="a", bank="agency"),))
    points = Points(by_difficulty=DifficultyPoints(easy_milli=500, medium_milli=1000, hard_milli=2000))

    assert (paper.bank_of("a"), paper.bank_of("b")) == ("agency", None)
    assert [points.of(level) for level in ("easy", "medium", "hard", "")] == [500, 1000, 2000, 1000]


def test_prize_cap_limits_the_prizes_of_a_small_round():
    prizes = Prizes(
        items=(
            Prize(name="Nhất", rank_from=1, rank_to=1),
            Prize(name="Ba", rank_from=2, rank_to=11),
            Prize(scope=PrizeScope.COLLECTIVE, name="Tập thể", rank_to=40),
        ),
        cap_percent=50,
    )

    assert prizes.individual_count() == 11
    assert [prizes.allowed(people) for people in (0, 1, 9, 22, 1000)] == [0, 0, 4, 11, 11]
    assert prizes.participants_needed() == 22


TARGET = PredictionTarget.ALL_CORRECT
FULL = PredictionRole.TIE_BREAK_FULL_SCORES
WITH_PREDICTION = Ranking(keys=(RankKey.POINTS, RankKey.PREDICTION_DISTANCE))
PRIZE = Prize(name="Giải Nhất")
UNIT_PRIZE = Prize(scope=PrizeScope.COLLECTIVE, name="Tập thể")


def quotas(*codes: str) -> tuple[MandatoryQuota, ...]:
    return tuple(MandatoryQuota(code=code, name=code, min_count=1) for code in codes)


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"attempts": Attempts(limit=2)}, {"counting"}),
        ({"attempts": Attempts(limit=None)}, {"counting"}),
        ({"attempts": Attempts(limit=1, per=AttemptPer.DAY)}, {"counting"}),
        ({"attempts": Attempts(limit=1, per=AttemptPer.WEEK)}, {"counting"}),
        (
            {"attempts": Attempts(limit=1, per=AttemptPer.CONTEST), "counting": CountingPolicy.SUM_OF_WEEKS},
            {"counting"},
        ),
        ({"prediction": Prediction(required=True)}, {"prediction.required"}),
        ({"prediction": Prediction(role=FULL)}, {"prediction.role"}),
        ({"prediction": Prediction(target=TARGET, decimals=2)}, {"prediction.decimals"}),
        ({"prediction": Prediction(target=TARGET, role=FULL)}, {"ranking.keys"}),
        ({"prediction": Prediction(target=TARGET), "ranking": WITH_PREDICTION}, {"ranking.keys"}),
        ({"ranking": WITH_PREDICTION}, {"ranking.keys"}),
        ({"ranking": Ranking(keys=(RankKey.POINTS, RankKey.POINTS))}, {"ranking.keys"}),
        ({"ranking": Ranking(keys=(RankKey.DURATION,))}, {"ranking.keys"}),
        ({"ranking": Ranking(keys=(RankKey.DURATION, RankKey.POINTS))}, {"ranking.keys"}),
        ({"ranking": Ranking(keys=(RankKey.POINTS, RankKey.ATTEMPTS_USED))}, {"ranking.keys"}),
        ({"paper": Paper(question_count=50), "points": Points(per_question_milli=81_000)}, {"points"}),
        ({"groups": (Group(code="a", name="A", categories=("x",)), Group(code="a", name="B"))}, {"groups"}),
        (
            {"groups": (Group(code="a", name="A", categories=("x",)), Group(code="b", name="B", categories=("x",)))},
            {"groups"},
        ),
        ({"groups": (Group(code="a", name="A"), Group(code="b", name="B"))}, {"groups"}),
        ({"paper": Paper(separate_banks=(GroupBank(group="z", bank="b"),))}, {"paper.separate_banks[0].group"}),
        (
            {
                "paper": Paper(separate_banks=(GroupBank(group="a", bank="x"),)),
                "groups": (Group(code="a", name="A", categories=("x",)), Group(code="b", name="B")),
            },
            {"paper.separate_banks"},
        ),
        ({"prizes": Prizes(items=(replace(PRIZE, group="z"),))}, {"prizes.items[0].group"}),
        (
            {
                "groups": (Group(code="a", name="A", own_ranking=False),),
                "prizes": Prizes(items=(replace(PRIZE, group="a"),)),
            },
            {"prizes.items[0].group"},
        ),
        ({"prizes": Prizes(items=(replace(PRIZE, rank_from=3),))}, {"prizes.items[0].rank_to"}),
        ({"prizes": Prizes(items=(PRIZE, replace(PRIZE, rank_to=2)))}, {"prizes.items"}),
        ({"prizes": Prizes(items=(UNIT_PRIZE,))}, {"prizes.items[0].scope"}),
        ({"prizes": Prizes(items=(replace(PRIZE, bloc="z"),))}, {"prizes.items[0].bloc"}),
        ({"prizes": Prizes(cap_percent=50)}, {"prizes.cap_percent"}),
        ({"collective": Collective(metric=CollectiveMetric.COMBINED)}, {"collective.weights"}),
        (
            {
                "collective": Collective(
                    metric=CollectiveMetric.COMBINED, weights=(MetricWeight(metric=CollectiveMetric.RATIO, weight=99),)
                )
            },
            {"collective.weights"},
        ),
        (
            {
                "collective": Collective(
                    metric=CollectiveMetric.COMBINED, weights=(MetricWeight(metric=CollectiveMetric.COMBINED),)
                )
            },
            {"collective.weights"},
        ),
        ({"collective": Collective(metric=CollectiveMetric.RATIO_MIN_TIER)}, {"collective.size_tiers"}),
        ({"collective": Collective(metric=CollectiveMetric.MANDATORY_SHARE)}, {"collective.mandatory"}),
        ({"collective": Collective(size_tiers=(SizeTier(min_size=9, max_size=5),))}, {"collective.size_tiers[0]"}),
        (
            {"collective": Collective(size_tiers=(SizeTier(max_size=50), SizeTier(min_size=50)))},
            {"collective.size_tiers[1]"},
        ),
        ({"collective": Collective(mandatory=(MandatoryQuota(code="a", name="A"),))}, {"collective.mandatory[0]"}),
        ({"collective": Collective(mandatory=quotas("a", "a"))}, {"collective"}),
        ({"collective": Collective(blocs=(Bloc(code="a", name="A"), Bloc(code="a", name="B")))}, {"collective"}),
        ({"collective": Collective(require_winner=True)}, {"collective.require_winner"}),
        ({"reveal": Reveal(score=RevealAt.NEVER, explanations=RevealAt.NEVER)}, {"reveal.score", "reveal.board"}),
        ({"reveal": Reveal(score=RevealAt.AT_CLOSE)}, {"reveal.board"}),
        (
            {"reveal": Reveal(score=RevealAt.AT_PUBLISH, board=BoardPolicy.HIDDEN)},
            {"reveal.explanations"},
        ),
        (
            {"reveal": Reveal(explanations=RevealAt.AT_SUBMIT), "prizes": Prizes(items=(PRIZE,))},
            {"reveal.explanations"},
        ),
        ({"reveal": Reveal(board=BoardPolicy.FROZEN)}, {"reveal.board_frozen_minutes"}),
        ({"reveal": Reveal(board_frozen_minutes=5)}, {"reveal.board_frozen_minutes"}),
        ({"eligibility": Eligibility(min_age=30, max_age=20)}, {"eligibility.max_age"}),
        ({"exclusions": Exclusions(who=(BarredRole.JURY, BarredRole.JURY))}, {"exclusions.who"}),
        ({"masking": Masking(minors_style=MaskStyle.FULL)}, {"masking.minors_style"}),
    ],
)
def test_contradiction_is_refused_where_it_stands(changes, paths):
    assert refused(replace(GOOD, **changes)) == paths


@pytest.mark.parametrize(
    "changes",
    [
        {"attempts": Attempts(limit=1, per=AttemptPer.CONTEST)},
        {"attempts": Attempts(limit=1, per=AttemptPer.WEEK), "calendar": Calendar(kind=CalendarKind.WEEKLY)},
        {"attempts": Attempts(limit=7, per=AttemptPer.WEEK), "counting": CountingPolicy.BEST},
        {
            "attempts": Attempts(limit=1, per=AttemptPer.DAY),
            "counting": CountingPolicy.BEST_OF_WEEK,
            "ranking": Ranking(keys=(RankKey.CORRECT_COUNT, RankKey.ATTEMPTS_USED)),
        },
        {"prediction": Prediction(target=TARGET)},
        {
            "prediction": Prediction(target=TARGET, role=PredictionRole.RANKING),
            "ranking": Ranking(keys=(RankKey.PREDICTION_DISTANCE, RankKey.POINTS)),
        },
        {"reveal": Reveal(score=RevealAt.AT_PUBLISH, explanations=RevealAt.NEVER, board=BoardPolicy.HIDDEN)},
        {"reveal": Reveal(board=BoardPolicy.FROZEN, board_frozen_minutes=30)},
        {
            "prizes": Prizes(
                items=(PRIZE, replace(PRIZE, rank_from=2, rank_to=3), replace(PRIZE, scope=PrizeScope.SPREAD))
            )
        },
    ],
)
def test_real_combination_is_accepted(changes):
    rules = replace(GOOD, **changes)

    assert rules.validated() is rules


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def read(data: object) -> tuple[RuleSet | None, tuple[Problem, ...]]:
    try:
        return RuleSet.from_json(data), ()
    except RuleSetError as refusal:
        return None, refusal.problems


@given(data=st.dictionaries(st.sampled_from(sorted(GOOD.to_json())), JSON, max_size=5))
def test_any_json_is_accepted_whole_or_refused_with_sentences(data):
    rules, problems = read({**data, "schema": 1})

    assert (rules is None) == bool(problems)
    assert all(problem.path and problem.sentence for problem in problems)
    assert rules is None or RuleSet.from_json(rules.to_json()) == rules


def test_what_decides_a_winner_knows_no_database():
    modules = [
        "rules.text",
        "rules.templates",
        "ranking",
        "scoring",
        "eligibility",
        "periods",
        "prediction",
        "masking",
        "collective",
    ]
    code = f"""
import sys
{"; ".join(f"import contest.{name}" for name in modules)}
sys.exit(any(name == "django.db" or name.startswith("django.db.") for name in sys.modules))
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
