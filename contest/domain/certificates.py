"""Certificates as things people do: issue, draw, revoke. A row is the truth; the file is drawn from it when asked for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from contest.certificates.draw import draw
from contest.certificates.facts import Facts
from contest.certificates.sign import load_signer
from contest.domain.jobs import beat, enqueue
from contest.enums import CertificateKind, JobKind
from contest.errors import CertificateRevoked, NotYet
from contest.jobs import Claim
from contest.models import Certificate, Job, ResultSet, Round, Standing
from contest.prizes import prize_for
from contest.queries.board_rows import clock_of
from contest.queries.papers import rules_of
from contest.queries.result_sets import published_result
from contest.rules import RuleSet
from contest.rules.words import VIETNAM, say_points
from people.domain.audit import record
from people.models import User

SLICE = 2_000
# Drawn between two signs of life: about a second.
DRAWN_A_BEAT = 25
DRAWERS = 2


def issue_certificates(
    *,
    contest_round: Round,
    kind: CertificateKind = CertificateKind.PARTICIPANT,
    actor: User | None,
    now: datetime,
) -> int:
    """Make the missing certificates of a published round: one a person, or one a winner; how many were made.

    Issuing twice makes nothing twice (a constraint). Raises NotYet before the result is published.
    """
    result = published_result(round_id=contest_round.pk)
    if result is None:
        raise NotYet
    made = 0
    rows = certified(result, CertificateKind(kind), now=now)
    while slice_ := list(islice(rows, SLICE)):
        with transaction.atomic():
            entries = [row.entry_id for row in slice_ if row.entry_id is not None]
            there = set(
                Certificate.objects.filter(
                    entry_id__in=entries, round=contest_round, kind=kind, revoked_at__isnull=True
                ).values_list("entry_id", flat=True)
            )
            missing = [row for row in slice_ if row.entry_id not in there]
            Certificate.objects.bulk_create(missing, ignore_conflicts=True)
            made += len(missing)
    if made:
        record(
            actor=actor,
            verb="certificates.issued",
            subject=f"round:{contest_round.public_id}",
            data={"kind": str(kind), "number": made, "result": result.number},
            now=now,
        )
    return made


def certified(result: ResultSet, kind: CertificateKind, *, now: datetime) -> Iterator[Certificate]:
    """Yield the (unsaved) certificates a result gives cause for, in the order of the result; each person once."""
    rules = rules_of(result.round)
    names = {group.code: group.name for group in rules.groups}
    totals = {board: _total(result, board) for board in ("", *names)}
    standings = Standing.objects.filter(result_set=result).select_related("entry__unit").order_by("board", "position")
    if kind == CertificateKind.PARTICIPANT:
        standings = standings.filter(board="")
    given: set[int] = set()
    for standing in standings.iterator(chunk_size=SLICE):
        prize = _prize(standing, rules) if kind == CertificateKind.WINNER else ""
        if standing.entry_id in given or (kind == CertificateKind.WINNER and not prize):
            continue
        if kind == CertificateKind.WINNER:
            given.add(standing.entry_id)
        # What is frozen is Vietnamese, in whatever language the organizer's page is.
        with translation.override("vi"):
            facts = facts_of(
                result,
                standing,
                kind=kind,
                prize=prize,
                board=names.get(standing.board, ""),
                of=totals[standing.board],
                now=now,
            )
        yield Certificate(
            kind=kind,
            contest_id=result.round.contest_id,
            round_id=result.round_id,
            entry_id=standing.entry_id,
            facts=facts.to_json(),
            issued_at=now,
        )


def facts_of(
    result: ResultSet, standing: Standing, *, kind: CertificateKind, prize: str, board: str, of: int, now: datetime
) -> Facts:
    """Return what a certificate about one place says."""
    contest_round = result.round
    return Facts(
        kind=kind.value,
        name=standing.entry.full_name,
        unit=standing.entry.unit.name,
        contest=contest_round.contest.title,
        round=contest_round.title,
        organizer=contest_round.contest.organizer,
        rank=standing.rank,
        tied=standing.tied,
        of=of,
        board=board,
        points=say_points(standing.points_milli),
        full_points=say_points(result.full_points_milli),
        points_milli=standing.points_milli,
        time=clock_of(standing.duration_ms),
        prize=prize,
        result_number=result.number,
        seal=result.root,
        issued_on=now.astimezone(VIETNAM).date().isoformat(),
    )


def request_drawing(*, contest_round: Round, kind: CertificateKind, actor: User | None, now: datetime) -> Job:
    """Have all certificates of a round issued and drawn in the background, with progress. Raises NotYet."""
    if published_result(round_id=contest_round.pk) is None:
        raise NotYet
    return enqueue(
        kind=JobKind.CERTIFICATES,
        key=f"certificates:{contest_round.pk}:{kind}",
        payload={"round": contest_round.pk, "kind": str(kind)},
        actor=actor,
        now=now,
    )


def request_event_drawing(*, event_ref: str, kind: CertificateKind, actor: User | None, now: datetime) -> Job:
    """Have the issued certificates of a live event drawn in the background, with progress."""
    return enqueue(
        kind=JobKind.CERTIFICATES,
        key=f"certificates:event:{event_ref}:{kind}",
        payload={"event": event_ref, "kind": str(kind)},
        actor=actor,
        now=now,
    )


def run_drawing(held: Claim, payload: dict[str, Any], *, now: datetime) -> int:
    """Issue and draw what is missing, from wherever it was left; how many were drawn here. Raises JobLost.

    Certificates of a live event (``payload["event"]``) were issued when the job was ordered.
    """
    wanted = Certificate.objects.filter(kind=payload["kind"], revoked_at__isnull=True)
    if "event" in payload:
        wanted = wanted.filter(event_ref=payload["event"])
    else:
        contest_round = Round.objects.select_related("contest", "rule_set").get(pk=payload["round"])
        job = Job.objects.select_related("created_by").get(pk=held.job_id)
        issue_certificates(
            contest_round=contest_round, kind=CertificateKind(payload["kind"]), actor=job.created_by, now=now
        )
        wanted = wanted.filter(round=contest_round)
    total, drawn = wanted.count(), wanted.filter(drawn_at__isnull=False).count()
    beat(held, done=drawn, total=total)
    here = 0
    while batch := list(wanted.filter(drawn_at__isnull=True).order_by("pk")[:DRAWN_A_BEAT]):
        draw_all(batch, now=now)
        here += len(batch)
        beat(held, done=min(total, drawn + here))
    return here


def draw_all(certificates: Sequence[Certificate], *, now: datetime) -> None:
    """Draw some certificates and note it in one statement."""
    for certificate, digest in zip(certificates, _drawers().map(_write, certificates), strict=True):
        certificate.drawn_at, certificate.pdf_sha256 = now, digest
    Certificate.objects.bulk_update(certificates, ["drawn_at", "pdf_sha256"])


@cache
def _drawers() -> ThreadPoolExecutor:
    """Threads that draw: typst lets go of the interpreter, so one page is drawn while another is flushed to disk.

    They touch no database, and each keeps its compiler.
    """
    return ThreadPoolExecutor(DRAWERS, thread_name_prefix="certificate")


# A forked worker inherits the pool but not its threads.
os.register_at_fork(after_in_child=_drawers.cache_clear)


def certificate_pdf(*, certificate: Certificate, now: datetime) -> Path:
    """Return the file of a certificate, drawn on the first request. Raises CertificateRevoked."""
    if certificate.revoked_at is not None:
        raise CertificateRevoked
    path = path_of(certificate)
    if certificate.drawn_at is None or not path.exists():
        draw_all([certificate], now=now)
    return path


def path_of(certificate: Certificate) -> Path:
    """Return where the file of a certificate is kept: 4,096 folders, so that none grows beyond reason."""
    folder = sha256(certificate.code.encode()).hexdigest()[:3]
    return Path(settings.CERTIFICATE_DIR) / folder / f"{certificate.code}.pdf"


def revoke_certificate(*, certificate: Certificate, reason: str, actor: User, now: datetime) -> Certificate:
    """Revoke a certificate; its page says so from this moment on. Revoking twice changes nothing."""
    with transaction.atomic():
        changed = Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=True).update(
            revoked_at=now, revoked_reason=reason[:300]
        )
        if changed:
            record(
                actor=actor,
                verb="certificate.revoked",
                subject=f"certificate:{certificate.code}",
                data={"reason": reason},
                now=now,
            )
    certificate.refresh_from_db()
    return certificate


def revoke_outdated(*, result: ResultSet, actor: User, now: datetime) -> int:
    """Revoke the round's certificates that a newly published result contradicts; how many. In the caller's transaction."""
    outdated: list[int] = []
    for kind in (CertificateKind.PARTICIPANT, CertificateKind.WINNER):
        true_now = {made.entry_id: _claims(made.facts) for made in certified(result, kind, now=now)}
        valid = Certificate.objects.filter(round_id=result.round_id, kind=kind, revoked_at__isnull=True)
        outdated.extend(
            pk
            for pk, entry_id, facts in valid.values_list("pk", "entry_id", "facts").iterator(chunk_size=SLICE)
            if true_now.get(entry_id) != _claims(facts)
        )
    for start in range(0, len(outdated), SLICE):
        Certificate.objects.filter(pk__in=outdated[start : start + SLICE]).update(
            revoked_at=now, revoked_reason=result.reason or "Kết quả của vòng thi đã thay đổi."
        )
    return len(outdated)


def _claims(facts: dict[str, Any]) -> tuple[Any, ...]:
    """What a certificate states about the result; of how many and under which seal may change without making it untrue."""
    return tuple(facts.get(name) for name in ("rank", "tied", "board", "points_milli", "time", "prize"))


def _prize(standing: Standing, rules: RuleSet) -> str:
    prize = prize_for(rules.prizes, board=standing.board, rank=standing.rank)
    return prize.name if prize else ""


def _total(result: ResultSet, board: str) -> int:
    last = Standing.objects.filter(result_set=result, board=board).order_by("-position")
    return last.values_list("position", flat=True).first() or 0


def _write(certificate: Certificate) -> str:
    """Draw one file and return its SHA-256: under another name first, flushed, then put in place; a killed worker leaves no half file."""
    pdf = draw(Facts.from_json(certificate.facts), code=certificate.code, site_url=settings.SITE_URL)
    signer = load_signer(settings.CERTIFICATE_SIGNER)
    if signer is not None:
        pdf = signer.sign(pdf)
    path = path_of(certificate)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256(pdf).hexdigest()
