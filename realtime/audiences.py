"""What each audience of a live event may see: from the snapshot, which holds the keys, to the frames, which do not. Pure.

The one place where the key rule is kept: before the reveal no player, wall or spectator is sent the key, the explanation,
the citation, or how many chose what, and nobody a line that depends on them. Only host and co-host see the key before, and
marshals once the answers are locked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from contest.arrivals import to_ms
from quizbank.kinds import get_kind
from realtime.authority import STEERING, allowed
from realtime.bell import Person, rescue_candidates
from realtime.enums import GrantRole, Mode, MoveBy, Phase, PhoneShows, PlayerStatus
from realtime.game import may
from realtime.live_frames import NAMES_SHOWN, Desk, Stage, Wall
from realtime.live_parts import (
    Candidate,
    DeskKey,
    GroupRow,
    LiveEvent,
    LiveRescue,
    LiveRow,
    LiveRules,
    LogLine,
    Upcoming,
    WaitingName,
    WallJoin,
    You,
)
from realtime.protocol import LARGEST_FRAME, Frame, read
from realtime.queries.groups import Group
from realtime.queries.lines import Line
from realtime.queries.snapshot import Snapshot
from realtime.shown_people import FINAL, WINNERS_NAMED, fallen_now, shown_name, winners_of
from realtime.shown_question import (
    ASKED,
    counts_of,
    expected,
    has_key,
    is_revealed,
    live_question,
    live_reveal,
    right_ids,
    wire_of,
)

ANSWERING = frozenset({Phase.INTRO, Phase.OPEN})
BOARDS = frozenset({Phase.BOARD, Phase.RESCUE, Phase.PODIUM, Phase.ENDED})
CLOSED = frozenset({Phase.DRAFT, Phase.PODIUM, Phase.ENDED, Phase.ABORTED})
JOIN_PATH = "/choi/"
QR_PATH = "/su-kien/{event}/qr.svg"
CANDIDATES_SHOWN = 60
WAITING_SHOWN = 60
GHOST_ROWS = 10
PHONE_ROWS = 10  # of each board, on a phone: three thousand of them get it at once
ALL_ROWS = 1_000  # as many as the rules say
# What is cut, the longest first, from a frame beyond LARGEST_FRAME.
_CUT = ("board", "teams", "units", "ghosts", "names", "players_waiting")


F = TypeVar("F", bound=Frame)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EMPTY = '""'


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What is known of the hall beyond the database. ``answered`` and ``players`` may be newer than the snapshot."""

    online: int
    answered: int
    players: int
    pattern: str | None = None


# ------------------------------------------------------------------------------------------- boards


def rows(snap: Snapshot, limit: int) -> tuple[LiveRow, ...]:
    """The first rows of the board; on the podium whoever has won stands before those of the same rank."""
    teams = {group.id: group.name for group in snap.teams}
    won = set(winners_of(snap))
    ranked = sorted((line for line in snap.ranked() if line.rank), key=lambda line: (line.rank, line.id not in won))
    return tuple(
        LiveRow(
            key=line.key,
            rank=line.rank,
            tied=line.tied,
            name=shown_name(line),
            points=line.score,
            was=line.was,
            team=teams.get(line.team_id, "") if line.team_id else "",
        )
        for line, _place in zip(ranked, range(limit), strict=False)
    )


def ghost_rows(snap: Snapshot, limit: int) -> tuple[LiveRow, ...]:
    """The board of those who fell and play on."""
    if not limit or snap.rules.bell is None or not snap.rules.bell.ghosts:
        return ()
    fallen = snap.ghosts()
    scores = Counter(line.ghost_score for line in fallen)
    ahead: dict[int, int] = {}
    before = 0
    for score in sorted(scores, reverse=True):
        ahead[score] = before + 1
        before += scores[score]
    return tuple(
        LiveRow(
            key=line.key,
            rank=ahead[line.ghost_score],
            tied=scores[line.ghost_score] > 1,
            name=shown_name(line),
            points=line.ghost_score,
            was=0,
            team="",
        )
        for line in fallen[:limit]
    )


def group_rows(groups: Iterable[Group], limit: int) -> tuple[GroupRow, ...]:
    """Teams or units."""
    return tuple(
        GroupRow(key=f"{g.id:x}", rank=g.rank, tied=g.tied, name=g.name, points=g.points, people=g.people)
        for g, _place in zip(groups, range(limit), strict=False)
    )


# ------------------------------------------------------------------------------------------- frames


