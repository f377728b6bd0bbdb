"""Between what an author types into the editor and the shapes a kind stores. Pure.

Items to order and pairs to match are typed in their right order and stored in another; a question that is opened and
saved untouched keeps exactly what it had, also what only a file format knows (weights, further answers).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from people.text import tidy
from quizbank.enums import KindCode
from quizbank.errors import BadResponse
from quizbank.kinds.base import LETTERS
from quizbank.kinds.written import parse_number, plain

Shape = tuple[dict[str, Any], dict[str, Any]]
SCHEMES = {KindCode.MULTIPLE: "exact", KindCode.ORDERING: "exact", KindCode.MATCHING: "partial"}
"""How part answers count where the key does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The editor's fields of one wording. ``options`` (text, is right); ``pairs`` (left, right), a left may be "";
    ``items`` in their right order. Empty rows are left out by the caller."""

    options: tuple[tuple[str, bool], ...] = ()
    right_bool: bool = True
    value: str = ""
    tolerance: str = ""
    unit: str = ""
    accept: tuple[str, ...] = ()
    accents: bool = False
    case: bool = False
    items: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """The wording an edit starts from."""

    kind: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    key: dict[str, Any] = field(default_factory=dict)


def shape(kind: str, typed: Typed, base: Base | None = None) -> Shape:
    """Return content and key of what was typed; faulty input gives faulty shapes, which the kind then names."""
    before = base if base is not None and base.kind == kind else Base()
    match kind:
        case KindCode.BOOLEAN:
            return {}, {"right": typed.right_bool}
        case KindCode.NUMERIC:
            return _numeric(typed, before)
        case KindCode.SHORT:
            return {}, _short(typed, before)
        case KindCode.ORDERING:
            return _ordering(typed, before)
        case KindCode.MATCHING:
            return _matching(typed, before)
        case _:
            return _choice(kind, typed, before)


def translated_content(kind: str, content: dict[str, Any], typed: Typed, original: Typed) -> dict[str, Any]:
    """Return the content of a translation, its rows moved as the original's were. ``typed`` has a row for each row of
    ``original``, in the same order."""
    match kind:
        case KindCode.SINGLE | KindCode.MULTIPLE:
            return {"options": [text for text, _right in typed.options]}
        case KindCode.NUMERIC:
            return {"unit": typed.unit} if "unit" in content else {}
        case KindCode.ORDERING:
            return {"items": _moved(original.items, content.get("items", []), typed.items)}
        case KindCode.MATCHING:
            lefts = [(left, other[0]) for (left, _r), other in zip(original.pairs, typed.pairs, strict=False) if left]
            rights = [right for _left, right in original.pairs]
            return {
                "lefts": [other for _left, other in lefts],
                "rights": _moved(tuple(rights), content.get("rights", []), tuple(r for _l, r in typed.pairs)),
            }
        case _:
            return {}


def typed_of(kind: str, content: dict[str, Any], key: dict[str, Any]) -> Typed:
    """Return the editor's fields of a stored wording: the inverse of ``shape``."""
    match kind:
        case KindCode.BOOLEAN:
            return Typed(right_bool=bool(key["right"]))
        case KindCode.NUMERIC:
            tolerance = str(key.get("tolerance", "0"))
            return Typed(
                value=str(key["value"]).replace(".", ","),
                tolerance="" if tolerance == "0" else tolerance.replace(".", ","),
                unit=str(content.get("unit", "")),
            )
        case KindCode.SHORT:
            return Typed(accept=tuple(key["accept"]), accents=bool(key.get("accents")), case=bool(key.get("case")))
        case KindCode.ORDERING:
            items = [content["items"][LETTERS.index(label)] for label in key["order"]]
            return Typed(items=tuple(items), scheme=key.get("scheme", SCHEMES[KindCode.ORDERING]))
        case KindCode.MATCHING:
            return Typed(pairs=_pairs(content, key), scheme=key.get("scheme", SCHEMES[KindCode.MATCHING]))
        case _:
            right = key.get("right", ())
            options = tuple((text, LETTERS[place] in right) for place, text in enumerate(content["options"]))
            return Typed(options=options, scheme=key.get("scheme", SCHEMES[KindCode.MULTIPLE]))


def typed_of_translation(kind: str, content: dict[str, Any], key: dict[str, Any], words: dict[str, Any]) -> Typed:
    """The same of a translation: its rows beside those of ``typed_of(kind, content, key)``."""
    other = words.get("content", {})
    try:
        match kind:
            case KindCode.SINGLE | KindCode.MULTIPLE:
                return Typed(options=tuple((text, False) for text in other["options"]))
            case KindCode.NUMERIC:
                return Typed(unit=str(other.get("unit", "")))
            case KindCode.ORDERING:
                return Typed(items=tuple(other["items"][LETTERS.index(label)] for label in key["order"]))
            case KindCode.MATCHING:
                return Typed(pairs=_pairs(other, key))
            case _:
                return Typed()
    except (KeyError, IndexError):
        return Typed()


