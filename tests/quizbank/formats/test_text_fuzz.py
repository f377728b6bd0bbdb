"""The text and XML formats on rubbish, on files cut short and on files tampered with: an answer or a refusal, never more.

Whatever comes through without a problem is sound, and a question that is still whole has still its own key.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizbank.errors import BadFile
from quizbank.formats.aiken import Aiken
from quizbank.formats.base import Format, Parsed
from quizbank.formats.gift import Gift
from quizbank.formats.moodle import MoodleXml
from quizbank.formats.qti import Qti2, Qti3
from tests.quizbank.formats.items import TAO, V3_NUMBER, choices, item
from tests.quizbank.formats.strategies import DEFAULTS, Maker
from tests.quizbank.formats.words import told, zipped

pytestmark = pytest.mark.sqlite_only

FORMATS: dict[str, Format] = {one.code: one for one in (Gift(), Aiken(), MoodleXml(), Qti2(), Qti3())}
SEEDS: dict[str, bytes] = {
    "gift": "// [id:A-1]\n::Tên::[html]<p>Câu <b>một</b></p>{\n~%50%a#b\n=c\n####d\n}\n\n::A-2::Hai {#3:1 =%50%4}\n\nBa {=x->y =z->t}\n".encode(),
    "aiken": "Câu một?\nA. một\nB. hai\nC. ba\nANSWER: B\n\nCâu hai?\nA. bốn\nB. năm\nANSWER: A\n".encode(),
    "moodle": (Path(__file__).parent / "moodle_export.xml").read_bytes(),
    "qti2": TAO.replace("PROCESSING", "map_response").encode(),
    "qti3": V3_NUMBER.replace("TOLERANCE", "exact").encode(),
}
SIGNS = st.lists(
    st.sampled_from(
        [*"{}=~#:\\%>-[]()<&/\n\t \"'*_.", "A. ", "ANSWER: ", "::", "####", "->", "$CATEGORY:", "//", "[html]", "<p>",
         "<quiz>", "</quiz>", '<question type="multichoice">', "</question>", '<answer fraction="100">', "<text>", "</text>",
         "<![CDATA[", "]]>", "<!--thiso ", "-->", "// thiso {", '"places":[1,0]', "đúng", "Sai", "1", "½", "\ufeff", "\0"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def understood(fmt: Format, data: bytes) -> Parsed | None:
    """What a format makes of bytes, None for a refusal; anything else is a failure."""
    try:
        parsed = fmt.read(data, defaults=DEFAULTS)
    except BadFile:
        return None
    for found in parsed.found:
        assert found.place
        if not found.problems:
            assert found.draft.problems() == []
            told(found)
    return parsed


@pytest.mark.parametrize("code", sorted(FORMATS))
@settings(max_examples=40, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), SIGNS.map(str.encode)))
@example(data=b"{" * 1000)
@example(data=b"$CATEGORY: a\n{}")
@example(data='// thiso {"translations":[1],"places":{},"key":[],"audience":"x"}\nHỏi {=a ~b}'.encode())
def test_rubbish_is_understood_or_refused(code: str, data: bytes) -> None:
    fmt = FORMATS[code]
    assert 0 <= fmt.likely(data, "x") <= 100
    understood(fmt, data)


@pytest.mark.parametrize("code", sorted(FORMATS))
@settings(max_examples=60, deadline=None)
@given(change=st.data())
def test_tampered_file_is_understood_or_refused(code: str, change: st.DataObject) -> None:
    data = SEEDS[code]
    for _round in range(change.draw(st.integers(1, 4))):
        start = change.draw(st.integers(0, len(data)))
        end = min(len(data), start + change.draw(st.integers(0, 30)))
        data = data[:start] + change.draw(st.one_of(SIGNS.map(str.encode), st.binary(max_size=5))) + data[end:]
    understood(FORMATS[code], data)


@pytest.mark.parametrize("code", sorted(FORMATS))
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**30), share=st.floats(0, 1))
def test_file_cut_short_keeps_keys_or_tells(code: str, seed: int, share: float) -> None:
    fmt, maker = FORMATS[code], Maker(seed)
    drafts = [maker.draft(tuple(sorted(fmt.kinds)), rich=False) for _ in range(3)]
    whole = fmt.write(drafts, title="x")
    keys = {found.draft.stem: told(found) for found in fmt.read(whole, defaults=DEFAULTS).found}
    parsed = understood(fmt, whole[: int(len(whole) * share)])
    for found in parsed.found if parsed else ():
        if not found.problems and found.draft.stem in keys:
            assert told(found) == keys[found.draft.stem]


@settings(max_examples=60, deadline=None)
@given(change=st.data())
def test_package_with_tampered_members(change: st.DataObject) -> None:
    text = item(choices("a", "b", "c"), "b").encode()
    at = change.draw(st.integers(0, len(text)))
    tampered = text[:at] + change.draw(SIGNS).encode() + text[at + change.draw(st.integers(0, 10)) :]
    parsed = understood(Qti3(), zipped({"a.xml": tampered, "b.xml": text}))
    assert parsed is None or [found.problems for found in parsed.found if found.place == "b.xml"] == [()]


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), noise=st.binary(min_size=1, max_size=20))
def test_package_with_tampered_bytes(at: float, noise: bytes) -> None:
    data = zipped({"a.xml": item(choices("a", "b", "c"), "b")})
    place = int(len(data) * at)
    understood(Qti3(), data[:place] + noise + data[place + len(noise) :])


@pytest.mark.parametrize(
    "sign", ["<", "&", "[", "*", "_", "{", "}", "=", "~", "\\", "::", "<b>", "<ul><li>", "<!--", "![", "->", "%", "\n"]
)
@pytest.mark.parametrize("code", ["gift", "moodle"])
def test_one_sign_a_hundred_thousand_times(code: str, sign: str) -> None:
    many = sign * (100_000 // len(sign))
    if code == "moodle":
        escaped = many.replace("&", "&amp;").replace("<", "&lt;")
        many = f'<quiz><question type="truefalse"><questiontext format="html"><text>{escaped}</text></questiontext></question></quiz>'
    understood(FORMATS[code], many.encode())
    understood(FORMATS[code], f"[html]{many}{{=a ~b}}".encode() if code == "gift" else many.encode())


@pytest.mark.parametrize(
    ("code", "data", "sentence"),
    [
        ("gift", b"\n" * 300_001 + b"a {T}", "quá nhiều dòng"),
        ("aiken", b"a\nA. b\n" + b"x\n" * 300_001 + b"ANSWER: A", "quá nhiều dòng"),
        ("gift", b"a {T}\n\n" * 10_001, "10000 câu hỏi"),
        ("gift", b"a {T}" * 2_200_000, "nhiều nhất được 10 MB"),
    ],
)
def test_files_beyond_measure_are_refused(code: str, data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        FORMATS[code].read(data, defaults=DEFAULTS)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("gift", b"a {" + b"=b~" * 300_000 + b"}"),
        ("gift", b"a {" + b"=b->c" * 300_000 + b"}"),
        ("gift", b"a {#" + b"=1" * 300_000 + b"}"),
        ("moodle", b'<quiz><question type="multichoice">' + b"<answer/>" * 300_000 + b"</question></quiz>"),
        ("qti2", item(choices("a", "b"), "a").replace("</choiceI", "<simpleChoice identifier='z'/>" * 20_000 + "</choiceI").encode()),
    ],
)  # fmt: skip
def test_question_with_countless_answers_is_a_problem(code: str, data: bytes) -> None:
    (found,) = FORMATS[code].read(data, defaults=DEFAULTS).found
    assert found.problems[0] in ("Câu có quá nhiều phương án trả lời.", "Phần chữ của câu quá dài.")
