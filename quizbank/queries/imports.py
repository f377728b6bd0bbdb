"""Reads of imported files, and of what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from people.models import User
from quizbank.duplicates import Text, text_of
from quizbank.enums import Coming, QuestionState
from quizbank.errors import NotHere
from quizbank.kinds import get_kind
from quizbank.models import ImportBatch, ImportedItem, Question, QuestionVersion
from quizbank.queries.sealing import hidden_among, sealed_from

A_PAGE = 50
BAD, WARNED, TWINS, LEFT_OUT, CHANGED, SAME = "loi", "luu-y", "trung", "bo-qua", "sua", "nhu-cu"
FILTERS = (BAD, WARNED, TWINS, LEFT_OUT, CHANGED, SAME)


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
    """Questions of a file: all of them, with problems, with warnings, with twins; chosen and sound; stored; other wordings
    of questions of the bank (of those chosen, of those stored), and questions that are as the bank has them."""

    all: int
    bad: int
    warned: int
    twins: int
    chosen: int
    stored: int
    changed: int
    changed_chosen: int
    changed_stored: int
    same: int

    @property
    def left_out(self) -> int:
        """Questions that would stay outside now, but for those that are there already."""
        return self.all - self.chosen - self.same


def import_counts(batch: ImportBatch) -> ImportCounts:
    """Count the questions of a file. One query."""
    sound, changed = Q(problems=[]), Q(coming=Coming.CHANGED)
    counted = ImportedItem.objects.filter(batch=batch).aggregate(
        all=Count("pk"),
        bad=Count("pk", filter=~sound),
        warned=Count("pk", filter=~Q(warnings=[])),
        twins=Count("pk", filter=~Q(twins=[])),
        changed_chosen=Count("pk", filter=changed & sound & Q(chosen=True)),  # before "chosen" is a count itself
        chosen=Count("pk", filter=sound & Q(chosen=True)),
        stored=Count("pk", filter=Q(question__isnull=False)),
        changed=Count("pk", filter=changed),
        changed_stored=Count("pk", filter=changed & Q(question__isnull=False)),
        same=Count("pk", filter=Q(coming=Coming.SAME)),
    )
    return ImportCounts(**counted)


def import_items(batch: ImportBatch, *, only: str, number: int) -> Page[ImportedItem]:
    """One page of a file's questions; ``only`` is one of FILTERS or "" for all. Two queries."""
    items = ImportedItem.objects.filter(batch=batch).select_related("question").order_by("position")
    if only == BAD:
        items = items.exclude(problems=[])
    elif only == WARNED:
        items = items.exclude(warnings=[])
    elif only == TWINS:
        items = items.exclude(twins=[])
    elif only == LEFT_OUT:
        items = items.filter(~Q(problems=[]) | Q(chosen=False)).exclude(coming=Coming.SAME)
    elif only == CHANGED:
        items = items.filter(coming=Coming.CHANGED)
    elif only == SAME:
        items = items.filter(coming=Coming.SAME)
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


def bases_of(items: list[ImportedItem], reader: User) -> dict[int, QuestionVersion]:
    """{position: the wording of the bank a row comes back to}, but for those sealed from this reader meanwhile. Two
    queries, none where nothing comes back."""
    wanted = {item.position: item.base_id for item in items if item.base_id is not None}
    if not wanted:
        return {}
    versions = QuestionVersion.objects.select_related("question__topic").in_bulk(set(wanted.values()))
    hidden = hidden_among(reader, (version.question_id for version in versions.values()))
    return {
        position: versions[pk]
        for position, pk in wanted.items()
        if pk in versions and versions[pk].question_id not in hidden
    }


def places_of(batch: ImportBatch, items: list[ImportedItem]) -> dict[int, str]:
    """Where in the file the twins of these questions stand. One query, none where nothing resembles anything."""
    wanted = {twin["position"] for item in items for twin in item.twins if "position" in twin}
    if not wanted:
        return {}
    rows = ImportedItem.objects.filter(batch=batch, position__in=wanted)
    return dict(rows.values_list("position", "place"))
