"""Invitations as rules and data: codes of links, and the checks that find rings. Pure: no Django, no clock.

A check never refuses anybody. It names a reason with its figures, the credit waits, and a person decides. Only what a
contest keeps anyway is looked at: times of entering and handing in, the papers, the verified address. No device is
recognised and nothing is kept for it (decision 019).
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Without letters and figures that look alike, one case: read out over a telephone, typed from a poster.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 10  # 49 bits
LINK_LIFE = timedelta(days=30)
"""How long an opened link is remembered until the contest is entered."""

COUNTED, HELD, REFUSED, LOST = "counted", "held", "refused", "lost"

_CODE = re.compile(rf"[{ALPHABET}]{{{CODE_LENGTH}}}")
_MAILBOX_TAG = re.compile(r"\+.*")
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def new_code() -> str:
    """Return a code nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """Return the code somebody typed or followed, "" where it cannot be one."""
    code = text.strip().lower()
    return code if _CODE.fullmatch(code) else ""


Reason = dict[str, str | int]
"""{"code": which check, and its figures}: what is stored, and put into words when shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finisher:
    """One invited person's first finished paper. ``inviter`` is None for a unit's link; people are resident ids."""

    invitation: int
    link: int
    inviter: int | None
    invited: int
    entered_at: datetime
    handed_in_at: datetime
    duration_ms: int
    round: int
    sheet: str
    questions: int
    answered: int
    correct: int
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a check speaks up. A class at school enters together, a family shares a telephone: a person looks."""

    burst_people: int = 10
    burst: timedelta = timedelta(minutes=10)
    serial_people: int = 4
    serial_gap: timedelta = timedelta(minutes=10)
    seconds_a_question: int = 2
    twin_wrong: int = 2
    times_people: int = 3
    times_ms: int = 1_000
    phones_people: int = 3
    phones_span: int = 9


USUAL = Thresholds()
Found = Iterator[tuple[Finisher, Reason]]


def suspicions(finishers: Iterable[Finisher], limits: Thresholds = USUAL) -> dict[int, list[Reason]]:
    """Return what speaks against whom: invitation -> reasons, in a fixed order. Linear but for sorting."""
    everybody = sorted(finishers, key=lambda one: (one.handed_in_at, one.invitation))
    by_link: defaultdict[int, list[Finisher]] = defaultdict(list)
    for one in everybody:
        by_link[one.link].append(one)
    found: defaultdict[int, list[Reason]] = defaultdict(list)
    checks = [_cycle(everybody), _mailbox(everybody), _paper(everybody, limits)]
    for group in by_link.values():
        checks += [_same_papers(group, limits), _same_times(group, limits), _phones(group, limits)]
        if group[0].inviter is not None:  # a unit's link hangs in a hall, and a helper's telephone goes round
            checks += [_burst(group, limits), _serial(group, limits)]
    for check in checks:
        for one, reason in check:
            found[one.invitation].append(reason)
    return {key: sorted(reasons, key=lambda reason: str(reason["code"])) for key, reasons in found.items()}


def state_of(*, codes: Collection[str], decision: str, judged: Collection[str]) -> str:
    """Return what an earned credit is now: a decision stands until a check finds what it has not seen."""
    if decision == REFUSED:
        return REFUSED
    if decision == COUNTED and set(codes) <= set(judged):
        return COUNTED
    return HELD if codes else COUNTED


def on_cycles(edges: Iterable[tuple[int, int]]) -> set[int]:
    """Return who stands on a circle of invitations, from (inviter, invited); everybody was invited at most once."""
    inviter_of = {invited: inviter for inviter, invited in edges}
    done: set[int] = set()
    found: set[int] = set()
    for start in inviter_of:
        path: dict[int, int] = {}
        node = start
        while node in inviter_of and node not in done and node not in path:
            path[node] = len(path)
            node = inviter_of[node]
        if node in path:
            found |= {one for one, place in path.items() if place >= path[node]}
        done.update(path)  # "done |= path.keys()" would copy the whole set each time
    return found


def mailbox(email: str) -> str:
    """Return the mailbox behind an address: lan+1@ and lan@ are one, and so are the dots of Gmail."""
    name, _at, host = email.strip().lower().rpartition("@")
    name = _MAILBOX_TAG.sub("", name)
    return f"{name.replace('.', '') if host in _DOTLESS else name}@{host}" if name else ""


def _reason(code: str, **figures: int) -> Reason:
    return {"code": code, **figures}


