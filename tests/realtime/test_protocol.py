"""The frames: exact, tolerant of additions, strict about everything else, and as the document says."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime import protocol
from realtime.enums import Action
from realtime.live_frames import LIVE_FROM_CLIENT, LIVE_FROM_SERVER
from realtime.protocol import (
    FROM_CLIENT,
    FROM_SERVER,
    LARGEST_FRAME,
    BadFrame,
    Board,
    Close,
    Frame,
    PersonRow,
    Ping,
    UnitRow,
    decode_from_client,
    decode_from_server,
    fit,
)

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()

numbers = st.integers(0, 2**53)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
people = st.builds(
    PersonRow, key=texts, rank=numbers, tied=st.booleans(), name=texts, unit=texts, points=numbers, ms=numbers
)
units = st.builds(UnitRow, key=texts, rank=numbers, tied=st.booleans(), name=texts, people=numbers, text=texts)
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "int": numbers,
    "str": texts,
    "tuple[PersonRow, ...]": st.lists(people, max_size=5).map(tuple),
    "tuple[UnitRow, ...]": st.lists(units, max_size=5).map(tuple),
}


def frames_of(kind: type[Frame]) -> st.SearchStrategy[Frame]:
    hints = {"retry_ms": "int"} | {part.name: str(part.type) for part in fields(kind)}
    return st.builds(kind, **{part.name: PARTS[hints[part.name]] for part in fields(kind)})


def test_every_command_of_a_host_has_its_line_in_the_document():
    table = DOCUMENT.split("### Data of a command")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(Action.values)


@settings(deadline=None)
@given(st.one_of([frames_of(kind) for kind in FROM_SERVER]))
def test_what_the_server_says_is_read_back_as_it_was(frame):
    assert decode_from_server(frame.encode()) == frame
    assert frame.encode() == frame.encode()


@settings(deadline=None)
@given(st.one_of([frames_of(kind) for kind in FROM_CLIENT]))
def test_what_a_client_says_is_read_back_as_it_was(frame):
    assert decode_from_client(frame.encode()) == frame


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_json"),
        ("hello", "bad_json"),
        ("[1]", "bad_json"),
        ("[" * 10_000, "bad_json"),
        ('{"type":"ping"}', "bad_version"),
        ('{"v":2,"type":"ping"}', "bad_version"),
        ('{"v":1}', "unknown_type"),
        ('{"v":1,"type":"board"}', "unknown_type"),
        ('{"v":1,"type":["ping"]}', "unknown_type"),
        ('{"v":1,"type":"ping","seq":"1"}', "bad_field"),
        ('{"v":1,"type":"ping","seq":true}', "bad_field"),
        ('{"v":1,"type":"ping","seq":1.5}', "bad_field"),
        ('{"v":1,"type":"ping","seq":1e400}', "bad_field"),
        ('{"v":1,"type":"ping","seq":99999999999999999999}', "bad_field"),
    ],
)
def test_a_message_that_is_no_frame_is_refused_by_name(text, code):
    with pytest.raises(BadFrame) as refusal:
        decode_from_client(text)
    assert refusal.value.code == code


@settings(deadline=None)
@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | texts, st.lists).map(json.dumps))
def test_any_other_text_is_a_bad_frame_and_nothing_worse(text):
    with pytest.raises(BadFrame):
        decode_from_client(text)


def test_fields_may_be_added_later():
    assert decode_from_client('{"v":1,"type":"ping","epoch":3,"seq":4,"mood":"good"}') == Ping(epoch=3, seq=4)


def test_a_board_of_the_longest_names_fits_a_frame_and_keeps_its_head():
    long = "Ủy ban Mặt trận Tổ quốc Việt Nam xã " * 6
    board = Board(
        at=0,
        now=0,
        round=1,
        state="live",
        closes=0,
        people=60,
        units_total=60,
        rows=tuple(
            PersonRow(key=f"{n}", rank=n, tied=False, name=long[:100], unit=long[:200], points=n, ms=n)
            for n in range(60)
        ),
        units=tuple(UnitRow(key=f"{n}", rank=n, tied=False, name=long[:200], people=n, text="1") for n in range(60)),
    )
    fitted = fit(board)
    assert len(board.encode().encode()) > LARGEST_FRAME >= len(fitted.encode().encode())
    assert fitted.rows == board.rows[: len(fitted.rows)]
    assert fitted.units == board.units[: len(fitted.units)]
    assert len(fitted.rows) > 10
    assert len(fitted.units) > 10
    assert fit(fitted) is fitted


def table(heading: str) -> dict[str, str]:
    """First column → second column of the table below a heading of the document."""
    section = re.split(r"^#{2,4} ", DOCUMENT.split(f" {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return {(cells := [cell.strip().strip("`") for cell in line.split("|")[1:-1]])[0]: cells[1] for line in lines}


def shape(kind: type[Any]) -> dict[str, str]:
    """Field → type, as the document writes them."""
    own = [part for part in fields(kind) if part.name not in {"epoch", "seq"}]
    names = {"int": "number", "str": "text", "bool": "yes or no"}
    lists = {"tuple[PersonRow, ...]": "list of person rows", "tuple[UnitRow, ...]": "list of unit rows"}
    return {part.name: (names | lists)[str(part.type)] for part in own}


@pytest.mark.parametrize("kind", [*FROM_SERVER, *FROM_CLIENT], ids=lambda kind: kind.TYPE)
def test_the_document_has_every_frame_and_no_other_field(kind):
    assert table(f"`{kind.TYPE}`") == shape(kind)


@pytest.mark.parametrize(("heading", "kind"), [("Person row", PersonRow), ("Unit row", UnitRow)])
def test_the_document_has_every_row_and_no_other_field(heading, kind):
    assert table(heading) == shape(kind)
    assert all(part.default is MISSING for part in fields(kind))


def test_the_document_has_no_frame_that_does_not_exist():
    headings = set(re.findall(r"^#### `(\w+)`$", DOCUMENT, re.MULTILINE))
    assert headings == {kind.TYPE for kind in (*FROM_SERVER, *FROM_CLIENT, *LIVE_FROM_SERVER, *LIVE_FROM_CLIENT)}


def test_the_document_has_every_close_code():
    ours = {str(code.value): code.name for code in Close}
    assert {code: name for code, name in table("Close codes").items() if code.startswith("44")} == ours
    assert str(protocol.TOO_BIG) in table("Close codes")


def test_the_document_has_every_limit():
    limits = {
        name: str(value)
        for name, value in vars(protocol).items()
        if name.isupper()
        and isinstance(value, int | float)
        and not name.startswith("_")
        and name not in {"VERSION", "TOO_BIG"}
    }
    assert table("Limits") == limits
