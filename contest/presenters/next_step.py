"""The next thing an organizer has to do: one sentence, one button. Derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from contest.enums import Phase
from contest.queries.console import ContestState, RoundState
from contest.rules.words import say_end, say_moment

# A paper that is not ready this long before its round opens comes before watching another one.
SOON = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Step:
    """``code`` is stable; ``page`` is the name of the console page where it is done, ``number`` the round's."""

    code: str
    title: str
    text: str
    label: str
    page: str
    number: int | None = None
    icon: str = "arrow-right"


def next_step(state: ContestState, now: datetime) -> Step:
    """Return what comes first for a contest."""
    if state.contest.cancelled_at or not (rounds := [one for one in state.rounds if one.phase is not Phase.CANCELLED]):
        return Step(
            "add_round",
            _("Lên lịch vòng thi"),
            _("Chọn giờ mở, giờ đóng và cơ cấu đề. Đề được kiểm tra với ngân hàng ngay khi bạn nhập."),
            _("Thêm vòng thi"),
            "round_new",
            icon="calendar-plus",
        )
    steps = [step for one in rounds if (step := _of_round(one, state, now))]
    if steps:
        return min(steps, key=lambda pair: pair[0])[1]
    return Step(
        "add_next",
        _("Các vòng đã xong"),
        _("Kết quả đã công bố. Bạn có thể lên lịch vòng tiếp theo."),
        _("Thêm vòng thi"),
        "round_new",
        icon="calendar-plus",
    )


def _of_round(one: RoundState, state: ContestState, now: datetime) -> tuple[int, Step] | None:
    """The step of one round with its urgency, 0 first."""
    round_, number = one.round, one.round.number
    title = round_.title
    match one.phase:
        case Phase.REVIEW | Phase.PUBLISHED if one.unpublished and not one.working:
            text = _("Xem ai đứng đầu, loại người không hợp lệ nếu có, rồi công bố.")
            step = Step("review", _("Kiểm tra kết quả {round}").format(round=title), text, _("Kiểm tra kết quả"),
                        "result", number, "list-checks")  # fmt: skip
            return 0, step
        case Phase.CLOSING | Phase.REVIEW | Phase.PUBLISHED if one.working:
            text = _("Máy đang tính kết quả. Bạn xem tiến độ, không cần chờ ở trang này.")
            step = Step("working", _("Đang chốt {round}").format(round=title), text, _("Xem tiến độ"), "round",
                        number, "loader")  # fmt: skip
            return 1, step
        case Phase.CLOSING:
            text = _("Vòng thi đã hết giờ. Chốt kết quả rồi kiểm tra trước khi công bố.")
            step = Step("close", _("Chốt kết quả {round}").format(round=title), text, _("Đến trang chốt"), "round",
                        number, "gavel")  # fmt: skip
            return 1, step
        case Phase.DRAFT:
            text = _("Vòng này mở lúc {moment}. Xem thử đề rồi đóng băng để mọi người thi cùng một bộ câu hỏi.").format(
                moment=say_moment(round_.opens_at)
            )
            step = Step("freeze", _("Đóng băng đề {round}").format(round=title), text, _("Hoàn thiện đề"), "round",
                        number, "snowflake")  # fmt: skip
            return (2 if round_.opens_at - now < SOON else 5), step
        case Phase.SCHEDULED | Phase.OPEN if state.contest.listed_at is None:
            text = _("Đề đã sẵn sàng nhưng cuộc thi còn ẩn: chưa ai thấy và vào thi được.")
            step = Step("list", _("Đưa cuộc thi ra công khai"), text, _("Xem và đưa ra công khai"), "round", number,
                        "megaphone")  # fmt: skip
            return 3, step
        case Phase.OPEN:
            text = _("Mở đến {moment}.").format(moment=say_end(round_.closes_at))
            step = Step("watch", _("{round} đang mở").format(round=title), text, _("Theo dõi"), "round", number,
                        "activity")  # fmt: skip
            return 4, step
        case Phase.PUBLISHED if not one.certificates:
            text = _("Kết quả đã công bố. Làm giấy chứng nhận cho người dự thi trong một lần bấm.")
            step = Step("certificates", _("Làm giấy chứng nhận {round}").format(round=title), text,
                        _("Làm giấy chứng nhận"), "certificates", number, "award")  # fmt: skip
            return 6, step
        case Phase.SCHEDULED:
            text = _("Mở lúc {moment}. Mọi việc đã sẵn sàng.").format(moment=say_moment(round_.opens_at))
            step = Step("wait", _("{round} sắp mở").format(round=title), text, _("Xem vòng thi"), "round", number,
                        "clock")  # fmt: skip
            return 7, step
        case _:
            return None
