"""The cells of our own spreadsheet to drafts; sheet_write.py is the inverse. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Any

from django.utils.translation import gettext as _

from people.text import search_key, tidy
from quizbank.drafts import Draft
from quizbank.formats import sheet_answer as answers
from quizbank.formats.base import Defaults, Found
from quizbank.formats.cells import lines, listed, unescape
from quizbank.formats.one_cell import apart, unlettered
from quizbank.formats.sheet_columns import ALL_OPTIONS, AUDIENCES, COLUMNS, DIFFICULTIES, KINDS, TOPIC_NAMES, by_word
from quizbank.formats.table import Header, Row
from quizbank.kinds.base import LETTERS

CODE = re.compile(r"^[A-Za-z0-9._-]{1,40}$")
SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
LANGUAGE = re.compile(r"^[a-z]{2}$")
LONGEST_REST = 30_000
_SHA = re.compile(r"^[0-9a-f]{64}$")
_TOPICS, _KINDS = by_word(TOPIC_NAMES), by_word(KINDS)
_DIFFICULTIES, _AUDIENCES = by_word(DIFFICULTIES), by_word(AUDIENCES)
_JUDGED = ("stem", "answer", ALL_OPTIONS, *LETTERS)
_key = lru_cache(maxsize=256)(search_key)
"""The same few words stand in a column of ten thousand lines."""


class Reading:
    """One row being understood: collects what is wrong and what is doubtful."""

    def __init__(self, row: Row, header: Header, defaults: Defaults, line: str = "") -> None:
        """``line`` is how a line of the file is called, "Dòng %(number)d" where it is not given."""
        self.row, self.header, self.defaults, self.line = row, header, defaults, line
        self._cells = {
            name: text
            for name, column in header.columns.items()
            if column < len(row.cells) and (text := row.cells[column].strip())
        }
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def text(self, name: str) -> str:
        """Return a cell without spaces around it."""
        return self._cells.get(name, "")

    def found(self) -> Found:
        """Return the question of the row."""
        self._look_at_excel()
        rest = self._rest()
        options, english = self._options(""), self._options("_en")
        content, key, kind = self._question(options)
        as_written = bool(rest.get("extra", {}).get("markdown") or rest.get("lines"))
        draft = Draft(
            code=self._code(),
            topic=self._topic(),
            kind=kind,
            stem=self.text("stem") if as_written else tidy(self.text("stem")),
            content=content,
            key=key,
            difficulty=self._one("difficulty", _DIFFICULTIES, self.defaults.difficulty),
            audience=self._audience(),
            explanation=lines(self.text("explanation")),
            citation=tidy(self.text("citation")),
            citation_url=self.text("url"),
            facts=tuple(listed(self.text("facts"))),
            language=self._language(),
            tags=tuple(listed(self.text("tags"))),
            extra=rest.get("extra", {}) | self._seconds(),
            translations=rest.get("translations", {}) | self._english(kind, english),
        )
        draft, permuted = settled(draft)
        if permuted:
            self.warnings.append(_("Các mục đang ghi theo đúng thứ tự nên đã được xáo khi nhập; đáp án không đổi."))
        if not draft.citation and self.defaults.citation:
            draft = replace(draft, citation=self.defaults.citation)
        return Found(
            draft=draft,
            place=(self.line or _("Dòng %(number)d")) % {"number": self.row.number},
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
        )

    def _look_at_excel(self) -> None:
        """Say what Excel may have done behind the author's back (failures F3)."""
        if not (self.row.covered or self.row.dated):
            return
        names = {column: name for name, column in self.header.columns.items()}
        hidden = [names[column] for column in sorted(self.row.covered) if column in names]
        if any(name in _JUDGED for name in hidden):
            self.problems.append(
                _("Có ô bị gộp ở cột %(columns)s. Mời bạn bỏ gộp ô.")
                % {"columns": ", ".join(COLUMNS.get(name, _("Phương án")) for name in hidden)}
            )
        for column in sorted(self.row.dated):
            if names.get(column) in _JUDGED and self.row.cell(column):
                self.warnings.append(
                    _("Excel đã đổi ô ở cột %(column)s thành ngày tháng: %(text)s. Mời bạn xem lại.")
                    % {"column": COLUMNS.get(names[column], _("Phương án")), "text": self.row.cell(column)}
                )

    def _question(self, options: list[str]) -> tuple[dict[str, Any], dict[str, Any], str]:
        """Return content, key and kind; a doubtful answer is a problem and gives an empty key."""
        answer = self.text("answer")
        kind = self._kind(options, answer)
        content = content_of(kind, options)
        if not answer and kind != "matching":
            self.problems.append(_("Chưa có đáp án."))
            return content, {}, kind
        try:
            return content, self._key(kind, options, content, answer), kind
        except answers.Doubt as doubt:
            self.problems.append(str(doubt))
            return content, {}, kind

    def _key(self, kind: str, options: list[str], content: dict[str, Any], answer: str) -> dict[str, Any]:
        grading = self.text("grading")
        match kind:
            case "single":
                return answers.single(answer, options)
            case "multiple":
                return answers.multiple(answer, options, grading)
            case "boolean":
                return answers.boolean(answer)
            case "numeric":
                key, doubts = answers.numeric(answer)
                self.warnings += doubts
                return key
            case "short":
                return answers.short(answer, grading)
            case "ordering":
                order = answers.ordering(answer, len(content["items"]))
                key = {"order": [LETTERS[place] for place in order]}
            case _:
                count = len(content["lefts"])
                same_row = {letter: letter for letter in LETTERS[:count]}
                key = {"pairs": answers.pairs(answer) if answer else same_row}
        return {**key, **({"scheme": answers.scheme(grading)} if grading else {})}

    def _kind(self, options: list[str], answer: str) -> str:
        """Return the kind as named, or as options and answer show it beyond doubt."""
        if self.text("kind"):
            return self._one("kind", _KINDS, "single")
        # "D" alone is the fourth option more often than "Đúng" typed without its stroke.
        if not options and answers.truth(answer) is not None and answer.upper() not in tuple(LETTERS):
            return "boolean"
        if not options and self.text(ALL_OPTIONS):
            self.problems.append(
                _("Chưa tách được các phương án trong một ô. Mời bạn ghi mỗi phương án một dòng: A. …, B. …, C. …")
            )
            return "single"
        if not options:
            self.problems.append(_("Câu không có phương án; mời bạn ghi loại câu (Điền số hoặc Trả lời ngắn)."))
            return "short"
        try:
            right, weights = answers.letters(answer, options)
        except answers.Doubt:
            return "single"
        if len(right) > 1 and not weights:
            self.warnings.append(_("Có %(count)d đáp án nên được nhập là câu nhiều đáp án.") % {"count": len(right)})
            return "multiple"
        return "single"

    def _options(self, suffix: str) -> list[str]:
        """Return A to H up to the last one filled; a gap between is told, for it would move the letters."""
        texts = [tidy(self.text(letter + suffix)) for letter in LETTERS]
        if not suffix and not any(texts):
            texts = self._from_one_cell()
        while texts and not texts[-1]:
            texts.pop()
        if not suffix and not all(texts):
            self.problems.append(_("Có phương án trống ở giữa; mời bạn ghi liền nhau từ A."))
        return texts

    def _from_one_cell(self) -> list[str]:
        """Return the options of a cell that holds all of them."""
        texts = apart(self.text(ALL_OPTIONS))
        for letter, text in zip(LETTERS, texts, strict=False):
            if unlettered(text):
                self.warnings.append(
                    _("Phương án %(letter)s có thêm một dòng không ghi chữ cái; có thể thiếu một phương án.")
                    % {"letter": letter}
                )
        return list(map(tidy, texts))

    def _one(self, name: str, words: Mapping[str, str], default: str) -> str:
        text = self.text(name)
        if not text:
            return default
        code = words.get(_key(text))
        if code:
            return code
        self.problems.append(_("Chưa hiểu “%(text)s” ở cột %(column)s.") % {"text": text[:60], "column": COLUMNS[name]})
        return default

    def _code(self) -> str:
        code = self.text("code")
        if code and not CODE.match(code):
            self.warnings.append(_("Mã “%(code)s” không dùng được nên câu được đặt mã mới.") % {"code": code[:40]})
            return ""
        return code

    def _topic(self) -> str:
        text = self.text("topic")
        if not text:
            return self.defaults.topic
        slug = _TOPICS.get(_key(text))
        if slug:
            return slug
        if SLUG.match(text):
            return text
        self.warnings.append(_("Chưa có chủ đề “%(text)s”; câu được đặt vào chủ đề mặc định.") % {"text": text[:60]})
        return self.defaults.topic

    def _audience(self) -> tuple[str, ...]:
        found = []
        for part in listed(self.text("audience")):
            hit = _AUDIENCES.get(_key(part))
            if not hit:
                self.problems.append(
                    _("Chưa hiểu “%(text)s” ở cột %(column)s.") % {"text": part[:60], "column": COLUMNS["audience"]}
                )
            elif hit not in found:
                found.append(hit)
        return tuple(found) or self.defaults.audience

    def _language(self) -> str:
        text = self.text("language").casefold()
        if not text:
            return self.defaults.language
        if LANGUAGE.match(text):
            return text
        self.problems.append(_("Ngôn ngữ phải là vi hoặc en."))
        return self.defaults.language

    def _seconds(self) -> dict[str, Any]:
        text = self.text("seconds")
        if not text:
            return {}
        if text.isdecimal() and len(text) <= 4 and int(text):
            return {"seconds": int(text)}
        self.warnings.append(_("Thời gian “%(text)s” không phải số giây nên được bỏ qua.") % {"text": text[:20]})
        return {}

    def _english(self, kind: str, options: list[str]) -> dict[str, Any]:
        stem = tidy(self.text("stem_en"))
        explanation, citation = lines(self.text("explanation_en")), tidy(self.text("citation_en"))
        if not (stem or options or explanation or citation):
            return {}
        words = {"stem": stem, "content": content_of(kind, options), "explanation": explanation, "citation": citation}
        return {"en": words}

    def _rest(self) -> dict[str, Any]:
        """Return what only our own export writes, each entry of the shape it must have."""
        text = self.text("rest")
        if not text.startswith("{"):
            return {}
        try:
            if len(text) > LONGEST_REST:
                raise ValueError
            data = json.loads(text)
        except (ValueError, RecursionError):
            self.warnings.append(_("Cột Khác không đọc được nên được bỏ qua."))
            return {}
        extra, others = data.get("extra"), data.get("translations")
        sound: dict[str, Any] = {"lines": data.get("lines") is True}
        if isinstance(extra, dict):
            sound["extra"] = {name: value for name, value in extra.items() if _sound(name, value)}
        if isinstance(others, dict):
            sound["translations"] = {
                language: words
                for language, words in others.items()
                if LANGUAGE.match(language) and isinstance(words, dict) and isinstance(words.get("content", {}), dict)
            }
        return sound


