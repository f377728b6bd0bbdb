"""Sentences of live events that are said in more than one place."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def too_many(most: int) -> str:
    """The running order is full."""
    return _("Một sự kiện có nhiều nhất %(most)d câu hỏi.") % {"most": most}


def too_few(missing: int) -> str:
    """The bank does not have enough."""
    return ngettext(
        "Ngân hàng còn thiếu %(missing)d câu hỏi cho lựa chọn này.",
        "Ngân hàng còn thiếu %(missing)d câu hỏi cho lựa chọn này.",
        missing,
    ) % {"missing": missing}
