"""Our own spreadsheet as xlsx and as CSV: every kind goes out and comes back without loss."""

from __future__ import annotations

import csv
import io
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Format, Parsed
from quizbank.formats.cells import neutral, plain_cell
from quizbank.formats.sheet_columns import ALIASES, COLUMNS, NEED
from quizbank.formats.sheet_read import Reading
from quizbank.formats.sheet_write import row_of
from quizbank.formats.table import Header, Row, first_header, no_header
from quizbank.formats.workbook import XLSX, book_of
from quizbank.kinds import KINDS

OURS = {"kind", "difficulty", "topic", "audience"}
"""Columns that hardly any other table has."""


class _Sheet(Format):
    """What both share: columns, rows, drafts."""

    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def likely(self, data: bytes, filename: str) -> int:
        if not self._is_mine(data):
            return 0
        try:
            hit = first_header(data, ALIASES, need=NEED)
        except BadFile:
            return 0
        if not hit:
            return 10
        columns = hit[0].columns
        return 95 if len(OURS & set(columns)) >= 2 else 60 if "A" in columns and "B" in columns else 30

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        hit = first_header(data, ALIASES, need=NEED)
        if not hit:
            raise no_header("Câu hỏi, A, B, C, D, Đáp án")
        header, table, notes = hit
        rows = [self._cleaned(row) for row in header.rows]
        return Parsed(
            found=tuple(Reading(row, header, defaults).found() for row in rows if _asks(row, header)),
            title=table.name,
            notes=notes,
        )

    @abstractmethod
    def _is_mine(self, data: bytes) -> bool:
        """Whether the bytes are of the kind of file this class reads."""

    def _cleaned(self, row: Row) -> Row:
        return row


class Xlsx(_Sheet):
    """The template as a workbook; reads xls and ods alike."""

    code: ClassVar[str] = "xlsx"
    name: ClassVar[str] = "Excel, mẫu Thi Số"
    extension: ClassVar[str] = "xlsx"
    accepts: ClassVar[tuple[str, ...]] = ("xlsx", "xlsm", "xls", "ods")
    media_type: ClassVar[str] = XLSX

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return book_of([row_of(draft) for draft in drafts], title=title)

    def _is_mine(self, data: bytes) -> bool:
        return data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))


class Csv(_Sheet):
    """The same columns as text: UTF-8 with a byte order mark, for Excel."""

    code: ClassVar[str] = "csv"
    name: ClassVar[str] = "CSV, mẫu Thi Số"
    extension: ClassVar[str] = "csv"
    accepts: ClassVar[tuple[str, ...]] = ("csv", "tsv", "txt")
    media_type: ClassVar[str] = "text/csv; charset=utf-8"

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(COLUMNS.values())
        for draft in drafts:
            writer.writerow([neutral(cell) for cell in row_of(draft)])
        return out.getvalue().encode("utf-8-sig")

    def _is_mine(self, data: bytes) -> bool:
        return not data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))

    def _cleaned(self, row: Row) -> Row:
        return Row(row.number, tuple(map(plain_cell, row.cells)), row.covered, row.dated)


def _asks(row: Row, header: Header) -> bool:
    """Whether a row holds anything of a question: a note in a far column is none."""
    return any(header.cell(row, name).strip() for name in ("stem", "answer", "A", "B", "code"))
