"""The pages around a contest: who sees what in which state, and that the door says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contest.arrivals import now_utc
from contest.domain.attempts import submit_attempt
from contest.enums import EntryStatus
from contest.models import Attempt, Contest, Entry, Round
from people.domain.residents import withdraw_consent
from people.enums import Purpose
from people.models import Resident
from tests.contest.pages import HOUR, another_round, browser_of, finished, listed_round, page_rules, person, sit
from tests.factories import make_contest, make_user

pytestmark = pytest.mark.django_db

STATES: dict[str, Callable[[Round], None]] = {
    "draft": lambda r: _change(r, frozen_at=None),
    "scheduled": lambda r: _change(r, opens_at=now_utc() + HOUR, closes_at=now_utc() + 2 * HOUR),
    "open": lambda r: None,
    "closing": lambda r: _change(r, opens_at=now_utc() - 2 * HOUR, closes_at=now_utc() - HOUR),
    "review": lambda r: _change(r, closes_at=now_utc() - timedelta(minutes=9), closed_at=now_utc()),
    "published": lambda r: _change(
        r, closes_at=now_utc() - timedelta(minutes=9), closed_at=now_utc(), published_at=now_utc()
    ),
    "cancelled": lambda r: _change(r, cancelled_at=now_utc()),
}


def _change(round_: Round, **fields: object) -> None:
    Round.objects.filter(pk=round_.pk).update(**fields)


def url(name: str, *args: object) -> str:
    return reverse(f"contest:{name}", args=args)


@pytest.fixture
def round_() -> Round:
    return listed_round(slug="thi")


@pytest.fixture
def an() -> Resident:
    return person("Trần Văn An")


@pytest.mark.parametrize("state", STATES)
def test_every_page_opens_for_everybody_in_every_state(round_: Round, an: Resident, state: str) -> None:
    attempt = sit(round_, an)
    STATES[state](round_)
    account = Client()
    account.force_login(make_user("Chưa Hồ Sơ"), backend="django.contrib.auth.backends.ModelBackend")
    pages = [
        url("home"),
        url("contest", "thi"),
        url("rules", "thi"),
        url("qr", "thi"),
        url("round", "thi", 1),
        url("board", "thi"),
        f"{url('board', 'thi')}?bang=don-vi&vong=1",
    ]
    for client in (browser_of(), account, browser_of(an)):
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, HTTPStatus.OK)
    own = browser_of(an)
    for name in ("attempt", "result", "review"):
        assert own.get(url(name, attempt.public_id), follow=True).status_code == HTTPStatus.OK


def test_home_sorts_contests_by_what_they_are_now(round_: Round) -> None:
    for slug, state in (("sap", "scheduled"), ("xong", "published")):
        other = listed_round(slug=slug, questions=1)
        Contest.objects.filter(slug=slug).update(title=f"Cuộc thi {slug}")
        STATES[state](other)
    html = browser_of().get(url("home")).content.decode()
    places = [html.index(f'id="{heading}"') for heading in ("running", "coming", "past")]
    assert places == sorted(places)
    assert html.index("Cuộc thi sap") > places[1]
    assert html.index("Cuộc thi xong") > places[2]


def test_home_says_kindly_that_there_is_nothing() -> None:
    assert "Chưa có cuộc thi nào đang mở" in browser_of().get(url("home")).content.decode()


def test_home_shows_the_paper_in_hand(round_: Round, an: Resident) -> None:
    attempt = sit(round_, an)
    assert url("attempt", attempt.public_id) in browser_of(an).get(url("home")).content.decode()
    assert url("attempt", attempt.public_id) not in browser_of(person("Lê Thị Bé")).get(url("home")).content.decode()


def test_unlisted_contests_do_not_exist_for_visitors() -> None:
    contest = make_contest(slug="kin", listed_at=None)
    another_round(contest)
    for page in (
        url("contest", "kin"),
        url("rules", "kin"),
        url("qr", "kin"),
        url("round", "kin", 1),
        url("board", "kin"),
    ):
        assert browser_of().get(page).status_code == HTTPStatus.NOT_FOUND
    assert contest.title not in browser_of().get(url("home")).content.decode()


def test_unknown_rounds_are_not_found(round_: Round) -> None:
    assert browser_of().get(url("round", "thi", 9)).status_code == HTTPStatus.NOT_FOUND
    assert browser_of().get(f"{url('board', 'thi')}?vong=9").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("state", ["cancelled", "closing", "review", "published"])
def test_who_comes_too_late_is_not_told_to_take_part(round_: Round, state: str) -> None:
    STATES[state](round_)
    html = browser_of().get(url("contest", "thi")).content.decode()
    assert "Ba bước" not in html
    assert "Người đầu tiên có thể là bạn" not in html


def test_rules_are_told_from_the_data(round_: Round) -> None:
    html = browser_of().get(url("rules", "thi")).content.decode()
    assert "3" in html
    assert "10 phút" in html
    assert round_.rule_set.digest[:12] in html
    assert "RuleSetVersion" not in html, "the footer shows the version of the site, not of the rules"


def test_the_qr_code_is_an_svg(round_: Round) -> None:
    response = browser_of().get(url("qr", "thi"))
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")


# --- the door of a round -------------------------------------------------------------------------------------------
def door(client: Client) -> str:
    return client.get(url("round", "thi", 1)).content.decode()


def test_a_stranger_is_sent_to_sign_up_and_comes_back(round_: Round) -> None:
    assert f"{reverse('people:signup')}?next={url('round', 'thi', 1)}" in door(browser_of())


def test_an_account_without_profile_completes_it_first(round_: Round) -> None:
    client = Client()
    client.force_login(make_user("Chưa Hồ Sơ"), backend="django.contrib.auth.backends.ModelBackend")
    assert f"{reverse('people:profile')}?next={url('round', 'thi', 1)}" in door(client)


def test_a_resident_sees_what_is_asked_and_may_start(round_: Round, an: Resident) -> None:
    html = door(browser_of(an))
    assert "Bắt đầu làm bài" in html
    assert 'type="checkbox" name="agree"' in html
    assert "Đồng hồ 10 phút chạy ngay" in html


def test_who_is_too_young_reads_why(an: Resident) -> None:
    listed_round(rules=page_rules(eligibility={"min_age": 80}))
    html = door(browser_of(an))
    assert "từ 80 tuổi trở lên" in html
    assert "Bắt đầu làm bài" not in html


def test_who_used_up_the_attempts_reads_how_many_and_finds_the_result(an: Resident) -> None:
    round_ = listed_round(rules=page_rules(attempts={"limit": 1, "per": "round"}, counting="only"))
    attempt = finished(round_, an)
    html = door(browser_of(an))
    assert "Bạn đã dùng hết 1 lượt" in html
    assert url("result", attempt.public_id) in html


def test_who_was_barred_reads_the_reason(round_: Round, an: Resident) -> None:
    sit(round_, an)
    Attempt.objects.all().delete()
    Entry.objects.update(status=EntryStatus.BARRED, status_reason="Người của ban tổ chức")
    html = door(browser_of(an))
    assert "Người của ban tổ chức" in html
    assert "Bắt đầu làm bài" not in html


def test_who_withdrew_consent_may_give_it_again(round_: Round, an: Resident) -> None:
    withdraw_consent(resident=an, purpose=Purpose.TAKE_PART, now=timezone.now())
    client = browser_of(an)
    consent = f"{reverse('people:consent')}?next="
    assert consent in door(client)
    assert client.post(url("start", "thi", 1), {"agree": "1"})["Location"].startswith(consent)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_door_costs_four_queries_however_many_papers(
    an: Resident, attempts: int, django_assert_num_queries: Callable[..., object]
) -> None:
    round_ = listed_round(rules=page_rules(attempts={"limit": 9, "per": "round"}))
    for _ in range(attempts):
        finished(round_, an)
    client = browser_of(an)
    door(client)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]  # session, account, round, person
        door(client)


@pytest.mark.parametrize("others", [1, 3])
def test_home_costs_the_same_however_many_contests(
    others: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(others):
        listed_round(slug=f"thi-{number}", questions=1)
    browser_of().get(url("home"))
    with django_assert_num_queries(2):  # type: ignore[attr-defined]  # contests, rounds
        browser_of().get(url("home"))


# --- starting ------------------------------------------------------------------------------------------------------
def test_starting_needs_the_tick_once(round_: Round, an: Resident) -> None:
    client = browser_of(an)
    refused = client.post(url("start", "thi", 1))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Attempt.objects.exists()
    started = client.post(url("start", "thi", 1), {"agree": "1"})
    attempt = Attempt.objects.get()
    assert started["Location"] == url("attempt", attempt.public_id)
    assert client.get(started["Location"]).status_code == HTTPStatus.OK
    assert 'type="hidden" name="agree"' not in door(client)  # a paper is in hand: the door leads to it
    assert url("attempt", attempt.public_id) in door(client)


def test_starting_twice_gives_the_same_paper(round_: Round, an: Resident) -> None:
    client = browser_of(an)
    first, second = (client.post(url("start", "thi", 1), {"agree": "1"})["Location"] for _ in range(2))
    assert first == second
    assert client.get(first).status_code == HTTPStatus.OK


def test_starting_is_for_residents_by_post(round_: Round, an: Resident) -> None:
    assert browser_of().post(url("start", "thi", 1))["Location"].startswith(reverse("people:signup"))
    assert browser_of(an).get(url("start", "thi", 1)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(
    ("state", "words"), [("scheduled", "Vòng thi mở lúc"), ("closing", "Vòng thi đã kết thúc"), ("cancelled", "")]
)
def test_a_shut_round_refuses_with_a_sentence(round_: Round, an: Resident, state: str, words: str) -> None:
    STATES[state](round_)
    response = browser_of(an).post(url("start", "thi", 1), {"agree": "1"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert words in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_second_attempt_needs_no_tick_again(round_: Round, an: Resident) -> None:
    attempt = sit(round_, an)
    submit_attempt(attempt=attempt, lease=attempt.lease, received_at=now_utc())
    assert 'type="hidden" name="agree"' in door(browser_of(an))