def _choice(kind: str, typed: Typed, base: Base) -> Shape:
    content = {"options": [text for text, _right in typed.options]}
    right = [LETTERS[place] for place, (_text, is_right) in enumerate(typed.options) if is_right]
    key: dict[str, Any] = {"right": (right[0] if len(right) == 1 else "") if kind == KindCode.SINGLE else right}
    if kind == KindCode.MULTIPLE:
        key |= _scheme(kind, typed.scheme, base, always=True)
        if set(base.key.get("right", ())) == set(right):
            key["right"] = list(base.key["right"])
    if base.content == content and base.key.get("right") == key["right"] and "weights" in base.key:
        key["weights"] = base.key["weights"]
    return content, key


def _numeric(typed: Typed, base: Base) -> Shape:
    content = {"unit": typed.unit} if typed.unit or "unit" in base.content or not base.kind else {}
    key: dict[str, Any] = {"value": stored_number(typed.value, str(base.key.get("value", "")))}
    if typed.tolerance or "tolerance" in base.key or not base.kind:
        key["tolerance"] = stored_number(typed.tolerance or "0", str(base.key.get("tolerance", "0")))
    return content, key | {name: base.key[name] for name in ("also",) if name in base.key}


def stored_number(text: str, before: str = "") -> str:
    """A number as it is stored; as it was before where it is the same; what is none stays as typed and is refused."""
    try:
        number = parse_number(text)
        return before if before and Decimal(before) == number else plain(number)
    except (BadResponse, InvalidOperation):
        return text


def _short(typed: Typed, base: Base) -> dict[str, Any]:
    strict = {"accents": typed.accents, "case": typed.case}
    said = {name: value for name, value in strict.items() if value or name in base.key}
    key: dict[str, Any] = {"accept": list(typed.accept)} | said
    if "weights" in base.key:
        known = dict(zip(base.key["accept"], base.key["weights"], strict=False))
        key["weights"] = [known.get(one, 1000) for one in typed.accept]
    return key


def _ordering(typed: Typed, base: Base) -> Shape:
    items = _stored_order(typed.items, list(base.content.get("items", ())))
    labels = [LETTERS[items.index(one)] for one in typed.items]
    return {"items": items}, {"order": labels} | _scheme(KindCode.ORDERING, typed.scheme, base)


def _matching(typed: Typed, base: Base) -> Shape:
    lefts = [left for left, _right in typed.pairs if left]
    distinct = tuple(dict.fromkeys(right for _left, right in typed.pairs if right))
    rights = _stored_order(distinct, list(base.content.get("rights", ())))
    pairs = {
        LETTERS[place]: LETTERS[rights.index(right)] if right in rights else ""
        for place, (_left, right) in enumerate(pair for pair in typed.pairs if pair[0])
        if place < len(LETTERS)
    }
    return {"lefts": lefts, "rights": rights}, {"pairs": pairs} | _scheme(KindCode.MATCHING, typed.scheme, base)


def _scheme(kind: str, typed: str, base: Base, *, always: bool = False) -> dict[str, str]:
    """How part answers count, said only where it was said or is not what silence means."""
    usual = SCHEMES[KindCode(kind)]
    chosen = typed or usual
    said = "scheme" in base.key or chosen != usual or (always and not base.kind)
    return {"scheme": chosen} if said else {}


def _stored_order(right: tuple[str, ...], before: list[str]) -> list[str]:
    """The order in which texts typed in their right order are stored: as before, or one fixed by the texts that is not
    the right one."""
    if sorted(before) == sorted(right):
        return before
    order, random = list(right), Random("\n".join(right))
    while len(set(right)) > 1 and order == list(right):
        random.shuffle(order)
    return order


def _moved(typed: tuple[str, ...], stored: list[str], other: tuple[str, ...]) -> list[str]:
    """``other``, written row by row beside ``typed``, in the order in which ``typed`` is stored."""
    beside = dict(zip(typed, other, strict=False))
    return [beside.get(text, "") for text in stored]


def _pairs(content: dict[str, Any], key: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    rights = content["rights"]
    matched = [
        (left, rights[LETTERS.index(key["pairs"][LETTERS[place]])]) for place, left in enumerate(content["lefts"])
    ]
    used = {LETTERS.index(label) for label in key["pairs"].values()}
    return (*matched, *(("", text) for place, text in enumerate(rights) if place not in used))


def tidy_lines(text: str) -> str:
    """Text of several lines: each line tidied, empty ones at both ends gone."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip("\n")
