"""Names in public, and the order of names in Vietnamese lists."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.masking import mask, may_be_minor, name_sort_key, public_name
from contest.rules.enums import MaskStyle
from contest.rules.parts import Masking

AN = "Nguyễn Văn An"


@pytest.mark.parametrize(
    ("name", "style", "shown"),
    [
        (AN, MaskStyle.FULL, "Nguyễn Văn An"),
        (AN, MaskStyle.MASKED, "Nguyễn V** A**"),
        (AN, MaskStyle.INITIALS, "N. V. A."),
        ("  đặng   thị Ánh ", MaskStyle.MASKED, "đặng T** Á**"),
        ("Đặng Thị Ánh", MaskStyle.INITIALS, "Đ. T. Á."),
        ("H'Hen Niê", MaskStyle.MASKED, "H'Hen N**"),
        ("An", MaskStyle.MASKED, "A**"),
        ("An", MaskStyle.INITIALS, "A."),
        ("", MaskStyle.MASKED, ""),
        ("Nguyê\u0303n V\u0103n A\u0302n", MaskStyle.INITIALS, "N. V. Â."),
    ],
)
def test_name_in_each_style(name, style, shown):
    assert mask(name, style) == shown


@pytest.mark.parametrize(
    ("style", "minors", "shown"),
    [
        (MaskStyle.FULL, MaskStyle.INITIALS, "N. V. A."),
        (MaskStyle.FULL, MaskStyle.MASKED, "Nguyễn V** A**"),
        (MaskStyle.FULL, MaskStyle.FULL, "Nguyễn V** A**"),
        (MaskStyle.INITIALS, MaskStyle.MASKED, "N. V. A."),
    ],
)
def test_minor_is_never_shown_in_full_and_gets_the_stricter_style(style, minors, shown):
    masking = Masking(style=style, minors_style=minors)

    assert public_name(AN, masking=masking, minor=True) == shown
    assert public_name(AN, masking=masking, minor=False) == mask(AN, style)


def test_somebody_who_turns_sixteen_this_year_may_still_be_fifteen():
    assert [may_be_minor(born, year=2026) for born in (2011, 2010, 2009, None)] == [True, True, False, True]


def test_people_are_sorted_by_given_name_in_the_vietnamese_alphabet():
    people = [
        "Trần Thị Ân",
        "Lê Văn Đức",
        "Nguyễn Văn An",
        "Phạm Thị Dung",
        "Bùi Văn An",
        "Vũ Thị Ánh",
        "Hoàng Văn Dũng",
        "Đỗ Thị Hoà",
        "Cao Thị Hoa",
        "Ngô Thị Hòa",
        "Bùi Văn Ưng",
        "Bùi Văn Uy",
    ]

    assert sorted(people, key=name_sort_key) == [
        "Bùi Văn An",
        "Nguyễn Văn An",
        "Vũ Thị Ánh",
        "Trần Thị Ân",
        "Phạm Thị Dung",
        "Hoàng Văn Dũng",
        "Lê Văn Đức",
        "Cao Thị Hoa",
        "Đỗ Thị Hoà",
        "Ngô Thị Hòa",
        "Bùi Văn Uy",
        "Bùi Văn Ưng",
    ]


def test_tones_stand_in_their_order_between_equal_letters():
    names = ["Mạ", "Má", "Mã", "Mả", "Mà", "Ma"]

    assert sorted(names, key=name_sort_key) == ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]


def test_family_name_decides_before_the_middle_name():
    people = ["Trần Anh Lan", "Lê Thị Lan", "Lê Anh Lan"]

    assert sorted(people, key=name_sort_key) == ["Lê Anh Lan", "Lê Thị Lan", "Trần Anh Lan"]


names = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyAÂĐÊÔƯ áàảãạ'-", min_size=1, max_size=30)


@given(name=names, style=st.sampled_from([MaskStyle.MASKED, MaskStyle.INITIALS]))
def test_mask_keeps_no_given_name_and_no_length(name, style):
    shown = mask(name, style)
    words = unicodedata.normalize("NFC", name).split()

    for word in shown.split()[1:]:
        assert word.endswith(("**", "."))
        assert len(word.rstrip("*.")) <= 1
    assert len(shown.split()) == len(words)


@given(name=st.text(max_size=40))
def test_any_text_can_be_masked_and_sorted(name):
    assert all(isinstance(mask(name, style), str) for style in MaskStyle)
    assert name_sort_key(name) == name_sort_key(f" {name}\u200b")


@given(name=names)
def test_sorting_does_not_depend_on_the_normal_form(name):
    assert name_sort_key(unicodedata.normalize("NFD", name)) == name_sort_key(unicodedata.normalize("NFC", name))
