"""Good news is told once: on whichever page or device comes first, never to somebody who wants none."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from people.domain.residents import erase_resident
from people.models import User
from quizbank.domain.practising import seed_of
from quizbank.domain.progress_settings import choose_progress
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.domain.winning import tell_wins
from quizbank.enums import PracticeMode, WinKind
from quizbank.kinds import get_kind
from quizbank.models import Win
from quizbank.practice_asks import Asked, write_asked
from quizbank.wins import NEWS_FOR, news_of
from tests.factories import NOW, make_participant, make_question, make_user, single_draft
from tests.quizbank.decks import make_deck

DAY = timedelta(days=1)


@pytest.fixture
def learner(db: None) -> User:
    make_deck(cards=12)
    return make_user()


def study(person: User, first: int, last: int, *, at=NOW) -> None:
    looks = [
        SentReview(f"co-ban-{card:02d}", 4, at - timedelta(seconds=10 * card), f"{card}-{at:%d%H%M%S}")
        for card in range(first, last + 1)
    ]
    record_reviews(person=person, reviews=looks, now=at)


def told(person: User, now=NOW) -> list[str]:
    return [str(one.name) for one in tell_wins(person_id=person.pk, now=now)]


def test_a_sitting_brings_a_badge_a_level_and_a_finished_quest(learner: User) -> None:
    study(learner, 1, 4)
    assert told(learner) == ["Hạt mầm", "Mạ non", "Việc của hôm nay"]


def test_good_news_is_told_once_and_only_what_is_new_later(learner: User) -> None:
    study(learner, 1, 4)
    assert told(learner) != []
    assert told(learner) == []
    study(learner, 5, 12, at=NOW + DAY)
    assert told(learner, NOW + DAY) == ["Nón lá", "Quạt giấy", "Bông lúa", "Việc của hôm nay", "Việc của tuần này"]
    study(learner, 1, 12, at=NOW + DAY)
    assert told(learner, NOW + DAY) == []


def test_nothing_new_costs_one_query(learner: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert tell_wins(person_id=learner.pk, now=NOW) == []


def test_who_switched_it_off_hears_nothing(learner: User) -> None:
    study(learner, 1, 4)
    choose_progress(person=learner, shown=False, league=False, now=NOW)
    assert told(learner) == []
    study(learner, 5, 12, at=NOW + DAY)
    choose_progress(person=learner, shown=True, league=False, now=NOW + DAY)
    assert told(learner, NOW + DAY) == ["Hạt mầm", "Mạ non", "Việc của hôm nay"]


def test_what_was_won_long_ago_is_no_news(learner: User) -> None:
    study(learner, 1, 4)
    assert told(learner, NOW + NEWS_FOR) == []
    assert not Win.objects.filter(told_at__isnull=True).exists()


def test_the_news_of_a_person_goes_with_the_person(learner: User, django_capture_on_commit_callbacks) -> None:
    resident = make_participant(user=learner)
    study(learner, 1, 4)
    with django_capture_on_commit_callbacks(execute=True):
        erase_resident(resident=resident, now=NOW)
    assert not Win.objects.exists()


def test_of_several_levels_only_the_last_is_said_and_unknown_badges_are_silent() -> None:
    news = news_of([(WinKind.LEVEL, "2"), (WinKind.BADGE, "gone"), (WinKind.LEVEL, "3"), (WinKind.BADGE, "cards-10")])
    with translation.override("vi"):
        assert [(str(one.name), one.symbol, one.number) for one in news] == [("Nón lá", "hat", 0), ("Bông lúa", "", 3)]


@pytest.mark.django_db(transaction=True)
def test_two_devices_asking_at_once_share_one_telling() -> None:
    make_deck(cards=12)
    learner = make_user()
    study(learner, 1, 4)
    gate, heard = Barrier(2), []

    def ask() -> None:
        try:
            gate.wait()
            heard.append(told(learner))
        finally:
            connection.close()

    devices = [Thread(target=ask) for _ in range(2)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    assert sorted(heard) == [[], ["Hạt mầm", "Mạ non", "Việc của hôm nay"]]


class TestPages:
    @pytest.fixture
    def winner(self, client: Client, learner: User) -> User:
        study(learner, 1, 4, at=timezone.now())
        client.force_login(learner)
        return learner

    @pytest.mark.parametrize("name", ["learn", "deck"])
    def test_the_next_page_tells_it_without_scripts(self, client: Client, winner: User, name: str) -> None:
        url = reverse(f"quizbank:{name}", args=["co-ban"] if name == "deck" else [])
        page = client.get(url)
        assert [str(one.name) for one in page.context["news"]] == ["Hạt mầm", "Mạ non", "Việc của hôm nay"]
        assert page.content.decode().count(reverse("quizbank:progress")) >= 1
        assert client.get(url).context["news"] == []

    def test_while_cards_are_left_it_waits_for_the_end_of_the_sitting(self, client: Client, winner: User) -> None:
        url = reverse("quizbank:study", args=["co-ban"])
        assert client.get(url).context["news"] == []
        study(winner, 5, 12, at=timezone.now())
        assert "Nón lá" in client.get(url).content.decode()

    def test_the_page_of_achievements_marks_it_and_counts_as_told(self, client: Client, winner: User) -> None:
        page = client.get(reverse("quizbank:progress")).content.decode()
        assert page.count("Mới</span>") == 1
        assert client.get(reverse("quizbank:learn")).context["news"] == []

    def test_scripts_ask_for_a_piece_of_a_page(self, client: Client, winner: User) -> None:
        url = reverse("quizbank:news")
        assert client.get(url).status_code == 405
        assert "Hạt mầm" in client.post(url).content.decode()
        assert client.post(url).content.decode().strip() == ""

    def test_a_right_answer_tells_what_it_brought(self, client: Client, learner: User) -> None:
        client.force_login(learner)
        study(learner, 1, 2, at=timezone.now())  # two acts of three
        assert told(learner, timezone.now()) == ["Hạt mầm"]
        question = make_question(single_draft())
        version, token = question.current, "a" * 32
        right = get_kind(version.kind).write(version.content, "B", seed=seed_of(token))
        form = {"asked": write_asked(Asked(version.pk, token, PracticeMode.ENDLESS)), "a": right}
        answer = client.post(reverse("quizbank:practice"), form)
        assert [str(one.name) for one in answer.context["news"]] == ["Việc của hôm nay"]
        assert client.post(reverse("quizbank:practice"), form).context["news"] == []


def test_practising_an_empty_notebook_is_no_success(client: Client, learner: User) -> None:
    client.force_login(learner)
    page = client.get(reverse("quizbank:practice"), {"cach": "loi"}).content.decode()
    assert "Sổ lỗi sai không có câu nào để luyện" in page
    assert "Hết câu trong sổ lỗi sai" not in page
