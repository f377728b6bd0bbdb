"""The spreadsheet of Quizizz with its row of instructions, and its variants."""

from __future__ import annotations

from typing import Any

import pytest

from quizbank.errors import BadFile
from quizbank.formats.quizizz import Quizizz
from tests.quizbank.formats.office_cases import DEFAULTS, book

HEAD = [
    "Question Text", "Question Type", "Option 1", "Option 2", "Option 3", "Option 4", "Option 5", "Correct Answer",
    "Time in seconds", "Image Link", "Answer explanation",
]  # fmt: skip
HELP = [
    "Text of the question", "Question Type (default is Multiple Choice)", "Text for option 1", "Text for option 2",
    "Text for option 3 (optional)", "", "", "The correct option choice (between 1-5)", "Time in seconds (optional)", "Link", "",
]  # fmt: skip


def test_every_type_is_read_or_told() -> None:
    data = book(
        HEAD,
        HELP,
        ["Một?", "Multiple Choice", "a", "b", "c", "d", None, 2, 30, "https://a.vn/x.png", "Vì thế"],
        ["Hai?", "Checkbox", "a", "b", "c", None, None, "1,3", 45],
        ["Ba?", "Fill-in-the-Blank", "OTP", "mã OTP", None, None, None, None, 20],
        ["Bốn?", None, "Đúng", "Sai", None, None, None, "1"],
        ["Năm?", "Poll", "a", "b"],
        ["Sáu?", "Open-Ended"],
        ["Bảy?", "Multiple Choice", "a", "b", "c", None, None, "1,2"],
        ["Tám?", "Reorder", "a", "b", "c"],
    )
    parsed = Quizizz().read(data, defaults=DEFAULTS)
    drafts = [found.draft for found in parsed.found]
    assert [found.place for found in parsed.found] == [f"Dòng {n}" for n in range(3, 11)]
    assert (drafts[0].key, drafts[0].extra, drafts[0].explanation) == ({"right": "B"}, {"seconds": 30}, "Vì thế")
    assert (drafts[1].kind, drafts[1].key) == ("multiple", {"right": ["A", "C"]})
    assert (drafts[2].kind, drafts[2].key) == ("short", {"accept": ["OTP", "mã OTP"]})
    assert (drafts[3].kind, drafts[3].key) == ("boolean", {"right": True})
    assert [bool(found.problems) for found in parsed.found] == [False, False, False, False, True, True, False, True]
    assert "Poll" in parsed.found[4].problems[0]
    assert (drafts[6].kind, bool(parsed.found[6].warnings), parsed.found[1].warnings) == ("multiple", True, ())
    assert parsed.found[0].warnings
    assert "1 hình" in parsed.notes[0]
    assert Quizizz().likely(data, "x.xlsx") > 95


@pytest.mark.parametrize(
    "head", [HEAD[:6] + HEAD[7:9], [*HEAD[:9], "Link of the image"], [name.upper() for name in HEAD], ["STT", *HEAD]]
)
def test_variants_of_the_headings(head: list[str]) -> None:
    row: list[Any] = [
        {"Question Text": "Hỏi?", "Option 1": "a", "Option 2": "b", "Correct Answer": 2}.get(
            name.title() if name.isupper() else name
        )
        for name in head
    ]
    (found,) = Quizizz().read(book(head, row), defaults=DEFAULTS).found
    assert (found.problems, found.draft.key) == ((), {"right": "B"})


def test_another_table_is_refused() -> None:
    with pytest.raises(BadFile):
        Quizizz().read(book(["a", "b"]), defaults=DEFAULTS)
