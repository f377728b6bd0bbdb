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
from quizbank.enums import NEAR, TOPICS, Audience
from quizbank.facts_ended import ended_faults

FACTS = Path(__file__).parent / "data" / "facts.tsv"
TRUSTED = ("đã kiểm ở trang lưu", "từ seed")
"""Confidences of facts.tsv on which a published question may rest."""

LENGTH_RATIO = 1.8
LONG_ENOUGH = 12
"""Options at least this long (characters) may differ in length by LENGTH_RATIO at most, or the key shows."""

LONGEST_KEY_SHARE = 0.35
KEY_SHARE = (0.15, 0.35)
"""Share of single-choice keys that may be the strictly longest option; share of each letter A–D among the keys."""

_TOPIC_NAMES = {
    "nhận thức": "nhan-thuc",
    "chính quyền số": "chinh-quyen-so",
    "kinh tế số": "kinh-te-so",
    "xã hội số": "xa-hoi-so",
    "công dân số & kỹ năng số": "cong-dan-so",
    "hạ tầng số": "ha-tang-so",
    "dữ liệu số": "du-lieu-so",
    "an toàn thông tin & dữ liệu cá nhân": "an-toan",
    "pháp lý & chiến lược": "phap-ly",
    "địa phương": "dia-phuong",
}
_AUDIENCE_NAMES: dict[str, Audience] = {
    "cơ bản": Audience.BASIC,
    "người dân": Audience.RESIDENT,
    "doanh nghiệp": Audience.ENTERPRISE,
    "cơ quan nhà nước": Audience.AGENCY,
}
"""How facts.tsv writes topics and audiences."""

Cell = tuple[str, str]
"""A topic's slug and an audience."""

_GIVEAWAYS = ("tat ca cac", "tat ca deu", "ca a va b", "a va b deu", "khong co dap an", "cac phuong an tren")


@cache
def trusted_facts(path: Path = FACTS) -> dict[str, str]:
    """Return {fact id: named document} of the facts a question may rest on."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: row["source_doc"] for row in rows if row["confidence"] in TRUSTED}


@cache
def fact_cells(path: Path = FACTS) -> dict[Cell, frozenset[str]]:
    """Return {(topic, audience): ids of the trusted facts of this cell}; cells without such facts are absent."""
    cells: defaultdict[Cell, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["confidence"] in TRUSTED:
                for audience in row["audience"].split(";"):
                    cells[_TOPIC_NAMES[row["topic"]], _AUDIENCE_NAMES[audience.strip()]].add(row["id"])
    return {cell: frozenset(facts) for cell, facts in cells.items()}


def served_cells(drafts: Iterable[Draft]) -> Counter[Cell]:
    """Count the questions per cell: those of its topic and audience that rest on one of its facts."""
    return Counter(
        (draft.topic, audience)
        for draft in drafts
        for audience in draft.audience
        if not fact_cells().get((draft.topic, audience), frozenset()).isdisjoint(draft.facts)
    )


def cell_faults(drafts: Iterable[Draft]) -> list[str]:
    """Return one line per cell that has trusted facts and no question."""
    served = served_cells(drafts)
    return [
        f"{topic} × {audience}: no question" for topic, audience in sorted(fact_cells()) if not served[topic, audience]
    ]


def faults_of(drafts: list[Draft]) -> list[str]:
    """Return one line per fault of form, over single questions and over the whole, and per history told as present."""
    return [*_each(drafts), *_uniqueness(drafts), *_neighbours(drafts), *_key_places(drafts), *ended_faults(drafts)]


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


def _neighbours(drafts: Iterable[Draft]) -> Iterable[str]:
    """A neighbour's tag that only one question bears is a slip of the pen, or its neighbour is gone."""
    shared = Counter(tag for draft in drafts for tag in set(draft.tags) if tag.startswith(NEAR))
    for draft in drafts:
        for tag in draft.tags:
            if shared[tag] == 1:
                yield f"{draft.code}: {tag} has no neighbour"


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
    """Return a small table as lines: topics × difficulty, topics × audience (questions/facts), kinds, English sides."""
    lines = [f"{len(drafts)} câu hỏi / questions"]
    served = served_cells(drafts)
    for topic in TOPICS:
        mine = [draft for draft in drafts if draft.topic == topic]
        difficulty = Counter(draft.difficulty for draft in mine)
        cells = (
            f"{audience} {served[topic, audience]}/{len(fact_cells().get((topic, audience), ()))}"
            for audience in Audience.values
        )
        lines.append(
            f"{topic:16} {len(mine):3}  easy {difficulty['easy']:3} medium {difficulty['medium']:3} "
            f"hard {difficulty['hard']:3}  " + " ".join(cells)
        )
    lines.append("  (đối tượng: số câu/số dữ kiện tin được / audience: questions/trusted facts)")
    kinds = Counter(draft.kind for draft in drafts)
    lines.append(" ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    english = sum("en" in draft.translations for draft in drafts)
    lines.append(f"{english} câu có bản tiếng Anh / with an English side")
    return lines
