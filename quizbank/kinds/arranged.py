"""Kinds whose response arranges what is given: an order, or pairs."""

from __future__ import annotations

from itertools import permutations
from typing import ClassVar

from django.utils.translation import gettext as _

from quizbank.errors import BadResponse
from quizbank.kinds.base import (
    FULL,
    Content,
    Key,
    Kind,
    Shown,
    ShownOption,
    Wire,
    labels_by_id,
    one_label,
    opaque_id,
    option_labels,
    shuffled,
)
from quizbank.kinds.choice import option_problems

MOST_ITEMS = 5
# Offsets of the private ranges of sheet characters: 120 orders of five items, 6^5 pairings of five by five.
_ORDER, _PAIRING = 0x3400, 0x4E00


class Ordering(Kind):
    """content {"items": [text…]} (not in the right order), key {"order": ["C", "A", "B"]}; canonical "CAB".

    ``key["scheme"]`` "partial" gives credit for each item in its right place; the default "exact" does not.
    """

    code: ClassVar[str] = "ordering"

    def problems(self, content: Content, key: Key) -> list[str]:
        faults = option_problems(content, "items", least=3)
        if faults:
            return faults
        if len(content["items"]) > MOST_ITEMS:
            return [_("Sắp xếp nhiều nhất %(most)d mục.") % {"most": MOST_ITEMS}]
        order = key.get("order")
        if not isinstance(order, list) or sorted(order) != list(option_labels(content, "items")):
            return [_("Thứ tự đúng phải gồm đủ các mục, mỗi mục một lần.")]
        return []

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        labels = option_labels(content, "items")
        order = shuffled(labels, seed=seed, shuffle=shuffle)
        return Shown(
            options=tuple(
                ShownOption(opaque_id(seed, label), labels[place], content["items"][labels.index(label)])
                for place, label in enumerate(order)
            )
        )

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        if wire in ("", None, []):
            return ""
        labels = option_labels(content, "items")
        if not isinstance(wire, list) or len(wire) != len(labels):
            raise BadResponse
        by_id = labels_by_id(labels, seed)
        order = "".join(one_label(one, by_id) for one in wire)
        if sorted(order) != list(labels):
            raise BadResponse(_("Mỗi mục chỉ được xếp một lần."))
        return order

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return [opaque_id(seed, label) for label in canonical]

    def char(self, content: Content, canonical: str) -> str | None:
        orders = permutations(option_labels(content, "items"))
        return chr(_ORDER + next(i for i, order in enumerate(orders) if "".join(order) == canonical))

    def from_char(self, content: Content, char: str) -> str:
        orders = permutations(option_labels(content, "items"))
        return next("".join(order) for i, order in enumerate(orders) if i == ord(char) - _ORDER)

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        right = "".join(key["order"])
        if canonical == right:
            return FULL
        if not canonical or key.get("scheme", "exact") == "exact":
            return 0
        return FULL * sum(a == b for a, b in zip(canonical, right, strict=True)) // len(right)

    def tell_key(self, content: Content, key: Key) -> str:
        return self.tell_response(content, "".join(key["order"]))

    def tell_response(self, content: Content, canonical: str) -> str:
        labels = option_labels(content, "items")
        return " → ".join(content["items"][labels.index(label)] for label in canonical)


class Matching(Kind):
    """content {"lefts": […], "rights": […]}, key {"pairs": {"A": "C", …}} (left label to right label).

    Wire: a list as long as ``lefts`` of right ids or "" in the content's order of lefts; canonical the same with
    labels and "-" for none: "CA-B". "partial" (the default here) credits each right pair.
    """

    code: ClassVar[str] = "matching"

    def problems(self, content: Content, key: Key) -> list[str]:
        faults = option_problems(content, "lefts") + option_problems(content, "rights")
        if faults:
            return faults
        if len(content["lefts"]) > MOST_ITEMS or len(content["rights"]) > MOST_ITEMS:
            return [_("Ghép nhiều nhất %(most)d cặp.") % {"most": MOST_ITEMS}]
        pairs = key.get("pairs")
        lefts, rights = option_labels(content, "lefts"), option_labels(content, "rights")
        if not isinstance(pairs, dict) or sorted(pairs) != list(lefts) or not set(pairs.values()) <= set(rights):
            return [_("Mỗi mục bên trái cần một mục ghép đúng.")]
        return []

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        lefts, rights = option_labels(content, "lefts"), option_labels(content, "rights")
        order = shuffled(rights, seed=seed, shuffle=shuffle, salt="right")
        return Shown(
            options=tuple(
                ShownOption(opaque_id(seed, f"L{label}"), str(place + 1), content["lefts"][place])
                for place, label in enumerate(lefts)
            ),
            targets=tuple(
                ShownOption(opaque_id(seed, f"R{label}"), rights[place], content["rights"][rights.index(label)])
                for place, label in enumerate(order)
            ),
        )

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        if wire in ("", None, []):
            return ""
        if not isinstance(wire, list) or len(wire) != len(content["lefts"]):
            raise BadResponse
        by_id = labels_by_id(option_labels(content, "rights"), seed, "R")
        chosen = "".join("-" if one == "" else one_label(one, by_id) for one in wire)
        return "" if set(chosen) == {"-"} else chosen

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return ["" if label == "-" else opaque_id(seed, f"R{label}") for label in canonical]

    def char(self, content: Content, canonical: str) -> str | None:
        code = 0
        for label in canonical:
            code = code * (MOST_ITEMS + 1) + ("-" + option_labels(content, "rights")).index(label)
        return chr(_PAIRING + code)

    def from_char(self, content: Content, char: str) -> str:
        code, labels, chosen = ord(char) - _PAIRING, "-" + option_labels(content, "rights"), ""
        for _place in content["lefts"]:
            code, digit = divmod(code, MOST_ITEMS + 1)
            chosen = labels[digit] + chosen
        return chosen

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        if not canonical:
            return 0
        lefts = option_labels(content, "lefts")
        hits = sum(bool(key["pairs"][left] == chosen) for left, chosen in zip(lefts, canonical, strict=True))
        if hits < len(lefts) and key.get("scheme", "partial") == "exact":
            return 0
        return FULL * hits // len(lefts)

    def tell_key(self, content: Content, key: Key) -> str:
        return self.tell_response(content, "".join(key["pairs"][left] for left in option_labels(content, "lefts")))

    def tell_response(self, content: Content, canonical: str) -> str:
        rights = option_labels(content, "rights")
        return "; ".join(
            f"{left} – {content['rights'][rights.index(label)]}"
            for left, label in zip(content["lefts"], canonical, strict=False)
            if label != "-"
        )
