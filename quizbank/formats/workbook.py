"""Writing workbooks: every cell is typed as text, so that nothing a person wrote becomes a formula (failures F1)."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format as Look
from xlsxwriter.worksheet import Worksheet

from quizbank.errors import BadFile
from quizbank.formats.sheet_columns import AUDIENCES, COLUMNS, DIFFICULTIES, KINDS, SCHEMES, TOPIC_NAMES
from quizbank.kinds.base import LETTERS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
SHEET = "Câu hỏi"
MOST_LINES = 2_000
"""Lines of a written sheet that have drop-downs."""
INK, PAPER, BRAND = "#1C1917", "#FBF7EF", "#A6211B"
_WIDTHS = {
    "code": 12,
    "topic": 24,
    "difficulty": 9,
    "audience": 18,
    "kind": 15,
    "stem": 60,
    "answer": 16,
    "grading": 20,
}
_WIDE = {"explanation": 50, "citation": 40, "url": 24, "stem_en": 50, "explanation_en": 40, "citation_en": 30}
_NARROW = {"seconds": 7, "language": 10, "facts": 12, "tags": 16, "rest": 14}
WIDTHS = _WIDTHS | _WIDE | _NARROW


def new_book(out: io.BytesIO, title: str) -> xlsxwriter.Workbook:
    """Return a workbook in which text stays text."""
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": title[:200], "comments": ""})
    return book


def heading(book: xlsxwriter.Workbook) -> Look:
    """Return the look of a heading."""
    return book.add_format(
        {"bold": True, "font_color": PAPER, "bg_color": BRAND, "text_wrap": True, "valign": "vcenter", "border": 1}
    )


def put(sheet: Worksheet, row: int, column: int, text: str, look: Look | None = None) -> None:
    """Write one cell as text.

    Raises:
        BadFile: when it is longer than a cell can be.
    """
    if not text:
        if look is not None:
            sheet.write_blank(row, column, None, look)
        return
    if len(text) > LONGEST_CELL:
        raise BadFile(_("Có nội dung dài hơn một ô Excel giữ được. Mời bạn xuất dưới dạng khác."))
    sheet.write_string(row, column, text, look)


def book_of(rows: Sequence[Sequence[str]], *, title: str) -> bytes:
    """Return our own spreadsheet with these lines."""
    out = io.BytesIO()
    with new_book(out, title) as book:
        questions_sheet(book, rows)
    return out.getvalue()


def questions_sheet(
    book: xlsxwriter.Workbook, rows: Sequence[Sequence[str]], *, first_look: Look | None = None
) -> Worksheet:
    """Add the sheet of questions with headings, drop-downs and lines."""
    sheet = book.add_worksheet(SHEET)
    head, body = heading(book), book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    names = list(COLUMNS)
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDTHS.get(name, 22 if name[0] in LETTERS else 14), body)
        put(sheet, 0, column, COLUMNS[name], head)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, names.index("stem") + 1)
    _drop_downs(book, sheet, names, max(MOST_LINES, len(rows)))
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            put(sheet, number, column, text, first_look)
    return sheet


def _drop_downs(book: xlsxwriter.Workbook, sheet: Worksheet, names: list[str], last: int) -> None:
    """Offer the known words; they stand in a hidden sheet, for a list in place may have 255 characters."""
    lists = book.add_worksheet("DanhSach")
    lists.hide()
    choices = {
        "topic": [words[0] for words in TOPIC_NAMES.values()],
        "difficulty": [words[0] for words in DIFFICULTIES.values()],
        "audience": [words[0] for words in AUDIENCES.values()],
        "kind": [words[0] for words in KINDS.values()],
        "grading": [words[0] for words in SCHEMES.values()],
        "language": ["vi", "en"],
    }
    for place, (name, words) in enumerate(choices.items()):
        lists.write_column(0, place, words)
        column, letter = names.index(name), LETTERS[place]
        sheet.data_validation(
            1,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": f"=DanhSach!${letter}$1:${letter}${len(words)}",
                # Several audiences, and what a written answer must keep to, are no single word of the list.
                "show_error": name not in ("audience", "grading", "topic"),
            },
        )
