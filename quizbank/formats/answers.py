"""From answers with weights, as most formats write them, to a kind's content and key. Pure.

In doubt there is a problem, never a guess: a question that comes in with another key than its author meant is the one
fault nobody finds before the contest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.translation import gettext as _

from people.text import fold, tidy
from quizbank.kinds.base import FULL, LETTERS, MOST_OPTIONS
from quizbank.kinds.written import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a file. ``weight`` is per mille, None when what stands in the file is no share."""

    text: str
    weight: int | None
    feedback: str = ""
    tolerance: str = "0"


@dataclass(slots=True, kw_only=True)
class Built:
    """A kind's shapes under construction, with what must be told. ``others`` are answers worth nothing."""

    kind: str
    content: dict[str, Any] = field(default_factory=dict)
    key: dict[str, Any] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    others: list[dict[str, str]] = field(default_factory=list)


MOST_ANSWERS = 60
"""Answers of one question that are looked at; no kind takes nearly as many, and a hostile file has millions."""


def crowded() -> Built:
    """Return the empty shape of a question with more answers than anybody would read."""
    return unknown(_("Câu có quá nhiều phương án trả lời."))


def unknown(sentence: str) -> Built:
    """Return the empty shape of what cannot become a question here."""
    return Built(kind="single", content={"options": []}, key={}, problems=[sentence])


def _shares(built: Built, answers: Sequence[Answer]) -> list[int]:
    if any(answer.weight is None for answer in answers):
        built.problems.append(_("Tỉ lệ điểm phải là số phần trăm từ -100 đến 100."))
    return [answer.weight or 0 for answer in answers]


def choice(answers: Sequence[Answer], *, single: bool) -> Built:
    """Return a single or multiple choice; the right one of a single is the first that is worth everything."""
    built = Built(kind="single" if single else "multiple", content={"options": [one.text for one in answers]})
    weights = _shares(built, answers)
    if len(answers) > MOST_OPTIONS:
        built.problems.append(
            _("Câu có %(count)d phương án; nhiều nhất được %(most)d.") % {"count": len(answers), "most": MOST_OPTIONS}
        )
        return built
    worth = {LETTERS[place]: weight for place, weight in enumerate(weights) if weight}
    built.feedback = {LETTERS[place]: one.feedback for place, one in enumerate(answers) if one.feedback}
    (_single if single else _multiple)(built, worth, len(answers))
    return built


def _single(built: Built, worth: dict[str, int], count: int) -> None:
    full = [label for label, weight in worth.items() if weight == FULL]
    if not full:
        built.problems.append(_("Không có phương án nào được trọn điểm (100%)."))
        return
    if len(full) > 1:
        built.warnings.append(_("Có nhiều phương án cùng được trọn điểm: %(labels)s.") % {"labels": ", ".join(full)})
    built.key["right"] = full[0]
    rest = {label: weight for label, weight in worth.items() if label != full[0]}
    if rest:
        built.key["weights"] = rest


def _multiple(built: Built, worth: dict[str, int], count: int) -> None:
    right = [label for label, weight in worth.items() if weight > 0]
    built.key["right"] = right
    if not right:
        built.problems.append(_("Không có phương án nào được điểm dương."))
    elif worth == even_shares(right, count):
        built.key["scheme"] = "partial"
    else:
        built.key |= {"scheme": "weights", "weights": worth}
        if sum(worth.values()) >= FULL and len(worth) < count:
            built.warnings.append(_("Chọn tất cả các phương án cũng được trọn điểm, vì phương án sai không bị trừ."))


def even_shares(right: Sequence[str], count: int) -> dict[str, int]:
    """Return the weights that say the same as "partial": a wrong one takes back what a right one gives."""
    share = round(FULL / len(right)) if right else 0
    return {label: share if label in right else -share for label in LETTERS[:count]}


def boolean(right: bool, *, if_true: str = "", if_false: str = "") -> Built:
    """Return a true/false question with the feedback of either choice."""
    feedback = {label: text for label, text in (("T", if_true), ("F", if_false)) if text}
    return Built(kind="boolean", key={"right": right}, feedback=feedback)


def short(answers: Sequence[Answer], *, case: bool = False) -> Built:
    """Return a short answer; what is worth nothing is kept aside for its feedback."""
    built = Built(kind="short")
    weights = _shares(built, answers)
    worthy = [(one, weight) for one, weight in zip(answers, weights, strict=True) if weight > 0]
    built.others = _others(answers, weights)
    if any(weight < 0 for weight in weights):
        built.problems.append(_("Câu trả lời ngắn không trừ điểm được."))
    if any("*" in one.text.replace("\\*", "") for one, _weight in worthy):
        built.problems.append(_("Dấu * thay cho chữ bất kỳ chưa dùng được; mời bạn ghi rõ từng đáp án."))
    built.key["accept"] = [one.text.replace("\\*", "*") for one, _weight in worthy]
    built.key["accents"] = False
    if case:
        built.key["case"] = True
    if any(weight != FULL for _one, weight in worthy):
        built.key["weights"] = [weight for _one, weight in worthy]
    built.feedback = {str(place): one.feedback for place, (one, _weight) in enumerate(worthy) if one.feedback}
    _tell_apart(built, [(one.text.replace("\\*", "*"), weight) for one, weight in zip(answers, weights, strict=True)])
    return built


