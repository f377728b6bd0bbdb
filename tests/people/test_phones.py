"""Phone numbers: every form people type is one stored form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.addresses import parse_address
from people.phones import _OLD_PREFIXES, is_mobile, mask_phone, normalise_phone, show_phone


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "+84912345678", "84912345678", "+84 (0) 912 345 678",
     "0084 912 345 678", " +84 912 345 678 ", "+840912345678"],
)  # fmt: skip
def test_forms_of_one_number_are_one_number(typed):
    assert normalise_phone(typed) == "+84912345678"


@pytest.mark.parametrize(
    "typed",
    ["", "0912", "091234567", "09123456789", "02838123456", "1900 1234", "113", "+1 202 555 0100", "+86 131 2345 6789",
     "lan@gmail.com", "0912345678 nhánh 2", "chín một hai", "0" * 400],
)  # fmt: skip
def test_what_is_no_vietnamese_mobile_is_refused(typed):
    assert normalise_phone(typed) is None


@pytest.mark.parametrize(("old", "new"), sorted(_OLD_PREFIXES.items()))
def test_eleven_digit_numbers_become_todays(old, new):
    expected = f"+84{new}1234567"
    assert {normalise_phone(f"0{old}1234567"), normalise_phone(f"84{old}1234567")} == {expected}
    assert normalise_phone(f"+84{old}1234567") == expected


@given(st.from_regex(r"(\+84|84|0)(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}", fullmatch=True), st.data())
def test_normalising_is_idempotent_and_blind_to_spaces(number, data):
    spot = data.draw(st.integers(1, len(number) - 1))
    spaced = f"{number[:spot]} {number[spot:]}"
    stored = normalise_phone(number)
    assert stored == normalise_phone(spaced)
    if stored is not None:
        assert normalise_phone(stored) == stored
        assert normalise_phone(show_phone(stored)) == stored
        assert is_mobile(stored)


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    stored = normalise_phone(text)
    assert stored is None or (stored.startswith("+84") and len(stored) == 12)


def test_shown_and_masked():
    assert show_phone("+84912345678") == "0912 345 678"
    assert mask_phone("+84912345678") == "0912 ••• 678"
    assert show_phone(None) == mask_phone("") == ""


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [("0912 345 678", "phone", "+84912345678"), (" Lan@Gmail.COM ", "email", "lan@gmail.com")],
)
def test_one_field_reads_both(typed, kind, value):
    address = parse_address(typed)
    assert (address.kind, address.value) == (kind, value)


@pytest.mark.parametrize("typed", ["lan@", "@gmail.com", "lan gmail.com", "x" * 300 + "@a.vn", "\u202e0912345678x"])
def test_one_field_refuses_what_is_neither(typed):
    assert parse_address(typed) is None


def test_digest_tells_addresses_apart_and_hides_them():
    one, two = parse_address("0912345678"), parse_address("0912345679")
    assert one.digest == parse_address("+84912345678").digest != two.digest
    assert "912345678" not in one.digest
    assert (one.masked, parse_address("lan@gmail.com").masked) == ("0912 ••• 678", "l•••@gmail.com")
