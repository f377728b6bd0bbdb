"""Errors that are told to a person: a code for machines, one kind sentence for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AppError(Exception):
    """A refusal with a stable ``code``, a translated ``message`` and the HTTP ``status`` an edge answers with."""

    code = "refused"
    message: str | Promise = _("Yêu cầu chưa thực hiện được. Mời bạn thử lại.")
    status = 400

    def __init__(
        self, message: str | Promise | None = None, *, code: str | None = None, status: int | None = None
    ) -> None:
        self.message = message if message is not None else type(self).message
        self.code = code or type(self).code
        self.status = status or type(self).status
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(AppError):
    """The person is known but has no right to this object in this scope."""

    code = "not_allowed"
    message = _("Bạn chưa được phân quyền làm việc này.")
    status = 403
