"""Reading a received file in the background: understood by a child process, checked, compared with the bank, shown.

The row is the truth: ``touched_at`` is the lease of whoever reads. A second reader, or one that comes back from the
dead, finds that the lease is not its own any more and changes nothing.
"""

from __future__ import annotations

import gc
import hashlib
import io
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image

from people.text import tidy
from quizbank.domain.import_returning import Mark, Returning
from quizbank.domain.importing import SLICE, defaults_of
from quizbank.domain.pictures import LONGEST_ALT
from quizbank.draft_json import draft_to_json
from quizbank.drafts import Draft
from quizbank.duplicates import Text, Twin, find_twins, text_of
from quizbank.enums import Coming, ImportState
from quizbank.errors import BadFile
from quizbank.formats.apart import ReadFile, ReadItem, read_apart
from quizbank.import_checks import completed, merged
from quizbank.kinds import get_kind
from quizbank.models import ImportBatch, ImportedItem, Picture, Question, Topic
from quizbank.queries.imports import KnownQuestion, known_questions, readable_questions
from quizbank.wake import READ_IMPORT, STORE_IMPORT, wake

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=100)
"""A reading that gave no sign for so long is taken over; the child is given 75 s."""
TRIED_FOR = timedelta(minutes=15)
LONGEST_PLACE = 60
CHECKED_AT_ONCE = 500
READ_SHARE = 60
"""Percent of the bar that reading, checking and comparing are; writing is the rest."""

Reader = Callable[..., ReadFile]


class Lost(Exception):
    """Somebody else has taken the reading over."""


def read_import(*, public_id: str, now: datetime, reader: Reader = read_apart) -> bool:
    """Read a file that waits for it; whether this call did it. A file that cannot be read ends with a sentence."""
    batch = ImportBatch.objects.filter(public_id=public_id, state=ImportState.READING).first()
    lease = None if batch is None else _claim(batch, now)
    if batch is None or lease is None:
        return False
    with override(batch.defaults.get("reader", "vi")):
        try:
            file = reader(
                bytes(batch.source or b""), filename=batch.filename, code=batch.format, defaults=defaults_of(batch)
            )
            try:
                with _nothing_collected():
                    _keep(batch, lease, file)
            finally:
                file.close()
        except BadFile as error:
            return _failed(batch, lease, str(error))
        except Lost:
            return False
    return True


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Ten thousand drafts make no cycles, but a million small objects send the collector round again and again: it took
    28 % of the CPU of a large preview. Reference counting goes on."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _failed(batch: ImportBatch, lease: list[datetime], why: str) -> bool:
    failed = {"state": ImportState.FAILED, "failure": why[:400], "source": None, "total": 0, "done": 0}
    return bool(_mine(batch, lease).update(**failed, touched_at=timezone.now()))


def sweep_imports(*, now: datetime) -> int:
    """Wake somebody for every file a lost message or a killed worker has left; how many."""
    waiting = ImportBatch.objects.filter(
        Q(state=ImportState.READING) & (Q(touched_at=F("created_at")) | Q(touched_at__lt=now - LEASE))
        | Q(state=ImportState.STORING)
    )
    hopeless = waiting.filter(state=ImportState.READING, created_at__lt=now - TRIED_FOR)
    hopeless.update(state=ImportState.FAILED, failure=str(BadFile.message)[:400], source=None, touched_at=now)
    left = list(waiting.values_list("public_id", "state"))
    for public_id, state in left:
        wake(READ_IMPORT if state == ImportState.READING else STORE_IMPORT, public_id)
    return len(left)


def _claim(batch: ImportBatch, now: datetime) -> list[datetime] | None:
    """Take the reading; a list whose one entry is the present lease."""
    lease = max(now, batch.created_at + timedelta(milliseconds=1))
    free = Q(touched_at=F("created_at")) | Q(touched_at__lt=now - LEASE)
    taken = ImportBatch.objects.filter(free, pk=batch.pk, state=ImportState.READING).update(touched_at=lease)
    return [lease] if taken else None


