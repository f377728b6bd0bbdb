"""Pure numbers behind the drawings: every result is a ready SVG attribute, never localised ("12.5", not "12,5")."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

GOLD_UNDER_S = 60
SON_UNDER_S = 10
# Above this many questions the inner ring is one arc: single marks would be thinner than a pixel.
MARKS_UP_TO = 40


def star(*, rays: int, outer: float, inner: float, centre: float) -> str:
    """SVG path of a star; fourteen rays is the star of the Đông Sơn drums."""
    points = []
    for step in range(2 * rays):
        radius = outer if step % 2 == 0 else inner
        angle = math.pi * step / rays - math.pi / 2
        points.append(f"{centre + radius * math.cos(angle):.1f} {centre + radius * math.sin(angle):.1f}")
    return "M" + "L".join(points) + "Z"


RING_STAR = star(rays=14, outer=62, inner=45, centre=100)
PODIUM_STAR = star(rays=14, outer=11.5, inner=5, centre=12)


def clock(seconds: float) -> str:
    """Seconds as "9:05" or "1:09:05"; part seconds count as whole, so 0:00 means over."""
    whole = max(0, math.ceil(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes}:{secs:02d}"


@dataclass(frozen=True, slots=True)
class RingFace:
    """What the ring shows. Dash arrays are in the units of the circle's ``pathLength``."""

    text: str
    level: str
    time_dash: str
    marks: int
    done_track_dash: str
    done_dash: str
    percent: int | None
    star: str = RING_STAR


def level(left: float | None) -> str:
    """calm, gold under 60 s, son (cinnabar) under 10 s."""
    if left is None or left >= GOLD_UNDER_S:
        return "calm"
    return "son" if left < SON_UNDER_S else "gold"


def marks_dash(done: int, total: int) -> str:
    """Dash array that paints the first ``done`` of ``total`` marks with a small gap after each."""
    if done <= 0:
        return f"0 {total}"
    return "0.82 0.18 " * (done - 1) + f"0.82 {total - done + 0.18:.2f}"


def ring_face(
    *,
    left: float | None,
    total: float | None,
    answered: int | None,
    questions: int | None,
    number: str | None,
    busy: bool,
) -> RingFace:
    """Compute the face of a ring; without a time the outer ring shows the share done, so that it never looks empty."""
    share = None if not questions else min(1.0, max(0, answered or 0) / questions)
    if busy:
        part = 0.28
    elif left is not None:
        part = min(1.0, max(0.0, left / total)) if total else 1.0
    else:
        part = share or 0.0
    if number is None:
        number = clock(left) if left is not None else "" if share is None else f"{round(share * 100)}%"
    timed = left is not None and questions is not None and questions > 0
    marks = questions if timed and questions and questions <= MARKS_UP_TO else 0
    done = min(answered or 0, questions or 0)
    if marks:
        track, done_dash = "0.82 0.18", marks_dash(done, marks)
    else:
        track, done_dash = "1 0", f"{share or 0:.4f} 1"
    return RingFace(
        text=number,
        level=level(left),
        time_dash=f"{part:.4f} 1",
        marks=marks or 1,
        done_track_dash=track,
        done_dash=done_dash if timed else "0 1",
        percent=None if busy or share is None else round(share * 100),
    )


def percents(values: Sequence[float]) -> list[str]:
    """Each value as a percentage of the largest, e.g. ["100", "41.5"]."""
    top = max(values, default=0)
    return [f"{value / top * 100:.1f}" if top > 0 else "0" for value in values]


def shares(values: Sequence[float]) -> list[str]:
    """Each value as a percentage of the sum, whole numbers."""
    total = sum(values)
    return [f"{value / total * 100:.0f}" if total > 0 else "0" for value in values]


@dataclass(frozen=True, slots=True)
class Column:
    """One column in user units of the chart's viewBox."""

    label: str
    value: float
    marked: bool
    x: str
    y: str
    width: str
    height: str
    middle: str
    above: str
    show_label: bool

    @property
    def shown(self) -> str | int | float:
        return int(self.value) if self.value == int(self.value) else self.value


@dataclass(frozen=True, slots=True)
class Columns:
    """A column chart: viewBox 0 0 ``width`` 200, ground line at y = 168."""

    columns: tuple[Column, ...]
    width: int = 480


def columns(rows: Sequence[tuple[str, float, bool]]) -> Columns:
    """Lay out vertical columns; labels are thinned so that at most about twelve stand under the line."""
    if not rows:
        return Columns(())
    chart = Columns(())
    slot = chart.width / len(rows)
    top = max(value for _, value, _ in rows) or 1
    every = math.ceil(len(rows) / 12)
    laid = []
    for place, (label, value, marked) in enumerate(rows):
        height = value / top * 136
        laid.append(
            Column(
                label=label,
                value=value,
                marked=marked,
                x=f"{place * slot + slot * 0.14:.1f}",
                y=f"{168 - height:.1f}",
                width=f"{slot * 0.72:.1f}",
                height=f"{height:.1f}",
                middle=f"{(place + 0.5) * slot:.1f}",
                above=f"{168 - height - 7:.1f}",
                show_label=place % every == 0 or marked,
            )
        )
    return Columns(tuple(laid))
