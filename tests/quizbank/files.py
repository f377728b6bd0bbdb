"""Files for tests of importing: written by our own writers, read in this process instead of in a child."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from people.enums import Role
from people.models import User
from quizbank.domain.import_reading import read_import
from quizbank.domain.import_storing import request_storing, store_import
from quizbank.domain.importing import receive_file
from quizbank.drafts import Draft
from quizbank.formats.apart import ReadFile, ReadItem
from quizbank.formats.base import Defaults
from quizbank.formats.reading import understand
from quizbank.formats.registry import FORMATS
from quizbank.models import ImportBatch
from tests.factories import NOW, make_role, make_topics, make_user, single_draft

BAD_ROW = single_draft("Câu này thiếu đáp án đúng?", key={"right": "H"})


class Died(Exception):
    """A worker was killed here."""


def make_author() -> User:
    """An author of the whole bank, and topics to write on."""
    make_topics()
    user = make_user("Lê Thị Soạn")
    make_role(user, Role.AUTHOR)
    return user


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """Raise Died in place of the given statement, counted from 1."""
    seen = 0

    def die(execute: Any, *args: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Died
        return execute(*args)

    with connection.execute_wrapper(die):
        yield


def csv_of(*drafts: Draft) -> bytes:
    """A CSV file of our own template."""
    return FORMATS["csv"].write(drafts, title="Đề")


def plain_drafts(count: int, **fields: Any) -> list[Draft]:
    """Questions whose words have little in common."""
    return [
        single_draft(
            f"Thuật ngữ số {number} nghĩa là {chr(97 + number % 26) * 4}{number} phải không bạn?",
            content={"options": [f"Ý {place} của {number}" for place in ("nhất", "nhì", "ba", "tư")]},
            **fields,
        )
        for number in range(count)
    ]


def read_here(data: bytes, *, filename: str, code: str, defaults: Defaults) -> ReadFile:
    """What the child process does, without one."""
    understood = understand(data, filename=filename, code=code, defaults=defaults)
    return ReadFile(
        format=understood.format,
        title=understood.parsed.title,
        notes=understood.parsed.notes,
        count=len(understood.parsed.found),
        items=tuple(
            ReadItem(
                draft=one.draft,
                place=one.place,
                problems=one.problems,
                warnings=one.warnings,
                pictures=one.pictures,
            )
            for one in understood.questions()
        ),
    )


def send(
    data: bytes, *, author: User | None = None, filename: str = "de.csv", code: str = "csv", now: datetime = NOW,
    whole: bool = False, **said: Any,
) -> ImportBatch:  # fmt: skip
    """A received file that nobody has read yet."""
    make_topics()
    return receive_file(
        author=author or make_user("Lê Thị Soạn"),
        filename=filename,
        data=data,
        code=code,
        defaults=Defaults(**said),
        whole=whole,
        now=now,
    )


def read(batch: ImportBatch, *, now: datetime = NOW) -> ImportBatch:
    """The file after the worker has read it."""
    assert read_import(public_id=batch.public_id, now=now, reader=read_here)
    batch.refresh_from_db()
    return batch


def stored(batch: ImportBatch, *, now: datetime = NOW) -> ImportBatch:
    """The file after its chosen questions went in."""
    assert batch.author is not None
    request_storing(batch=batch, actor=batch.author, now=now)
    store_import(public_id=batch.public_id, now=now)
    batch.refresh_from_db()
    return batch
