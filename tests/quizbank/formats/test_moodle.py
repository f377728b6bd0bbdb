"""Moodle XML: a file as Moodle 4 exports it, and our own without loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Found, Parsed
from quizbank.formats.moodle import MoodleXml
from tests.quizbank.formats.strategies import DEFAULTS, drafts
from tests.quizbank.formats.words import PNG, told

pytestmark = pytest.mark.sqlite_only

MOODLE = MoodleXml()
EXPORT = (Path(__file__).parent / "moodle_export.xml").read_bytes()


def read(data: bytes | str) -> Parsed:
    return MOODLE.read(data.encode() if isinstance(data, str) else data, defaults=DEFAULTS)


def one(question: str) -> Found:
    (found,) = read(f"<quiz>{question}</quiz>").found
    return found


def choice(answers: str, extra: str = "<single>true</single>", stem: str = "Hỏi?") -> Found:
    text = f'<questiontext format="html"><text>{stem}</text></questiontext>'
    return one(f'<question type="multichoice">{text}{extra}{answers}</question>')


def answer(text: str, fraction: str) -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text></answer>'


def test_export_of_moodle_4() -> None:
    parsed = read(EXPORT)
    otp, several, false, short, number, pairs, order, essay, cloze, calculated, strange = parsed.found
    assert otp.draft == Draft(
        kind="single",
        stem="Ai được biết **mã OTP** của bạn?",
        content={"options": ["Nhân viên ngân hàng", "Chỉ mình bạn & không ai khác", "Thiết bị có khí CO₂, 10 m²"]},
        key={"right": "B", "weights": {"C": 333}},
        difficulty="medium",
        explanation="Ngân hàng không bao giờ hỏi mã OTP.",
        topic="an-toan",
        code="AT-OTP-1",
        tags=("otp", "lừa đảo"),
        extra={
            "markdown": True,
            "feedback": {"A": "Không ai ở ngân hàng cần mã."},
            "picture": {"name": "màn hình.png", "alt": "Màn hình OTP"},
            "source": {
                "moodle": {
                    "category": "$course$/top/Trường THPT Lê Lợi/An toàn thông tin và dữ liệu cá nhân",
                    "name": "Mã OTP",
                    "defaultgrade": "2.0000000",
                    "shuffleanswers": "false",
                    "answernumbering": "ABCD",
                    "combined": {"correctfeedback": "Câu trả lời của bạn đúng", "incorrectfeedback": "Chưa đúng"},
                    "hints": ["Nghĩ đến tiền của mình."],
                }
            },
        },
    )
    assert otp.pictures == {"màn hình.png": PNG}
    assert any("thứ tự phương án" in warning for warning in otp.warnings)
    assert several.draft.code == "Q2"
    assert several.draft.stem == "Việc nào nên làm?\n\n- ở nhà\n- ở cơ quan"
    assert several.draft.key == {"right": ["A", "B"], "scheme": "partial"}
    assert false.draft.key == {"right": False}
    assert false.draft.extra["feedback"] == {"T": "Chưa đúng"}
    assert short.draft.key == {
        "accept": ["Hà Nội", "HN * Thủ đô"], "accents": False, "case": True, "weights": [1000, 800],
    }  # fmt: skip
    assert short.draft.extra["source"]["moodle"]["others"] == [{"text": "*", "feedback": "Bạn xem lại bài nhé"}]
    assert number.draft.key == {
        "value": "104.5", "tolerance": "0.5", "also": [{"value": "100", "tolerance": "20", "weight": 500}],
    }  # fmt: skip
    assert number.draft.content == {"unit": "km"}
    assert number.draft.extra["feedback"] == {"0": "Đúng", "1": "Gần đúng"}
    assert told(pairs) == "VNeID – Định danh; DTI – Chỉ số"
    assert sorted(pairs.draft.content["rights"]) == ["Chỉ số", "Nghị định", "Định danh"]
    assert told(order) == "Đăng ký → Làm bài → Nộp bài"
    assert order.draft.key["scheme"] == "partial"
    assert ["tự luận" in essay.problems[0], "Cloze" in cloze.problems[0], "ngẫu nhiên" in calculated.problems[0]] == [
        True
    ] * 3
    assert "stack" in strange.problems[0]
    assert [found.problems for found in parsed.found[:7]] == [()] * 7
    assert otp.place == "Câu 1"


def test_export_is_stable() -> None:
    found = [each for each in read(EXPORT).found if not each.problems]
    first = [with_bytes(each) for each in found]
    written = MOODLE.write(first, title="x")
    again = read(written).found
    assert [each.draft for each in again] == [each.draft for each in found]
    assert [each.pictures for each in again] == [each.pictures for each in found]
    assert MOODLE.write([with_bytes(each) for each in again], title="x") == written


def with_bytes(found: Found) -> Draft:
    """The draft as it is handed to writers: with the bytes of its picture."""
    picture = found.draft.extra.get("picture")
    if not picture:
        return found.draft
    return replace(
        found.draft, extra={**found.draft.extra, "picture": {**picture, "data": found.pictures[picture["name"]]}}
    )


@settings(max_examples=150, deadline=None)
@given(drafts())
def test_written_draft_is_read_back_whole(draft: Draft) -> None:
    (found,) = read(MOODLE.write([draft], title="Đề")).found
    assert found.problems == ()
    assert found.draft == draft


@settings(max_examples=25, deadline=None)
@given(drafts(), drafts(), drafts())
def test_many_drafts_keep_their_order(first: Draft, second: Draft, third: Draft) -> None:
    written = MOODLE.write([first, second, third], title="Đề")
    assert [found.draft for found in read(written).found] == [first, second, third]


@pytest.mark.parametrize("markdown", [False, True])
def test_picture_travels_with_its_question(markdown: bool) -> None:
    extra = {"picture": {"name": "a b].png", "alt": 'Hình "1" [x]', "data": PNG}} | (
        {"markdown": True} if markdown else {}
    )
    draft = Draft(kind="boolean", stem="Một\nhai <3", content={}, key={"right": True}, difficulty="easy", extra=extra)
    (found,) = read(MOODLE.write([draft], title="x")).found
    assert found.draft.stem == draft.stem
    assert found.draft.extra["picture"] == {"name": "a b].png", "alt": 'Hình "1" [x]'}
    assert found.pictures == {"a b].png": PNG}


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (choice(answer("a", "50") + answer("b", "0")), "trọn điểm"),
        (choice(answer("a", "abc") + answer("b", "100")), "phần trăm"),
        (choice(answer("a", "0") + answer("b", "0") + answer("c", "0"), "<single>0</single>"), "điểm dương"),
        (choice("".join(answer(str(n), "0") for n in range(9))), "9 phương án"),
        (choice(answer("&lt;img src='@@PLUGINFILE@@/x.png'&gt;", "100") + answer("b", "0")), "Phương án có hình"),
        (
            choice(answer("a", "100") + answer("b", "0"), stem="&lt;img src='@@PLUGINFILE@@/x.png'&gt;?"),
            "Thiếu tệp hình x.png",
        ),
        (
            choice(answer("a", "100") + answer("b", "0"), stem="&lt;img src='data:image/png;base64,aGk='&gt;" * 2),
            "nhiều hình",
        ),
        (one('<question type="truefalse"><answer fraction="100"><text>true</text></answer></question>'), "đúng/sai"),
        (one('<question type="numerical"><answer fraction="100"><text>abc</text></answer></question>'), "abc"),
        (one('<question type="numerical"><answer fraction="100"><text>1e99</text></answer></question>'), "1e99"),
        (
            one('<question type="ordering">' + answer("a", "3") + answer("b", "2") + answer("c", "1") + "</question>"),
            "mâu thuẫn",
        ),
        (one('<question type="ordering">' + answer("a", "1") + answer("b", "2") + "</question>"), "3 đến 8"),
        (one('<question type="shortanswer"><answer fraction="100"><text>Hà*</text></answer></question>'), "Dấu *"),
        (one("<question/>"), "chưa dùng được"),
    ],
)
def test_doubt_is_a_problem(found: Found, sentence: str) -> None:
    assert any(sentence in problem for problem in found.problems), found.problems


def test_two_full_answers_are_told() -> None:
    found = choice(answer("a", "100") + answer("b", "100") + answer("c", "0"))
    assert found.draft.key == {"right": "A", "weights": {"B": 1000}}
    assert "A, B" in found.warnings[0]


def test_remote_picture_is_noted() -> None:
    parsed = read("<quiz><question type='truefalse'><questiontext format='html'><text>&lt;img src='http://a/x.png'&gt;"
                  "Hỏi</text></questiontext>" + answer("true", "100") + answer("false", "0") + "</question></quiz>")  # fmt: skip
    assert parsed.notes == ("1 hình từ liên kết ngoài không được tải.",)
    assert parsed.found[0].draft.stem == "Hỏi"


def test_inline_picture_is_taken() -> None:
    found = choice(answer("a", "100") + answer("b", "0"), stem="&lt;img src='data:image/png;base64,aGk='&gt;Gì?")
    assert list(found.pictures.values()) == [b"hi"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<quiz",
        b"<quiz></quiz>",
        b"<html></html>",
        b"\x00\x01",
        b'<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>',
        b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>',
        b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        b"<quiz>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</quiz>",
        b"<quiz>" + b"<a/>" * 500_000 + b"</quiz>",
        b"<quiz>" + b"<question type='essay'/>" * 10_001 + b"</quiz>",
        b'<?xml version="1.0" encoding="nonsense"?><quiz/>',
    ],
    ids=range(12),
)
def test_harm_and_rubbish_are_refused(data: bytes) -> None:
    with pytest.raises(BadFile) as refusal:
        read(data)
    assert str(refusal.value)


def test_encoding_by_declaration_and_against_it() -> None:
    text = (
        "<quiz><question type='truefalse'><questiontext format='html'><text>Chuyển đổi số ở xã</text></questiontext>"
        f"{answer('true', '100')}{answer('false', '0')}</question></quiz>"
    )
    utf16 = f'<?xml version="1.0" encoding="utf-16"?>{text}'.encode("utf-16")
    lying = b'<?xml version="1.0" encoding="utf-16"?>' + text.encode()
    for data in (text.encode(), utf16, lying):
        assert read(data).found[0].draft.stem == "Chuyển đổi số ở xã"


def test_likely_knows_its_own() -> None:
    assert MOODLE.likely(EXPORT, "x.xml") > 90
    assert MOODLE.likely(b"<assessmentItem/>", "x.xml") == 0
