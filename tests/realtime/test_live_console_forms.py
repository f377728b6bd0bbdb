"""Forms of the builder: every value of the rules round-trips, the quick editor writes what was typed, faults stand beside
their fields."""

from __future__ import annotations

from dataclasses import fields, replace
from http import HTTPStatus
from typing import Any

import pytest

from quizbank.models import Question
from realtime.domain.events import rules_of
from realtime.enums import Mode, Play, Stakes
from realtime.forms.questions import QuickForm, quick_initial
from realtime.forms.rules import GROUPS, EventRulesForm
from realtime.rules import BellRules, EventRules, TeamRules, preset
from tests.factories import make_question, make_questions, make_topics, single_draft
from tests.realtime.live_desk import House, filled, make_house, page, signed_in

pytestmark = pytest.mark.django_db

ODD = {
    Mode.RACE: replace(
        preset(Mode.RACE), scoring="kahoot", points=500, bets=True, seconds=45, read_seconds=7, auto_reveal=False,
        auto_next_seconds=12, board_every=3, board_rows=25, explain=False, late_join="zero", guests=False, names="real",
        capacity=800, join="pattern", spectators=False, tie_by_time=False, option_order="player",
    ),
    Mode.TEAM: replace(preset(Mode.TEAM), team=TeamRules(by="captain", score="best", best_k=4, size=8)),
    Mode.BELL: replace(
        preset(Mode.BELL),
        bell=BellRules(
            seats=60, reserves=12, rescue_from=20, quota_k=3, quota_by_unit=False, teacher_rescues=2, lifeline=False,
            lifeline_seconds=45, finish="last_standing", all_out="end", extra=1, ghosts=False, marshal=True,
        ),
    ),
}  # fmt: skip


@pytest.fixture
def house() -> House:
    return make_house()


# --- rules -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("odd", [False, True])
def test_every_value_of_the_rules_comes_back_from_the_form(mode: Mode, odd: bool) -> None:
    rules = ODD[mode] if odd else preset(mode)
    form = EventRulesForm(filled(EventRulesForm(base=rules)), base=preset(mode))
    assert form.is_valid(), form.errors
    assert form.rules == rules


@pytest.mark.parametrize("mode", list(Mode))
def test_every_field_of_the_rules_has_a_place_on_the_page(mode: Mode) -> None:
    form = EventRulesForm(base=preset(mode))
    parts = {"team": TeamRules, "bell": BellRules}
    wanted = {one.name for one in fields(EventRules)} - {"mode", *parts}
    if mode in parts:
        wanted |= {f"{mode}_{one.name}" for one in fields(parts[mode])}
    shown = [bound.name for _heading, bounds in form.groups() for bound in bounds]
    assert sorted(shown) == sorted(wanted)
    assert len({str(heading) for heading, _names in GROUPS}) == len(GROUPS)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_forms_limits_are_those_of_the_rules(mode: Mode) -> None:
    form, parts = EventRulesForm(base=preset(mode)), {"team": TeamRules, "bell": BellRules}
    homes: list[tuple[str, Any]] = [("", EventRules), *([(f"{mode}_", parts[mode])] if mode in parts else [])]
    for prefix, home in homes:
        for one in fields(home):
            if "min" in one.metadata:
                field = form.fields[f"{prefix}{one.name}"]
                assert (field.min_value, field.max_value) == (one.metadata["min"], one.metadata["max"]), one.name


def test_a_contradiction_stands_beside_its_field_and_nothing_is_stored(house: House) -> None:
    event, client = house.event("bell", lobby=False), signed_in(house.host)
    before = rules_of(event)
    sent = filled(EventRulesForm(base=before)) | {"bell_reserves": "10", "bell_rescue_from": "0"}
    reply = client.post(page(event, "the-le/"), sent)
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert reply.context["form"].errors["bell_rescue_from"]
    event.refresh_from_db()
    assert rules_of(event) == before


def test_saved_rules_are_stored_and_the_text_follows_the_entries(house: House) -> None:
    event, client = house.event(lobby=False), signed_in(house.host)
    sent = filled(EventRulesForm(base=rules_of(event))) | {"seconds": "33"}
    assert "33" in client.post(page(event, "the-le/xem/"), sent).content.decode()
    event.refresh_from_db()
    assert rules_of(event).seconds != 33
    assert client.post(page(event, "the-le/"), sent).status_code == HTTPStatus.FOUND
    event.refresh_from_db()
    assert rules_of(event).seconds == 33
    assert "Chưa ghép được thể lệ" in client.post(page(event, "the-le/xem/"), sent | {"seconds": "1"}).content.decode()


