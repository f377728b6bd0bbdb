"""What a printed paper says: words, never the signs they are written with, and never a command to the typesetter."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from quizbank.formats.paper import paper
from tests.factories import single_draft

HOSTILE = (
    '#panic("x")', "$x^2$ *a* _b_ `c` <lab> @ref", "\\u{41} #sys.inputs", '"; #eval("1")', "\u202eRTL\u202c", "😀🇻🇳",
    "مرحبا", "a\x00b", "\x1b[31m", "<b>x</b> & '\"", "W" * 600,
)  # fmt: skip


def printed(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_markdown_is_printed_as_words() -> None:
    draft = single_draft("**Ngày** nào *không phải*?\n- một\n- hai", extra={"markdown": True})
    told = printed(paper([draft], title="Đề thi"))
    assert "Ngày nào không phải? một hai" in told
    assert "*" not in told


def test_plain_words_keep_their_signs() -> None:
    assert "2 * 3 * 4?" in printed(paper([single_draft("2 * 3 * 4?")], title="Đề thi"))


def test_hostile_words_are_only_words() -> None:
    drafts = [
        single_draft(f"{one} {place}?", content={"options": [one, "hai", "ba", "bốn"]}, citation=one, code=one[:20])
        for place, one in enumerate(HOSTILE)
    ]
    told = printed(paper(drafts, title="#panic()", subtitle="#eval", key=True))
    assert '#panic("x") 0?' in told
    assert "#sys.inputs 2?" in told
