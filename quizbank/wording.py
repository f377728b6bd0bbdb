"""Checks of a question's wording while it is written. Pure. Each says what a careful colleague would say; none blocks.

The reading level is our own rule of thumb, not a published scale: long sentences and many words that are no everyday
Vietnamese make a question hard to read on a phone. A "tiếng" is what stands between two spaces, which in Vietnamese is a
syllable. A tiếng counts as technical when it holds a letter Vietnamese does not have (f, j, w, z), has more than seven
letters (no Vietnamese syllable has), or is an abbreviation (two capitals or more). Bounds are stricter for questions
that everybody is to understand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from people.text import fold, search_key
from quizbank.balance import LENGTH_RATIO, LONG_ENOUGH, trusted_facts
from quizbank.drafts import Draft
from quizbank.enums import Audience, KindCode

SENTENCE_BOUNDS = {True: 25, False: 35}
"""Tiếng a sentence, for everybody and for those whose work it is."""
TECHNICAL_SHARE = 0.2
_EVERYBODY = frozenset({Audience.BASIC, Audience.RESIDENT})
_CHOSEN = frozenset({KindCode.SINGLE, KindCode.MULTIPLE})
_SENTENCE_END = re.compile(r"(?<=[.!?…;:])\s+|\n+")
_FOREIGN = re.compile(r"[fjwz]|[A-Z0-9Đ]{2,}", re.ASCII)
# Words that say nothing of their own; sharing them with the stem gives nothing away.
_EMPTY = frozenset(
    [
        "va",
        "voi",
        "cua",
        "cho",
        "cac",
        "cai",
        "cua",
        "duoc",
        "khong",
        "nhung",
        "trong",
        "ngoai",
        "theo",
        "thi",
        "khi",
        "nay",
        "nao",
        "gi",
        "la",
        "mot",
        "hai",
        "hay",
        "hoac",
        "den",
        "tu",
        "tai",
        "ve",
        "day",
        "do",
        "de",
        "dieu",
        "bang",
        "cach",
        "nhu",
        "the",
        "so",
        "nguoi",
        "viec",
        "co",
        "phai",
    ]
)


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark beside ``field`` of the editor."""

    field: str
    text: str


def hints_of(draft: Draft) -> tuple[Hint, ...]:
    """Return what a colleague would remark, in the order of the editor's fields."""
    return (
        *_reading_hints(draft),
        *(_option_hints(draft) if draft.kind in _CHOSEN else ()),
        *_source_hints(draft),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How hard a text is to read: tiếng in the average sentence, and the share (0..1) of technical ones."""

    words: int
    per_sentence: float
    technical: float


def reading_of(text: str) -> Reading:
    """Measure a text as the module says."""
    sentences = [one.split() for one in _SENTENCE_END.split(text) if one.split()]
    words = [word.strip(".,;:!?…()[]“”\"'") for sentence in sentences for word in sentence]
    words = [word for word in words if any(letter.isalpha() for letter in word)]
    if not words:
        return Reading(0, 0.0, 0.0)
    return Reading(len(words), len(words) / len(sentences), sum(map(_technical, words)) / len(words))


def _technical(word: str) -> bool:
    return len(word) > 7 or bool(_FOREIGN.search(word)) or bool(re.search(r"[fjwz]", word.casefold()))


def _reading_hints(draft: Draft) -> Iterable[Hint]:
    if draft.language != "vi":
        return
    reading = reading_of(draft.stem)
    most = SENTENCE_BOUNDS[bool(_EVERYBODY & set(draft.audience))]
    if reading.per_sentence > most:
        yield Hint(
            "stem",
            _(
                "Câu hỏi dài %(n)d tiếng một câu, khó đọc trên điện thoại. Thử tách ra, mỗi câu không quá %(most)d tiếng."
            )
            % {"n": round(reading.per_sentence), "most": most},
        )
    if reading.words >= 8 and reading.technical > TECHNICAL_SHARE:
        yield Hint("stem", _("Nhiều chữ viết tắt hoặc từ nước ngoài. Thử viết bằng từ ai cũng hiểu."))


def _option_hints(draft: Draft) -> Iterable[Hint]:
    options = [str(one) for one in draft.content.get("options", ())]
    right = {str(one) for one in draft.key.get("right", ())}
    rights = [text for place, text in enumerate(options) if "ABCDEFGH"[place : place + 1] in right]
    yield from _length_hints(options, rights)
    yield from _likeness_hints(options)
    yield from _clue_hints(draft.stem, options, rights)


def _length_hints(options: list[str], rights: list[str]) -> Iterable[Hint]:
    lengths = [len(one) for one in options]
    if len(lengths) < 2 or min(lengths) < LONG_ENOUGH:
        return
    if max(lengths) > LENGTH_RATIO * min(lengths):
        yield Hint("option_0", _("Các phương án dài ngắn quá khác nhau, dễ lộ đáp án."))
    elif len(rights) == 1 and all(len(rights[0]) > len(one) * 1.2 for one in options if one != rights[0]):
        yield Hint("option_0", _("Đáp án đúng dài hơn hẳn các phương án khác, dễ đoán."))


def _likeness_hints(options: list[str]) -> Iterable[Hint]:
    keys = [search_key(one) for one in options]
    if len(set(keys)) < len(keys) and len({fold(one) for one in options}) == len(options):
        yield Hint("option_0", _("Có hai phương án chỉ khác nhau ở dấu câu."))
    giveaway = ("tat ca cac", "tat ca deu", "ca a va b", "a va b deu", "khong co dap an", "cac phuong an tren")
    if any(phrase in key for key in keys for phrase in giveaway):
        yield Hint(
            "option_0",
            _("“Tất cả các phương án trên” và những câu tương tự dễ đoán, lại hỏng khi phương án được xáo trộn."),
        )


def _clue_hints(stem: str, options: list[str], rights: list[str]) -> Iterable[Hint]:
    """A word the stem shares with the right option alone tells the answer to who only compares words."""
    if len(rights) != 1:
        return
    asked = _content_words(stem)
    others = set().union(*(_content_words(one) for one in options if one != rights[0]))
    shared = sorted((_content_words(rights[0]) & asked) - others)
    if len(shared) >= 2:
        yield Hint(
            "option_0",
            _("Câu hỏi và đáp án đúng cùng có các từ “%(words)s” mà phương án khác không có, dễ lộ đáp án.")
            % {"words": ", ".join(shared[:4])},
        )


def _content_words(text: str) -> set[str]:
    return {word for word in search_key(text).split() if len(word) > 1 and word not in _EMPTY and not word.isdecimal()}


def _source_hints(draft: Draft) -> Iterable[Hint]:
    if not draft.explanation:
        yield Hint("explanation", _("Chưa có giải thích. Người học nhớ lâu hơn khi biết vì sao."))
    if not draft.citation:
        yield Hint("citation", _("Chưa ghi căn cứ. Người duyệt cần biết kiểm ở đâu."))
    unknown = [fact for fact in draft.facts if fact not in trusted_facts()]
    if unknown:
        yield Hint("facts", _("Bảng dữ kiện chưa có, hoặc chưa kiểm: %(facts)s.") % {"facts": ", ".join(unknown)})
    picture = draft.extra.get("picture")
    if picture and not picture.get("alt"):
        yield Hint("picture_alt", _("Hình chưa có lời mô tả; người khiếm thị sẽ không biết hình vẽ gì."))
