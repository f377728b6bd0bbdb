"""The prediction: what the truth is, how far off a guess is, and how people write numbers.

All values are integers scaled by 10^decimals of the rule set. The truth is computed from the counts of the
frozen population, after exclusions; disqualifying people changes it, so the counts are stored with the result.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contest.rules.enums import PredictionTarget
from contest.rules.parts import Prediction
from contest.rules.words import say_scaled

MAX_COUNT = 1_000_000_000
WHOLE_PERCENT = 100

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’_]+")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
# "1.234,5" and "1,234.5": the two marks differ, the last one is the decimal mark.
_BOTH = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d+)|(\d{1,3}(?:,\d{3})+)\.(\d+)")


class PredictionError(ValueError):
    """The text is no usable number; the message is one sentence for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Counts of the frozen, post-exclusion population: people of the round, people of all rounds so far
    (each once), people of the round with everything right."""

    participants: int
    participants_total: int
    all_correct: int


def truth(prediction: Prediction, population: Population) -> int | None:
    """The true value, scaled by the decimals; None when nothing is predicted. Percentages round half up."""
    match prediction.target:
        case PredictionTarget.NONE:
            return None
        case PredictionTarget.ALL_CORRECT:
            return population.all_correct
        case PredictionTarget.PARTICIPANTS:
            return population.participants
        case PredictionTarget.PARTICIPANTS_TOTAL:
            return population.participants_total
        case PredictionTarget.PERCENT_ALL_CORRECT:
            if population.participants == 0:
                return 0
            scaled: int = population.all_correct * WHOLE_PERCENT * 10**prediction.decimals
            return (2 * scaled + population.participants) // (2 * population.participants)


def distance(guess: int | None, true_value: int | None) -> int | None:
    """How far a guess is off, scaled like both; None without a guess or a truth."""
    return None if guess is None or true_value is None else abs(guess - true_value)


def parse_prediction(text: str, prediction: Prediction) -> int | None:
    """What a person typed, as a scaled integer; None for an empty field. Raises `PredictionError`.

    Vietnamese marks first: "1.234" is one thousand two hundred thirty-four, "12,5" is twelve and a half.
    "1,234" as a head count is read as grouped too (a head count has no fraction), and phone keyboards may
    write "12.5" for a percentage.
    """
    cleaned = _SPACES.sub("", unicodedata.normalize("NFKC", text)).removesuffix("%")
    if not cleaned:
        if prediction.required:
            raise PredictionError(_("Mời bạn nhập số dự đoán."))
        return None
    percent = prediction.target is PredictionTarget.PERCENT_ALL_CORRECT
    whole, fraction = _digits(cleaned, percent=percent)
    fraction = fraction.rstrip("0")
    if len(fraction) > prediction.decimals:
        if prediction.decimals == 0:
            raise PredictionError(_("Số dự đoán phải là số nguyên, ví dụ 1.234."))
        raise PredictionError(
            _("Số dự đoán có tối đa {n} chữ số sau dấu phẩy, ví dụ {example}.").format(
                n=prediction.decimals, example=say_scaled(125 * 10**prediction.decimals // 10, prediction.decimals)
            )
        )
    scaled = int(whole + fraction.ljust(prediction.decimals, "0"))
    if percent and scaled > WHOLE_PERCENT * 10**prediction.decimals:
        raise PredictionError(_("Tỉ lệ phần trăm phải từ 0 đến 100."))
    if scaled > MAX_COUNT * 10**prediction.decimals:
        raise PredictionError(_("Số dự đoán lớn quá. Mời bạn kiểm tra lại."))
    return scaled


def _digits(text: str, *, percent: bool) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    if len(text) > len("1.000.000.000,00000"):
        raise PredictionError(_("Số dự đoán lớn quá. Mời bạn kiểm tra lại."))
    if text.isascii() and text.isdigit():
        return text, ""
    if both := _BOTH.fullmatch(text):
        whole, fraction = (both[1], both[2]) if both[1] else (both[3], both[4])
        return re.sub(r"\D", "", whole), fraction
    # A percentage has no thousands: there "1.234" can only be a decimal number.
    if not percent and _GROUPED.fullmatch(text) and text.isascii():
        return re.sub(r"\D", "", text), ""
    if text.isascii() and (decimal := _DECIMAL.fullmatch(text)):
        return decimal[1], decimal[2]
    raise PredictionError(_("Mời bạn nhập một số, ví dụ 1.234."))


def format_prediction(scaled: int, prediction: Prediction) -> str:
    """A scaled value as people read it: "1.234" or "12,50%"."""
    number = say_scaled(scaled, prediction.decimals)
    return f"{number}%" if prediction.target is PredictionTarget.PERCENT_ALL_CORRECT else number