def scene(snap: Snapshot, *, now: int, letters: bool, boards: int) -> dict[str, Any]:
    """The fields all audiences share. ``now`` in ms since 1970; ``boards``: rows of each board at most."""
    game, rules = snap.game, snap.rules
    limit = min(boards, rules.board_rows)
    return {
        "epoch": snap.epoch,
        "seq": snap.seq,
        "now": now,
        "event": LiveEvent(
            id=snap.public_id,
            title=snap.title,
            mode=snap.mode,
            rules=LiveRules(
                scoring=rules.scoring,
                streak=rules.streak,
                bets=rules.bets,
                phone_shows=rules.phone_shows,
                option_order=rules.option_order,
            ),
        ),
        "phase": game.phase.value,
        "index": game.index,
        "total": len(snap.questions),
        "instance": game.instance,
        "locked": game.locked,
        "paused": bool(game.paused_at),
        "paused_at": game.paused_at,
        "opens_at": game.opens_at,
        "closes_at": game.closes_at,
        "next_at": game.next_at,
        "standing": snap.standing,
        "question": live_question(snap, letters=letters),
        "reveal": live_reveal(snap),
        "board": rows(snap, limit),
        "teams": group_rows(snap.teams, limit) if snap.mode == Mode.TEAM else (),
        "units": group_rows(snap.units, limit),
        "ghosts": ghost_rows(snap, min(limit, GHOST_ROWS)),
        "podium": game.phase in FINAL,
        "winners": tuple(snap.lines[one].key for one in winners_of(snap)[:WINNERS_NAMED] if one in snap.lines),
    }


def stage(snap: Snapshot, *, now: int, players: int) -> Stage:
    """The scene as phones have it, without anybody's ``you``."""
    letters = snap.rules.phone_shows == PhoneShows.LETTERS
    boards = PHONE_ROWS if snap.game.phase in BOARDS else 0
    return fit(Stage(**scene(snap, now=now, letters=letters, boards=boards), players=players))


class Own:
    """What the lines of one state share, so that a thousand of them cost little. Writes a player's own line as JSON.

    Before the reveal nothing in it depends on the key: points, rank and streak are computed with the count, and what
    the present question brought is left out until then.
    """

    def __init__(self, snap: Snapshot) -> None:
        self.snap = snap
        self.question = snap.question if snap.game.phase in ASKED else None
        self.resolved = is_revealed(snap)
        self.keyed = self.question is not None and has_key(self.question)
        self.bell = snap.mode == Mode.BELL
        self.ghosts = snap.rules.bell is not None and snap.rules.bell.ghosts
        self.teams = {group.id: _json(group.name) for group in snap.teams}
        self.wires: dict[str, str] = {}
        self.won = frozenset(winners_of(snap))
        self.asked_hall = snap.game.phase == Phase.OPEN and snap.game.lifeline_at == snap.game.index

    def text(self, line: Line) -> str:
        """The JSON of ``You``, its fields in their order."""
        answered = self.question is not None and line.response is not None
        counted = self.resolved and line.permille is not None
        fallen = line.status == PlayerStatus.OUT
        right = line.permille if counted and self.keyed else None
        return (
            f'{{"key":"{line.key}","name":{_name(line.name)},"name_state":"{line.name_state}","seat":{line.seat or 0},'
            f'"status":"{line.status}","ghost":{_bool(fallen and self.ghosts)},'
            f'"team":{self.teams.get(line.team_id, _EMPTY) if line.team_id else _EMPTY},"answered":{_bool(answered)},'
            f'"response":{self.wire(line.response or "") if answered else "null"},"bet":{line.bet if answered else 0},'
            f'"right":{"null" if right is None else right},"gained":{(line.gained or 0) if counted else 0},'
            f'"points":{line.ghost_score if fallen and self.bell else line.score},"rank":{line.rank},'
            f'"tied":{_bool(line.tied)},"of":{self.snap.players},"streak":{line.streak},'
            f'"correct":{line.correct},"won":{_bool(line.id in self.won)},"lifeline":{self.lifeline(line)}}}'
        )

    def wire(self, response: str) -> str:
        """The wire form of a stored answer as JSON; few are different."""
        text = self.wires.get(response)
        if text is None:
            assert self.question is not None
            text = self.wires[response] = _json(wire_of(self.snap, self.question, response))
        return text

    def lifeline(self, line: Line) -> str:
        """What the others think, for the one who still stands and has asked them."""
        if not self.asked_hall or line.status != PlayerStatus.IN or self.question is None:
            return "null"
        return _json(counts_of(self.snap, self.question))


def you(snap: Snapshot, line: Line) -> You:
    """One player's own line, as a phone reads it."""
    return read(You, json.loads(Own(snap).text(line)))


def _bool(value: bool) -> str:
    return "true" if value else "false"


@lru_cache(maxsize=20_000)
def _name(name: str) -> str:
    return _json(name)


