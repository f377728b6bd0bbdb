"""The audit chain of the bank in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import AuditEntry
from quizbank.models import SealedSet

VERBS: Mapping[str, Promise] = {
    "question.written": gettext_lazy("soạn câu hỏi"),
    "question.revised": gettext_lazy("sửa câu hỏi"),
    "question.taken_back": gettext_lazy("hoàn tác bản sửa từ tệp"),
    "question.sent": gettext_lazy("gửi duyệt"),
    "question.withdrawn": gettext_lazy("rút về bản nháp"),
    "question.approved": gettext_lazy("duyệt câu hỏi"),
    "question.returned": gettext_lazy("trả lại tác giả"),
    "question.retired": gettext_lazy("cho ngừng dùng"),
    "question.brought_back": gettext_lazy("đưa vào dùng lại"),
    "sealed.created": gettext_lazy("lập bộ đề niêm phong"),
    "sealed.readers": gettext_lazy("đổi người được đọc"),
    "sealed.added": gettext_lazy("niêm phong thêm câu"),
    "sealed.taken_out": gettext_lazy("đưa câu ra khỏi niêm phong"),
    "sealed.opened": gettext_lazy("mở niêm phong"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision. ``codes`` are the questions it is about, ``url`` leads to the question or set, "" where unknown."""

    at: datetime
    who: str
    text: str
    codes: tuple[str, ...]
    about: str
    question: str = ""
    sealed: str = ""


def log_lines(entries: Iterable[AuditEntry]) -> list[LogLine]:
    """Say entries in words. One query for the names of sets."""
    entries = list(entries)
    ids = {one.subject.partition(":")[2] for one in entries if one.subject.startswith("sealed:")}
    names = dict(SealedSet.objects.filter(public_id__in=ids).values_list("public_id", "name")) if ids else {}
    return [_line(one, names) for one in entries]


def _line(entry: AuditEntry, names: Mapping[str, str]) -> LogLine:
    kind, _colon, public_id = entry.subject.partition(":")
    codes = entry.data.get("questions") or [entry.data.get("code", "")]
    return LogLine(
        at=entry.at,
        who=str(entry.actor) if entry.actor else _("Hệ thống"),
        text=str(VERBS.get(entry.verb, entry.verb)),
        codes=tuple(str(code) for code in codes if code),
        about=names.get(public_id, ""),
        question=public_id if kind == "question" else "",
        sealed=public_id if kind == "sealed" and public_id in names else "",
    )
