"""GIFT and Moodle XML as people and small programs write them; each shape was met in a real file."""

from __future__ import annotations

import pytest

from quizbank.formats.base import Found
from quizbank.formats.gift import Gift
from quizbank.formats.moodle import MoodleXml
from tests.quizbank.formats.strategies import DEFAULTS

QUESTION = (
    '<quiz><question type="multichoice"><name><text>x</text></name><questiontext format="html"><text><![CDATA[STEM]]></text>'
    "</questiontext><single>true</single>ANSWERS</question></quiz>"
)


def gift(text: str) -> Found:
    (found,) = Gift().read(text.encode(), defaults=DEFAULTS).found
    return found


def moodle(stem: str, *options: str) -> Found:
    answers = "".join(
        f'<answer fraction="{0 if place else 100}" format="html"><text><![CDATA[{text}]]></text></answer>'
        for place, text in enumerate(options)
    )
    text = QUESTION.replace("STEM", stem).replace("ANSWERS", answers)
    (found,) = MoodleXml().read(text.encode(), defaults=DEFAULTS).found
    return found


@pytest.mark.parametrize("body", ["~=thích~ghét", "~ghét~=thích", "\n~\n=thích\n~ghét\n", "~=thích ~ghét"])
def test_an_empty_sign_before_the_right_answer_is_no_option(body: str) -> None:
    found = gift(f"Nhiều người {{{body}}} cá.")
    assert (found.problems, found.warnings) == ((), ())
    options = found.draft.content["options"]
    assert sorted(options) == ["ghét", "thích"]
    assert options["AB".index(found.draft.key["right"])] == "thích"


@pytest.mark.parametrize("body", ["~~=thích~ghét", "=thích~~ghét", "=thích~"])
def test_any_other_empty_answer_stays_a_problem(body: str) -> None:
    assert gift(f"Nhiều người {{{body}}} cá.").problems


@pytest.mark.parametrize("stem", [r"Tính \(x^2\)", "Tính $$x^2$$", r"Tính \frac{1}{2}"])
def test_formulas_are_told(stem: str) -> None:
    found = moodle(stem, "Một", "Hai")
    assert found.problems == ()
    assert "LaTeX" in found.warnings[0]
    assert moodle("Hỏi?", r"\(\sqrt{2}\)", "Hai").warnings
    assert not moodle("Giá $5 hay $$?", "Một (a)", "Hai").warnings


def test_letters_that_options_bring_along_are_told() -> None:
    for options in (("A. Một", "B. Hai"), ("(a) Một", "(b) Hai", "(c) Ba"), ("A) Một", "B) Hai")):
        assert "ghi sẵn" in moodle("Hỏi?", *options).warnings[0]
    for options in (("A. Một", "Hai"), ("B. Một", "A. Hai"), ("A", "B"), ("Ai", "Bạn")):
        assert not moodle("Hỏi?", *options).warnings
