"""Old and new encodings of the same Vietnamese text come out the same; what is no text is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizbank.errors import BadFile
from quizbank.formats.encoding import decode, font_of, mend, old_font
from quizbank.formats.oldfonts import TCVN3, is_syllable

TEXT = (
    "Câu 1: Chuyển đổi số là gì?\n"
    "A. Sử dụng máy tính để thay giấy tờ\n"
    "B. Thay đổi cách làm việc bằng dữ liệu và công nghệ số\n"
    "Đáp án: B. Người dân được phục vụ tốt hơn, ở mọi nơi, mọi lúc; nhịp sống thường ngày dễ chịu hơn.\n"
)
TO_TCVN3 = {new: chr(old) for old, new in TCVN3.items()}
VNI_MARKS = {
    "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï",
    "\u0302": "â", "\u0302\u0301": "á", "\u0302\u0300": "à", "\u0302\u0309": "å", "\u0302\u0303": "ã", "\u0302\u0323": "ä",
    "\u0306": "ê", "\u0306\u0301": "é", "\u0306\u0300": "è", "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0306\u0323": "ë",
}  # fmt: skip
VNI_SPECIAL = {"đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "ư": "ö", "ơ": "ô"}


def tcvn3(text: str) -> str:
    """As a keyboard driver of the nineties typed it."""
    return "".join(TO_TCVN3.get(char, char) for char in text)


def vni(text: str) -> str:
    return "".join(_vni_char(char) for char in text)


def _vni_char(char: str) -> str:
    low = char.casefold()
    if low in VNI_SPECIAL:
        return VNI_SPECIAL[low].upper() if char != low else VNI_SPECIAL[low]
    marks = unicodedata.normalize("NFD", low)
    if marks.isascii():
        return char
    base, signs = marks[0], marks[1:]
    if "\u031b" in signs:
        base, signs = VNI_SPECIAL[unicodedata.normalize("NFC", base + "\u031b")], signs.replace("\u031b", "")
    signs = "".join(sorted(signs, key=lambda sign: sign not in "\u0302\u0306"))
    out = base + (VNI_MARKS[signs] if signs else "")
    return out.upper() if char != low else out


def cp1258(text: str) -> bytes:
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = _without_tone(char)
            out += (base + tone).encode("cp1258")
    return out


def _without_tone(char: str) -> tuple[str, str]:
    marks = unicodedata.normalize("NFD", char)
    tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", marks.replace(tone, "")), tone


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_any_line_end(codec: str) -> None:
    for end in ("\n", "\r\n", "\r"):
        assert decode(TEXT.replace("\n", end).encode(codec)) == (TEXT, "")
    assert decode(unicodedata.normalize("NFD", TEXT).encode(codec)) == (TEXT, "")


def test_windows_1258_is_composed_and_told() -> None:
    text, note = decode(cp1258(TEXT))
    assert text == TEXT
    assert "1258" in note


def test_tcvn3_and_vni_bytes_are_told_apart() -> None:
    text, note = decode(tcvn3(TEXT).encode("cp1252"))
    assert text == TEXT
    assert "TCVN3" in note
    text, note = decode(vni(TEXT).encode("cp1252"))
    assert text == TEXT
    assert "VNI" in note


def test_old_fonts_inside_unicode_files_are_mended() -> None:
    for old in (tcvn3(TEXT), vni(TEXT)):
        assert mend(old) == TEXT
        text, note = decode(old.encode())
        assert text == TEXT
        assert note
    mixed = "Đề thi của xã Mỹ Phước\n" + tcvn3(TEXT)
    assert mend(mixed) == "Đề thi của xã Mỹ Phước\n" + TEXT
    assert mend("Hµ Néi") == "Hà Nội"
    assert mend("CéNG HOµ X· HéI") == "CỘNG HOÀ Xã HỘI"


@pytest.mark.parametrize(
    "text",
    [
        "Cà phê và bánh mì",
        "André Müller ở Zürich",
        "5 µm, 25 °C, 10 m²",
        "thông tin",
        "là có và",
        "« Pháp »",
        "naïve café",
        TEXT,
    ],
)
def test_what_needs_no_mending_stays(text: str) -> None:
    assert mend(text) == text


def test_fonts_tell_their_family() -> None:
    assert [font_of(name) for name in (".VnTime", ".VnArialH", "VNI-Times", "Times New Roman", None)] == [
        "tcvn3",
        "tcvn3",
        "vni",
        "",
        "",
    ]


def test_one_word_is_too_little_to_change_a_document() -> None:
    assert old_font(["Hµ"]) == ""
    assert old_font(["Hµ", "Néi", "ViÖt Nam"]) == "tcvn3"


def test_syllables() -> None:
    assert all(is_syllable(word) for word in TEXT.replace(":", "").split("\n")[0].replace("?", "").split()[2:])
    assert not any(is_syllable(word) for word in ("Néi", "hµ", "xyz", "ôc", "áá", "thøc"))


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04....",
        b"%PDF-1.7",
        b"{\\rtf1 x}",
        b"\xff\xfea",
        b"\x81\x8d\x8f\x90\x9d\xfe\xff\xc0" * 20,
        b"\x01\x02\x03\x04 ab",
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        decode(data)


def test_a_western_file_is_read_and_doubted() -> None:
    text, note = decode("What is a naïve question? Nothing else in this long line is accented.".encode("cp1252"))
    assert "naïve" in text
    assert "1252" in note


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_refusal(data: bytes) -> None:
    try:
        text, _note = decode(data)
    except BadFile:
        return
    assert text == unicodedata.normalize("NFC", text)
    assert "\r" not in text
    assert "\0" not in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_unicode_is_never_changed_but_normalised(text: str) -> None:
    assert mend(text, font="") in (unicodedata.normalize("NFC", text), mend(text))
    assert mend(f"Đề thi: {text}".replace("\u2028", "").replace("\u2029", "")) == unicodedata.normalize(
        "NFC", f"Đề thi: {text}".replace("\u2028", "").replace("\u2029", "")
    )
