"""Looks without end: a log of thousands costs no more than one of dozens, and a day has room for so many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from quizbank.domain.studying import MOST_REVIEWS
from quizbank.models import CardReview
from quizbank.scheduling import LATEST_LOOKS, Look, replay
from quizbank.views.study import LOOKS_A_DAY
from tests.factories import NOW, make_user
from tests.quizbank.bank_desk import signed_in
from tests.quizbank.decks import make_deck

SECOND = timedelta(seconds=1)


def looks(number: int, rating: int = 3) -> list[Look]:
    return [Look(NOW + place * SECOND, f"t{place:06d}", rating) for place in range(number)]


def test_the_latest_looks_decide_and_all_are_counted() -> None:
    first, *_rest = log = [Look(NOW - SECOND, "first", 4), *looks(4_000, rating=1)]
    memory, latest = replay(log), replay(log[-LATEST_LOOKS:])
    assert memory is not None
    assert latest is not None
    assert (memory.state, memory.due) == (latest.state, latest.due)
    assert (memory.seen, memory.recalled, memory.first_recalled_at) == (4_001, 1, first.at)


def test_a_card_never_recalled_stays_so_however_often_it_was_seen() -> None:
    memory = replay(looks(LATEST_LOOKS + 5, rating=1))
    assert memory is not None
    assert (memory.seen, memory.recalled, memory.first_recalled_at) == (LATEST_LOOKS + 5, 0, None)


def test_the_order_of_arrival_still_never_matters() -> None:
    log = looks(LATEST_LOOKS * 2)
    assert replay(reversed(log)) == replay(log)


@pytest.mark.django_db
def test_a_day_has_room_for_so_many_looks(valkey: object) -> None:
    learner = make_user()
    client, url = signed_in(learner), reverse("quizbank:study_record")
    rows = [["nowhere", 3, f"t{place}", 0] for place in range(MOST_REVIEWS)]

    def send() -> int:
        body = {"person": learner.public_id, "reviews": rows}
        return client.post(url, body, content_type="application/json").status_code

    turns = LOOKS_A_DAY // MOST_REVIEWS
    assert [send() for _ in range(turns)] == [200] * turns
    assert send() == 429
    form = {"card": "nowhere", "rating": "3", "token": "x"}
    assert client.post(reverse("quizbank:study", args=[make_deck().slug]), form).status_code == 429
    assert not CardReview.objects.exists()
