"""What a share picture says. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

# Raised when the drawing changes: old files are then never found again.
EDITION = 1
WIDTH, HEIGHT = 1_200, 630


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFacts:
    """One picture. Texts are ready to draw; ``inviter`` is "" for the contest's own, ``address`` is behind the QR."""

    title: str
    organizer: str
    dates: str
    inviter: str
    address: str
    domain: str

    @property
    def key(self) -> str:
        """The name of the picture: changes with whatever is drawn."""
        return sha256(self.to_json().encode()).hexdigest()[:32]

    def to_json(self) -> str:
        """What the drawing is given."""
        return json.dumps({"edition": EDITION, **asdict(self)}, ensure_ascii=False, sort_keys=True)
