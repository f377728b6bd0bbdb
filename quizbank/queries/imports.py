"""Reads of imported files, and of what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from people.models import User
from quizbank.duplicates import Text, text_of
from quizbank.enums import QuestionState
from quizbank.errors import NotHere
from quizbank.kinds import get_kind
from quizbank.models import ImportBatch, ImportedItem, Question
from quizbank.queries.sealing import sealed_from

A_PAGE = 50
BAD, WARNED, TWINS, LEFT_OUT = "loi", "luu-y", "trung", "bo-qua"


def imports_of(user: User, limit: int = 50) -> list[ImportBatch]:
    """A person's files, newest first, without their bytes. One query."""
    return list(ImportBatch.objects.filter(author=user).defer("source", "notes", "defaults")[:limit])


def import_of(user: User, public_id: str) -> ImportBatch:
    """One of a person's files; nobody else may look into it, for it holds keys. Raises NotHere."""
    batch = ImportBatch.objects.filter(author=user, public_id=public_id).defer("source").first()
    if batch is None:
        raise NotHere
    return batch


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Questions of a file: all of them, with problems, with warnings, with twins; chosen and sound; stored."""

    all: int
    bad: int
    warned: int
    twins: int
    chosen: int
    stored: int

    @property
    def left_out(self) -> int:
        """Questions that would stay outside now."""
        return self.all - self.chosen


def import_counts(batch: ImportBatch) -> ImportCounts:
    """Count the questions of a file. One query."""
    sound = Q(problems=[])
    counted = ImportedItem.objects.filter(batch=batch).aggregate(
        all=Count("pk"),
        bad=Count("pk", filter=~sound),
        warned=Count("pk", filter=~Q(warnings=[])),
        twins=Count("pk", filter=~Q(twins=[])),
        chosen=Count("pk", filter=sound & Q(chosen=True)),
        stored=Count("pk", filter=Q(question__isnull=False)),
    )
    return ImportCounts(**counted)


def import_items(batch: ImportBatch, *, only: str, number: int) -> Page[ImportedItem]:
    """One page of a file's questions; ``only`` is one of BAD, WARNED, TWINS, LEFT_OUT or "" for all. Two queries."""
    items = ImportedItem.objects.filter(batch=batch).select_related("question").order_by("position")
    if only == BAD:
        items = items.exclude(problems=[])
    elif only == WARNED:
        items = items.exclude(warnings=[])
    elif only == TWINS:
        items = items.exclude(twins=[])
    elif only == LEFT_OUT:
        items = items.filter(~Q(problems=[]) | Q(chosen=False))
    return Paginator(items, A_PAGE).get_page(number)


def readable_questions(reader: User | None) -> QuerySet[Question]:
    """Questions whose words this person may see: all but those sealed from them. The database filters."""
    return Question.objects.exclude(sealed_from(reader or AnonymousUser()))


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question of the bank as duplicates are found by."""

    code: str
    public_id: str
    text: Text


def known_questions(questions: QuerySet[Question]) -> list[KnownQuestion]:
    """The questions in force, ready to be compared; ``text.name`` is the place in the list. One query."""
    rows = (
        questions.exclude(state=QuestionState.RETIRED)
        .filter(current__isnull=False)
        .order_by("code")
        .values_list("code", "public_id", "current__kind", "current__stem", "current__content", "current__key")
    )
    return [
        KnownQuestion(
            code, public_id, text_of(place, stem=stem, content=content, answer=get_kind(kind).tell_key(content, key))
        )
        for place, (code, public_id, kind, stem, content, key) in enumerate(rows.iterator(chunk_size=1000))
    ]


def places_of(batch: ImportBatch, items: list[ImportedItem]) -> dict[int, str]:
    """Where in the file the twins of these questions stand. One query, none where nothing resembles anything."""
    wanted = {twin["position"] for item in items for twin in item.twins if "position" in twin}
    if not wanted:
        return {}
    rows = ImportedItem.objects.filter(batch=batch, position__in=wanted)
    return dict(rows.values_list("position", "place"))
