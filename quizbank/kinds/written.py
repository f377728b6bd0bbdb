"""Kinds whose response is written: a number, or a few words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from people.text import fold, strip_accents, tidy
from quizbank.errors import BadResponse
from quizbank.kinds.base import FULL, Content, Key, Kind, Shown, Wire

LONGEST_TEXT = 120
WEIGHTS = range(1, FULL + 1)
"""Per mille an accepted answer may be worth."""
_THOUSANDS = re.compile(r"^[+-]?[0-9]{1,3}(?:[.\s][0-9]{3})+(?:,[0-9]+)?$")
_FOUR_DIGITS = re.compile(r"^[0-9]{4}$")
_NUMBER = re.compile(r"^[+-]?[0-9]{1,15}(?:[.,][0-9]{1,9})?$")


def parse_number(text: str) -> Decimal:
    """Return the number a Vietnamese reader means: "1.234" is 1234, "12,5" and "12.5" are 12.5, "34" is 34.

    Raises:
        BadResponse: when it is no number.
    """
    text = tidy(text)
    if _THOUSANDS.match(text):
        text = text.replace(".", "").replace(" ", "")
    if not _NUMBER.match(text):
        raise BadResponse(_("Mời bạn nhập một con số, ví dụ: 34 hoặc 12,5."))
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise BadResponse from error


def plain(number: Decimal) -> str:
    """Return a number without exponent or trailing zeros: "34", "12.5"."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def shown_number(text: str, *, unit: str = "") -> str:
    """Return a stored number as people read it: "1200" is "1.200" in Vietnamese and "1,200" in English.

    Four digits without a unit stay as they are: they are most often a year, which nobody writes with a separator.
    """
    value = plain(Decimal(text))
    if not unit and _FOUR_DIGITS.match(value):
        return value
    return number_format(Decimal(value), use_l10n=True, force_grouping=True)


class Numeric(Kind):
    """content {"unit": text}, key {"value": "34", "tolerance": "0"}; canonical "34" (decimal point, no exponent).

    ``key["also"]`` [{"value", "tolerance", "weight"}] (optional) lists further answers worth ``weight`` per mille.
    """

    code: ClassVar[str] = "numeric"

    def problems(self, content: Content, key: Key) -> list[str]:
        also = key.get("also", [])
        if not isinstance(also, list) or not all(
            isinstance(one, dict) and one.get("weight") in WEIGHTS for one in also
        ):
            return [_("Cách tính điểm từng phần không hợp lệ.")]
        for one in (key, *also):
            try:
                value, tolerance = Decimal(str(one["value"])), Decimal(str(one.get("tolerance", "0")))
            except (KeyError, InvalidOperation):
                return [_("Đáp án phải là một con số.")]
            if not (value.is_finite() and tolerance.is_finite() and tolerance >= 0):
                return [_("Sai số cho phép phải là số không âm.")]
        return []

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        return Shown(unit=str(content.get("unit", "")))

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        if wire in ("", None):
            return ""
        if not isinstance(wire, str) or len(wire) > 30:
            raise BadResponse(_("Mời bạn nhập một con số, ví dụ: 34 hoặc 12,5."))
        return plain(parse_number(wire))

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return canonical.replace(".", ",")

    def char(self, content: Content, canonical: str) -> str | None:
        return None

    def from_char(self, content: Content, char: str) -> str:
        raise BadResponse

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        if not canonical:
            return 0
        given = Decimal(canonical)
        return max(
            one.get("weight", FULL)
            if abs(given - Decimal(str(one["value"]))) <= Decimal(str(one.get("tolerance", "0")))
            else 0
            for one in (key, *key.get("also", []))
        )

    def tell_key(self, content: Content, key: Key) -> str:
        unit, tolerance = str(content.get("unit", "")), str(key.get("tolerance", "0"))
        spread = f" ± {shown_number(tolerance, unit=unit)}" if Decimal(tolerance) else ""
        return f"{shown_number(str(key['value']), unit=unit)}{spread} {unit}".strip()

    def tell_response(self, content: Content, canonical: str) -> str:
        unit = str(content.get("unit", ""))
        return f"{shown_number(canonical, unit=unit)} {unit}".strip() if canonical else ""


class ShortText(Kind):
    """content {}, key {"accept": [text…], "accents": bool, "case": bool}; canonical: tidy NFC text.

    ``key["weights"]`` (optional) gives each entry of ``accept`` its per mille, 1000 where it is absent.
    ``accents`` true demands the diacritics, ``case`` true demands the capitals; both false by default, because a phone
    keyboard without Vietnamese must not cost a point.
    """

    code: ClassVar[str] = "short"

    def problems(self, content: Content, key: Key) -> list[str]:
        accept = key.get("accept")
        if not isinstance(accept, list) or not accept or not all(isinstance(a, str) and tidy(a) for a in accept):
            return [_("Cần ít nhất một đáp án được chấp nhận.")]
        if any(len(tidy(a)) > LONGEST_TEXT for a in accept):
            return [_("Đáp án quá dài.")]
        weights = key.get("weights", [FULL] * len(accept))
        if len(weights) != len(accept) or FULL not in weights or not all(one in WEIGHTS for one in weights):
            return [_("Cách tính điểm từng phần không hợp lệ.")]
        return []

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        return Shown()

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        if wire is None:
            return ""
        if not isinstance(wire, str) or len(wire) > 4 * LONGEST_TEXT:
            raise BadResponse(_("Câu trả lời quá dài."))
        text = tidy(wire)
        if len(text) > LONGEST_TEXT:
            raise BadResponse(_("Câu trả lời quá dài."))
        return text

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return canonical

    def char(self, content: Content, canonical: str) -> str | None:
        return None

    def from_char(self, content: Content, char: str) -> str:
        raise BadResponse

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        if not canonical:
            return 0

        def form(text: str) -> str:
            text = tidy(text)
            if not key.get("accents") and not key.get("case"):
                return fold(text)
            text = text if key.get("accents") else strip_accents(text)
            return text if key.get("case") else text.casefold()

        weights = key.get("weights", [FULL] * len(key["accept"]))
        given = form(canonical)
        fitting = (weight for one, weight in zip(key["accept"], weights, strict=True) if form(one) == given)
        return max(fitting, default=0)

    def tell_key(self, content: Content, key: Key) -> str:
        return str(key["accept"][0])

    def tell_response(self, content: Content, canonical: str) -> str:
        return canonical
