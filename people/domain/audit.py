"""The audit chain: who did what, each entry sealed by the digest of the one before it.

Entries name people by public id only, so that erasing a person never has to touch the chain.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from people.models import AuditEntry, User

GENESIS = "0" * 64
SYSTEM = "hệ thống"
_ATTEMPTS = 100  # each lost race means that somebody else's entry went in


def record(*, actor: User | None, verb: str, subject: str, data: dict[str, Any], now: datetime) -> AuditEntry:
    """Append an entry. ``verb`` like "role.granted"; ``subject`` the kind and public id, "round:abc"; no names in ``data``.

    Part of the caller's transaction: what is rolled back is not in the chain. Two writers cannot take the same
    number (unique), so the loser reads again and follows the winner.
    """
    plain = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    for _attempt in range(_ATTEMPTS):
        last = AuditEntry.objects.order_by("-number").values_list("number", "digest").first()
        number, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
        entry = AuditEntry(
            number=number,
            at=now,
            actor=actor,
            actor_label=f"user:{actor.public_id}" if actor else SYSTEM,
            verb=verb,
            subject=subject,
            data=plain,
            previous=previous,
        )
        entry.digest = digest_of(entry)
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            if not AuditEntry.objects.filter(number=number).exists():
                raise
            continue
        return entry
    raise RuntimeError(f"audit chain: {_ATTEMPTS} lost races for a number")


def verify_chain() -> int | None:
    """The number of the first entry that is missing, changed or out of order; None where the chain is whole."""
    previous, expected = GENESIS, 1
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected:
            return expected
        if entry.previous != previous or entry.digest != digest_of(entry):
            return entry.number
        previous, expected = entry.digest, expected + 1
    return None


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the canonical JSON of an entry (sorted keys, UTF-8, no spaces) with the digest before it."""
    canonical = json.dumps(
        {
            "number": entry.number,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor_label,
            "verb": entry.verb,
            "subject": entry.subject,
            "data": entry.data,
            "previous": entry.previous,
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return sha256(canonical.encode()).hexdigest()
