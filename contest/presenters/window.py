"""A round's time in words and as a ring: "còn 3 ngày", "đến 24:00 Chủ nhật, 29/11/2026"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contest.enums import Phase
from contest.rules.words import say_end, say_moment

# Above a day a running clock says less than a number of days.
CLOCK_UNDER = timedelta(days=1)


class Timed(Protocol):
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class WindowView:
    """The time of a round at one moment. ``left`` and ``total`` are seconds; ``number`` and ``unit`` stand in the
    ring where days are counted, ``now`` and ``deadline`` (epoch seconds) where a clock runs."""

    words: str
    label: str
    left: float
    total: float
    number: str | None = None
    unit: str = ""
    now: float | None = None
    deadline: float | None = None

    @property
    def short(self) -> str:
        """Number and unit together, for small rings."""
        return f"{self.number} {self.unit}"


def window_of(round_: Timed, phase: Phase, now: datetime) -> WindowView | None:
    """Return what is counted now: the time to the end of an open round, to the start of a coming one, else None."""
    if phase is Phase.OPEN:
        words = _("Mở đến {moment}").format(moment=say_end(round_.closes_at))
        return _count(words, _("Thời gian còn lại của vòng thi"), round_.opens_at, round_.closes_at, now)
    if phase is Phase.SCHEDULED:
        words = _("Mở lúc {moment}").format(moment=say_moment(round_.opens_at))
        since = max(now - timedelta(days=1), round_.opens_at - timedelta(days=7))
        return _count(words, _("Thời gian chờ đến khi mở"), since, round_.opens_at, now)
    return None


def _count(words: str, label: str, start: datetime, end: datetime, now: datetime) -> WindowView:
    left, total = (end - now).total_seconds(), max(1.0, (end - start).total_seconds())
    if end - now <= CLOCK_UNDER:
        return WindowView(words, label, left, total, now=now.timestamp(), deadline=end.timestamp())
    days = -(-(end - now) // timedelta(days=1))
    unit = ngettext("ngày", "ngày", days)
    return WindowView(words, label, left, total, number=str(days), unit=unit)


def span_words(round_: Timed) -> str:
    """Both ends of a round: "8:00 thứ Hai, 16/11/2026 – 24:00 Chủ nhật, 22/11/2026"."""
    return f"{say_moment(round_.opens_at)} – {say_end(round_.closes_at)}"