# --- the quick editor --------------------------------------------------------------------------------------------------


CHOICE = {
    "what": "choice", "topic": "nhan-thuc", "stem": "Ngày nào?", "option_0": "10/10", "option_1": "3/6", "right_0": "on",
}  # fmt: skip
KINDS = [
    (CHOICE, "single", {"right": "A"}, Play.QUIZ),
    (CHOICE | {"option_2": "9/9", "right_2": "on"}, "multiple", {"right": ["A", "C"], "scheme": "exact"}, Play.QUIZ),
    (CHOICE | {"option_0": "", "right_0": "", "option_3": "9/9", "right_3": "on"}, "single", {"right": "B"}, Play.QUIZ),
    (CHOICE | {"what": "boolean", "right_bool": "F"}, "boolean", {"right": False}, Play.QUIZ),
    (CHOICE | {"what": "number", "value": "1.234,5"}, "numeric", {"value": "1234.5", "tolerance": "0"}, Play.QUIZ),
    (CHOICE | {"what": "closest", "value": "12.000"}, "numeric", {"value": "12000", "tolerance": "0"}, Play.CLOSEST),
    (CHOICE | {"what": "words", "accept": "Dữ liệu\n\nData"}, "short", {"accept": ["Dữ liệu", "Data"]}, Play.QUIZ),
    (CHOICE | {"what": "poll", "right_0": ""}, "single", {"right": "A"}, Play.POLL),
    (CHOICE | {"what": "cloud"}, "short", {"accept": ["–"]}, Play.CLOUD),
]


@pytest.mark.parametrize(("sent", "kind", "key", "play"), KINDS)
def test_the_quick_editor_writes_what_was_typed(
    house: House, sent: dict[str, str], kind: str, key: dict[str, Any], play: Play
) -> None:
    make_topics()
    event, client = house.event(lobby=False, questions=0), signed_in(house.host)
    more = {"seconds": "25", "points": "800", "practice": "on", "more": "1"}
    reply = client.post(page(event, "cau-hoi/soan/"), sent | more)
    assert reply["Location"] == page(event, "cau-hoi/soan/"), reply.content.decode()
    row = event.questions.get()
    assert (row.version.kind, row.version.key, row.play) == (kind, key, play)
    assert (row.seconds, row.points, row.practice, row.extra) == (25, 800, True, False)
    assert (row.version.question.author, row.version.question.state) == (house.host, "draft")


@pytest.mark.parametrize(("sent", "kind", "key", "play"), KINDS)
def test_what_was_written_comes_back_into_the_editor(
    house: House, sent: dict[str, str], kind: str, key: dict[str, Any], play: Play
) -> None:
    make_topics()
    event, client = house.event(lobby=False, questions=0), signed_in(house.host)
    client.post(page(event, "cau-hoi/soan/"), sent)
    row = event.questions.get()
    form = QuickForm(mode=event.mode, initial=quick_initial(row.version, row.play))
    reply = client.post(page(event, f"cau-hoi/{row.pk}/"), filled(form))
    assert reply.status_code == HTTPStatus.FOUND, reply.content.decode()
    row.refresh_from_db()
    assert (row.version.kind, row.version.key, row.play, row.version.number) == (kind, key, play, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stem": " "}, "stem"),
        ({"option_1": ""}, "option_0"),
        ({"right_0": ""}, "option_0"),
        ({"option_1": " 10/10"}, "option_0"),
        ({"what": "number", "value": "mười"}, "value"),
        ({"what": "words", "accept": " \n "}, "accept"),
        ({"seconds": "1"}, "seconds"),
        ({"topic": "khac"}, "topic"),
    ],
)
def test_a_fault_stands_beside_its_field(house: House, change: dict[str, str], field: str) -> None:
    make_topics()
    event, client = house.event(lobby=False, questions=0), signed_in(house.host)
    reply = client.post(page(event, "cau-hoi/soan/"), CHOICE | change)
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert reply.context["form"].errors[field]
    assert not event.questions.exists()
    assert not Question.objects.filter(author=house.host).exists()


# --- the running order ------------------------------------------------------------------------------------------------


def stems(event: Any) -> list[str]:
    return list(event.questions.order_by("position").values_list("version__stem", flat=True))


