"""Sentences of the paper and the result that need values, in the language in force."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from contest.models import Attempt


def say_clock(moment: datetime) -> str:
    """The hour in Viet Nam: "20:41"."""
    return timezone.localtime(moment).strftime("%H:%M")


def already_submitted(attempt: Attempt, *, elsewhere: bool) -> str:
    """The answer to a second submit: nothing changes."""
    clock = say_clock(attempt.submitted_at or attempt.deadline)
    if elsewhere:
        return _("Bạn đã nộp bài này lúc {clock} trên thiết bị khác. Kết quả không thay đổi.").format(clock=clock)
    return _("Bạn đã nộp bài này lúc {clock}. Kết quả không thay đổi.").format(clock=clock)


def paper_words() -> dict[str, str]:
    """What paper.js says; {n}, {total} and {list} are filled in there."""
    return {
        "saving": _("Đang lưu…"),
        "saved": _("Đã lưu"),
        "kept": _("Giữ trên máy này"),
        "bad": _("Câu trả lời chưa đúng dạng nên chưa được lưu. Mời bạn sửa lại."),
        "cleared": _("Đã bỏ câu trả lời"),
        "typing": "",
        "idle": "",
        "question": _("Câu {n}"),
        "answered": _("đã trả lời"),
        "empty": _("chưa trả lời"),
        "flagged": _("đã đánh dấu"),
        "unflagged": _("đã bỏ đánh dấu"),
        "flag": _("Đánh dấu"),
        "unflag": _("Bỏ đánh dấu"),
        "count": _("Đã trả lời {n}/{total} câu"),
        "missing": _("Còn {n} câu chưa trả lời: {list}. Nộp bài rồi thì không sửa được nữa."),
        "over_sending": _("Hết giờ. Đang nộp bài của bạn…"),
        "over_offline": _(
            "Hết giờ. Máy đang mất mạng, nhưng mọi câu đã lưu đều ở trên máy chủ và bài được đóng đúng giờ."
            " Trang này sẽ mở kết quả khi có mạng lại."
        ),
    }
