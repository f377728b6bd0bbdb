"""The frames of live events: read back as they were, strict, and as the document says."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime import live_frames, live_parts
from realtime.live_frames import (
    LIVE_CLIENT,
    LIVE_FROM_CLIENT,
    LIVE_FROM_SERVER,
    Answer,
    Command,
    HallScene,
    Scene,
    decode_live,
)
from realtime.live_parts import You
from realtime.protocol import CLIENT, BadFrame, Frame, Response, decode_from_client
from tests.realtime.test_protocol import table

numbers = st.integers(-(2**53), 2**53)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if hint is int:
        return numbers
    if hint is str:
        return texts
    if hint is bool:
        return st.booleans()
    if hint is type(None):
        return st.none()
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0]), max_size=2).map(tuple)
    if get_origin(hint) is dict:
        inner = get_args(hint)[1]
        return st.dictionaries(texts, numbers if inner is Any else values_of(inner), max_size=2)
    if is_dataclass(hint):
        return built(hint)  # type: ignore[arg-type]
    return st.one_of([values_of(one) for one in get_args(hint)])


def built(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{part.name: values_of(hints[part.name]) for part in fields(kind)})


@pytest.mark.parametrize("kind", LIVE_FROM_SERVER, ids=lambda kind: kind.TYPE)
def test_what_the_server_says_is_read_back_as_it_was(kind):
    @settings(deadline=None, max_examples=20)
    @given(built(kind))
    def check(frame: Frame) -> None:
        assert decode_live(frame.encode()) == frame

    check()


@pytest.mark.parametrize("kind", LIVE_FROM_CLIENT, ids=lambda kind: kind.TYPE)
def test_what_a_client_says_is_read_back_as_it_was(kind):
    @settings(deadline=None, max_examples=30)
    @given(built(kind))
    def check(frame: Frame) -> None:
        assert decode_from_client(frame.encode(), LIVE_CLIENT) == frame

    check()


@pytest.mark.parametrize(
    "fields_",
    [
        {},
        {"instance": "1", "response": "a"},
        {"instance": True, "response": "a"},
        {"instance": 1.0, "response": "a"},
        {"instance": 2**60, "response": "a"},
        {"instance": 1},
        {"instance": 1, "response": None},
        {"instance": 1, "response": 5},
        {"instance": 1, "response": {"a": 1}},
        {"instance": 1, "response": ["a", 1]},
        {"instance": 1, "response": [["a"]]},
        {"instance": 1, "response": "a", "bet": "1"},
    ],
)
def test_an_answer_of_another_shape_is_no_answer(fields_):
    with pytest.raises(BadFrame) as refusal:
        decode_from_client(json.dumps({"v": 1, "type": "answer"} | fields_), LIVE_CLIENT)
    assert refusal.value.code == "bad_field"


def test_answers_are_texts_or_lists_of_texts():
    for sent, read in (("ab12", "ab12"), (["a", "b"], ("a", "b")), ([], ())):
        text = json.dumps({"v": 1, "type": "answer", "instance": 3, "response": sent})
        assert decode_from_client(text, LIVE_CLIENT) == Answer(instance=3, response=read)


def test_a_command_carries_any_object_and_nothing_else():
    good = {"v": 1, "type": "command", "id": "x", "action": "kick", "at": 4, "data": {"player": {"deep": [1, None]}}}
    assert decode_from_client(json.dumps(good), LIVE_CLIENT) == Command(
        id="x", action="kick", at=4, data={"player": {"deep": [1, None]}}
    )
    for bad in ([], None, "x", 1):
        with pytest.raises(BadFrame):
            decode_from_client(json.dumps(good | {"data": bad}), LIVE_CLIENT)


def test_sockets_of_boards_know_no_frame_of_an_event():
    assert set(CLIENT) == {"resync", "ping"}
    with pytest.raises(BadFrame) as refusal:
        decode_from_client('{"v":1,"type":"answer","instance":1,"response":"a"}')
    assert refusal.value.code == "unknown_type"


def test_you_stands_last_so_that_the_rest_is_one_text_for_all():
    assert [part.name for part in fields(live_frames.Stage)][-1] == "you"


# ------------------------------------------------------------------------------------------- the document

SIMPLE = {
    int: "number",
    str: "text",
    bool: "yes or no",
    Response: "answer",
    dict[str, int]: "numbers by option id",
    dict[str, Any]: "object",
}


def words(kind: type[Any]) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", kind.__name__).lower()


def described(hint: Any) -> str:
    if hint in SIMPLE:
        return SIMPLE[hint]
    if get_origin(hint) is tuple:
        return f"list of {described(get_args(hint)[0])}s"
    if is_dataclass(hint):
        return words(hint)  # type: ignore[arg-type]
    inner = [one for one in get_args(hint) if one is not type(None)]
    return f"{'answer' if len(inner) > 1 else described(inner[0])} or null"


def own(kind: type[Any]) -> dict[str, str]:
    """The fields a class adds to its base, as the document writes them."""
    base = {part.name for parent in kind.__mro__[1:] if is_dataclass(parent) for part in fields(parent)}
    hints = get_type_hints(kind)
    return {part.name: described(hints[part.name]) for part in fields(kind) if part.name not in base}


@pytest.mark.parametrize("kind", [*LIVE_FROM_SERVER, *LIVE_FROM_CLIENT], ids=lambda kind: kind.TYPE)
def test_the_document_has_every_frame_and_no_other_field(kind):
    assert table(f"`{kind.TYPE}`") == own(kind)


PARTS = [
    one
    for one in vars(live_parts).values()
    if isinstance(one, type) and is_dataclass(one) and one.__module__ == live_parts.__name__
]


@pytest.mark.parametrize("kind", [Scene, HallScene, *PARTS], ids=lambda kind: kind.__name__)
def test_the_document_has_every_part_and_no_other_field(kind):
    assert table(words(kind).capitalize()) == own(kind)


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.__name__)
def test_parts_leave_nothing_out(kind):
    assert all(part.default is MISSING for part in fields(kind))
    assert kind is not You or {"right", "gained", "lifeline"} <= set(own(kind))


def test_the_document_has_every_limit():
    limits = {
        name: str(value) for name, value in vars(live_frames).items() if name.isupper() and isinstance(value, int)
    }
    assert table("Limits of an event") == limits
