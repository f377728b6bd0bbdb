"""Certificates as people look them up: by code for anybody, by person for themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from contest.certificates.facts import Facts
from contest.models import Certificate
from people.ids import PUBLIC_ID_LENGTH

_CODE = re.compile(rf"[A-Za-z0-9_-]{{{PUBLIC_ID_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the public page says about a code: no birth year, no phone, nothing a certificate does not print."""

    code: str
    facts: Facts
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str

    @property
    def valid(self) -> bool:
        """Whether the certificate holds."""
        return self.revoked_at is None


def is_code(text: str) -> bool:
    """Whether a text has the form of a certificate's code."""
    return _CODE.fullmatch(text) is not None


def verify(code: str) -> Verification | None:
    """Return what is known of a code, None when there is no such certificate. One query, by a unique index."""
    if not is_code(code):
        return None
    certificate = Certificate.objects.filter(code=code).first()
    if certificate is None:
        return None
    return Verification(
        code=certificate.code,
        facts=Facts.from_json(certificate.facts),
        issued_at=certificate.issued_at,
        revoked_at=certificate.revoked_at,
        revoked_reason=certificate.revoked_reason,
    )


def certificate_by_code(code: str) -> Certificate | None:
    """Return the certificate with what deciding about its file needs."""
    return Certificate.objects.select_related("entry", "contest__unit", "unit").filter(code=code).first()


def certificate_of(*, entry_id: int, round_id: int) -> Certificate | None:
    """Return a person's certificate of a round: the winner's before the participant's, None without any."""
    valid = Certificate.objects.filter(entry_id=entry_id, round_id=round_id, revoked_at__isnull=True)
    return valid.order_by("-kind").first()


def code_of_event(*, event_ref: str, resident_id: int) -> str:
    """Return the code of a resident's certificate of a live event: the winner's before the participant's, "" without any."""
    valid = Certificate.objects.filter(event_ref=event_ref, resident_id=resident_id, revoked_at__isnull=True)
    return valid.order_by("-kind").values_list("code", flat=True).first() or ""


def certificates_of(*, resident_id: int) -> list[Certificate]:
    """Return a resident's valid certificates, of live events too, with contest and round, newest first. One query."""
    theirs = Q(entry__resident_id=resident_id) | Q(resident_id=resident_id)
    return list(
        Certificate.objects.filter(theirs, revoked_at__isnull=True)
        .select_related("contest", "round")
        .order_by("-issued_at", "-pk")
    )
