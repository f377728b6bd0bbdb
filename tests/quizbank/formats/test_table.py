"""Spreadsheets of other programs as rows of text: values, headings, hidden and far-away cells, xls and ods."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter

from quizbank.errors import BadFile
from quizbank.formats.table import Row, Table, find_header, read_tables
from tests.quizbank.formats.office_cases import book
from tests.quizbank.formats.test_encoding import tcvn3


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_tables(data).tables[0].rows]


def test_values_are_told_as_people_write_them() -> None:
    day = dt.datetime(2026, 10, 10)
    data = book(
        ["34", 34, 34.0, 12.5, 0.1 + 0.2, 1e15, -5, True, False],
        [day, day.replace(hour=7, minute=30), dt.date(2026, 1, 2), dt.time(7, 30), None, "=1+1", 0.5, 0.125, 1e-7],
        formats={"G2": "0%", "H2": "0.0%"},
    )
    first, second = cells(data)
    assert first == ("34", "34", "34", "12,5", "0,3", "1000000000000000", "-5", "Đúng", "Sai")
    assert second[:5] == ("10/10/2026", "10/10/2026 07:30", "02/01/2026", "07:30", "")
    assert second[6:] == ("50%", "12,5%", "0,0000001")
    assert read_tables(data).tables[0].rows[1].dated == {0, 1, 2, 3}


def test_what_formulas_gave_is_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        made.add_worksheet().write_formula("A1", '="a"&"b"', None, "ab")
    assert cells(out.getvalue()) == [("ab",)]


def test_hidden_sheets_are_left_out_and_merged_cells_known() -> None:
    one = openpyxl.Workbook()
    one.active.append(["a", "b"])
    one.active.append(["c", None])
    one.active.merge_cells("A2:B3")
    one.create_sheet("Kho").sheet_state = "hidden"
    one.create_sheet("Hai").append(["d"])
    out = io.BytesIO()
    one.save(out)
    tables = read_tables(out.getvalue()).tables
    assert [table.name for table in tables] == ["Sheet", "Hai"]
    assert [row.covered for row in tables[0].rows] == [frozenset(), {1}]


def test_old_fonts_are_mended_and_told() -> None:
    tables = read_tables(book(["Tiêu đề"], [tcvn3("Người dân cần làm gì trước?"), tcvn3("Đăng ký")]))
    assert tables.tables[0].rows[1].cells == ("Người dân cần làm gì trước?", "Đăng ký")
    assert "TCVN3" in tables.notes[0]


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "ZZZ5", "AAAA1"])
def test_far_cells_cost_nothing(place: str) -> None:
    sheet = book(["a"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(
                    b"</sheetData>", f'<row><c r="{place}" t="str"><v>x</v></c></row></sheetData>'.encode()
                )
            new.writestr(info, data)
    tracemalloc.start()
    with contextlib.suppress(BadFile):
        read_tables(out.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_list_that_announces_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(["a"]))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "xl/styles.xml":
                data = re.sub(rb'<cellXfs count="[0-9]+"', b'<cellXfs count="99999999999"', data)
                assert b"99999999999" in data
            new.writestr(info, data)
    with pytest.raises(BadFile):
        read_tables(out.getvalue())


def ods(body: str) -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        made.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="Một">{body}</table:table></office:spreadsheet></office:body></office:document-content>',
        )
    return out.getvalue()


def test_open_document_sheets_are_read() -> None:
    data = ods(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Câu hỏi</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="34"><text:p>34</text:p></table:table-cell></table:table-row>'
    )
    assert cells(data) == [("Câu hỏi", "34")]


def test_headings_are_found_by_what_they_say() -> None:
    rows = tuple(
        Row(n, row) for n, row in enumerate([("Bảng", ""), ("Question Type", "QUESTION - max 120"), ("a", "b")], 1)
    )
    names = {"kind": ("question type",), "stem": ("question",)}
    header = find_header(Table("", rows), names, need=("stem",))
    assert header is not None
    assert (header.columns, header.number, header.rows) == ({"kind": 0, "stem": 1}, 2, rows[2:])
    assert find_header(Table("", rows), names | {"key": ("dap an",)}, need=("key",)) is None


def test_other_files_are_told_apart() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<a/>")
    with pytest.raises(BadFile, match="Word"):
        read_tables(out.getvalue())
    with pytest.raises(BadFile, match="trang web"):
        read_tables("<html><table><tr><td>Câu hỏi</td></tr></table>".encode())
