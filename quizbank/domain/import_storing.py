"""Storing the chosen questions of a file: drafts of its author, in slices, each question once whatever happens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.domain.audit import record
from people.models import User
from quizbank.domain import import_returning
from quizbank.domain.import_returning import stale_items, store_wordings
from quizbank.domain.questions import version_fields
from quizbank.draft_json import draft_from_json
from quizbank.drafts import Draft
from quizbank.enums import Coming, ImportState
from quizbank.errors import NotNow
from quizbank.models import ImportBatch, ImportedItem, Question, QuestionVersion, Topic
from quizbank.wake import STORE_IMPORT, wake

_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
MOST_RETRIES = 5
SLICE = 50
"""Questions in one transaction: an answer that waits for SQLite's single writer must not notice."""


@transaction.atomic
def request_storing(*, batch: ImportBatch, actor: User, now: datetime) -> int:
    """Have the chosen questions stored; how many there are. A second call changes nothing.

    Raises:
        NotNow: when nothing may be stored: no sound question is chosen, or one bad question keeps all of them out.
    """
    batch = ImportBatch.objects.select_for_update().defer("source").get(pk=batch.pk)
    wanted = ImportedItem.objects.filter(batch=batch, chosen=True, problems=[]).count()
    if batch.state in (ImportState.STORING, ImportState.STORED):
        return wanted
    if batch.state != ImportState.READ:
        raise NotNow
    bad = ImportedItem.objects.filter(batch=batch).exclude(problems=[]).count()
    if bad and batch.defaults.get("whole"):
        raise NotNow(
            ngettext(
                "Tệp này được chọn lưu tất cả hoặc không câu nào, mà còn %(bad)d câu có lỗi.",
                "Tệp này được chọn lưu tất cả hoặc không câu nào, mà còn %(bad)d câu có lỗi.",
                bad,
            )
            % {"bad": bad}
        )
    if batch.defaults.get("whole") and stale_items(batch):
        raise NotNow(_("Có câu đã được sửa sau khi tệp được đọc. Mời bạn xuất lại rồi gửi lại tệp."))
    if not wanted:
        raise NotNow(_("Chưa có câu nào được chọn để lưu."))
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.STORING, total=wanted, done=0, touched_at=now)
    transaction.on_commit(partial(wake, STORE_IMPORT, batch.public_id), robust=True)
    return wanted


def store_import(*, public_id: str, now: datetime) -> int:
    """Store what is still to be stored of a file; how many questions this call dealt with."""
    stored = retries = 0
    while True:
        try:
            slice_ = _store_slice(public_id, now)
        except IntegrityError:  # somebody took one of our codes meanwhile: take others
            retries += 1
            if retries > MOST_RETRIES:
                raise
            continue
        if slice_ == 0:
            return stored
        stored += slice_


def _store_slice(public_id: str, now: datetime) -> int:
    """Store the next few; how many. What takes time is prepared before the transaction that others wait for."""
    todo = ImportedItem.objects.filter(
        batch__public_id=public_id, batch__state=ImportState.STORING, chosen=True, problems=[], question__isnull=True
    )
    items = _of_one_sort(list(todo.select_related("base__question__topic").order_by("position")[:SLICE]))
    drafts = [draft_from_json(item.draft).checked() for item in items]
    prepared = [version_fields(draft) for draft in drafts if items[0].coming == Coming.NEW]
    with transaction.atomic():
        # The lock makes two workers take turns; each asks anew what is left.
        batch = (
            ImportBatch.objects.select_for_update()
            .defer("source")
            .filter(public_id=public_id, state=ImportState.STORING)
            .first()
        )
        if batch is None:
            return 0
        if not items:
            if not todo.exists():
                _finish(batch, now)
            return 0
        if todo.filter(pk__in=[item.pk for item in items]).count() < len(items):
            return len(items)  # somebody was faster: look again
        stored = len(items)
        if items[0].coming == Coming.NEW:
            _insert(batch, items, drafts, prepared)
        else:
            stored = store_wordings(batch=batch, items=items, drafts=drafts, now=now)
        ImportBatch.objects.filter(pk=batch.pk).update(done=batch.done + stored, touched_at=now)
    return len(items)


def _of_one_sort(items: list[ImportedItem]) -> list[ImportedItem]:
    """Return the first of these that are stored in one way: new questions, or a few new wordings."""
    if not items or items[0].coming == Coming.NEW:
        return [item for item in items if item.coming == Coming.NEW]
    return [item for item in items if item.coming != Coming.NEW][: import_returning.SLICE]


def _insert(batch: ImportBatch, items: list[ImportedItem], drafts: list[Draft], prepared: list[dict[str, Any]]) -> None:
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    questions = Question.objects.bulk_create(
        Question(code=code, topic=topics[draft.topic], author_id=batch.author_id, tags=list(draft.tags))
        for code, draft in zip(codes_for(drafts), drafts, strict=True)
    )
    QuestionVersion.objects.bulk_create(
        QuestionVersion(question=question, number=1, **fields)
        for question, fields in zip(questions, prepared, strict=True)
    )
    first = QuestionVersion.objects.filter(question=OuterRef("pk"), number=1).values("pk")
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(current=Subquery(first[:1]))
    for item, question in zip(items, questions, strict=True):
        item.question = question
    ImportedItem.objects.bulk_update(items, ["question"])


def _finish(batch: ImportBatch, now: datetime) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportState.STORED, stored_at=now, touched_at=now, total=batch.done
    )
    record(
        actor=batch.author,
        verb="import.stored",
        subject=f"import:{batch.public_id}",
        data={
            "questions": batch.done,
            "wordings": ImportedItem.objects.filter(batch=batch, coming=Coming.CHANGED, question__isnull=False).count(),
            "format": batch.format,
        },
        now=now,
    )


def codes_for(drafts: Iterable[Draft]) -> list[str]:
    """Return a free code for each draft: its own where nothing has it, else the next number of its topic."""
    drafts = list(drafts)
    wanted = {draft.code for draft in drafts}
    taken = set(Question.objects.filter(code__in=wanted).values_list("code", flat=True))
    last: Counter[str] = Counter({topic: _last_number(topic) for topic in {draft.topic for draft in drafts}})
    codes: list[str] = []
    for draft in drafts:
        code = draft.code
        if not _CODE.fullmatch(code) or code in taken:
            last[draft.topic] += 1
            while (code := f"{draft.topic}-{last[draft.topic]:04d}") in taken | wanted:
                last[draft.topic] += 1
        taken.add(code)
        codes.append(code)
    return codes


def _last_number(topic: str) -> int:
    """Return the highest number a code of this topic has."""
    pattern = re.compile(rf"{re.escape(topic)}-(\d{{1,6}})")
    codes = Question.objects.filter(code__startswith=f"{topic}-").values_list("code", flat=True)
    return max((int(found[1]) for code in codes if (found := pattern.fullmatch(code))), default=0)
