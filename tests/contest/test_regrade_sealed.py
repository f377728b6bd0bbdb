"""Mending keys before a round is over: what is sealed stays closed to who is not named, and who saw a key is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contest.arrivals import now_utc
from contest.models import Round
from people.models import User
from quizbank.domain.sealing import add_questions, create_set
from quizbank.enums import Sight
from quizbank.models import Question, Sighting
from tests.contest.desk import Desk, make_desk, signed_in
from tests.factories import make_contest, make_question, make_round, make_user, single_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def sealed_round(desk: Desk, keeper: User) -> tuple[Round, Question]:
    kept, free = make_question(single_draft("Câu kín?")), make_question(single_draft("Câu thường?"))
    sealed = create_set(name="Chung kết", owner=keeper, now=now_utc())
    add_questions(sealed=sealed, questions=[kept], actor=keeper, now=now_utc())
    later = now_utc() + timedelta(days=1)
    contest = make_contest(unit=desk.province)
    return make_round(contest, questions=[kept, free], opens_at=later, closes_at=later + timedelta(days=1)), kept


def address(round_: Round, *position: int) -> str:
    name = "contest:console_regrade_item" if position else "contest:console_regrade"
    return reverse(name, args=[round_.contest.slug, round_.number, *position])


def test_an_organizer_who_is_not_named_reads_no_sealed_question_before_the_round_is_over(desk: Desk) -> None:
    round_, kept = sealed_round(desk, make_user("Người Giữ"))
    client = signed_in(desk.organizer)
    listed = client.get(address(round_)).content.decode()
    assert "Câu kín?" not in listed
    assert ("Câu niêm phong" in listed, "Câu thường?" in listed, kept.code in listed) == (True, True, True)
    for reply in (client.get(address(round_, 0)), client.post(address(round_, 0), {"decision": "void", "reason": "x"})):
        assert reply.status_code == 403
        assert "Câu kín?" not in reply.content.decode()
    assert not round_.pool.filter(voided=True).exists()
    assert not Sighting.objects.exists()


def test_after_the_round_regrading_shows_what_was_sealed(desk: Desk) -> None:
    round_, _kept = sealed_round(desk, make_user("Người Giữ"))
    Round.objects.filter(pk=round_.pk).update(closed_at=now_utc())
    client = signed_in(desk.organizer)
    assert "Câu kín?" in client.get(address(round_)).content.decode()
    assert "Câu kín?" in client.get(address(round_, 0)).content.decode()


@pytest.mark.parametrize("position", [0, 1])
def test_a_key_looked_at_for_mending_is_written_down(desk: Desk, position: int) -> None:
    round_, _kept = sealed_round(desk, desk.organizer)
    client: Client = signed_in(desk.organizer)
    assert [client.get(address(round_, position)).status_code for _ in range(2)] == [200, 200]
    (seen,) = Sighting.objects.all()
    assert (seen.reader, seen.what) == (desk.organizer, Sight.OPENED)
    assert seen.version == round_.pool.get(position=position).version
