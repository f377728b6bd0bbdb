"""The built-in decks: whole, well-formed, resting on trusted facts, linked to the bank, and our own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from quizbank.bankfile import read_bank
from quizbank.deck_balance import SIZES, deck_faults
from quizbank.deckfile import DECK_DIR, ORDER, CardDraft, DeckDraft, card_from, read_decks
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Audience
from quizbank.errors import BadQuestion
from tests.factories import single_draft

ENTRY = {
    "code": "X-01",
    "front": "Ngày nào là Ngày Chuyển đổi số quốc gia?",
    "back": "Ngày 10/10 hằng năm. Quyết định 505/QĐ-TTg quy định.",
    "example": "Mỗi năm một lần.",
    "citation": "Quyết định 505/QĐ-TTg",
    "facts": ["NT-009", "NT-010"],
    "topic": "nhan-thuc",
    "questions": ["Q-1", "Q-2"],
}
WORDS = {
    "front": "Which day?",
    "back": "10 October. Every year.",
    "example": "Once.",
    "citation": "Decision 505/QĐ-TTg",
}


@pytest.fixture(scope="module")
def bank() -> list[Draft]:
    return read_bank()


@pytest.fixture(scope="module")
def decks() -> list[DeckDraft]:
    return read_decks()


def of_one(card: CardDraft) -> list[DeckDraft]:
    """Four decks of the right sizes in which everything but ``card`` is sound."""
    decks = []
    for slug, size in SIZES.items():
        cards = [replace(card_from(ENTRY), code=f"{slug}-{n}", front=f"Câu {slug} {n}?") for n in range(size)]
        if slug == "co-ban":
            cards[0] = card
        decks.append(
            DeckDraft(
                slug=slug,
                name="Bộ",
                name_en="Deck",
                about="Gì.",
                about_en="What.",
                audience=Audience.BASIC,
                cards=tuple(cards),
            )
        )
    return decks


QUESTIONS = [single_draft("Một?", code="Q-1"), single_draft("Hai?", code="Q-2")]


def test_decks_have_no_faults(decks: list[DeckDraft], bank: list[Draft]) -> None:
    assert deck_faults(decks, bank) == []


def test_decks_are_the_four_of_the_plan(decks: list[DeckDraft]) -> None:
    assert [(deck.slug, len(deck.cards)) for deck in decks] == [
        ("co-ban", 30),
        ("nguoi-dan", 19),
        ("doanh-nghiep", 23),
        ("co-quan-nha-nuoc", 30),
    ]
    assert [deck.audience for deck in decks] == list(Audience.values)


def test_every_card_speaks_english_too(decks: list[DeckDraft]) -> None:
    assert all(set(card.translations) == {"en"} for deck in decks for card in deck.cards)


def test_cards_reach_every_topic(decks: list[DeckDraft]) -> None:
    topics = Counter(card.topic for deck in decks for card in deck.cards)
    assert set(topics) == set(TOPICS)


def test_a_deck_asks_no_question_of_the_bank_twice(decks: list[DeckDraft]) -> None:
    for deck in decks:
        linked = Counter(code for card in deck.cards for code in card.questions)
        assert [code for code, count in linked.items() if count > 1] == []


def test_decks_are_not_presented_as_somebody_elses(decks: list[DeckDraft]) -> None:
    for deck in decks:
        for text in (deck.name, deck.name_en, deck.about, deck.about_en):
            assert "Bình Định" not in text
            assert "Cẩm nang" not in text


def test_a_sound_card_has_no_fault() -> None:
    assert deck_faults(of_one(card_from({**ENTRY, "en": WORDS})), QUESTIONS) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"topic": "thoi-tiet"}, "no such topic"),
        ({"facts": ["NT-018"]}, "not trusted"),
        ({"facts": []}, "not trusted"),
        ({"questions": ["Q-1"]}, "links 1"),
        ({"questions": ["Q-1", "Q-1"]}, "links 1"),
        ({"questions": ["Q-1", "Q-9"]}, "no such question Q-9"),
        ({"front": "Ngày Chuyển đổi số quốc gia"}, "asks nothing"),
        ({"front": f"{'dài ' * 40}?"}, "front has"),
        ({"back": "Chỉ một câu."}, "1 sentences"),
        ({"back": f"{'Dài. ' * 5}"}, "5 sentences"),
        ({"back": f"{'dài ' * 120}. Hết."}, "back has"),
        ({"example": ""}, "example is empty"),
        ({"citation": "https://example.vn"}, "a link"),
        ({"code": "Q-1"}, "question's code"),
        ({"code": "nguoi-dan-3"}, "used 2 times"),
        ({"front": "cau nguoi-dan 3?"}, "asked twice"),
        ({"en": {**WORDS, "back": "One sentence."}}, "en: back has 1"),
        ({"en": {**WORDS, "example": " "}}, "en: example is empty"),
    ],
)
def test_checks_find_what_they_look_for(changed: dict[str, object], word: str) -> None:
    faults = deck_faults(of_one(card_from({**ENTRY, **changed})), QUESTIONS)
    assert any(word in fault for fault in faults), faults


def test_checks_find_text_that_is_not_nfc() -> None:
    card = replace(card_from(ENTRY), example="Mô\u0323t.")
    assert "X-01: example is not in NFC" in deck_faults(of_one(card), QUESTIONS)


def test_checks_count_cards_and_decks() -> None:
    decks = of_one(card_from(ENTRY))
    assert deck_faults([replace(decks[0], cards=decks[0].cards[1:]), *decks[1:]], QUESTIONS) == [
        "co-ban: 29 cards instead of 30"
    ]
    assert deck_faults(decks[1:], QUESTIONS) == ["co-ban: 0 cards instead of 30"]
    odd = replace(decks[0], audience="all", about_en="")
    assert deck_faults([odd, *decks[1:]], QUESTIONS) == [
        "co-ban: no such audience all",
        "co-ban: a name or a sentence about it is missing",
    ]


def test_digest_follows_every_word_but_not_the_code() -> None:
    card = card_from({**ENTRY, "en": WORDS})
    assert replace(card, code="X-02").digest() == card.digest()
    assert replace(card, facts=("NT-010", "NT-009")).digest() == card.digest()
    others = {
        replace(card, front="Khác?").digest(),
        replace(card, back="Khác. Hẳn.").digest(),
        replace(card, example="Khác.").digest(),
        replace(card, citation="Khác").digest(),
        replace(card, facts=("NT-009",)).digest(),
        replace(card, topic="phap-ly").digest(),
        replace(card, questions=("Q-1", "Q-3")).digest(),
        replace(card, translations={}).digest(),
    }
    assert len(others - {card.digest()}) == 8


def copied(folder: Path, changed: str, old: str, new: str) -> Path:
    """A folder with the built-in files, in one of which ``old`` became ``new``."""
    for slug in ORDER:
        text = (DECK_DIR / f"{slug}.toml").read_text(encoding="utf-8")
        (folder / f"{slug}.toml").write_text(text.replace(old, new, 1) if slug == changed else text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('back = "Theo ví dụ', 'bak = "Theo ví dụ', ("nguoi-dan.toml", "ND-01", "bak")),
        ('topic = "chinh-quyen-so"\n', "", ("nguoi-dan.toml", "ND-01", "topic")),
        ('facts = ["CQ-012", "CQ-001"]', 'facts = "CQ-012"', ("nguoi-dan.toml", "ND-01", "facts is no list")),
        ('code = "ND-01"', "code = 1", ("nguoi-dan.toml", "code is no text")),
        ('audience = "resident"', "", ("nguoi-dan.toml", "audience")),
        ("[[card]]", "card = 1\n[[cards]]", ("nguoi-dan.toml",)),
        ('audience = "resident"', 'audience = "resident', ("nguoi-dan.toml", "line")),
    ],
)
def test_reading_names_file_code_and_fault(tmp_path: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    with pytest.raises(BadQuestion) as caught:
        read_decks(copied(tmp_path, "nguoi-dan", old, new))
    assert all(word in caught.value.problems[0] for word in words), caught.value.problems


def test_reading_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match=r"co-ban\.toml"):
        read_decks(tmp_path)
