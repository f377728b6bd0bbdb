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


class BadFile(BankError):
    """A file that cannot be read as questions. The sentence says what to do; nothing is stored."""

    code = "bad_file"
    message = _("Không đọc được tệp này. Mời bạn kiểm tra lại tệp, hoặc lưu lại dưới dạng .xlsx rồi gửi lại.")
    status = 422


class SealedQuestion(BankError):
    """A question of a sealed set, asked for by somebody who is not among its readers."""

    code = "sealed_question"
    message = _("Câu hỏi này thuộc bộ đề niêm phong. Chỉ những người được nêu tên mới đọc được trước khi thi xong.")
    status = 403


class TooFast(BankError):
    """More requests of one person than anybody makes by hand."""

    code = "too_fast"
    message = _("Bạn gửi nhanh quá. Mời bạn chờ một phút rồi học tiếp.")
    status = 429


class NotNow(BankError):
    """Something else must come first, or has happened meanwhile; the sentence says what."""

    code = "not_now"
    message = _("Việc này chưa làm được lúc này. Mời bạn tải lại trang.")
    status = 409


class NotHere(BankError):
    """Nothing at this address for this person; nothing tells whether it exists for somebody else."""

    code = "not_found"
    message = _("Không tìm thấy trang này, hoặc bạn chưa được mở.")
    status = 404


class GoalRefused(BankError):
    """A goal of a unit that cannot be set as asked; the sentence says why."""

    code = "goal_refused"
    message = _("Mục tiêu này chưa đặt được. Mời bạn xem lại ngày và số thẻ.")
    status = 422


class QuestionWithheld(BankError):
    """A question that entered a running round between being asked and being answered in practice."""

    code = "withheld"
    message = _("Câu này vừa được dùng cho một vòng thi nên tạm thời không luyện được. Mời bạn làm câu khác.")
    status = 409
