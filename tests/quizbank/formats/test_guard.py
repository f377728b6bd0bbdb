"""Bombs, entities, false sizes and names are refused before any library sees them (failures F2, F4)."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quizbank.errors import BadFile
from quizbank.formats.guard import LARGEST, LONGEST_SIDE, check_size, open_zip, picture, rewrapped

KEEP = 30 * 1024 * 1024


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def png(size: tuple[int, int] = (20, 10), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, "PNG", **options)
    return out.getvalue()


def refused(data: bytes) -> str:
    tracemalloc.start()
    with pytest.raises(BadFile) as told:
        open_zip(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < KEEP
    return str(told.value)


def test_sizes_are_named() -> None:
    check_size(b"x")
    with pytest.raises(BadFile, match="trống"):
        check_size(b"")
    with pytest.raises(BadFile, match="10,1 MB"):
        check_size(bytes(LARGEST + 100_000))


def test_a_sound_archive_opens() -> None:
    with open_zip(packed({"a.xml": b"<a/>", "b/c.png": b"123"})) as archive:
        assert archive.read("a.xml") == b"<a/>"
    with zipfile.ZipFile(
        io.BytesIO(rewrapped(packed({"a.xml": b"<a/>", "b.png": b"1"}), lambda n: n != "b.png"))
    ) as one:
        assert one.namelist() == ["a.xml"]


def test_a_bomb_is_refused() -> None:
    assert "phình" in refused(packed({"sheet.xml": bytes(90 * 1024 * 1024)}))
    assert "phình" in refused(packed({f"{n}.xml": bytes(range(256)) * 60_000 for n in range(8)}))


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(packed({"sheet.xml": bytes(50 * 1024 * 1024)}))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.rindex(signature) + at
        data[start : start + 4] = struct.pack("<I", 1000)
    assert refused(bytes(data))
    start = data.rindex(b"PK\x01\x02") + 16
    data[start : start + 4] = struct.pack("<I", zlib.crc32(bytes(1000)))
    assert refused(bytes(data))


def test_members_that_overlap_are_refused() -> None:
    body = packed({"a.bin": bytes(range(256)) * 100}, zipfile.ZIP_STORED)
    start = body.index(b"PK\x01\x02")
    entry, end = body[start : body.index(b"PK\x05\x06")], bytearray(body[body.index(b"PK\x05\x06") :])
    directory = b"".join(entry.replace(b"a.bin", f"{n:05}".encode()) for n in range(50))
    end[8:12] = struct.pack("<HH", 50, 50)
    end[12:16] = struct.pack("<I", len(directory))
    assert refused(body[:start] + directory + bytes(end))


def test_too_many_entries_are_refused() -> None:
    assert "mục" in refused(packed({f"{n}.xml": b"" for n in range(2_001)}))


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a", "C:/a", "x/../../a"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert "tên" in refused(packed({name: b"1"}))


def test_twice_the_same_name_is_refused() -> None:
    assert "tên" in refused(packed({"a.xml": b"1", "A.xml": b"2"}))


def test_a_password_is_told() -> None:
    data = bytearray(packed({"a.xml": b"1"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "mật khẩu" in refused(bytes(data))


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
@pytest.mark.parametrize("word", ['<!DOCTYPE a SYSTEM "http://x/">', '<!ENTITY a "b">'])
def test_document_types_are_refused(codec: str, word: str) -> None:
    text = '<?xml version="1.0"?>' + " " * (1 << 18) + word + "<a/>"
    assert "XML" in refused(packed({"word/document.xml": text.encode(codec)}, zipfile.ZIP_STORED))
    assert "XML" in refused(packed({"other.bin": text.encode()}, zipfile.ZIP_STORED))


@pytest.mark.parametrize("cut", [5, 40, 60, -1, -10, -30])
def test_a_truncated_archive_is_refused(cut: int) -> None:
    refused(packed({"a.xml": b"<a>" + bytes(range(256)) + b"</a>"})[:cut])


@given(st.data())
def test_a_damaged_archive_is_refused_or_whole(data: st.DataObject) -> None:
    body = bytearray(packed({"a.xml": b"<a>b</a>" * 9, "c.bin": bytes(range(99))}))
    for _time in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        clean = rewrapped(bytes(body))
    except BadFile:
        return
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        assert archive.testzip() is None


def test_pictures_are_drawn_anew() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "bí mật"
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "blue").save(out, "JPEG", exif=exif)
    drawn = picture(out.getvalue())
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("WEBP", (200, 400))
        assert not image.getexif()
    with Image.open(io.BytesIO(picture(png((4000, 1000), "RGBA")))) as image:
        assert image.size == (LONGEST_SIDE, 400)
    for mode in ("1", "L", "P", "LA", "I;16"):
        assert picture(png(mode=mode) if mode != "P" else png(mode="P", transparency=0))


def test_an_animation_becomes_its_first_frame() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
    with Image.open(io.BytesIO(picture(out.getvalue()))) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").tobytes()[0] > 200


def test_a_picture_bomb_is_refused() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    for side in (6_000, 12_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
        body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1 << 16)))
        tracemalloc.start()
        with pytest.raises(BadFile, match="quá lớn"):
            picture(body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < KEEP


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\xff\xd8\xff", b"x"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        picture(data)


@given(st.data())
def test_a_damaged_picture_is_refused_or_drawn(data: st.DataObject) -> None:
    body = bytearray(png((8, 8)))
    for _time in range(data.draw(st.integers(1, 5))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadFile):
        assert picture(bytes(body))[8:12] == b"WEBP"
