"""Exported questions that come back in a file: for tests of importing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from people.models import User
from quizbank.domain.questions import draft_of
from quizbank.drafts import Draft
from quizbank.enums import Coming
from quizbank.formats.registry import FORMATS
from quizbank.models import ImportBatch, ImportedItem, Question
from tests.quizbank.files import read, send

CODES = ("nhan-thuc-0001", "nhan-thuc-0002", "nhan-thuc-0003")


def exported(*questions: Question) -> list[Draft]:
    """What a file would hold of them now."""
    for question in questions:
        question.refresh_from_db()
    return [draft_of(question.current) for question in questions if question.current is not None]


def reworded(draft: Draft, more: str = " Mời bạn chọn.") -> Draft:
    """The question as its author has edited it in the file."""
    return replace(draft, stem=draft.stem + more)


def come_back(author: User, *drafts: Draft, fmt: str = "csv", **more: Any) -> ImportBatch:
    """These questions in a file, read and waiting."""
    data = FORMATS[fmt].write(list(drafts), title="Đề")
    return read(send(data, author=author, code=fmt, filename=f"de.{fmt}", **more))


def rows(batch: ImportBatch) -> list[ImportedItem]:
    return list(ImportedItem.objects.filter(batch=batch))


def told(batch: ImportBatch) -> list[tuple[str, bool, bool, bool]]:
    """What each row is, whether it is ticked, has problems, has warnings."""
    return [(Coming(one.coming), one.chosen, bool(one.problems), bool(one.warnings)) for one in rows(batch)]


def versions(question: Question) -> list[str]:
    """Its wordings, the first one first."""
    return list(question.versions.order_by("number").values_list("stem", flat=True))
