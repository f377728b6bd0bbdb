"""A paper to print: questions, an answer sheet, and the key on its own page when it is asked for.

Drawn by typst with the packaged font; no clock, no network, equal questions give equal bytes (failures F8).
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext_noop
from PIL import Image

from people.text import fold
from quizbank.drafts import Draft
from quizbank.formats.base import Format
from quizbank.kinds import KINDS, get_kind
from quizbank.kinds.base import LETTERS
from quizbank.markup_html import plain_stem
from quizbank.typesetting import compiler_of

HERE = Path(__file__).parent
SHORT_STEM, SHORT_OPTION = 140, 45
MOST_SHORT = 0.85
"""Share of short questions from which the paper is set in two columns."""
LONG = 900
"""Letters from which a question may be parted between two pages."""
WIDE_SHEET = 4
"""Options up to which the answer sheet has four columns."""

# A paper is a Vietnamese document, whoever asks for it; these are no screen texts.
WORDS = {
    "page": "Trang", "name": "Họ và tên", "born": "Ngày sinh", "unit": "Đơn vị", "number": "Số báo danh",
    "question": "Câu", "right": "Đúng", "wrong": "Sai", "value": "Đáp số", "answer": "Đáp án", "order": "Thứ tự đúng",
    "pairs": "Ghép", "end": "Hết", "sheet": "Phiếu trả lời", "key": "Đáp án (không phát cho người dự thi)", "code": "Mã",
    "citation": "Căn cứ",
    "how": "Tô kín ô tròn của đáp án đã chọn. Ô vuông: câu có nhiều đáp án, tô mọi ô đúng. Ghi rõ ràng vào các ô và dòng còn lại.",
}  # fmt: skip
HINTS = {"multiple": "chọn mọi đáp án đúng", "matching": "ghép mỗi mục bên trái với một mục bên phải"}


class Paper(Format):
    """A print-ready paper, without the key."""

    code: ClassVar[str] = "pdf"
    name: ClassVar[str] = gettext_noop("Đề thi để in (PDF)")
    extension: ClassVar[str] = "pdf"
    accepts: ClassVar[tuple[str, ...]] = ()
    media_type: ClassVar[str] = "application/pdf"
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return paper(drafts, title=title)


def paper(
    drafts: Sequence[Draft],
    *,
    title: str,
    organizer: str = "",
    subtitle: str = "",
    key: bool = False,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the PDF. ``subtitle`` is one line ("Thời gian làm bài: 30 phút"), ``key`` adds the page of answers,
    ``pictures`` holds the stored pictures by their SHA-256."""
    questions = [_printed(number, draft, pictures or {}) for number, draft in enumerate(drafts, 1)]
    data = {
        "title": title or "Đề thi",
        "organizer": organizer,
        "subtitle": subtitle,
        "key": key,
        "columns": _columns(questions),
        "sheet_columns": 4 if max((len(one["marks"]) for one in questions), default=0) <= WIDE_SHEET else 3,
        "words": WORDS,
        "questions": questions if key else [one | {"answer": "", "citation": "", "code": ""} for one in questions],
    }
    pdf = compiler_of(HERE / "paper.typ").compile(
        format="pdf", sys_inputs={"paper": json.dumps(data, ensure_ascii=False)}, timestamp=0
    )
    assert isinstance(pdf, bytes)
    return pdf


def _printed(number: int, draft: Draft, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    content = draft.content
    options = _lettered(content.get("options", content.get("items", ())))
    picture = draft.extra.get("picture", {})
    svg, width = _picture(pictures.get(str(picture.get("sha256", "")), b""))
    marks = {
        "boolean": ["Đ", "S"],
        "single": [one["letter"] for one in options],
        "multiple": [one["letter"] for one in options],
    }
    stem = plain_stem(draft.stem, draft.extra)
    size = len(stem) + sum(len(one["text"]) for one in options)
    return {
        "number": number,
        "kind": draft.kind,
        "stem": stem,
        "hint": "" if "chon" in re.findall(r"\w+", fold(draft.stem)) else HINTS.get(draft.kind, ""),
        "options": options,
        "lefts": [{"letter": str(place), "text": text} for place, text in enumerate(content.get("lefts", ()), 1)],
        "rights": _lettered(content.get("rights", ())),
        "unit": str(content.get("unit", "")),
        "marks": marks.get(draft.kind, []),
        "picture": svg,
        "width": width,
        "alt": str(picture.get("alt", "")),
        "long": size > LONG,
        "answer": _answer(draft),
        "code": draft.code,
        "citation": draft.citation,
    }


def _answer(draft: Draft) -> str:
    """Return the key as a checker needs it: letters first, for that is what the sheet shows."""
    key, told = draft.key, get_kind(draft.kind).tell_key(draft.content, draft.key)
    match draft.kind:
        case "single":
            return f"{key['right']}. {told}"
        case "multiple":
            return f"{', '.join(sorted(key['right']))}. {told}"
        case "boolean":
            return "Đúng" if key["right"] else "Sai"
        case "ordering":
            return " → ".join(key["order"])
        case "matching":
            return ", ".join(f"{LETTERS.index(left) + 1} – {right}" for left, right in sorted(key["pairs"].items()))
        case "short":
            return " / ".join(key["accept"])
        case _:
            return told


def _columns(questions: Sequence[Mapping[str, Any]]) -> int:
    short = sum(
        len(one["stem"]) <= SHORT_STEM
        and not one["lefts"]
        and all(len(o["text"]) <= SHORT_OPTION for o in one["options"])
        for one in questions
    )
    return 2 if questions and short >= MOST_SHORT * len(questions) else 1


def _lettered(texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"letter": letter, "text": text} for letter, text in zip(LETTERS, texts, strict=False)]


def _picture(data: bytes) -> tuple[str, int]:
    """Return a stored picture as SVG around a PNG, and its width in points: typst takes text, not bytes."""
    if not data:
        return "", 0
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        image.convert("RGB").save(out, "PNG")
    inside = base64.b64encode(out.getvalue()).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{inside}"/></svg>'
    )
    return svg, max(40, width // 2)