def _tell_apart(built: Built, worth: Sequence[tuple[str, int]]) -> None:
    """Make accents or capitals matter where the file gives different points to what would else be the same answer."""

    def clash(form: Callable[[str], str]) -> bool:
        groups: dict[str, set[int]] = {}
        for text, weight in worth:
            groups.setdefault(form(text), set()).add(weight)
        return any(len(weights) > 1 for weights in groups.values())

    if clash(fold):
        built.key["accents"] = True
        if clash(lambda text: tidy(text).casefold()):
            built.key["case"] = True
        built.warnings.append(_("Dấu và chữ hoa được tính ở câu này, vì tệp cho các cách viết số điểm khác nhau."))


def numeric(answers: Sequence[Answer], *, unit: str = "") -> Built:
    """Return a number; the first answer worth everything is the key, the others are "also" right for their weight.

    ``text`` and ``tolerance`` are numbers as texts.number writes them, or "*" for what is worth nothing.
    """
    built = Built(kind="numeric", content={"unit": unit})
    weights = _shares(built, answers)
    built.others = _others(answers, weights)
    worthy = [(one, weight) for one, weight in zip(answers, weights, strict=True) if weight > 0]
    if any(weight < 0 for weight in weights) or any(one.text == "*" for one, _weight in worthy):
        built.problems.append(_("Câu điền số chỉ nhận các đáp án là số và được điểm dương."))
        return built
    full = next((place for place, (_one, weight) in enumerate(worthy) if weight == FULL), None)
    if full is None:
        built.problems.append(_("Không có đáp án nào được trọn điểm (100%)."))
        return built
    if _overlapping(worthy):
        built.warnings.append(_("Các đáp án chồng lấn nhau; số nào khớp nhiều đáp án thì được mức điểm cao nhất."))
    ordered = [worthy[full], *worthy[:full], *worthy[full + 1 :]]
    built.key = {"value": ordered[0][0].text, "tolerance": ordered[0][0].tolerance}
    if len(ordered) > 1:
        built.key["also"] = [
            {"value": one.text, "tolerance": one.tolerance, "weight": weight} for one, weight in ordered[1:]
        ]
    built.feedback = {str(place): one.feedback for place, (one, _weight) in enumerate(ordered) if one.feedback}
    return built


def _overlapping(worthy: Sequence[tuple[Answer, int]]) -> bool:
    """Say whether an answer worth less stands before one worth more that the same number would fit.

    Other software takes the first that fits, the kinds here take the best.
    """
    spans = [
        (Decimal(one.text) - Decimal(one.tolerance), Decimal(one.text) + Decimal(one.tolerance), weight)
        for one, weight in worthy
        if one.text
    ]
    return any(
        first[2] < second[2] and first[0] <= second[1] and second[0] <= first[1]
        for place, first in enumerate(spans)
        for second in spans[place + 1 :]
    )


def middle(low: str, high: str) -> tuple[str | None, str | None]:
    """Return value and tolerance of a range; (None, None) when it runs backwards."""
    half = (Decimal(high) - Decimal(low)) / 2
    if half < 0:
        return None, None
    return plain(Decimal(low) + half), plain(half)


def _others(answers: Sequence[Answer], weights: Sequence[int]) -> list[dict[str, str]]:
    return [
        {"text": one.text, "feedback": one.feedback}
        for one, weight in zip(answers, weights, strict=True)
        if weight == 0 and one.weight == 0
    ]


def ordering(items: Sequence[str], *, places: Sequence[int] | None = None) -> Built:
    """Return an ordering of items given in their right order.

    ``places[i]`` is the right place of what is stored as the i-th item; without it the items are mixed, always alike
    for the same words, so that the stored order never is the answer.
    """
    order = _sound(places, len(items)) or mixed(items)
    key = [LETTERS[order.index(i)] for i in range(len(items))] if len(items) <= MOST_OPTIONS else []
    return Built(kind="ordering", content={"items": [items[i] for i in order]}, key={"order": key})


def matching(
    pairs: Sequence[tuple[str, str]], extras: Sequence[str] = (), *, places: Sequence[int] | None = None
) -> Built:
    """Return a matching of pairs (left, right) and further rights that fit nothing; ``places`` as in ``ordering``."""
    rights = list(dict.fromkeys([right for _left, right in pairs] + list(extras)))
    order = _sound(places, len(rights)) or mixed(rights)
    built = Built(
        kind="matching",
        content={"lefts": [left for left, _right in pairs], "rights": [rights[i] for i in order]},
    )
    if max(len(pairs), len(rights)) <= MOST_OPTIONS:
        built.key["pairs"] = {
            LETTERS[place]: LETTERS[order.index(rights.index(right))] for place, (_left, right) in enumerate(pairs)
        }
    else:
        built.problems.append(_("Câu có quá nhiều cặp để ghép."))
    return built


def _sound(places: Sequence[int] | None, count: int) -> list[int]:
    return list(places) if places is not None and sorted(places) == list(range(count)) else []


def mixed(texts: Sequence[str]) -> list[int]:
    """Return a permutation fixed by the words themselves that is not the identity."""
    identity, order, random = list(range(len(texts))), list(range(len(texts))), Random("\n".join(texts))
    while order == identity and len(texts) > 1:
        random.shuffle(order)
    return order
