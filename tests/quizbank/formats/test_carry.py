"""What travels in comments: taken back where it fits, never trusted, never a way to change a key unseen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizbank.drafts import Draft
from quizbank.formats import carry
from quizbank.formats.base import Defaults, Format
from quizbank.formats.gift import Gift
from quizbank.formats.moodle import MoodleXml
from quizbank.formats.qti import Qti2, Qti3
from quizbank.formats.source import sound
from tests.quizbank.formats.strategies import DEFAULTS, drafts
from tests.quizbank.formats.words import told

pytestmark = pytest.mark.sqlite_only

WRITERS = (Gift(), MoodleXml(), Qti3(), Qti2())
NAMES = [
    "of", "difficulty", "audience", "language", "key", "facts", "citation", "citation_url", "translations", "seconds",
    "source", "places", "feedback", "stem", "code", "tags", "topic", "unit", "explanation", "gift", "moodle", "qti", "en",
    "scheme", "accents", "others", "combined", "hints", "units", "title", "name", "category", "gap", "content", "options", "max",
]  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.sampled_from(["", "a", "exact", "vi", "\n", "A"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


def read(text: str, defaults: Defaults = DEFAULTS) -> Draft:
    return Gift().read(text.encode(), defaults=defaults).found[0].draft


def with_comment(data: Any, question: str = "Hỏi? {=a ~b}") -> str:
    return f"// thiso {json.dumps(data)}\n{question}"


@settings(max_examples=80, deadline=None)
@given(data=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8), question=st.sampled_from(
    ["Hỏi? {=a ~b}", "Hỏi? {~%50%a ~%50%b ~c}", "Hỏi? {=a}", "Hỏi? {#3}", "Hỏi? {=a->b =c->d}", "Hỏi? {>\na\nb\nc\n}"]
))  # fmt: skip
def test_strange_comment_does_no_harm(data: dict[str, Any], question: str) -> None:
    (plain,) = Gift().read(question.encode(), defaults=DEFAULTS).found
    (found,) = Gift().read(with_comment(data, question).encode(), defaults=DEFAULTS).found
    assert told(found) == told(plain)
    for writer in WRITERS:
        again = writer.read(writer.write([found.draft], title="x"), defaults=DEFAULTS).found[0]
        assert told(again) == told(plain)


@settings(max_examples=60, deadline=None)
@given(drafts())
def test_comment_fits_one_line_and_every_format(draft: Draft) -> None:
    comment = carry.pack(draft, fmt="gift")
    assert len(comment.splitlines()) == 1
    assert "--" not in comment
    assert carry.load(comment).data["difficulty"] == draft.difficulty


@pytest.mark.parametrize(
    "comment", ["", "thiso", "thiso []", "thiso {", "thiso " + "[" * 90_000, "thiso {}" + " " * 100_001, "khác {}"]
)
def test_broken_comment_carries_nothing(comment: str) -> None:
    assert carry.load(comment).data == {}


def test_author_defaults_fill_only_what_the_file_leaves_open() -> None:
    defaults = Defaults(topic="an-toan", difficulty="hard", citation="Luật An ninh mạng")
    draft = read(with_comment({"difficulty": "easy", "topic": "du-lieu-so"}), defaults)
    assert (draft.difficulty, draft.topic, draft.citation) == ("easy", "du-lieu-so", "Luật An ninh mạng")


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.code)
def test_topic_of_an_organizer_comes_back(writer: Format) -> None:
    draft = Draft(
        kind="boolean", stem="Hỏi", content={}, key={"right": True}, difficulty="easy", topic="phuong-3", code="A"
    )
    assert writer.read(writer.write([draft], title="x"), defaults=DEFAULTS).found[0].draft == draft


def test_file_wins_over_its_comment() -> None:
    rules = with_comment({"key": {"scheme": "exact"}}, "Hỏi? {~%50%a ~%50%b ~%-50%c}")
    assert read(rules).key == {"right": ["A", "B"], "scheme": "exact"}
    weighted = with_comment({"key": {"scheme": "exact"}}, "Hỏi? {~%60%a ~%40%b ~%-50%c}")
    assert read(weighted).key["scheme"] == "weights"
    ordered = with_comment({"key": {"scheme": "partial"}}, "Hỏi? {>3 ALL VERTICAL ALL_OR_NOTHING SHOW\na\nb\nc\n}")
    assert read(ordered).key.get("scheme", "exact") == "exact"


@pytest.mark.parametrize(
    ("source", "fits"),
    [
        ({"gift": {"title": "Tên", "gap": True}}, True),
        ({"moodle": {"others": [{"text": "*", "feedback": "b"}], "units": [["1", "km"]], "hints": ["a"]}}, True),
        ({"gift": {"title": ["a"]}}, False),
        ({"gift": {"gap": "yes"}}, False),
        ({"moodle": {"others": [{"text": 1, "feedback": "b"}]}}, False),
        ({"moodle": {"others": [{"text": "a"}]}}, False),
        ({"moodle": {"units": [["1"]]}}, False),
        ({"qti": {"max": "-1"}}, False),
        ({"qti": "a"}, False),
        ([], False),
    ],
)
def test_source_has_only_shapes_that_can_be_written(source: object, fits: bool) -> None:
    assert sound(source) is fits
