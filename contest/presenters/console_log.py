"""The audit chain in words: who decided what about a contest, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import AuditEntry

VERBS: Mapping[str, Promise] = {
    "contest.created": gettext_lazy("tạo cuộc thi"),
    "contest.edited": gettext_lazy("sửa thông tin cuộc thi"),
    "contest.rewards_off": gettext_lazy("tắt điểm thưởng trong cuộc thi"),
    "contest.rewards_on": gettext_lazy("bật lại điểm thưởng trong cuộc thi"),
    "contest.listed": gettext_lazy("đưa cuộc thi ra công khai"),
    "contest.unlisted": gettext_lazy("ẩn cuộc thi"),
    "rules.edited": gettext_lazy("sửa thể lệ"),
    "round.scheduled": gettext_lazy("lên lịch vòng thi"),
    "round.edited": gettext_lazy("sửa vòng thi"),
    "round.frozen": gettext_lazy("đóng băng đề"),
    "round.thawed": gettext_lazy("bỏ đóng băng đề"),
    "round.cancelled": gettext_lazy("hủy vòng thi"),
    "round.extended": gettext_lazy("gia hạn vòng thi"),
    "round.ended_early": gettext_lazy("kết thúc vòng thi sớm"),
    "round.closed": gettext_lazy("chốt kết quả"),
    "round.recomputed": gettext_lazy("tính lại kết quả"),
    "round.published": gettext_lazy("công bố kết quả"),
    "paper.keys_seen": gettext_lazy("xem đáp án của đề"),
    "key.changed": gettext_lazy("sửa đáp án"),
    "question.voided": gettext_lazy("hủy một câu hỏi"),
    "invite.accepted": gettext_lazy("tính lượt mời đang xem xét"),
    "invite.refused": gettext_lazy("không tính lượt mời"),
    "certificates.issued": gettext_lazy("cấp giấy chứng nhận"),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision. ``who`` is a name, "" for the system; ``about`` the round's title where it is about one."""

    at: datetime
    who: str
    text: str
    about: str
    reason: str


def log_lines(entries: Iterable[AuditEntry], titles: Mapping[str, str]) -> list[LogLine]:
    """Say entries in words; ``titles`` names subjects."""
    return [
        LogLine(
            at=entry.at,
            who=str(entry.actor) if entry.actor else _("Hệ thống"),
            text=str(VERBS.get(entry.verb, entry.verb)),
            about=titles.get(entry.subject, ""),
            reason=str(entry.data.get("reason", "")),
        )
        for entry in entries
    ]
