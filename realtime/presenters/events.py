"""Events in words: cards of the list, the next thing to do, how long an event takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from realtime.domain.questions import TALK_SECONDS
from realtime.enums import Mode, Phase
from realtime.models import Event, EventQuestion
from realtime.queries.console import EventCard
from realtime.rules import EventRules

OVER = frozenset({Phase.ENDED, Phase.ABORTED})
ICONS = {Mode.RACE: "zap", Mode.TEAM: "users", Mode.BELL: "bell"}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do now. ``page`` is the name of the page where it is done; ``post`` whether it is a decision."""

    title: str
    text: str
    label: str
    page: str
    icon: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event of the list with what comes next."""

    event: Event
    questions: int
    players: int
    step: NextStep
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class ModeCard:
    """A mode to choose from."""

    code: str
    name: str
    text: str
    points: tuple[str, ...]
    icon: str
    chosen: bool


def card_of(card: EventCard) -> ListedEvent:
    """Return an event as the list shows it."""
    event = card.event
    tone = "good" if event.phase not in {Phase.DRAFT, *OVER} else "bad" if event.phase == Phase.ABORTED else ""
    return ListedEvent(
        event, card.questions, card.players, next_of(event, card.questions), ICONS[Mode(event.mode)], tone
    )


def next_of(event: Event, questions: int) -> NextStep:
    """Return what comes first for an event with so many questions."""
    if event.phase in OVER:
        return NextStep(
            _("Sự kiện đã kết thúc"),
            _("Xem ai về đầu, câu nào khó, đơn vị nào đông; tải về Excel."),
            _("Xem báo cáo"),
            "live_report",
            "chart-column",
        )
    if event.phase != Phase.DRAFT:
        return NextStep(
            _("Phòng đang mở"),
            _("Người chơi vào bằng mã PIN. Bạn điều khiển từ máy này hoặc điện thoại."),
            _("Đến bàn điều khiển"),
            "live_desk",
            "gamepad-2",
        )
    if not questions:
        return NextStep(
            _("Thêm câu hỏi"),
            _("Chọn từ ngân hàng, soạn nhanh, hoặc để hệ thống làm giúp từ chủ đề và thời lượng."),
            _("Thêm câu hỏi"),
            "live_questions",
            "list-plus",
        )
    return NextStep(
        _("Mở phòng chờ"),
        _("Sự kiện nhận mã PIN và người chơi vào được. Câu hỏi chỉ chiếu khi bạn bấm bắt đầu."),
        _("Mở phòng chờ"),
        "live_open",
        "door-open",
        post=True,
    )


def mode_cards(chosen: str) -> list[ModeCard]:
    """Return the modes with what they are, the chosen one marked."""
    words = {
        Mode.RACE: (
            _("Ai đúng và nhanh hơn thì dẫn đầu."),
            (_("Từng người một điểm"), _("Bảng điểm sau mỗi câu"), _("Khoảng 15 phút cho 15 câu")),
        ),
        Mode.TEAM: (
            _("Các đội đua bằng điểm của thành viên."),
            (_("Đội theo đơn vị, mã đội hoặc chia ngẫu nhiên"), _("Tổng, trung bình hoặc những người cao nhất")),
        ),
        Mode.BELL: (
            _("Sai là rời sàn, người cuối cùng rung chuông."),
            (_("Số báo danh và sơ đồ sàn"), _("Cứu trợ, dự bị, quyền trợ giúp"), _("Có trọng tài cho bảng giơ tay")),
        ),
    }
    return [
        ModeCard(mode.value, str(mode.label), text, points, ICONS[mode], mode.value == chosen)
        for mode, (text, points) in words.items()
    ]


def running_minutes(items: Sequence[EventQuestion], rules: EventRules) -> int:
    """Return about how many minutes the running order takes, extra questions left out."""
    seconds = sum(
        (rules.read_seconds if one.read_seconds is None else one.read_seconds)
        + (rules.seconds if one.seconds is None else one.seconds)
        + TALK_SECONDS
        for one in items
        if not one.extra
    )
    return -(-seconds // 60)
