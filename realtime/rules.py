"""The rules of an event as data: one value decides one thing, and every value is explained (``realtime.rule_words``).

Stored as JSON with the event, read back strictly: an unknown key or a wrong type is told, never guessed. Rules and running
order are frozen when the first question is put; a recount months later must give the totals of the evening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from contest.rules.parse import Problem, from_plain, to_plain
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


class RulesError(ValueError):
    """The rules contradict themselves. ``sentences`` are in the language in force; ``problems`` say where, too."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.sentences = [problem.sentence for problem in problems]
        super().__init__("; ".join(f"{problem.path}: {problem.sentence}" for problem in problems))


def _within(default: int, low: int, high: int) -> Any:
    return field(default=default, metadata={"min": low, "max": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRules:
    """``best_k``: with ``score`` best, how many members count. ``size``: people a shuffled team is dealt."""

    by: TeamBy = TeamBy.UNIT
    score: TeamScore = TeamScore.MEAN
    best_k: int = _within(3, 1, 100)
    size: int = _within(5, 2, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRules:
    """Golden bell.

    ``seats`` players stand on the floor at numbers 1…seats, ``reserves`` wait with the numbers after them.
    From question number ``rescue_from`` on (1-based; 0 never) reserves are called in when ``quota_k`` or fewer stand: of a
    unit, its own reserves, with ``quota_by_unit``; otherwise of the whole floor, all of them.
    ``teacher_rescues``: how many challenges of teachers or audience may bring people back. ``lifeline``: the last one standing
    may once ask the audience and gets ``lifeline_seconds`` more. ``extra``: at most so many extra questions break a tie.
    ``ghosts``: those who have fallen answer on, on a board of their own. ``marshal``: there are players without a phone, whose
    boards marshals check by hand.
    """

    seats: int = _within(100, 2, 3000)
    reserves: int = _within(0, 0, 1000)
    rescue_from: int = _within(0, 0, 500)
    quota_k: int = _within(2, 0, 1000)
    quota_by_unit: bool = True
    teacher_rescues: int = _within(1, 0, 20)
    lifeline: bool = True
    lifeline_seconds: int = _within(30, 5, 300)
    finish: Finish = Finish.ALL_QUESTIONS
    all_out: AllOut = AllOut.RESTORE
    extra: int = _within(3, 0, 50)
    ghosts: bool = True
    marshal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRules:
    """Everything that is decided before an event starts. Times in seconds; ``points`` of a question that states none.

    ``auto_next_seconds`` 0: the host moves on. ``board_every`` n: a board after each n-th question that gives points, 0 only at
    the end. ``tie_by_time``: of equal points the smaller total time of right answers is ahead; otherwise they share a rank.
    ``counts_into``: public id of the contest round that takes the results, "" for none.
    """

    mode: Mode = Mode.RACE
    scoring: Scoring = Scoring.ACCURACY_FIRST
    points: int = _within(1000, 0, 100_000)
    streak: bool = False
    tie_by_time: bool = True
    option_order: OptionOrder = OptionOrder.SAME
    phone_shows: PhoneShows = PhoneShows.FULL
    read_seconds: int = _within(3, 0, 10)
    seconds: int = _within(20, 3, 600)
    auto_reveal: bool = True
    auto_next_seconds: int = _within(0, 0, 300)
    board_every: int = _within(1, 0, 100)
    board_rows: int = _within(10, 3, 50)
    explain: bool = True
    late_join: LateJoin = LateJoin.OPEN
    guests: bool = True
    names: Names = Names.APPROVE
    capacity: int = _within(3000, 1, 20_000)
    join: JoinWith = JoinWith.PIN
    spectators: bool = True
    bets: bool = False
    team: TeamRules | None = None
    bell: BellRules | None = None
    counts_into: str = field(default="", metadata={"max_length": 64})


def preset(mode: Mode) -> EventRules:
    """Good rules for a first event of this mode, complete and free of contradictions."""
    if mode == Mode.TEAM:
        return EventRules(mode=Mode.TEAM, team=TeamRules(), streak=False)
    if mode == Mode.BELL:
        return EventRules(
            mode=Mode.BELL,
            scoring=Scoring.ACCURACY,
            seconds=15,
            board_every=0,
            late_join=LateJoin.CLOSED,
            bell=BellRules(),
        )
    return EventRules(streak=True)


def to_json(rules: EventRules) -> dict[str, Any]:
    """Every field as plain JSON values; ``from_json`` reads it back to an equal value."""
    plain: dict[str, Any] = to_plain(rules)
    return plain


def from_json(data: object) -> EventRules:
    """Read stored or submitted rules; fields that are left out take the values of ``EventRules()``.

    Raises:
        RulesError: with every problem found, not only the first.
    """
    problems: list[Problem] = []
    rules: EventRules = from_plain(EventRules, data, problems)
    if not problems:
        problems.extend(contradictions(rules))
    if problems:
        raise RulesError(problems)
    return rules


def checked(rules: EventRules) -> EventRules:
    """The same rules, for those who built them in code.

    Raises:
        RulesError: when two values contradict each other.
    """
    if problems := list(contradictions(rules)):
        raise RulesError(problems)
    return rules


def with_mode(rules: EventRules, mode: Mode) -> EventRules:
    """The rules moved to another mode: what only the old one knows is dropped, what the new one needs is its preset's."""
    base = preset(mode)
    if rules.mode == mode:
        return rules
    late = base.late_join if Mode.BELL in (mode, rules.mode) else rules.late_join
    return replace(
        rules,
        mode=mode,
        team=base.team,
        bell=base.bell,
        late_join=late,
        bets=rules.bets and mode != Mode.BELL,
    )


def contradictions(rules: EventRules) -> Iterator[Problem]:
    """What two parts of the rules must agree on."""
    yield from _mode_parts(rules)
    yield from _fairness(rules)
    if rules.mode == Mode.BELL and rules.bell is not None:
        yield from _bell(rules, rules.bell)


def _mode_parts(rules: EventRules) -> Iterator[Problem]:
    if (rules.mode == Mode.TEAM) != (rules.team is not None):
        yield Problem("team", _("Cách chia đội dùng cho, và chỉ dùng cho, chế độ Đua đội."))
    if (rules.mode == Mode.BELL) != (rules.bell is not None):
        yield Problem("bell", _("Luật sàn đấu dùng cho, và chỉ dùng cho, chế độ Rung chuông vàng."))


def _fairness(rules: EventRules) -> Iterator[Problem]:
    if rules.phone_shows == PhoneShows.LETTERS and rules.option_order == OptionOrder.PLAYER:
        yield Problem(
            "option_order",
            _(
                "Điện thoại chỉ hiện chữ cái thì thứ tự phương án phải giống màn hình lớn, tức là giống nhau cho mọi người."
            ),
        )
    if rules.bets and rules.scoring == Scoring.ACCURACY_FIRST:
        yield Problem(
            "bets",
            _("Đặt cược làm mất lời hứa “thêm một câu đúng luôn hơn”, hãy chọn cách tính điểm khác hoặc bỏ đặt cược."),
        )
    if rules.names == Names.REAL and rules.guests:
        yield Problem("guests", _("Đã dùng tên thật theo tài khoản thì người chơi phải đăng nhập, không nhận khách."))
    if rules.counts_into and rules.guests:
        yield Problem("guests", _("Kết quả tính vào một vòng thi thì người chơi phải đăng nhập, không nhận khách."))


def _bell(rules: EventRules, bell: BellRules) -> Iterator[Problem]:
    if rules.bets:
        yield Problem("bets", _("Rung chuông vàng không có đặt cược: sai là rời sàn."))
    if rules.late_join != LateJoin.CLOSED:
        yield Problem("late_join", _("Rung chuông vàng đã bắt đầu thì người đến sau chỉ được xem."))
    if bell.seats + bell.reserves > rules.capacity:
        yield Problem("capacity", _("Sức chứa của phòng phải đủ cho mọi số báo danh, kể cả dự bị."))
    if (bell.reserves > 0) != (bell.rescue_from > 0):
        yield Problem("bell.rescue_from", _("Có dự bị thì cần nêu dự bị được vào sàn từ câu thứ mấy, và ngược lại."))
    if bell.lifeline and bell.finish == Finish.LAST_STANDING:
        yield Problem(
            "bell.lifeline",
            _("Trợ giúp của khán giả dành cho người cuối cùng, nên cần cho người ấy đi tiếp đến hết câu hỏi."),
        )
