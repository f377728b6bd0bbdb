"""A question as its reader sees it, and a filled form back as a response. Nothing here has ever met a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quizbank.enums import KindCode
from quizbank.errors import BadResponse
from quizbank.kinds.base import Shown, Wire
from quizbank.markup_html import StemPicture, picture_of, stem_html

# Names of the form's fields; paper.js reads the same ones.
ANSWER, PLACE, PAIR = "a", "o_", "m_"
NOTHING: Mapping[str, Any] = MappingProxyType({})
CHOICES = frozenset({KindCode.SINGLE, KindCode.MULTIPLE, KindCode.BOOLEAN})


class OfKind:
    """What a template asks of anything that has a ``kind``."""

    __slots__ = ()
    kind: str

    @property
    def many(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.kind == KindCode.MULTIPLE

    @property
    def is_choice(self) -> bool:
        return self.kind in CHOICES

    @property
    def is_order(self) -> bool:
        return self.kind == KindCode.ORDERING

    @property
    def is_pairs(self) -> bool:
        return self.kind == KindCode.MATCHING

    @property
    def is_number(self) -> bool:
        return self.kind == KindCode.NUMERIC


@dataclass(frozen=True, slots=True)
class OptionView:
    """One thing to choose, to order or to match. ``index`` gives letter, shape and colour; ``place`` is the 1-based
    place an ordered item was put to, ``chosen_target`` the id matched to it ("" for none)."""

    id: str
    index: int
    text: str
    checked: bool = False
    place: int | None = None
    chosen_target: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView(OfKind):
    """One question of one attempt. ``position`` is 0-based, ``number`` is what people read."""

    position: int
    kind: str
    stem: str
    options: tuple[OptionView, ...]
    targets: tuple[OptionView, ...]
    unit: str
    text: str
    seq: int
    answered: bool
    flagged: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def html(self) -> SafeString:
        """The stem for a page: escaped, or the Markdown it is written in."""
        return stem_html(self.stem, self.extra)

    @property
    def picture(self) -> StemPicture | None:
        return picture_of(self.extra)

    @property
    def number(self) -> int:
        return self.position + 1


def view_question(
    *,
    kind: str,
    stem: str,
    position: int,
    shown: Shown,
    wire: Wire,
    seq: int = 0,
    flagged: bool = False,
    extra: Mapping[str, Any] = NOTHING,
) -> QuestionView:
    """Return the view of one question. ``wire`` is the stored response ("" or [] for none), ``seq`` its number;
    ``extra`` is the version's, for its picture and Markdown."""
    return QuestionView(
        position=position,
        kind=kind,
        stem=stem,
        options=_options(kind, shown, wire),
        targets=tuple(OptionView(one.id, index, one.text) for index, one in enumerate(shown.targets)),
        unit=shown.unit,
        text=wire if isinstance(wire, str) and kind in (KindCode.NUMERIC, KindCode.SHORT) else "",
        seq=seq,
        answered=bool(wire),
        flagged=flagged,
        extra=extra,
    )


def _options(kind: str, shown: Shown, wire: Wire) -> tuple[OptionView, ...]:
    chosen = wire if isinstance(wire, list) else [wire]
    views = [OptionView(one.id, index, one.text, checked=one.id in chosen) for index, one in enumerate(shown.options)]
    if kind == KindCode.ORDERING and isinstance(wire, list) and wire:
        # A given order is shown as given; letters stay with their items.
        placed = {one: place for place, one in enumerate(wire, start=1)}
        views = sorted(
            (OptionView(view.id, view.index, view.text, place=placed[view.id]) for view in views),
            key=lambda view: view.place or 0,
        )
    elif kind == KindCode.MATCHING and isinstance(wire, list) and wire:
        views = [
            OptionView(view.id, view.index, view.text, chosen_target=target)
            for view, target in zip(views, wire, strict=True)
        ]
    return tuple(views)


Filled = Mapping[str, Sequence[str]]
"""A sent form: every value of every field, in order."""


def _one(filled: Filled, name: str) -> str:
    return filled[name][-1] if filled.get(name) else ""


def wire_of_form(view: QuestionView, filled: Filled) -> Wire | None:
    """Return the wire form of what a plain HTML form sent; None where it said nothing about the answer.

    An absent field never clears an answer: only ``clear`` does.

    Raises:
        BadResponse: when places are given twice or left out.
    """
    if "clear" in filled:
        return ""
    match view.kind:
        case KindCode.MULTIPLE:
            return list(filled.get(ANSWER, ())) or None
        case KindCode.ORDERING:
            return _order_of_form(view, filled)
        case KindCode.MATCHING:
            chosen = [_one(filled, f"{PAIR}{place}") for place in range(len(view.options))]
            return chosen if any(chosen) else None
        case _:
            return _one(filled, ANSWER) or None


def _order_of_form(view: QuestionView, filled: Filled) -> Wire | None:
    places = {one.id: _one(filled, f"{PLACE}{one.id}") for one in view.options}
    if not any(places.values()):
        return None
    wanted = {str(place) for place in range(1, len(places) + 1)}
    if set(places.values()) != wanted:
        raise BadResponse(_("Mỗi vị trí chỉ dùng một lần và phải xếp đủ các mục."))
    return sorted(places, key=lambda one: int(places[one]))
