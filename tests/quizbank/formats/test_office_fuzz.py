"""Whatever is done to an Office file, its reader answers with questions or with a refusal (failures F3, 5.5)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizbank.errors import BadFile
from quizbank.formats.base import Format, Parsed
from quizbank.formats.classquiz import ClassQuiz
from quizbank.formats.kahoot import Kahoot
from quizbank.formats.quizizz import Quizizz
from quizbank.formats.sheet import Csv, Xlsx
from quizbank.formats.template import EXAMPLES
from quizbank.formats.word import Word
from tests.quizbank.formats.office_cases import DEFAULTS

READERS = [Xlsx(), Csv(), Kahoot(), Quizizz(), ClassQuiz(), Word()]
WRITTEN: dict[str, bytes] = {one.code: one.write(EXAMPLES, title="Đề") for one in READERS if one.writes}
QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def understood(reader: Format, data: bytes) -> Parsed | None:
    """What the reader says; every question of it can be checked and stored as JSON."""
    assert 0 <= reader.likely(data, "x") <= 100
    try:
        parsed = reader.read(data, defaults=DEFAULTS)
    except BadFile:
        return None
    for found in parsed.found:
        json.dumps(asdict(found.draft))
        if not found.problems:
            found.draft.problems()
    return parsed


@QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Câu hỏi,A,B,Đáp án\n".encode()]),
)
@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.code)
def test_any_bytes(reader: Format, data: bytes, begin: bytes) -> None:
    understood(reader, begin + data)


@QUICK
@given(st.data())
@pytest.mark.parametrize("code", WRITTEN)
def test_damaged_bytes_never_give_another_key(code: str, data: st.DataObject) -> None:
    reader = next(one for one in READERS if one.code == code)
    body = bytearray(WRITTEN[code])
    for _time in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    parsed = understood(reader, bytes(body))
    if parsed and code != "csv":  # each member has its checksum; plain text has none
        whole = understood(reader, WRITTEN[code])
        assert whole is not None
        assert [found.draft for found in parsed.found] == [found.draft for found in whole.found]


@QUICK
@given(st.data())
@pytest.mark.parametrize("code", ["xlsx", "kahoot", "word"])
def test_damaged_members(code: str, data: st.DataObject) -> None:
    """Damage that a checksum does not show: as if another program had written nonsense."""
    reader = next(one for one in READERS if one.code == code)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WRITTEN[code])) as old, zipfile.ZipFile(out, "w") as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        hurt = data.draw(st.sampled_from(names))
        action = data.draw(st.sampled_from(["drop", "cut", "change", "swap"]))
        for name in old.namelist():
            body = old.read(name)
            if name == hurt and action == "drop":
                continue
            if name == hurt:
                body = _hurt(body, action, data)
            new.writestr(name, body)
    understood(reader, out.getvalue())


def _hurt(body: bytes, action: str, data: st.DataObject) -> bytes:
    place = data.draw(st.integers(0, max(0, len(body) - 1)))
    if action == "cut":
        return body[:place]
    if action == "swap":
        tags = body.split(b"<")
        one, other = data.draw(st.integers(0, len(tags) - 1)), data.draw(st.integers(0, len(tags) - 1))
        tags[one], tags[other] = tags[other], tags[one]
        return b"<".join(tags)
    return body[:place] + data.draw(st.binary(max_size=6)) + body[place + data.draw(st.integers(0, 6)) :]


LINES = st.lists(
    st.one_of(
        st.sampled_from(["Câu 1: Hỏi?", "Câu 2. ", "1) x", "A. a", "B. b\tC. c", "a) x", "*D. d", "Đáp án: B", "Đáp án", "ĐÁP ÁN", "1.B 2.C",
                         "Giải thích: x", "Loại câu: Ghép cặp", "Loại câu: Sắp xếp", "Khác: {", "Cách chấm: x", "", "....", "Giây: 9999"]),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    ),
    max_size=14,
)  # fmt: skip


@QUICK
@given(LINES)
def test_any_lines_of_a_word_file(lines: list[str]) -> None:
    out = io.BytesIO()
    body = "".join(f"<w:p><w:r><w:t xml:space='preserve'>{_escaped(line)}</w:t></w:r></w:p>" for line in lines)
    with zipfile.ZipFile(io.BytesIO(WRITTEN["word"])) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                head = data[: data.index(b"<w:body>")]
                data = head + f"<w:body>{body}</w:body></w:document>".encode()
            new.writestr(name, data)
    understood(Word(), out.getvalue())


def _escaped(line: str) -> str:
    text = line.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(char for char in text if char == "\t" or (char >= " " and char not in "\ufffe\uffff"))


@QUICK
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(
                    ["Câu hỏi", "A", "B", "Đáp án", "Loại câu", "Ghép cặp", "Sắp xếp", "Điền số", "A; B", "1", "a|b"]
                ),
                st.text(max_size=12),
            ),
            max_size=8,
        ),
        max_size=8,
    )
)
def test_any_cells_of_a_table(rows: list[list[str]]) -> None:
    text = "Loại câu\tCâu hỏi\tA\tB\tC\tĐáp án\tCách chấm\n" + "\n".join(
        "\t".join(cell.replace("\0", "") for cell in row) for row in rows
    )
    for reader in (Csv(), Kahoot(), Quizizz()):
        understood(reader, text.encode("utf-8", "replace"))
