"""HTML of editors to text and Markdown: what people see stays, everything else goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizbank.formats.markup import from_html, from_markdown, line_from_html, looks_html
from quizbank.formats.markup_out import escaped, picture_markdown, to_html
from tests.quizbank.formats.strategies import Maker

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Một &amp; hai</p>", "Một & hai"),
        ("<p>Một</p><p>hai<br>ba</p>", "Một\nhai\nba"),
        ("<div><div>  Một  \n hai </div></div>", "Một hai"),
        ("<p>5 * 3 &lt; 20 _x_ [a](b)</p>", "5 * 3 < 20 _x_ [a](b)"),
        ("H<sub>2</sub>O, 10 m<sup>2</sup>, x<sup>abc</sup>, a<sub>đ</sub>", "H₂O, 10 m², x^(abc), a_(đ)"),
        ("<script>alert(1)</script>a<style>b{}</style>c<!-- d -->", "ac"),
        ('<a href="javascript:x" onclick="y">nhấn</a>', "nhấn"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>Không đóng <span>thẻ", "Không đóng thẻ"),
        ("<![if !mso]><p>a</p><![endif]><![lạ b]>c<!DOCTYPE x><![CDATA[d", "a\ncd"),
        ("<b></b>trống<b> </b>", "trống"),
        ("&#7879;&nbsp;&quot;", 'ệ "'),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    rich = from_html(html)
    assert (rich.text, rich.markdown) == (text, False)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Ai <b>biết</b> mã?</p>", "Ai **biết** mã?"),
        ("<p><strong> Ai </strong>biết <i>mã</i></p>", "**Ai** biết *mã*"),
        ("<p>Một</p><p><em>hai</em></p>", "Một\n\n*hai*"),
        ("<b>Một<br>hai</b>", "**Một**\\\nhai"),
        ("Chọn:<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>hết", "Chọn:\n\n- a\n- b\n    1. c\n\nhết"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<b>a</b> 2 * 3 _ 4 [x](y) &lt;b&gt; &amp;amp; `c`", r"**a** 2 \* 3 \_ 4 [x\](y) \<b> \&amp; \`c\`"),
        ("<i>x</i> là _____ nước", "*x* là _____ nước"),
        ("<p># không phải tiêu đề</p><b>a</b>", "\\# không phải tiêu đề\n\n**a**"),
        ("<p>1. không phải danh sách</p><b>a</b>", "1\\. không phải danh sách\n\n**a**"),
    ],
)
def test_markdown(html: str, markdown: str) -> None:
    rich = from_html(html)
    assert (rich.text, rich.markdown) == (markdown, True)


def test_emphasis_that_markdown_cannot_say_is_left_out() -> None:
    assert from_html("chữ<b>“đậm”</b>chữ") == from_html("chữ“đậm”chữ")


def test_pictures_and_what_cannot_be_kept() -> None:
    rich = from_html(
        '<img src="a%20b.png" alt="Một"><img src="https://x.vn/c.png" alt="bản đồ"><video src="d"></video>'
    )
    assert [(image.name, image.alt, image.remote) for image in rich.images] == [
        ("a b.png", "Một", False),
        ("c.png", "bản đồ", True),
    ]
    assert (rich.text, rich.media, rich.formula) == ("[bản đồ]", True, False)
    assert from_html("<math><mi>x</mi></math>").formula
    assert from_html("x" * 60_001).long


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "//x.vn/a.png", "HTTP://x.vn/a.png", "data:text/html,x"]
)
def test_addresses_that_leave_the_file_are_remote(address: str) -> None:
    (image,) = from_html(f'<img src="{address}">').images
    assert image.remote


def test_names_of_pictures_have_no_folders() -> None:
    (image,) = from_html(r'<img src="..\..%2f..%2fetc/passwd">').images
    assert image.name == "passwd"


def test_picture_of_markdown_is_taken_off() -> None:
    rich = from_markdown(f"Ai đây?\n\n{picture_markdown('@@PLUGINFILE@@/a%20b.png', 'Hình [1]')}")
    assert rich.text == "Ai đây?"
    assert [(image.name, image.alt) for image in rich.images] == [("a b.png", "Hình [1]")]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**40))
def test_escaped_words_are_shown_as_they_are(seed: int) -> None:
    words = Maker(seed).words()
    assert from_html(to_html(f"{escaped(words)} *x*", markdown=True), markdown=False).text == f"{words} x"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**40))
def test_plain_text_survives_html(seed: int) -> None:
    words = Maker(seed).several()
    assert from_html(to_html(words)).text == words


def test_looks_html() -> None:
    assert [looks_html(text) for text in ("a < b > c", "<p>x", "a&nbsp;b", "x <3 you", "R&D; S&T", "<ai> đó")] == [
        False, True, True, False, False, False,
    ]  # fmt: skip
    assert line_from_html("<p>a</p><p>b</p>").text == "a b"
