"""Spreadsheets as rows of text, whatever program wrote them, and headers found by what they say.

Reads xlsx, xls, ods and csv. Numbers come out as a Vietnamese reader writes them ("34", "12,5", "50%"), dates as
dd/mm/yyyy. Merged cells and dates are remembered: both are how Excel changes a question without its author noticing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.utils.translation import gettext as _

from people.text import search_key
from quizbank.errors import BadFile
from quizbank.formats.base import MOST_QUESTIONS
from quizbank.formats.encoding import decode, mend, old_font, told
from quizbank.formats.guard import check_size, open_zip, rewrapped
from quizbank.formats.native import MOST_COLUMNS, Sheet, read_sheets, too_many

HEADER_WITHIN = 15
"""Rows in which a header is looked for."""
_SHORTEST_PREFIX = 4
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f]|_x000D_")


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file. ``covered`` and ``dated`` are columns (from 0): hidden under a merged cell,
    and made a date by Excel."""

    number: int
    cells: tuple[str, ...]
    covered: frozenset[int] = frozenset()
    dated: frozenset[int] = frozenset()

    def cell(self, column: int | None) -> str:
        """Return the text of a column, "" where there is none."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its rows that are not empty."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """A whole file."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's columns are; ``rows`` are what stands below."""

    columns: Mapping[str, int]
    number: int
    rows: tuple[Row, ...]

    def cell(self, row: Row, name: str) -> str:
        """Return what ``row`` has in the column called ``name``."""
        return row.cell(self.columns.get(name))


@lru_cache(maxsize=1)  # likely() of four formats and then read() look at the same file
def read_tables(data: bytes) -> Tables:
    """Return the visible sheets of a spreadsheet or of a CSV file.

    Raises:
        BadFile: when it is none, or one that nobody made to be read.
    """
    check_size(data)
    notes: list[str] = []
    if data.startswith(b"PK"):
        with open_zip(data) as archive:
            names = archive.namelist()
        if "word/document.xml" in names:
            raise BadFile(_("Đây là tệp Word. Mời bạn chọn định dạng Word (.docx) khi nhập."))
        if any(name.startswith("xl/media/") for name in names):
            notes.append(_("Hình đặt trong bảng tính không đọc được. Mời bạn thêm hình trong màn hình soạn câu hỏi."))
        sheets = read_sheets(
            rewrapped(data, lambda name: name.lower().endswith((".xml", ".rels")) or name == "mimetype")
        )
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        sheets = read_sheets(data)
    else:
        text, note = decode(data)
        notes += [note] if note else []
        return Tables((Table("", _csv_rows(text)),), tuple(notes))
    return _mended([_table(sheet) for sheet in sheets], notes)


def find_header(table: Table, names: Mapping[str, Sequence[str]], *, need: Sequence[str]) -> Header | None:
    """Return the header among the first rows that names the most columns, all of ``need`` among them.

    ``names`` gives each column its ways of being called, folded (see people.text.search_key); the longest that a cell
    begins with counts, so that "question type" is no "question".
    """
    best: Header | None = None
    for place, row in enumerate(table.rows):
        if row.number > HEADER_WITHIN and place >= HEADER_WITHIN:
            break
        columns: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            name = _called(cell, names)
            if name and name not in columns:
                columns[name] = column
        if all(name in columns for name in need) and (best is None or len(columns) > len(best.columns)):
            best = Header(columns, row.number, table.rows[place + 1 :])
    return best


def first_header(
    data: bytes, names: Mapping[str, Sequence[str]], *, need: Sequence[str]
) -> tuple[Header, Table, tuple[str, ...]] | None:
    """Return the header of the first sheet that has one, with its sheet and the notes on the file, or None.

    Raises:
        BadFile: when the file is no spreadsheet, or holds too many rows.
    """
    tables = read_tables(data)
    found = [(header, table) for table in tables.tables if (header := find_header(table, names, need=need))]
    if not found:
        return None
    (header, table), *others = found
    if len(header.rows) > MOST_QUESTIONS:
        raise too_many()
    left = ", ".join(f"“{other.name}”" for _header, other in others[:12])
    told_left = _(
        "Chỉ trang tính “%(read)s” được đọc; còn %(left)s. Mời bạn lưu mỗi trang thành một tệp rồi nhập tiếp."
    )
    return header, table, (*tables.notes, told_left % {"read": table.name, "left": left}) if others else tables.notes


