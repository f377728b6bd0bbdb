"""Every kind: wire and canonical are inverse, characters are inverse, grading is exact, nothing leaks the key."""

from __future__ import annotations

from dataclasses import asdict
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizbank.errors import BadResponse
from quizbank.kinds import KINDS, get_kind
from quizbank.kinds.written import parse_number, plain

OPTIONS = {"options": ["Một", "Hai", "Ba", "Bốn"]}
ITEMS = {"items": ["Đăng ký", "Làm bài", "Nộp bài"]}
PAIRS = {"lefts": ["VNeID", "DTI"], "rights": ["Chỉ số", "Ứng dụng", "Nghị định"]}
EXAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "single": (OPTIONS, {"right": "B"}, ["A", "B", "C", "D"]),
    "multiple": (OPTIONS, {"right": ["A", "C"], "scheme": "partial"}, ["A", "AC", "ABCD", "BD"]),
    "boolean": ({}, {"right": True}, ["T", "F"]),
    "ordering": (ITEMS, {"order": ["B", "A", "C"]}, ["".join(p) for p in permutations("ABC")]),
    "matching": (PAIRS, {"pairs": {"A": "B", "B": "A"}}, ["BA", "B-", "-A", "CC", "AB"]),
    "numeric": ({"unit": "tỉnh"}, {"value": "34", "tolerance": "0.5"}, ["34", "34.5", "-2", "1000000"]),
    "short": ({}, {"accept": ["Căn cước"]}, ["can cuoc", "Căn cước", "khác"]),
}
CASES = [(code, response) for code, (_c, _k, responses) in EXAMPLES.items() for response in responses]


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize(("code", "canonical"), CASES)
def test_wire_is_inverse_of_canonical(code: str, canonical: str) -> None:
    content = EXAMPLES[code][0]
    for seed in (1, 2, 2**63 - 1):
        wire = get_kind(code).write(content, canonical, seed=seed)
        assert get_kind(code).read(content, wire, seed=seed) == canonical


@pytest.mark.parametrize(("code", "canonical"), CASES)
def test_sheet_character_is_inverse(code: str, canonical: str) -> None:
    kind, content = get_kind(code), EXAMPLES[code][0]
    char = kind.char(content, canonical)
    if code in ("numeric", "short"):
        assert char is None
    else:
        assert char is not None
        assert len(char) == 1
        assert char not in "-.*"
        assert kind.from_char(content, char) == canonical


@pytest.mark.parametrize("code", sorted(KINDS))
def test_blank_is_read_as_blank_and_earns_nothing(code: str) -> None:
    content, key, _ = EXAMPLES[code]
    assert get_kind(code).read(content, "", seed=5) == ""
    assert get_kind(code).grade(content, key, "") == 0


@pytest.mark.parametrize(
    ("code", "canonical", "expected"),
    [
        ("single", "B", 1000),
        ("single", "A", 0),
        ("multiple", "AC", 1000),
        ("multiple", "A", 500),
        ("multiple", "AB", 0),
        ("multiple", "ABCD", 0),
        ("boolean", "T", 1000),
        ("boolean", "F", 0),
        ("ordering", "BAC", 1000),
        ("ordering", "ABC", 0),
        ("matching", "BA", 1000),
        ("matching", "B-", 500),
        ("matching", "AB", 0),
        ("numeric", "34.5", 1000),
        ("numeric", "34.6", 0),
        ("short", "can cuoc", 1000),
        ("short", "CĂN CƯỚC", 1000),
        ("short", "căn", 0),
    ],
)
def test_grading(code: str, canonical: str, expected: int) -> None:
    content, key, _ = EXAMPLES[code]
    assert get_kind(code).grade(content, key, canonical) == expected


def test_short_text_may_demand_accents() -> None:
    key = {"accept": ["Đồng Tháp"], "accents": True}
    assert get_kind("short").grade({}, key, "đồng tháp") == 1000
    assert get_kind("short").grade({}, key, "dong thap") == 0


@pytest.mark.parametrize("code", sorted(KINDS))
@pytest.mark.parametrize("wire", [5, {"a": 1}, ["x"], "zzzz" * 200, [None], [["a"]], True, b"x"])
def test_malformed_wire_is_refused(code: str, wire: object) -> None:
    with pytest.raises(BadResponse):
        get_kind(code).read(EXAMPLES[code][0], wire, seed=9)


def test_ids_of_another_attempt_mean_nothing_here() -> None:
    kind = get_kind("single")
    foreign = kind.present(OPTIONS, seed=1, shuffle=True).options[0].id
    with pytest.raises(BadResponse):
        kind.read(OPTIONS, foreign, seed=2)


@given(seed=st.integers(0, 2**63 - 1), shuffle=st.booleans())
def test_shown_options_do_not_depend_on_the_key(seed: int, shuffle: bool) -> None:
    """Grading knows the key, showing does not: ``present`` has no such parameter and shows every option once."""
    for code, (content, _key, _responses) in EXAMPLES.items():
        shown = get_kind(code).present(content, seed=seed, shuffle=shuffle)
        texts = [option["text"] for option in asdict(shown)["options"]]
        if code in ("single", "multiple"):
            assert sorted(texts) == sorted(OPTIONS["options"])
        assert len({option.id for option in (*shown.options, *shown.targets)}) == len(shown.options) + len(
            shown.targets
        )


@given(seed=st.integers(0, 2**63 - 1), data=st.data())
def test_the_tapped_option_is_the_stored_option(seed: int, data: st.DataObject) -> None:
    """A reload between seeing and tapping changes nothing (failures B14)."""
    kind = get_kind("single")
    tapped = data.draw(st.sampled_from(kind.present(OPTIONS, seed=seed, shuffle=True).options))
    again = {option.id: option.text for option in kind.present(OPTIONS, seed=seed, shuffle=True).options}
    stored = kind.read(OPTIONS, tapped.id, seed=seed)
    assert kind.tell_response(OPTIONS, stored) == tapped.text == again[tapped.id]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("34", "34"), ("1.234", "1234"), ("12,5", "12.5"), ("12.5", "12.5"), ("1.234.567,8", "1234567.8"), (" 007 ", "7")],
)
def test_numbers_as_vietnamese_write_them(written: str, meant: str) -> None:
    assert plain(parse_number(written)) == meant


@pytest.mark.parametrize("written", ["", "abc", "1e9", "--1", "1,2,3", "٣", "9" * 40, "0x10", "nan", "inf"])
def test_what_is_no_number_is_refused_kindly(written: str) -> None:
    with pytest.raises(BadResponse):
        parse_number(written)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    for code in ("short", "numeric"):
        try:
            canonical = get_kind(code).read(EXAMPLES[code][0], text, seed=1)
        except BadResponse:
            continue
        assert 0 <= get_kind(code).grade(*EXAMPLES[code][:2], canonical) <= 1000
