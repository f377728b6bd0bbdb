"""Drafts of every kind with nasty text, for the round trips of the Office formats."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from hypothesis import strategies as st

from people.text import fold, tidy
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Audience, Difficulty
from quizbank.formats.base import Defaults
from quizbank.formats.oldfonts import TCVN3, modern
from quizbank.kinds.base import LETTERS

DEFAULTS = Defaults(topic="nhan-thuc")
# Signs that only old fonts use as letters: two words of them would be taken for such a font, and the file says so.
_OLD = {chr(code) for code in TCVN3 if not modern(chr(code))}
WORDS = [
    "Chuyển đổi số", "=1+1", "+84912345678", "-5", "@SUM(A1)", "'=x", "''+y", "A. Đúng", "B) Sai", "a;b", "a,b", "a|b", "a=b",
    "x = 50%", "\\", "\\;", "C:\\tep\\", "“ngoặc”", '"kép"', "_x0041_", "_x000D_", "<b>&amp;</b>", "#tag", "#N/A", "TRUE", "1,3",
    "12.5", "1.234", "10/10", "50%", "A", "Câu 1: a", "Đáp án: B", "1. một", "*", "**đậm**", "~=#{}:", "Ủy ban Mặt trận", "👍🏽", "日本",
]  # fmt: skip


def _clean(text: str) -> str:
    return tidy("".join(char for char in text if char not in _OLD).replace("_x000D_", ""))


raw = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=12),
)
texts = raw.map(_clean).filter(fold)
paragraphs = st.lists(texts, max_size=2).map("\n".join)
codes = st.from_regex(re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII), fullmatch=True)
urls = st.sampled_from(["", "https://vanban.chinhphu.vn/?pageid=27160&docid=1", "https://a.vn/ă,;|"])
numbers = (
    st.decimals(min_value=-99999, max_value=99999, places=2)
    .map(lambda n: format(n.normalize(), "f"))
    .map(lambda text: "0" if text in ("-0", "0") else text)
)
tenths = st.integers(1, 1000)


def several(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=least, max_size=most, unique_by=fold)


def _weights(draw: st.DrawFn, labels: str, low: int) -> dict[str, int]:
    return draw(st.dictionaries(st.sampled_from(labels), st.integers(low, 1000), min_size=1))


@st.composite
def _shape(draw: st.DrawFn, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    scheme = draw(st.sampled_from([{}, {"scheme": "exact"}, {"scheme": "partial"}]))
    match kind:
        case "single":
            options = draw(several(2, 8))
            one = draw(st.sampled_from(LETTERS[: len(options)]))
            key: dict[str, Any] = {"right": one}
            others = LETTERS[: len(options)].replace(one, "")
            if draw(st.booleans()):
                key["weights"] = _weights(draw, others, -1000)
            return {"options": options}, key
        case "multiple":
            options = draw(several(3, 8))
            labels = LETTERS[: len(options)]
            if draw(st.booleans()):
                weights = _weights(draw, labels, -1000)
                weights[draw(st.sampled_from(labels))] = draw(tenths)
                right = [label for label in labels if weights.get(label, 0) > 0]
                return {"options": options}, {"right": right, "scheme": "weights", "weights": weights}
            right = draw(st.lists(st.sampled_from(labels), min_size=1, unique=True))
            return {"options": options}, {"right": right, **scheme}
        case "boolean":
            return {}, {"right": draw(st.booleans())}
        case "numeric":
            return {"unit": draw(st.one_of(st.just(""), texts))}, _number_key(draw)
        case "short":
            return {}, _short_key(draw)
        case "ordering":
            items = draw(several(3, 5))
            written = list(LETTERS[: len(items)])
            arranged = draw(st.permutations(written).filter(lambda drawn: drawn != written))
            return {"items": items}, {"order": arranged, **scheme}
        case _:
            lefts, rights = draw(several(2, 5)), draw(several(2, 5))
            wanted = st.sampled_from(LETTERS[: len(rights)])
            ends = draw(
                st.lists(wanted, min_size=len(lefts), max_size=len(lefts)).filter(lambda one: one != sorted(one))
            )
            return {"lefts": lefts, "rights": rights}, {"pairs": dict(zip(LETTERS, ends, strict=False)), **scheme}


def _number_key(draw: st.DrawFn) -> dict[str, Any]:
    def one() -> dict[str, Any]:
        tolerance = draw(st.one_of(st.none(), numbers.filter(lambda text: not text.startswith("-"))))
        return {"value": draw(numbers), **({} if tolerance is None else {"tolerance": tolerance})}

    key = one()
    if draw(st.booleans()):
        key["also"] = [{**one(), "weight": draw(tenths)} for _n in range(draw(st.integers(1, 2)))]
    return key


def _short_key(draw: st.DrawFn) -> dict[str, Any]:
    accept = draw(several(1, 4))
    key: dict[str, Any] = {"accept": accept}
    for field in ("accents", "case"):
        if draw(st.booleans()):
            key[field] = draw(st.booleans())
    if draw(st.booleans()):
        key["weights"] = [1000, *(draw(tenths) for _one in accept[1:])]
    return key


@st.composite
def drafts(draw: st.DrawFn, kinds: tuple[str, ...] = ()) -> Draft:
    """Any sound question."""
    names = kinds or ("single", "multiple", "boolean", "numeric", "short", "ordering", "matching")
    kind = draw(st.sampled_from(names))
    content, key = draw(_shape(kind))
    extra: dict[str, Any] = {}
    if draw(st.booleans()):
        extra = {
            "seconds": draw(st.integers(5, 240)),
            "feedback": {"A": draw(texts)},
            "source": {"gift": {"category": "a/b c"}},
        }
    translations = {}
    if draw(st.booleans()):
        translated = {name: _like(draw, value) for name, value in content.items()}
        words = {"stem": draw(texts), "content": translated, "explanation": draw(paragraphs), "citation": ""}
        translations["en"] = words
        if draw(st.booleans()):
            translations["fr"] = words
    return Draft(
        code=draw(codes),
        topic=draw(st.sampled_from(list(TOPICS))),
        kind=kind,
        stem=draw(texts),
        content=content,
        key=key,
        difficulty=draw(st.sampled_from(Difficulty.values)),
        audience=tuple(draw(st.lists(st.sampled_from(Audience.values), min_size=1, unique=True))),
        explanation=draw(paragraphs),
        citation=draw(st.one_of(st.just(""), texts)),
        citation_url=draw(urls),
        facts=tuple(draw(st.lists(st.from_regex(r"[A-Z]{2}-[0-9]{3}", fullmatch=True), max_size=3))),
        language=draw(st.sampled_from(["vi", "en"])),
        tags=tuple(draw(st.lists(texts, max_size=2))),
        extra=extra,
        translations=translations,
    )


def _like(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, list):
        return draw(several(len(value), len(value)))
    return draw(texts) if value else ""


def book(*rows: list[Any], merged: tuple[str, ...] = (), formats: dict[str, str] | None = None) -> bytes:
    """A workbook as another program writes it."""
    one = openpyxl.Workbook()
    sheet = one.active
    for row in rows:
        sheet.append(row)
    for cell, look in (formats or {}).items():
        sheet[cell].number_format = look
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    one.save(out)
    one.close()
    return out.getvalue()
