"""Letting an event count into a round of a contest: each signed-in player's answers are handed in as a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contest.domain.handing_in import Paper, hand_in_paper, missing_from_pool
from contest.enums import Phase as RoundPhase
from contest.errors import ContestError
from contest.models import Round
from contest.queries.phases import phase_of
from people.domain.audit import record
from people.models import User
from people.queries.roles import covers
from quizbank.models import QuestionVersion
from realtime.domain.events import rules_of
from realtime.domain.questions import set_questions
from realtime.errors import EventRunning, NotCountable
from realtime.game_state import Game
from realtime.models import Event, EventQuestion, LiveAnswer, Player


@dataclass(frozen=True, slots=True)
class Counted:
    """How many papers were handed in, how many players have no account, and whose paper the round's rules refused:
    [(name, sentence)]."""

    papers: int
    guests: int
    refused: tuple[tuple[str, str], ...] = ()


def fill_from_round(*, event: Event, round_: Round, now: datetime) -> list[EventQuestion]:
    """Let the running order be the pool of a frozen round, so that the event may count into it. Raises EventRunning."""
    pool = round_.pool.order_by("position").values_list("version_id", flat=True)
    versions = QuestionVersion.objects.in_bulk(list(pool))
    return set_questions(event=event, versions=[versions[pk] for pk in pool], now=now)


@transaction.atomic
def count_into_round(*, event: Event, actor: User | None, now: datetime) -> Counted:
    """Hand in the papers of an ended event into the round its rules name. The second call hands in nothing.

    Raises:
        EventRunning: before the end.
        NotCountable: when no round is named, it is another unit's or not open, or lacks one of the questions.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.ended_at is None or event.started_at is None or event.rehearsal:
        raise EventRunning
    if event.counted_at is not None:
        return Counted(0, 0)
    round_ = _round(event, now)
    asked = _asked(event)
    if missing_from_pool(round_=round_, versions=[row.version_id for row in asked]):
        raise NotCountable(_("Sự kiện có câu hỏi không thuộc đề của vòng thi này."))
    given = _given(asked)
    players = list(Player.objects.filter(event=event).select_related("resident__unit", "resident__user").order_by("pk"))
    papers, guests, refused = 0, 0, []
    for player in players:
        if player.pk not in given:
            continue
        if player.resident is None:
            guests += 1
            continue
        try:
            hand_in_paper(
                resident=player.resident, round_=round_, paper=_paper(event, asked, given[player.pk]), now=now
            )
            papers += 1
        except ContestError as error:
            refused.append((player.name, str(error)))
    Event.objects.filter(pk=event.pk).update(counted_at=now)
    data = {"round": round_.public_id, "papers": papers, "guests": guests, "refused": len(refused)}
    record(actor=actor, verb="event.counted", subject=f"event:{event.public_id}", data=data, now=now)
    return Counted(papers, guests, tuple(refused))


def _round(event: Event, now: datetime) -> Round:
    named = rules_of(event).counts_into
    round_ = (
        Round.objects.select_related("contest__unit", "rule_set").filter(public_id=named).first() if named else None
    )
    if round_ is None:
        raise NotCountable(_("Sự kiện chưa chọn vòng thi để tính kết quả vào."))
    if event.contest_id != round_.contest_id and not covers(round_.contest.unit.path, event.unit.path):
        raise NotCountable(_("Vòng thi này thuộc đơn vị khác."))
    if phase_of(round_, now) != RoundPhase.OPEN:
        raise NotCountable(_("Vòng thi này chưa mở hoặc đã đóng."))
    return round_


def _asked(event: Event) -> list[EventQuestion]:
    """The questions that counted, in the order asked."""
    counted = Game.from_json(event.state).counted
    rows = {row.position: row for row in event.questions.filter(position__in=counted, practice=False, voided=False)}
    return [rows[index] for index in counted if index in rows]


def _given(asked: list[EventQuestion]) -> dict[int, dict[int, tuple[str, int]]]:
    """{player: {question: (response, elapsed ms)}}. One query."""
    last = {row.pk: row.instance for row in asked}
    found: dict[int, dict[int, tuple[str, int]]] = {}
    rows = LiveAnswer.objects.filter(question_id__in=last, ghost=False)
    for question, instance, player, response, elapsed in rows.values_list(
        "question_id", "instance", "player_id", "response", "elapsed_ms"
    ):
        if last[question] == instance:
            found.setdefault(player, {})[question] = response, elapsed
    return found


def _paper(event: Event, asked: list[EventQuestion], given: dict[int, tuple[str, int]]) -> Paper:
    assert event.started_at is not None
    assert event.ended_at is not None
    return Paper(
        responses={row.version_id: given.get(row.pk, ("", 0))[0] for row in asked},
        started_at=event.started_at,
        finished_at=event.ended_at,
        duration_ms=sum(elapsed for _response, elapsed in given.values()),
    )
