"""The wall and the polled state as pages: public when the contest is, never more than the board."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contest.domain.scoring import score_round
from contest.models import Contest
from realtime.protocol import Board, decode_from_server
from tests.contest.papers import make_paper, simple_contest
from tests.factories import make_entry, make_resident, make_round

pytestmark = pytest.mark.django_db

PAGES = ["realtime:projector", "realtime:board_state"]


@pytest.fixture
def contest(valkey):
    now = timezone.now()
    contest = simple_contest()
    Contest.objects.filter(pk=contest.pk).update(slug="hoi-thi", listed_at=now)
    make_round(contest, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1))
    contest.refresh_from_db()
    return contest


def finish(contest, *names):
    round_ = contest.rounds.get()
    for place, name in enumerate(names):
        make_paper(round_, make_entry(contest, make_resident(name)), seconds=100 + place, at=timezone.now())
    score_round(round_id=round_.pk, now=timezone.now())


@pytest.mark.parametrize("page", PAGES)
def test_anybody_may_look_at_a_listed_contest(client, contest, page):
    assert client.get(reverse(page, args=["hoi-thi"])).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hidden", [{"listed_at": None}, {"cancelled_at": timezone.now()}])
def test_nobody_sees_a_contest_that_is_not_public(client, contest, page, hidden):
    Contest.objects.filter(pk=contest.pk).update(**hidden)
    assert client.get(reverse(page, args=["hoi-thi"])).status_code == 404
    assert client.get(reverse(page, args=["khong-co"])).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_only_reading_is_possible(client, contest, page):
    assert client.post(reverse(page, args=["hoi-thi"])).status_code == 405


def test_the_polled_state_is_the_frame_of_the_socket(client, contest):
    finish(contest, "Trần Văn An")
    response = client.get(reverse("realtime:board_state", args=["hoi-thi"]))
    frame = decode_from_server(response.content.decode())
    assert isinstance(frame, Board)
    assert [(row.rank, row.name) for row in frame.rows] == [(1, "Trần V** A**")]
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"


def test_all_pollers_of_a_second_get_one_rendering(client, contest, django_assert_num_queries):
    address = reverse("realtime:board_state", args=["hoi-thi"])
    client.get(address)
    with django_assert_num_queries(1):  # only whether the contest is still public
        client.get(address)


def test_the_wall_has_the_names_masked_the_people_and_the_way_in(client, contest, settings):
    settings.SITE_URL = "https://thi.example.vn"
    finish(contest, "Trần Văn An", "Lê Thị Hoa", "Phạm Minh Đức", "Võ Mỹ Linh")
    page = client.get(reverse("realtime:projector", args=["hoi-thi"]), headers={"host": "localhost"}).content.decode()
    assert "Trần V** A**" in page
    assert "Văn An" not in page
    assert "thi.example.vn/c/hoi-thi" in page
    assert "<svg" in page
    assert 'data-ws="/ws/board/hoi-thi/"' in page
    assert "style=" not in page.replace("stylesheet", "")


def test_phones_in_the_room_are_sent_where_the_wall_was_opened(client, contest, settings):
    settings.ALLOWED_HOSTS = ["192.168.1.5"]
    page = client.get(reverse("realtime:projector", args=["hoi-thi"]), headers={"host": "192.168.1.5:8000"})
    assert "192.168.1.5:8000/c/hoi-thi" in page.content.decode()


@pytest.mark.parametrize("before", [timedelta(hours=2), timedelta(days=3), -timedelta(minutes=1)])
def test_the_end_is_a_ring_on_the_last_day_a_date_before_and_nothing_after(client, contest, before):
    now = timezone.now()
    contest.rounds.update(opens_at=now - timedelta(days=1), closes_at=now + before)
    page = client.get(reverse("realtime:projector", args=["hoi-thi"])).content.decode()
    assert ("data-far" in page, "wall-time" in page) == (before > timedelta(days=1), before > timedelta(0))


def test_a_wall_without_a_round_says_so_kindly(client, valkey):
    contest = simple_contest()
    Contest.objects.filter(pk=contest.pk).update(slug="chua-mo", listed_at=timezone.now())
    page = client.get(reverse("realtime:projector", args=["chua-mo"])).content.decode()
    assert "Chưa có ai nộp bài" in page


def test_the_wall_speaks_english_too(client, contest):
    page = client.get(reverse("realtime:projector", args=["hoi-thi"]), headers={"accept-language": "en"})
    assert page.status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_the_wall_costs_the_same_however_many_take_part(client, contest, people, django_assert_num_queries):
    finish(contest, *["Trần Văn An", "Lê Thị Hoa", "Phạm Minh Đức"][:people])
    with django_assert_num_queries(10):
        client.get(reverse("realtime:projector", args=["hoi-thi"]))
