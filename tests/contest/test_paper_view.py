"""The paper as plain forms: what is shown, what is saved, what is refused, and that no key is anywhere."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from contest.arrivals import now_utc, to_ms
from contest.domain.attempts import submit_attempt, take_over
from contest.enums import AttemptState
from contest.models import AnswerEvent, Attempt
from contest.queries.papers import forget_papers
from people.models import Resident
from tests.contest.pages import (
    browser_of,
    every_kind,
    listed_round,
    page_rules,
    person,
    questions_of,
    right_answers,
    shift,
    sit,
)

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    forget_papers()


@pytest.fixture
def an() -> Resident:
    return person("Trần Văn An")


@pytest.fixture
def phone(an: Resident) -> Client:
    return browser_of(an)


def page(attempt: Attempt, step: str = "") -> str:
    url = reverse("contest:attempt", args=[attempt.public_id])
    return f"{url}?c={step}" if step else url


def save(client: Client, attempt: Attempt, position: int, **fields: object) -> object:
    return client.post(reverse("contest:save", args=[attempt.public_id]), {"p": position, **fields})


def stored(attempt: Attempt) -> dict[int, str]:
    rows = AnswerEvent.objects.filter(attempt=attempt).order_by("position", "seq")
    return dict(rows.values_list("position", "response"))


def of_kind(attempt: Attempt, kind: str) -> int:
    return next(one.position for one in questions_of(attempt) if one.kind == kind)


def test_paper_shows_every_kind_one_question_in_sight(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(questions=every_kind()), an, phone)
    html = phone.get(page(attempt, "2")).content.decode()
    assert html.count("data-question ") == 7
    in_sight = re.findall(r'<section class="question[^>]*data-step="([^"]+)"(?![^>]* hidden)[^>]*>', html)
    assert in_sight == ["2"]
    assert "Trần Văn An" in html


def test_saving_a_choice_stores_it_and_goes_on(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    option = questions_of(attempt)[0].shown.options[2]
    response = save(phone, attempt, 0, a=option.id, go="next")
    assert response["Location"] == page(attempt, "2")  # type: ignore[index]
    assert questions_of(attempt)[0].saved == option.id
    html = phone.get(page(attempt, "1")).content.decode()
    assert re.search(rf'value="{option.id}" checked', html)


def test_every_kind_can_be_answered_by_form(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(questions=every_kind()), an, phone)
    for one in questions_of(attempt):
        fields: dict[str, object] = {"go": "next"}
        match one.kind:
            case "single" | "boolean":
                fields["a"] = one.shown.options[0].id
            case "multiple":
                fields["a"] = [one.shown.options[0].id, one.shown.options[1].id]
            case "numeric":
                fields["a"] = "34"
            case "short":
                fields["a"] = " vneid "
            case "ordering":
                places = zip(one.shown.options, ("2", "3", "1"), strict=True)
                fields |= {f"o_{option.id}": place for option, place in places}
            case "matching":
                fields |= {"m_0": one.shown.targets[1].id, "m_1": ""}
        save(phone, attempt, one.position, **fields)
    saved = {one.kind: one.saved for one in questions_of(attempt)}
    shown = {one.kind: one.shown for one in questions_of(attempt)}
    assert saved["numeric"] == "34"
    assert saved["short"] == "vneid"
    assert saved["ordering"] == [shown["ordering"].options[place].id for place in (2, 0, 1)]
    assert saved["matching"] == [shown["matching"].targets[1].id, ""]
    assert set(saved["multiple"]) == {option.id for option in shown["multiple"].options[:2]}
    assert len(stored(attempt)) == 7


def test_absent_field_changes_nothing_and_only_clear_clears(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    save(phone, attempt, 0, a=questions_of(attempt)[0].shown.options[1].id)
    before = stored(attempt)
    save(phone, attempt, 0, go="next")
    assert stored(attempt) == before
    save(phone, attempt, 0, clear="1")
    assert stored(attempt) == {0: ""}
    assert not questions_of(attempt)[0].answered


def test_the_later_form_wins_whatever_page_it_came_from(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    first, second = questions_of(attempt)[0].shown.options[:2]
    save(phone, attempt, 0, a=first.id)
    save(phone, attempt, 0, a=second.id)
    save(phone, attempt, 0, a=first.id)
    assert questions_of(attempt)[0].saved == first.id


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("single", {"a": "0000dead"}),
        ("numeric", {"a": "ba mươi tư"}),
        ("short", {"a": "x" * 121}),
        ("matching", {"m_0": "nothing"}),
    ],
)
def test_answers_that_do_not_fit_are_refused_kindly(
    an: Resident, phone: Client, kind: str, fields: dict[str, str]
) -> None:
    attempt = sit(listed_round(questions=every_kind()), an, phone)
    response = save(phone, attempt, of_kind(attempt, kind), go="next", **fields)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY  # type: ignore[attr-defined]
    assert 'role="alert"' in response.content.decode()  # type: ignore[attr-defined]
    assert stored(attempt) == {}


def test_an_order_with_a_place_twice_is_refused(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(questions=every_kind()), an, phone)
    position = of_kind(attempt, "ordering")
    places = {f"o_{option.id}": "1" for option in questions_of(attempt)[position].shown.options}
    response = save(phone, attempt, position, **places)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY  # type: ignore[attr-defined]
    assert "Mỗi vị trí chỉ dùng một lần" in response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("position", ["", "-1", "99", "a", "٣"])
def test_unknown_positions_are_refused(an: Resident, phone: Client, position: str) -> None:
    attempt = sit(listed_round(), an, phone)
    response = phone.post(reverse("contest:save", args=[attempt.public_id]), {"p": position, "a": "x"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert stored(attempt) == {}


def test_flags_survive_without_javascript(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    save(phone, attempt, 1, flag="1")
    assert re.search(r'data-go="2"[^>]*data-flag', phone.get(page(attempt)).content.decode())
    save(phone, attempt, 1, flag="1")
    assert not re.search(r'data-go="2"[^>]*data-flag', phone.get(page(attempt)).content.decode())


def test_prediction_is_a_page_of_the_paper(an: Resident, phone: Client) -> None:
    asked = {"target": "all_correct", "asked": "on_paper", "required": True, "role": "tie_break"}
    rules = page_rules(prediction=asked, ranking={"keys": ["points", "prediction_distance", "duration"]})
    attempt = sit(listed_round(rules=rules), an, phone)
    url = reverse("contest:predict", args=[attempt.public_id])
    refused = phone.post(url, {"prediction": "nhiều lắm"}, **JSON)  # type: ignore[arg-type]
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert refused.json()["code"] == "bad_prediction"
    assert phone.post(url, {"prediction": "1.204"})["Location"] == page(attempt, "nop")
    attempt.refresh_from_db()
    assert attempt.prediction == 1204
    assert 'value="1.204"' in phone.get(page(attempt, "du-doan")).content.decode()


def test_handing_in_lists_what_is_missing_and_closes_once(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    save(phone, attempt, 0, a=questions_of(attempt)[0].shown.options[0].id)
    html = phone.get(page(attempt, "nop")).content.decode()
    listed = html[html.index("data-finish-missing") : html.index("data-finish-flagged")]
    assert re.findall(r'data-go="(\d+)"', listed) == ["2", "3"]
    url, result = (reverse(f"contest:{name}", args=[attempt.public_id]) for name in ("submit", "result"))
    assert phone.post(url)["Location"] == result
    attempt.refresh_from_db()
    assert (attempt.state, attempt.answered) == (AttemptState.SUBMITTED, 1)
    again = phone.post(url, follow=True)
    assert "Kết quả không thay đổi" in again.content.decode()
    submitted_at = attempt.submitted_at
    attempt.refresh_from_db()
    assert attempt.submitted_at == submitted_at


def test_the_script_hands_in_all_answers_again(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    answers = [[one.position, one.seq, one.response] for one in right_answers(attempt)]
    url = reverse("contest:submit", args=[attempt.public_id])
    response = phone.post(url, {"answers": json.dumps(answers)}, **JSON)  # type: ignore[arg-type]
    assert response.json() == {"url": reverse("contest:result", args=[attempt.public_id])}
    attempt.refresh_from_db()
    assert attempt.answered == 3


@pytest.mark.parametrize(
    "answers", ["{", "{}", "[[1,2]]", '[["0",1,"x"]]', "[" * 5000, json.dumps([[0, 1, "0000dead"]])]
)
def test_malformed_answers_leave_the_paper_open(an: Resident, phone: Client, answers: str) -> None:
    attempt = sit(listed_round(), an, phone)
    url = reverse("contest:submit", args=[attempt.public_id])
    response = phone.post(url, {"answers": answers}, **JSON)  # type: ignore[arg-type]
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.json()["code"] == "bad_answer"
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN


def test_rules_that_want_every_answer_send_back_to_the_list(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(rules=page_rules(paper={"require_all_answered": True})), an, phone)
    response = phone.post(reverse("contest:submit", args=[attempt.public_id]), follow=True)
    assert response.redirect_chain[-1][0] == page(attempt, "nop")
    assert "phải trả lời đủ" in response.content.decode()


def test_late_forms_are_refused_and_lead_to_the_result(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    option = questions_of(attempt)[0].shown.options[0]
    shift(attempt, -timedelta(minutes=11))
    result = reverse("contest:result", args=[attempt.public_id])
    assert save(phone, attempt, 0, a=option.id)["Location"] == result  # type: ignore[index]
    assert stored(attempt) == {}
    assert phone.get(page(attempt))["Location"] == result
    submitted = phone.post(reverse("contest:submit", args=[attempt.public_id]), **JSON)  # type: ignore[arg-type]
    assert submitted.json() == {"url": result}
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


def test_inside_the_grace_a_form_is_still_taken(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(rules=page_rules(time={"minutes": 10, "grace_seconds": 60})), an, phone)
    option = questions_of(attempt)[0].shown.options[0]
    shift(attempt, -timedelta(minutes=10, seconds=5))
    save(phone, attempt, 0, a=option.id)
    assert len(stored(attempt)) == 1


def test_a_second_device_must_take_the_paper_over(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    option = questions_of(attempt)[0].shown.options[0]
    tablet = browser_of(an)
    assert "Làm tiếp trên máy này" in tablet.get(page(attempt)).content.decode()
    refused = save(tablet, attempt, 0, a=option.id)
    assert refused.status_code == HTTPStatus.CONFLICT  # type: ignore[attr-defined]
    tablet.post(reverse("contest:take_over", args=[attempt.public_id]))
    save(tablet, attempt, 0, a=option.id)
    assert len(stored(attempt)) == 1
    # The phone is told, by form and by script, and may take it back.
    assert save(phone, attempt, 1, a=option.id).status_code == HTTPStatus.CONFLICT  # type: ignore[attr-defined]
    state = phone.get(reverse("contest:attempt_state", args=[attempt.public_id])).json()
    assert state["code"] == "moved"
    moved = phone.post(reverse("contest:submit", args=[attempt.public_id]), **JSON)  # type: ignore[arg-type]
    assert (moved.status_code, moved.json()["code"]) == (HTTPStatus.CONFLICT, "moved")
    phone.post(reverse("contest:take_over", args=[attempt.public_id]))
    assert phone.get(page(attempt)).status_code == HTTPStatus.OK


def test_submitted_elsewhere_says_so(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    there = take_over(attempt=Attempt.objects.get(pk=attempt.pk), now=now_utc())
    submit_attempt(attempt=there, lease=there.lease, received_at=now_utc())
    response = phone.post(reverse("contest:submit", args=[attempt.public_id]), follow=True)
    assert "trên thiết bị khác. Kết quả không thay đổi." in response.content.decode()


def test_state_tells_the_servers_clock(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    state = phone.get(reverse("contest:attempt_state", args=[attempt.public_id])).json()
    assert state["code"] == "open"
    assert state["deadline"] == to_ms(attempt.deadline)
    assert abs(state["server_now"] - to_ms(now_utc())) < 5000


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("attempt", "get"),
        ("attempt_state", "get"),
        ("save", "post"),
        ("predict", "post"),
        ("submit", "post"),
        ("take_over", "post"),
        ("result", "get"),
        ("result_state", "get"),
        ("review", "get"),
        ("unit_place", "get"),
        ("predict_after", "post"),
    ],
)
def test_nobody_reaches_another_persons_paper(an: Resident, phone: Client, name: str, method: str) -> None:
    attempt = sit(listed_round(), an, phone)
    url = reverse(f"contest:{name}", args=[attempt.public_id])
    stranger = browser_of(person("Lê Thị Bé"))
    assert getattr(stranger, method)(url).status_code == HTTPStatus.NOT_FOUND
    anonymous = getattr(browser_of(), method)(url)
    assert anonymous.status_code == HTTPStatus.FOUND
    assert anonymous["Location"].startswith(reverse("people:signup"))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.lease) == (AttemptState.OPEN, 1)


@pytest.mark.parametrize("questions", [1, 3])
def test_the_paper_costs_the_same_however_long(
    an: Resident, phone: Client, questions: int, django_assert_num_queries: object
) -> None:
    attempt = sit(listed_round(questions=questions), an, phone)
    for one in questions_of(attempt):
        save(phone, attempt, one.position, a=one.shown.options[0].id)
    phone.get(page(attempt))
    with django_assert_num_queries(4):  # type: ignore[operator]  # session, account, paper, answers
        phone.get(page(attempt))


def test_pages_of_a_paper_are_never_stored(an: Resident, phone: Client) -> None:
    attempt = sit(listed_round(), an, phone)
    assert "no-store" in phone.get(page(attempt))["Cache-Control"]
