"""Spreadsheets through the native reader: what it must not be given, and what its values mean to a Vietnamese reader.

It lays a sheet out as a rectangle up to the furthest cell and panics on some broken files; both are met here, and what
is left is met by the process in which files are read (apart.py).
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import python_calamine
from defusedxml import ElementTree
from django.utils.translation import gettext as _

from quizbank.errors import BadFile
from quizbank.formats.base import MOST_QUESTIONS

log = logging.getLogger(__name__)

MOST_ROWS = 12_000
MOST_COLUMNS = 80
MOST_TEXT = 40_000_000
LARGEST_RECTANGLE = 3_000_000
"""Cells up to the furthest one; each takes 24 bytes in the reader."""
FURTHEST_ROW = 200_000
MOST_ENTRIES = 2_000_000
PERCENT = 9, 10

_COUNT = re.compile(rb"""\b(?:c|uniqueC)ount\s*=\s*["']\s*\+?([0-9]{1,40})""")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,9})["']""")
_STYLE = re.compile(rb"""\bs=["']([0-9]{1,6})["']""")
_TYPE = re.compile(rb"""\bt=["'](?!n["'])""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: lines of (number, cells), a cell being (text, whether Excel made it a date); merged ranges as
    (top, left, bottom, right), all counted from 1."""

    name: str
    lines: list[tuple[int, list[tuple[str, bool]]]]
    merged: list[tuple[int, int, int, int]]


def read_sheets(data: bytes) -> list[Sheet]:
    """Return each sheet a person can see.

    Raises:
        BadFile: when it cannot be read, or is larger than a file of questions can be.
    """
    try:
        return _sheets(data)
    except python_calamine.PasswordError as error:
        raise BadFile(_("Tệp có mật khẩu. Mời bạn bỏ mật khẩu rồi gửi lại.")) from error
    except (BadFile, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the native reader is no Exception
        log.info("formats: a spreadsheet could not be read: %s", type(error).__name__)
        raise BadFile from error


def _sheets(data: bytes) -> list[Sheet]:
    percents = percent_cells(data) if data[:2] == b"PK" else {}
    book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
    found, rows, size = [], 0, 0
    for about in book.sheets_metadata:
        if about.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        start_row, start_column = sheet.start or (0, 0)
        percent = percents.get(about.name, set())
        lines = []
        for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start_row + 1):
            if all(cell == "" for cell in cells):
                continue
            rows += 1
            line = [("", False)] * min(start_column, MOST_COLUMNS)
            for column, cell in enumerate(cells[:MOST_COLUMNS], start_column + 1):
                # Nearly every cell of a large file is text: no call for those.
                line.append((cell, False) if type(cell) is str else told(cell, percent=(number, column) in percent))
                size += len(line[-1][0])
            lines.append((number, line[:MOST_COLUMNS]))
            if rows > MOST_ROWS or size > MOST_TEXT:
                raise too_many()
        ranges = sheet.merged_cell_ranges or ()
        merged = [(low + 1, left + 1, high + 1, right + 1) for (low, left), (high, right) in ranges]
        found.append(Sheet(about.name, lines, merged))
    return found


def told(value: object, *, percent: bool) -> tuple[str, bool]:
    """Return a cell as a Vietnamese reader would write it, and whether Excel made it a date."""
    if isinstance(value, str):
        return (value, False)
    if isinstance(value, bool):
        return ("Đúng" if value else "Sai", False)
    if isinstance(value, int | float):
        return (f"{number(value * 100)}%" if percent else number(value), False)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return (value.strftime("%d/%m/%Y" if midnight else "%d/%m/%Y %H:%M"), True)
    if isinstance(value, date):
        return (value.strftime("%d/%m/%Y"), True)
    if isinstance(value, time):
        return (value.strftime("%H:%M" if not value.second else "%H:%M:%S"), True)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return (f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else ""), True)
    return ("", False)


def number(value: float) -> str:
    """Return 34.0 as "34" and 12.5 as "12,5", with the fifteen digits Excel shows."""
    text = f"{value:.15g}"
    if "e" in text:
        text = f"{value:.10f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.0f}"
    return text.replace(".", ",")


def percent_cells(data: bytes) -> dict[str, set[tuple[int, int]]]:
    """Return the places of numbers shown as percentages, by sheet name; refuse cells too far out.

    A reader that lays a sheet out as a rectangle would need a rectangle up to the furthest cell.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names and "xl/workbook.xml" not in names:
            return {}  # OpenDocument
        if "xl/workbook.xml" not in names:
            raise BadFile
        styles = percent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else set()
        paths = sheet_paths(archive, names)
        found = {}
        # Every member, wherever it says it is: the reader takes names in capitals too, and sheets from any folder.
        for path in sorted(name for name in names if name.lower().endswith(".xml")):
            xml = archive.read(path)
            if path not in paths and not path.startswith("xl/worksheets/"):
                _check_counts(xml)
            places = scan(xml, styles)
            if path in paths:
                found[paths[path]] = places
        return found


def _check_counts(xml: bytes) -> None:
    """Refuse lists that announce more entries than a file can have: the reader reserves memory for what is announced."""
    if any(int(count[1]) > MOST_ENTRIES for count in _COUNT.finditer(xml)):
        raise BadFile


def percent_styles(xml: bytes) -> set[int]:
    """Return the style numbers whose number format shows a percentage."""
    root = ElementTree.fromstring(xml)
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    formats = set(PERCENT)
    for one in root.iter(f"{space}numFmt"):
        if "%" in one.get("formatCode", ""):
            formats.add(int(one.get("numFmtId", "-1")))
    styles = root.find(f"{space}cellXfs")
    return {n for n, one in enumerate(styles if styles is not None else ()) if int(one.get("numFmtId", "0")) in formats}


def sheet_paths(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Return {path of a sheet in the archive: its name}."""
    if "xl/_rels/workbook.xml.rels" not in names:
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return {
        (target[1:] if target.startswith("/") else f"xl/{target}"): one.get("name", "")
        for one in book.iter()
        if one.tag.rpartition("}")[2] == "sheet"
        and (target := targets.get(next((value for name, value in one.items() if name.endswith("}id")), ""), ""))
    }


def scan(xml: bytes, styles: set[int]) -> set[tuple[int, int]]:
    """Return where numbers in one of ``styles`` stand."""
    found = set()
    furthest_row = furthest_column = 1
    for cell in _CELL.finditer(xml):
        about = cell[1]
        place = _PLACE.search(about)
        if not place:
            continue
        row, column = int(place[2]), 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        furthest_row, furthest_column = max(row, furthest_row), max(column, furthest_column)
        style = _STYLE.search(about) if styles else None
        if style and int(style[1]) in styles and not _TYPE.search(about):
            found.add((row, column))
    if furthest_row > FURTHEST_ROW or furthest_row * furthest_column > LARGEST_RECTANGLE:
        raise BadFile(_("Bảng tính có ô ở quá xa vùng dữ liệu. Mời bạn chép phần câu hỏi sang một tệp mới."))
    return found


def too_many() -> BadFile:
    """Return the refusal of a file with more questions than one file may hold."""
    most = f"{MOST_QUESTIONS:,}".replace(",", ".")
    return BadFile(_("Tệp có hơn %(most)s dòng. Mời bạn chia thành nhiều tệp nhỏ hơn.") % {"most": most})
