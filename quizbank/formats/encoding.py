"""From bytes to Vietnamese text: which encoding a file has is found by how Vietnamese the result is. Pure.

What turns up in practice: UTF-8 with and without a byte order mark, UTF-16 as Windows' "Unicode" writes it,
Windows-1258 with its combining marks, and the two encodings from before Unicode (see oldfonts.py), the latter also
inside files that are UTF-8 themselves. A file that is none of these is refused, never guessed at: a wrongly read
option may be a wrong key.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from quizbank.errors import BadFile
from quizbank.formats.oldfonts import from_tcvn3, from_vni, modern, vietnamese

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
CONVINCING = 0.8
"""Share of the accented words that must be Vietnamese syllables before an encoding is believed."""
FEWEST = 2
"""Accented words that must speak for an old font before text is changed: "5 µm" alone proves nothing."""
SAMPLE = 200_000
"""Characters looked at; no file hides its encoding longer."""

_OLD: dict[str, Callable[[str], str]] = {"tcvn3": from_tcvn3, "vni": from_vni}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file in NFC with ``\\n`` line ends, and a Vietnamese note on its encoding or "".

    Raises:
        BadFile: when it is no text, or its encoding cannot be told.
    """
    _refuse_binary(data)
    text, note = _decoded(data)
    text = _LINE_ENDS.sub("\n", text).rstrip("\x1a")
    strange = len(_CONTROLS.findall(text))
    if "\0" in text or strange > len(text) // 100 + 1:
        raise BadFile(
            _("Tệp này không phải là văn bản. Mời bạn lưu lại dưới dạng văn bản UTF-8 hoặc .xlsx rồi gửi lại.")
        )
    text = _CONTROLS.sub("", text)
    if not note and (old := old_font(text.split("\n"))):
        text, note = mend(text), told(old)
    return unicodedata.normalize("NFC", text), note


def mend(text: str, *, font: str = "") -> str:
    """Return ``text`` with lines typed in an old font turned into Unicode, everything else in NFC as it was.

    ``font`` ("tcvn3", "vni") is given where it is known: from a whole document, or from the name of its fonts.
    """
    old = font or old_font(text.split("\n"))
    if old:
        text = "\n".join(line if modern(line) else _OLD[old](line) for line in text.split("\n"))
    return unicodedata.normalize("NFC", text)


def old_font(pieces: Iterable[str]) -> str:
    """Return "tcvn3" or "vni" when the pieces of a document are typed in such a font, "" when not.

    Pieces that hold letters only Unicode has are left out: a document may mix both.
    """
    sample, size = [], 0
    for piece in pieces:
        if piece.isascii() or modern(piece):
            continue
        sample.append(piece)
        size += len(piece)
        if size > SAMPLE:
            break
    text = "\n".join(sample)
    if not text:
        return ""
    good, bad = vietnamese(unicodedata.normalize("NFC", text))
    best, gain = "", good - bad
    for name, turn in _OLD.items():
        good, bad = vietnamese(turn(text))
        if good >= FEWEST and good >= CONVINCING * (good + bad) and good - bad > gain:
            best, gain = name, good - bad
    return best


def told(old: str) -> str:
    """Return the note that says which old font a document was typed in."""
    if old == "vni":
        return _("Tệp gõ bằng phông VNI; chữ đã được chuyển sang Unicode. Mời bạn xem lại dấu.")
    return _("Tệp gõ bằng phông TCVN3 (.VnTime); chữ đã được chuyển sang Unicode. Mời bạn xem lại dấu.")


def font_of(name: str | None) -> str:
    """Return "tcvn3" or "vni" for the name of a font of that family, else ""."""
    name = (name or "").casefold()
    if name.startswith(".vn"):
        return "tcvn3"
    return "vni" if name.startswith("vni-") else ""


def _refuse_binary(data: bytes) -> None:
    """Say what a file is when it is plainly no text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        raise BadFile(_("Đây là tệp Office hoặc tệp nén, không phải tệp văn bản. Mời bạn chọn đúng định dạng của tệp."))
    if data.startswith((b"%PDF", b"{\\rtf")):
        raise BadFile(_("Chưa đọc được tệp PDF và RTF. Mời bạn mở bằng Word, lưu thành .docx rồi gửi lại."))


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text by byte order mark, by UTF-8, else by what is most Vietnamese."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, name), ""
    if b"\0" in data:
        raise BadFile(
            _("Tệp này không phải là văn bản. Mời bạn lưu lại dưới dạng văn bản UTF-8 hoặc .xlsx rồi gửi lại.")
        )
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _most_vietnamese(data)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise BadFile(_("Tệp bị hỏng hoặc bị cắt giữa chừng. Mời bạn lưu lại rồi gửi lại.")) from error


def _most_vietnamese(data: bytes) -> tuple[str, str]:
    western = data.decode("cp1252", errors="replace")
    candidates = [(name, turn(western[:SAMPLE])) for name, turn in _OLD.items()]
    with contextlib.suppress(UnicodeDecodeError):
        candidates.insert(0, ("cp1258", unicodedata.normalize("NFC", data.decode("cp1258")[:SAMPLE])))
    best, most = "", 0
    for name, text in candidates:
        good, bad = vietnamese(text)
        if good >= CONVINCING * (good + bad) and good - bad > most:
            best, most = name, good - bad
    if best == "cp1258":
        return data.decode("cp1258"), _("Tệp dùng bảng mã Windows-1258; chữ đã được chuyển sang Unicode.")
    if best:
        return _OLD[best](western), told(best)
    letters = sum(not char.isascii() for char in western)
    if (
        letters * 20 <= len(western)
        and "\ufffd" not in western
        and all(char.isprintable() or char in "\r\n\t\f\v\x1a" for char in western)
    ):
        return western, _("Tệp không phải UTF-8; đã đọc như bảng mã Windows-1252. Mời bạn xem lại các chữ có dấu.")
    raise BadFile(_("Không nhận ra bảng mã của tệp. Mời bạn lưu lại dưới dạng UTF-8 rồi gửi lại."))
