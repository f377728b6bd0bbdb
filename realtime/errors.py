"""What live events say when they must refuse; codes are stable, sentences are for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from people.errors import AppError


class LiveError(AppError):
    """Base of every refusal of this app."""


class NoSuchEvent(LiveError):
    code = "not_found"
    message = _("Không tìm thấy sự kiện này. Có thể sự kiện đã kết thúc hoặc mã PIN gõ nhầm.")
    status = 404


class BadRules(LiveError):
    """Rules that do not fit together. ``problems`` are Vietnamese sentences, one per fault."""

    code = "bad_rules"
    message = _("Cách chơi chưa hợp lý.")
    status = 422

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems) or None)
        self.problems = problems


class StaleCommand(LiveError):
    """The hall has moved on since the button was shown: a second tap, or somebody else was faster."""

    code = "stale"
    message = _("Sự kiện vừa chuyển bước nên lệnh này không còn đúng lúc. Mời bạn xem lại màn hình.")
    status = 409


class CommandRefused(LiveError):
    """The state machine does not allow it now; ``code`` is its own."""

    code = "bad_phase"
    message = _("Lúc này chưa làm được việc đó.")
    status = 409


class BadCommand(LiveError):
    """A command whose data say nothing we can do."""

    code = "bad_value"
    message = _("Lệnh thiếu hoặc sai dữ liệu nên chưa thực hiện.")
    status = 422


class GrantMissing(LiveError):
    """Nobody steers without a right that is in force now."""

    code = "not_allowed"
    message = _("Bạn chưa được quyền điều khiển sự kiện này.")
    status = 403


class EventRunning(LiveError):
    code = "event_running"
    message = _("Sự kiện đang diễn ra nên chưa sửa được mục này.")
    status = 409


class EventOver(LiveError):
    code = "event_over"
    message = _("Sự kiện đã kết thúc.")
    status = 409


class NoQuestions(LiveError):
    code = "no_questions"
    message = _("Sự kiện chưa có câu hỏi nào. Mời bạn thêm câu hỏi trước khi mở phòng chờ.")
    status = 409


class NotCountable(LiveError):
    """The result cannot count into the contest round; the sentence says why."""

    code = "not_countable"
    message = _("Kết quả sự kiện này chưa tính vào vòng thi được.")
    status = 409
