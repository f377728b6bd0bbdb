"""The built-in bank's files: one readable TOML a topic, brought to drafts. Pure.

The format is described in docs/bank-files.md. Keys are written beside the options for the author's eye; here they are
taken apart, and what must not be stored in its right order (ordering, matching) is permuted by the question's code.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random
from typing import Any

from people.text import tidy
from quizbank.drafts import Draft
from quizbank.errors import BadQuestion
from quizbank.kinds.base import LETTERS

BANK_DIR = Path(__file__).parent / "data" / "bank"

_SAID = ("options", "items", "pairs", "unit")
"""Parts of a question, besides stem, explanation and citation, that are words and so are translated."""


def read_bank(folder: Path = BANK_DIR) -> list[Draft]:
    """Return the drafts of every file in ``folder``, in file and then in written order.

    Raises:
        BadQuestion: naming file, code and fault, for the first entry that has no sound form.
    """
    return [draft for path in sorted(folder.glob("*.toml")) for draft in read_file(path)]


def read_file(path: Path) -> list[Draft]:
    """Return the drafts of one topic's file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    drafts = []
    for entry in data["question"]:
        try:
            drafts.append(draft_from(entry, topic=data["topic"]).checked())
        except (KeyError, TypeError, BadQuestion) as error:
            raise BadQuestion([f"{path.name} {entry.get('code', '?')}: {error}"]) from error
    return drafts


def draft_from(entry: dict[str, Any], *, topic: str) -> Draft:
    """Return the draft of one ``[[question]]`` table."""
    content, key = _SHAPES[entry["kind"]](entry)
    return Draft(
        code=entry["code"],
        topic=topic,
        kind=entry["kind"],
        stem=tidy(entry["stem"]),
        content=content,
        key=key,
        difficulty=entry["difficulty"],
        audience=tuple(entry["audience"]),
        explanation=tidy(entry.get("explanation", "")),
        citation=tidy(entry.get("citation", "")),
        facts=tuple(entry.get("facts", ())),
        language=entry.get("language", "vi"),
        tags=tuple(entry.get("tags", ())),
        translations={"en": _translated(entry, entry["en"])} if "en" in entry else {},
    )


def _translated(entry: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """Return the English side in the shape of ``Draft.translations``; what is permuted is permuted alike.

    The key is the original's: ``accept`` lists the answers of every language there, and is ignored here.

    Raises:
        KeyError: when options, items, pairs or the unit have no English words.
    """
    said = {name: words[name] for name in _SAID if entry.get(name)}
    content, _key = _SHAPES[entry["kind"]]({**entry, **said})
    return {
        "stem": tidy(words["stem"]),
        "content": content,
        "explanation": tidy(words.get("explanation", "")),
        "citation": tidy(words.get("citation", "")),
    }


Shape = tuple[dict[str, Any], dict[str, Any]]


def _choice(entry: dict[str, Any]) -> Shape:
    key: dict[str, Any] = {"right": entry["key"]}
    if entry["kind"] == "multiple":
        key["scheme"] = entry.get("scheme", "partial")
    return {"options": [tidy(option) for option in entry["options"]]}, key


def _boolean(entry: dict[str, Any]) -> Shape:
    return {}, {"right": entry["key"]}


def _numeric(entry: dict[str, Any]) -> Shape:
    key = {"value": str(entry["key"]), "tolerance": str(entry.get("tolerance", 0))}
    return {"unit": tidy(entry.get("unit", ""))}, key


def _short(entry: dict[str, Any]) -> Shape:
    return {}, {"accept": [tidy(one) for one in entry["accept"]], "accents": bool(entry.get("accents", False))}


def _ordering(entry: dict[str, Any]) -> Shape:
    items = [tidy(item) for item in entry["items"]]
    order = _permutation(len(items), entry["code"])
    # order[place] is the right index of the item stored at ``place``; the key lists places in the right order.
    return {"items": [items[i] for i in order]}, {"order": [LETTERS[order.index(i)] for i in range(len(items))]}


def _matching(entry: dict[str, Any]) -> Shape:
    lefts = [tidy(left) for left, _right in entry["pairs"]]
    rights = [tidy(right) for _left, right in entry["pairs"]]
    order = _permutation(len(rights), entry["code"])
    pairs = {LETTERS[i]: LETTERS[order.index(i)] for i in range(len(lefts))}
    return {"lefts": lefts, "rights": [rights[i] for i in order]}, {"pairs": pairs}


def _permutation(length: int, code: str) -> list[int]:
    """Return a permutation fixed by ``code`` that is not the identity."""
    identity, order, random = list(range(length)), list(range(length)), Random(code)
    while order == identity and length > 1:
        random.shuffle(order)
    return order


_SHAPES = {
    "single": _choice,
    "multiple": _choice,
    "boolean": _boolean,
    "numeric": _numeric,
    "short": _short,
    "ordering": _ordering,
    "matching": _matching,
}
