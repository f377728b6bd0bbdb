"""Names and ages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.names import clean_name, is_minor, plausible_birth_year


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Phước Thiên Hương Bảo Châu", "Lan", "H'Hen Niê", "K’Brếu", "Y Blôk-Êban", "Trần T. Hòa", "Ngô Bảo Châu"],
)
def test_names_of_viet_nam_are_names(name):
    assert clean_name(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", " ", "A", "A B", "Lan 2", "<b>Lan</b>", "lan@x.vn", "Lan" * 40, "...", "😀 Lan"])
def test_what_is_no_name_is_refused(name):
    assert clean_name(name) is None


def test_decomposed_letters_become_one_form():
    assert clean_name(unicodedata.normalize("NFD", "Nguyễn Thị Mỹ")) == "Nguyễn Thị Mỹ"


@given(st.text(max_size=120))
def test_cleaning_is_idempotent(text):
    name = clean_name(text)
    assert name is None or clean_name(name) == name


@pytest.mark.parametrize(("born", "minor"), [(2011, True), (2010, True), (2009, False), (1980, False)])
def test_who_may_be_under_16_this_year_is_a_minor(born, minor):
    assert is_minor(born, year=2026) is minor


@pytest.mark.parametrize(("born", "fine"), [(2026, False), (2022, False), (2021, True), (1906, True), (1905, False)])
def test_birth_years_are_those_of_the_living(born, fine):
    assert plausible_birth_year(born, year=2026) is fine
