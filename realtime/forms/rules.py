"""The rules of an event as a form, beside the text players will read. Every value of EventRules has its field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from realtime.enums import (
    AllOut,
    Finish,
    JoinWith,
    LateJoin,
    Mode,
    Names,
    OptionOrder,
    PhoneShows,
    Scoring,
    TeamBy,
    TeamScore,
)
from realtime.rules import EventRules, RulesError, from_json, to_json

Words = Any
"""A word or its lazy translation: the stubs of forms know only their own kind of promise."""
NOT_TYPED = ("mode",)
"""Fields of the rules that are decided elsewhere: the mode when the event was made."""


def _pick(kind: type[TextChoices], label: Words, hint: Words = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, choices=kind.choices)


def _number(low: int, high: int, label: Words, hint: Words = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=low, max_value=high)


def _yes(label: Words, hint: Words = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=hint, required=False)


class EventRulesForm(forms.Form):
    """``base`` is the rules being changed; fields of another mode's part are not shown and keep nothing."""

    scoring = _pick(Scoring, _("Cách tính điểm"))
    points = _number(0, 100_000, _("Điểm của một câu"), _("Câu nào ghi điểm riêng thì theo điểm riêng."))
    streak = _yes(_("Thưởng chuỗi đúng liên tiếp"))
    bets = _yes(_("Cho đặt cược vào câu trả lời"), _("Chắc chắn thì được thêm, sai thì mất."))
    tie_by_time = _yes(_("Bằng điểm thì ai nhanh hơn đứng trên"), _("Không chọn: bằng điểm là đồng hạng."))

    read_seconds = _number(0, 10, _("Giây đọc câu hỏi"), _("Chỉ hiện câu hỏi, chưa hiện phương án."))
    seconds = _number(3, 600, _("Giây trả lời"), _("Câu nào ghi giờ riêng thì theo giờ riêng."))
    auto_reveal = _yes(_("Hết giờ thì tự công bố đáp án"))
    auto_next_seconds = _number(0, 300, _("Tự sang bước sau (giây)"), _("0: người dẫn bấm."))
    option_order = _pick(OptionOrder, _("Thứ tự phương án"))
    phone_shows = _pick(PhoneShows, _("Điện thoại hiện gì"))

    board_every = _number(0, 100, _("Hiện bảng điểm sau mỗi mấy câu"), _("0: chỉ hiện ở cuối."))
    board_rows = _number(3, 50, _("Số người trên bảng điểm"))
    explain = _yes(_("Hiện giải thích và căn cứ sau đáp án"))

    guests = _yes(_("Cho khách vào không cần tài khoản"))
    names = _pick(Names, _("Tên người chơi"))
    join = _pick(JoinWith, _("Vào phòng bằng"))
    late_join = _pick(LateJoin, _("Người đến muộn"))
    spectators = _yes(_("Cho khán giả theo dõi trên điện thoại"))
    capacity = _number(1, 20_000, _("Sức chứa của phòng"))
    counts_into = forms.ChoiceField(
        label=_("Kết quả tính vào vòng thi"),
        help_text=_("Chọn vòng thi thì người chơi phải đăng nhập."),
        required=False,
    )

    team_by = _pick(TeamBy, _("Chia đội"))
    team_score = _pick(TeamScore, _("Điểm của đội"))
    team_best_k = _number(1, 100, _("Tính mấy người cao nhất"), _("Chỉ khi lấy tổng của những người cao nhất."))
    team_size = _number(2, 100, _("Số người mỗi đội"), _("Chỉ khi chia ngẫu nhiên."))

    bell_seats = _number(2, 3000, _("Số người trên sàn"))
    bell_reserves = _number(0, 1000, _("Số người dự bị"))
    bell_rescue_from = _number(0, 500, _("Dự bị được vào sàn từ câu"), _("0: không có dự bị vào sàn."))
    bell_quota_k = _number(0, 1000, _("Khi trên sàn chỉ còn (người)"))
    bell_quota_by_unit = _yes(_("Đếm theo từng đơn vị"), _("Đơn vị nào còn ít thì dự bị của chính đơn vị đó vào."))
    bell_teacher_rescues = _number(0, 20, _("Số lần thầy cô hoặc khán giả cứu trợ"))
    bell_lifeline = _yes(_("Người cuối cùng được hỏi khán giả một lần"))
    bell_lifeline_seconds = _number(5, 300, _("Giây thêm khi hỏi khán giả"))
    bell_finish = _pick(Finish, _("Khi chỉ còn một người"))
    bell_all_out = _pick(AllOut, _("Khi tất cả cùng sai"))
    bell_extra = _number(0, 50, _("Số câu phụ để phân định"))
    bell_ghosts = _yes(_("Ai rời sàn vẫn chơi tiếp, có bảng riêng"))
    bell_marshal = _yes(_("Có người giơ bảng, trọng tài chấm tay"), _("Cho người không dùng điện thoại."))

    def __init__(
        self, data: Any = None, *, base: EventRules, rounds: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, initial=_initial(base), **kwargs)
        self.base = base
        self.rules: EventRules | None = None
        for name in list(self.fields):
            part = _part(name)
            if part and part != base.mode:
                del self.fields[name]
        round_ = self.fields["counts_into"]
        assert isinstance(round_, forms.ChoiceField)
        round_.choices = [("", _("Không tính vào vòng thi nào")), *rounds]
        if base.counts_into and base.counts_into not in dict(rounds):
            round_.choices = [*round_.choices, (base.counts_into, _("Vòng thi đang chọn"))]

    def is_valid(self) -> bool:
        """Whether the whole makes sound rules, then found in ``rules``; contradictions stand beside their fields."""
        if not super().is_valid():
            return False
        try:
            self.rules = from_json(self.data_of_rules())
        except RulesError as error:
            for problem in error.problems:
                name = problem.path.replace(".", "_")
                self.add_error(name if name in self.fields else None, problem.sentence)
            return False
        return True

    def data_of_rules(self) -> dict[str, Any]:
        """The base with the entries put in, as the rules are stored."""
        data = to_json(self.base)
        for name, value in self.cleaned_data.items():
            part = _part(name)
            home = data[part] if part else data
            home[name.removeprefix(f"{part}_")] = value
        return data

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in the groups of the page: (heading, fields)."""
        return [
            (str(heading), [self[n] for n in names if n in self.fields])
            for heading, names in GROUPS
            if self._has(names)
        ]

    def _has(self, names: Sequence[str]) -> bool:
        return any(name in self.fields for name in names)


GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (
        _("Sàn đấu"),
        ("bell_seats", "bell_reserves", "bell_finish", "bell_all_out", "bell_extra", "bell_ghosts", "bell_marshal"),
    ),
    (
        _("Cứu trợ"),
        (
            "bell_rescue_from", "bell_quota_k", "bell_quota_by_unit", "bell_teacher_rescues", "bell_lifeline",
            "bell_lifeline_seconds",
        ),
    ),
    (_("Đội"), ("team_by", "team_size", "team_score", "team_best_k")),
    (_("Tính điểm"), ("scoring", "points", "tie_by_time", "streak", "bets")),
    (_("Nhịp của một câu"), ("seconds", "read_seconds", "auto_reveal", "auto_next_seconds", "option_order", "phone_shows")),
    (_("Màn hình lớn"), ("board_every", "board_rows", "explain")),
    (_("Ai được vào"), ("join", "guests", "names", "late_join", "spectators", "capacity", "counts_into")),
)  # fmt: skip


def _part(name: str) -> str:
    """The mode whose part of the rules a field belongs to, "" for all modes."""
    head = name.partition("_")[0]
    return head if head in (Mode.TEAM, Mode.BELL) else ""


def _initial(rules: EventRules) -> dict[str, Any]:
    data = to_json(rules)
    initial = {name: value for name, value in data.items() if name not in NOT_TYPED and not isinstance(value, dict)}
    for part in (Mode.TEAM, Mode.BELL):
        initial |= {f"{part}_{name}": value for name, value in (data.get(part) or {}).items()}
    return initial
