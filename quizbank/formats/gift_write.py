"""Drafts to GIFT. Every question carries its code, its tags and, in a comment, what GIFT has no words for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from quizbank.drafts import Draft
from quizbank.formats import carry
from quizbank.formats.answers import even_shares
from quizbank.formats.gift_syntax import escape, write_left, write_text
from quizbank.formats.markup_out import picture_data, picture_html, to_html
from quizbank.formats.pictures import attached
from quizbank.formats.texts import BLANK, percent, topic_in, topic_name
from quizbank.kinds.base import FULL, LETTERS

NO_CATEGORY = "top"
_UNSAFE_TAG = re.compile(r"[\\<>`]")


def write_all(drafts: Sequence[Draft]) -> str:
    """Return the file, with a category line wherever the category changes."""
    parts, category = [], ""
    for draft in drafts:
        here = category_of(draft)
        if here != category:
            parts.append(f"$CATEGORY: {here or NO_CATEGORY}\n")
            category = here
        parts.append(_Writer(draft).written())
    return "\n".join(parts)


def category_of(draft: Draft, fmt: str = "gift") -> str:
    """Return the category of a draft: the one it came with, unless its topic was changed since."""
    kept = str(draft.extra.get("source", {}).get(fmt, {}).get("category", ""))
    if kept and topic_in(kept) in ("", draft.topic):
        return kept
    return topic_name(draft.topic)


class _Writer:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._source: dict[str, Any] = draft.extra.get("source", {}).get("gift", {})
        self._feedback: dict[str, str] = draft.extra.get("feedback", {})
        self._picture = attached(draft)
        marked = bool(draft.extra.get("markdown"))
        self._base = "html" if self._picture else "markdown" if marked else "moodle"

    def written(self) -> str:
        draft = self._draft
        more: dict[str, Any] = {"stem": draft.stem} if self._picture and draft.extra.get("markdown") else {}
        body = "\n".join(f"\t{line}" for line in _BODIES[draft.kind](self, more))
        if draft.explanation:
            if draft.kind == "ordering":  # Moodle would take the line for one more item
                more["explanation"] = draft.explanation
            else:
                body += f"\n\t####{write_text(draft.explanation, self._base)}"
        head = [f"[id:{draft.code}]"] if draft.code else []
        plain_tags = [tag for tag in draft.tags if not _UNSAFE_TAG.search(tag)]
        head += [f"[tag:{tag.replace(']', chr(92) + ']')}]" for tag in plain_tags]
        if len(plain_tags) < len(draft.tags):
            more["tags"] = list(draft.tags)
        title = self._source.get("title") or draft.code
        return "".join(
            (
                f"// {' '.join(head)}\n" if head else "",
                f"// {carry.pack(draft, fmt='gift', **more)}\n",
                f"::{escape(title)}::" if title else "",
                self._around(body.strip() if draft.kind == "boolean" else f"\n{body}\n"),
                "\n",
            )
        )

    def _around(self, body: str) -> str:
        """Return the stem with the answers after it, or in its gap."""
        draft = self._draft
        if self._picture:
            shown = picture_html(picture_data(self._picture.data), self._picture.alt)
            stem = "[html]" + escape(to_html(draft.stem, markdown=bool(draft.extra.get("markdown"))) + shown)
        elif self._base == "markdown":
            stem = "[markdown]" + escape(draft.stem)
        else:
            stem = write_text(draft.stem, "moodle")
            # A stem that would begin a comment or a category line.
            stem = stem if not stem.startswith(("//", "$")) else "[plain]" + stem
        if self._source.get("gap") and stem.count(BLANK) == 1 and not stem.endswith(BLANK):
            return stem.replace(BLANK, f"{{{body}}}")
        return f"{stem}{{{body}}}"

    def _with_feedback(self, line: str, label: str) -> str:
        told = self._feedback.get(label, "")
        return f"{line}#{write_text(told, self._base)}" if told else line

    def single(self, more: dict[str, Any]) -> Iterator[str]:
        key = self._draft.key
        weights = {**key.get("weights", {}), key["right"]: FULL}
        for label, text in zip(LETTERS, self._draft.content["options"], strict=False):
            sign = "=" if label == key["right"] else "~"
            if sign == "~" and weights.get(label):
                sign = f"~%{percent(weights[label])}%"
            yield self._with_feedback(sign + write_text(text, self._base), label)

    def multiple(self, more: dict[str, Any]) -> Iterator[str]:
        key, options = self._draft.key, self._draft.content["options"]
        weights = key["weights"] if key.get("scheme") == "weights" else even_shares(key["right"], len(options))
        for label, text in zip(LETTERS, options, strict=False):
            share = weights.get(label, 0)
            sign = f"~%{percent(share)}%" if share else "~"
            yield self._with_feedback(sign + write_text(text, self._base), label)

    def boolean(self, more: dict[str, Any]) -> Iterator[str]:
        right = self._draft.key["right"]
        wrong, fitting = self._feedback.get("F" if right else "T", ""), self._feedback.get("T" if right else "F", "")
        line = "TRUE" if right else "FALSE"
        if wrong or fitting:
            line += f"#{write_text(wrong, self._base)}"
        yield line + (f"#{write_text(fitting, self._base)}" if fitting else "")

    def short(self, more: dict[str, Any]) -> Iterator[str]:
        key = self._draft.key
        weights = key.get("weights", [FULL] * len(key["accept"]))
        for place, (text, weight) in enumerate(zip(key["accept"], weights, strict=True)):
            share = "" if weight == FULL else f"%{percent(weight)}%"
            words = write_text(text.replace("*", "\\*"), self._base)
            yield self._with_feedback(f"={share}{words}", str(place))
        for other in self._source.get("others", ()):
            yield f"=%0%{write_text(other['text'], self._base)}#{write_text(other['feedback'], self._base)}"

    def numeric(self, more: dict[str, Any]) -> Iterator[str]:
        key = self._draft.key
        if self._draft.content.get("unit"):
            more["unit"] = self._draft.content["unit"]
        yield "#"
        for place, one in enumerate([key, *key.get("also", [])]):
            share = one.get("weight", FULL)
            line = f"={'' if share == FULL else f'%{percent(share)}%'}{one['value']}:{one.get('tolerance', '0')}"
            yield self._with_feedback(line, str(place))
        for other in self._source.get("others", ()):
            yield f"~#{write_text(other['feedback'], self._base)}"

    def ordering(self, more: dict[str, Any]) -> Iterator[str]:
        items, order = self._draft.content["items"], self._draft.key["order"]
        written = [items[LETTERS.index(label)] for label in order]
        more["places"] = carry.places_of(self._draft, written, "items")
        if self._feedback:
            more["feedback"] = self._feedback
        grading = "ABSOLUTE_POSITION" if self._draft.key.get("scheme") == "partial" else "ALL_OR_NOTHING"
        yield self._source.get("ordering") or f">{len(items)} ALL VERTICAL {grading} SHOW"
        yield from (("\u2060" if item.startswith("//") else "") + escape(item) for item in written)

    def matching(self, more: dict[str, Any]) -> Iterator[str]:
        lefts, rights = self._draft.content["lefts"], self._draft.content["rights"]
        pairs = self._draft.key["pairs"]
        paired = [rights[LETTERS.index(pairs[LETTERS[place]])] for place in range(len(lefts))]
        extras = [right for right in rights if right not in paired]
        more["places"] = carry.places_of(self._draft, list(dict.fromkeys(paired + extras)), "rights")
        if self._feedback:
            more["feedback"] = self._feedback
        for left, right in zip(lefts, paired, strict=True):
            yield f"={write_left(left, self._base)} -> {escape(right)}"
        for right in extras:
            yield f"= -> {escape(right)}"


_BODIES = {kind: getattr(_Writer, kind) for kind in ("single", "multiple", "boolean", "short", "numeric")} | {
    "ordering": _Writer.ordering,
    "matching": _Writer.matching,
}
