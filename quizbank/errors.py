"""What the question bank says when it must refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from people.errors import AppError


class BankError(AppError):
    """Base of every refusal of this app."""


class BadResponse(BankError):
    """A response that does not fit its question; nothing is stored."""

    code = "bad_answer"
    message = _("Câu trả lời chưa đúng dạng nên chưa được lưu. Mời bạn chọn lại.")
    status = 422


class BadQuestion(BankError):
    """A question whose form is wrong. ``problems`` are Vietnamese sentences, one per fault."""

    code = "bad_question"
    message = _("Câu hỏi chưa đúng dạng.")
    status = 422

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems) or None)
        self.problems = problems


class OwnQuestion(BankError):
    code = "own_question"
    message = _("Người soạn không tự duyệt câu hỏi của mình.")
    status = 403
