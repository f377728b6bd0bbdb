"""Pictures are drawn anew, Markdown is a small safe part of it, and both are shown where the question is."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.test import Client
from PIL import Image

from quizbank.domain.pictures import LONGEST_SIDE, BadPicture, draw_anew, picture_entry, store_picture
from quizbank.markup_html import picture_of, plain_stem, stem_html
from quizbank.models import Picture
from tests.factories import make_user


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#ff000033" if mode == "RGBA" else "red").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_of_each_kind_becomes_webp(kind: str) -> None:
    made = draw_anew(drawn(kind))
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.size) == ("WEBP", (40, 20))


def test_large_pictures_are_made_smaller() -> None:
    made = draw_anew(drawn(size=(3000, 1500)))
    assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_nothing_of_the_file_but_its_look_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Nhà riêng của cô Lan"
    exif[0x0112] = 6  # lies on its side
    made = draw_anew(drawn("JPEG", exif=exif))
    assert (made.width, made.height) == (20, 40)
    assert b"Lan" not in made.data
    with Image.open(io.BytesIO(made.data)) as image:
        assert not image.getexif()


def test_transparent_places_stay_transparent() -> None:
    with Image.open(io.BytesIO(draw_anew(drawn(mode="RGBA")).data)) as image:
        assert image.mode == "RGBA"


def bomb(side: int) -> bytes:
    """A PNG that says it is ``side`` pixels wide and high and holds nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        drawn()[:60],
        drawn("JPEG")[:-200],
        drawn("TIFF"),
        bomb(7_000),
        bomb(60_000),
        b"\x89PNG" + b"0" * (5 * 1024 * 1024),
    ],
    ids=["empty", "noise", "svg", "cut png", "cut jpeg", "tiff", "large", "bomb", "heavy"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        draw_anew(data)


@pytest.mark.django_db
def test_the_same_picture_is_kept_once() -> None:
    first, second = (store_picture(data=drawn(), by=make_user()) for _ in range(2))
    assert first == second
    assert picture_entry(first, "  Một  cái cầu ") == {
        "sha256": first.sha256, "alt": "Một cái cầu", "width": 40, "height": 20,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_picture_is_served_for_good(client: Client) -> None:
    picture = store_picture(data=drawn(), by=None)
    client.force_login(make_user())
    reply = client.get(f"/anh/{picture.sha256}.webp")
    assert reply.content == bytes(Picture.objects.get().data)
    assert reply.headers["Content-Type"] == "image/webp"
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/anh/{'0' * 64}.webp").status_code == 404
    assert client.get("/anh/x.webp").status_code == 404


MARKED = {"markdown": True}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Đậm** và *nghiêng*", "<strong>Đậm</strong> và <em>nghiêng</em>"),
        ("H<sub>2</sub>O `x`", "H<sub>2</sub>O <code>x</code>"),
        ("Một\nhai", "Một<br>\nhai"),
        ("Một\n\nhai", "<p>Một</p>\n<p>hai</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<script>alert(1)</script>ok", "ok"),
        ("<b onclick=x>b</b>", "b"),
        ("[x](https://example.org)", "[x](https://example.org)"),
        ("![x](https://example.org/x.png)", "![x](https://example.org/x.png)"),
        ("<img src=x onerror=y>", ""),
        ("<em onmouseover=x>a</em>", "<em>a</em>"),
        ("# Tiêu đề", "# Tiêu đề"),
    ],
)
def test_markdown_is_a_small_safe_part_of_it(text: str, html: str) -> None:
    assert stem_html(text, MARKED) == html


def test_text_that_is_no_markdown_stays_as_it_is() -> None:
    assert stem_html("2 * 3 * 4 <b>", {}) == "2 * 3 * 4 &lt;b&gt;"
    assert plain_stem("**a**", {}) == "**a**"
    assert plain_stem("**a** & b\n\n- c\n- d", MARKED) == "a & b\nc\nd"


@pytest.mark.parametrize("entry", [None, {}, {"sha256": "../x"}, {"sha256": "A" * 64}, {"name": "a.png"}, "x"])
def test_an_entry_that_names_no_picture_shows_none(entry: object) -> None:
    assert picture_of({"picture": entry}) is None


def test_a_picture_knows_its_size() -> None:
    shown = picture_of({"picture": {"sha256": "a" * 64, "alt": "Cầu", "width": 4, "height": 3}})
    assert shown is not None
    assert (shown.url, shown.alt, shown.width, shown.height) == (f"/anh/{'a' * 64}.webp", "Cầu", 4, 3)