def _mine(batch: ImportBatch, lease: list[datetime]) -> Any:
    return ImportBatch.objects.filter(pk=batch.pk, state=ImportState.READING, touched_at=lease[0])


def _beat(batch: ImportBatch, lease: list[datetime], **values: Any) -> None:
    renewed = max(timezone.now(), lease[0] + timedelta(milliseconds=1))
    if not _mine(batch, lease).update(touched_at=renewed, **values):
        raise Lost
    lease[0] = renewed


@dataclass(frozen=True, slots=True)
class _Checked:
    """A question of the file with what is wrong with it, and as duplicates are found by."""

    item: ReadItem
    draft: Draft
    problems: list[str]
    text: Text


def _keep(batch: ImportBatch, lease: list[datetime], file: ReadFile) -> None:
    """Write what was understood, in slices; the last statement shows it."""
    count = file.count
    _beat(batch, lease, total=count, done=0, format=file.format)
    ImportedItem.objects.filter(batch=batch).delete()
    checked = _checked(batch, file, beat=lambda done: _beat(batch, lease, done=done * READ_SHARE // 100))
    drafts = [one.draft for one in checked]
    twins = _twins(batch, checked, beat=lambda done: _beat(batch, lease))
    codes = _taken_codes(drafts)
    returning = Returning(batch.author, fmt=file.format, often=Counter(draft.code for draft in drafts))
    for first in range(0, count, SLICE):
        part = range(first, min(first + SLICE, count))
        marks = returning.marks(drafts[part.start : part.stop])
        items = [
            _item(batch, place, checked[place], mark, twins[place], codes)
            for place, mark in zip(part, marks, strict=True)
        ]
        with transaction.atomic():
            _beat(batch, lease, done=(count * READ_SHARE + first * (100 - READ_SHARE)) // 100)
            _store_pictures(batch, [checked[place] for place in part])
            ImportedItem.objects.bulk_create(items)
    _beat(
        batch, lease, state=ImportState.READ, done=count, notes=list(file.notes), source=None, failure="",
    )  # fmt: skip


def _checked(batch: ImportBatch, file: ReadFile, *, beat: Callable[[int], object]) -> list[_Checked]:
    """Look at each question while the child reads the next ones."""
    topics = set(Topic.objects.values_list("slug", flat=True))
    defaults = defaults_of(batch)
    items = iter(file.items)
    checked: list[_Checked] = []
    while part := list(islice(items, CHECKED_AT_ONCE)):
        known = _known_pictures(part)
        for item in part:
            draft = completed(_pictured(item, known), defaults, topics)
            problems = merged(item.problems, draft, topics)
            # Names of the bank's texts are 0 and up, those of the file -1 and down.
            checked.append(_Checked(item, draft, problems, _text(-1 - len(checked), draft, sound=not problems)))
        beat(len(checked))
    return checked


def _item(
    batch: ImportBatch, place: int, one: _Checked, mark: Mark, twins: list[dict[str, Any]], codes: set[str]
) -> ImportedItem:
    item, draft = one.item, mark.draft
    problems = [*one.problems, *mark.problems]
    warnings = [*item.warnings, *mark.warnings]
    if mark.coming != Coming.NEW:
        twins = [twin for twin in twins if twin.get("code") != mark.code]  # nobody is told that it resembles itself
    elif draft.code and draft.code in codes and not mark.warnings:
        warnings.append(_("Mã %(code)s đã có, câu này sẽ nhận mã mới.") % {"code": draft.code})
    return ImportedItem(
        batch=batch,
        position=place,
        place=item.place[:LONGEST_PLACE],
        draft=draft_to_json(draft),
        problems=problems,
        warnings=warnings,
        twins=twins,
        chosen=mark.sure
        and mark.coming != Coming.SAME
        and not problems
        and all(twin["level"] == "near" for twin in twins),
        coming=mark.coming,
        base_id=mark.base,
    )


def _taken_codes(drafts: list[Draft]) -> set[str]:
    """Codes of the file that something has already: a question of the bank, or an earlier question of the file."""
    met: set[str] = set()
    twice: set[str] = set()
    for draft in drafts:
        (twice if draft.code in met else met).add(draft.code)
    stored: set[str] = set()
    wanted = sorted(met - {""})
    for first in range(0, len(wanted), 500):
        stored |= set(Question.objects.filter(code__in=wanted[first : first + 500]).values_list("code", flat=True))
    return stored | twice


def _twins(batch: ImportBatch, checked: list[_Checked], *, beat: Callable[[int], object]) -> list[list[dict[str, Any]]]:
    """Compare with the bank as far as its author may read it, and with the file itself."""
    known = known_questions(readable_questions(batch.author))
    found = find_twins([one.text for one in checked], [one.text for one in known], beat=beat)
    return [[_told(twin, known) for twin in twins] for twins in found]


def _text(name: int, draft: Draft, *, sound: bool) -> Text:
    answer = get_kind(draft.kind).tell_key(draft.content, draft.key) if sound else ""
    return text_of(name, stem=draft.stem, content=draft.content, answer=answer)


def _told(twin: Twin, known: list[KnownQuestion]) -> dict[str, Any]:
    told: dict[str, Any] = {"level": twin.level.value, "percent": twin.percent, "same_answer": twin.same_answer}
    if twin.name < 0:
        return told | {"position": -1 - twin.name}
    return told | {"code": known[twin.name].code, "public_id": known[twin.name].public_id}


def _pictured(item: ReadItem, known: dict[str, tuple[int, int]]) -> Draft:
    """Return the draft naming its picture by content: one that came with the file, or one the bank has (our own
    spreadsheets name it); any other name is dropped."""
    asked = item.draft.extra.get("picture")
    if not isinstance(asked, dict):
        return item.draft
    extra = {name: value for name, value in item.draft.extra.items() if name != "picture"}
    name = str(asked.get("name", ""))
    raw, digest = item.pictures.get(name), item.came.get(name) or str(asked.get("sha256", ""))
    if raw is not None and digest not in known:
        digest, (width, height) = hashlib.sha256(raw).hexdigest(), _size(raw)
    elif digest in known:
        width, height = known[digest]
    else:
        return replace(item.draft, extra=extra)
    alt = tidy(str(asked.get("alt", "")))[:LONGEST_ALT]
    extra["picture"] = {"sha256": digest, "alt": alt, "width": width, "height": height}
    return replace(item.draft, extra=extra)


def _known_pictures(items: list[ReadItem]) -> dict[str, tuple[int, int]]:
    """{SHA-256: size} of the bank's pictures that these name. One query, none where they name none."""
    entries = [item.draft.extra.get("picture") for item in items]
    names = {str(one.get("sha256")) for one in entries if isinstance(one, dict) and one.get("sha256")}
    names.update(digest for item in items for digest in item.came.values())
    if not names:
        return {}
    rows = Picture.objects.filter(sha256__in=names).values_list("sha256", "width", "height")
    return {name: (width, height) for name, width, height in rows}


def _store_pictures(batch: ImportBatch, part: list[_Checked]) -> None:
    """Keep the pictures these questions show, but for those the bank has."""
    shown = {(one.draft.extra.get("picture") or {}).get("sha256") for one in part}
    pictures = {hashlib.sha256(raw).hexdigest(): raw for one in part for raw in one.item.pictures.values()}
    rows = []
    for name, raw in pictures.items():
        if name not in shown:
            continue
        width, height = _size(raw)
        rows.append(Picture(sha256=name, data=raw, width=width, height=height, added_by=batch.author))
    Picture.objects.bulk_create(rows, ignore_conflicts=True)


def _size(raw: bytes) -> tuple[int, int]:
    """Width and height of a picture the child has drawn a moment ago."""
    with Image.open(io.BytesIO(raw), formats=("WEBP",)) as image:
        return image.size
