"""What one certificate says: frozen when it is issued, printed as it stands. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self
from urllib.parse import urlsplit

# How much of the Merkle root is printed: enough to compare by eye, the whole stands on the verification page.
SHORT_SEAL = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One certificate. Texts are ready to print (points "14,5", time "7:05"); ``prize`` is "" for participants,
    ``rank`` 0 where none is stated, ``issued_on`` an ISO date in Viet Nam. ``live``: about a live event, whose title is
    ``contest``."""

    kind: str
    name: str
    unit: str
    contest: str
    round: str
    organizer: str
    rank: int
    tied: bool
    of: int
    board: str
    points: str
    full_points: str
    points_milli: int
    time: str
    prize: str
    result_number: int
    seal: str
    issued_on: str
    live: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read stored facts; what a later version added has its default, what it dropped is ignored."""
        return cls(**{field.name: data[field.name] for field in fields(cls) if field.name in data})

    @property
    def day(self) -> date:
        """The day of issue."""
        return date.fromisoformat(self.issued_on)

    @property
    def short_seal(self) -> str:
        """The beginning of the seal, in groups of four."""
        return grouped(self.seal[:SHORT_SEAL])


def grouped(code: str, size: int = 4) -> str:
    """Return a code in groups with spaces, for people who type it."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def typed(code: str) -> str:
    """Return a typed code as it is stored: without the spaces it was printed with."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def domain_of(site_url: str) -> str:
    """Return the host of the site as printed beside the code ("thiso.example.vn")."""
    return urlsplit(site_url).netloc


def verify_url(site_url: str, code: str) -> str:
    """Return the address behind the QR code."""
    return f"{site_url}/gcn/{code}/"
