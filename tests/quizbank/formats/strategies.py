"""Drafts of every kind with everything a draft can hold and the nastiest words an author can type.

A draft is made from one number: drawing each word by itself costs a hundred times as much, and the number in a failure
makes the draft again.
"""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from people.text import fold, tidy
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Audience, Difficulty
from quizbank.formats.answers import even_shares
from quizbank.formats.base import Defaults
from quizbank.formats.texts import lines, markdown_lines
from quizbank.kinds import KINDS
from quizbank.kinds.base import LETTERS

DEFAULTS = Defaults(topic="nhan-thuc")

_VIETNAMESE = [
    "Chuyển",
    "đổi",
    "số",
    "ở",
    "xã",
    "Đắk",
    "Lắk,",
    "Nghị",
    "quyết",
    "57-NQ/TW,",
    "ứng",
    "dụng",
    "VNeID,",
    "mã",
    "OTP,",
    "phường",
    "Ô",
    "Chợ",
    "Dừa,",
    "kỹ",
    "năng",
]
_NASTY = [
    "{", "}", "~", "=", "#", ":", "\\", "\\n", "\\=", "->", "::", "####", "%50%", "[html]", "[plain]", "<b>", "</p>",
    "&amp;", "&lt;", "<script>alert(1)</script>", "<![CDATA[", "]]>", "<!--", "-->", "--", "$CATEGORY:", "//", "ANSWER: A",
    "A. ", "=1+1", "+84", "@SUM(A1)", "'", '"', "“”", "*", "**", "_", "_____", "`", "100%", "½", "m²", "CO₂", "🙂", "e\u0301",
    "1. ", "- ", "> ", "https://example.vn/?a=1&b=2", "T", "TRUE", "..", "[tag:x]", "|", "\t", "]", "đ", "Đ", "thiso {}",
]  # fmt: skip
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấềọ0123456789.,;?!%()/"
_SHARES = [500, 333, 667, 250, 125, 167, 143, 111, 833, 1, 999, 420]


def drafts(*, kinds: tuple[str, ...] = tuple(KINDS), rich: bool = True) -> st.SearchStrategy[Draft]:
    """Sound drafts. ``rich``: with Markdown, feedback, translation, tags and everything else around the question."""
    return st.integers(0, 2**40).map(lambda seed: Maker(seed).draft(kinds, rich=rich))


