"""Numbers, durations and moments in words, in the language in force (Vietnamese or English)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contest.rules.parts import MILLI

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS_IN_WEEK = 7


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


def say_scaled(scaled: int, decimals: int, *, trim: bool = False) -> str:
    """An integer scaled by 10^decimals: (123456, 2) is "1.234,56" in Vietnamese, "1,234.56" in English."""
    whole, fraction = divmod(abs(scaled), 10**decimals)
    digits = f"{fraction:0{decimals}d}" if decimals else ""
    if trim:
        digits = digits.rstrip("0")
    group, point = (",", ".") if _english() else (".", ",")
    text = f"{whole:,}".replace(",", group) + (point + digits if digits else "")
    return f"-{text}" if scaled < 0 else text


def say_number(number: int) -> str:
    """A whole number with thousands marks: "1.234"."""
    return say_scaled(number, 0)


def say_points(milli: int) -> str:
    """Milli-points as points, without trailing zeros: 9500 is "9,5"."""
    return say_scaled(milli, len(str(MILLI)) - 1, trim=True)


def say_money(vnd: int) -> str:
    """Đồng with thousands marks: "1.500.000 đồng"."""
    return _("{amount} đồng").format(amount=say_number(vnd))


def say_duration(milliseconds: int) -> str:
    """A duration to the millisecond: "7 phút 3,120 giây"."""
    minutes, rest = divmod(milliseconds, 60 * 1000)
    seconds = say_scaled(rest, 3)
    if not minutes:
        return _("{seconds} giây").format(seconds=seconds)
    return _("{minutes} phút {seconds} giây").format(minutes=say_number(minutes), seconds=seconds)


def say_percent(percent: int) -> str:
    """A percentage for a sentence: "50%". Never write the sign into a sentence that is translated: gettext takes
    "% s" for a format."""
    return f"{percent}%"


def say_minutes(minutes: int) -> str:
    """Whole minutes: "15 phút"."""
    return ngettext("{n} phút", "{n} phút", minutes).format(n=say_number(minutes))


def say_seconds(seconds: int) -> str:
    """Whole seconds: "5 giây"."""
    return ngettext("{n} giây", "{n} giây", seconds).format(n=say_number(seconds))


def weekday_name(moment: datetime) -> str:
    """The weekday in Viet Nam: "thứ Hai"."""
    names = (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))
    return names[moment.astimezone(VIETNAM).weekday()]


def say_moment(moment: datetime) -> str:
    """A moment as people say it in Viet Nam: "8:00 thứ Hai, 23/11/2026"."""
    local = moment.astimezone(VIETNAM)
    return _("{clock} {weekday}, {date}").format(
        clock=_clock(local),
        weekday=weekday_name(moment),
        date=_date(local),
    )


def say_end(moment: datetime) -> str:
    """An exclusive end as people say it: midnight is "24:00" of the day before."""
    local = moment.astimezone(VIETNAM)
    if (local.hour, local.minute) != (0, 0):
        return say_moment(moment)
    last = local - timedelta(days=1)
    return _("{clock} {weekday}, {date}").format(clock="24:00", weekday=weekday_name(last), date=_date(last))


def _clock(local: datetime) -> str:
    return f"{local.hour}:{local.minute:02d}"


def _date(local: datetime) -> str:
    return f"{local.day:02d}/{local.month:02d}/{local.year}"


def say_instant(moment: datetime) -> str:
    """A moment to the millisecond, for what decides a rank: "20:41:03,120 ngày 22/11/2026"."""
    local = moment.astimezone(VIETNAM)
    point = "." if _english() else ","
    clock = f"{local.hour}:{local.minute:02d}:{local.second:02d}{point}{local.microsecond // 1000:03d}"
    return _("{clock} ngày {date}").format(clock=clock, date=_date(local))


def join_words(words: list[str]) -> str:
    """A list in a sentence: "điểm, câu dự đoán và thời gian làm bài"."""
    if len(words) < 2:
        return "".join(words)
    return _("{some} và {last}").format(some=", ".join(words[:-1]), last=words[-1])


def lower_first(text: str) -> str:
    """A label inside a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


def say_clock_and_day(moment: datetime, *, now: datetime | None = None) -> str:
    """ "8:00 thứ Hai" within the next six days of `now`, with the date when it is farther away."""
    local = moment.astimezone(VIETNAM)
    if now is not None and 0 <= (local.date() - now.astimezone(VIETNAM).date()).days < DAYS_IN_WEEK:
        return _("{clock} {weekday}").format(clock=_clock(local), weekday=weekday_name(moment))
    return say_moment(moment)
