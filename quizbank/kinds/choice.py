"""Single choice, multiple choice and true/false."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext as _

from people.text import fold
from quizbank.errors import BadResponse
from quizbank.kinds.base import (
    FULL,
    MOST_OPTIONS,
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

# 256 Braille patterns: one character for any set of up to eight options, readable in a database shell.
_BRAILLE = 0x2800


def option_problems(content: Content, field: str = "options", *, least: int = 2) -> list[str]:
    """Faults shared by everything that lists options."""
    options = content.get(field)
    if not isinstance(options, list) or not all(isinstance(o, str) and o.strip() for o in options):
        return [_("Các phương án phải là chữ và không được để trống.")]
    if not least <= len(options) <= MOST_OPTIONS:
        return [_("Cần từ %(least)d đến %(most)d phương án.") % {"least": least, "most": MOST_OPTIONS}]
    if len({fold(o) for o in options}) != len(options):
        return [_("Có hai phương án giống nhau.")]
    return []


def weight_problems(key: Key, labels: str) -> list[str]:
    """Faults of ``key["weights"]``, {label: per mille from -1000 to 1000}."""
    weights = key.get("weights", {})
    sound = isinstance(weights, dict) and all(
        label in tuple(labels) and isinstance(weight, int) and -FULL <= weight <= FULL
        for label, weight in weights.items()
    )
    return [] if sound else [_("Cách tính điểm từng phần không hợp lệ.")]


def show_options(content: Content, *, seed: int, shuffle: bool) -> tuple[ShownOption, ...]:
    """Return the options in the order dealt, lettered by place."""
    labels = option_labels(content)
    order = shuffled(labels, seed=seed, shuffle=shuffle)
    return tuple(
        ShownOption(opaque_id(seed, label), labels[place], content["options"][labels.index(label)])
        for place, label in enumerate(order)
    )


class SingleChoice(Kind):
    """content {"options": [text…]}, key {"right": "B"}; canonical "B".

    ``key["weights"]`` {"A": 500} (per mille, optional) gives part credit for an option that is half right.
    """

    code: ClassVar[str] = "single"

    def problems(self, content: Content, key: Key) -> list[str]:
        faults = option_problems(content)
        if not faults and key.get("right") not in tuple(option_labels(content)):
            faults.append(_("Chưa chọn đáp án đúng."))
        return faults or weight_problems(key, option_labels(content))

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        return Shown(options=show_options(content, seed=seed, shuffle=shuffle))

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        return one_label(wire, labels_by_id(option_labels(content), seed)) if wire else ""

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return opaque_id(seed, canonical) if canonical else ""

    def char(self, content: Content, canonical: str) -> str | None:
        return canonical

    def from_char(self, content: Content, char: str) -> str:
        return char

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        if not canonical:
            return 0
        return FULL if canonical == key["right"] else max(0, int(key.get("weights", {}).get(canonical, 0)))

    def tell_key(self, content: Content, key: Key) -> str:
        return self.tell_response(content, key["right"])

    def tell_response(self, content: Content, canonical: str) -> str:
        return str(content["options"][option_labels(content).index(canonical)]) if canonical else ""


class MultipleChoice(Kind):
    """content {"options": […]}, key {"right": ["A", "C"], "scheme": "exact" | "partial"}; canonical "AC".

    ``exact``: only the exact set counts. ``partial``: (right chosen − wrong chosen) ÷ right ones, never below 0.
    ``weights``: the sum of ``key["weights"]`` {"A": 500, "B": 500, "C": -1000} (per mille) of what was chosen, within
    0..1000; the right ones are those with a positive weight.
    """

    code: ClassVar[str] = "multiple"

    def problems(self, content: Content, key: Key) -> list[str]:
        faults = option_problems(content, least=3)
        if faults:
            return faults
        right = key.get("right")
        labels = option_labels(content)
        if not isinstance(right, list) or not right or not set(right) <= set(labels) or len(set(right)) != len(right):
            faults.append(_("Chưa chọn các đáp án đúng."))
        scheme = key.get("scheme", "exact")
        if scheme not in ("exact", "partial", "weights"):
            faults.append(_("Cách tính điểm từng phần không hợp lệ."))
        faults = faults or weight_problems(key, labels)
        weights = key.get("weights", {})
        if (
            not faults
            and scheme == "weights"
            and {one for one in labels if weights.get(one, 0) > 0} != {*(right or ())}
        ):
            faults.append(_("Cách tính điểm từng phần không hợp lệ."))
        return faults

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        return Shown(options=show_options(content, seed=seed, shuffle=shuffle))

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        if wire in ("", None, []):
            return ""
        if not isinstance(wire, list) or len(wire) > MOST_OPTIONS:
            raise BadResponse
        by_id = labels_by_id(option_labels(content), seed)
        return "".join(sorted({one_label(one, by_id) for one in wire}))

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return [opaque_id(seed, label) for label in canonical]

    def char(self, content: Content, canonical: str) -> str | None:
        labels = option_labels(content)
        return chr(_BRAILLE + sum(1 << labels.index(label) for label in canonical))

    def from_char(self, content: Content, char: str) -> str:
        mask = ord(char) - _BRAILLE
        return "".join(label for place, label in enumerate(option_labels(content)) if mask >> place & 1)

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        chosen, right = set(canonical), set(key["right"])
        if chosen == right:
            return FULL
        scheme = key.get("scheme", "exact")
        if scheme == "exact":
            return 0
        if scheme == "weights":
            return min(FULL, max(0, int(sum(key["weights"].get(label, 0) for label in chosen))))
        return max(0, FULL * (len(chosen & right) - len(chosen - right)) // len(right))

    def tell_key(self, content: Content, key: Key) -> str:
        return self.tell_response(content, "".join(sorted(key["right"])))

    def tell_response(self, content: Content, canonical: str) -> str:
        labels = option_labels(content)
        return "; ".join(content["options"][labels.index(label)] for label in canonical)


class TrueFalse(Kind):
    """content {}, key {"right": bool}; canonical "T" or "F". Always shown in the order Đúng, Sai."""

    code: ClassVar[str] = "boolean"

    def problems(self, content: Content, key: Key) -> list[str]:
        return [] if isinstance(key.get("right"), bool) else [_("Chưa chọn Đúng hay Sai.")]

    def present(self, content: Content, *, seed: int, shuffle: bool) -> Shown:
        return Shown(
            options=(
                ShownOption(opaque_id(seed, "T"), "A", _("Đúng")),
                ShownOption(opaque_id(seed, "F"), "B", _("Sai")),
            )
        )

    def read(self, content: Content, wire: object, *, seed: int) -> str:
        return one_label(wire, labels_by_id("TF", seed)) if wire else ""

    def write(self, content: Content, canonical: str, *, seed: int) -> Wire:
        return opaque_id(seed, canonical) if canonical else ""

    def char(self, content: Content, canonical: str) -> str | None:
        return canonical

    def from_char(self, content: Content, char: str) -> str:
        return char

    def grade(self, content: Content, key: Key, canonical: str) -> int:
        return FULL if canonical == ("T" if key["right"] else "F") else 0

    def tell_key(self, content: Content, key: Key) -> str:
        return _("Đúng") if key["right"] else _("Sai")

    def tell_response(self, content: Content, canonical: str) -> str:
        return {"T": _("Đúng"), "F": _("Sai")}.get(canonical, "")
