"""Good news in words: a badge, a level, a finished quest. Pure.

A badge is named by its code, a level by its number, a quest by the day (or the Monday) it belongs to and its kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizbank.badges import BY_CODE
from quizbank.enums import WinKind
from quizbank.rewards import LEVELS

NEWS_FOR = timedelta(days=7)
"""What was won longer ago is no news: nobody is told then."""


@dataclass(frozen=True, slots=True)
class News:
    """One line to say. ``symbol`` is a drawing of badges.svg, ``number`` a level; a quest has neither. ``why`` may be
    empty."""

    title: str | Promise
    name: str | Promise
    why: str | Promise = ""
    symbol: str = ""
    number: int = 0


def quest_code(kind: str, today: date, monday: date) -> str:
    """Return the name of a quest: the small one belongs to its day, the others to their week."""
    return f"{(today if kind == 'today' else monday).isoformat()}:{kind}"


def news_of(wins: Iterable[tuple[str, str]]) -> list[News]:
    """Return what to say of these (kind, code), badges first; of several levels only the last."""
    found = list(wins)
    badges = [BY_CODE[code] for kind, code in found if kind == WinKind.BADGE and code in BY_CODE]
    level = max((int(code) for kind, code in found if kind == WinKind.LEVEL), default=0)
    quests = sorted({code.rpartition(":")[2] == "today" for kind, code in found if kind == WinKind.QUEST}, reverse=True)
    news = [News(_("Huy hiệu mới"), badge.name, badge.why, symbol=badge.symbol) for badge in badges]
    if level:
        news.append(News(_("Lên cấp"), LEVELS[min(level, len(LEVELS)) - 1][1], number=level))
    return news + [
        News(_("Việc nhỏ đã xong"), _("Việc của hôm nay") if daily else _("Việc của tuần này")) for daily in quests
    ]