def fit(frame: F) -> F:
    """The frame with as many rows as LARGEST_FRAME holds: the longest list loses its last tenth, again and again.

    Names in the lobby lose their oldest.
    """
    while len(frame.encode().encode()) > LARGEST_FRAME:
        lists = {name: rows for name in _CUT if (rows := getattr(frame, name, ()))}
        if not lists:
            break
        longest = max(lists, key=lambda name: len(lists[name]))
        cut = max(1, len(lists[longest]) // 10)
        left = lists[longest][cut:] if longest == "names" else lists[longest][:-cut]
        frame = replace(frame, **{longest: left})
    return frame


def hall_scene(snap: Snapshot, presence: Presence, *, now: int, boards: int) -> dict[str, Any]:
    """The fields wall and desk have besides."""
    return scene(snap, now=now, letters=False, boards=boards) | {
        "players": presence.players,
        "join": wall_join(snap, presence),
        "answered": presence.answered if snap.game.phase in ASKED else 0,
        "of": expected(snap),
        "online": presence.online,
        "names": tuple(reversed(snap.newest(NAMES_SHOWN))) if snap.game.phase == Phase.LOBBY else (),
        "seats": seats(snap),
        "rescue": rescue(snap),
        "fell": fallen_now(snap),
    }


def wall(snap: Snapshot, presence: Presence, *, now: int) -> Wall:
    """The projector's frame."""
    boards = ALL_ROWS if snap.game.phase in BOARDS else 0
    return fit(Wall(**hall_scene(snap, presence, now=now, boards=boards)))


def desk(snap: Snapshot, presence: Presence, *, now: int, role: GrantRole) -> Desk:
    """The frame of who steers. A marshal sees nothing of what comes, and the key once nobody can answer any more: boards
    held up on the floor must be judged by it."""
    trusted = role in STEERING
    waiting = snap.waiting if trusted else ()
    frame = Desk(
        **hall_scene(snap, presence, now=now, boards=ALL_ROWS),
        actions=tuple(sorted(one.value for one in may(snap.game, snap.plan, snap.rules) if allowed(one, role))),
        key=desk_key(snap) if trusted or snap.game.phase not in ANSWERING else None,
        upcoming=upcoming(snap) if trusted else None,
        log=tuple(LogLine(at=to_ms(one.at), who=one.who, action=one.action) for one in reversed(snap.log)),
        players_waiting=tuple(WaitingName(key=one.key, name=one.name) for one in waiting[:WAITING_SHOWN]),
        players_waiting_total=len(waiting),
        auto=snap.game.auto,
        at=snap.seq,
        role=role.value,
    )
    return fit(frame)


def desk_key(snap: Snapshot) -> DeskKey | None:
    """The right answer for the host's eyes."""
    question = snap.question
    if question is None or snap.game.phase not in ASKED or not has_key(question):
        return None
    text = get_kind(question.kind).tell_key(question.content, question.key)
    return DeskKey(text=text, ids=right_ids(snap, question))


def upcoming(snap: Snapshot) -> Upcoming | None:
    """What the host will be asked to read next. A sealed question is read when the hall reads it (decision 044): a lobby may
    stand open for days, and this frame does not know whether its reader is named."""
    question = snap.upcoming
    if question is None:
        return None
    return Upcoming(stem=_("Câu niêm phong") if question.sealed else question.stem, kind=question.kind)


def wall_join(snap: Snapshot, presence: Presence) -> WallJoin | None:
    """How to come in, as long as anybody can."""
    if not snap.pin or snap.game.locked or snap.game.phase in CLOSED:
        return None
    return WallJoin(
        pin=snap.pin,
        url=JOIN_PATH,
        qr_svg_url=QR_PATH.format(event=snap.public_id),
        pattern=presence.pattern,
    )


def seats(snap: Snapshot) -> str:
    """The floor of golden bell, a character a seat; who was called in after this question is r."""
    if snap.mode != Mode.BELL:
        return ""
    called = {
        player for move in snap.game.moves if move.after == snap.game.index and move.inward for player in move.players
    }
    floor = list(snap.seats())
    for player in called:
        line = snap.lines.get(player)
        if line is not None and line.seat and line.status == PlayerStatus.IN:
            floor[line.seat - 1] = "r"
    return "".join(floor)


def rescue(snap: Snapshot) -> LiveRescue | None:
    """Who may be brought back, while that is decided."""
    bell = snap.rules.bell
    if bell is None or snap.game.phase != Phase.RESCUE:
        return None
    people = [
        Person(id=line.id, seat=line.seat or 0, unit=line.unit_id, status=PlayerStatus(line.status), out_at=line.out_at)
        for line in snap.lines.values()
    ]
    ids = rescue_candidates(people, game=snap.game, plan=snap.plan, lot=snap.secret)
    used = sum(move.by in (MoveBy.TEACHER, MoveBy.AUDIENCE) for move in snap.game.moves)
    fallen = (snap.lines[player] for player in ids[:CANDIDATES_SHOWN])
    return LiveRescue(
        quota=max(0, bell.teacher_rescues - used),
        candidates=tuple(
            Candidate(key=line.key, name=shown_name(line), seat=line.seat or 0, unit=line.unit) for line in fallen
        ),
        total=len(ids),
    )
