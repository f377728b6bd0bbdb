"""Everything a hall must know about an event, read in one go: seven queries, however many people and questions.

Plain data, the key included: realtime/live_frames.py decides what each audience may see of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizbank.markup_html import StemPicture, picture_of, plain_stem
from quizbank.models import SealedSet
from quizbank.translated import words_of
from realtime.enums import PlayerStatus
from realtime.game_state import Game, PlanItem
from realtime.models import Event, EventLog, EventQuestion
from realtime.queries.groups import Group, team_groups, unit_groups
from realtime.queries.lines import Line, lines_of
from realtime.queries.plan import plan_item
from realtime.rules import EventRules, from_json

LOG_TAIL = 5
SEATED = frozenset({PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the running order as it is played, in the event's language. ``item`` holds its seconds, points and stakes (rules applied);
    ``content`` and ``key`` have the kind's shapes (quizbank/kinds/); ``key_also`` are canonical responses."""

    id: int
    index: int
    kind: str
    stem: str
    content: dict[str, Any]
    picture: StemPicture | None = None
    key: dict[str, Any]
    key_also: tuple[str, ...]
    explanation: str
    citation: str
    citation_url: str
    voided: bool
    instance: int
    item: PlanItem
    sealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry of the event's log."""

    seq: int
    at: datetime
    who: str
    action: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The whole state of an event at position (``epoch``, ``seq``).

    ``lines`` is everybody who ever took a seat, in the order they came, with their answer to the present question.
    ``responses`` counts the present question's canonical responses (people in the game and ghosts together),
    ``answered`` is how many there are, ``expected`` how many may answer. ``players`` counts who takes part (in, out,
    reserve), ``standing`` who is in, ``waiting`` whose names wait for the host. Teams and units are ranked.
    """

    id: int
    public_id: str
    title: str
    mode: str
    language: str
    unit_id: int
    pin: str
    secret: str
    rehearsal: bool
    epoch: int
    seq: int
    started_at: datetime | None
    ended_at: datetime | None
    rules: EventRules
    game: Game
    questions: tuple[Question, ...]
    lines: Mapping[int, Line]
    teams: tuple[Group, ...]
    units: tuple[Group, ...]
    log: tuple[LogLine, ...]
    players: int
    standing: int
    expected: int
    answered: int
    responses: Mapping[str, int]
    waiting: tuple[Line, ...]

    @property
    def plan(self) -> tuple[PlanItem, ...]:
        """The running order as the state machine reads it."""
        return tuple(question.item for question in self.questions)

    @property
    def question(self) -> Question | None:
        """The present question, None before the first and after the last."""
        return self.questions[self.game.index] if 0 <= self.game.index < len(self.questions) else None

    @property
    def upcoming(self) -> Question | None:
        """The question after the present one."""
        after = self.game.index + 1
        return self.questions[after] if after < len(self.questions) else None

    def ranked(self) -> list[Line]:
        """Who takes part, best first; equal ranks in the order they came."""
        return sorted(
            (line for line in self.lines.values() if line.status in SEATED), key=lambda line: line.rank or 1 << 30
        )

    def ghosts(self) -> list[Line]:
        """Who fell, by what they collected since; equal scores in the order they came."""
        fallen = (line for line in self.lines.values() if line.status == PlayerStatus.OUT)
        return sorted(fallen, key=lambda line: -line.ghost_score)

    def newest(self, number: int = 60) -> list[str]:
        """The names that came last and may be shown, the newest first."""
        shown = (
            line.shown or line.name
            for line in reversed(list(self.lines.values()))
            if line.status in SEATED and line.name_state == "ok"
        )
        return [name for name, _ in zip(shown, range(number), strict=False)]

    def seats(self) -> str:
        """One character a seat from 1: i in, f fell on the present question, o out before, e reserve, - empty."""
        taken = {line.seat: _seat(line, self.game.index) for line in self.lines.values() if line.seat is not None}
        return "".join(taken.get(seat, "-") for seat in range(1, max(taken, default=0) + 1))


def snapshot(event_id: int) -> Snapshot | None:
    """Read an event as it is committed now; None when there is none."""
    event = Event.objects.filter(pk=event_id).first()
    return None if event is None else snapshot_of(event)


def snapshot_of(event: Event) -> Snapshot:
    """Read everything around a loaded event. Six queries."""
    rules = from_json(event.rules)
    game = Game.from_json(event.state)
    questions = questions_of(event, rules)
    present = questions[game.index] if 0 <= game.index < len(questions) else None
    lines = lines_of(event.pk, question_id=present.id if present else None, instance=game.instance)
    responses = Counter(line.response for line in lines.values() if line.response is not None)
    statuses = Counter(line.status for line in lines.values())
    standing = statuses[PlayerStatus.IN]
    players = sum(statuses[status] for status in SEATED)
    log = EventLog.objects.filter(event_id=event.pk).order_by("-seq")[:LOG_TAIL]
    return Snapshot(
        id=event.pk,
        public_id=event.public_id,
        title=event.title,
        mode=event.mode,
        language=event.language,
        unit_id=event.unit_id,
        pin=event.pin or "",
        secret=event.secret,
        rehearsal=event.rehearsal,
        epoch=event.epoch,
        seq=event.seq,
        started_at=event.started_at,
        ended_at=event.ended_at,
        rules=rules,
        game=game,
        questions=questions,
        lines=lines,
        teams=team_groups(event.pk, rules, lines.values()),
        units=unit_groups(lines.values()),
        log=tuple(LogLine(seq=r.seq, at=r.at, who=r.who, action=r.action, data=r.data) for r in log),
        players=players,
        standing=standing,
        expected=players if event.ghosts else standing,
        answered=responses.total(),
        responses=responses,
        waiting=tuple(line for line in lines.values() if line.name_state == "waiting" and line.status in SEATED),
    )


def questions_of(event: Event, rules: EventRules) -> tuple[Question, ...]:
    """Return the running order with everything that is shown of it, keys included. One query."""
    found = EventQuestion.objects.filter(event_id=event.pk).select_related("version__question__sealed_in")
    rows = list(found.order_by("position"))
    words = [words_of(row.version, event.language) for row in rows]
    return tuple(
        Question(
            id=row.pk,
            index=row.position,
            kind=row.version.kind,
            stem=plain_stem(said.stem, row.version.extra),
            content=said.content,
            picture=picture_of(row.version.extra),
            key=row.version.key,
            key_also=tuple(row.key_also),
            explanation=said.explanation,
            citation=said.citation,
            citation_url=row.version.citation_url,
            voided=row.voided,
            instance=row.instance,
            item=plan_item(row, rules),
            sealed=_is_sealed(row.version.question.sealed_in),
        )
        for row, said in zip(rows, words, strict=True)
    )


def _is_sealed(kept: SealedSet | None) -> bool:
    return kept is not None and kept.opened_at is None


def _seat(line: Line, index: int) -> str:
    match line.status:
        case PlayerStatus.IN:
            return "i"
        case PlayerStatus.OUT:
            return "f" if line.out_at == index else "o"
        case PlayerStatus.RESERVE:
            return "e"
        case _:
            return "-"
