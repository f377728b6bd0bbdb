"""Facts that are history: every one is a fact of the sheet with a documented end, and texts must say that it is over."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest

from people.text import fold
from quizbank.balance import FACTS
from quizbank.deckfile import CardDraft, read_decks
from quizbank.facts_ended import ended_facts, ended_faults, says_so
from tests.factories import single_draft


@pytest.fixture(scope="module")
def sheet() -> dict[str, dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def test_every_ended_fact_is_a_fact_that_ended_in_the_past(sheet: dict[str, dict[str, str]]) -> None:
    assert set(ended_facts()) <= set(sheet)
    assert all(date(2024, 1, 1) < one.on <= date(2026, 11, 22) for one in ended_facts().values())


def test_the_document_that_ended_it_stands_in_the_fact_sheet(sheet: dict[str, dict[str, str]]) -> None:
    words = re.sub(r"\bQĐ (?=\d)", "Quyết định ", "\n".join(" ".join(row.values()) for row in sheet.values()))
    for one in ended_facts().values():
        assert re.split(r" \(|;", one.by)[0] in words, one


@pytest.mark.parametrize(
    ("fact", "on"),
    [
        ("AT-017", date(2026, 1, 1)),
        ("AT-055", date(2026, 7, 1)),
        ("KT-044", date(2026, 7, 1)),
        ("DP-013", date(2025, 7, 1)),
        ("KT-003", date(2025, 12, 31)),
    ],
)
def test_well_known_ends(fact: str, on: date) -> None:
    assert ended_facts()[fact].on == on


@pytest.mark.parametrize("fact", ["PL-031", "AT-004", "CD-020", "KT-011", "CQ-008"])
def test_what_holds_is_not_marked(fact: str) -> None:
    assert fact not in ended_facts()


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Nghị định này đã hết hiệu lực.", date(2026, 1, 1)),
        ("Trước đây áp dụng Nghị định 13.", date(2026, 1, 1)),
        ("Đến 1/1/2026 thì thay.", date(2026, 1, 1)),
        ("Đến ngày 01/01/2026 thì thay.", date(2026, 1, 1)),
        ("Từ ngày 1 tháng 7 năm 2026 có luật mới.", date(2026, 7, 1)),
        ("It applied until 1 July 2026.", date(2026, 7, 1)),
        ("Trước khi Luật Thương mại điện tử có hiệu lực, quản lý theo gì?", date(2026, 7, 1)),
        ("Tỉnh Bình Định (trước sắp xếp) làm gì?", date(2025, 7, 1)),
        ("Luật năm 2018 nay đã được Luật 116/2025/QH15 thay.", date(2026, 7, 1)),
        ("Tên tỉnh theo thời điểm ban hành", date(2025, 7, 1)),
        ("Mục tiêu đến năm 2025 là bao nhiêu?", date(2025, 12, 31)),
        ("Mục tiêu đến 2025 là bao nhiêu?", date(2025, 12, 31)),
        ("The goal for 2025", date(2025, 12, 31)),
        ("Chiến lược 2021–2025", date(2025, 12, 31)),
    ],
)
def test_a_text_says_so(text: str, on: date) -> None:
    assert says_so(fold(text), on)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Theo Nghị định 13, phải trả lời trong 72 giờ.", date(2026, 1, 1)),
        ("Từ 11/1/2026 thì thay.", date(2026, 1, 1)),
        ("Từ 1/1/2025 thì thay.", date(2026, 1, 1)),
        ("Trước khi quét mã, hãy đọc tên.", date(2026, 7, 1)),
        ("Quyết định đặt mục tiêu 20% GDP.", date(2025, 12, 31)),
        ("Đến năm 2030 đạt 30% GDP.", date(2025, 12, 31)),
        ("Áp dụng đến năm 2025.", date(2025, 7, 1)),
    ],
)
def test_a_text_does_not_say_so(text: str, on: date) -> None:
    assert not says_so(fold(text), on)


def test_faults_name_question_fact_and_day() -> None:
    draft = single_draft(
        "Nghị định nào bảo vệ dữ liệu cá nhân?", code="X-1", facts=("AT-017", "AT-016"), explanation="A"
    )
    (fault,) = ended_faults([draft])
    assert fault == (
        "X-1: does not say that it tells history: AT-017 (over since 2026-01-01: Nghị định 356/2025/NĐ-CP)"
    )


def test_an_explanation_or_a_pair_may_say_it() -> None:
    told = single_draft("Nghị định nào?", code="X-1", facts=("AT-017",), explanation="Nghị định 13 hết hiệu lực.")
    only_an_option = single_draft(
        "Nghị định nào?",
        code="X-2",
        facts=("AT-017",),
        explanation="A",
        content={"options": ["Hết hiệu lực", "Còn", "Chưa", "Không"]},
    )
    assert ended_faults([told]) == []
    assert [fault[:3] for fault in ended_faults([only_an_option])] == ["X-2"]


def test_cards_are_checked_by_front_and_back() -> None:
    card = CardDraft(
        code="X-3",
        front="Mục tiêu kinh tế số là bao nhiêu?",
        back="Là 20% GDP. Theo Quyết định 749/QĐ-TTg.",
        example="Mục tiêu đến năm 2025.",
        citation="Quyết định 749/QĐ-TTg",
        facts=("KT-003",),
        topic="kinh-te-so",
        questions=(),
    )
    (fault,) = ended_faults([card])
    assert fault.startswith("X-3: ")
    assert "KT-003 (over since 2025-12-31" in fault


def test_no_builtin_card_tells_history_as_present() -> None:
    assert ended_faults([card for deck in read_decks() for card in deck.cards]) == []
