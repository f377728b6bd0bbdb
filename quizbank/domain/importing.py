"""A file on its way into the bank: received, chosen from, mended, dropped, undone, forgotten.

Reading is quizbank/domain/import_reading.py, storing import_storing.py. The row says where a file stands; Celery only
wakes somebody (people/waking.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Count, ProtectedError, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from people.domain.audit import record
from people.models import User
from people.text import tidy
from quizbank.domain import import_returning
from quizbank.domain.import_returning import coming_of, take_back_wordings
from quizbank.draft_json import draft_from_json, draft_to_json
from quizbank.enums import Coming, ImportState, QuestionState
from quizbank.errors import NotNow
from quizbank.formats.base import Defaults
from quizbank.formats.guard import check_size
from quizbank.import_checks import Mend, mended_problems
from quizbank.models import ImportBatch, ImportedItem, Picture, Question, QuestionVersion, Topic
from quizbank.wake import READ_IMPORT, wake

KEPT = timedelta(days=90)
MOST_READING = 5
"""Files of one author that may wait to be read at once."""
SLICE = 100
"""Questions of a preview written in one transaction; see import_storing.SLICE for why they are few."""


def receive_file(
    *, author: User, filename: str, data: bytes, code: str = "", defaults: Defaults, whole: bool = False,
    language: str = "vi", now: datetime,
) -> ImportBatch:  # fmt: skip
    """Take a file to be read in the background; nothing of it is in the bank before ``request_storing``.

    ``code`` names the format ("": find out), ``whole`` says that one bad question keeps all of them out, ``language``
    is the one problems are told in.

    Raises:
        BadFile: when it is empty or too large; nothing is kept then.
        NotNow: when too many files of this author wait.
    """
    check_size(data)
    if ImportBatch.objects.filter(author=author, state=ImportState.READING).count() >= MOST_READING:
        raise NotNow(_("Đang đọc %(most)d tệp của bạn. Mời bạn đợi xong rồi gửi tiếp.") % {"most": MOST_READING})
    batch = ImportBatch.objects.create(
        author=author,
        format=code,
        filename=safe_name(filename),
        source=data,
        defaults=asdict(defaults) | {"audience": list(defaults.audience), "whole": whole, "reader": language},
        created_at=now,
        touched_at=now,
    )
    transaction.on_commit(partial(wake, READ_IMPORT, batch.public_id), robust=True)
    return batch


def safe_name(filename: str) -> str:
    """Return the last part of a name in one line, for people to read; it never becomes a path."""
    return tidy(PurePath(filename.replace("\\", "/").replace("\x00", "")).name)[:200] or _("tệp không tên")


def defaults_of(batch: ImportBatch) -> Defaults:
    """Return what the author said for everything the file leaves open."""
    said: dict[str, Any] = batch.defaults
    return Defaults(
        topic=said.get("topic", ""),
        difficulty=said["difficulty"],
        audience=tuple(said["audience"]),
        language=said.get("language", "vi"),
        citation=said.get("citation", ""),
    )


@transaction.atomic
def choose_items(*, batch: ImportBatch, shown: Collection[int], chosen: Collection[int], now: datetime) -> None:
    """Take in (of the positions shown on a page) the chosen ones, leave out the others. Raises NotNow."""
    _waiting(batch)
    items = ImportedItem.objects.filter(batch=batch, position__in=list(shown))
    items.filter(position__in=list(chosen)).exclude(coming=Coming.SAME).update(chosen=True)
    items.exclude(position__in=list(chosen)).update(chosen=False)


def mend_items(*, batch: ImportBatch, mend: Mend, now: datetime) -> int:
    """Apply what the author says afterwards to every question; how many changed. Raises NotNow."""
    topics = set(Topic.objects.values_list("slug", flat=True))
    changed, last = 0, -1
    while True:
        with transaction.atomic(), override(batch.defaults.get("reader", "vi")):
            _waiting(batch)
            rows = ImportedItem.objects.filter(batch=batch, position__gt=last).select_related("base__question__topic")
            items = list(rows.order_by("position")[:SLICE])
            if not items:
                return changed
            last = items[-1].position
            mended = [item for item in items if _mend(item, mend, topics)]
            ImportedItem.objects.bulk_update(mended, ["draft", "problems", "chosen", "coming"])
            changed += len(mended)


def _mend(item: ImportedItem, mend: Mend, topics: Collection[str]) -> bool:
    before = draft_from_json(item.draft)
    after = mend.applied(before)
    if after == before:
        return False
    was_out = bool(item.problems) or item.coming == Coming.SAME
    item.draft = draft_to_json(after)
    item.problems = mended_problems(item.problems, before, after, topics)
    item.coming = coming_of(item, after)
    if item.coming == Coming.SAME:
        item.chosen = False
    elif was_out and not item.problems and not any(twin["level"] != "near" for twin in item.twins):
        item.chosen = True
    return True


def drop_import(*, batch: ImportBatch, now: datetime) -> None:
    """Throw away a file that was read and not stored. Raises NotNow."""
    with transaction.atomic():
        _waiting(batch, ImportState.READ, ImportState.FAILED)
        _forget(ImportBatch.objects.filter(pk=batch.pk))


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: how many questions are gone, how many have the wording they had before the file, and the codes
    of those somebody has worked on since."""

    removed: int
    kept: tuple[str, ...]
    taken_back: int = 0


