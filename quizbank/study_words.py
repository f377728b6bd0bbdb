"""What the learning pages say, in the reader's language: said once, for templates and scripts alike. Pure."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

_SCALE = ((60, "minutes"), (60, "hours"), (24, "days"), (30, "months"), (12, "years"))


def _units() -> dict[str, str]:
    # With a space that does not break, and so words of their own beside the counted ones elsewhere.
    return {
        "minutes": _("{n} phút"),
        "hours": _("{n} giờ"),
        "days": _("{n} ngày"),
        "months": _("{n} tháng"),
        "years": _("{n} năm"),
    }


def rest_words(rest: timedelta) -> str:
    """How long a card rests, in one unit: "10 phút", "3 ngày". study.js says it the same way."""
    amount, unit = rest.total_seconds(), "minutes"
    for size, name in _SCALE:
        if name != "minutes" and amount < size:
            break
        amount, unit = amount / size, name
    return _units()[unit].replace("{n}", str(max(1, round(amount))))


def study_words() -> dict[str, str]:
    """The sentences of the scripts."""
    return _units() | {
        "count": _("Còn {n} thẻ"),
        "again_soon": _("Thẻ này sẽ quay lại sau ít phút."),
        "next_due": _("Thẻ tiếp theo đến hạn sau {rest}."),
        "done_today": _("Bạn vừa ôn {n} thẻ."),
        "due": _("{n} thẻ đến hạn"),
        "nothing_due": _("Chưa có thẻ nào đến hạn"),
        "kept_here": _("Mất mạng. Bạn cứ học tiếp: kết quả được giữ trên máy này và sẽ tự gửi khi có mạng."),
        "sent": _("Đã lưu kết quả ôn tập."),
        "sign_in": _("Mời bạn đăng nhập lại để lưu {n} lượt ôn đang giữ trên máy này."),
        "taken": _("Đã chuyển tiến độ học trên máy này vào tài khoản của bạn."),
        "settled": _("{n}/{total} thẻ đã thuộc"),
    }
