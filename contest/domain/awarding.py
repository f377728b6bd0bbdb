"""Certificates of a round in one decision: who gets one is written, then all are drawn in the background."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contest.domain.certificates import issue_certificates, request_drawing
from contest.enums import CertificateKind
from contest.models import Job, Round
from people.models import User


@transaction.atomic
def award_certificates(*, contest_round: Round, kind: CertificateKind, actor: User, now: datetime) -> Job:
    """Issue the certificates of this kind and have them drawn; asking again issues only what is missing.

    Raises:
        NotYet: before the result is published.
    """
    issue_certificates(contest_round=contest_round, kind=kind, actor=actor, now=now)
    return request_drawing(contest_round=contest_round, actor=actor, now=now)
