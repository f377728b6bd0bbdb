"""Our own spreadsheet as xlsx and as CSV: every kind goes out and comes back without loss."""

from __future__ import annotations

import csv
import io
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, overload

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from people.text import search_key, tidy
from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Format, Found, Parsed
from quizbank.formats.cells import neutral, plain_cell
from quizbank.formats.sheet_columns import ALIASES, ALL_OPTIONS, COLUMNS, NEED
from quizbank.formats.sheet_read import Reading
from quizbank.formats.sheet_write import row_of
from quizbank.formats.table import Header, Row, Table, first_header, no_header
from quizbank.formats.workbook import XLSX, book_of
from quizbank.kinds import KINDS

OURS = {"kind", "difficulty", "topic", "audience"}
"""Columns that hardly any other table has."""
COUNTED = {"", "stt", "tt", "so tt", "so thu tu", "so", "no"}
"""Headings of columns that only count the lines."""


class _Questions(Sequence[Found]):
    """The questions of a table, each understood when it is asked for: ten thousand need not wait for each other."""

    def __init__(self, rows: tuple[Row, ...], header: Header, defaults: Defaults) -> None:
        self._rows, self._header, self._defaults = rows, header, defaults
        self._line = _("Dòng %(number)d")

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Found: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Found, ...]: ...
    def __getitem__(self, place: int | slice) -> Found | tuple[Found, ...]:
        if isinstance(place, slice):
            return tuple(map(self._read, self._rows[place]))
        return self._read(self._rows[place])

    def _read(self, row: Row) -> Found:
        return Reading(row, self._header, self._defaults, self._line).found()


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
        optioned = {"A", "B"} <= set(columns) or ALL_OPTIONS in columns
        return 95 if len(OURS & set(columns)) >= 2 else 60 if optioned else 30

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        hit = first_header(data, ALIASES, need=NEED)
        if not hit:
            raise no_header("Câu hỏi, A, B, C, D, Đáp án")
        header, table, notes = hit
        rows = tuple(row for row in map(self._cleaned, header.rows) if _asks(row, header))
        return Parsed(
            found=_Questions(rows, header, defaults), title=table.name, notes=(*notes, *_unread(table, header))
        )

    @abstractmethod
    def _is_mine(self, data: bytes) -> bool:
        """Whether the bytes are of the kind of file this class reads."""

    def _cleaned(self, row: Row) -> Row:
        return row


class Xlsx(_Sheet):
    """The template as a workbook; reads xls and ods alike."""

    code: ClassVar[str] = "xlsx"
    name: ClassVar[str] = gettext_noop("Excel, mẫu Thi Số")
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
    name: ClassVar[str] = gettext_noop("CSV, mẫu Thi Số")
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
    return any(header.cell(row, name).strip() for name in ("stem", "answer", "A", "B", ALL_OPTIONS, "code"))


def _unread(table: Table, header: Header) -> list[str]:
    """Say which columns hold something that is not read: nothing gets lost unsaid."""
    known = set(header.columns.values())
    headings = next(row.cells for row in table.rows if row.number == header.number)
    names = [
        tidy(heading)[:40]
        for column, heading in enumerate(headings)
        if column not in known
        and search_key(heading) not in COUNTED
        and any(row.cell(column).strip() for row in header.rows)
    ]
    if not names:
        return []
    return [_("Cột không được đọc: %(columns)s.") % {"columns": ", ".join(f"“{name}”" for name in names[:12])}]
