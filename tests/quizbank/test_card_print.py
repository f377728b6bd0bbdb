"""Cards on paper: both sides fit when the sheet is turned along its long edge."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from quizbank.card_print import print_cards
from quizbank.deckfile import read_decks
from quizbank.enums import Audience

pytestmark = pytest.mark.sqlite_only
ADDRESS = "https://thiso.example/hoc/the/co-ban/"


def cards(number: int) -> list[dict[str, str]]:
    return [
        {"topic": "Nhận thức", "front": f"Mặt{n}?", "back": f"Lưng{n}.", "example": f"Vídụ{n}.", "citation": "Luật"}
        for n in range(1, number + 1)
    ]


def drawn(**fields: object) -> bytes:
    return print_cards(**{"title": "Cơ bản", "audience": "basic", "address": ADDRESS, "cards": cards(9)} | fields)  # type: ignore[arg-type]


def places(pdf: bytes, page: int) -> dict[str, float]:
    """{word: x} of one page, in points."""
    found: dict[str, float] = {}

    def visit(text: str, place: list[float], matrix: list[float], _font: object, _size: object) -> None:
        for word in text.split():
            found.setdefault(word.rstrip("?."), place[0] * matrix[4] + place[2] * matrix[5] + place[4])

    PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def test_nine_cards_are_two_sheets_of_two_sides() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(drawn())).pages]
    assert len(pages) == 4
    assert all(f"Mặt{n}?" in pages[0] and f"Lưng{n}." in pages[1] for n in range(1, 9))
    assert "Mặt9?" in pages[2]
    assert "Lưng9." in pages[3]


def test_backs_are_mirrored_so_that_both_sides_meet() -> None:
    pdf = drawn()
    fronts, backs = places(pdf, 0), places(pdf, 1)
    assert fronts["Mặt1"] < fronts["Mặt2"]
    assert backs["Lưng1"] > backs["Lưng2"]


def test_equal_cards_give_equal_bytes() -> None:
    assert drawn() == drawn()
    assert drawn() != drawn(title="Khác")


@pytest.mark.parametrize("audience", Audience.values)
def test_every_built_in_card_is_printed_whole(audience: str) -> None:
    deck = next(one for one in read_decks() if one.audience == audience)
    rows = [
        {
            "topic": card.topic,
            "front": card.front,
            "back": card.back,
            "example": card.example,
            "citation": card.citation,
        }
        for card in deck.cards
    ]
    pages = PdfReader(io.BytesIO(drawn(audience=audience, cards=rows))).pages
    assert len(pages) == 2 * -(-len(rows) // 8)
    text = "".join("".join(page.extract_text().split()) for page in pages)
    assert [card.code for card in deck.cards if "".join(card.back.split()) not in text] == []


def test_the_longest_card_still_fits() -> None:
    long = {
        "topic": "T",
        "front": "Mặt trước dài " * 12,
        "back": "Lưng dài " * 60,
        "example": "Ví dụ " * 40,
        "citation": "C" * 60,
    }
    assert len(PdfReader(io.BytesIO(drawn(cards=[long]))).pages) == 2
