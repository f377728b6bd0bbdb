"""A Word file as lines of text whose letters know how they look: bold, underlined, coloured, highlighted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.opc.exceptions import OpcError, PackageNotFoundError
from docx.oxml.ns import qn

from quizbank.errors import BadFile
from quizbank.formats.docx_numbering import Numbering
from quizbank.formats.encoding import font_of, mend, old_font, told
from quizbank.formats.guard import open_zip, rewrapped
from quizbank.formats.texts import small

Marks = frozenset[str]
NONE: Marks = frozenset()
MOST_CHARS = 4_000_000
MOST_PARAGRAPHS = 200_000
PLAIN_COLOURS = {"auto", "000000", "ffffff", "0d0d0d", "1c1917"}
_DARK = re.compile(r"^([0-4][0-9a-f])\1\1$", re.IGNORECASE)
_HIDDEN = tuple(qn(name) for name in ("w:del", "w:txbxContent", "w:moveFrom"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_VAL, _FILL, _TEXT = qn("w:val"), qn("w:fill"), qn("w:t")
_SWITCHES = {qn("w:b"): "bold", qn("w:i"): "italic"}
_UNDERLINE, _COLOUR, _HIGHLIGHT, _SHADE = qn("w:u"), qn("w:color"), qn("w:highlight"), qn("w:shd")
_SIGNS = {qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_SIMPLE = {_TEXT, qn("w:rPr"), *_SIGNS}
_P, _TBL, _SDT, _R, _RPR, _FONTS = qn("w:p"), qn("w:tbl"), qn("w:sdt"), qn("w:r"), qn("w:rPr"), qn("w:rFonts")
_ASCII, _ANSI, _BOXED = qn("w:ascii"), qn("w:hAnsi"), qn("w:txbxContent")
_MARK_LOOKS, _STYLE = f"{qn('w:pPr')}/{qn('w:rPr')}", f"{qn('w:pPr')}/{qn('w:pStyle')}"
_EMBED, _LINK, _ID = qn("r:embed"), qn("r:link"), qn("r:id")
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
_PLACE, _PLACES = qn("w:vertAlign"), {"superscript": "sup", "subscript": "sub"}
_SHAPE = "{urn:schemas-microsoft-com:vml}shape"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor"
_ABOUT = ".//{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"


@dataclass(slots=True)
class Line:
    """One line: a paragraph, or what stands between two line breaks of one. ``marks`` has an entry for each letter."""

    text: str
    marks: list[Marks]
    pictures: list[str] = field(default_factory=list)
    math: bool = False
    inline: int = 0
    """Pictures that stand between its letters, as formulas do; one that floats beside the text is none."""


@dataclass(slots=True)
class Grid:
    """One table: rows of cells of lines."""

    rows: list[list[list[Line]]]


@dataclass(slots=True)
class Document:
    """What a Word file says, in its order."""

    blocks: list[Line | Grid]
    pictures: dict[str, bytes]
    alts: dict[str, str]
    notes: list[str]


def read_docx(data: bytes) -> Document:
    """Return the lines and tables of a Word file.

    Raises:
        BadFile: when it is none.
    """
    with open_zip(data) as archive:
        if "word/document.xml" not in archive.namelist():
            raise BadFile(_("Đây không phải tệp Word .docx. Tệp .doc cũ: mời bạn mở bằng Word rồi lưu thành .docx."))
    try:
        return _Reader(docx.Document(io.BytesIO(rewrapped(data)))).read()
    except (OpcError, PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError, TypeError) as error:
        raise BadFile(_("Tệp Word bị hỏng. Mời bạn mở bằng Word, lưu lại rồi gửi lại.")) from error


class _Reader:
    def __init__(self, document: Any) -> None:
        self.part = document.part
        self.body = document.element.body
        self.default_font = _font(document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}"))
        self.style_fonts = {
            style.get(qn("w:styleId"), ""): font
            for style in document.styles.element.iter(qn("w:style"))
            if (font := _font(style.find(qn("w:rPr"))))
        }
        self.numbering = Numbering.of(_numbering(self.part), document.styles.element)
        self.pictures: dict[str, bytes] = {}
        self.alts: dict[str, str] = {}
        self.linked = self.boxes = self.size = self.paragraphs = 0
        self.old = ""

    def read(self) -> Document:
        blocks = self._blocks(self.body, 0)
        notes = []
        lines = [line for block in blocks for line in lines_of(block)]
        guessed = old_font(line.text for line in lines)
        if guessed:
            for line in lines:
                text = mend(line.text, font=guessed)
                line.text, line.marks = text, _stretched(line.marks, len(text))
        if self.old or guessed:
            notes.append(told(self.old or guessed))
        if self.linked:
            notes.append(_("Hình từ liên kết ngoài không được tải. Mời bạn tự thêm hình."))
        if self.boxes:
            notes.append(_("Chữ trong hộp văn bản (text box) không được đọc. Mời bạn chuyển thành chữ thường."))
        return Document(blocks, self.pictures, self.alts, notes)

    def _blocks(self, parent: Any, depth: int) -> list[Line | Grid]:
        found: list[Line | Grid] = []
        for child in parent:
            if child.tag == _P:
                found += self._paragraph(child)
            elif child.tag == _TBL:
                found.append(self._table(child, depth))
            elif child.tag == _SDT and depth < 10:
                content = child.find(qn("w:sdtContent"))
                found += self._blocks(content, depth + 1) if content is not None else []
        return found

    def _table(self, table: Any, depth: int) -> Grid:
        rows = []
        for row in table.iter(qn("w:tr")) if depth < 5 else ():
            cells = []
            for cell in row.iterchildren(qn("w:tc")):
                inside = self._blocks(cell, depth + 1)
                cells.append([line for block in inside for line in lines_of(block)])
            rows.append(cells)
        return Grid(rows)

    def _paragraph(self, paragraph: Any) -> list[Line]:
        self.paragraphs += 1
        if self.paragraphs > MOST_PARAGRAPHS or self.size > MOST_CHARS:
            raise BadFile(_("Tệp Word quá dài. Mời bạn chia thành nhiều tệp nhỏ hơn."))
        label = self.numbering.label(paragraph)
        looks = _marks(paragraph.find(_MARK_LOOKS))
        pieces: list[tuple[str, Marks, str]] = [(label, looks, "")] if label else []
        pictures, inline, math = [], 0, False
        style = paragraph.find(_STYLE)
        font = self.style_fonts.get(style.get(_VAL, "") if style is not None else "", self.default_font)
        for run in paragraph.iter(_R, _MATH_TEXT):
            if run.getparent() is not paragraph and _hidden(run, paragraph):
                self.boxes += any(True for _one in run.iterancestors(_BOXED))
                continue
            if run.tag == _MATH_TEXT:
                pieces.append((run.text or "", NONE, ""))
                math = True
                continue
            drawn = list(self._images(run))
            pictures += drawn
            inline += len(drawn) if drawn and not _floats(run) else 0
            properties = run.find(_RPR)
            pieces.append((_small(_text(run), properties), _marks(properties), _family(_font(properties) or font)))
        self.size += sum(len(text) for text, _m, _f in pieces)
        return _split(self._mended(pieces), pictures, inline=inline, math=math)

    def _mended(self, pieces: list[tuple[str, Marks, str]]) -> list[tuple[str, Marks]]:
        """Join runs that look alike and turn those in an old font into Unicode."""
        joined: list[list[Any]] = []
        for text, marks, family in pieces:
            if joined and joined[-1][1:] == [marks, family]:
                joined[-1][0] += text
            else:
                joined.append([text, marks, family])
        out = []
        for text, marks, family in joined:
            old = family.rstrip("H") if family in ("tcvn3", "tcvn3H", "vni") else ""
            if old and not text.isascii():
                mended = mend(text, font=old)
                self.old = old if mended != text else self.old
                text = mended.upper() if family.endswith("H") else mended
            elif old and family.endswith("H"):
                text = text.upper()
            out.append((text, marks))
        return out

    def _images(self, run: Any) -> Iterator[str]:
        if all(child.tag in _SIMPLE for child in run):
            return
        for image in run.iter(_BLIP, _IMAGE_DATA):
            if any(True for _one in image.iterancestors(_FALLBACK)):
                continue
            name = image.get(_EMBED) or (image.get(_ID) if image.tag == _IMAGE_DATA else None)
            part = self.part.related_parts.get(name) if name else None
            if part is None:
                self.linked += bool(image.get(_LINK) or name)
                continue
            known = str(part.partname).rpartition("/")[2]
            self.pictures[known] = part.blob
            about = run.find(_ABOUT)
            self.alts[known] = (about.get("descr") or "") if about is not None else ""
            yield known


def _floats(run: Any) -> bool:
    """Whether the pictures of a run stand beside the text and not in it."""
    if run.find(f".//{_ANCHOR}") is not None:
        return True
    return any("position:absolute" in shape.get("style", "") for shape in run.iter(_SHAPE))


def _split(pieces: list[tuple[str, Marks]], pictures: list[str], *, inline: int, math: bool) -> list[Line]:
    """Return the lines of one paragraph; its pictures belong to the first."""
    text = "".join(part for part, _marks in pieces)
    marks = [look for part, look in pieces for _char in part]
    lines, start = [], 0
    for part in text.split("\n"):
        lines.append(Line(part, marks[start : start + len(part)], math=math))
        start += len(part) + 1
    lines[0].pictures, lines[0].inline = pictures, inline
    return lines


def _text(run: Any) -> str:
    """Return the text of a run as it is read; field codes and deleted text are not."""
    return "".join((child.text or "") if child.tag == _TEXT else _SIGNS.get(child.tag, "") for child in run).replace(
        "\r", ""
    )


def _small(text: str, properties: Any) -> str:
    """Return the text of a run that is set high or low in Unicode letters: flattened, 10³ would be 103."""
    place = properties.find(_PLACE) if properties is not None else None
    tag = _PLACES.get(place.get(_VAL, ""), "") if place is not None else ""
    return text.replace(text.strip(), small(text.strip(), tag)) if tag and text.strip() else text


def _marks(properties: Any) -> Marks:
    """Return how a run stands out from its neighbours."""
    if properties is None:
        return NONE
    found = [mark for child in properties if (mark := _mark(child.tag, child))]
    return frozenset(found) if found else NONE


def _mark(tag: str, element: Any) -> str:
    value = str(element.get(_VAL, ""))
    if tag in _SWITCHES:
        return _SWITCHES[tag] if value not in ("0", "false", "off") else ""
    if tag == _UNDERLINE:
        return "underline" if value != "none" else ""
    if tag == _COLOUR:
        value = value.lower()
        return "" if value in PLAIN_COLOURS or _DARK.match(value) else f"colour:{value}"
    if tag == _HIGHLIGHT:
        return "highlight" if value not in ("none", "white", "") else ""
    if tag == _SHADE:
        return "highlight" if element.get(_FILL, "auto").lower() not in ("auto", "ffffff") else ""
    return ""


def _hidden(run: Any, paragraph: Any) -> bool:
    for parent in run.iterancestors():
        if parent is paragraph:
            return False
        if parent.tag in _HIDDEN or parent.tag == _FALLBACK:
            return True
    return False


def _font(properties: Any) -> str:
    fonts = properties.find(_FONTS) if properties is not None else None
    return str(fonts.get(_ASCII) or fonts.get(_ANSI) or "") if fonts is not None else ""


@lru_cache(maxsize=200)
def _family(font: str) -> str:
    """Return the old encoding a font stands for; TCVN3 fonts whose name ends in H draw every letter as a capital."""
    old = font_of(font)
    return f"{old}H" if old == "tcvn3" and font.endswith("H") else old


def _numbering(part: Any) -> Any:
    for relation in part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element if hasattr(relation.target_part, "element") else None
    return None


def lines_of(block: Line | Grid) -> list[Line]:
    """Return the lines of a block: itself, or those in the cells of a table."""
    if isinstance(block, Line):
        return [block]
    return [line for row in block.rows for cell in row for line in cell]


def _stretched(marks: list[Marks], length: int) -> list[Marks]:
    """Return marks for a text that mending may have made shorter; exact looks no longer matter letter by letter."""
    if len(marks) == length or not marks:
        return marks[:length] or [NONE] * length
    return [marks[min(place * len(marks) // length, len(marks) - 1)] for place in range(length)]
