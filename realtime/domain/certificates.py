"""Certificates of an event: issued here from its final ranking, drawn by the same job as those of contests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import translation

from contest.certificates.facts import Facts
from contest.domain.certificates import request_event_drawing
from contest.enums import CertificateKind
from contest.models import Certificate, Job
from contest.queries.board_rows import clock_of
from contest.rules.words import VIETNAM, say_number
from contest.seal import Sealer, leaf
from people.domain.audit import record
from people.models import Resident, User
from realtime.enums import Mode, PlayerStatus
from realtime.errors import EventRunning
from realtime.models import Event, LiveAnswer, Player
from realtime.queries.lines import Line
from realtime.queries.report import EventReport, report_of

PRIZES = {1: "Giải Nhất", 2: "Giải Nhì", 3: "Giải Ba"}
BELL_PRIZE = "Rung chuông vàng"
SLICE = 1_000


def request_event_certificates(*, event: Event, kind: CertificateKind | str, actor: User | None, now: datetime) -> Job:
    """Issue the missing certificates of an ended event and have them drawn in the background, with progress. Asking
    twice makes nothing twice.

    Participants' go to people with an account (a nickname is no name to certify); winners' to whoever won, under the
    name they played with. Raises EventRunning before the end.
    """
    kind = CertificateKind(kind)
    issue_event_certificates(event=event, kind=kind, actor=actor, now=now)
    return request_event_drawing(event_ref=event.public_id, kind=kind, actor=actor, now=now)


@transaction.atomic
def issue_event_certificates(*, event: Event, kind: CertificateKind, actor: User | None, now: datetime) -> int:
    """Make the missing certificates; how many were made. Raises EventRunning."""
    if event.ended_at is None or event.rehearsal:
        raise EventRunning
    report = report_of(event)
    there = set(
        Certificate.objects.filter(event_ref=event.public_id, kind=kind, revoked_at__isnull=True).values_list(
            "player_ref", flat=True
        )
    )
    rows = [row for row in _certified(event, report, kind, now) if row.player_ref not in there]
    Certificate.objects.bulk_create(rows, batch_size=SLICE, ignore_conflicts=True)
    if rows:
        data = {"kind": str(kind), "number": len(rows), "seal": seal_of(report)}
        record(actor=actor, verb="certificates.issued", subject=f"event:{event.public_id}", data=data, now=now)
    return len(rows)


def seal_of(report: EventReport) -> str:
    """Return the Merkle root over the final ranking, best first: key, rank, points, right answers and time of each."""
    sealer = Sealer()
    for line in report.lines:
        sealer.add(
            leaf(
                {
                    "player": line.key,
                    "rank": line.rank,
                    "tied": line.tied,
                    "points": line.score,
                    "correct": line.correct,
                    "time_ms": line.time_ms,
                    "won": line.id in report.winners,
                }
            )
        )
    return sealer.root().hex()


def _certified(event: Event, report: EventReport, kind: CertificateKind, now: datetime) -> Iterator[Certificate]:
    seal = seal_of(report)
    residents = _residents(event)
    played = set(LiveAnswer.objects.filter(question__event_id=event.pk).values_list("player_id", flat=True).distinct())
    for line in report.lines:
        resident = residents.get(line.id)
        prize = _prize(event, line, report) if kind == CertificateKind.WINNER else ""
        if kind == CertificateKind.WINNER and not prize:
            continue
        if kind != CertificateKind.WINNER and (resident is None or line.id not in played):
            continue
        # What is frozen is Vietnamese, in whatever language the host's page is.
        with translation.override("vi"):
            facts = _facts(event, line, report, kind=kind, prize=prize, resident=resident, seal=seal, now=now)
        yield Certificate(
            kind=kind,
            contest_id=event.contest_id,
            event_ref=event.public_id,
            player_ref=line.key,
            unit_id=event.unit_id,
            resident=resident,
            facts=facts.to_json(),
            issued_at=now,
        )


def _facts(
    event: Event,
    line: Line,
    report: EventReport,
    *,
    kind: CertificateKind,
    prize: str,
    resident: Resident | None,
    seal: str,
    now: datetime,
) -> Facts:
    bell = event.mode == Mode.BELL
    return Facts(
        kind=kind.value,
        name=resident.full_name if resident else line.name,
        unit=line.unit,
        contest=event.title,
        round="",
        organizer=event.unit.name,
        rank=line.rank,
        tied=line.tied,
        of=len(report.lines),
        board="",
        points="" if bell else say_number(line.score),
        full_points="",
        points_milli=1000 * line.score,
        time="" if bell else clock_of(line.time_ms),
        prize=prize,
        result_number=1,
        seal=seal,
        issued_on=now.astimezone(VIETNAM).date().isoformat(),
        live=True,
    )


def _prize(event: Event, line: Line, report: EventReport) -> str:
    if event.mode == Mode.BELL:
        return BELL_PRIZE if line.id in report.winners else ""
    if line.id in report.winners and line.rank not in PRIZES:
        return PRIZES[1]
    return PRIZES.get(line.rank, "") if line.score > 0 else ""


def _residents(event: Event) -> dict[int, Resident]:
    rows = Player.objects.filter(event=event, resident__isnull=False).select_related("resident")
    return {
        row.pk: row.resident
        for row in rows
        if row.resident is not None and row.resident.erased_at is None and row.status != PlayerStatus.BANNED
    }
