"""Whether a person may start an attempt now, and what to say kindly when not.

The refusal is for the person; that no attempt beyond the limit is ever made is the database's constraint.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contest.periods import next_opening
from contest.rules.enums import AttemptPer, ExclusionMode
from contest.rules.labels import label
from contest.rules.parts import Eligibility, Group
from contest.rules.schema import RuleSet
from contest.rules.words import VIETNAM, say_clock_and_day, say_end, say_moment, say_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why not. `code` is that of the matching class in `contest.errors`, `reason` is finer: "not_open", "over",
    "excluded", "age", "unit", "group", "attempts"."""

    code: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What eligibility looks at. `unit_path` is the materialised path of the person's unit ("VN.75.26368"),
    `excluded` whether the person stands on the conflict-of-interest list."""

    birth_year: int | None
    category: str
    unit_path: str | None
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The round: `opens_at` inclusive, `closes_at` exclusive, and when the following round opens, if one is set."""

    opens_at: datetime
    closes_at: datetime
    next_round_opens_at: datetime | None = None


def group_of(groups: tuple[Group, ...], category: str) -> str | None:
    """The code of the group a category belongs to; a group without categories takes everybody else.

    None: there are groups, but none for this person. Without groups everybody is in "" (the one board).
    """
    if not groups:
        return ""
    for group in groups:
        if category in group.categories:
            return group.code
    return next((group.code for group in groups if not group.categories), None)


def is_ranked(rules: RuleSet, person: Person) -> bool:
    """Whether a person who may play is also ranked."""
    return not (person.excluded and rules.exclusions.mode is ExclusionMode.UNRANKED)


def age_in(birth_year: int, moment: datetime) -> int:
    """The age completed during the calendar year in Viet Nam: only the birth year is known."""
    return moment.astimezone(VIETNAM).year - birth_year


def in_units(unit_path: str | None, scopes: tuple[str, ...]) -> bool:
    """Whether a unit is one of the scopes or below one; "VN.7" is no ancestor of "VN.75". No scopes: all units."""
    if not scopes:
        return True
    return unit_path is not None and any(
        unit_path == scope.rstrip(".") or unit_path.startswith(f"{scope.rstrip('.')}.") for scope in scopes
    )


def check_person(rules: RuleSet, person: Person, *, now: datetime) -> Refusal | None:
    """Whether the contest is for this person, whatever the hour."""
    if person.excluded and rules.exclusions.mode is ExclusionMode.BLOCK:
        return _not_eligible(
            "excluded", _("Bạn có tên trong danh sách những người tham gia tổ chức nên không dự thi cuộc thi này.")
        )
    if message := _age_refusal(rules.eligibility, person.birth_year, now):
        return _not_eligible("age", message)
    if not in_units(person.unit_path, rules.eligibility.unit_paths):
        return _not_eligible("unit", _("Cuộc thi này dành cho đơn vị khác. Mời bạn kiểm tra lại đơn vị của mình."))
    if group_of(rules.groups, person.category) is None:
        return _not_eligible("group", _("Cuộc thi này chưa có bảng thi cho đối tượng của bạn."))
    return None


def check_eligibility(
    *, rules: RuleSet, person: Person, window: Window, attempts_used: int, now: datetime
) -> Refusal | None:
    """The first reason against starting an attempt now, or None.

    `attempts_used` counts the attempts of the current span (`contest.periods.period_key`), open ones too.
    """
    if refusal := check_person(rules, person, now=now):
        return refusal
    if now < window.opens_at:
        message = _("Vòng thi mở lúc {moment}. Mời bạn quay lại khi đến giờ.")
        return Refusal(
            code="round_not_open", reason="not_open", message=message.format(moment=say_moment(window.opens_at))
        )
    if now >= window.closes_at:
        return _over(window)
    limit = rules.attempts.limit
    if limit is not None and attempts_used >= limit:
        return Refusal(code="attempts_used", reason="attempts", message=_used_up(rules, window, limit, now))
    return None


def _not_eligible(reason: str, message: str) -> Refusal:
    return Refusal(code="not_eligible", reason=reason, message=message)


def _age_refusal(eligibility: Eligibility, birth_year: int | None, now: datetime) -> str | None:
    low, high = eligibility.min_age, eligibility.max_age
    if low is None and high is None:
        return None
    if birth_year is None:
        return _("Mời bạn bổ sung năm sinh trước khi dự thi.")
    age = age_in(birth_year, now)
    if low is not None and age < low:
        return _("Cuộc thi này dành cho người từ {n} tuổi trở lên. Hẹn gặp bạn ở những cuộc thi sau.").format(n=low)
    if high is not None and age > high:
        return _("Cuộc thi này dành cho người không quá {n} tuổi. Mời bạn xem các cuộc thi khác.").format(n=high)
    return None


def _over(window: Window) -> Refusal:
    message = _("Vòng thi đã kết thúc lúc {moment}.").format(moment=say_end(window.closes_at))
    if window.next_round_opens_at is not None:
        following = _("Vòng sau mở lúc {moment}.").format(moment=say_clock_and_day(window.next_round_opens_at))
        message = f"{message} {following}"
    return Refusal(code="round_over", reason="over", message=message)


def _used_up(rules: RuleSet, window: Window, limit: int, now: datetime) -> str:
    """ "Bạn đã dùng hết 3 lượt của tuần này. Tuần sau mở lúc 8:00 thứ Hai." """
    spans = {
        AttemptPer.CONTEST: _("cuộc thi này"),
        AttemptPer.ROUND: _("vòng này"),
        AttemptPer.DAY: _("hôm nay"),
        AttemptPer.WEEK: _("tuần này"),
    }
    per = rules.attempts.per
    used = ngettext("Bạn đã dùng hết {n} lượt của {span}.", "Bạn đã dùng hết {n} lượt của {span}.", limit).format(
        n=say_number(limit), span=spans[per]
    )
    opening = next_opening(
        per,
        now,
        closes_at=window.closes_at,
        next_round_opens_at=window.next_round_opens_at,
        calendar=rules.calendar.kind,
    )
    if opening is None:
        return used
    moment = say_clock_and_day(opening, now=now)
    if opening == window.next_round_opens_at and per is not AttemptPer.WEEK:
        following = _("Vòng sau mở lúc {moment}.").format(moment=moment)
    elif per is AttemptPer.DAY:
        following = _("Lượt mới mở lúc {moment}.").format(moment=moment)
    else:
        following = _("Tuần sau mở lúc {moment}.").format(moment=moment)
    return f"{used} {following}"


def limit_line(rules: RuleSet, attempts_used: int) -> str:
    """How many attempts are left, to stand beside the button: "Bạn còn 2 trong 3 lượt trong mỗi tuần."."""
    limit = rules.attempts.limit
    if limit is None:
        return _("Bạn được thi không giới hạn số lượt.")
    return _("Bạn còn {left} trong {limit} lượt trong {span}.").format(
        left=say_number(max(0, limit - attempts_used)), limit=say_number(limit), span=label(rules.attempts.per)
    )
