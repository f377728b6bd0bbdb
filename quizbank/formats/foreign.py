"""Files people bring that are no question file: each is refused with what to do instead. Pure but for zip."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizbank.errors import BadFile
from quizbank.formats.guard import open_zip

OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_OLD_WORD = _("Đây là tệp Word cũ (.doc). Mời bạn mở bằng Word hoặc LibreOffice, lưu thành .docx rồi gửi lại.")
_WRITER = _("Đây là tệp văn bản của LibreOffice (.odt). Mời bạn lưu thành .docx rồi gửi lại.")
_RICH = _("Đây là tệp .rtf. Mời bạn mở bằng Word hoặc LibreOffice, lưu thành .docx rồi gửi lại.")
_PDF = _("Đây là tệp PDF; chữ trong PDF không tách thành câu hỏi được. Mời bạn gửi tệp Word hoặc Excel gốc.")
_PICTURE = _("Đây là một tấm hình. Mời bạn gửi tệp Word, Excel hoặc tệp xuất từ phần mềm thi.")
_SLIDES = _("Đây là tệp trình chiếu. Mời bạn chép câu hỏi sang Word hoặc Excel rồi gửi lại.")
_BACKUP = _("Đây là bản sao lưu của Moodle. Mời bạn vào Ngân hàng câu hỏi của Moodle, xuất ra Moodle XML rồi gửi lại.")
_PACKED = _("Đây là tệp nén. Mời bạn giải nén rồi gửi tệp câu hỏi bên trong.")
_STRANGE_XML = _("Tệp XML này không phải Moodle XML (<quiz>) và cũng không phải câu hỏi QTI 2 hay QTI 3.")
_BEGINNINGS: tuple[tuple[bytes, Promise], ...] = (
    (b"{\\rtf", _RICH),
    (b"%PDF-", _PDF),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"\x1f\x8b", _PACKED),
)
_OF_ZIP: tuple[tuple[str, Promise], ...] = (
    ("ppt/presentation.xml", _SLIDES),
    ("moodle_backup.xml", _BACKUP),
)
_ODF = {
    b"application/vnd.oasis.opendocument.text": _WRITER,
    b"application/vnd.oasis.opendocument.presentation": _SLIDES,
}


def why_not(data: bytes, filename: str) -> str:
    """Return a sentence about a file that no format of the bank can be, "" when it may be one."""
    for beginning, words in _BEGINNINGS:
        if data.startswith(beginning):
            return str(_BACKUP if words is _PACKED and PurePath(filename).suffix.lower() == ".mbz" else words)
    if data.startswith(OLE):
        return str(_OLD_WORD) if _WORD_STREAM in data else ""
    return _of_zip(data) if data.startswith(ZIP) else ""


def strange_xml(data: bytes) -> bool:
    """Whether a file that no reader of XML knows is XML all the same, and no table that some text reader may take."""
    head = data[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith(b"<?xml") or (
        head.startswith(b"<") and not head.startswith((b"<html", b"<!doctype", b"<table"))
    )


def refusal_of_xml() -> BadFile:
    """Return the refusal of XML that holds no questions we know."""
    return BadFile(str(_STRANGE_XML))


def _of_zip(data: bytes) -> str:
    try:
        with open_zip(data) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                return str(_ODF.get(archive.read("mimetype").strip(), ""))
    except BadFile:
        return ""
    return next((str(words) for name, words in _OF_ZIP if name in names), "")
