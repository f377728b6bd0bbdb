"""Is a bank fair and well-formed as a whole? Pure checks over drafts; the suite runs them over the built-in files."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from people.text import fold
from quizbank.drafts import Draft
from quizbank.enums import TOPICS

FACTS = Path(__file__).parent / "data" / "facts.tsv"
TRUSTED = ("đã kiểm ở trang lưu", "từ seed")
"""Confidences of facts.tsv on which a published question may rest."""

LENGTH_RATIO = 1.8
LONG_ENOUGH = 12
"""Options at least this long (characters) may differ in length by LENGTH_RATIO at most, or the key shows."""

LONGEST_KEY_SHARE = 0.35
KEY_SHARE = (0.15, 0.35)
"""Share of single-choice keys that may be the strictly longest option; share of each letter A–D among the keys."""

_GIVEAWAYS = ("tat ca cac", "tat ca deu", "ca a va b", "a va b deu", "khong co dap an", "cac phuong an tren")


@cache
def trusted_facts(path: Path = FACTS) -> dict[str, str]:
    """Return {fact id: named document} of the facts a question may rest on."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: row["source_doc"] for row in rows if row["confidence"] in TRUSTED}


def faults_of(drafts: list[Draft]) -> list[str]:
    """Return one line per fault of form, over single questions and over the whole."""
    return [*_each(drafts), *_uniqueness(drafts), *_key_places(drafts)]


def _each(drafts: Iterable[Draft]) -> Iterable[str]:
    for draft in drafts:
        for fault in (*draft.problems(), *_source_faults(draft), *_option_faults(draft)):
            yield f"{draft.code}: {fault}"


def _source_faults(draft: Draft) -> Iterable[str]:
    if draft.topic not in TOPICS:
        yield f"no such topic {draft.topic}"
    if not draft.citation or "http" in draft.citation:
        yield "names no document"
    if not draft.explanation:
        yield "explains nothing"
    untrusted = set(draft.facts) - set(trusted_facts())
    if untrusted or not draft.facts:
        yield f"rests on facts that are not trusted: {sorted(untrusted)}"


def _option_faults(draft: Draft) -> Iterable[str]:
    options = draft.content.get("options", [])
    lengths = [len(option) for option in options]
    if lengths and min(lengths) >= LONG_ENOUGH and max(lengths) > LENGTH_RATIO * min(lengths):
        yield f"option lengths {lengths} give something away"
    for option in options:
        if any(phrase in fold(option) for phrase in _GIVEAWAYS):
            yield f"«{option}» is no answer of its own"
    text = " ".join([draft.stem, draft.explanation, draft.citation, *options])
    if text != unicodedata.normalize("NFC", text):
        yield "not in NFC"


def _uniqueness(drafts: Iterable[Draft]) -> Iterable[str]:
    codes = Counter(draft.code for draft in drafts)
    stems = Counter(draft.folded_stem() for draft in drafts)
    for code, count in codes.items():
        if count > 1:
            yield f"{code}: used {count} times"
    for draft in drafts:
        if stems[draft.folded_stem()] > 1:
            yield f"{draft.code}: the same words are asked twice"


def _key_places(drafts: list[Draft]) -> Iterable[str]:
    by_topic: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind == "single":
            by_topic[draft.topic].append(draft)
    for topic, singles in by_topic.items():
        if len(singles) < 12:
            continue
        four = [draft for draft in singles if len(draft.content["options"]) == 4]
        places = Counter(draft.key["right"] for draft in four)
        for letter in "ABCD":
            share = places[letter] / max(1, len(four))
            if not KEY_SHARE[0] <= share <= KEY_SHARE[1]:
                yield f"{topic}: {share:.0%} of the keys stand at {letter}"
        longest = sum(_key_is_longest(draft) for draft in singles) / len(singles)
        if longest > LONGEST_KEY_SHARE:
            yield f"{topic}: the key is the longest option in {longest:.0%}"


def _key_is_longest(draft: Draft) -> bool:
    options = draft.content["options"]
    key = options["ABCDEFGH".index(draft.key["right"])]
    return all(len(key) > len(option) for option in options if option != key)


def balance_of(drafts: list[Draft]) -> list[str]:
    """Return a small table as lines: topics × difficulty, audiences, kinds."""
    lines = [f"{len(drafts)} câu hỏi / questions"]
    for topic in TOPICS:
        mine = [draft for draft in drafts if draft.topic == topic]
        difficulty = Counter(draft.difficulty for draft in mine)
        audience = Counter(one for draft in mine for one in draft.audience)
        lines.append(
            f"{topic:16} {len(mine):3}  easy {difficulty['easy']:3} medium {difficulty['medium']:3} "
            f"hard {difficulty['hard']:3}  " + " ".join(f"{name} {count}" for name, count in sorted(audience.items()))
        )
    kinds = Counter(draft.kind for draft in drafts)
    lines.append(" ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    return lines
