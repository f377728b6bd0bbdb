"""What people bring by mistake: each file is told what it is and what to do, and nothing is taken for a table."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from quizbank.errors import BadFile
from quizbank.formats.base import Defaults
from quizbank.formats.reading import understand
from quizbank.formats.registry import FORMATS, recognise
from quizbank.formats.template import EXAMPLES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("de.doc", OLE + bytes(600) + "WordDocument".encode("utf-16-le"), ".docx"),
        ("de.doc", b"{\\rtf1\\ansi Cau 1}", ".rtf"),
        ("de.odt", packed(mimetype="application/vnd.oasis.opendocument.text", content_xml="<a/>"), ".odt"),
        (
            "de.odp",
            packed(mimetype="application/vnd.oasis.opendocument.presentation", content_xml="<a/>"),
            "trình chiếu",
        ),
        ("de.pptx", packed(ppt__presentation_xml="<a/>"), "trình chiếu"),
        ("de.pdf", b"%PDF-1.7\n", "PDF"),
        ("de.png", b"\x89PNG\r\n\x1a\n", "hình"),
        ("khoa.mbz", b"\x1f\x8b\x08\x00", "Moodle XML"),
        ("khoa.mbz", packed(moodle_backup_xml="<a/>"), "Moodle XML"),
        ("de.rar", b"Rar!\x1a\x07", "giải nén"),
        ("cau.xml", b'<?xml version="1.0"?>\n<question type="truefalse"><name/></question>', "không phải Moodle XML"),
        ("cau.xml", "\ufeff<settings><a/></settings>".encode(), "không phải Moodle XML"),
        ("de.gift", "Thủ đô {=Hà Nội".encode(), ""),
    ],
)
def test_every_file_is_told_what_it_is(name: str, data: bytes, told: str) -> None:
    if not told:
        (found,) = understand(data, filename=name, defaults=Defaults()).parsed.found
        assert "ngoặc" in found.problems[0]
        return
    with pytest.raises(BadFile, match=told):
        understand(data, filename=name, defaults=Defaults())


def test_a_package_of_the_elder_qti_is_named() -> None:
    for kind in ("imsqti_xmlv1p2", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "assessment/x-bb-qti-test"):
        manifest = f'<manifest><resources><resource type="{kind}" href="a.xml"/></resources></manifest>'
        with pytest.raises(BadFile, match=r"QTI 1\.2"):
            understand(packed(imsmanifest_xml=manifest, a_xml="<a/>"), filename="canvas.zip", defaults=Defaults())


def test_our_own_files_are_none_of_these() -> None:
    for one in (FORMATS["xlsx"], FORMATS["csv"], FORMATS["word"], FORMATS["gift"], FORMATS["moodle"], FORMATS["qti3"]):
        data = one.write(EXAMPLES, title="Đề")
        assert recognise(data, f"x.{one.extension}")[0] is one


def test_an_old_workbook_is_no_old_document() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, ["Câu hỏi", "A", "B", "Đáp án"])
    assert recognise(out.getvalue(), "x.doc")[0].code == "xlsx"
