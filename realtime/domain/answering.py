"""The rule of an answer in a live event: one statement decides and stores.

An answer is stored iff the event's present question is the one it was given to, opened the very time it was given, not
yet revealed, it arrived between opening and closing and not during a pause (the server's stamp), and its player plays: is in, or is
out and plays on as a ghost. The first answer is final. All of it is decided by the statement that stores it, for many
answers at a time; what was not stored is explained by a second look.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

from contest.arrivals import to_ms
from realtime.enums import Phase, PlayerStatus
from realtime.models import LiveAnswer, Player

LONGEST_RESPONSE = 200

# Answers that arrived in time are welcome until the question is counted: a slow moment of ours costs nobody a point.
# When the host ends a question early, its closing time moves to that moment.
_RULE = """
FROM sent AS a
{join} {events} AS e ON e.id = a.event_id
{join} realtime_player AS p ON p.id = a.player_id AND p.event_id = e.id
{join} realtime_eventquestion AS q ON q.id = a.question_id AND q.event_id = e.id AND q.position = e."index"
WHERE e.phase IN ('open', 'locked') AND e.instance = a.instance
  AND a.received_ms BETWEEN e.opens_at AND e.closes_at AND (e.paused_at = 0 OR a.received_ms <= e.paused_at)
  AND p.since <= e.instance
  AND (p.status = 'in' OR (p.status IN ('out', 'reserve') AND e.ghosts))
"""
_INSERT = """
INSERT INTO realtime_liveanswer (question_id, instance, player_id, response, bet, received_ms, elapsed_ms, ghost)
SELECT a.question_id, a.instance, a.player_id, a.response, a.bet, a.received_ms, a.received_ms - e.opens_at,
       p.status <> 'in'
"""
_END = "ON CONFLICT DO NOTHING RETURNING question_id, instance, player_id"
_FIELDS = ("event_id", "question_id", "instance", "player_id", "response", "bet", "received_ms")

# CROSS JOIN keeps SQLite from scanning a table; the one writer needs no lock.
_SQLITE = f"""
WITH sent AS MATERIALIZED (
    SELECT json_extract(value, '$[0]') AS event_id, json_extract(value, '$[1]') AS question_id,
           json_extract(value, '$[2]') AS instance, json_extract(value, '$[3]') AS player_id,
           json_extract(value, '$[4]') AS response, json_extract(value, '$[5]') AS bet,
           json_extract(value, '$[6]') AS received_ms
    FROM json_each(%s)
) {_INSERT} {_RULE.format(events="realtime_event", join="CROSS JOIN")} {_END}
"""  # noqa: S608  texts of ours only
# FOR SHARE makes a host who closes the question wait for this commit, and this statement see the host's: whatever is
# acknowledged is counted. Rows are locked in the order of their ids.
_POSTGRESQL = f"""
WITH held AS MATERIALIZED (
    SELECT * FROM realtime_event WHERE id = ANY(%(events)s::bigint[]) ORDER BY id FOR SHARE
), sent AS (
    SELECT * FROM unnest(%(event_id)s::bigint[], %(question_id)s::bigint[], %(instance)s::int[],
                         %(player_id)s::bigint[], %(response)s::text[], %(bet)s::int[], %(received_ms)s::bigint[])
    AS s(event_id, question_id, instance, player_id, response, bet, received_ms)
) {_INSERT} {_RULE.format(events="held", join="JOIN")} {_END}
"""  # noqa: S608  texts of ours only


class AnswerCode(StrEnum):
    """What became of an answer."""

    SAVED = "saved"
    DUPLICATE = "duplicate"
    LATE = "late"
    CLOSED = "closed"
    OUT = "out"
    NOT_YOURS = "not_yours"
    BAD_ANSWER = "bad_answer"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class LiveArrival:
    """An answer on its way in: read into its canonical form already (``response``), its player proven by a token.
    ``received_at`` (UTC) is the stamp of the first line of the ASGI application; elapsed time is counted from it by
    the statement."""

    event_id: int
    question_id: int
    instance: int
    player_id: int
    response: str
    bet: int
    received_at: datetime


class _Row(NamedTuple):
    event_id: int
    question_id: int
    instance: int
    player_id: int
    response: str
    bet: int
    received_ms: int

    @property
    def key(self) -> tuple[int, int, int]:
        return self.question_id, self.instance, self.player_id


def save_live_answers(items: Sequence[LiveArrival]) -> list[AnswerCode]:
    """Store what may be stored and say what became of each, in their order. Returns after the commit when called
    outside a transaction. One query when everything is stored, three when something was not. Idempotent: a repeat is
    a duplicate."""
    codes: list[AnswerCode | None] = [None] * len(items)
    rows: dict[tuple[int, int, int], _Row] = {}
    first: dict[tuple[int, int, int], int] = {}
    for index, item in enumerate(items):
        if not _sound(item):
            codes[index] = AnswerCode.BAD_ANSWER
            continue
        row = _Row(
            item.event_id,
            item.question_id,
            item.instance,
            item.player_id,
            item.response,
            item.bet,
            to_ms(item.received_at),
        )
        known = rows.get(row.key)
        if known is None or row.received_ms < known.received_ms:
            rows[row.key] = row
            first[row.key] = index
    stored = _store(rows.values())
    left: dict[int, tuple[int, int, int]] = {}
    for index, item in enumerate(items):
        if codes[index] is not None:
            continue
        key = (item.question_id, item.instance, item.player_id)
        if key in stored and first[key] == index:
            codes[index] = AnswerCode.SAVED
        else:
            left[index] = key
    if left:
        reasons = _explain({rows[key] for key in left.values()}, stored)
        for index, key in left.items():
            codes[index] = reasons[key]
    return [code for code in codes if code is not None]


def _sound(item: LiveArrival) -> bool:
    """Whether the database can take it; a lone surrogate or NUL would break the whole batch."""
    if not 0 < len(item.response) <= LONGEST_RESPONSE or "\x00" in item.response:
        return False
    try:
        item.response.encode()
    except UnicodeEncodeError:
        return False
    return item.bet in (0, 1, 2)


def _store(rows: Iterable[_Row]) -> set[tuple[int, int, int]]:
    """Run the statement; return the keys of what it stored."""
    rows = sorted(rows)  # rows that several writers might insert are taken in one order everywhere
    if not rows:
        return set()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_SQLITE, [json.dumps(rows, ensure_ascii=False)])
        else:
            columns = {name: list(values) for name, values in zip(_FIELDS, zip(*rows, strict=True), strict=True)}
            cursor.execute(_POSTGRESQL, columns | {"events": sorted(set(columns["event_id"]))})
        return {(row[0], row[1], row[2]) for row in cursor.fetchall()}


class _Facts(NamedTuple):
    """What decided about a player's answer, at the second look."""

    event_id: int
    status: str
    since: int
    phase: str
    paused_at: int
    instance: int
    opens_at: int
    closes_at: int
    ghosts: bool

    @property
    def plays(self) -> bool:
        waits = self.status in (PlayerStatus.OUT, PlayerStatus.RESERVE)
        return self.status == PlayerStatus.IN or (waits and self.ghosts)


