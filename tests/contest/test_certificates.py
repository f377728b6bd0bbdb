"""Certificates: rows once, codes nobody guesses, files that say what the result says, byte for byte again."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from pypdf import PdfReader

from contest.certificates.sign import load_signer
from contest.domain import certificates
from contest.domain.certificates import (
    certificate_pdf,
    issue_certificates,
    path_of,
    request_drawing,
    revoke_certificate,
)
from contest.domain.closing import close_round
from contest.domain.publishing import exclude_entry, publish_round
from contest.domain.work import run_job
from contest.enums import CertificateKind, EntryStatus, JobState
from contest.errors import CertificateRevoked, NotYet
from contest.models import Certificate, Job, Round
from contest.queries.certificates import certificate_of, certificates_of
from people.ids import new_public_id
from people.models import AuditEntry
from tests.contest.papers import CLOSED, cast, simple_contest
from tests.contest.test_scoring_run import in_threads
from tests.contest.workers import Worker, wait_for
from tests.factories import make_user

SITE = "https://thiso.example.vn"
PRIZES = {
    "items": [
        {"scope": "round", "rank_from": 1, "rank_to": 1, "name": "Giải Nhất", "value_vnd": 0},
        {"scope": "round", "rank_from": 2, "rank_to": 3, "name": "Giải Nhì", "value_vnd": 0},
    ]
}
PEOPLE = (
    ("Nguyễn Văn An", "BBBBB", 100),
    ("Trần Bình", "BBBBB", 200),
    ("Lê Chi", "BBBBA", 100),
    ("Vũ Dũng", "AAAAA", 9),
)


@pytest.fixture
def published(settings, tmp_path) -> Round:
    settings.CERTIFICATE_DIR = tmp_path
    settings.SITE_URL = SITE
    round_, _ = cast(*PEOPLE, contest=simple_contest(prizes=PRIZES))
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    publish_round(contest_round=round_, actor=make_user("Trưởng ban"), now=CLOSED)
    return round_


# --- issuing ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_codes_carry_128_random_bits(published):
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    codes = list(Certificate.objects.values_list("code", flat=True))

    assert len(set(codes)) == 4
    assert {len(code) for code in codes} == {22}  # 22 characters of 6 bits: 16 bytes
    many = [new_public_id() for _ in range(2000)]
    assert len(set(many)) == 2000
    # No two neighbours share a prefix, as counting or hashing a number would.
    assert max(len({code[position] for code in many}) for position in range(20)) == 64


@pytest.mark.django_db
def test_issue_gives_everybody_one_and_repeats_nothing(published):
    assert issue_certificates(contest_round=published, actor=None, now=CLOSED) == 4
    assert issue_certificates(contest_round=published, actor=None, now=CLOSED) == 0

    facts = Certificate.objects.get(entry__full_name="Trần Bình").facts
    assert (facts["rank"], facts["of"], facts["points"], facts["time"]) == (2, 4, "5", "3:20")
    assert facts["seal"] == published.result_sets.get().root


@pytest.mark.django_db
def test_winners_get_their_prize(published):
    assert issue_certificates(contest_round=published, kind=CertificateKind.WINNER, actor=None, now=CLOSED) == 3

    prizes = {row.entry.full_name: row.facts["prize"] for row in Certificate.objects.all()}
    assert prizes == {"Nguyễn Văn An": "Giải Nhất", "Trần Bình": "Giải Nhì", "Lê Chi": "Giải Nhì"}


@pytest.mark.django_db
def test_nothing_is_certified_before_publication():
    round_, _ = cast(*PEOPLE)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)

    with pytest.raises(NotYet):
        issue_certificates(contest_round=round_, actor=None, now=CLOSED)
    with pytest.raises(NotYet):
        request_drawing(contest_round=round_, kind=CertificateKind.PARTICIPANT, actor=None, now=CLOSED)


@pytest.mark.django_db(transaction=True)
def test_issuing_at_once_makes_one_each(published):
    in_threads(4, lambda: issue_certificates(contest_round=published, actor=None, now=CLOSED))

    assert Certificate.objects.count() == 4


# --- drawing ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_file_is_drawn_on_the_first_request_only(published, monkeypatch):
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    certificate = Certificate.objects.get(entry__full_name="Lê Chi")
    assert certificate.drawn_at is None

    path = certificate_pdf(certificate=certificate, now=CLOSED)

    first = path.read_bytes()
    assert "Lê Chi" in PdfReader(io.BytesIO(first)).pages[0].extract_text()
    certificate.refresh_from_db()
    assert certificate.drawn_at == CLOSED
    monkeypatch.setattr(certificates, "draw", lambda *_a, **_k: 1 / 0)
    assert certificate_pdf(certificate=certificate, now=CLOSED) == path
    monkeypatch.undo()
    path.unlink()  # a lost file comes back byte for byte
    assert certificate_pdf(certificate=certificate, now=CLOSED).read_bytes() == first


@pytest.mark.django_db
def test_crash_while_writing_leaves_no_half_file(published, monkeypatch):
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    certificate = Certificate.objects.first()
    assert certificate is not None
    monkeypatch.setattr(certificates.os, "fsync", lambda _fd: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        certificate_pdf(certificate=certificate, now=CLOSED)

    assert not path_of(certificate).exists()
    assert list(path_of(certificate).parent.iterdir()) == []
    certificate.refresh_from_db()
    assert certificate.drawn_at is None


@pytest.mark.django_db
def test_batch_is_resumed_where_it_was_left(published, monkeypatch):
    monkeypatch.setattr(certificates, "DRAWN_A_BEAT", 1)
    job = request_drawing(contest_round=published, kind=CertificateKind.PARTICIPANT, actor=None, now=CLOSED)
    really, drawn = certificates.draw, []

    def dies_at_the_third(*args, **kwargs):
        if len(drawn) == 2:
            raise SystemExit
        drawn.append(kwargs["code"])
        return really(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(certificates, "draw", dies_at_the_third)
        with pytest.raises(SystemExit):
            run_job(public_id=job.public_id, now=CLOSED)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.RUNNING, 2, 4)

    assert run_job(public_id=job.public_id, now=CLOSED + timedelta(days=3650))

    files = sorted(path.stem for path in Path(certificates.settings.CERTIFICATE_DIR).rglob("*.pdf"))
    assert files == sorted(Certificate.objects.values_list("code", flat=True))
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)


@pytest.mark.service
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_worker_in_a_batch_is_replaced(valkey, settings):
    settings.CERTIFICATE_DIR = Path(settings.DATA_DIR) / "certificates"
    people = [(f"Người {number}", "BBBBB", 60 + number) for number in range(60)]
    round_, _ = cast(*people)
    now = timezone.now()
    Round.objects.update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=8))
    close_round(round_id=round_.pk, actor=None, now=now)
    publish_round(contest_round=round_, actor=make_user(), now=now)
    job = request_drawing(contest_round=round_, kind=CertificateKind.PARTICIPANT, actor=None, now=now)
    done = lambda: Certificate.objects.filter(drawn_at__isnull=False).count()  # noqa: E731
    worker = Worker()
    try:
        wait_for(lambda: done() > 0, seconds=60, what="first certificates")
        worker.kill()
        assert Job.objects.get(pk=job.pk).state == JobState.RUNNING
        # What waiting for the lease would do, without the wait.
        Job.objects.filter(pk=job.pk).update(beat_at=now - timedelta(minutes=5))
        worker = Worker()
        wait_for(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE, seconds=60, what="resumed batch")
    finally:
        worker.stop()
        connections.close_all()
    files = sorted(path.stem for path in settings.CERTIFICATE_DIR.rglob("*.pdf"))
    assert files == sorted(Certificate.objects.values_list("code", flat=True))
    assert len(files) == 60
    assert all(len(PdfReader(path).pages) == 1 for path in settings.CERTIFICATE_DIR.rglob("*.pdf"))


# --- revoking --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_revoked_certificate_gives_no_file_and_may_be_replaced(published):
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    certificate = Certificate.objects.get(entry__full_name="Lê Chi")
    actor = make_user()

    revoke_certificate(certificate=certificate, reason="Sai tên.", actor=actor, now=CLOSED)
    revoke_certificate(certificate=certificate, reason="Lần nữa.", actor=actor, now=CLOSED + timedelta(days=1))

    assert (certificate.revoked_at, certificate.revoked_reason) == (CLOSED, "Sai tên.")
    assert AuditEntry.objects.filter(verb="certificate.revoked").count() == 1
    with pytest.raises(CertificateRevoked):
        certificate_pdf(certificate=certificate, now=CLOSED)
    assert issue_certificates(contest_round=published, actor=None, now=CLOSED) == 1
    assert Certificate.objects.filter(entry=certificate.entry).count() == 2


@pytest.mark.django_db
def test_new_result_revokes_what_is_no_longer_true(published):
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    issue_certificates(contest_round=published, kind=CertificateKind.WINNER, actor=None, now=CLOSED)
    cheat = Certificate.objects.filter(entry__full_name="Lê Chi").first()
    assert cheat is not None
    boss, clerk = make_user(), make_user()
    [job] = exclude_entry(entry=cheat.entry, mode=EntryStatus.BARRED, reason="Thi hộ.", actor=clerk, now=CLOSED)
    run_job(public_id=job.public_id, now=timezone.now() + timedelta(days=3650))

    publish_round(contest_round=published, actor=boss, now=CLOSED)

    revoked = Certificate.objects.filter(revoked_at__isnull=False)
    # Chi is out; Dũng moved up to third place, which now has a prize. An and Bình keep theirs.
    assert {row.entry.full_name for row in revoked} == {"Lê Chi", "Vũ Dũng"}
    assert {row.revoked_reason for row in revoked} == {"Thi hộ."}
    assert issue_certificates(contest_round=published, kind=CertificateKind.WINNER, actor=None, now=CLOSED) == 1


@pytest.mark.django_db
def test_person_finds_their_certificates(published):
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    issue_certificates(contest_round=published, kind=CertificateKind.WINNER, actor=None, now=CLOSED)
    winner = Certificate.objects.get(entry__full_name="Nguyễn Văn An", kind="winner")

    assert certificate_of(entry_id=winner.entry_id, round_id=published.pk) == winner
    assert len(certificates_of(resident_id=winner.entry.resident_id)) == 2


def test_nobody_signs_by_default(settings):
    assert settings.CERTIFICATE_SIGNER == ""
    assert load_signer("") is None


class ShoutingSigner:
    """A signer of one's own, named by its dotted path."""

    def sign(self, pdf: bytes) -> bytes:
        return pdf + b"\n% signed"


@pytest.mark.django_db
def test_own_signer_by_dotted_path(published, settings):
    settings.CERTIFICATE_SIGNER = "tests.contest.test_certificates.ShoutingSigner"
    issue_certificates(contest_round=published, actor=None, now=CLOSED)
    certificate = Certificate.objects.first()
    assert certificate is not None

    assert certificate_pdf(certificate=certificate, now=CLOSED).read_bytes().endswith(b"% signed")