def undo_import(*, batch: ImportBatch, actor: User, now: datetime) -> Undone:
    """Take the questions of a file out again, but for those edited, sent on, approved or used since. Repeatable.

    Raises:
        NotNow: when the file is not stored.
    """
    removed, taken_back = 0, _take_back(batch, actor, now)
    while True:
        with transaction.atomic():
            state = _locked(batch).state
            if state == ImportState.UNDONE:
                return Undone(removed, _codes_left(batch), taken_back)
            if state != ImportState.STORED:
                raise NotNow(_("Tệp này chưa được lưu vào ngân hàng nên không có gì để hoàn tác."))
            ids = list(_untouched(batch).order_by("pk").values_list("pk", flat=True)[:SLICE])
            gone = _remove(ids)
            removed += gone
            if gone:
                continue
            kept = _codes_left(batch)
            ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.UNDONE, undone_at=now, touched_at=now)
            record(
                actor=actor,
                verb="import.undone",
                subject=f"import:{batch.public_id}",
                data={"removed": removed, "taken_back": taken_back, "kept": list(kept)},
                now=now,
            )
            return Undone(removed, kept, taken_back)


def _take_back(batch: ImportBatch, actor: User, now: datetime) -> int:
    """Give questions back the wordings this file has replaced, in slices; how many."""
    last, taken = -1, 0
    while True:
        with transaction.atomic():
            if _locked(batch).state != ImportState.STORED:
                return taken
            rows = ImportedItem.objects.filter(batch=batch, coming=Coming.CHANGED, question__isnull=False)
            items = list(rows.filter(position__gt=last).order_by("position")[: import_returning.SLICE])
            if not items:
                return taken
            last = items[-1].position
            taken += take_back_wordings(items=items, actor=actor, now=now)


def _untouched(batch: ImportBatch) -> Any:
    """Questions of this file that are still the drafts that came in."""
    mine = Question.objects.filter(imported_from__batch=batch, imported_from__coming=Coming.NEW).alias(
        texts=Count("versions", distinct=True), remarks=Count("versions__comments", distinct=True)
    )
    return mine.filter(
        Q(cards__isnull=True), state=QuestionState.DRAFT, texts=1, remarks=0, sealed_in__isnull=True, builtin=False
    )


def _remove(ids: list[int]) -> int:
    """Delete questions that nothing refers to; how many. What a higher app holds on to stays."""
    ids = list(
        Question.objects.select_for_update().filter(pk__in=ids, state=QuestionState.DRAFT).values_list("pk", flat=True)
    )
    if not ids:
        return 0
    try:
        with transaction.atomic():
            _delete(ids)
    except ProtectedError:
        return sum(_remove_one(pk) for pk in ids)
    return len(ids)


def _remove_one(pk: int) -> int:
    try:
        with transaction.atomic():
            _delete([pk])
    except ProtectedError:
        return 0
    return 1


def _delete(ids: list[int]) -> None:
    Question.objects.filter(pk__in=ids).update(current=None)
    QuestionVersion.objects.filter(question_id__in=ids).delete()
    Question.objects.filter(pk__in=ids).delete()


def _codes_left(batch: ImportBatch) -> tuple[str, ...]:
    return tuple(
        Question.objects.filter(imported_from__batch=batch).order_by("code").values_list("code", flat=True).distinct()
    )


def forget_imports(*, now: datetime) -> int:
    """Delete what was brought in long ago, and only the record of it: the questions stay. How many files."""
    old = ImportBatch.objects.filter(touched_at__lt=now - KEPT).exclude(state=ImportState.STORING)
    with transaction.atomic():
        return _forget(old)


def _forget(batches: Any) -> int:
    ids = list(batches.values_list("pk", flat=True))
    items = ImportedItem.objects.filter(batch__in=ids, draft__extra__picture__sha256__isnull=False)
    pictures = set(items.values_list("draft__extra__picture__sha256", flat=True))
    ImportBatch.objects.filter(pk__in=ids).delete()
    for name in pictures:
        used = QuestionVersion.objects.filter(extra__picture__sha256=name).exists()
        if not used and not ImportedItem.objects.filter(draft__extra__picture__sha256=name).exists():
            Picture.objects.filter(sha256=name).delete()
    return len(ids)


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update().defer("source").get(pk=batch.pk)


def _waiting(batch: ImportBatch, *states: ImportState) -> None:
    if _locked(batch).state not in (states or (ImportState.READ,)):
        raise NotNow(_("Tệp này không còn chờ xác nhận. Mời bạn tải lại trang."))