def no_header(wanted: str) -> BadFile:
    """Return the refusal of a table whose columns are not found."""
    return BadFile(
        _("Không tìm thấy dòng tiêu đề trong 15 dòng đầu. Bảng cần có các cột: %(wanted)s.") % {"wanted": wanted}
    )


def _called(cell: str, names: Mapping[str, Sequence[str]]) -> str:
    key = search_key(cell[:200])
    best, length = "", 0
    for name, aliases in names.items():
        for alias in aliases:
            fits = key == alias or (len(alias) >= _SHORTEST_PREFIX and key.startswith(f"{alias} "))
            if fits and len(alias) > length:
                best, length = name, len(alias)
    return best


def _table(sheet: Sheet) -> Table:
    covered: dict[int, set[int]] = {}
    left_to_note = 20 * MOST_QUESTIONS
    for low, left, high, right in sheet.merged:
        columns = range(left - 1, min(right, left + MOST_COLUMNS))
        for number in range(low, min(high, low + left_to_note) + 1):
            covered.setdefault(number, set()).update(columns if number > low else columns[1:])
            left_to_note -= 1 + len(columns)
        if left_to_note <= 0:
            break
    return Table(
        sheet.name,
        tuple(
            Row(
                number,
                tuple(text for text, _dated in cells),
                frozenset(covered.get(number, ())),
                frozenset(column for column, (_text, dated) in enumerate(cells) if dated),
            )
            for number, cells in sheet.lines
        ),
    )


def _mended(tables: list[Table], notes: list[str]) -> Tables:
    """Turn text typed in an old font into Unicode, for the file as a whole."""
    old = old_font(chain.from_iterable(row.cells for table in tables for row in table.rows))
    if old:
        notes.append(told(old))
    return Tables(
        tuple(
            Table(
                table.name,
                tuple(
                    Row(row.number, tuple(_lines(mend(cell, font=old)) for cell in row.cells), row.covered, row.dated)
                    if old
                    else Row(row.number, tuple(map(_lines, row.cells)), row.covered, row.dated)
                    for row in table.rows
                ),
            )
            for table in tables
        ),
        tuple(notes),
    )


def _lines(cell: str) -> str:
    """Return a cell with plain line ends: Excel writes one as _x000D_ and a line feed, or as both characters."""
    if ("_x" not in cell and cell.isprintable()) or not _ODD.search(cell):
        return cell
    return _CONTROLS.sub("", cell.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n"))


def _csv_rows(text: str) -> tuple[Row, ...]:
    if text.lstrip()[:200].casefold().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise BadFile(_("Tệp này là trang web được đặt tên như bảng tính. Mời bạn mở bằng Excel rồi lưu thành .xlsx."))
    rows = []
    for number, cells in _csv_lines(text):
        if any(cell.strip() for cell in cells):
            rows.append(Row(number, tuple(cells)))
        if len(rows) > MOST_QUESTIONS + HEADER_WITHIN:
            raise too_many()
    return tuple(rows)


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first, _end, rest = text.partition("\n")
    if first.startswith("sep=") and len(first) == len("sep=,"):
        delimiter, text, skipped = first[-1], rest, 1
    else:
        delimiter, skipped = _delimiter(text), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = skipped
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num + skipped
    except csv.Error as error:
        raise BadFile(_("Tệp CSV bị lỗi dấu nháy hoặc có ô quá dài. Mời bạn lưu lại dưới dạng .xlsx.")) from error


def _delimiter(text: str) -> str:
    """Return what separates cells: the sign found most often in the line of the first ones that has most of any."""
    lines = text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN]
    counts = [(line.count(sign), sign) for line in lines for sign in ",;\t"]
    # Where two signs are as many in a heading ("5, 10, 20 seconds"), the one that comes so in further lines separates.
    return max(",;\t", key=lambda sign: max((count, counts.count((count, sign))) for count, of in counts if of == sign))
