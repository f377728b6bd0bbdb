"""Drafts to the cells of our own spreadsheet; sheet_read.py is the inverse. Pure."""

from __future__ import annotations

import json
from typing import Any

from quizbank.drafts import Draft
from quizbank.enums import TOPICS
from quizbank.formats.cells import escape, join, number_text, share
from quizbank.formats.sheet_columns import (
    ACCENTS,
    AUDIENCES,
    CASE,
    COLUMNS,
    DIFFICULTIES,
    KINDS,
    SCHEMES,
    TRUTHS,
)
from quizbank.kinds.base import FULL, LETTERS

Cells = dict[str, str]
_TRANSLATED = {"stem", "content", "explanation", "citation"}


def cells_of(draft: Draft) -> Cells:
    """Return {column: text} of one question; columns that stay empty are absent or ""."""
    cells = {
        "code": draft.code,
        "topic": TOPICS[draft.topic][0] if draft.topic in TOPICS else draft.topic,
        "difficulty": DIFFICULTIES[draft.difficulty][0],
        "audience": join(AUDIENCES[one][0] for one in draft.audience),
        "kind": KINDS[draft.kind][0],
        "stem": draft.stem,
        **option_cells(draft.content),
        "answer": answer_cell(draft.kind, draft.key),
        "grading": grading_cell(draft.kind, draft.key),
        "explanation": draft.explanation,
        "citation": draft.citation,
        "url": draft.citation_url,
        "tags": join(draft.tags),
        "language": draft.language,
        "facts": join(draft.facts),
    }
    extra, others = dict(draft.extra), dict(draft.translations)
    if isinstance(extra.get("picture"), dict):  # named, not held: its bytes have no place in a cell
        extra["picture"] = {name: value for name, value in extra["picture"].items() if name != "data"}
    if isinstance(extra.get("seconds"), int):
        cells["seconds"] = str(extra.pop("seconds"))
    english = others.get("en")
    if english is not None and set(english) == _TRANSLATED:
        del others["en"]
        cells["stem_en"] = english["stem"]
        cells |= {f"{letter}_en": text for letter, text in option_cells(english["content"]).items()}
        cells["explanation_en"], cells["citation_en"] = english["explanation"], english["citation"]
    broken = "\n" in draft.stem and not draft.extra.get("markdown")  # a table made by hand breaks lines anywhere
    rest = {name: value for name, value in (("extra", extra), ("lines", broken), ("translations", others)) if value}
    if rest:
        cells["rest"] = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return cells


def row_of(draft: Draft) -> list[str]:
    """Return one line of the sheet, in the order of ``COLUMNS``."""
    cells = cells_of(draft)
    return [cells.get(name, "") for name in COLUMNS]


def option_cells(content: dict[str, Any]) -> Cells:
    """Return what stands in A to H: options, items, pairs, or the unit of a number."""
    if "lefts" in content:
        lefts, rights = content["lefts"], content["rights"]
        return {
            LETTERS[place]: " | ".join(escape(side[place]) if place < len(side) else "" for side in (lefts, rights))
            for place in range(max(len(lefts), len(rights)))
        }
    if content.get("unit"):
        return {"A": content["unit"]}
    return dict(zip(LETTERS, content.get("options", content.get("items", ())), strict=False))


def answer_cell(kind: str, key: dict[str, Any]) -> str:
    """Return the key as one cell."""
    match kind:
        case "single" | "multiple":
            right = [key["right"]] if kind == "single" else list(key["right"])
            return "; ".join(right + [f"{label} = {share(one)}" for label, one in key.get("weights", {}).items()])
        case "boolean":
            return TRUTHS[key["right"]][0]
        case "numeric":
            return "; ".join(_number(one) for one in (key, *key.get("also", ())))
        case "short":
            weights = key.get("weights")
            if weights is None:
                return join(key["accept"], " | ")
            return " | ".join(
                f"{escape(text)} = {share(weight)}" for text, weight in zip(key["accept"], weights, strict=True)
            )
        case "ordering":
            return " > ".join(key["order"])
        case _:
            return "; ".join(f"{left}-{right}" for left, right in key["pairs"].items())


def grading_cell(kind: str, key: dict[str, Any]) -> str:
    """Return how part of an answer counts, or what a written one must keep to."""
    if kind == "short":
        words = [names[key[field]] for field, names in (("accents", ACCENTS), ("case", CASE)) if field in key]
        return "; ".join(words)
    return SCHEMES[key["scheme"]][0] if "scheme" in key else ""


def _number(one: dict[str, Any]) -> str:
    text = number_text(str(one["value"]))
    if "tolerance" in one:
        text += f" ± {number_text(str(one['tolerance']))}"
    return text if one.get("weight", FULL) == FULL and "weight" not in one else f"{text} = {share(one['weight'])}"