def _explain(rows: Iterable[_Row], stored: set[tuple[int, int, int]]) -> dict[tuple[int, int, int], AnswerCode]:
    """Say why each of ``rows`` was not stored (or that an equal row of its batch was)."""
    rows = list(rows)
    players = {
        pk: _Facts._make(rest)
        for pk, *rest in Player.objects.filter(pk__in={row.player_id for row in rows}).values_list(
            "pk", "event_id", "status", "since", "event__phase", "event__paused_at", "event__instance",
            "event__opens_at", "event__closes_at", "event__ghosts",
        )
    }  # fmt: skip
    there = stored | set(
        LiveAnswer.objects.filter(
            question_id__in={row.question_id for row in rows},
            instance__in={row.instance for row in rows},
            player_id__in={row.player_id for row in rows},
        ).values_list("question_id", "instance", "player_id")
    )
    return {row.key: _why(row, players.get(row.player_id), row.key in there) for row in rows}


def _why(row: _Row, facts: _Facts | None, there: bool) -> AnswerCode:
    if facts is None or facts.event_id != row.event_id:
        return AnswerCode.NOT_YOURS
    if there:
        return AnswerCode.DUPLICATE  # before all else: the repeat of an acknowledged answer is acknowledged again
    if not facts.plays:
        return AnswerCode.OUT
    if facts.instance != row.instance or facts.phase not in (Phase.OPEN, Phase.LOCKED) or facts.since > row.instance:
        return AnswerCode.CLOSED
    if facts.paused_at:
        return AnswerCode.BUSY  # sent while the host paused: the phone tries again and is heard when it goes on
    if row.received_ms < facts.opens_at:
        return AnswerCode.CLOSED
    # In time after all: something changed between the two looks, a repeat will meet it as it is now.
    return AnswerCode.LATE if row.received_ms > facts.closes_at else AnswerCode.BUSY
