"""What contests say when they must refuse; codes are stable, sentences are for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from people.errors import AppError


class ContestError(AppError):
    """Base of every refusal of this app."""


class NotFound(ContestError):
    code = "not_found"
    message = _("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ hoặc gõ nhầm.")
    status = 404


class RoundNotOpen(ContestError):
    code = "round_not_open"
    message = _("Vòng thi chưa mở. Mời bạn quay lại khi đến giờ.")
    status = 409


class RoundOver(ContestError):
    code = "round_over"
    message = _("Vòng thi đã kết thúc.")
    status = 409


class NotEligible(ContestError):
    code = "not_eligible"
    message = _("Bạn chưa thuộc đối tượng dự thi của cuộc thi này.")
    status = 403


class AttemptsUsed(ContestError):
    code = "attempts_used"
    message = _("Bạn đã dùng hết số lượt thi.")
    status = 409


class AttemptClosed(ContestError):
    code = "attempt_closed"
    message = _("Bài thi đã nộp. Kết quả không thay đổi.")
    status = 409


class AttemptLate(ContestError):
    code = "late"
    message = _("Hết giờ. Câu trả lời này đến sau hạn nên không được nhận.")
    status = 410


class AttemptMoved(ContestError):
    code = "moved"
    message = _("Bài thi đang được làm trên thiết bị khác. Mở lại trang này nếu bạn muốn làm tiếp ở đây.")
    status = 409


class BadAnswer(ContestError):
    code = "bad_answer"
    message = _("Câu trả lời chưa đúng dạng nên chưa được lưu. Mời bạn chọn lại.")
    status = 422


class BadPrediction(ContestError):
    code = "bad_prediction"
    message = _("Số dự đoán chưa đúng dạng nên chưa được lưu.")
    status = 422


class Unanswered(ContestError):
    code = "unanswered"
    message = _("Bài thi phải trả lời đủ tất cả các câu mới nộp được.")
    status = 409


class PaperTooSmall(ContestError):
    code = "paper_too_small"
    message = _("Ngân hàng chưa đủ câu hỏi cho cơ cấu đề này.")
    status = 409


class RulesLocked(ContestError):
    code = "rules_locked"
    message = _("Thể lệ đã khóa khi vòng thi mở, không sửa được nữa.")
    status = 409


class NotYet(ContestError):
    code = "not_yet"
    message = _("Chưa làm được bước này vì bước trước chưa xong.")
    status = 409


class CertificateRevoked(ContestError):
    code = "certificate_revoked"
    message = _("Giấy chứng nhận này đã bị thu hồi nên không tải được.")
    status = 410


class TooOften(ContestError):
    code = "too_often"
    message = _("Bạn tra cứu hơi nhanh. Mời bạn nghỉ một phút rồi thử lại.")
    status = 429
