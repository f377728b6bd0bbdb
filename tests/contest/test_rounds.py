"""A round's questions: can the bank fill the blueprint, freezing once, papers without a key."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from contest.domain.attempts import start_attempt
from contest.domain.rounds import check_blueprint, freeze_round, preview_paper, thaw_round
from contest.enums import Phase
from contest.errors import NotYet, PaperTooSmall, RulesLocked
from contest.models import PoolItem, Round
from contest.queries.papers import pool_of
from contest.queries.phases import next_round_after, open_rounds, phase_of
from contest.rules import RuleSet
from contest.rules.templates import TEMPLATES, template_rules
from quizbank.domain.bank import load_builtin_bank
from quizbank.models import QuestionVersion
from tests.factories import (
    make_contest,
    make_entry,
    make_question,
    make_questions,
    make_round,
    make_rules,
    single_draft,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def rules_for(count: int, **paper) -> RuleSet:
    return make_rules("practice", paper={"question_count": count, "options_per_question": None} | paper)


def draft_round(count: int, *, lines=None, paper=None, **fields) -> Round:
    contest = make_contest(rules=rules_for(count, **(paper or {})))
    blueprint = lines or [{"topic": "", "difficulty": "", "count": count, "group": ""}]
    return make_round(contest, questions=[], frozen=False, blueprint=blueprint, **fields)


def line(topic: str, difficulty: str, count: int, group: str = "") -> dict[str, object]:
    return {"topic": topic, "difficulty": difficulty, "count": count, "group": group}


def test_the_bank_is_checked_line_by_line(now):
    make_questions(2, difficulty="easy")
    make_questions(1, difficulty="hard")
    make_questions(1, difficulty="hard", topic="du-lieu-so")
    make_question(single_draft("Chưa duyệt?", difficulty="hard"), approved=False)
    round_ = draft_round(5, lines=[line("nhan-thuc", "easy", 2), line("nhan-thuc", "hard", 3)])
    check = check_blueprint(round_=round_)
    assert [(row.need, row.have, row.short) for row in check.lines] == [(2, 2, 0), (3, 1, 2)]
    assert len(check.problems) == 1
    with pytest.raises(PaperTooSmall):
        freeze_round(round_=round_, now=now)
    assert not PoolItem.objects.exists()
    assert Round.objects.get().frozen_at is None


def test_lines_that_share_questions_are_served_as_well_as_possible():
    make_questions(1, difficulty="hard")
    make_questions(1, difficulty="easy")
    check = check_blueprint(round_=draft_round(2, lines=[line("", "", 1), line("", "hard", 1)]))
    assert (check.ok, [row.have for row in check.lines]) == (True, [2, 1])
    check = check_blueprint(round_=draft_round(3, lines=[line("", "", 2), line("", "hard", 1)]))
    assert sum(row.short for row in check.lines) == 1


def test_rules_and_blueprint_must_ask_for_the_same_number():
    make_questions(3)
    assert not check_blueprint(round_=draft_round(3, lines=[line("", "", 2)])).ok
    assert not check_blueprint(round_=draft_round(3, lines=[{"topic": "", "count": "3"}])).ok


def test_freezing_keeps_the_whole_stock_for_random_papers(now):
    make_questions(6)
    round_ = freeze_round(round_=draft_round(4), now=now)
    assert (round_.frozen_at, round_.pool.count()) == (now, 6)
    assert [item.position for item in round_.pool.all()] == list(range(6))
    assert round_.rule_set.locked_at == now


def test_freezing_keeps_exactly_one_paper_where_everybody_gets_the_same(now):
    make_questions(6)
    assert freeze_round(round_=draft_round(4, paper={"mode": "fixed"}), now=now).pool.count() == 4


@pytest.mark.parametrize("mode", ["random", "fixed"])
def test_questions_that_give_each_other_away_meet_in_no_paper_while_there_are_others(now, mode):
    neighbours = {question.pk for question in make_questions(3, tags=("gan:x-1", "an-gi-do"))}
    make_questions(3)
    contest = make_contest(rules=rules_for(4, mode=mode))
    blueprint = [line("", "", 4)]
    for number in range(1, 6):
        round_ = make_round(contest, questions=[], frozen=False, number=number, blueprint=blueprint)
        round_ = freeze_round(round_=round_, now=now)
        near = {item.version.question_id for item in round_.pool.filter(version__question__in=neighbours)}
        assert {tuple(item.near) for item in round_.pool.all()} == {(), ("gan:x-1",)}
        assert len(near) == (3 if mode == "random" else 1)
        attempt = start_attempt(entry=make_entry(contest), round_=round_, now=now)
        dealt = {pool_of(round_).versions[int(position)] for position in attempt.dealt.split(",")}
        asked = QuestionVersion.objects.filter(pk__in=dealt).values_list("question_id", flat=True)
        assert len(set(asked) & neighbours) == 1


def test_a_paper_is_never_short_for_the_sake_of_neighbours(now):
    make_questions(4, tags=("gan:x-1",))
    assert freeze_round(round_=draft_round(4, paper={"mode": "fixed"}), now=now).pool.count() == 4


def test_freezing_twice_gives_the_first_pool(now):
    make_questions(5)
    round_ = freeze_round(round_=draft_round(3), now=now)
    pool = list(round_.pool.values_list("version_id", flat=True))
    make_questions(5)
    again = freeze_round(round_=Round.objects.get(), now=now + HOUR)
    assert again.frozen_at == now
    assert list(again.pool.values_list("version_id", flat=True)) == pool


def test_points_follow_the_difficulty(now):
    make_questions(1, difficulty="easy")
    make_questions(1, difficulty="hard")
    by_difficulty = {"easy_milli": 1000, "medium_milli": 2000, "hard_milli": 3000}
    data = rules_for(2).to_json()
    data["points"] |= {"by_difficulty": by_difficulty}
    contest = make_contest(rules=RuleSet.from_json(data))
    round_ = make_round(contest, questions=[], frozen=False, blueprint=[line("", "", 2)])
    freeze_round(round_=round_, now=now)
    assert {item.version.difficulty: item.points_milli for item in round_.pool.select_related("version")} == {
        "easy": 1000, "hard": 3000,
    }  # fmt: skip


def test_only_questions_with_the_promised_number_of_options_enter(now):
    make_questions(2)
    make_questions(1, content={"options": ["Có", "Không"]})
    round_ = draft_round(2, paper={"options_per_question": 4})
    assert [row.have for row in check_blueprint(round_=round_).lines] == [2]


def test_a_new_bank_each_round_uses_no_question_twice(now):
    make_questions(5)
    contest = make_contest(rules=rules_for(2, new_bank_each_round=True, mode="fixed"))
    blueprint = [line("", "", 2)]
    rounds = [make_round(contest, questions=[], frozen=False, blueprint=blueprint) for _ in range(3)]
    pools = [set(freeze_round(round_=r, now=now).pool.values_list("version_id", flat=True)) for r in rounds[:2]]
    assert pools[0].isdisjoint(pools[1])
    assert [row.have for row in check_blueprint(round_=rounds[2]).lines] == [1]


def test_groups_with_banks_of_their_own(now):
    groups = [
        {"code": "can-bo", "name": "Cán bộ", "categories": ["official"], "own_ranking": True},
        {"code": "nguoi-dan", "name": "Người dân", "categories": [], "own_ranking": True},
    ]
    banks = [{"group": "can-bo", "bank": "cb"}, {"group": "nguoi-dan", "bank": "nd"}]
    data = rules_for(2).to_json() | {"groups": groups}
    data["paper"] |= {"separate_banks": banks}
    contest = make_contest(rules=RuleSet.from_json(data))
    round_ = make_round(contest, questions=[], frozen=False, blueprint=[line("", "", 2)])
    make_questions(3)
    assert [row.have for row in check_blueprint(round_=round_).lines] == [0, 0]
    for tag, number in (("cb", 2), ("nd", 3)):
        make_questions(number, tags=[tag])
    freeze_round(round_=round_, now=now)
    tags = {"can-bo": "cb", "nguoi-dan": "nd"}
    for group, tag in tags.items():
        attempt = start_attempt(entry=make_entry(contest, group=group), round_=round_, now=now)
        dealt = PoolItem.objects.filter(round=round_, position__in=attempt.dealt.split(","))
        assert {item.version.question.tags[0] for item in dealt} == {tag}
        assert len(dealt) == 2


def test_a_frozen_round_is_thawed_before_it_opens_and_never_after(now):
    make_questions(4)
    round_ = freeze_round(round_=draft_round(2, opens_at=now + HOUR), now=now)
    known = pool_of(round_)
    thaw_round(round_=round_, now=now)
    assert (round_.frozen_at, round_.pool.count()) == (None, 0)
    freeze_round(round_=round_, now=now)
    assert pool_of(round_) is not known
    with pytest.raises(RulesLocked):
        thaw_round(round_=round_, now=now + HOUR)


def test_a_round_that_is_over_is_not_frozen(now):
    make_questions(2)
    with pytest.raises(NotYet):
        freeze_round(round_=draft_round(2, closes_at=now), now=now)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_preview_shows_a_paper_and_no_key(now, frozen):
    make_questions(6)
    QuestionVersion.objects.update(explanation="KEY-canary")
    round_ = draft_round(4)
    if frozen:
        freeze_round(round_=round_, now=now)
    paper = preview_paper(round_=round_, seed=7)
    assert [question.number for question in paper] == [1, 2, 3, 4]
    assert preview_paper(round_=round_, seed=7) == paper
    seen = str([asdict(question) for question in paper])
    assert "KEY-canary" not in seen
    QuestionVersion.objects.update(key={"right": "D"})
    assert str([asdict(question) for question in preview_paper(round_=round_, seed=7)]) == seen


# ------------------------------------------------------------------ phases


@pytest.mark.parametrize(
    ("fields", "minutes", "phase"),
    [
        ({"frozen_at": None}, 30, Phase.DRAFT),
        ({}, -1, Phase.SCHEDULED),
        ({}, 0, Phase.OPEN),
        ({}, 59, Phase.OPEN),
        ({}, 60, Phase.CLOSING),
        ({"closed_at": 61}, 62, Phase.REVIEW),
        ({"closed_at": 61, "published_at": 70}, 80, Phase.PUBLISHED),
        ({"cancelled_at": 10}, 30, Phase.CANCELLED),
    ],
)
def test_the_phase_comes_from_the_clock_and_the_decisions(now, fields, minutes, phase):
    times = {name: at and now + timedelta(minutes=at) for name, at in fields.items()}
    round_ = make_round(questions=1, opens_at=now, closes_at=now + HOUR)
    for name, at in times.items():
        setattr(round_, name, at)
    assert phase_of(round_, now + timedelta(minutes=minutes)) == phase


def test_a_cancelled_contest_cancels_its_rounds(now):
    assert phase_of(make_round(make_contest(cancelled_at=now), questions=1), now) == Phase.CANCELLED


def test_open_rounds_and_the_next_one(now):
    contest = make_contest()
    first = make_round(contest, questions=1)
    second = make_round(contest, questions=1, opens_at=now + 7 * 24 * HOUR, closes_at=now + 14 * 24 * HOUR)
    assert list(open_rounds(now)) == [first]
    assert next_round_after(first) == second
    assert next_round_after(second) is None


def test_every_template_can_be_filled_from_the_built_in_bank(now):
    load_builtin_bank(now=now)
    contests = [make_contest(rules=template_rules(code), slug=code) for code in TEMPLATES]
    problems = {}
    for contest in contests:
        count = template_rules(contest.slug).paper.question_count
        round_ = make_round(contest, questions=[], frozen=False, blueprint=[line("", "", count)])
        problems[contest.slug] = check_blueprint(round_=round_).problems
    assert problems == dict.fromkeys(TEMPLATES, ())