def test_questions_move_by_buttons_by_dragging_and_leave(house: House) -> None:
    event, client = house.event(lobby=False), signed_in(house.host)
    first, second, third = stems(event)
    rows = list(event.questions.order_by("position"))
    client.post(page(event, "cau-hoi/thu-tu/"), {"down": rows[0].pk})
    assert stems(event) == [second, first, third]
    client.post(page(event, "cau-hoi/thu-tu/"), {"up": rows[2].pk})
    assert stems(event) == [second, third, first]
    order = ",".join(str(row.pk) for row in rows)
    assert client.post(page(event, "cau-hoi/thu-tu/"), {"order": order}).status_code == HTTPStatus.NO_CONTENT
    assert stems(event) == [first, second, third]
    for wrong in ("", "1,2", f"{order},{rows[0].pk}"):
        reply = client.post(page(event, "cau-hoi/thu-tu/"), {"order": wrong})
        assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post(page(event, "cau-hoi/thu-tu/"), {"remove": rows[1].pk})
    assert stems(event) == [first, third]


def test_the_bank_is_searched_without_accents_and_added_once(house: House) -> None:
    event, client = house.event(lobby=False, questions=0), signed_in(house.host)
    wanted = make_question(single_draft("Chữ ký số dùng để làm gì?"))
    make_question(single_draft("Câu khác hẳn?"))
    make_question(single_draft("Chữ ký nháp?"), approved=False)
    body = client.get(page(event, "cau-hoi/chon/?q=chu ky")).content.decode()
    assert "Chữ ký số dùng để làm gì?" in body
    assert "Câu khác hẳn?" not in body
    assert "Chữ ký nháp?" not in body
    assert "Chưa thấy câu nào như vậy" in client.get(page(event, "cau-hoi/chon/?q=zzz")).content.decode()
    assert wanted.current is not None
    client.post(page(event, "cau-hoi/chon/?q=chu ky"), {"version": [wanted.current.pk, wanted.current.pk, "x", "999"]})
    assert stems(event) == ["Chữ ký số dùng để làm gì?"]


def test_another_hosts_draft_is_not_taken(house: House) -> None:
    event, client = house.event(lobby=False, questions=0), signed_in(house.host)
    draft = make_question(single_draft("Câu nháp của người khác?"), approved=False)
    assert draft.current is not None
    client.post(page(event, "cau-hoi/chon/"), {"version": [draft.current.pk]})
    assert not event.questions.exists()


def test_the_table_adds_what_was_asked_and_says_what_is_missing(house: House) -> None:
    event, client = house.event(lobby=False, questions=0), signed_in(house.host)
    make_questions(4)
    assert client.post(page(event, "cau-hoi/co-cau/"), {"o_0_10_3": "3"}).status_code == HTTPStatus.FOUND
    assert event.questions.count() == 3
    reply = client.post(page(event, "cau-hoi/co-cau/"), {"o_0_10_3": "5"})
    assert (reply.status_code, "còn thiếu" in reply.content.decode()) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert client.post(page(event, "cau-hoi/co-cau/"), {"o_0_10_3": "x"}).status_code == 422
    assert client.post(page(event, "cau-hoi/co-cau/"), {}).status_code == 422
    assert event.questions.count() == 3


def test_a_bank_question_keeps_its_words_and_takes_its_own_settings(house: House) -> None:
    event, client = house.event("bell", lobby=False, questions=1), signed_in(house.host)
    row = event.questions.get()
    assert "không sửa chữ ở đây" in client.get(page(event, f"cau-hoi/{row.pk}/")).content.decode()
    sent = {"seconds": "40", "points": "", "stakes": "safe", "play": "poll", "extra": "on"}
    assert client.post(page(event, f"cau-hoi/{row.pk}/"), sent).status_code == HTTPStatus.FOUND
    row.refresh_from_db()
    assert (row.seconds, row.points, row.stakes, row.play, row.extra) == (40, None, Stakes.SAFE, Play.POLL, True)
    assert client.post(page(event, f"cau-hoi/{row.pk}/"), sent | {"play": "cloud"}).status_code == 422
    assert client.get(page(event, "cau-hoi/999999/")).status_code == HTTPStatus.NOT_FOUND


def test_once_it_runs_nothing_can_be_rearranged(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    type(event).objects.filter(pk=event.pk).update(phase="open")
    row = event.questions.first()
    for rest, sent in (
        ("cau-hoi/thu-tu/", {"remove": row.pk}),
        ("cau-hoi/lam-giup/", {"minutes": "10"}),
        (f"cau-hoi/{row.pk}/", {"seconds": "40"}),
        ("the-le/", filled(EventRulesForm(base=rules_of(event)))),
    ):
        assert client.post(page(event, rest), sent).status_code == HTTPStatus.CONFLICT, rest
    assert event.questions.count() == 3
    assert "không sửa được nữa" in client.get(page(event, "cau-hoi/")).content.decode()
