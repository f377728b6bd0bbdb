"""The spreadsheet of Quizizz (now Wayground): headings in the first row, often a row of instructions under it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.text import search_key, tidy
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Format, Found, Parsed
from quizbank.formats.cells import lines
from quizbank.formats.livesheet import choice, drafted, place_of, seconds
from quizbank.formats.table import Header, Row, first_header, no_header
from quizbank.formats.workbook import XLSX

MOST_OPTIONS = 5
NAMES = {
    "stem": ("question text", "question", "cau hoi"),
    "kind": ("question type", "type", "loai cau hoi"),
    **{str(n): (f"option {n}", f"option{n}", f"phuong an {n}") for n in range(1, MOST_OPTIONS + 1)},
    "right": ("correct answer", "correct answers", "dap an dung"),
    "seconds": ("time in seconds", "time", "thoi gian"),
    "picture": ("image link", "link of the image", "image", "hinh anh"),
    "explanation": ("answer explanation", "explanation", "giai thich"),
}
NEED = ("stem", "1", "2", "right")
ONE = {"", "multiple choice", "multiple choice single", "mcq", "true false", "trac nghiem"}
SEVERAL = {"checkbox", "checkboxes", "multiple select", "multi select", "multiple answer", "multiple answers"}
WRITTEN = {"fill in the blank", "fill in the blanks", "fill in", "blank", "dien khuyet"}
UNKNOWN = {
    "open ended", "open ended question", "poll", "draw", "slide", "reorder", "match", "classification", "drag and drop",
    "dropdown", "labeling", "hotspot", "math response", "graphing", "audio response", "video response", "drawing",
}  # fmt: skip


class Quizizz(Format):
    """Questions of Quizizz: choice, checkboxes and blanks; other types are told line by line."""

    code: ClassVar[str] = "quizizz"
    name: ClassVar[str] = "Quizizz, Wayground (Excel)"
    extension: ClassVar[str] = "xlsx"
    accepts: ClassVar[tuple[str, ...]] = ("xlsx", "xls", "ods", "csv")
    media_type: ClassVar[str] = XLSX
    reads: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset({"single", "multiple", "boolean", "short"})

    def likely(self, data: bytes, filename: str) -> int:
        try:
            hit = first_header(data, NAMES, need=NEED)
        except BadFile:
            return 0
        return 0 if not hit else 96 if "kind" in hit[0].columns and "seconds" in hit[0].columns else 55

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        hit = first_header(data, NAMES, need=NEED)
        if not hit:
            raise no_header("Question Text, Question Type, Option 1, Option 2, Correct Answer")
        header, table, notes = hit
        found, linked = [], 0
        for place, row in enumerate(header.rows):
            if not any(header.cell(row, name).strip() for name in NEED) or (not place and _instructs(row, header)):
                continue
            linked += bool(header.cell(row, "picture").strip())
            found.append(_question(row, header, defaults))
        if linked:
            words = ngettext(
                "%(count)d hình từ liên kết ngoài không được tải. Mời bạn tự thêm hình.",
                "%(count)d hình từ liên kết ngoài không được tải. Mời bạn tự thêm hình.",
                linked,
            )
            notes = (*notes, words % {"count": linked})
        return Parsed(found=tuple(found), title=table.name, notes=notes)


def _instructs(row: Row, header: Header) -> bool:
    """Whether the first row under the headings explains them instead of asking something."""
    kind, right = search_key(header.cell(row, "kind")), header.cell(row, "right")
    known = kind in ONE | SEVERAL | WRITTEN | UNKNOWN
    return search_key(header.cell(row, "stem")).startswith("text of the question") or (
        not known and len(kind.split()) > 2 and not any(char.isdigit() for char in right[:3])
    )


def _question(row: Row, header: Header, defaults: Defaults) -> Found:
    kind = search_key(header.cell(row, "kind"))
    extra = seconds(header.cell(row, "seconds"))
    warnings = [_("Hình từ liên kết không được tải.")] if header.cell(row, "picture").strip() else []
    explanation = lines(header.cell(row, "explanation"))
    options = [header.cell(row, str(n)) for n in range(1, MOST_OPTIONS + 1)]
    if kind in WRITTEN:
        return _written(
            row, header, [tidy(one) for one in options if one.strip()], extra, explanation, warnings, defaults
        )
    if kind not in ONE | SEVERAL:
        said = header.cell(row, "kind").strip()[:40]
        options = [tidy(one) for one in options if one.strip()]
        return Found(
            draft=drafted(
                kind="single", stem=header.cell(row, "stem"), content={"options": options}, key={}, defaults=defaults
            ),
            place=place_of(row),
            problems=(_("Loại câu “%(kind)s” không nhập được.") % {"kind": said},),
        )
    return choice(
        row=row,
        stem=header.cell(row, "stem"),
        cells=options,
        right=header.cell(row, "right"),
        extra=extra,
        defaults=defaults,
        several=kind in SEVERAL,
        explanation=explanation,
        warnings=warnings,
    )


def _written(
    row: Row,
    header: Header,
    accept: list[str],
    extra: dict[str, Any],
    explanation: str,
    warnings: list[str],
    defaults: Defaults,
) -> Found:
    """A blank to fill in: every option is an accepted answer."""
    right = tidy(header.cell(row, "right"))
    if not accept and right:
        accept = [right]
    return Found(
        draft=drafted(
            kind="short",
            stem=header.cell(row, "stem"),
            content={},
            key={"accept": accept},
            extra=extra,
            explanation=explanation,
            defaults=defaults,
        ),
        place=place_of(row),
        problems=() if accept else (_("Chưa có đáp án."),),
        warnings=tuple(warnings),
    )
