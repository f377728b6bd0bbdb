"""The built-in bank: enough, well-formed, spread, resting on trusted facts, giving no key away."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from quizbank.balance import balance_of, cell_faults, fact_cells, faults_of, trusted_facts
from quizbank.bankfile import draft_from, read_bank
from quizbank.domain.bank import load_builtin_bank
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Audience, Difficulty, KindCode, QuestionState
from quizbank.models import Question, QuestionVersion
from tests.factories import make_questions, single_draft


@pytest.fixture(scope="module")
def bank() -> list[Draft]:
    return read_bank()


def test_bank_has_no_faults(bank: list[Draft]) -> None:
    assert faults_of(bank) == []


def test_bank_is_large_and_spread(bank: list[Draft]) -> None:
    assert len(bank) >= 500
    assert sum("en" in draft.translations for draft in bank) >= 150
    topics = Counter(draft.topic for draft in bank)
    assert set(topics) == set(TOPICS)
    assert min(topics.values()) >= 35
    audiences = Counter(one for draft in bank for one in draft.audience)
    assert set(audiences) == set(Audience.values)
    assert min(audiences.values()) >= 100
    difficulties = Counter((draft.topic, draft.difficulty) for draft in bank)
    assert min(difficulties[topic, level] for topic in TOPICS for level in Difficulty.values) >= 4
    assert {draft.kind for draft in bank} == set(KindCode.values)


def test_the_format_page_tells_the_true_numbers(bank: list[Draft]) -> None:
    english = sum("en" in draft.translations for draft in bank)
    page = (Path(__file__).parents[2] / "docs" / "bank-files.md").read_text(encoding="utf-8")
    assert f"{len(bank)} questions, {english} of them also in English" in page


def test_every_cell_that_has_facts_has_questions(bank: list[Draft]) -> None:
    assert len(fact_cells()) >= 35
    assert cell_faults(bank) == []


def test_a_cell_without_questions_is_named(bank: list[Draft]) -> None:
    without = [draft for draft in bank if draft.topic != "dia-phuong" or "enterprise" not in draft.audience]
    assert cell_faults(without) == ["dia-phuong × enterprise: no question"]


def test_balance_counts_english_and_cells() -> None:
    one = single_draft(code="X-1", facts=("NT-009",), translations={"en": {}})
    lines = balance_of([one, single_draft("Câu hai?", code="X-2", facts=("NT-009",))])
    assert lines[0].startswith("2 ")
    assert lines[-1].startswith("1 ")
    assert "basic 2/" in next(line for line in lines if line.startswith("nhan-thuc"))


def test_a_question_that_tells_history_as_present_is_a_fault() -> None:
    draft = single_draft("Nghị định nào bảo vệ dữ liệu cá nhân?", code="X-1", facts=("AT-017",), explanation="A")
    assert any("tells history" in fault for fault in faults_of([draft]))


def test_a_neighbours_tag_needs_a_neighbour() -> None:
    one = single_draft("Câu A?", code="X-1", facts=("NT-009",), tags=("gan:nhan-thuc-1", "khác"))
    two = single_draft("Câu B?", code="X-2", facts=("NT-009",), tags=("gan:nhan-thuc-1",))
    assert faults_of([one]) == ["X-1: gan:nhan-thuc-1 has no neighbour"]
    assert faults_of([one, two]) == []


ENTRY = {
    "code": "X-1",
    "kind": "short",
    "difficulty": "easy",
    "audience": ["basic"],
    "stem": "Thành phố nào?",
    "accept": ["Hà Nội", "Hanoi"],
    "en": {"stem": "Which city?", "accept": ["Paris"]},
}


def test_english_words_never_change_the_key() -> None:
    draft = draft_from(ENTRY, topic="nhan-thuc").checked()
    assert draft.key["accept"] == ["Hà Nội", "Hanoi"]
    assert draft.translations["en"]["content"] == {}


@pytest.mark.parametrize(
    "missing",
    [{"kind": "single", "options": ["Ba", "Bốn"], "key": "A"}, {"kind": "numeric", "key": 3, "unit": "tháng"}],
)
def test_english_must_translate_options_and_unit(missing: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        draft_from({**ENTRY, **missing}, topic="nhan-thuc")


def test_bank_rests_on_trusted_facts_only(bank: list[Draft]) -> None:
    untrusted = {"NT-018", "CQ-004", "KT-040", "AT-063", "PL-007"}
    assert not untrusted & set(trusted_facts())
    assert {fact for draft in bank for fact in draft.facts} <= set(trusted_facts())


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"citation": ""}, "names no document"),
        ({"citation": "https://example.vn"}, "names no document"),
        ({"facts": ("NT-018",)}, "not trusted"),
        ({"explanation": ""}, "explains nothing"),
        ({"content": {"options": ["Tất cả các phương án", "Ngày 10/10", "Ngày 3", "Ngày 4"]}}, "no answer of its own"),
        (
            {"content": {"options": ["Một phương án rất rất rất dài", "Mười hai chữ", "Mười hai chũ", "Mười hai chứ"]}},
            "lengths",
        ),
    ],
)
def test_checks_find_what_they_look_for(changed: dict[str, object], word: str) -> None:
    draft = (
        single_draft(code="X-1", facts=("NT-009",), **changed) if "facts" not in changed else single_draft(**changed)
    )
    assert any(word in fault for fault in faults_of([draft]))


def test_checks_find_duplicates_and_leaning_keys() -> None:
    same = [single_draft(f"Câu {n}", code=f"X-{n}", facts=("NT-009",)) for n in range(12)]
    assert any("100% of the keys stand at B" in fault for fault in faults_of(same))
    twice = [single_draft("Câu A", code="X-1", facts=("NT-009",)), single_draft("cau a", code="X-1", facts=("NT-009",))]
    assert any("asked twice" in fault for fault in faults_of(twice))
    assert any("used 2 times" in fault for fault in faults_of(twice))


@pytest.mark.django_db
def test_loading_twice_changes_nothing(bank: list[Draft], now: datetime) -> None:
    first = load_builtin_bank(now=now, drafts=bank)
    again = load_builtin_bank(now=now, drafts=bank)
    assert (first.added, first.revised) == (len(bank), 0)
    assert (again.added, again.revised, again.unchanged) == (0, 0, len(bank))
    assert QuestionVersion.objects.count() == len(bank)


@pytest.mark.django_db
def test_changed_file_makes_a_version_and_a_missing_code_retires(now: datetime) -> None:
    one, two = single_draft("Câu một?", code="X-1"), single_draft("Câu hai?", code="X-2")
    load_builtin_bank(now=now, drafts=[one, two])
    load_builtin_bank(now=now, drafts=[single_draft("Câu một, rõ hơn?", code="X-1")])
    changed = Question.objects.get(code="X-1")
    assert changed.current is not None
    assert (changed.current.number, changed.state) == (2, QuestionState.APPROVED)
    assert Question.objects.get(code="X-2").state == QuestionState.RETIRED


@pytest.mark.django_db
def test_loading_brings_new_tags_without_a_new_version_and_keeps_those_of_people(now: datetime) -> None:
    load_builtin_bank(now=now, drafts=[single_draft("Câu một?", code="X-1", tags=("gan:cu-1",))])
    Question.objects.filter(code="X-1").update(tags=["gan:cu-1", "của tôi"])
    loaded = load_builtin_bank(now=now, drafts=[single_draft("Câu một?", code="X-1", tags=("gan:moi-1",))])
    assert loaded.unchanged == 1
    assert Question.objects.get(code="X-1").tags == ["gan:moi-1", "của tôi"]
    assert QuestionVersion.objects.count() == 1


@pytest.mark.django_db
def test_loading_leaves_the_questions_of_people_alone(now: datetime) -> None:
    (mine,) = make_questions(1)
    load_builtin_bank(now=now, drafts=[single_draft("Câu một?", code="X-1")])
    mine.refresh_from_db()
    assert mine.state == QuestionState.APPROVED


@pytest.mark.django_db
@pytest.mark.parametrize("count", [5, 50])
def test_loading_costs_the_same_number_of_queries(
    count: int, now: datetime, django_assert_max_num_queries: object
) -> None:
    drafts = [single_draft(f"Câu {n}?", code=f"X-{n}") for n in range(count)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        load_builtin_bank(now=now, drafts=drafts)