def content_of(kind: str, options: list[str]) -> dict[str, Any]:
    """Return the content of a kind from the cells A to H."""
    match kind:
        case "boolean" | "short":
            return {}
        case "numeric":
            return {"unit": options[0] if options else ""}
        case "ordering":
            return {"items": options}
        case "matching":
            sides = [_sides(option) for option in options]
            return {"lefts": [left for left, _r in sides if left], "rights": [right for _l, right in sides if right]}
        case _:
            return {"options": options}


def settled(draft: Draft) -> tuple[Draft, bool]:
    """Return the draft with items and right sides not in their right order, and whether they had been.

    A paper that is not shuffled would otherwise show the answer. Translations are permuted alike.
    """
    field = {"ordering": "items", "matching": "rights"}.get(draft.kind)
    if not field or not draft.key:
        return draft, False
    count = len(draft.content[field])
    if field == "items":
        given = draft.key["order"]
    else:
        given = list(draft.key["pairs"].values()) if sorted(draft.key["pairs"]) == list(draft.key["pairs"]) else []
    if count < 2 or given != list(LETTERS[:count]):
        return draft, False
    order, random = list(range(count)), Random(draft.stem)
    while order == sorted(order):
        random.shuffle(order)

    def permuted(content: dict[str, Any]) -> dict[str, Any]:
        texts = content.get(field, [])
        return {**content, field: [texts[i] for i in order]} if len(texts) == count else content

    moved = [LETTERS[order.index(i)] for i in range(count)]
    key = {"order": moved} if field == "items" else {"pairs": dict(zip(LETTERS, moved, strict=False))}
    translations = {
        language: {**words, "content": permuted(words.get("content", {}))}
        for language, words in draft.translations.items()
    }
    return replace(draft, content=permuted(draft.content), key={**draft.key, **key}, translations=translations), True


def _sides(cell: str) -> tuple[str, str]:
    """Return left and right of "trái | phải"; either may be empty."""
    parts = (
        re.split(r"(?<!\\)\|", cell, maxsplit=1) if "|" in cell else re.split(r"\s*(?:=>|->|→)\s*", cell, maxsplit=1)
    )
    left, right = (*parts, "")[:2]
    return tidy(unescape(left)), tidy(unescape(right))


def _sound(name: str, value: object) -> bool:
    match name:
        case "markdown":
            return value is True
        case "feedback":
            return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        case "picture":
            return (
                isinstance(value, dict)
                and bool(_SHA.match(str(value.get("sha256", ""))))
                and all(_of_picture(name, one) for name, one in value.items())
            )
        case "source":
            return isinstance(value, dict)
        case _:
            return False


def _of_picture(name: object, value: object) -> bool:
    return isinstance(value, str) if name in ("sha256", "alt") else name in ("width", "height") and type(value) is int
