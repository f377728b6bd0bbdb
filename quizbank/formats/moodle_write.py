"""Drafts to Moodle XML. The code is the question's ID number, and its name where it has no other."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from quizbank.drafts import Draft
from quizbank.formats import carry, xml
from quizbank.formats.answers import even_shares
from quizbank.formats.gift_write import category_of
from quizbank.formats.markup_out import picture_html, picture_markdown, to_html
from quizbank.formats.moodle_read import COMBINED, SETTINGS
from quizbank.formats.pictures import attached
from quizbank.formats.texts import percent, short_name, topic_name
from quizbank.kinds.base import FULL, LETTERS

TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "boolean": "truefalse",
    "short": "shortanswer",
    "numeric": "numerical",
    "ordering": "ordering",
    "matching": "matching",
}
_PLAIN = "plain_text"


def category_path(topic: str) -> str:
    """Return the category a topic is written as."""
    return f"$course$/top/{topic_name(topic)}" if topic else "$course$/top"


def write_all(drafts: Sequence[Draft]) -> bytes:
    """Return the file, with a category entry wherever the category changes."""
    root = ET.Element("quiz")
    before = category_path("")
    for draft in drafts:
        category = category_of(draft, "moodle")
        category = category_path(draft.topic) if category == topic_name(draft.topic) else category
        if category != before:
            _text(_add(_add(root, "question", type="category"), "category"), category)
            before = category
        _Writer(_add(root, "question", type=TYPES[draft.kind]), draft).write()
    ET.indent(root)
    return xml.to_bytes(root)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def _text(parent: ET.Element, text: str) -> None:
    _add(parent, "text", text)


class _Writer:
    def __init__(self, element: ET.Element, draft: Draft) -> None:
        self._element, self._draft = element, draft
        self._source: dict[str, Any] = draft.extra.get("source", {}).get("moodle", {})
        self._feedback: dict[str, str] = draft.extra.get("feedback", {})
        self._more: dict[str, Any] = {}

    def write(self) -> None:
        draft, element = self._draft, self._element
        _text(_add(element, "name"), self._source.get("name") or draft.code or short_name(draft.stem))
        self._stem()
        self._formatted("generalfeedback", draft.explanation)
        self._settings("")
        _add(element, "idnumber", draft.code)
        self._settings(TYPES[draft.kind])
        getattr(self, f"_{draft.kind}")()
        for name in COMBINED:
            if told := self._source.get("combined", {}).get(name):
                self._formatted(name, told)
        for hint in self._source.get("hints", ()):
            self._formatted("hint", hint)
        if draft.tags:
            tags = _add(element, "tags")
            for tag in draft.tags:
                _text(_add(tags, "tag"), tag)
        element.insert(0, ET.Comment(carry.pack(draft, fmt="moodle", **self._more)))

    def _settings(self, kind: str) -> None:
        for name, usual in SETTINGS.get(kind, {}).items():
            _add(self._element, name, self._source.get(name, usual))

    def _formatted(self, name: str, text: str, parent: ET.Element | None = None) -> ET.Element:
        element = _add(self._element if parent is None else parent, name, format=_PLAIN)
        _text(element, text)
        return element

    def _stem(self) -> None:
        draft = self._draft
        marked = bool(draft.extra.get("markdown"))
        picture = attached(draft)
        address = f"@@PLUGINFILE@@/{quote(picture.name)}" if picture else ""
        text, fmt = draft.stem, "markdown" if marked else _PLAIN
        if picture and marked:
            text = f"{text}\n\n{picture_markdown(address, picture.alt)}"
        elif picture:
            text, fmt = to_html(text) + picture_html(address, picture.alt), "html"
        element = _add(self._element, "questiontext", format=fmt)
        _text(element, text)
        if picture:
            packed = base64.b64encode(picture.data).decode()
            _add(element, "file", packed, name=picture.name, path="/", encoding="base64")

    def _answer(self, text: str, share: str, feedback: str, **more: str) -> ET.Element:
        answer = _add(self._element, "answer", fraction=share, format=_PLAIN)
        _text(answer, text)
        for name, value in more.items():
            _add(answer, name, value)
        self._formatted("feedback", feedback, answer)
        return answer

    def _single(self) -> None:
        _add(self._element, "single", "true")
        key = self._draft.key
        self._choices({**key.get("weights", {}), key["right"]: FULL})

    def _multiple(self) -> None:
        _add(self._element, "single", "false")
        key = self._draft.key
        weighted = key.get("scheme") == "weights"
        self._choices(key["weights"] if weighted else even_shares(key["right"], len(self._draft.content["options"])))

    def _choices(self, weights: dict[str, int]) -> None:
        for label, text in zip(LETTERS, self._draft.content["options"], strict=False):
            self._answer(text, percent(weights.get(label, 0)), self._feedback.get(label, ""))

    def _boolean(self) -> None:
        for label, text in (("T", "true"), ("F", "false")):
            right = self._draft.key["right"] == (label == "T")
            self._answer(text, "100" if right else "0", self._feedback.get(label, ""))

    def _short(self) -> None:
        key = self._draft.key
        _add(self._element, "usecase", "1" if key.get("case") else "0")
        weights = key.get("weights", [FULL] * len(key["accept"]))
        for place, (text, weight) in enumerate(zip(key["accept"], weights, strict=True)):
            self._answer(text.replace("*", "\\*"), percent(weight), self._feedback.get(str(place), ""))
        for other in self._source.get("others", ()):
            self._answer(other["text"], "0", other["feedback"])

    def _numeric(self) -> None:
        key = self._draft.key
        for place, one in enumerate([key, *key.get("also", [])]):
            share, tolerance = percent(one.get("weight", FULL)), str(one.get("tolerance", "0"))
            self._answer(str(one["value"]), share, self._feedback.get(str(place), ""), tolerance=tolerance)
        for other in self._source.get("others", ()):
            self._answer(other["text"], "0", other["feedback"], tolerance="0")
        unit = self._draft.content.get("unit", "")
        units = self._source.get("units") or ([["1", unit]] if unit else [])
        if units:
            holder = _add(self._element, "units")
            for multiplier, name in units:
                element = _add(holder, "unit")
                _add(element, "multiplier", multiplier)
                _add(element, "unit_name", name)

    def _ordering(self) -> None:
        items, key = self._draft.content["items"], self._draft.key
        written = [items[LETTERS.index(label)] for label in key["order"]]
        self._more["places"] = carry.places_of(self._draft, written, "items")
        self._keep_feedback()
        partial = key.get("scheme") == "partial"
        grading = self._source.get("gradingtype") if partial else None
        _add(self._element, "gradingtype", grading or ("ABSOLUTE_POSITION" if partial else "ALL_OR_NOTHING"))
        for place, text in enumerate(written):
            answer = _add(self._element, "answer", fraction=f"{place + 1}.0000000", format=_PLAIN)
            _text(answer, text)

    def _matching(self) -> None:
        lefts, rights, pairs = self._draft.content["lefts"], self._draft.content["rights"], self._draft.key["pairs"]
        paired = [rights[LETTERS.index(pairs[LETTERS[place]])] for place in range(len(lefts))]
        extras = [right for right in rights if right not in paired]
        self._more["places"] = carry.places_of(self._draft, list(dict.fromkeys(paired + extras)), "rights")
        self._keep_feedback()
        for left, right in [*zip(lefts, paired, strict=True), *(("", extra) for extra in extras)]:
            element = self._formatted("subquestion", left)
            _text(_add(element, "answer"), right)

    def _keep_feedback(self) -> None:
        if self._feedback:
            self._more["feedback"] = self._feedback
