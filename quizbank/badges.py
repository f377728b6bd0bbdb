"""Badges as data: which counted fact must reach which number. Pure.

``fact`` is one of quizbank/queries/progress.py Facts; ``symbol`` is drawn in static/quizbank/badges.svg.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Badge:
    """Given once ``fact`` is at least ``goal``. The code is stored: never change or reuse one."""

    code: str
    name: str | Promise
    why: str | Promise
    fact: str
    goal: int
    symbol: str


@dataclass(frozen=True, slots=True)
class BadgeProgress:
    """A badge not yet earned: ``done`` of ``badge.goal``."""

    badge: Badge
    done: int


BADGES: tuple[Badge, ...] = (
    Badge("first-card", _("Hạt mầm"), _("Nhớ được thẻ đầu tiên"), "cards", 1, "seedling"),
    Badge("cards-10", _("Nón lá"), _("Nhớ được 10 thẻ"), "cards", 10, "hat"),
    Badge("cards-30", _("Lũy tre"), _("Nhớ được 30 thẻ"), "cards", 30, "bamboo"),
    Badge("cards-60", _("Đầm sen"), _("Nhớ được 60 thẻ"), "cards", 60, "lotus"),
    Badge("cards-100", _("Trống đồng"), _("Nhớ được 100 thẻ"), "cards", 100, "drum"),
    Badge("deck-1", _("Quạt giấy"), _("Nhớ trọn một bộ thẻ"), "decks", 1, "fan"),
    Badge("deck-4", _("Mái đình"), _("Nhớ trọn bốn bộ thẻ"), "decks", 4, "house"),
    Badge("questions-20", _("Con thuyền"), _("Trả lời đúng 20 câu luyện tập"), "questions", 20, "boat"),
    Badge("questions-100", _("Cánh diều"), _("Trả lời đúng 100 câu luyện tập"), "questions", 100, "kite"),
    Badge("questions-300", _("Con trâu"), _("Trả lời đúng 300 câu luyện tập"), "questions", 300, "buffalo"),
    Badge("topics-5", _("Chiếc gùi"), _("Trả lời đúng 5 câu ở mỗi phần, trong 5 phần"), "topics", 5, "basket"),
    Badge("topics-10", _("Mặt trời"), _("Trả lời đúng 5 câu ở mỗi phần, trong cả 10 phần"), "topics", 10, "sun"),
    Badge("mended-10", _("Chum gốm"), _("Hôm sau trả lời đúng 10 câu từng sai"), "mended", 10, "jar"),
    Badge("streak-3", _("Đèn lồng"), _("Học 3 ngày liền"), "streak", 3, "lantern"),
    Badge("streak-7", _("Bánh chưng"), _("Học 7 ngày liền"), "streak", 7, "cake"),
    Badge("streak-30", _("Chuông đồng"), _("Học 30 ngày liền"), "streak", 30, "bell"),
    Badge("days-50", _("Giếng làng"), _("Học được 50 ngày, liền hay không đều được"), "days", 50, "well"),
    Badge("comeback", _("Chim én"), _("Quay lại học sau hơn một tuần nghỉ"), "comebacks", 1, "swallow"),
)
BY_CODE: Mapping[str, Badge] = {badge.code: badge for badge in BADGES}


def earned_codes(facts: Mapping[str, int]) -> list[str]:
    """Return the codes of every badge these facts deserve, in the order of the list."""
    return [badge.code for badge in BADGES if facts[badge.fact] >= badge.goal]


def still_open(facts: Mapping[str, int], earned: Collection[str]) -> list[BadgeProgress]:
    """Return the badges not in ``earned``, the nearest first."""
    ahead = [BadgeProgress(one, min(facts[one.fact], one.goal)) for one in BADGES if one.code not in earned]
    return sorted(ahead, key=lambda one: -one.done / one.badge.goal)
