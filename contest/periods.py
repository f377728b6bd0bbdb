"""Which span an instant belongs to, and when the next one starts. Days and weeks are those of Viet Nam.

Weeks run from Monday 0:00 (ISO). In a contest with weekly rounds a week *is* its round, also when rounds run
from Monday 10:00 to Monday 9:00: otherwise the last morning would open a second allowance.
"""

from datetime import datetime, time, timedelta

from contest.rules.enums import AttemptPer, CalendarKind
from contest.rules.words import DAYS_IN_WEEK, VIETNAM


def day_key(moment: datetime) -> str:
    """The day in Viet Nam: "2026-11-22"."""
    return moment.astimezone(VIETNAM).date().isoformat()


def week_key(moment: datetime) -> str:
    """The ISO week in Viet Nam: "2026-W47"; sorts in time order."""
    year, week, _day = moment.astimezone(VIETNAM).isocalendar()
    return f"{year}-W{week:02d}"


def round_key(round_number: int) -> str:
    """A round as a span: "round-3"."""
    return f"round-{round_number}"


def period_key(
    per: AttemptPer, moment: datetime, *, round_number: int, calendar: CalendarKind = CalendarKind.SINGLE
) -> str:
    """The span in which attempts are counted, at most 16 characters, unique within one contest.

    "contest", "round-3", "3:2026-11-22" or "3:2026-W47" (a day or week of round 3, so that an attempt at one
    round never uses up another round's allowance); with weekly rounds a week is "round-3".
    """
    match per:
        case AttemptPer.CONTEST:
            return "contest"
        case AttemptPer.ROUND:
            return round_key(round_number)
        case AttemptPer.DAY:
            return f"{round_number}:{day_key(moment)}"
        case AttemptPer.WEEK:
            if calendar is CalendarKind.WEEKLY:
                return round_key(round_number)
            return f"{round_number}:{week_key(moment)}"


def next_period_start(
    per: AttemptPer, moment: datetime, *, calendar: CalendarKind = CalendarKind.SINGLE
) -> datetime | None:
    """When the next span of a round begins; None when the next span is another round or there is none."""
    local = moment.astimezone(VIETNAM)
    match per:
        case AttemptPer.DAY:
            days = 1
        case AttemptPer.WEEK if calendar is not CalendarKind.WEEKLY:
            days = DAYS_IN_WEEK - local.weekday()
        case _:
            return None
    return datetime.combine(local.date() + timedelta(days=days), time.min, tzinfo=VIETNAM)


def next_opening(
    per: AttemptPer,
    moment: datetime,
    *,
    closes_at: datetime,
    next_round_opens_at: datetime | None,
    calendar: CalendarKind = CalendarKind.SINGLE,
) -> datetime | None:
    """When a person who used up the allowance may start again: the next span if the round is still open then,
    else the next round, else never (None)."""
    start = next_period_start(per, moment, calendar=calendar)
    if start is not None and start < closes_at:
        return start
    return None if per is AttemptPer.CONTEST else next_round_opens_at