class Maker(Random):
    """Makes drafts, always the same ones for the same number."""

    def words(self) -> str:
        """One tidy line that is not empty."""
        while True:
            parts = [self._word() for _ in range(self.randint(1, 6))]
            text = tidy(self.choice(["", " "]).join(parts))[:90].strip()
            if text and fold(text):
                return tidy(text)

    def _word(self) -> str:
        if self.random() < 0.4:
            return self.choice(_NASTY)
        if self.random() < 0.6:
            return self.choice(_VIETNAMESE)
        return "".join(self.choices(_LETTERS, k=self.randint(1, 8)))

    def several(self) -> str:
        """One to three lines."""
        return lines("\n".join(self.words() for _ in range(self.choice([1, 1, 2, 3]))))

    def markdown(self) -> str:
        """A few lines of Markdown."""
        starts = ["", "- ", "1. ", "> ", "## ", "**đậm** ", "*nghiêng*, "]
        joint = self.choice(["\n", "\n\n", "\\\n"])
        return markdown_lines(joint.join(self.choice(starts) + self.words() for _ in range(self.randint(1, 3))))

    def different(self, least: int, most: int) -> list[str]:
        """Texts that no folding makes equal, and that are not just "true" and "false"."""
        count = self.randint(least, most)
        while True:
            texts = {fold(text): text for text in (self.words() for _ in range(3 * count))}
            chosen = list(texts.values())[:count]
            if len(chosen) == count and set(texts) not in ({"dung", "sai"}, {"true", "false"}):
                return chosen

    def number(self) -> str:
        whole = self.randint(-(10 ** self.randint(1, 9)), 10 ** self.randint(1, 9))
        return str(whole) + self.choice(["", "", ".5", ".0125"])

    def draft(self, kinds: tuple[str, ...], *, rich: bool) -> Draft:
        """One sound draft of one of the kinds."""
        kind = self.choice(kinds)
        content, key = getattr(self, kind)()
        if not rich:
            stem = self.several()
            return Draft(
                kind=kind, stem=stem, content=content, key=key, difficulty="medium", topic="nhan-thuc"
            ).checked()
        extra: dict[str, Any] = {}
        if marked := self.random() < 0.4:
            extra["markdown"] = True
        if self.random() < 0.5:
            extra["feedback"] = {self.choice(_places(kind, content, key)): self.several() for _ in range(2)}
        if self.random() < 0.3:
            extra["seconds"] = self.randint(5, 240)
        return Draft(
            kind=kind,
            stem=self.markdown() if marked else self.several(),
            content=content,
            key=key,
            difficulty=self.choice(Difficulty.values),
            audience=tuple(self.sample(Audience.values, self.randint(1, 4))),
            explanation=self.choice(["", self.several()]),
            citation=self.choice(["", self.words()]),
            citation_url=self.choice(["", "https://vanban.example.vn/a?b=1&c=%20--x"]),
            facts=tuple(self.choices(["AT-001", "NT-044"], k=self.randint(0, 2))),
            language=self.choice(["vi", "vi", "en"]),
            topic=self.choice(sorted(TOPICS)),
            code=self.choice(["", "AT-Q01", "7-x.y_z", "-a", "X" * 40]),
            tags=tuple(dict.fromkeys(self.words() for _ in range(self.randint(0, 2)))),
            extra=extra,
            translations={"en": self._translation(content)} if self.random() < 0.4 else {},
        ).checked()

    def _translation(self, content: dict[str, Any]) -> dict[str, Any]:
        side = {
            name: [f"{place} {value}" for place, value in enumerate(values)]
            if isinstance(values, list)
            else self.words()
            for name, values in content.items()
        }
        return {"stem": self.words(), "content": side, "explanation": self.words(), "citation": self.words()}

    def single(self) -> tuple[dict[str, Any], dict[str, Any]]:
        options = self.different(2, 8)
        labels = list(LETTERS[: len(options)])
        key: dict[str, Any] = {"right": self.choice(labels)}
        if self.random() < 0.3:
            labels.remove(key["right"])
            key["weights"] = {self.choice(labels): self.choice(_SHARES) * self.choice([1, -1]) for _ in range(2)}
        return {"options": options}, key

    def multiple(self) -> tuple[dict[str, Any], dict[str, Any]]:
        options = self.different(3, 8)
        labels = LETTERS[: len(options)]
        right = sorted(self.sample(labels, self.randint(1, len(labels))))
        key: dict[str, Any] = {"right": right}
        if scheme := self.choice(["exact", "partial", "weights", ""]):
            key["scheme"] = scheme
        if scheme == "weights":
            weights = {label: self.choice(_SHARES) for label in right}
            weights |= {label: -self.choice(_SHARES) for label in labels if label not in right and self.random() < 0.7}
            if weights == even_shares(right, len(options)):
                key["scheme"] = "partial"
            else:
                key["weights"] = weights
        return {"options": options}, key

    def boolean(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {"right": self.random() < 0.5}

    def numeric(self) -> tuple[dict[str, Any], dict[str, Any]]:
        tolerances = ["0", "0.5", "1", "25", "0.001"]
        key: dict[str, Any] = {"value": self.number(), "tolerance": self.choice(tolerances)}
        if self.random() < 0.3:
            key["also"] = [
                {"value": self.number(), "tolerance": self.choice(tolerances), "weight": self.choice([*_SHARES, 1000])}
                for _ in range(self.randint(1, 3))
            ]
        return {"unit": self.choice(["", self.words()[:40].strip()])}, key

    def short(self) -> tuple[dict[str, Any], dict[str, Any]]:
        accept = [self.words() for _ in range(self.randint(1, 4))]
        key: dict[str, Any] = {"accept": accept, "accents": self.random() < 0.5}
        if self.random() < 0.5:
            key["case"] = self.random() < 0.5
        if self.random() < 0.3 and len(accept) > 1:
            key["weights"] = [1000] + [self.choice(_SHARES) for _ in accept[1:]]
            self.shuffle(key["weights"])
        return {}, key

    def ordering(self) -> tuple[dict[str, Any], dict[str, Any]]:
        items = self.different(3, 5)
        key: dict[str, Any] = {"order": self.sample(LETTERS[: len(items)], len(items))}
        return {"items": items}, key | self.choice([{}, {"scheme": "exact"}, {"scheme": "partial"}])

    def matching(self) -> tuple[dict[str, Any], dict[str, Any]]:
        lefts, rights = self.different(2, 5), self.different(2, 5)
        pairs = {label: self.choice(LETTERS[: len(rights)]) for label in LETTERS[: len(lefts)]}
        return {"lefts": lefts, "rights": rights}, {"pairs": pairs} | self.choice(
            [{}, {"scheme": "exact"}, {"scheme": "partial"}]
        )


def _places(kind: str, content: dict[str, Any], key: dict[str, Any]) -> list[str]:
    """What feedback can hang at."""
    if kind == "boolean":
        return ["T", "F"]
    if kind in ("short", "numeric"):
        return [str(place) for place in range(len(key["accept"]) if kind == "short" else 1 + len(key.get("also", [])))]
    return list(LETTERS[: len(content.get("options") or content.get("items") or content["lefts"])])
