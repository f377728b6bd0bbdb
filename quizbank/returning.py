"""A question of a file that carries the code of one in the bank: is it that question, and what does the file say of it?

Only formats that hold a whole question bring one back. Pure. The reasons are in docs/decisions/045-coming-back.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from people.text import search_key
from quizbank.drafts import Draft
from quizbank.enums import TOPICS, Coming
from quizbank.formats.carry import core

SHEETS = frozenset({"xlsx", "csv"})
"""Our own tables say everything of a question: an emptied cell is an emptied field."""
CARRIERS = frozenset({"gift", "moodle", "qti2", "qti3"})
"""What these say of a question is its words; the rest travels in a comment that other software may drop."""
ALIKE = 0.4
"""Share of words in common, in order, from which two wordings may be one question."""
_OUR_CODE = re.compile(rf"(?:{'|'.join(map(re.escape, TOPICS))})-[0-9]{{4,9}}")
_SAID = ("picture", "feedback", "markdown")


@dataclass(frozen=True, slots=True)
class Present:
    """A question of the bank as it is now."""

    question: int
    version: int
    draft: Draft
    editable: bool
    """Whether its state allows a new wording."""


def comes_back(code: str) -> bool:
    """Whether files of this format bring questions back."""
    return code in SHEETS or code in CARRIERS


def given_by_us(code: str) -> bool:
    """Whether a code is one the bank gives itself; others ("C1", "Q1") came with a file and mean little."""
    return _OUR_CODE.fullmatch(code) is not None


def with_unsaid(draft: Draft, present: Draft, *, fmt: str) -> Draft:
    """Return what the file says, and what its format cannot be trusted to say as the bank has it."""
    if fmt in SHEETS:
        return replace(draft, topic=draft.topic or present.topic)
    extra = {name: value for name, value in present.extra.items() if name not in _SAID}
    return replace(
        draft,
        topic=present.topic,
        tags=present.tags,
        difficulty=present.difficulty,
        audience=present.audience,
        citation=present.citation,
        citation_url=present.citation_url,
        facts=present.facts,
        language=present.language,
        extra=extra | {name: draft.extra[name] for name in _SAID if name in draft.extra},
        # A translation fits the words it was made for, and no others.
        translations=present.translations if core(draft) == core(present) else draft.translations,
    )


def compared(draft: Draft, present: Draft) -> Coming:
    """Say whether the row would change the question: its words, its topic or its tags."""
    if draft.digest() != present.digest():
        return Coming.CHANGED
    filed = (draft.topic, draft.tags) == (present.topic, present.tags)
    return Coming.SAME if filed else Coming.CHANGED


def alike(draft: Draft, present: Draft) -> bool:
    """Whether two wordings may be one question: the same stem or options, or many words in common."""
    if search_key(draft.stem) == search_key(present.stem) or (draft.content and draft.content == present.content):
        return True
    return SequenceMatcher(None, _words(draft), _words(present), autojunk=False).ratio() >= ALIKE


def _words(draft: Draft) -> list[str]:
    parts = [str(part) for value in draft.content.values() if isinstance(value, list) for part in value]
    return search_key(" ".join([draft.stem, *parts])).split()
