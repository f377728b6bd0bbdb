"""What people's files may be: not too large, no bombs, no entities, no tricks with names (failures F2, F4).

Every limit is checked before a library parses anything, and by unpacking, never by what a file says of itself.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from people.text import tidy
from quizbank.errors import BadFile

LARGEST = 10 * 1024 * 1024
"""Bytes an uploaded file may have."""
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
RATIO_FROM = 1024 * 1024
"""Members smaller than this may be packed as tightly as they like: an empty sheet is mostly spaces."""
LONGEST_SIDE = 1_600
MOST_PIXELS = 25_000_000
PICTURE_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")

_CHUNK = 1 << 18
_CENTRAL = b"PK\x01\x02"
_UNSAFE_NAME = re.compile(r"^$|^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")
_XML_NAME = re.compile(r"\.(xml|rels|vml|xhtml|qti|svg)$", re.IGNORECASE)
_FORBIDDEN = tuple(
    word.encode(codec) for word in ("<!DOCTYPE", "<!ENTITY") for codec in ("ascii", "utf-16-le", "utf-16-be")
)
_OVERLAP = max(map(len, _FORBIDDEN)) - 1


def check_size(data: bytes) -> None:
    """Refuse an empty or too large file.

    Raises:
        BadFile: naming the size.
    """
    if not data:
        raise BadFile(_("Tệp trống."))
    if len(data) > LARGEST:
        raise BadFile(
            _("Tệp nặng %(size)s MB, nhiều nhất được %(most)d MB. Mời bạn chia thành nhiều tệp nhỏ hơn.")
            % {"size": f"{len(data) / 1024 / 1024:.1f}".replace(".", ","), "most": LARGEST // 1024 // 1024}
        )


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return the archive, every member of which was unpacked once and is what it says it is.

    Raises:
        BadFile: for anything that is no sound archive of ordinary size without DOCTYPE and ENTITY in its XML.
    """
    check_size(data)
    # Counted before zipfile makes an object of each: every entry has this signature.
    if data.count(_CENTRAL) > MOST_ENTRIES:
        raise BadFile(_("Tệp nén có quá nhiều mục."))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        raise _broken() from error
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise BadFile(_("Tệp nén có quá nhiều mục."))
    if len({info.filename.casefold() for info in infos}) != len(infos) or any(
        _UNSAFE_NAME.search(info.filename) for info in infos
    ):
        raise BadFile(_("Tệp nén có tên mục không hợp lệ."))
    if any(info.flag_bits & 0x1 for info in infos):
        raise BadFile(_("Tệp có mật khẩu. Mời bạn bỏ mật khẩu rồi gửi lại."))
    if sum(info.compress_size for info in infos) > len(data):
        raise _broken()
    if sum(info.file_size for info in infos) > MOST_UNPACKED or any(
        info.file_size > max(RATIO_FROM, MOST_RATIO * info.compress_size) for info in infos
    ):
        raise BadFile(_("Tệp nén phình ra quá lớn khi mở nên không được nhận."))
    for info in infos:
        _check_member(data, info)
    return archive


def rewrapped(data: bytes, wanted: Callable[[str], bool] = bool) -> bytes:
    """Return the wanted members of an archive as a plain new archive, for libraries that do their own unpacking.

    What they see is exactly what was checked, whatever a second directory or a false header may have told them.

    Raises:
        BadFile: as ``open_zip`` does.
    """
    out = io.BytesIO()
    try:
        with open_zip(data) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as plain:
            for info in archive.infolist():
                if not info.is_dir() and wanted(info.filename):
                    plain.writestr(zipfile.ZipInfo(info.filename), archive.read(info))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise _broken() from error
    return out.getvalue()


def picture(data: bytes) -> bytes:
    """Return a picture drawn anew: WebP, at most 1,600 pixels a side, nothing of its file but what is seen.

    Raises:
        BadFile: when it is no picture of a known format, or would need too much memory.
    """
    check_size(data)
    try:
        with Image.open(io.BytesIO(data), formats=PICTURE_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadFile(_("Hình quá lớn. Mời bạn thu nhỏ hình rồi gửi lại."))
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.seek(0)
            upright = ImageOps.exif_transpose(image)
            seen = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean = Image.new(seen.mode, seen.size)
            clean.paste(seen)
            out = io.BytesIO()
            clean.save(out, "WEBP", quality=82, method=4)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile(_("Hình quá lớn. Mời bạn thu nhỏ hình rồi gửi lại.")) from error
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, OverflowError) as error:
        raise BadFile(_("Không đọc được hình này. Mời bạn dùng hình PNG hoặc JPEG.")) from error
    except (struct.error, zlib.error, ZeroDivisionError, AttributeError) as error:
        raise BadFile(_("Không đọc được hình này. Mời bạn dùng hình PNG hoặc JPEG.")) from error
    return out.getvalue()


def _broken() -> BadFile:
    return BadFile(_("Tệp bị hỏng hoặc bị cắt giữa chừng. Mời bạn lưu lại rồi gửi lại."))


def _check_member(data: bytes, info: zipfile.ZipInfo) -> None:
    """Unpack a member in pieces: it must have the size it says, and as XML no document type."""
    start = info.header_offset
    header = data[start : start + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise _broken()
    name, extra = struct.unpack("<HH", header[26:30])
    start += 30 + name + extra
    raw = memoryview(data)[start : start + info.compress_size]
    seen, tail, xml = 0, b"", bool(_XML_NAME.search(info.filename))
    for piece in _pieces(raw, info):
        xml = xml or (seen == 0 and piece.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"))
        seen += len(piece)
        if seen > info.file_size:
            raise _broken()
        tail += piece
        if xml and any(word in tail for word in _FORBIDDEN):
            raise BadFile(
                _("Tệp có khai báo XML không an toàn nên không được nhận: %(name)s.")
                % {"name": tidy(info.filename)[-60:]}
            )
        tail = tail[-_OVERLAP:]
    if seen != info.file_size:
        raise _broken()


def _pieces(raw: memoryview, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of a member in pieces of bounded size."""
    if info.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(raw), _CHUNK):
            yield bytes(raw[start : start + _CHUNK])
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise _broken()
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(raw), _CHUNK):
            piece = unpack.decompress(raw[start : start + _CHUNK], _CHUNK)
            while piece:
                yield piece
                piece = unpack.decompress(unpack.unconsumed_tail, _CHUNK)
    except zlib.error as error:
        raise _broken() from error
    if not unpack.eof:
        raise _broken()
