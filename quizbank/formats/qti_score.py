"""How a QTI item says what is right and how much it is worth: correct response, mapping, response processing.

Response processing is a small programming language. Only its usual sentences are understood; an item that says
anything else about its score is told as a problem, because guessing would be guessing a key.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from quizbank.formats.texts import number

MOST_FEEDBACKS = 100
MATCH, MAP, RULES, NONE, OTHER = "match", "map", "rules", "none", "other"
_TEMPLATES = {"match_correct": MATCH, "map_response": MAP}


@dataclass(frozen=True, slots=True)
class Rule:
    """``value`` (None: the correct response) earns ``score``; ``test`` is "match", "equal" or "stringMatch"."""

    test: str
    value: str | None
    score: Decimal
    tolerance: str = ""
    mode: str = "exact"
    case: bool = False
    loose: bool = False
    """How much it is worth depends on what else was earned, or is called "the most"."""


@dataclass(slots=True)
class Declared:
    """The declaration of a response and how it is scored."""

    cardinality: str = "single"
    base: str = "identifier"
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, Decimal] = field(default_factory=dict)
    entries: list[tuple[str, Decimal]] = field(default_factory=list)
    """The mapping as written, one text listed twice included."""
    default: Decimal = Decimal(0)
    upper: Decimal | None = None
    cases: list[str] = field(default_factory=list)
    mode: str = NONE
    rules: list[Rule] = field(default_factory=list)

    def worth(self, name: str) -> Decimal:
        """What choosing ``name`` adds by the mapping."""
        return self.mapping.get(name, self.default)


def declared(item: ET.Element, response: str) -> Declared | None:
    """Return the declaration of ``response``, None when there is none."""
    for element in item.findall("responseDeclaration"):
        if element.get("identifier") == response:
            found = Declared(element.get("cardinality", "single"), element.get("baseType", "identifier"))
            found.correct = ["".join(one.itertext()).strip() for one in element.findall("correctResponse/value")]
            _take_mapping(found, element.find("mapping"))
            _take_processing(found, item.find("responseProcessing"))
            return found
    return None


def _take_mapping(found: Declared, mapping: ET.Element | None) -> None:
    if mapping is None:
        return
    found.default = _decimal(mapping.get("defaultValue")) or Decimal(0)
    found.upper = _decimal(mapping.get("upperBound"))
    for entry in mapping.findall("mapEntry"):
        value = _decimal(entry.get("mappedValue"))
        if value is not None:
            found.entries.append((entry.get("mapKey", "").strip(), value))
            found.mapping[entry.get("mapKey", "").strip()] = value
            found.cases.append(entry.get("caseSensitive", ""))


def _decimal(text: str | None) -> Decimal | None:
    value = number(text or "")
    return None if value is None else Decimal(value)


def _take_processing(found: Declared, processing: ET.Element | None) -> None:
    if processing is None:
        return
    template = processing.get("template") or processing.get("templateLocation") or ""
    if template:
        found.mode = _TEMPLATES.get(template.rstrip("/").rpartition("/")[2].removesuffix(".xml"), OTHER)
        return
    scores = [one for one in processing.iter("setOutcomeValue") if one.get("identifier") == "SCORE"]
    mapped = [one for one in scores if one.find(".//mapResponse") is not None]
    if mapped:
        rest = [one for one in scores if one.find(".//mapResponse") is None]
        found.mode = MAP if all(_score(one) == 0 for one in rest) else OTHER
    elif scores:
        found.rules = _rules(processing, scores)
        found.mode = RULES if found.rules else OTHER
        if found.rules and all(rule.test == "match" and rule.value is None for rule in found.rules):
            found.mode = MATCH


def _score(element: ET.Element) -> Decimal | None:
    """What a setOutcomeValue of SCORE sets: a number, or at least a number (``max``)."""
    expression = next(iter(element), None)
    if expression is not None and _is_loose(expression):
        return Decimal(1)
    if expression is not None and expression.tag == "max":
        parts = {part.tag: part for part in expression}
        if (
            len(expression) != 2
            or set(parts) != {"variable", "baseValue"}
            or parts["variable"].get("identifier") != "SCORE"
        ):
            return None
        expression = parts["baseValue"]
    if expression is None or expression.tag != "baseValue":
        return None
    return _decimal("".join(expression.itertext()))


def _is_loose(expression: ET.Element) -> bool:
    """Say whether an expression is the greatest score, or something added to the score."""
    if expression.tag == "variable":
        return expression.get("identifier") == "MAXSCORE"
    if expression.tag != "sum" or len(expression) != 2 or expression[0].tag != "variable":
        return False
    if expression[0].get("identifier") != "SCORE":
        return False
    return (_decimal("".join(expression[1].itertext())) or 0) > 0 or _is_loose(expression[1])


def _rules(processing: ET.Element, scores: list[ET.Element]) -> list[Rule]:
    """Return what earns points, or nothing when any sentence about the score is not understood."""
    rules: list[Rule] = []
    understood = {id(one) for one in processing.findall("setOutcomeValue") if _score(one) == 0}
    for branch in processing.iter():
        if branch.tag not in ("responseIf", "responseElseIf", "responseElse"):
            continue
        for one in branch.findall("setOutcomeValue"):
            if one.get("identifier") != "SCORE":
                continue
            score = _score(one)
            rule = None if score is None or branch.tag == "responseElse" else _rule(branch[0], score, _is_loose(one[0]))
            if score == 0:
                understood.add(id(one))
            elif rule is not None:
                understood.add(id(one))
                rules.append(rule)
    if len(rules) > 1 and any(rule.loose for rule in rules):
        return []
    return rules if all(id(one) in understood for one in scores) else []


def _rule(test: ET.Element, score: Decimal, loose: bool) -> Rule | None:
    if test.tag not in ("match", "equal", "stringMatch") or len(test) != 2 or test.get("substring") == "true":
        return None
    parts = {part.tag: part for part in test}
    if "variable" not in parts or not {"correct", "baseValue"} & set(parts):
        return None
    value = None if "correct" in parts else "".join(parts["baseValue"].itertext()).strip()
    return Rule(
        test=test.tag,
        value=value,
        score=score,
        tolerance=test.get("tolerance", ""),
        mode=test.get("toleranceMode", "exact"),
        case=test.get("caseSensitive") == "true",
        loose=loose,
    )


def feedback_ids(item: ET.Element) -> dict[str, ET.Element]:
    """Return the modal feedbacks by the identifier that shows them."""
    shown = (one for one in item.findall("modalFeedback") if one.get("showHide", "show") == "show")
    return {one.get("identifier", ""): one for one in islice(shown, MOST_FEEDBACKS)}
