"""Questions go out as a file: what the format can hold, each under its own code; who took which is written down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.domain.audit import record
from people.models import User
from people.text import tidy
from quizbank.domain.questions import draft_of
from quizbank.domain.sightings import note_sights
from quizbank.drafts import Draft
from quizbank.enums import KindCode, Sight
from quizbank.errors import NotNow
from quizbank.formats.base import MOST_QUESTIONS, Format
from quizbank.formats.kahoot import Kahoot
from quizbank.formats.kahoot import holds as kahoot_holds
from quizbank.formats.paper import Paper, paper
from quizbank.formats.registry import FORMATS
from quizbank.models import Picture, QuestionVersion
from quizbank.queries.exports import Selection, selected_versions

LONGEST_TITLE = 120
MOST_PRINTED = 1_000
"""Questions of one printed paper: setting a thousand takes four seconds of processor time, the others far less."""
PICTURED = frozenset({"gift", "moodle", "qti2", "qti3", "word"})
"""Formats that take pictures along; they find the bytes beside the draft's entry."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Questions that do not go out, and why; ``codes`` names them where they may be named."""

    reason: str
    codes: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What a file would hold and what it would not."""

    versions: tuple[QuestionVersion, ...]
    left_out: tuple[LeftOut, ...]
    without_picture: tuple[str, ...] = ()
    """Codes of questions that go out without their picture."""

    @property
    def count(self) -> int:
        return len(self.versions)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to download; its name holds nothing anybody typed."""

    name: str
    media_type: str
    data: bytes
    count: int


def plan_export(*, selection: Selection, code: str, reader: User) -> ExportPlan:
    """Say what a file of this format would hold. Changes nothing."""
    chosen = FORMATS[code]
    selected = selected_versions(selection, reader=reader)
    fitting = [version for version in selected.versions if version.kind in chosen.kinds]
    left_out = _of_other_kinds(selected.versions, chosen)
    if code == Kahoot.code:
        too_many = [version for version in fitting if not kahoot_holds(draft_of(version))]
        fitting = [version for version in fitting if version not in too_many]
        if too_many:
            codes = tuple(version.question.code for version in too_many)
            left_out.append(LeftOut(_("Kahoot chỉ nhận nhiều nhất bốn phương án"), codes, len(codes)))
    if selected.sealed:
        sentence = _("Thuộc bộ đề niêm phong mà bạn không có tên trong danh sách được đọc")
        left_out.append(LeftOut(sentence, (), selected.sealed))
    bare = code not in PICTURED and code != Paper.code
    lost = tuple(version.question.code for version in fitting if bare and version.extra.get("picture"))
    return ExportPlan(tuple(fitting), tuple(left_out), lost)


def _of_other_kinds(versions: list[QuestionVersion], chosen: Format) -> list[LeftOut]:
    others = [version for version in versions if version.kind not in chosen.kinds]
    return [
        LeftOut(
            _("Dạng %(format)s không chứa được loại câu “%(kind)s”")
            % {"format": chosen.name, "kind": KindCode(kind).label},
            tuple(version.question.code for version in others if version.kind == kind),
            count,
        )
        for kind, count in sorted(Counter(version.kind for version in others).items())
    ]


def export_questions(
    *,
    selection: Selection,
    code: str,
    title: str,
    reader: User,
    now: datetime,
    subtitle: str = "",
    with_key: bool = False,
) -> ExportFile:
    """Return the file and write down that this person has now seen these questions with their keys.

    ``subtitle`` and ``with_key`` (a page of answers) are for the printed paper.

    Raises:
        NotNow: when nothing can go in, or too much was asked for.
        BadFile: when the format cannot write these questions.
    """
    plan = plan_export(selection=selection, code=code, reader=reader)
    if not plan.versions:
        raise NotNow(_("Không có câu nào để xuất. Mời bạn chọn lại."), status=422)
    most = MOST_PRINTED if code == Paper.code else MOST_QUESTIONS
    if plan.count > most:
        sentence = ngettext(
            "Mỗi tệp nhiều nhất %(most)d câu. Mời bạn lọc bớt.",
            "Mỗi tệp nhiều nhất %(most)d câu. Mời bạn lọc bớt.",
            most,
        )
        raise NotNow(sentence % {"most": most}, status=422)
    chosen = FORMATS[code]
    drafts = [draft_of(version) for version in plan.versions]
    title = tidy(title)[:LONGEST_TITLE] or _("Câu hỏi Thi Số")
    pictures = _pictures(drafts)
    if code == Paper.code:
        data = paper(drafts, title=title, subtitle=tidy(subtitle)[:LONGEST_TITLE], key=with_key, pictures=pictures)
    else:
        data = chosen.write(_with_pictures(drafts, pictures) if code in PICTURED else drafts, title=title)
    # Written before the bytes leave, so that no question goes out unseen.
    with transaction.atomic():
        note_sights(
            versions=[version.pk for version in plan.versions], reader=reader, what=Sight.EXPORTED, now=now, note=code
        )
        record(
            actor=reader,
            verb="questions.exported",
            subject=f"format:{code}",
            data={"questions": plan.count, "codes": [version.question.code for version in plan.versions[:200]]},
            now=now,
        )
    kind = f"{chosen.code}-dap-an" if with_key and code == Paper.code else chosen.code
    name = f"thi-so-{kind}-{localtime(now):%Y%m%d-%H%M}.{chosen.extension}"
    return ExportFile(name, chosen.media_type, data, plan.count)


def _pictures(drafts: list[Draft]) -> dict[str, bytes]:
    """{SHA-256: bytes} of the pictures of these questions. One query, none where there are no pictures."""
    names = {str(one.extra["picture"].get("sha256")) for one in drafts if isinstance(one.extra.get("picture"), dict)}
    if not names:
        return {}
    rows = Picture.objects.filter(sha256__in=names).values_list("sha256", "data")
    return {name: bytes(data) for name, data in rows}


def _with_pictures(drafts: list[Draft], pictures: dict[str, bytes]) -> list[Draft]:
    """Put the bytes of pictures where formats look for them (quizbank/formats/pictures.py)."""

    def pictured(draft: Draft) -> Draft:
        picture = draft.extra.get("picture")
        data = pictures.get(str(picture.get("sha256"))) if isinstance(picture, dict) else None
        if not isinstance(picture, dict) or data is None:
            return draft
        return replace(draft, extra=draft.extra | {"picture": picture | {"data": data}})

    return [pictured(draft) for draft in drafts]
