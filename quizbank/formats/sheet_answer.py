"""The answer cell of our own spreadsheet: from what an author wrote to the key of each kind. Pure.

Raises ``Doubt`` with a Vietnamese sentence wherever an answer could be meant in two ways: a key is never guessed.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from people.text import search_key, tidy
from quizbank.formats.cells import number_value, same, split, unescape, weighed
from quizbank.formats.sheet_columns import ACCENTS, CASE, SCHEMES, TRUTHS, by_word
from quizbank.kinds.base import FULL, LETTERS

Key = dict[str, Any]
_SPREAD = re.compile(r"^(.*?)(?:±|\+/-|\+-)(.*)$", re.DOTALL)
_ORDER = re.compile(r"[\s,;>→\-–.]+")
_PAIR = re.compile(r"^([A-Ha-h1-8])\s*[-–:=>→.]+\s*([A-Ha-h])$")
_TRUTHS = by_word(TRUTHS)
_SCHEMES = by_word(SCHEMES)
_LABELLED = re.compile(r"^(?:đáp án|phương án|lựa chọn|câu|ý|option|answer|choice)\s+(?=[A-H]\s*[.)]?$)", re.IGNORECASE)
LONGEST_WORD = 40


class Doubt(Exception):
    """Why a cell cannot be a key."""


def truth(text: str) -> bool | None:
    """Return what "Đúng", "S", "TRUE" … say, or None."""
    return _TRUTHS.get(search_key(text)) if len(text) < LONGEST_WORD else None


def letters(text: str, options: list[str]) -> tuple[list[str], dict[str, int]]:
    """Return the letters named as right in ``text`` and the weights of those that have one.

    An option may also be named by its words. Without any bare letter those with a positive weight are right.
    """
    known = LETTERS[: len(options)]
    right, weights = [], {}
    whole = _by_words(text, options)
    for part in [whole] if whole else _parts(text, known):
        name, weight = weighed(part)
        name = tidy(unescape(name))
        named = _LABELLED.sub("", name).upper().rstrip(".)")
        label = named if named in tuple(known) else _by_words(name, options)
        if not label and name.isdecimal():
            raise Doubt(
                _(
                    "Đáp án “%(text)s” không phải là một phương án của câu: số chưa nói rõ là phương án nào, mời bạn ghi A, B…"
                )
                % {"text": name[:60]}
            )
        if not label:
            raise Doubt(_("Đáp án “%(text)s” không phải là một phương án của câu.") % {"text": name[:60]})
        if weight is None:
            if label in right:
                raise Doubt(_("Đáp án %(letter)s được ghi hai lần.") % {"letter": label})
            right.append(label)
        else:
            if not -FULL <= weight <= FULL or label in weights:
                raise Doubt(_("Tỉ lệ điểm của %(letter)s chưa đúng.") % {"letter": label})
            weights[label] = weight
    return right or [label for label, weight in weights.items() if weight > 0], weights


def single(text: str, options: list[str]) -> Key:
    """Return the key of a question with one right option."""
    right, weights = letters(text, options)
    if len(right) != 1:
        full = [label for label in right if weights.get(label) == FULL]
        if len(full) != 1 or set(right) != {label for label in weights if weights[label] > 0}:
            raise Doubt(_("Câu một đáp án nhưng có %(count)d đáp án.") % {"count": len(right)})
        right = full
    return {"right": right[0], **({"weights": weights} if weights else {})}


def multiple(text: str, options: list[str], grading: str) -> Key:
    """Return the key of a question with several right options."""
    right, weights = letters(text, options)
    key: Key = {"right": right}
    if grading:
        key["scheme"] = scheme(grading)
    elif weights:
        key["scheme"] = "weights"
    return {**key, **({"weights": weights} if weights else {})}


def boolean(text: str) -> Key:
    """Return the key of a true-or-false question."""
    value = truth(text)
    if value is None:
        raise Doubt(_("Đáp án của câu đúng/sai phải là Đúng hoặc Sai."))
    return {"right": value}


def numeric(text: str) -> tuple[Key, list[str]]:
    """Return the key of a number, and what its author should look at: "34 ± 0,5; 35 = 50%"."""
    numbers: list[dict[str, Any]] = []
    doubts: list[str] = []
    for part in split(text, ";|\n"):
        plain, weight = weighed(part)
        spread = _SPREAD.match(plain)
        written = spread[1] if spread else plain
        value = number_value(written)
        tolerance = number_value(spread[2]) if spread else "0"
        if value is None or tolerance is None:
            raise Doubt(
                _("Đáp án “%(text)s” không phải là số. Mời bạn ghi như 34 hoặc 12,5 ± 0,5.") % {"text": part[:60]}
            )
        if "." in written:
            doubts.append(
                _("“%(text)s” được đọc là %(value)s.") % {"text": tidy(written), "value": value.replace(".", ",")}
            )
        numbers.append({"value": value, **({"tolerance": tolerance} if spread else {})})
        if weight is not None:
            numbers[-1]["weight"] = weight
    if not numbers or "weight" in numbers[0]:
        raise Doubt(_("Số đúng hoàn toàn phải ghi đầu tiên, không kèm tỉ lệ."))
    key = numbers[0]
    if len(numbers) > 1:
        key["also"] = [{"weight": FULL, **one} for one in numbers[1:]]
    return key, doubts


def short(text: str, grading: str) -> Key:
    """Return the key of a few words: accepted answers between bars, each with its share or none with one."""
    parts = [weighed(part) for part in split(text, "|\n")]
    key: Key = {"accept": [tidy(unescape(name)) for name, _weight in parts]}
    if any(weight is not None for _name, weight in parts):
        key["weights"] = [FULL if weight is None else weight for _name, weight in parts]
    words = {search_key(word) for word in split(grading, ";,")}
    for field, names in (("accents", ACCENTS), ("case", CASE)):
        for value, name in names.items():
            if search_key(name) in words:
                words.discard(search_key(name))
                key[field] = value
    if words:
        raise Doubt(_("Chưa hiểu cách chấm “%(text)s”.") % {"text": grading[:60]})
    return key


def ordering(text: str, count: int) -> list[int]:
    """Return the places (from 0) of the items in their right order."""
    tokens = [one for one in _ORDER.split(text.upper()) if one]
    named = list(tokens[0]) if len(tokens) == 1 else tokens
    if sorted(named) != list(LETTERS[:count]):
        raise Doubt(_("Thứ tự đúng phải gồm đủ các mục, mỗi mục một lần, ví dụ: C > A > B."))
    return [LETTERS.index(one) for one in named]


def pairs(text: str) -> dict[str, str]:
    """Return {left letter: right letter}: "A-C; B-A"."""
    found: dict[str, str] = {}
    for part in split(text, ";,\n"):
        match = _PAIR.match(tidy(part))
        if not match:
            raise Doubt(_("Cặp “%(text)s” chưa đúng. Mời bạn ghi như A-C; B-A.") % {"text": part[:60]})
        left = match[1].upper() if match[1].isalpha() else LETTERS[int(match[1]) - 1]
        if left in found:
            raise Doubt(_("Đáp án %(letter)s được ghi hai lần.") % {"letter": left})
        found[left] = match[2].upper()
    return found


def scheme(text: str) -> str:
    """Return the code of a way of grading."""
    code = _SCHEMES.get(search_key(text))
    if code:
        return code
    raise Doubt(_("Chưa hiểu cách chấm “%(text)s”.") % {"text": text[:60]})


def _parts(text: str, known: str) -> list[str]:
    """Return the parts of an answer: "A; C", "A, C", "A và C", "AC" (but "Ba" is a word)."""
    bare = "".join(text.split())
    if len(bare) > 1 and set(bare) <= set(known):
        return list(bare)
    text = re.sub(r"([0-9]),([0-9]\s*%)", r"\1.\2", text)  # "33,3%" is no list
    return split(re.sub(r"\b(?:và|and)\b|&", ";", text), ";,\n")


def _by_words(text: str, options: list[str]) -> str:
    """Return the letter of the only option that reads like ``text``, "" when there is none or more.

    A number is no words: "2" may be the option "2" or the second option.
    """
    plain = tidy(unescape(text))
    if plain.isdigit() or len(plain) < 2:
        return ""
    hits = [LETTERS[place] for place, option in enumerate(options) if same(option, plain)]
    return hits[0] if len(hits) == 1 else ""
