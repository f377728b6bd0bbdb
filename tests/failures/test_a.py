"""A: keys that leak. The lists of what a participant may be sent, by name: whoever adds a field has to come by here."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.conf import settings

from contest.presenters.question import OptionView, QuestionView
from contest.rules.enums import RevealAt
from contest.rules.schema import RuleSet
from contest.rules.templates import TEMPLATES
from contest.wire import Ack, Code, reply_many, reply_one, reply_refusal
from quizbank.kinds.base import Shown, ShownOption

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("shape", "allowed"),
    [
        (
            QuestionView,
            {"position", "kind", "stem", "options", "targets", "unit", "text", "seq", "answered", "flagged", "extra"},
        ),
        (OptionView, {"id", "index", "text", "checked", "place", "chosen_target"}),
        (Shown, {"options", "targets", "unit"}),
        (ShownOption, {"id", "letter", "text"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_question_on_its_way_to_a_participant_has_only_these_fields(shape: type, allowed: set[str]) -> None:
    assert {field.name for field in fields(shape)} == allowed


def test_a_reply_to_an_answer_has_only_these_fields() -> None:
    one = {"code", "position", "seq", "saved"}
    ack = Ack(Code.SAVED, 0, 1, "x")
    clock = {"server_now_ms": 1, "deadline_ms": 2}
    assert set(json.loads(reply_one(ack, **clock))) == one | {"server_now", "deadline"}
    many = json.loads(reply_many([ack], **clock))
    assert set(many) == {"code", "acks", "server_now", "deadline"}
    assert set(many["acks"][0]) == one
    assert set(json.loads(reply_refusal(Code.BUSY))) == {"code"}


def test_what_draws_a_paper_imports_no_key() -> None:
    """The presenters of a paper and the hot path never name the columns that hold keys and explanations."""
    named = re.compile(r"\b(?:version|question|item)\.key\b|key_override|tell_key|\.explanation\b|\.grade\(")
    for name in ("presenters/question.py", "presenters/paper.py", "views/paper.py", "domain/answers.py", "ingest.py"):
        assert not named.search((ROOT / "contest" / name).read_text(encoding="utf-8")), name
    reveal = (ROOT / "contest/queries/reveal.py").read_text(encoding="utf-8")
    assert named.search(reveal), "the pattern finds keys where they are read"


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda one: one.code)
def test_no_template_with_prizes_tells_keys_while_others_may_still_start(template: object) -> None:
    rules: RuleSet = template.build()  # type: ignore[attr-defined]
    assert not (rules.prizes.items and rules.reveal.explanations is RevealAt.AT_SUBMIT)


def test_no_cache_of_whole_pages_is_installed() -> None:
    """A page cache in front of signed-in pages is how one person's page reaches another."""
    assert not [name for name in settings.MIDDLEWARE if "CacheMiddleware" in name]
    assert "config.middleware.PrivatePagesAreNotStored" in settings.MIDDLEWARE
