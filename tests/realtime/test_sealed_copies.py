"""A copy or a rehearsal of an event is steered by whoever made it, with nobody in the hall: what is sealed from that
person is not in it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from contest.arrivals import now_utc
from people.models import User
from quizbank.domain.sealing import add_questions as seal
from quizbank.domain.sealing import create_set
from quizbank.models import SealedSet
from realtime.domain.events import copy_event, open_lobby
from realtime.domain.questions import add_questions
from realtime.domain.rehearsal import rehearse
from realtime.errors import NoQuestions
from realtime.models import Event
from tests.factories import make_question, make_user, single_draft
from tests.realtime.live_desk import House, make_house, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return make_house()


def event_with_sealed(house: House, keeper: User, *, free: int = 2) -> Event:
    """One sealed question between open ones."""
    questions = [make_question(single_draft(f"Câu thường {number}?")) for number in range(free)]
    kept = make_question(single_draft("Câu kín?"))
    questions.insert(1, kept)
    sealed = create_set(name="Chung kết", owner=keeper, now=now_utc())
    seal(sealed=sealed, questions=[kept], actor=keeper, now=now_utc())
    event = house.event(questions=0, lobby=False)
    versions = [question.current for question in questions if question.current is not None]
    add_questions(event=event, versions=versions, now=now_utc())
    return event


def asked(event: Event) -> list[tuple[int, str]]:
    rows = event.questions.order_by("position").select_related("version")
    return [(row.position, row.version.stem) for row in rows]


def test_who_is_not_named_rehearses_without_it(house: House) -> None:
    event = event_with_sealed(house, make_user("Người Giữ"))
    copy = rehearse(event=event, players=2, actor=house.host, now=now_utc())
    assert asked(copy) == [(0, "Câu thường 0?"), (1, "Câu thường 1?")]
    assert len(asked(event)) == 3


def test_a_named_host_rehearses_everything(house: House) -> None:
    event = event_with_sealed(house, house.host)
    assert len(asked(rehearse(event=event, players=2, actor=house.host, now=now_utc()))) == 3


def test_a_copy_leaves_it_out_and_says_so(house: House) -> None:
    event = event_with_sealed(house, make_user("Người Giữ"))
    reply = signed_in(house.host).post(reverse("realtime:live_copy", args=[event.public_id]), follow=True)
    copy = Event.objects.exclude(pk=event.pk).get()
    assert asked(copy) == [(0, "Câu thường 0?"), (1, "Câu thường 1?")]
    assert "1 câu niêm phong" in reply.content.decode()


def test_the_desk_tells_no_sealed_question_before_it_is_on_stage(house: House) -> None:
    event = event_with_sealed(house, make_user("Người Giữ"), free=0)
    open_lobby(event=event, actor=house.host, now=now_utc())
    shown = signed_in(house.host).get(reverse("realtime:live_state", args=[event.public_id])).content.decode()
    assert '"upcoming"' in shown
    assert "Câu kín?" not in shown
    SealedSet.objects.update(opened_at=now_utc())
    shown = signed_in(house.host).get(reverse("realtime:live_state", args=[event.public_id])).content.decode()
    assert "Câu kín?" in shown


def test_nothing_but_sealed_questions_is_nothing_to_rehearse(house: House) -> None:
    event = event_with_sealed(house, make_user("Người Giữ"), free=0)
    with pytest.raises(NoQuestions):
        rehearse(event=event, players=2, actor=house.host, now=now_utc())
    assert not Event.objects.filter(rehearsal=True).exists()
    assert asked(copy_event(event=event, actor=None, now=now_utc())) == [(0, "Câu kín?")]
