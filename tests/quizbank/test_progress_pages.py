"""The pages of achievements, the map, the league and the switches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.enums import Role
from people.models import User
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.enums import PracticeMode
from quizbank.models import PracticeAnswer, ProgressOff, ProgressSetting
from quizbank.queries.knowledge import knowledge_of, weakest
from quizbank.queries.progress import progress_of, switches_of
from tests.factories import (
    NOW,
    make_nation,
    make_participant,
    make_place,
    make_question,
    make_role,
    make_topics,
    make_user,
)
from tests.quizbank.decks import card_draft, make_deck

pytestmark = pytest.mark.django_db
PAGES = ("progress", "progress_settings", "knowledge", "league", "goals")


def study(person: User, *codes: str, at=NOW, rating: int = 4) -> None:
    looks = [
        SentReview(code, rating, at - timedelta(seconds=10 * place), f"{code}{at:%d%H%M%S}")
        for place, code in enumerate(codes)
    ]
    record_reviews(person=person, reviews=looks, now=at)


def test_strangers_sign_in_first(client: Client) -> None:
    for name in PAGES:
        assert client.get(reverse(f"quizbank:{name}")).status_code == 302, name


def test_every_page_opens_before_anything_was_learned(client: Client) -> None:
    client.force_login(make_user())
    for name in PAGES:
        assert client.get(reverse(f"quizbank:{name}")).status_code == 200, name


def test_the_page_shows_level_streak_badges_and_quests(client: Client) -> None:
    make_deck(cards=12)
    learner = make_participant().user
    study(learner, *(f"co-ban-{number:02d}" for number in range(1, 5)), at=timezone.now())
    client.force_login(learner)
    reply = client.get(reverse("quizbank:progress"))
    body = reply.content.decode()
    assert "Mạ non" in body
    assert "badges.svg" in body
    assert reply.context["progress"].points == 45
    assert [day.state for day in reply.context["progress"].week].count("learned") == 1
    assert len(reply.context["quests"]) == 3
    assert "no-store" in reply.headers["Cache-Control"]


def test_who_switches_it_off_sees_no_points_and_can_switch_it_on(client: Client) -> None:
    make_deck()
    learner = make_user()
    study(learner, "co-ban-01")
    client.force_login(learner)
    settings = reverse("quizbank:progress_settings")
    assert client.post(settings, {}).status_code == 302
    assert ProgressSetting.objects.get().shown is False
    reply = client.get(reverse("quizbank:progress"))
    assert "progress" not in reply.context
    assert "Bạn đang tắt" in reply.content.decode()
    assert client.get(reverse("quizbank:league")).context["board"] is None
    assert client.get(reverse("quizbank:knowledge")).status_code == 200
    client.post(settings, {"shown": "on", "league": "on"})
    assert client.get(reverse("quizbank:progress")).context["progress"].points == 10
    board = client.get(reverse("quizbank:league")).context["board"]
    assert [row.own for row in board.rows] == [True]


def test_an_organizer_of_the_nation_switches_the_whole_site_off(client: Client) -> None:
    nation = make_nation()
    chief, learner = make_user(), make_user()
    make_role(chief, Role.ORGANIZER)
    client.force_login(chief)
    url = reverse("quizbank:rewards_off")
    for _ in range(2):
        assert client.post(url, {"root": nation.code, "act": "off"}).status_code == 302
    assert ProgressOff.objects.count() == 1
    assert not switches_of(learner.pk).on
    assert nation.name in client.get(url).content.decode()
    client.post(url, {"unit": nation.code, "act": "on"})
    assert switches_of(learner.pk).on


def test_an_organizer_switches_off_only_the_own_place(client: Client) -> None:
    here, there = make_place("Tỉnh Đồng Tháp"), make_place("Tỉnh Gia Lai")
    organizer, officer = make_user(), make_user()
    make_role(organizer, Role.ORGANIZER, unit=here)
    make_role(officer, Role.UNIT_OFFICER, unit=here)
    client.force_login(organizer)
    url = reverse("quizbank:rewards_off")
    assert client.post(url, {"root": there.code, "act": "off"}).status_code == 422
    ProgressOff.objects.create(unit=there, at=NOW)
    assert client.post(url, {"unit": there.code, "act": "on"}).status_code == 403
    assert ProgressOff.objects.count() == 1
    client.force_login(officer)
    assert client.get(url).status_code == 403


# --- the map --------------------------------------------------------------------------------------------------------
def test_the_map_weighs_cards_and_the_last_twenty_answers() -> None:
    make_deck(cards=[card_draft("a"), card_draft("b"), card_draft("c", topic="an-toan")])
    learner, question = make_user(), make_question()
    study(learner, "a")
    for number in range(25):
        PracticeAnswer.objects.create(
            person=learner,
            version=question.current,
            token=str(number),
            mode=PracticeMode.ENDLESS,
            credit=0 if number < 15 else 1000,
            at=NOW,
        )
    topics = {one.topic.slug: one for one in knowledge_of(learner.pk)}
    first = topics["nhan-thuc"]
    assert (first.known, first.cards, first.answers, first.percent) == (1, 2, 20, 50)
    assert first.share == pytest.approx(0.5)
    assert (topics["an-toan"].share, topics["phap-ly"].percent) == (0, None)
    found = weakest(list(topics.values()))
    assert found is not None
    assert found.share == 0


def test_the_map_leads_to_practice_of_the_weakest_topic(client: Client) -> None:
    make_topics()
    client.force_login(make_user())
    body = client.get(reverse("quizbank:knowledge")).content.decode()
    assert body.count('class="lotus-petal"') == 10
    assert f"{reverse('quizbank:practice')}?cach=chu-de&amp;chu-de=nhan-thuc" in body


def test_pages_cost_the_same_queries_however_much_was_learned(django_assert_num_queries) -> None:
    make_deck(cards=12)
    learner = make_user()
    for number in (1, 5, 11):
        study(learner, *(f"co-ban-{card:02d}" for card in range(1, number + 1)), at=NOW + timedelta(hours=number))
        with django_assert_num_queries(8):
            progress_of(learner.pk, NOW + timedelta(hours=number))
        with django_assert_num_queries(4):
            knowledge_of(learner.pk)
