"""One draft to one QTI item, in either edition."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from quizbank.drafts import Draft
from quizbank.formats import carry, xml
from quizbank.formats.answers import even_shares
from quizbank.formats.markup_out import picture_html, to_html
from quizbank.formats.pictures import attached
from quizbank.formats.qti_names import LANG, OURS, Edition, spell
from quizbank.formats.qti_read import EXPLANATION, FMT, UNIT
from quizbank.formats.texts import BLANK, percent, short_name
from quizbank.kinds.base import FULL, LETTERS

_BOOLEAN = {"vi": {"T": "Đúng", "F": "Sai"}, "en": {"T": "True", "F": "False"}}
_GAP = "gap"


def identifier_of(code: str) -> bool:
    """Say whether a code can be an identifier of QTI as it is."""
    return bool(re.fullmatch(r"[A-Za-z_][A-Za-z0-9._-]*", code))


def _q(parent: ET.Element | None, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element of QTI."""
    made = ET.Element(OURS + tag, attributes)
    made.text = text or None
    if parent is not None:
        parent.append(made)
    return made


def _html(parent: ET.Element, source: str) -> ET.Element:
    """Add XHTML inside a div."""
    div = xml.fragment(f"<div>{source}</div>")
    parent.append(div)
    return div


class ItemWriter:
    """Writes one item. ``picture`` is the address under which the package holds the draft's picture."""

    def __init__(self, draft: Draft, *, identifier: str, edition: Edition, picture: str = "") -> None:
        self._draft, self._identifier, self._edition, self._picture = draft, identifier, edition, picture
        self._source: dict[str, Any] = draft.extra.get("source", {}).get(FMT, {})
        self._feedback: dict[str, str] = dict(draft.extra.get("feedback", {}))
        self._more: dict[str, Any] = {}
        self._item = _q(None, "assessmentItem")

    def written(self) -> bytes:
        """Return the document."""
        draft, item = self._draft, self._item
        title = self._source.get("title") or draft.code or short_name(draft.stem)
        for name, value in (
            ("identifier", self._identifier), ("title", title), ("adaptive", "false"), ("timeDependent", "false"),
            (LANG, draft.language),
        ):  # fmt: skip
            item.set(name, value)
        if draft.code != self._identifier:
            self._more["code"] = draft.code
        if draft.extra.get("markdown"):
            self._more["stem"] = draft.stem
        if draft.tags:
            self._more["tags"] = list(draft.tags)
        if draft.kind in ("ordering", "matching") and self._feedback:
            self._more["feedback"] = self._feedback
            self._feedback = {}
        self._more["topic"] = draft.topic
        getattr(self, f"_{draft.kind}")()
        self._told()
        item.insert(0, ET.Comment(carry.pack(draft, fmt=FMT, **self._more)))
        return xml.to_bytes(spell(item, self._edition))

    # -- what is asked

    def _declare(self, cardinality: str, base: str, correct: Iterable[str]) -> ET.Element:
        declaration = _q(
            self._item, "responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base
        )
        right = _q(declaration, "correctResponse")
        for value in correct:
            _q(right, "value", value)
        return declaration

    def _map(self, declaration: ET.Element, entries: dict[str, int], **bounds: str) -> None:
        mapping = _q(declaration, "mapping", defaultValue="0", **bounds)
        for name, mille in entries.items():
            _q(mapping, "mapEntry", mapKey=name, mappedValue=_points(mille))

    def _outcomes(self) -> None:
        _q(self._item, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
        several = "multiple" if self._draft.kind == "multiple" else "single"
        if self._feedback or self._source.get("feedback"):
            _q(self._item, "outcomeDeclaration", identifier="FEEDBACK", cardinality=several, baseType="identifier")
        if self._draft.explanation:
            _q(self._item, "outcomeDeclaration", identifier="SOLUTION", cardinality="single", baseType="identifier")

    def _body(self) -> ET.Element:
        """Add the outcomes and the body with the stem in it."""
        self._outcomes()
        body = _q(self._item, "itemBody")
        draft = self._draft
        source = to_html(draft.stem, markdown=bool(draft.extra.get("markdown")))
        if self._picture and (picture := attached(draft)):
            source += picture_html(self._picture, picture.alt)
        if self._source.get("gap") and source.count(BLANK) == 1:
            source = source.replace(BLANK, f"<{_GAP}></{_GAP}>")
        _html(body, source)
        return body

    def _single(self) -> None:
        key, options = self._draft.key, self._draft.content["options"]
        declaration = self._declare("single", "identifier", [key["right"]])
        if key.get("weights"):
            self._map(declaration, {key["right"]: FULL, **key["weights"]})
        self._choose(list(zip(LETTERS, options, strict=False)), "1")
        self._score(
            "map_response" if key.get("weights") else "match_correct", {label: label for label in self._feedback}
        )

    def _multiple(self) -> None:
        key, options = self._draft.key, self._draft.content["options"]
        declaration = self._declare("multiple", "identifier", key["right"])
        scheme = key.get("scheme", "exact")
        if scheme != "exact":
            weights = key["weights"] if scheme == "weights" else even_shares(key["right"], len(options))
            self._map(declaration, weights, lowerBound="0", upperBound="1")
        self._choose(list(zip(LETTERS, options, strict=False)), self._source.get("max", "0"))
        self._score(
            "match_correct" if scheme == "exact" else "map_response", {label: label for label in self._feedback}
        )

    def _boolean(self) -> None:
        self._declare("single", "identifier", ["T" if self._draft.key["right"] else "F"])
        words = _BOOLEAN.get(self._draft.language, _BOOLEAN["vi"])
        self._choose(list(words.items()), "1")
        self._score("match_correct", {label: label for label in self._feedback})

    def _choose(self, choices: list[tuple[str, str]], most: str) -> None:
        fixed = self._source.get("shuffle") is False or self._draft.kind == "boolean"
        interaction = _q(
            self._body(), "choiceInteraction", responseIdentifier="RESPONSE", maxChoices=most,
            shuffle="false" if fixed else "true",
        )  # fmt: skip
        for name, text in choices:
            _q(interaction, "simpleChoice", text, identifier=name)

    def _short(self) -> None:
        key = self._draft.key
        declaration = self._declare("single", "string", [_full(key)])
        mapping = _q(declaration, "mapping", defaultValue="0")
        weights = key.get("weights", [FULL] * len(key["accept"]))
        case = "true" if key.get("case") else "false"
        for text, weight in zip(key["accept"], weights, strict=True):
            _q(mapping, "mapEntry", mapKey=text, mappedValue=_points(weight), caseSensitive=case)
        self._entry("")
        names = {place: key["accept"][int(place)] for place in self._feedback}
        self._score("map_response", names)

    def _numeric(self) -> None:
        key = self._draft.key
        self._declare("single", "float", [str(key["value"])])
        self._entry(self._draft.content.get("unit", ""))
        processing = _q(self._item, "responseProcessing")
        for place, one in enumerate([key, *key.get("also", [])]):
            branch = _q(_q(processing, "responseCondition"), "responseIf")
            _equal(branch, one, correct=place == 0)
            score = _q(_q(branch, "setOutcomeValue", identifier="SCORE"), "max")
            _q(score, "variable", identifier="SCORE")
            _q(score, "baseValue", _points(one.get("weight", FULL)), baseType="float")
            if str(place) in self._feedback:
                _set(branch, "FEEDBACK", f"ANSWER_{place}")
        self._solve(processing)

    def _entry(self, unit: str) -> None:
        body = self._body()
        gap = next((one for one in body.iter(_GAP)), None)
        if gap is not None:
            gap.tag = OURS + "textEntryInteraction"
            gap.set("responseIdentifier", "RESPONSE")
            if unit:
                self._more["unit"] = unit
            return
        line = ET.SubElement(body, "p")
        _q(line, "textEntryInteraction", responseIdentifier="RESPONSE").tail = " " if unit else None
        if unit:
            ET.SubElement(line, "span", {"class": UNIT}).text = unit

    def _ordering(self) -> None:
        items, key = self._draft.content["items"], self._draft.key
        self._declare("ordered", "identifier", key["order"])
        interaction = _q(self._body(), "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
        for label, text in zip(LETTERS, items, strict=False):
            _q(interaction, "simpleChoice", text, identifier=label)
        self._more["places"] = [key["order"].index(label) for label in LETTERS[: len(items)]]
        self._score("match_correct", {})

    def _matching(self) -> None:
        lefts, rights, key = self._draft.content["lefts"], self._draft.content["rights"], self._draft.key
        pairs = [f"L_{left} R_{right}" for left, right in key["pairs"].items()]
        declaration = self._declare("multiple", "directedPair", pairs)
        exact = key.get("scheme") == "exact"
        if not exact:
            share = even_shares(LETTERS[: len(pairs)], 0) or {}
            mille = share.get("A", FULL // len(pairs))
            self._map(declaration, dict.fromkeys(pairs, mille), lowerBound="0", upperBound="1")
        interaction = _q(
            self._body(),
            "matchInteraction",
            responseIdentifier="RESPONSE",
            shuffle="true",
            maxAssociations=str(len(lefts)),
        )
        for side, texts, most in (("L", lefts, "1"), ("R", rights, "0")):
            listed = _q(interaction, "simpleMatchSet")
            for label, text in zip(LETTERS, texts, strict=False):
                _q(listed, "simpleAssociableChoice", text, identifier=f"{side}_{label}", matchMax=most)
        paired = [rights[LETTERS.index(key["pairs"][LETTERS[place]])] for place in range(len(lefts))]
        self._more["places"] = carry.places_of(self._draft, list(dict.fromkeys(paired + rights)), "rights")
        self._score("map_response" if not exact else "match_correct", {})

    # -- what it is worth, and what is said afterwards

    def _score(self, template: str, shown: dict[str, str]) -> None:
        """Add the processing: a standard template, or the same in full with the feedback of each answer."""
        if not shown and not self._draft.explanation:
            _q(self._item, "responseProcessing", template=self._edition.template.format(template))
            return
        processing = _q(self._item, "responseProcessing")
        if template == "map_response":
            score = _q(processing, "setOutcomeValue", identifier="SCORE")
            _q(score, "mapResponse", identifier="RESPONSE")
        else:
            condition = _q(processing, "responseCondition")
            branch = _q(condition, "responseIf")
            test = _q(branch, "match")
            _q(test, "variable", identifier="RESPONSE")
            _q(test, "correct", identifier="RESPONSE")
            _number(branch, "1")
            _number(_q(condition, "responseElse"), "0")
        if shown and self._draft.kind != "short":
            told = _q(processing, "setOutcomeValue", identifier="FEEDBACK")
            _q(told, "variable", identifier="RESPONSE")
        elif shown:
            for place, text in shown.items():
                branch = _q(_q(processing, "responseCondition"), "responseIf")
                test = _q(branch, "stringMatch", caseSensitive="false")
                _q(test, "variable", identifier="RESPONSE")
                _q(test, "baseValue", text, baseType="string")
                _set(branch, "FEEDBACK", f"ANSWER_{place}")
        self._solve(processing)

    def _solve(self, processing: ET.Element) -> None:
        if self._draft.explanation:
            _set(processing, "SOLUTION", EXPLANATION)

    def _told(self) -> None:
        written = self._draft.kind in ("short", "numeric")
        told = [("FEEDBACK", f"ANSWER_{name}" if written else name, text) for name, text in self._feedback.items()]
        told += [("FEEDBACK", name, text) for name, text in self._source.get("feedback", {}).items()]
        if self._draft.explanation:
            told.append(("SOLUTION", EXPLANATION, self._draft.explanation))
        for outcome, name, text in told:
            feedback = _q(self._item, "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show")
            _html(_q(feedback, "contentBody") if self._edition.kebab else feedback, to_html(text))


def _points(mille: int) -> str:
    """Return per mille as points of one; thirds and their like are written finer than they are kept."""
    return f"{Decimal(percent(mille)) / 100:f}"


def _full(key: dict[str, Any]) -> str:
    """The first accepted answer worth everything."""
    weights = key.get("weights", [FULL] * len(key["accept"]))
    return str(key["accept"][weights.index(FULL)])


def _equal(branch: ET.Element, one: dict[str, Any], *, correct: bool) -> None:
    tolerance = str(one.get("tolerance", "0"))
    mode = {"toleranceMode": "absolute", "tolerance": f"{tolerance} {tolerance}"} if tolerance != "0" else {}
    test = _q(branch, "equal", **(mode or {"toleranceMode": "exact"}))
    _q(test, "variable", identifier="RESPONSE")
    if correct:
        _q(test, "correct", identifier="RESPONSE")
    else:
        _q(test, "baseValue", str(one["value"]), baseType="float")


def _set(parent: ET.Element, outcome: str, name: str) -> None:
    _q(_q(parent, "setOutcomeValue", identifier=outcome), "baseValue", name, baseType="identifier")


def _number(branch: ET.Element, value: str) -> None:
    _q(_q(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", value, baseType="float")
