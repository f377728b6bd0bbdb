"""The rule of an answer, in one place for the hot path and the form view.

An answer is stored iff the attempt is open, the lease is the one in force, it arrived no later than ``accept_until``,
its position was dealt, the response fits the question and no higher sequence number is stored. All but the form of the
response is decided by the very statement that stores it: nothing is read first and trusted later. What was not stored
is explained by a second look.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from contest.arrivals import to_ms
from contest.enums import AttemptState
from contest.models import AnswerEvent, Attempt
from contest.queries.papers import PaperFacts, papers_of
from contest.sheet import Item
from contest.wire import LONGEST_RESPONSE, Ack, Code, SentAnswer
from quizbank.errors import BadResponse
from quizbank.kinds.base import Wire

# One statement for many answers. CROSS JOIN keeps SQLite from scanning the attempts; the scalar subquery is one index
# probe. SQLite runs it as a single writer.
_SQLITE = """
INSERT INTO contest_answerevent (attempt_id, position, seq, response, received_at)
SELECT a.id, json_extract(v.value, '$[1]'), json_extract(v.value, '$[2]'), json_extract(v.value, '$[3]'),
       json_extract(v.value, '$[4]')
FROM json_each(%s) AS v CROSS JOIN contest_attempt AS a ON a.id = json_extract(v.value, '$[0]')
WHERE a.state = 'open' AND a.lease = json_extract(v.value, '$[5]') AND a.accept_until >= json_extract(v.value, '$[4]')
  AND coalesce((SELECT max(e.seq) FROM contest_answerevent AS e
                WHERE e.attempt_id = a.id AND e.position = json_extract(v.value, '$[1]')), -1)
      < json_extract(v.value, '$[2]')
ON CONFLICT DO NOTHING
RETURNING attempt_id, position, seq,
          (SELECT a.deadline FROM contest_attempt AS a WHERE a.id = contest_answerevent.attempt_id)
"""

# FOR SHARE holds back a submit that would fold the sheet between this look at the attempt and this commit; rows are
# locked in the order of their ids, as everybody does who locks several.
_POSTGRESQL = """
WITH held AS MATERIALIZED (
    SELECT id, lease, accept_until FROM contest_attempt
    WHERE id = ANY(%(attempts)s::bigint[]) AND state = 'open' ORDER BY id FOR SHARE
), sent AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(positions)s::int[], %(seqs)s::int[], %(responses)s::text[],
                         %(times)s::timestamptz[], %(leases)s::int[])
    AS s(attempt_id, position, seq, response, received_at, lease)
)
INSERT INTO contest_answerevent (attempt_id, position, seq, response, received_at)
SELECT s.attempt_id, s.position, s.seq, s.response, s.received_at
FROM sent AS s JOIN held AS a ON a.id = s.attempt_id
WHERE a.lease = s.lease AND a.accept_until >= s.received_at
  AND coalesce((SELECT max(e.seq) FROM contest_answerevent AS e
                WHERE e.attempt_id = s.attempt_id AND e.position = s.position), -1) < s.seq
ON CONFLICT DO NOTHING
RETURNING attempt_id, position, seq,
          (SELECT a.deadline FROM contest_attempt AS a WHERE a.id = contest_answerevent.attempt_id)
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An answer on its way in: whose it says it is, what was sent, and when it arrived (UTC)."""

    attempt: int
    check: bytes
    lease: int
    received_at: datetime
    sent: SentAnswer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an arrival. ``deadline_ms`` is 0 where the attempt is unknown."""

    ack: Ack
    deadline_ms: int = 0


@dataclass(slots=True, eq=False)
class _Row:
    """A readable arrival: ready for the statement."""

    arrival: Arrival
    deadline_ms: int
    item: Item
    seed: int
    response: str

    @property
    def key(self) -> tuple[int, int, int]:
        return self.arrival.attempt, self.arrival.sent.position, self.arrival.sent.seq

    @property
    def slot(self) -> tuple[int, int]:
        return self.arrival.attempt, self.arrival.sent.position


def save_answers(arrivals: Sequence[Arrival]) -> list[Outcome]:
    """Store what may be stored and say what became of each arrival, in their order.

    Returns after the commit when called outside a transaction. Two queries at most in the steady state: the
    statement, and one more only when something was refused.
    """
    facts = papers_of({arrival.attempt: arrival.check for arrival in arrivals})
    outcomes: list[Outcome | None] = [None] * len(arrivals)
    rows: dict[int, _Row] = {}
    for index, arrival in enumerate(arrivals):
        known = facts.get(arrival.attempt)
        if known is None:
            outcomes[index] = _outcome(arrival, Code.BAD_TOKEN)
            continue
        row = _read(arrival, known)
        if row is None:
            outcomes[index] = _outcome(arrival, Code.BAD_ANSWER, deadline_ms=known.deadline_ms)
        else:
            rows[index] = row
    stored = _insert(rows.values())
    newest = {row.slot: row for row in sorted(stored.values(), key=lambda row: row.key)}
    left: dict[int, _Row] = {}
    for index, row in rows.items():
        if stored.get(row.key) is row:
            outcomes[index] = _saved(row, Code.SAVED, newest[row.slot].response)
        else:  # refused, or the equal of another row of this batch
            left[index] = row
    if left:
        for index, outcome in _explain(left).items():
            outcomes[index] = outcome
    return [outcome for outcome in outcomes if outcome is not None]


