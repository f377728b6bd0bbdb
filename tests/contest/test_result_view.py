"""The result: shown when the rules show it, scored here when nobody else has, and one's papers in one list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from contest.arrivals import now_utc
from contest.domain.scoring import score_round
from contest.enums import AttemptState, EntryStatus
from contest.models import Attempt, Entry
from people.models import Resident
from tests.contest.pages import browser_of, finished, listed_round, page_rules, person, shift, sit

pytestmark = pytest.mark.django_db


@pytest.fixture
def an() -> Resident:
    return person("Trần Văn An")


def result_of(resident: Resident, attempt: Attempt) -> str:
    response = browser_of(resident).get(reverse("contest:result", args=[attempt.public_id]))
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def test_score_and_rank_appear_without_a_worker(an: Resident) -> None:
    round_ = listed_round()
    finished(round_, person("Lê Thị Bé"), right=False)
    attempt = finished(round_, an)
    assert attempt.graded_at is None
    html = result_of(an, attempt)
    assert '<b class="gold num">3</b>' in html
    assert "3/3" in html
    attempt.refresh_from_db()
    assert (attempt.points_milli, attempt.correct, attempt.graded_by) == (3000, 3, 1)
    assert "Thứ hạng tạm thời" in result_of(an, attempt)


def test_ranks_count_everybody_scored(an: Resident) -> None:
    round_ = listed_round()
    slow, attempt = finished(round_, person("Lê Thị Bé"), right=False), finished(round_, an)
    score_round(round_id=round_.pk, now=now_utc())
    assert "trong 2 người" in result_of(an, attempt)
    assert '<b class="stat-value num">2</b>' in result_of(slow.entry.resident, slow)


def test_the_units_place_comes_with_the_score_and_not_before(an: Resident) -> None:
    attempt = finished(listed_round(), an)
    url = reverse("contest:unit_place", args=[attempt.public_id])
    result_of(an, attempt)
    place = browser_of(an).get(url).json()
    assert place == {"rank": "1", "total": "trong 1 đơn vị", "name": an.unit.name}
    hidden = page_rules(reveal={"score": "at_publish", "explanations": "at_publish", "board": "hidden"})
    kept = finished(listed_round(rules=hidden, slug="kin"), an)
    score_round(round_id=kept.round_id, now=now_utc())
    assert browser_of(an).get(reverse("contest:unit_place", args=[kept.public_id])).json() == {}


def test_the_score_waits_for_its_time(an: Resident) -> None:
    round_ = listed_round(
        rules=page_rules(reveal={"score": "at_publish", "explanations": "at_publish", "board": "hidden"})
    )
    attempt = finished(round_, an)
    score_round(round_id=round_.pk, now=now_utc())
    html = result_of(an, attempt)
    assert "Đã nhận bài" in html
    assert "khi ban tổ chức công bố kết quả" in html
    assert "gold num" not in html
    assert "Thứ hạng" not in html


def test_a_paper_in_hand_leads_back_to_it(an: Resident) -> None:
    attempt = sit(listed_round(), an)
    response = browser_of(an).get(reverse("contest:result", args=[attempt.public_id]))
    assert response["Location"] == reverse("contest:attempt", args=[attempt.public_id])


def test_time_over_is_closed_on_the_way_and_told(an: Resident) -> None:
    attempt = sit(listed_round(), an)
    shift(attempt, -timedelta(minutes=11))
    html = result_of(an, attempt)
    assert "Hết giờ. Bài của bạn đã được nộp với 0/3 câu đã trả lời." in html
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


def test_the_settling_seconds_are_waited_out(an: Resident) -> None:
    attempt = sit(listed_round(), an)
    shift(attempt, -timedelta(minutes=10, seconds=7))
    html = result_of(an, attempt)
    state = reverse("contest:result_state", args=[attempt.public_id])
    assert f'data-poll="{state}"' in html
    assert browser_of(an).get(state).json() == {"code": "closing"}
    shift(attempt, -timedelta(minutes=1))
    assert browser_of(an).get(state).json() == {"code": "grading"}
    result_of(an, attempt)
    assert browser_of(an).get(state).json() == {"code": "ready"}


def test_prediction_after_finishing_is_asked_once(an: Resident) -> None:
    asked = {"target": "participants", "asked": "after_finish", "required": False, "role": "tie_break"}
    rules = page_rules(prediction=asked, ranking={"keys": ["points", "prediction_distance", "duration"]})
    attempt = finished(listed_round(rules=rules), an)
    url = reverse("contest:predict_after", args=[attempt.public_id])
    assert url in result_of(an, attempt)
    browser = browser_of(an)
    assert "Mời bạn nhập một số" in browser.post(url, {"prediction": "nhiều"}, follow=True).content.decode()
    assert "1.204" in browser.post(url, {"prediction": "1204"}, follow=True).content.decode()
    browser.post(url, {"prediction": "7"})
    attempt.refresh_from_db()
    assert attempt.prediction == 1204


def test_unranked_people_are_told(an: Resident) -> None:
    attempt = finished(listed_round(), an)
    Entry.objects.update(status=EntryStatus.UNRANKED)
    assert "không xếp hạng, theo thể lệ" in result_of(an, attempt)


def test_a_cancelled_round_shows_no_score(an: Resident) -> None:
    round_ = listed_round()
    attempt = finished(round_, an)
    round_.cancelled_at = now_utc()
    round_.save()
    html = result_of(an, attempt)
    assert "Ban tổ chức đã hủy vòng thi này" in html
    assert "gold num" not in html


@pytest.mark.parametrize("others", [1, 3])
def test_the_result_costs_the_same_however_many_people(
    an: Resident, others: int, valkey: object, django_assert_num_queries: Callable[..., object]
) -> None:
    round_ = listed_round()
    for number in range(others):
        finished(round_, person(f"Lê Thị {chr(65 + number)}"))
    attempt = finished(round_, an)
    score_round(round_id=round_.pk, now=now_utc())
    browser = browser_of(an)
    url = reverse("contest:result", args=[attempt.public_id])
    browser.get(url)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]  # session, account, paper, own place
        browser.get(url)


@pytest.mark.parametrize("papers", [1, 3])
def test_my_papers_in_one_query(an: Resident, papers: int, django_assert_num_queries: Callable[..., object]) -> None:
    round_ = listed_round()
    for _ in range(papers):
        finished(round_, an)
    browser, url = browser_of(an), reverse("contest:mine")
    assert browser.get(url).content.decode().count('<li class="card') == papers
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # session, account, papers
        browser.get(url)


def test_my_papers_are_mine_and_empty_is_said_kindly(an: Resident) -> None:
    finished(listed_round(), an)
    assert "Bạn chưa thi bài nào" in browser_of(person("Lê Thị Bé")).get(reverse("contest:mine")).content.decode()