def _cycle(everybody: Sequence[Finisher]) -> Found:
    found = on_cycles((one.inviter, one.invited) for one in everybody if one.inviter is not None)
    for one in everybody:
        if one.invited in found:
            yield one, _reason("cycle", people=len(found))


def _mailbox(everybody: Sequence[Finisher]) -> Found:
    boxes: defaultdict[str, list[Finisher]] = defaultdict(list)
    for one in everybody:
        if box := mailbox(one.email):
            boxes[box].append(one)
    for group in boxes.values():
        if len(group) > 1:
            yield from ((one, _reason("mailbox", people=len(group))) for one in group)


def _paper(everybody: Sequence[Finisher], limits: Thresholds) -> Found:
    for one in everybody:
        if one.duration_ms < one.answered * limits.seconds_a_question * 1_000:
            yield one, _reason("speed", seconds=one.duration_ms // 1_000, answered=one.answered)
        if one.answered * 2 < one.questions:
            yield one, _reason("thin", answered=one.answered, questions=one.questions)


def _same_papers(group: Sequence[Finisher], limits: Thresholds) -> Found:
    """Same answers to the same questions, or all but one, the mistakes included: knowing the same is no reason."""
    alike: defaultdict[tuple[int, str], list[Finisher]] = defaultdict(list)
    for one in group:
        wrong = one.answered - one.correct
        if wrong >= limits.twin_wrong:
            alike[one.round, one.sheet].append(one)
        if wrong > limits.twin_wrong:
            # Papers that differ in one place are equal once that place is struck out.
            for place in range(len(one.sheet)):
                alike[one.round, f"{one.sheet[:place]}\0{one.sheet[place + 1 :]}"].append(one)
    most: dict[int, int] = {}
    for twins in alike.values():
        if len(twins) > 1:
            for one in twins:
                most[one.invitation] = max(most.get(one.invitation, 0), len(twins))
    yield from ((one, _reason("papers", people=most[one.invitation])) for one in group if one.invitation in most)


def _same_times(group: Sequence[Finisher], limits: Thresholds) -> Found:
    alike: defaultdict[tuple[int, str], list[Finisher]] = defaultdict(list)
    for one in group:
        alike[one.round, one.sheet].append(one)
    for same in alike.values():
        same.sort(key=lambda one: one.duration_ms)
        for one in _runs(same, [one.duration_ms for one in same], limits.times_people, limits.times_ms):
            yield one, _reason("times", people=len(same))


def _phones(group: Sequence[Finisher], limits: Thresholds) -> Found:
    known = sorted(
        (int(one.phone.lstrip("+")), one.invitation, one) for one in group if one.phone.lstrip("+").isdigit()
    )
    people = [one for _number, _invitation, one in known]
    numbers = [number for number, _invitation, _one in known]
    near = list(_runs(people, numbers, limits.phones_people, limits.phones_span))
    yield from ((one, _reason("phones", people=len(near))) for one in near)


def _burst(group: Sequence[Finisher], limits: Thresholds) -> Found:
    people = sorted(group, key=lambda one: (one.entered_at, one.invitation))
    times = [one.entered_at.timestamp() for one in people]
    together = list(_runs(people, times, limits.burst_people, limits.burst.total_seconds()))
    minutes = int(limits.burst.total_seconds() // 60)
    yield from ((one, _reason("burst", people=len(together), minutes=minutes)) for one in together)


def _serial(group: Sequence[Finisher], limits: Thresholds) -> Found:
    """Each enters when the one before has handed in, one after the other: as with one telephone."""
    people = sorted(group, key=lambda one: (one.entered_at, one.invitation))
    chain: list[Finisher] = []
    for one in [*people, None]:
        waited = one.entered_at - chain[-1].handed_in_at if one is not None and chain else None
        if one is not None and waited is not None and timedelta() <= waited <= limits.serial_gap:
            chain.append(one)
            continue
        if len(chain) >= limits.serial_people:
            yield from ((link, _reason("serial", people=len(chain))) for link in chain)
        chain = [one] if one is not None else []


def _runs(people: Sequence[Finisher], values: Sequence[float], number: int, span: float) -> Iterator[Finisher]:
    """Yield who stands in some window of ``number`` people whose sorted ``values`` lie within ``span``."""
    last = -1
    for first in range(len(people) - number + 1):
        if values[first + number - 1] - values[first] <= span:
            for place in range(max(first, last + 1), first + number):
                yield people[place]
            last = first + number - 1
