"""Kahoot's spreadsheet: title in B2, headings in row 8, questions below; made by hand it begins anywhere."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import ClassVar

from people.text import tidy
from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Format, Parsed
from quizbank.formats.livesheet import TRUE_FALSE, choice, seconds
from quizbank.formats.sheet_read import CODE
from quizbank.formats.table import Header, Row, Table, first_header, no_header
from quizbank.formats.workbook import XLSX, heading, new_book, put
from quizbank.kinds.base import LETTERS

HEADINGS = (
    "Question - max 120 characters",
    "Answer 1 - max 75 characters",
    "Answer 2 - max 75 characters",
    "Answer 3 - max 75 characters",
    "Answer 4 - max 75 characters",
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
TIMES = (5, 10, 20, 30, 60, 90, 120, 240)
USUAL_TIME = 20
MOST_ANSWERS = 4
HEADER_ROW = 7
NAMES = {
    "stem": ("question", "cau hoi"),
    **{str(n): (f"answer {n}", f"dap an {n}", f"tra loi {n}") for n in range(1, MOST_ANSWERS + 1)},
    "seconds": ("time limit", "time limit sec", "thoi gian"),
    "right": ("correct answer", "correct answer s", "correct answers", "dap an dung"),
}
NEED = ("stem", "1", "2", "right")


class Kahoot(Format):
    """Questions of Kahoot: two to four answers, one or more of them right."""

    code: ClassVar[str] = "kahoot"
    name: ClassVar[str] = "Kahoot (Excel)"
    extension: ClassVar[str] = "xlsx"
    accepts: ClassVar[tuple[str, ...]] = ("xlsx", "xls", "ods", "csv")
    media_type: ClassVar[str] = XLSX
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset({"single", "multiple", "boolean"})

    def likely(self, data: bytes, filename: str) -> int:
        try:
            hit = first_header(data, NAMES, need=NEED)
        except BadFile:
            return 0
        if not hit:
            return 0
        said = " ".join(row.cells[hit[0].columns["right"]] for row in _header_rows(hit[1], hit[0])).casefold()
        return 97 if "correct answer(s)" in said and "seconds" in hit[0].columns else 50

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        hit = first_header(data, NAMES, need=NEED)
        if not hit:
            raise no_header("Question, Answer 1, Answer 2, Correct answer(s)")
        header, table, notes = hit
        title = next(
            (tidy(cell) for row in table.rows if row.number < header.number for cell in row.cells if cell.strip()), ""
        )
        return Parsed(
            found=tuple(
                choice(
                    row=row,
                    stem=header.cell(row, "stem"),
                    cells=[header.cell(row, str(n)) for n in range(1, MOST_ANSWERS + 1)],
                    right=header.cell(row, "right"),
                    extra=seconds(header.cell(row, "seconds")),
                    defaults=defaults,
                    code=_code(row.cell(header.columns["stem"] - 1) if header.columns["stem"] else ""),
                )
                for row in header.rows
                if any(header.cell(row, name).strip() for name in NEED)
            ),
            title=title,
            notes=notes,
        )

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        """Return the workbook; column A, where Kahoot numbers the lines, holds our codes.

        Questions with more than four options are left out: Kahoot has no place for them.
        """
        out = io.BytesIO()
        with new_book(out, title) as book:
            sheet = book.add_worksheet("Sheet1")
            sheet.set_column(0, 0, 14)
            sheet.set_column(1, 7, 30)
            put(sheet, 1, 1, title)
            for column, text in enumerate(HEADINGS, 1):
                put(sheet, HEADER_ROW, column, text, heading(book))
            for number, draft in enumerate((one for one in drafts if holds(one)), HEADER_ROW + 1):
                for column, text in enumerate(_cells(draft)):
                    put(sheet, number, column, text)
        return out.getvalue()


def holds(draft: Draft) -> bool:
    """Whether Kahoot can hold a question."""
    return draft.kind in Kahoot.kinds and len(draft.content.get("options", ())) <= MOST_ANSWERS


def _cells(draft: Draft) -> list[str]:
    if draft.kind == "boolean":
        words = draft.extra.get("source", {}).get("live", {}).get("words")
        options = list(words or TRUE_FALSE[draft.language == "en"])
        right = [1 if draft.key["right"] else 2]
    else:
        options = list(draft.content["options"])
        right = [LETTERS.index(label) + 1 for label in draft.key["right"]]
    asked = draft.extra.get("seconds", USUAL_TIME)
    time = next((one for one in TIMES if one >= asked), TIMES[-1])
    options += [""] * (MOST_ANSWERS - len(options))
    return [draft.code, draft.stem, *options, str(time), ",".join(map(str, right))]


def _code(text: str) -> str:
    text = text.strip()
    return text if CODE.match(text) and not text.isdecimal() else ""


def _header_rows(table: Table, header: Header) -> list[Row]:
    return [row for row in table.rows if row.number == header.number]
