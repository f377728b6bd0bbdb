"""The knowledge map's drawing: a lotus seen from above, one petal for each topic, filled as far as it is known. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIZE, MIDDLE = 320, 160.0
CORE, TIP, LABEL = 34.0, 128.0, 146.0
"""Radii: where petals begin, where they end, where their numbers stand."""


@dataclass(frozen=True, slots=True)
class Petal:
    """SVG paths of one petal: the whole one and the part that is filled ("" for nothing), and where its number goes."""

    number: int
    outline: str
    filled: str
    x: str
    y: str


def petals(shares: Sequence[float]) -> list[Petal]:
    """Return a petal for each share (0..1), clockwise from the top."""
    step = 2 * math.pi / max(1, len(shares))
    found = []
    for place, share in enumerate(shares):
        angle = place * step - math.pi / 2
        share = min(max(share, 0.0), 1.0)
        x, y = _point(angle, LABEL)
        found.append(
            Petal(
                number=place + 1,
                outline=_petal(angle, step, TIP),
                filled=_petal(angle, step, CORE + (TIP - CORE) * share) if share else "",
                x=f"{x:.1f}",
                y=f"{y:.1f}",
            )
        )
    return found


def _petal(angle: float, step: float, tip: float) -> str:
    """A leaf from the core to ``tip``, widest past the middle."""
    half = step * 0.46
    belly = CORE + (tip - CORE) * 0.55
    points = [
        _point(angle - half * 0.5, CORE),
        _point(angle - half, belly),
        _point(angle - half * 0.35, tip * 0.97),
        _point(angle, tip),
        _point(angle + half * 0.35, tip * 0.97),
        _point(angle + half, belly),
        _point(angle + half * 0.5, CORE),
    ]
    a, b, c, d, e, f, g = (f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{a}C{b} {c} {d}C{e} {f} {g}Z"


def _point(angle: float, radius: float) -> tuple[float, float]:
    return MIDDLE + radius * math.cos(angle), MIDDLE + radius * math.sin(angle)
