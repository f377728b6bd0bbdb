"""The rules as a form: what is not touched stays, what is wrong is said beside its field, JSON is never shown."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.contests import current_rules
from contest.forms.round import CellTable, spread
from contest.forms.rules import RulesForm
from contest.rules import RuleSet
from contest.rules.templates import TEMPLATES
from quizbank.models import Topic
from tests.contest.desk import Desk, filled, make_desk, page, signed_in
from tests.factories import make_contest, make_rules


def bound(rules: RuleSet, **changes: object) -> RulesForm:
    data = QueryDict(mutable=True)
    for name, value in (filled(rules) | changes).items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None:
            data[name] = str(value)
    return RulesForm(data, base=rules)


@pytest.mark.parametrize("code", TEMPLATES)
def test_what_is_not_touched_stays(code: str) -> None:
    rules = TEMPLATES[code].build()
    form = bound(rules)
    assert form.is_valid(), (form.errors, form.groups.errors, form.prizes.errors)
    assert form.rules == rules


def test_numbers_and_choices_go_where_they_belong() -> None:
    rules = make_rules()
    form = bound(
        rules, question_count=20, minutes="", attempts_limit=3, attempts_per="round", counting="best", min_age=14
    )
    assert form.is_valid(), form.errors
    changed = form.rules
    assert changed is not None
    assert (changed.paper.question_count, changed.time.minutes, changed.attempts.limit) == (20, None, 3)
    assert (changed.counting, changed.eligibility.min_age) == ("best", 14)
    assert changed.paper.by_topic == rules.paper.by_topic


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"attempts_limit": "3"}, "counting"),
        ({"key_1": "duration"}, "key_1"),
        ({"key_2": "points"}, "key_1"),
        ({"max_age": "10"}, "max_age"),
        ({"board": "frozen", "board_frozen_minutes": "0"}, "board_frozen_minutes"),
        ({"reveal_explanations": "at_submit"}, "reveal_explanations"),
        ({"reveal_score": "at_publish", "reveal_explanations": "at_publish"}, "board"),
        ({"prediction_role": "none", "key_2": "duration", "key_3": "", "key_4": ""}, ""),
        ({"question_count": "0"}, "question_count"),
        ({"question_count": "năm"}, "question_count"),
        ({"metric": "combined"}, "metric"),
    ],
)
def test_problems_stand_beside_their_field(changes: dict[str, str], field: str) -> None:
    form = bound(make_rules(), **changes)
    assert form.is_valid() is (not field)
    assert list(form.errors) == ([field] if field else [])
    for sentences in form.errors.values():
        for sentence in sentences:
            assert "{" not in sentence


def test_taking_the_prediction_away_takes_what_hangs_on_it() -> None:
    form = bound(make_rules(), prediction_target="none")
    assert form.is_valid(), form.errors
    assert form.rules is not None
    assert "prediction_distance" not in form.rules.ranking.keys
    assert (form.rules.prediction.role, form.rules.prediction.required) == ("none", False)


def test_prizes_are_struck_out_added_and_judged_on_their_line() -> None:
    rules = make_rules()
    last = len(rules.prizes.items)
    row = {"name": "Giải Phong trào", "scope": "round", "rank_from": "4", "rank_to": "9", "value_vnd": "1.200.000 đ"}
    sent = {f"prizes-{last}-{name}": value for name, value in row.items()}
    form = bound(rules, **sent, **{"prizes-2-DELETE": "on"})
    assert form.is_valid(), form.prizes.errors
    assert form.rules is not None
    names = [prize.name for prize in form.rules.prizes.items]
    assert ("Giải Phong trào" in names, len(names)) == (True, last)
    assert next(prize for prize in form.rules.prizes.items if prize.name == "Giải Phong trào").value_vnd == 1_200_000
    backwards = bound(rules, **sent | {f"prizes-{last}-rank_to": "3"})
    assert not backwards.is_valid()
    assert list(backwards.prizes.forms[last].errors) == ["rank_to"]


def test_groups_are_switched_off_with_their_banks_and_prizes_say_what_is_missing() -> None:
    form = bound(TEMPLATES["two-groups"].build(), groups_on=None)
    assert not form.is_valid()
    assert form.errors == {}
    assert any("group" in errors for errors in form.prizes.errors)


def test_a_new_group_gets_a_code_from_its_name() -> None:
    rules = make_rules()
    sent = {
        "groups_on": "on",
        "groups-0-name": "Đoàn viên, thanh niên",
        "groups-0-categories": ["student"],
        "groups-0-own_ranking": "on",
        "groups-1-name": "Người dân",
        "groups-1-own_ranking": "on",
    }
    form = bound(rules, **sent)
    assert form.is_valid(), (form.errors, form.groups.errors)
    assert form.rules is not None
    assert [(group.code, group.categories) for group in form.rules.groups] == [
        ("doan-vien-thanh-nien", ("student",)),
        ("nguoi-dan", ()),
    ]


# --- in the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def test_saving_rules_keeps_entries_when_refused_and_shows_no_json(desk: Desk) -> None:
    contest = make_contest(unit=desk.province)
    client = signed_in(desk.organizer)
    shown = client.get(page(contest, "the-le/")).content.decode()
    assert '"schema"' not in shown
    assert "Người dân sẽ đọc" in shown
    sent = filled(make_rules()) | {"question_count": "25", "attempts_limit": "3"}
    answer = client.post(page(contest, "the-le/"), sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    body = answer.content.decode()
    assert 'value="25"' in body
    assert "“Lượt duy nhất” chỉ dùng được khi mỗi người có đúng 1 lượt thi." in body
    assert current_rules(contest).data["paper"]["question_count"] == 15
    fine = client.post(page(contest, "the-le/"), sent | {"attempts_limit": "1"})
    assert fine.status_code == HTTPStatus.FOUND
    assert current_rules(contest).data["paper"]["question_count"] == 25


def test_the_preview_writes_the_text_and_stores_nothing(desk: Desk) -> None:
    contest = make_contest(unit=desk.province)
    client = signed_in(desk.organizer)
    address = page(contest, "the-le/xem-truoc/")
    before = current_rules(contest).digest
    body = client.post(address, filled(make_rules()) | {"question_count": "25"}).content.decode()
    assert "Mỗi đề có 25 câu hỏi" in body or "25 câu" in body
    wrong = client.post(address, filled(make_rules()) | {"attempts_limit": "3"}).content.decode()
    assert "Chưa ghép được thể lệ" in wrong
    assert current_rules(contest).digest == before


# --- the paper as a table -------------------------------------------------------------------------------------------


def table(*groups: tuple[str, str]) -> CellTable:
    return CellTable([Topic(slug="a", name_vi="A"), Topic(slug="b", name_vi="B")], groups)


CELLS = st.lists(
    st.fixed_dictionaries(
        {
            "topic": st.sampled_from(["a", "b", ""]),
            "difficulty": st.sampled_from(["easy", "medium", "hard", ""]),
            "count": st.integers(1, 200),
            "group": st.sampled_from(["", "can-bo"]),
        }
    ),
    unique_by=lambda line: (line["topic"], line["difficulty"], line["group"]),
)


@given(CELLS)
def test_a_blueprint_survives_the_table(blueprint: list[dict[str, object]]) -> None:
    shown = table(("can-bo", "Cán bộ")).fill(blueprint)
    typed = {cell.name: str(cell.need or "") for cell in shown.cells()}
    read = table(("can-bo", "Cán bộ")).read(typed).blueprint()

    def key(line: dict[str, object]) -> tuple[str, ...]:
        return str(line["group"]), str(line["topic"]), str(line["difficulty"])

    assert sorted(read, key=key) == sorted(blueprint, key=key)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["easy", "medium", "hard"])), st.integers(0, 30)
    ),
    st.integers(1, 40),
)
def test_the_proposal_never_asks_for_more_than_there_is(counts: dict[tuple[str, str], int], wanted: int) -> None:
    stock = Counter(counts)
    lines = spread(stock, ["a", "b", "c"], wanted)
    assert all(line["count"] <= stock[line["topic"], line["difficulty"]] for line in lines)
    assert sum(line["count"] for line in lines) == min(wanted, stock.total())
