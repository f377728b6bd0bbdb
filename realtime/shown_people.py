"""People as a hall may read them: by which name, who has won, who has just fallen, who guessed nearest. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quizbank.kinds import get_kind
from realtime.bell import ruled_out
from realtime.enums import Phase, Play, PlayerStatus
from realtime.live_parts import FallenSeat, NearOne
from realtime.queries.lines import Line, winners_among
from realtime.queries.snapshot import SEATED, Snapshot

FINAL = frozenset({Phase.PODIUM, Phase.ENDED})
WINNERS_NAMED = 60
FALLEN_NAMED = 12
NEAREST_NAMED = 5
FULL = 1000


def shown_name(line: Line) -> str:
    """The name everybody may read: masked where it is a child's, a number for who waits for approval or was forgotten."""
    if line.name_state == "ok" and (name := line.shown or line.name):
        return name
    return _("Người chơi %(key)s") % {"key": line.key[:4].upper()}


def winners_of(snap: Snapshot) -> tuple[int, ...]:
    """Ids of who has won, once that is told: on the podium and after it."""
    if snap.game.phase not in FINAL:
        return ()
    return winners_among((line for line in snap.lines.values() if line.status in SEATED), snap.rules, snap.game)


def fallen_now(snap: Snapshot) -> tuple[FallenSeat, ...]:
    """Golden bell: the first who fell on the question on stage, by seat; whom the judges sent off did not fall."""
    if snap.rules.bell is None or not snap.game.is_counted or snap.game.phase in FINAL:
        return ()
    barred = ruled_out(snap.game.moves)
    fell = (
        line
        for line in snap.lines.values()
        if line.status == PlayerStatus.OUT and line.out_at == snap.game.index and line.id not in barred
    )
    by_seat = sorted(fell, key=lambda line: (line.seat or 0, line.id))
    return tuple(FallenSeat(seat=line.seat or 0, name=shown_name(line)) for line in by_seat[:FALLEN_NAMED])


def nearest(snap: Snapshot) -> tuple[NearOne, ...]:
    """Closest guess, once it is counted: who in the game came nearest, in the order they came into the room."""
    question = snap.question
    if question is None or question.item.play != Play.CLOSEST or not snap.game.is_counted:
        return ()
    kind = get_kind(question.kind)
    best = (
        line for line in snap.lines.values() if line.permille == FULL and not line.ghost and line.response is not None
    )
    return tuple(
        NearOne(name=shown_name(line), text=kind.tell_response(question.content, line.response or ""))
        for line, _place in zip(best, range(NEAREST_NAMED), strict=False)
    )
