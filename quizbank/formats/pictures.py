"""The picture of a draft on its way into a file. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from quizbank.drafts import Draft


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture with its bytes."""

    name: str
    alt: str
    data: bytes


def attached(draft: Draft) -> Attached | None:
    """Return the picture of a draft whose bytes the caller has put beside it (``extra["picture"]["data"]``)."""
    picture = draft.extra.get("picture") or {}
    data = picture.get("data")
    if not isinstance(data, bytes) or not data:
        return None
    name = str(picture.get("name") or f"{str(picture.get('sha256', 'hinh'))[:16]}.webp")
    return Attached(name=name, alt=str(picture.get("alt", "")), data=data)
