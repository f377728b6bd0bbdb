"""Questions as a Word file people print and edit: read back by word_parse.py without loss."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from PIL import Image

from quizbank.drafts import Draft
from quizbank.formats.pictures import Attached, attached
from quizbank.formats.sheet_columns import COLUMNS
from quizbank.formats.sheet_write import cells_of
from quizbank.formats.word_parse import PROTECTED
from quizbank.kinds.base import LETTERS

_AFTER = [name for name in COLUMNS if name not in (*LETTERS, "stem", "answer")]
_MUTED = '<w:rPr><w:color w:val="5C534A"/><w:sz w:val="20"/></w:rPr>'
_BOLD = "<w:rPr><w:b/></w:rPr>"
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def docx_of(drafts: Sequence[Draft], *, title: str) -> bytes:
    """Return the file; every line that only continues another begins with an invisible sign."""
    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.title = _NO_XML.sub("", title)[:200]
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(13)
    document.add_heading(_NO_XML.sub("", title) or "Câu hỏi", level=1)
    # One parse instead of one call a paragraph: python-docx looks for its place among all of them each time.
    pictures: dict[int, Attached] = {}
    paragraphs: list[str] = []
    for number, draft in enumerate(drafts, 1):
        picture = attached(draft)
        if picture:
            pictures[len(paragraphs)] = picture
            draft = replace(draft, extra={name: one for name, one in draft.extra.items() if name != "picture"})
        paragraphs += _question(number, draft)
    body: Any = document.element.body
    end = body.find(qn("w:sectPr"))
    for place, paragraph in enumerate(list(parse_xml(f"<w:body {nsdecls('w')}>{''.join(paragraphs)}</w:body>"))):
        end.addprevious(paragraph)
        if place in pictures:
            _draw(document, paragraph, pictures[place])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _draw(document: Any, paragraph: Any, picture: Attached) -> None:
    """Put a picture under the words of a question, as PNG: Word knows no WebP before 2021."""
    png = io.BytesIO()
    with Image.open(io.BytesIO(picture.data)) as image:
        image.save(png, "PNG")
        width = min(Cm(12), Pt(image.width * 0.75))
    paragraph.add_r().add_br()
    inline = document.part.new_pic_inline(png, width=width)
    inline.docPr.set("descr", _NO_XML.sub("", picture.alt))
    paragraph.add_r().add_drawing(inline)


def _question(number: int, draft: Draft) -> list[str]:
    cells = cells_of(draft)
    found = [_paragraph(f"Câu {number}: ", cells["stem"], look=_BOLD, keep=True, above=240)]
    if draft.kind == "numeric":
        found += [_paragraph("Đơn vị: ", cells["A"])] if cells.get("A") else []
    else:
        found += [_paragraph(f"{letter}. ", cells[letter], keep=True) for letter in LETTERS if cells.get(letter)]
    answer = cells["answer"]
    found.append(_paragraph("Đáp án: ", f"{answer}{PROTECTED}" if answer.endswith(".") else answer))
    found += [_paragraph(f"{COLUMNS[name]}: ", cells[name], rest=_MUTED) for name in _AFTER if cells.get(name)]
    return found


def _paragraph(label: str, text: str, *, look: str = "", rest: str = "", keep: bool = False, above: int = 0) -> str:
    kept = "<w:keepNext/>" if keep else ""
    runs = [f"<w:r>{look or rest}{_text(label)}</w:r>"]
    for place, line in enumerate(text.split("\n")):
        before = f"<w:br/>{_text(PROTECTED + line)}" if place else _text(line)
        runs.append(f"<w:r>{rest}{before}</w:r>")
    return f'<w:p><w:pPr>{kept}<w:spacing w:before="{above}" w:after="40"/></w:pPr>{"".join(runs)}</w:p>'


def _text(text: str) -> str:
    clean = escape(_NO_XML.sub("", text)).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    return f"<w:t xml:space='preserve'>{clean}</w:t>"
