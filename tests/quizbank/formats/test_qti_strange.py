"""QTI as other programs package it; each shape was met in a real file."""

from __future__ import annotations

import pytest

from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Found
from quizbank.formats.qti import Qti2, Qti3
from quizbank.formats.reading import understand
from tests.quizbank.formats.items import ENTRY, MANIFEST, choices, item, resource
from tests.quizbank.formats.strategies import DEFAULTS
from tests.quizbank.formats.words import zipped

STRING = 'cardinality="single" baseType="string"'
MULTIPLE = 'cardinality="multiple" baseType="identifier"'
OWN = (
    "<responseProcessing><responseCondition><responseIf><contains><variable identifier='RESPONSE'/>"
    "<baseValue baseType='identifier'>a</baseValue></contains><setOutcomeValue identifier='SCORE'>"
    "<baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"
)
PART = (
    "<responseProcessing><responseCondition><responseIf><stringMatch caseSensitive='false' substring='true'>"
    "<variable identifier='RESPONSE'/><baseValue baseType='string'>ello</baseValue></stringMatch>"
    "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf>"
    "</responseCondition></responseProcessing>"
)


def read(data: str | bytes) -> list[Found]:
    return list(Qti2().read(data.encode() if isinstance(data, str) else data, defaults=DEFAULTS).found)


def one(data: str) -> Found:
    (found,) = read(data)
    return found


def test_an_item_without_any_answer_spoils_no_other() -> None:
    strange = item(choices("Một", "Hai", most="2"), "", declaration=MULTIPLE, processing=OWN)
    found = one(strange)
    assert "cách chấm riêng" in found.problems[0]
    assert found.draft.problems()
    first, second = read(zipped({"a.xml": strange, "b.xml": item(choices("Một", "Hai"), "b")}))
    assert first.problems
    assert (second.problems, second.draft.key) == ((), {"right": "B"})


def test_a_part_of_an_answer_is_not_the_answer() -> None:
    found = one(item(ENTRY, "hello", declaration=STRING, processing=PART))
    assert "cách chấm riêng" in found.problems[0]


def test_support_for_some_readers_is_no_part_of_the_question() -> None:
    catalog = (
        "<qti-catalog-info><qti-catalog id='c'><qti-card support='keyword-translation'><qti-html-content>Elija</qti-html-content>"
        "</qti-card></qti-catalog></qti-catalog-info>"
    )
    text = (
        "<qti-assessment-item xmlns='http://www.imsglobal.org/xsd/imsqtiasi_v3p0' identifier='q' title='q'>"
        "<qti-response-declaration identifier='R' cardinality='single' base-type='identifier'><qti-correct-response>"
        "<qti-value>b</qti-value></qti-correct-response></qti-response-declaration><qti-item-body>"
        f"<qti-rubric-block view='candidate'><p>Chọn một.</p>{catalog}</qti-rubric-block>"
        "<qti-choice-interaction response-identifier='R' max-choices='1'><qti-prompt>Hỏi?</qti-prompt>"
        "<qti-simple-choice identifier='a'>Một</qti-simple-choice><qti-simple-choice identifier='b'>Hai</qti-simple-choice>"
        "</qti-choice-interaction></qti-item-body><qti-response-processing template="
        "'https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct'/></qti-assessment-item>"
    )
    (found,) = Qti3().read(text.encode(), defaults=DEFAULTS).found
    assert (found.problems, found.warnings) == ((), ())
    assert (found.draft.stem, found.draft.key) == ("Chọn một.\nHỏi?", {"right": "B"})


def test_a_text_kept_elsewhere_is_told() -> None:
    text = item(choices("Một", "Hai"), "a").replace(
        "<itemBody>", '<assessmentStimulusRef identifier="s" href="bai.xml"/><itemBody>'
    )
    found = one(text)
    assert found.problems == ()
    assert "bài đọc" in found.warnings[0]


def test_questions_a_manifest_lists_only_as_files_are_found_in_its_order() -> None:
    files = "".join(f'<file href="{href}"/>' for href in ("de.xml", "b.xml", "a.xml", "hinh.png"))
    paper = f'<resource identifier="t" type="imsqti_test_xmlv2p2" href="de.xml">{files}</resource>'
    found = read(
        zipped(
            {
                "imsmanifest.xml": MANIFEST.format(paper),
                "__MACOSX/._a.xml": b"\0\5\x16\7",
                "de.xml": "<assessmentTest identifier='t'/>",
                "a.xml": item(choices("Một", "Hai"), "a"),
                "b.xml": item(choices("Ba", "Bốn"), "b"),
            }
        )
    )
    assert [one.draft.content["options"] for one in found] == [["Ba", "Bốn"], ["Một", "Hai"]]
    assert [one.problems for one in found] == [(), ()]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("de.xml", b"<assessmentTest identifier='t'/>", "tệp đề thi QTI"),
        ("de.xml", b"<qti-assessment-test identifier='t'/>", "tệp đề thi QTI"),
        ("de.xml", b"<?xml version='1.0'?><questestinterop><item/></questestinterop>", r"QTI 1\.2"),
        (
            "goi.zip",
            zipped({"imsmanifest.xml": MANIFEST.format(resource("a.xml")), "so-do.svg": "<!DOCTYPE svg><svg/>"}),
            r"không an toàn.*so-do\.svg",
        ),
    ],
)
def test_what_is_qti_and_no_question_is_told(name: str, data: bytes, told: str) -> None:
    with pytest.raises(BadFile, match=told):
        understand(data, filename=name, defaults=Defaults())
