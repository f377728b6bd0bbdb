"""QTI: items as TAO and others write them, packages, and our own without loss."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Found
from quizbank.formats.qti import Qti2, Qti3
from tests.quizbank.formats.items import (
    ENTRY,
    MANIFEST,
    MATCH,
    PAIRS,
    TAO,
    V3_NUMBER,
    choices,
    item,
    resource,
)
from tests.quizbank.formats.strategies import DEFAULTS, drafts
from tests.quizbank.formats.words import PNG, told, zipped

pytestmark = pytest.mark.sqlite_only

QTI3, QTI2 = Qti3(), Qti2()
STRING = 'cardinality="single" baseType="string"'
FLOAT = 'cardinality="single" baseType="float"'
MULTIPLE = 'cardinality="multiple" baseType="identifier"'
ORDERED = 'cardinality="ordered" baseType="identifier"'


SUM = (
    '<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/>'
    '</match><setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">2</baseValue></sum>'
    "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
)
CUSTOM = (
    "<responseProcessing><responseCondition><responseIf><and><isNull/></and>"
    '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
    "</responseIf></responseCondition></responseProcessing>"
)


def one(data: str | bytes) -> Found:
    (found,) = QTI2.read(data.encode() if isinstance(data, str) else data, defaults=DEFAULTS).found
    return found


def mapping(**entries: str) -> str:
    listed = "".join(f'<mapEntry mapKey="{name}" mappedValue="{value}"/>' for name, value in entries.items())
    return f'<mapping defaultValue="0">{listed}</mapping>'


def package(item_text: str) -> bytes:
    files = {
        "imsmanifest.xml": MANIFEST.format(resource("bai/cau.xml")),
        "bai/cau.xml": item_text,
        "bai/anh/qr.png": PNG,
    }
    return zipped(files)


def test_item_of_tao_by_mapping() -> None:
    parsed = QTI2.read(package(TAO.replace("PROCESSING", "map_response")), defaults=DEFAULTS)
    (found,) = parsed.found
    assert found.problems == ()
    assert found.draft == Draft(
        kind="multiple",
        stem="Anh Nam quét mã **QR** ở chợ.\n\nAnh nên làm gì?",
        content={"options": ["Xem tên người nhận", "Hỏi người bán", "Đọc mã OTP"]},
        key={"right": ["A", "B"], "scheme": "partial"},
        difficulty="medium",
        topic="nhan-thuc",
        code="i6011423ba1e83975",
        extra={
            "markdown": True,
            "feedback": {"B": "Cẩn thận không thừa."},
            "picture": {"name": "qr.png", "alt": "Mã QR"},
            "source": {"qti": {"title": "Câu về QR"}},
        },
    )
    assert found.pictures == {"qr.png": PNG}
    assert (parsed.title, found.place) == ("Đề kiểm tra", "bai/cau.xml")


def test_item_of_tao_by_correct_response() -> None:
    assert one(package(TAO.replace("PROCESSING", "match_correct"))).draft.key == {
        "right": ["A", "B"],
        "scheme": "exact",
    }


def test_number_of_qti_3_in_its_sentence() -> None:
    found = one(V3_NUMBER.replace("TOLERANCE", 'absolute" tolerance="1 1'))
    assert found.problems == ()
    assert found.draft.stem == "Cả nước có _____ tỉnh, thành."
    assert found.draft.code == "so-tinh"
    assert found.draft.key == {
        "value": "34",
        "tolerance": "1",
        "also": [{"value": "63", "tolerance": "0", "weight": 500}],
    }
    relative = one(V3_NUMBER.replace("TOLERANCE", 'relative" tolerance="10'))
    assert relative.draft.key["tolerance"] == "3.4"


def test_imported_item_goes_out_and_comes_back() -> None:
    for source in (
        package(TAO.replace("PROCESSING", "map_response")),
        V3_NUMBER.replace("TOLERANCE", "exact").encode(),
    ):
        found = one(source)
        for edition in (QTI2, QTI3):
            written = edition.write([with_bytes(found)], title="Đề")
            again = one(written)
            assert again.draft == found.draft
            assert again.pictures == found.pictures
            assert edition.write([with_bytes(again)], title="Đề") == written


def with_bytes(found: Found) -> Draft:
    picture = found.draft.extra.get("picture")
    data = {"picture": {**picture, "data": found.pictures[picture["name"]]}} if picture else {}
    return replace(found.draft, extra={**found.draft.extra, **data})


@settings(max_examples=120, deadline=None)
@given(drafts())
def test_written_draft_is_read_back_whole(draft: Draft) -> None:
    (found,) = QTI3.read(QTI3.write([draft], title="Đề"), defaults=DEFAULTS).found
    assert found.problems == ()
    assert found.draft == draft


@settings(max_examples=40, deadline=None)
@given(drafts(), drafts())
def test_older_edition_loses_nothing_either(first: Draft, second: Draft) -> None:
    parsed = QTI2.read(QTI2.write([first, second], title="Đề số 1"), defaults=DEFAULTS)
    assert [found.draft for found in parsed.found] == [first, second]
    assert parsed.title == "Đề số 1"


def test_same_code_twice_makes_two_files() -> None:
    draft = Draft(kind="boolean", stem="Hỏi", content={}, key={"right": True}, difficulty="easy", code="A-1")
    written = QTI3.write([draft, draft], title="x")
    assert [found.draft.code for found in QTI3.read(written, defaults=DEFAULTS).found] == ["A-1", "A-1"]
    with zipfile.ZipFile(BytesIO(written)) as archive:
        assert "items/A-1.xml" in archive.namelist()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (item(choices("a", "b"), "b"), {"right": "B"}),
        (item(choices("a", "b", "c"), "b", more=mapping(b="2", c="1"), processing="map_response"), {"right": "B", "weights": {"C": 500}}),
        (item(choices("a", "b", "c"), "b", more=mapping(b="2", c="1")), {"right": "B"}),
        (item(choices("a", "b"), "b", processing=SUM), {"right": "B"}),
        (item(choices("Đúng", "Sai"), "b"), {"right": False}),
        (item(choices("FALSE", "True"), "b"), {"right": True}),
        (
            item(choices("a", "b", "c", most="0"), "", declaration=MULTIPLE, more=mapping(a="0.5", b="0.5"), processing="map_response"),
            {"right": ["A", "B"], "scheme": "weights", "weights": {"A": 500, "B": 500}},
        ),
        (item(ENTRY, "Hà Nội", declaration=STRING), {"accept": ["Hà Nội"], "accents": False}),
        (
            item(ENTRY, "Hà Nội", declaration=STRING, processing="map_response",
                 more='<mapping><mapEntry mapKey="Hà Nội" mappedValue="4" caseSensitive="true"/><mapEntry mapKey="HN" mappedValue="1" caseSensitive="true"/></mapping>'),
            {"accept": ["Hà Nội", "HN"], "accents": False, "case": True, "weights": [1000, 250]},
        ),
        (item(ENTRY, "34", declaration=FLOAT), {"value": "34", "tolerance": "0"}),
        (item(ENTRY, "34", declaration='cardinality="single" baseType="integer"', more=mapping(**{"34": "1"}), processing="map_response"),
         {"value": "34", "tolerance": "0"}),
    ],
)  # fmt: skip
def test_keys_by_other_software(text: str, key: dict[str, object]) -> None:
    found = one(text)
    assert found.problems == ()
    assert found.draft.key == key


def test_order_and_match() -> None:
    order = one(item(choices("Một", "Hai", "Ba", tag="orderInteraction"), "a;b;c", declaration=ORDERED))
    assert told(order) == "Một → Hai → Ba"
    assert order.draft.content["items"] != ["Một", "Hai", "Ba"]
    kept = one(item(choices("Một", "Hai", "Ba", tag="orderInteraction"), "c;a;b", declaration=ORDERED))
    assert kept.draft.content["items"] == ["Một", "Hai", "Ba"]
    assert told(kept) == "Ba → Một → Hai"
    match = one(item(MATCH, "x p;y q", declaration=PAIRS))
    assert told(match) == "VNeID – Định danh; DTI – Chỉ số"
    assert match.draft.key["scheme"] == "exact"
    pairs = mapping(**{"x q": "1", "y p": "1"})
    partial = one(item(MATCH, "", declaration=PAIRS, more=pairs, processing="map_response"))
    assert told(partial) == "VNeID – Chỉ số; DTI – Định danh"
    assert "scheme" not in partial.draft.key


def test_feedback_that_belongs_to_no_choice_is_kept() -> None:
    after = (
        '<modalFeedback outcomeIdentifier="F" identifier="a" showHide="show">Khi chọn a</modalFeedback>'
        '<modalFeedback outcomeIdentifier="F" identifier="solution" showHide="show"><p>Vì <b>thế</b></p></modalFeedback>'
        '<modalFeedback outcomeIdentifier="F" identifier="partial" showHide="show">Gần đúng</modalFeedback>'
    )
    found = one(item(choices("một", "hai"), "b", after=after))
    assert found.draft.explanation == "Vì thế"
    assert found.draft.extra == {
        "feedback": {"A": "Khi chọn a"},
        "source": {"qti": {"feedback": {"partial": "Gần đúng"}}},
    }
    assert "phản hồi" in found.warnings[0]
    assert one(QTI3.write([found.draft], title="x")).draft == found.draft


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (item(choices("a", "b"), "z"), "đáp án"),
        (item(choices("a", "b", "c").replace('"c"', '"b"'), "b"), "đáp án"),
        (item(choices(*"abcdefghij", most="0"), "j", declaration=MULTIPLE), "10 phương án"),
        (item(MATCH.replace('"q"', '"p"'), "x p;y p", declaration=PAIRS), "đáp án"),
        (item(choices("a", "b"), ""), "đáp án"),
        (item(choices("a", "b"), "a", processing=CUSTOM), "cách chấm riêng"),
        (item(choices("a", "b"), "a", processing="map_response_point"), "cách chấm riêng"),
        (item(choices("a", "b"), "a", more=mapping(b="1"), processing="map_response"), "mâu thuẫn"),
        (item(choices("a", "b", "c", most="0"), "a", declaration=MULTIPLE, more=mapping(b="1"), processing="map_response"), "mâu thuẫn"),
        (item(choices(*"abcdefghij"[:9]), "a"), "9 phương án"),
        (item(choices("a", "b", tag="hotspotInteraction"), "a"), "bấm trên hình"),
        (item(choices("a", "b") + choices("c", "d"), "a"), "nhiều phần trả lời"),
        (item("", "a"), "không có phần trả lời"),
        (item(choices("a", "<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mi>x</m:mi></m:math>"), "a"), "công thức"),
        (item(choices("a", '<img src="x.png" alt=""/>'), "a"), "Phương án có hình"),
        (item('<img src="x.png" alt=""/>' + choices("a", "b"), "a"), "Thiếu tệp hình"),
        (item(choices("a", "b", "c", tag="orderInteraction"), "a;b", declaration=ORDERED), "đáp án"),
        (item(MATCH, "x p;x q", declaration=PAIRS), "đúng một mục ghép"),
        (item(MATCH, "x p", declaration=PAIRS), "đúng một mục ghép"),
        (item(MATCH, "", declaration=PAIRS, more=mapping(**{"x p": "1", "y q": "3"}), processing="map_response"), "điểm khác nhau"),
        (item(ENTRY, "abc", declaration=FLOAT), "cách chấm riêng"),
        (item(ENTRY, "", declaration=STRING), "đáp án"),
        (item(choices("a", "b"), "a", after="<templateDeclaration/>"), "ngẫu nhiên"),
        (V3_NUMBER.replace("TOLERANCE", 'absolute" tolerance="1 2'), "cách chấm riêng"),
    ],
)  # fmt: skip
def test_doubt_is_a_problem(text: str, sentence: str) -> None:
    found = one(text)
    assert any(sentence in problem for problem in found.problems), found.problems


def test_missing_processing_is_told() -> None:
    found = one(item(choices("a", "b"), "b", processing=""))
    assert (found.draft.key, found.problems) == ({"right": "B"}, ())
    assert "cách chấm" in found.warnings[0]


def test_package_with_holes() -> None:
    manifest = MANIFEST.format(
        resource("a.xml") + resource("b.xml") + resource("c.xml") + resource("d.xml", "imsqti_test_xmlv2p1")
    )
    good = item(choices("a", "b"), "b")
    found = QTI2.read(zipped({"imsmanifest.xml": manifest, "b.xml": "<broken", "c.xml": good}), defaults=DEFAULTS).found
    assert [bool(each.problems) for each in found] == [True, True, False]
    assert ["thiếu tệp a.xml" in found[0].problems[0].lower(), "hỏng" in found[1].problems[0]] == [True, True]


def test_package_without_manifest() -> None:
    files = {"b.xml": item(choices("a", "b"), "b"), "a.xml": item(choices("c", "d"), "a"), "x.xml": "<other/>"}
    assert [found.place for found in QTI2.read(zipped(files), defaults=DEFAULTS).found] == ["a.xml", "b.xml"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04rubbish",
        zipped({}),
        zipped({"a.txt": "x"}),
        zipped({"imsmanifest.xml": MANIFEST.format("")}),
        zipped({"imsmanifest.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><manifest>&b;</manifest>"}),
        zipped({"../a.xml": item(choices("a", "b"), "a")}),
        b"<!DOCTYPE assessmentItem SYSTEM 'http://a/b.dtd'><assessmentItem/>",
        b"<questestinterop/>",
        b"<assessmentTest/>",
        b"<quiz/>",
        b"<assessmentItem>",
    ],
    ids=range(12),
)
def test_harm_and_rubbish_are_refused(data: bytes) -> None:
    with pytest.raises(BadFile) as refusal:
        QTI3.read(data, defaults=DEFAULTS)
    assert str(refusal.value)


def test_picture_outside_the_package_is_not_reached() -> None:
    text = item('<img src="../../../etc/passwd" alt=""/>' + choices("a", "b"), "a")
    assert "Thiếu tệp hình passwd" in one(zipped({"a.xml": text})).problems[0]


def test_likely_knows_its_own() -> None:
    older, newer = package(TAO), QTI3.write([one(item(choices("a", "b"), "a")).draft], title="x")
    assert (QTI2.likely(TAO.encode(), "x.xml"), QTI3.likely(TAO.encode(), "x.xml")) == (97, 0)
    assert (QTI2.likely(V3_NUMBER.encode(), "x.xml"), QTI3.likely(V3_NUMBER.encode(), "x.xml")) == (0, 97)
    assert QTI2.likely(older, "x.zip") > QTI3.likely(older, "x.zip")
    assert QTI3.likely(newer, "x.zip") > QTI2.likely(newer, "x.zip")
    assert QTI3.likely(zipped({"xl/workbook.xml": "<a/>"}), "x.zip") == 0
