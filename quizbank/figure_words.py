"""What figures say, in words: flags, responses by their letters, bands of discrimination. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quizbank.enums import KindCode
from quizbank.item_analysis import FULL, OTHERS, Choice, ItemFigures
from quizbank.item_flags import FEWEST, Flag, Raised
from quizbank.kinds import get_kind
from quizbank.kinds.base import LETTERS
from quizbank.kinds.written import shown_number

GRAVE = frozenset({Flag.KEY_DOUBTFUL, Flag.NEGATIVE})


@dataclass(frozen=True, slots=True)
class Said:
    """A flag for the screen: a short name, what it means, whether somebody should look today."""

    code: str
    name: str
    text: str
    grave: bool


def flag_names() -> dict[Flag, str]:
    """Short names, for badges."""
    return {
        Flag.KEY_DOUBTFUL: _("Đáp án cần xem lại"),
        Flag.NEGATIVE: _("Người giỏi lại sai"),
        Flag.WEAK: _("Chưa phân biệt"),
        Flag.TOO_EASY: _("Quá dễ"),
        Flag.TOO_HARD: _("Quá khó"),
        Flag.DEAD_OPTION: _("Phương án không ai chọn"),
        Flag.DRIFT: _("Kết quả đổi theo thời gian"),
    }


def said(raised: Raised, kind: str, *, keyed: bool) -> Said:
    """Return a flag in words; which option it is about only where the key may be seen."""
    about = ", ".join(filter(None, (response_name(kind, choice) for choice in raised.choices))) if keyed else ""
    texts = {
        Flag.KEY_DOUBTFUL: _("Nhóm làm bài tốt nhất chọn %(choices)s nhiều hơn đáp án. Có thể đáp án sai.")
        % {"choices": about or _("một phương án khác")},
        Flag.NEGATIVE: _("Người điểm cao sai nhiều hơn người điểm thấp. Mời xem lại câu dẫn và đáp án."),
        Flag.WEAK: _("Người điểm cao và người điểm thấp trả lời gần như nhau."),
        Flag.TOO_EASY: _("Gần như ai cũng trả lời đúng."),
        Flag.TOO_HARD: _("Rất ít người trả lời đúng."),
        Flag.DEAD_OPTION: _("Gần như không ai chọn %(choices)s, nên phương án ấy chưa có tác dụng.")
        % {"choices": about or _("một phương án")},
        Flag.DRIFT: _("Tỷ lệ đúng đổi nhiều giữa các lần dùng: câu có thể đã lộ, hoặc thực tế đã khác."),
    }
    return Said(raised.flag.value, flag_names()[raised.flag], texts[raised.flag], raised.flag in GRAVE)


def response_name(kind: str, canonical: str) -> str:
    """Return a response in a word or two: its letters where there are letters; "" where only its text says anything."""
    match kind:
        case KindCode.BOOLEAN:
            return {"T": _("Đúng"), "F": _("Sai")}.get(canonical, canonical)
        case KindCode.SINGLE | KindCode.MULTIPLE | KindCode.ORDERING if canonical != OTHERS:
            return ", ".join(canonical) if kind == KindCode.MULTIPLE else " → ".join(canonical)
        case KindCode.NUMERIC if canonical != OTHERS:
            return shown_number(canonical)
        case KindCode.MATCHING:
            return ""
        case _:
            return canonical


def response_text(kind: str, content: dict[str, Any], canonical: str) -> str:
    """Return a response as people read it."""
    if canonical == OTHERS:
        return _("Các câu trả lời khác")
    try:
        return get_kind(kind).tell_response(content, canonical)
    except (ValueError, IndexError, KeyError):
        return canonical


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One response for chart and table. ``index`` is the option's place, -1 for kinds without lettered options."""

    index: int
    name: str
    text: str
    count: int
    percent: int
    upper: int
    middle: int
    lower: int
    right: bool


def choice_lines(figures: ItemFigures, *, kind: str, content: dict[str, Any], key: dict[str, Any]) -> list[ChoiceLine]:
    """Return who chose what: options of a single choice in their order and with those nobody took, else by frequency."""
    choices = dict(figures.choices)
    names = list(choices)
    if kind == KindCode.SINGLE:
        names = list(LETTERS[: len(content.get("options", ()))])
    elif kind == KindCode.BOOLEAN:
        names = ["T", "F"]
    said_something = sum(one.count for one in choices.values())
    groups = [sum(getattr(one, part) for one in choices.values()) for part in ("upper", "middle", "lower")]
    lines = []
    written = kind in (KindCode.NUMERIC, KindCode.MATCHING)
    for name in names:
        one = choices.get(name) or Choice(0, right=get_kind(kind).grade(content, key, name) == FULL)
        shares = [
            round(100 * value / group) if group else 0
            for value, group in zip((one.upper, one.middle, one.lower), groups, strict=True)
        ]
        lines.append(
            ChoiceLine(
                index=LETTERS.index(name) if kind == KindCode.SINGLE else {"T": 0, "F": 1}.get(name, -1),
                name=response_text(kind, content, name) if written else response_name(kind, name),
                text=response_text(kind, content, name),
                count=one.count,
                percent=round(100 * one.count / said_something) if said_something else 0,
                upper=shares[0],
                middle=shares[1],
                lower=shares[2],
                right=one.right,
            )
        )
    return lines


def discrimination_words(value: float | None, *, people: int) -> str:
    """Return what an upper-lower index is called (Ebel and Frisbie 1991, ch. 13): 0.40, 0.30 and 0.20 part the bands.
    Of fewer than ``FEWEST`` people nothing is said but that they are few."""
    if value is None:
        return _("chưa tính được")
    if people < FEWEST:
        return _("còn ít người, chưa kết luận được")
    for least, words in ((0.40, _("rất tốt")), (0.30, _("tốt")), (0.20, _("tạm được")), (0.0, _("yếu"))):
        if value >= least:
            return words
    return _("ngược")


def worst_first(flags: Sequence[Raised]) -> int:
    """Order of a list: questions somebody should look at today come first."""
    return min((list(Flag).index(one.flag) for one in flags), default=len(Flag))
