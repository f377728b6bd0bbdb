"""The formats by their code, and which of them a file is."""

from __future__ import annotations

import logging
from pathlib import PurePath

from quizbank.errors import BadFile
from quizbank.formats.aiken import Aiken
from quizbank.formats.base import Format
from quizbank.formats.classquiz import ClassQuiz
from quizbank.formats.foreign import refusal_of_xml, strange_xml, why_not
from quizbank.formats.gift import Gift
from quizbank.formats.kahoot import Kahoot
from quizbank.formats.moodle import MoodleXml
from quizbank.formats.paper import Paper
from quizbank.formats.qti import Qti2, Qti3
from quizbank.formats.quizizz import Quizizz
from quizbank.formats.sheet import Csv, Xlsx
from quizbank.formats.word import Word

log = logging.getLogger(__name__)

MERELY_TEXT = 10
"""How sure the table readers are of any text at all."""

FORMATS: dict[str, Format] = {
    one.code: one
    for one in (
        Xlsx(),
        Csv(),
        Word(),
        Gift(),
        Aiken(),
        MoodleXml(),
        Qti3(),
        Qti2(),
        Kahoot(),
        Quizizz(),
        ClassQuiz(),
        Paper(),
    )
}


def readers() -> list[Format]:
    """The formats that can be brought in, in the order people are offered them."""
    return [one for one in FORMATS.values() if one.reads]


def writers() -> list[Format]:
    """The formats that can be taken out."""
    return [one for one in FORMATS.values() if one.writes]


def endings() -> list[str]:
    """Endings of files that can be brought in, with the dot, each once."""
    return list(dict.fromkeys(f".{ending}" for one in readers() for ending in one.accepts))


def recognise(data: bytes, filename: str) -> list[Format]:
    """Return the formats these bytes may be, the likeliest first; between equals the one whose ending fits.

    Raises:
        BadFile: when they are something well known that holds no questions for us, with what to do instead.
    """
    if words := why_not(data, filename):
        raise BadFile(words)
    ending = PurePath(filename).suffix.lstrip(".").lower()
    ranked = [(_likely(one, data, filename), ending in one.accepts, -place, one) for place, one in enumerate(readers())]
    ranked.sort(key=lambda row: row[:3], reverse=True)
    if ranked[0][0] <= MERELY_TEXT and strange_xml(data):
        raise refusal_of_xml()
    return [one for sure, _fits, _place, one in ranked if sure > 0]


def _likely(one: Format, data: bytes, filename: str) -> int:
    try:
        return one.likely(data, filename)
    except BadFile:
        return 0
