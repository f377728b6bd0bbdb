"""The printed paper: everything asked stands on it, nothing of the key unless asked for, whatever the text."""

from __future__ import annotations

import io
import socket
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from PIL import Image
from pypdf import PdfReader

from quizbank.drafts import Draft
from quizbank.formats.guard import picture
from quizbank.formats.paper import Paper, paper
from quizbank.formats.template import EXAMPLES
from tests.quizbank.formats.office_cases import drafts

LONG = "Ủy ban Mặt trận Tổ quốc Việt Nam xã Mỹ Phước Tây, huyện Châu Thành Đông Bắc Nguyễn Phước Thiên Hương Bảo Châu"


def said(pdf: bytes) -> str:
    """The text of every page without spaces: lines break where they like."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return "".join(unicodedata.normalize("NFC", "".join(pages)).split())


def stripped(text: str) -> str:
    return "".join(text.split())


def test_questions_and_sheet_stand_on_the_paper_and_no_key() -> None:
    pdf = Paper().write(EXAMPLES, title="Đề số 1")
    text = said(pdf)
    for draft in EXAMPLES:
        assert stripped(draft.stem) in text
        for option in draft.content.get("options", draft.content.get("items", [])):
            assert stripped(option) in text
    assert "Phiếutrảlời" in text
    assert "Đápán(khôngphát" not in text
    assert not any(draft.code in text for draft in EXAMPLES)
    assert "1024" not in text
    assert "1.024" not in text
    assert stripped(EXAMPLES[0].citation) not in text
    assert b"1024" not in pdf
    assert b"1.024" not in pdf


def test_the_key_has_its_own_page_when_asked_for() -> None:
    pages = PdfReader(io.BytesIO(paper(EXAMPLES, title="Đề", key=True))).pages
    assert "Đáp án (không phát" in pages[-1].extract_text()
    last = stripped(pages[-1].extract_text())
    for told in ("A.Ngày10/10", "A,C.", "Đúng", "1.024bai", "OTP/mãOTP", "B→C→A", "1–B,2–A", "VD-7"):
        assert told in last


def test_which_option_is_right_changes_nothing_on_the_paper() -> None:
    other = [replace(EXAMPLES[0], key={"right": "D"}), replace(EXAMPLES[2], key={"right": False})]
    assert paper([EXAMPLES[0], EXAMPLES[2]], title="Đề") == paper(other, title="Đề")


def test_a_paper_is_drawn_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    data = io.BytesIO()
    Image.new("RGB", (300, 100), "red").save(data, "PNG")
    shown = replace(EXAMPLES[0], extra={"picture": {"sha256": "x", "alt": "Hình"}})
    pdf = paper([shown], title=LONG, organizer=LONG, subtitle=LONG, pictures={"x": picture(data.getvalue())})
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
    assert paper([shown], title="Đề")


@pytest.mark.parametrize("text", ['#import "x"', "$x^2$ *a* _b_ `c` @d <e>", "\\ #{} [x]", "a\nb", "= Đề", "//x"])
def test_markup_stays_text(text: str) -> None:
    draft = Draft(kind="single", stem=text, content={"options": [text, "khác"]}, key={"right": "A"}, difficulty="easy")
    assert said(paper([draft], title=text, organizer=text)).count(stripped(text)) >= 3


def test_a_long_paper_keeps_its_order() -> None:
    many = [replace(EXAMPLES[0], stem=f"Hỏi {n}?") for n in range(1, 121)]
    text = said(paper(many, title="Đề"))
    places = [text.index(f"Câu{n}.Hỏi{n}?") for n in range(1, 121)]
    assert places == sorted(places)


@settings(max_examples=15, deadline=None)
@given(drafts())
def test_any_question_can_be_printed(draft: Draft) -> None:
    assert paper([draft], title=draft.stem, organizer=draft.stem, key=True).startswith(b"%PDF")
