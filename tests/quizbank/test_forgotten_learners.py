"""Who asked to be forgotten is forgotten, also where the word of it was lost or a phone spoke up late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings

from people.domain.residents import erase_resident
from people.models import Resident
from quizbank.domain.forgetting import LEARNED, forget_erased
from quizbank.domain.practising import keep_answers
from quizbank.domain.progress_settings import choose_progress
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.enums import PracticeMode
from quizbank.models import CardReview
from quizbank.tasks import tidy
from tests.factories import NOW, make_participant, make_question
from tests.quizbank.decks import make_deck

pytestmark = pytest.mark.django_db


def learn(resident: Resident) -> None:
    """Everything a learner can leave behind: looks, memories, answers, points, news, a seat in the league."""
    choose_progress(person=resident.user, shown=True, league=True, now=NOW)
    for place in range(1, 16):
        at = NOW + timedelta(seconds=5 * place)
        sent = SentReview(card=f"co-ban-{place:02d}", rating=4, at=at, token=f"t{place}")
        record_reviews(person=resident.user, reviews=[sent], now=at)
    answers = [(make_question().current_id or 0, "B", 1000)]
    keep_answers(person=resident.user, answers=answers, token="m", mode=PracticeMode.MOCK, now=NOW)


def left(resident: Resident) -> list[str]:
    return [model.__name__ for model in LEARNED if model.objects.filter(person=resident.user).exists()]


def test_every_table_of_a_learner_is_among_those_forgotten() -> None:
    personal = {
        model
        for model in apps.get_app_config("quizbank").get_models()
        if any(field.name == "person" and field.is_relation for field in model._meta.get_fields())
    }
    assert settings.AUTH_USER_MODEL == "people.User"
    assert set(LEARNED) == personal


def test_what_a_lost_word_left_goes_with_the_hourly_tidying() -> None:
    make_deck(cards=15)
    gone, stays = make_participant("Trần Văn Đi"), make_participant("Lê Thị Ở")
    for one in (gone, stays):
        learn(one)
    everything = left(stays)
    erase_resident(resident=gone, now=NOW)  # killed before the word of it goes out: nothing runs on commit here
    assert left(gone) == everything
    tidy()
    assert (left(gone), left(stays)) == ([], everything)
    assert forget_erased() == 0


def test_a_phone_that_speaks_up_after_the_erasure_is_not_kept(django_capture_on_commit_callbacks: object) -> None:
    make_deck()
    gone = make_participant()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_resident(resident=gone, now=NOW)
    record_reviews(person=gone.user, reviews=[SentReview("co-ban-01", 3, NOW, "late")], now=NOW)
    assert CardReview.objects.count() == 1
    assert forget_erased() == 1
    assert left(gone) == []
