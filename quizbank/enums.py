"""Closed lists of the question bank."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KindCode(models.TextChoices):
    """What a question asks for; each code has its pure grader in quizbank/kinds/."""

    SINGLE = "single", _("Chọn một đáp án")
    MULTIPLE = "multiple", _("Chọn nhiều đáp án")
    BOOLEAN = "boolean", _("Đúng hay sai")
    NUMERIC = "numeric", _("Điền số")
    SHORT = "short", _("Trả lời ngắn")
    ORDERING = "ordering", _("Sắp xếp thứ tự")
    MATCHING = "matching", _("Ghép cặp")


class Difficulty(models.TextChoices):
    EASY = "easy", _("Dễ")
    MEDIUM = "medium", _("Vừa")
    HARD = "hard", _("Khó")


class Audience(models.TextChoices):
    """Whom a question is for (the four readers of the ministry's handbook)."""

    BASIC = "basic", _("Cơ bản")
    RESIDENT = "resident", _("Người dân")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    AGENCY = "agency", _("Cơ quan nhà nước")


class QuestionState(models.TextChoices):
    """Where a question stands between its author and a paper; only approved ones enter papers."""

    DRAFT = "draft", _("Bản nháp")
    IN_REVIEW = "in_review", _("Đang duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETIRED = "retired", _("Ngừng dùng")


class ImportState(models.TextChoices):
    """Where an imported file stands."""

    READING = "reading", _("Đang đọc")
    READ = "read", _("Chờ xác nhận")
    STORING = "storing", _("Đang lưu")
    STORED = "stored", _("Đã nhập")
    UNDONE = "undone", _("Đã hoàn tác")
    FAILED = "failed", _("Không đọc được")


class Coming(models.TextChoices):
    """What a question of a file is to the bank: a new one, another wording of one that is there, or one as it is."""

    NEW = "new", _("Câu mới")
    CHANGED = "changed", _("Sửa câu đã có")
    SAME = "same", _("Không đổi")


class Sight(models.TextChoices):
    """How somebody came to see a question with its key."""

    OPENED = "opened", _("Mở xem")
    EDITED = "edited", _("Soạn, sửa")
    REVIEWED = "reviewed", _("Duyệt")
    EXPORTED = "exported", _("Xuất ra tệp")
    DEALT = "dealt", _("Xem trước đề thi")


class PracticeMode(models.TextChoices):
    """Why a practice question was asked."""

    ENDLESS = "endless", _("Luyện liên tục")
    TOPIC = "topic", _("Theo chủ đề")
    WEAKNESS = "weakness", _("Phần còn yếu")
    MISTAKES = "mistakes", _("Sổ lỗi sai")
    CARD = "card", _("Câu hỏi của thẻ")
    MOCK = "mock", _("Thi thử")


class PointKind(models.TextChoices):
    """What points were earned for."""

    CARD = "card", _("Nhớ thẻ lần đầu")
    QUESTION = "question", _("Trả lời đúng lần đầu")
    DAY = "day", _("Một ngày học")


class WinKind(models.TextChoices):
    """What good news is about."""

    BADGE = "badge", _("Huy hiệu")
    LEVEL = "level", _("Cấp")
    QUEST = "quest", _("Việc nhỏ")


NEAR = "gan:"
"""Questions that bear the same tag beginning so tell each other's key, or ask the same twice: one paper holds one of them."""

# The ten topics of the built-in bank, in the order of the fact sheet: slug -> (Vietnamese, English).
TOPICS: dict[str, tuple[str, str]] = {
    "nhan-thuc": ("Nhận thức về chuyển đổi số", "Awareness"),
    "chinh-quyen-so": ("Chính quyền số", "Digital government"),
    "kinh-te-so": ("Kinh tế số", "Digital economy"),
    "xa-hoi-so": ("Xã hội số", "Digital society"),
    "cong-dan-so": ("Công dân số và kỹ năng số", "Digital citizens and skills"),
    "ha-tang-so": ("Hạ tầng số", "Digital infrastructure"),
    "du-lieu-so": ("Dữ liệu số", "Digital data"),
    "an-toan": ("An toàn thông tin và dữ liệu cá nhân", "Security and personal data"),
    "phap-ly": ("Pháp lý và chiến lược", "Law and strategy"),
    "dia-phuong": ("Chuyển đổi số ở địa phương", "Local practice"),
}
