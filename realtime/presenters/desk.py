"""What the desk says: phases, the one next thing, the kind sentences. Derived, never stored; desk.js gets the same words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quizbank.kinds import get_kind
from quizbank.kinds.base import LETTERS
from quizbank.markup_html import plain_stem
from quizbank.translated import words_of
from realtime.enums import Action, Phase, Play, PlayerStatus, Stakes
from realtime.game_state import Game
from realtime.live_frames import Desk
from realtime.models import EventQuestion
from realtime.presenters.counted import Words, spoken

Pair = tuple[Promise, Promise]
CLOCK = "tick"
KEYED = frozenset({Play.QUIZ, Play.CLOSEST})

# What the one filled button does in each phase: (label, what happens then).
NEXT: Mapping[str, Pair] = {
    Phase.LOBBY: (_("Bắt đầu"), _("Chiếu câu hỏi đầu tiên. Ai vào sau thì theo thể lệ.")),
    Phase.INTRO: (_("Mở trả lời ngay"), _("Không đợi hết giờ đọc câu hỏi.")),
    Phase.OPEN: (_("Chốt câu trả lời"), _("Không nhận thêm câu trả lời nào cho câu này.")),
    Phase.LOCKED: (_("Công bố đáp án"), _("Chấm, cộng điểm và hiện đáp án trên màn hình lớn.")),
    Phase.REVEAL: (_("Tiếp tục"), _("Sang bảng điểm, cứu trợ hoặc câu tiếp theo, theo thể lệ.")),
    Phase.BOARD: (_("Câu tiếp theo"), _("Chiếu câu hỏi tiếp theo.")),
    Phase.RESCUE: (_("Câu tiếp theo"), _("Đóng phần cứu trợ, chiếu câu hỏi tiếp theo.")),
    Phase.PODIUM: (_("Kết thúc sự kiện"), _("Đóng phòng. Báo cáo mở ngay sau đó.")),
}
LAST: Pair = (_("Sang trao giải"), _("Đã hết câu hỏi. Chiếu kết quả chung cuộc, hoặc câu phụ nếu còn đồng hạng."))
RESUME: Pair = (_("Chạy tiếp"), _("Đồng hồ chạy tiếp từ chỗ đã dừng."))
CLOSING = frozenset({Phase.BOARD, Phase.RESCUE})

JUDGE_CHOICES: Sequence[tuple[str, Promise]] = (
    ("accept", _("Chấp nhận thêm một đáp án")),
    ("void", _("Hủy câu này, không tính cho ai")),
    ("winners", _("Phân định người thắng khi đồng hạng")),
)

SENTENCES: Words = {
    "offline": _("Đang mất kết nối nên lệnh chưa gửi đi. Mời bạn bấm lại khi có mạng."),
    "unsure": _("Chưa nhận được trả lời của máy chủ. Xem màn hình này trước khi bấm lại."),
    "stale": _("Màn hình vừa đổi ngay trước khi bạn bấm, nên lệnh không được thực hiện."),
    "refused": _("Lúc này chưa làm được việc đó."),
    "live": _("Đang kết nối trực tiếp"),
    "waiting": _("Mất kết nối. Sự kiện vẫn chạy trên máy chủ; trang này tự nối lại."),
    "polling": _("Mạng chặn kết nối trực tiếp. Trang tự cập nhật vài giây một lần, các nút vẫn dùng được."),
    "gone": _("Bạn không còn quyền điều khiển sự kiện này, hoặc sự kiện đã bị xóa."),
    "done": _("Đã thực hiện"),
    "question": _("Câu {n}/{total}"),
    "answered": _("{n}/{of} đã trả lời"),
    "players": lambda n: ngettext("{n} người chơi", "{n} người chơi", n),
    "online": _("{n} đang kết nối"),
    "standing": _("{n} người còn trên sàn"),
    "auto_in": _("Tự sang bước sau khi còn {n}"),
    "nobody": _("Chưa có ai vào."),
    "saved": _("Đã lưu"),
    "saving": _("Đang lưu…"),
    "unsaved": _("Chưa lưu được. Chạm lại ô này khi có mạng."),
    "wrong_count": _("{n} bảng sai"),
    "seat_wrong": _("Số {n}: sai"),
    "seat_right": _("Số {n}: đúng"),
    "seat_out": _("Số {n}: đã rời sàn"),
    "tied": _("đồng hạng"),
    "winner": _("người thắng"),
    "practice": _("Câu tập dượt"),
    "system": _("Hệ thống"),
    "approve": _("Duyệt"),
    "refuse_name": _("Không dùng tên này"),
    "quota": _("Còn {n} lượt cứu trợ của thầy cô, khán giả."),
    "back_to_floor": lambda n: ngettext("Đưa {n} người trở lại sàn", "Đưa {n} người trở lại sàn", n),
    "back_in_order": lambda n: ngettext(
        "Đưa {n} người đầu danh sách trở lại", "Đưa {n} người đầu danh sách trở lại", n
    ),
    "first_of": _("Ở đây là {n} người đầu trong {of} người."),
    "kick_done": _("Đã mời {name} ra khỏi phòng."),
    "ban_done": _("Đã chặn {name}."),
    "let_in_again": _("Cho vào lại"),
    "no_quota": _("Không còn lượt cứu trợ của thầy cô, khán giả."),
    "prefix_short": _("Mời bạn gõ ít nhất 2 chữ đầu của tên."),
    "question_short": _("Câu {n}"),
    "voided": _("đã hủy"),
    "reason_needed": _("Mời bạn ghi lý do. Lý do được lưu trong nhật ký."),
    "rest": _("Chờ câu hỏi. Bảng chấm được khi câu hỏi đang mở hoặc vừa hết giờ."),
    "marking": _("Chạm số có bảng sai. Chạm lại để bỏ."),
    "blocks": _("Số {from} đến {to}"),
    "no_boards": _("Chưa có ai chơi bằng bảng giơ tay."),
}


@dataclass(frozen=True, slots=True)
class FirstView:
    """The desk before its script has spoken, enough to steer without it."""

    phase: str
    phase_name: str
    paused: bool
    locked: bool
    at: int
    players: int
    index: int
    total: int
    stem: str
    next_action: str
    next_label: Promise | str
    next_then: Promise | str
    may_pause: bool
    may_undo: bool
    answered: int
    of: int
    standing: int

    @property
    def over(self) -> bool:
        """Whether nothing is left to steer."""
        return self.phase in (Phase.ENDED, Phase.ABORTED)

    @property
    def players_word(self) -> str:
        """What stands after the number of players: "1 player", "2 players"."""
        return ngettext("{n} người chơi", "{n} người chơi", self.players).replace("{n}", "").strip()


def next_step(phase: str, *, index: int, total: int, paused: bool = False) -> tuple[str, Promise | str, Promise | str]:
    """(action, label, what it does) of the filled button; the action is "" where there is nothing to do."""
    if paused:
        return Action.RESUME.value, *RESUME
    if phase not in NEXT:
        return "", Phase(phase).label, ""
    if phase in CLOSING and index + 1 >= total:
        return Action.NEXT.value, *LAST
    return Action.NEXT.value, *NEXT[phase]


def first_view(frame: Desk) -> FirstView:
    """Return what the page says before any script has run."""
    action, label, then = next_step(frame.phase, index=frame.index, total=frame.total, paused=frame.paused)
    return FirstView(
        phase=frame.phase,
        phase_name=str(Phase(frame.phase).label),
        paused=frame.paused,
        locked=frame.locked,
        at=frame.at,
        players=frame.players,
        index=frame.index,
        total=frame.total,
        stem=frame.question.stem if frame.question else "",
        next_action=action if action in frame.actions else "",
        next_label=label,
        next_then=then,
        may_pause="pause" in frame.actions and not frame.paused,
        may_undo="undo" in frame.actions,
        answered=frame.answered,
        of=frame.of,
        standing=frame.standing,
    )


def words(names: Mapping[str, str]) -> str:
    """Every word the desk's scripts may need, as JSON for a data attribute, in the reader's language. ``names`` are of
    those who steer, as the log calls them."""
    said: dict[str, Any] = {
        "phases": _labels(Phase),
        "actions": _labels(Action) | {CLOCK: str(_("tự chuyển bước"))},
        "plays": _labels(Play),
        "stakes": _labels(Stakes),
        "statuses": _labels(PlayerStatus),
        "next": {code: [str(label), str(then)] for code, (label, then) in NEXT.items()},
        "last": [str(word) for word in LAST],
        "resume": [str(word) for word in RESUME],
        "say": spoken(SENTENCES),
        "names": dict(names),
    }
    return json.dumps(said, ensure_ascii=False)


def judged(questions: Iterable[EventQuestion], game: Game, *, bell: bool, language: str = "vi") -> list[dict[str, Any]]:
    """The questions the judges may still decide about, as the dialog shows them: those that count or are locked, on the
    floor of golden bell only the present one. ``choices`` are (canonical response, text) where one is chosen; words are
    in the event's ``language``, as on the wall."""
    found = []
    for item in questions:
        here = item.position == game.index
        if not (item.position in game.counted or (here and game.phase == Phase.LOCKED)) or (bell and not here):
            continue
        if item.play not in KEYED:
            continue
        version, said = item.version, words_of(item.version, language)
        labels = {"single": LETTERS, "boolean": "TF"}.get(version.kind, "")
        shown = get_kind(version.kind).present(said.content, seed=0, shuffle=False).options if labels else ()
        found.append(
            {
                "index": item.position,
                "kind": version.kind,
                "stem": plain_stem(said.stem, version.extra),
                "choices": [[label, option.text] for label, option in zip(labels, shown, strict=False)],
                "voided": item.voided,
            }
        )
    return found


def log_clock(ms: int) -> str:
    """A moment of the log as its reader's clock shows it."""
    return timezone.localtime(datetime.fromtimestamp(ms / 1000, UTC)).strftime("%H:%M:%S")


def _labels(kind: Any) -> dict[str, str]:
    return {one.value: str(one.label) for one in kind}
