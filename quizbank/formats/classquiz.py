"""ClassQuiz' spreadsheet: title in C5, description in C6, questions in B14 to H100 by place."""

from __future__ import annotations

from typing import ClassVar

from people.text import tidy
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Format, Parsed
from quizbank.formats.livesheet import choice, marked, seconds
from quizbank.formats.table import Row, Table, read_tables
from quizbank.formats.workbook import XLSX

FIRST_ROW = 14
STEM, FIRST_ANSWER, SECONDS, RIGHT = 1, 2, 6, 7
MOST_ANSWERS = 4
TITLE_ROW, TITLE_COLUMN = 5, 2


class ClassQuiz(Format):
    """Questions of ClassQuiz: up to four answers, seconds, the right ones by number."""

    code: ClassVar[str] = "classquiz"
    name: ClassVar[str] = "ClassQuiz (Excel)"
    extension: ClassVar[str] = "xlsx"
    accepts: ClassVar[tuple[str, ...]] = ("xlsx", "ods")
    media_type: ClassVar[str] = XLSX
    reads: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset({"single", "multiple", "boolean"})

    def likely(self, data: bytes, filename: str) -> int:
        """The form has no heading to know it by: a title in its place, and numbers where it has them."""
        if not data.startswith(b"PK"):
            return 0
        try:
            table = _table(read_tables(data).tables)
        except BadFile:
            return 0
        rows = _rows(table) if table else []
        sound = [
            row
            for row in rows
            if row.cell(SECONDS).strip().isdecimal() and not marked(row.cell(RIGHT), MOST_ANSWERS)[1]
        ]
        return 70 if table and rows and _title(table) and len(sound) * 2 > len(rows) else 0

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        tables = read_tables(data)
        table = _table(tables.tables)
        if table is None:
            raise BadFile
        return Parsed(
            found=tuple(
                choice(
                    row=row,
                    stem=row.cell(STEM),
                    cells=[row.cell(FIRST_ANSWER + n) for n in range(MOST_ANSWERS)],
                    right=row.cell(RIGHT),
                    extra=seconds(row.cell(SECONDS)),
                    defaults=defaults,
                )
                for row in _rows(table)
            ),
            title=_title(table),
            notes=tables.notes,
        )


def _table(tables: tuple[Table, ...]) -> Table | None:
    return next((table for table in tables if _rows(table)), None)


def _rows(table: Table) -> list[Row]:
    return [
        row
        for row in table.rows
        if row.number >= FIRST_ROW and any(cell.strip() for cell in row.cells[STEM : RIGHT + 1])
    ]


def _title(table: Table) -> str:
    return next((tidy(row.cell(TITLE_COLUMN)) for row in table.rows if row.number == TITLE_ROW), "")