def _read(arrival: Arrival, facts: PaperFacts) -> _Row | None:
    """Return a row, or None where the response fits nothing on this paper. Clearing needs an explicit ""."""
    sent = arrival.sent
    if sent.response is None or sent.position >= len(facts.dealt):
        return None
    item, seed = facts.at(sent.position)
    try:
        canonical = item.kind.read(item.content, sent.response, seed=seed)
        canonical.encode()  # lone surrogates and NUL break whole batches in the database
    except (BadResponse, UnicodeEncodeError):
        return None
    if len(canonical) > LONGEST_RESPONSE or "\x00" in canonical:
        return None
    return _Row(arrival, facts.deadline_ms, item, seed, canonical)


def _insert(rows: Iterable[_Row]) -> dict[tuple[int, int, int], _Row]:
    """Run the statement; return the rows that were stored by (attempt, position, seq).

    The statement tells the deadline in force too: an organizer may have moved it since the paper was remembered.
    """
    sent = _worth_sending(rows)
    if not sent:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_SQLITE, [_json_rows(sent.values())])
        else:
            cursor.execute(_POSTGRESQL, _arrays(list(sent.values())))
        stored = {(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()}
    for key, deadline in stored.items():
        sent[key].deadline_ms = to_ms(_moment(deadline))
    return {key: sent[key] for key in stored}


def _moment(value: datetime) -> datetime:
    """Return a time of a raw statement as an instant; SQLite's has no time zone."""
    return value if value.tzinfo else value.replace(tzinfo=connection.timezone)


def _worth_sending(rows: Iterable[_Row]) -> dict[tuple[int, int, int], _Row]:
    """Leave out what an earlier row of the same batch decides: the statement cannot see its own rows.

    That is a number overtaken by a higher one of the same device, and the second of equals (of two devices that sent
    the same number, the one whose lease cannot be in force). An earlier row that arrived later decides nothing: it
    may be late where this one is not.
    """
    sent: dict[tuple[int, int, int], _Row] = {}
    highest: dict[tuple[int, int, int], _Row] = {}
    for row in rows:
        device = (*row.slot, row.arrival.lease)
        before = highest.get(device)
        if before is not None and before.arrival.received_at <= row.arrival.received_at and before.key >= row.key:
            continue
        highest[device] = row
        equal = sent.get(row.key)
        if equal is None or equal.arrival.lease <= row.arrival.lease:
            sent[row.key] = row
    return sent


def _json_rows(rows: Iterable[_Row]) -> str:
    zone = connection.timezone  # the text Django's own adapter writes, for a third of its price

    def text(moment: datetime) -> str:
        return str(moment.astimezone(zone).replace(tzinfo=None))

    return json.dumps(
        [[*row.key, row.response, text(row.arrival.received_at), row.arrival.lease] for row in rows],
        ensure_ascii=False,
    )


def _arrays(rows: Sequence[_Row]) -> dict[str, list[Any]]:
    return {
        "attempts": sorted({row.arrival.attempt for row in rows}),
        "ids": [row.arrival.attempt for row in rows],
        "positions": [row.arrival.sent.position for row in rows],
        "seqs": [row.arrival.sent.seq for row in rows],
        "responses": [row.response for row in rows],
        "times": [row.arrival.received_at for row in rows],
        "leases": [row.arrival.lease for row in rows],
    }


def _explain(rows: dict[int, _Row]) -> dict[int, Outcome]:
    """Say why each of ``rows`` was not stored, and what is stored instead."""
    attempts = {
        attempt.pk: attempt
        for attempt in Attempt.objects.filter(pk__in={row.arrival.attempt for row in rows.values()}).only(
            "state", "lease", "accept_until", "deadline"
        )
    }
    events: dict[tuple[int, int], dict[int, str]] = {}
    for attempt, position, seq, response in AnswerEvent.objects.filter(
        attempt_id__in=attempts, position__in={row.arrival.sent.position for row in rows.values()}
    ).values_list("attempt_id", "position", "seq", "response"):
        events.setdefault((attempt, position), {})[seq] = response
    explained: dict[int, Outcome] = {}
    for index, row in rows.items():
        kept = events.get(row.slot, {})
        paper = attempts.get(row.arrival.attempt)
        code = _why(row, paper, kept)
        if paper is not None:
            row.deadline_ms = to_ms(paper.deadline)
        explained[index] = _saved(row, code, kept[max(kept)] if kept else None)
    return explained


def _why(row: _Row, attempt: Attempt | None, kept: dict[int, str]) -> Code:
    sent, arrival = row.arrival.sent, row.arrival
    if attempt is None:
        return Code.BAD_TOKEN
    if sent.seq in kept:
        return Code.DUPLICATE  # before all else: the repeat of an acknowledged answer is acknowledged again
    if attempt.state != AttemptState.OPEN:
        return Code.CLOSED
    if attempt.lease != arrival.lease:
        return Code.MOVED
    if attempt.accept_until < arrival.received_at:
        return Code.LATE
    if kept and max(kept) > sent.seq:
        return Code.STALE
    return Code.BUSY  # something changed between the two looks; a repeat will meet it as it is now


def _saved(row: _Row, code: Code, canonical: str | None) -> Outcome:
    return _outcome(row.arrival, code, _wire(row, canonical), row.deadline_ms)


def _wire(row: _Row, canonical: str | None) -> Wire | None:
    if canonical is None:
        return None
    return row.item.kind.write(row.item.content, canonical, seed=row.seed)


def _outcome(arrival: Arrival, code: Code, saved: Wire | None = None, deadline_ms: int = 0) -> Outcome:
    return Outcome(Ack(code, arrival.sent.position, arrival.sent.seq, saved), deadline_ms)
