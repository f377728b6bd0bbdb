"""Drawing the groups of a week. Whoever looks first draws; the ledger of past weeks never changes, so anybody would
draw the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Sum

from people.models import User
from quizbank.leagues import GROUP, MEMORY_WEEKS, groups_of, next_tiers, placed, seated
from quizbank.models import LeagueSeat, LeagueWeek, ProgressSetting
from quizbank.queries.progress import off_paths, points_between, within
from quizbank.rewards import DAY, monday_of, start_of, vn_day

WEEK = 7 * DAY
BATCH = 500


def draw_week(*, now: datetime) -> LeagueWeek:
    """Return the week of ``now`` with its groups, drawn if they are not; two at once draw once."""
    monday = monday_of(vn_day(now))
    week = LeagueWeek.objects.filter(monday=monday).first()
    if week is not None:
        return week
    with transaction.atomic():
        week, created = LeagueWeek.objects.get_or_create(monday=monday, defaults={"drawn_at": now})
        if created:
            _seat(week, _members())
    return week


def _members() -> list[int]:
    wanted = ProgressSetting.objects.filter(shown=True, league=True, person__is_active=True)
    return list(wanted.exclude(within(off_paths())).values_list("person_id", flat=True))


def _seat(week: LeagueWeek, people: list[int]) -> None:
    earned = tiers_of(people, week.monday)
    tiers = seated({person: earned[person] for person in people})
    points = week_points(people, week.monday - WEEK)
    of_tier: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for person in people:
        of_tier[tiers[person]][person] = points[person]
    seats = [
        LeagueSeat(week=week, person_id=person, tier=tier, group=number)
        for tier, members in sorted(of_tier.items())
        for number, group in enumerate(groups_of(members), start=1)
        for person in group
    ]
    LeagueSeat.objects.bulk_create(seats, batch_size=BATCH)


def week_points(people: Iterable[int], monday: date) -> Counter[int]:
    """{person: points booked in the week of ``monday``}."""
    rows = points_between(start_of(monday), start_of(monday + WEEK)).filter(person_id__in=list(people)).order_by()
    return Counter(dict(rows.values_list("person").annotate(sum=Sum("points"))))


def tiers_of(people: Iterable[int], monday: date) -> Counter[int]:
    """{person: tier in the week of ``monday``}, by how their last week with a seat ended; 0 for newcomers."""
    seats = LeagueSeat.objects.filter(
        person_id__in=list(people), week__monday__lt=monday, week__monday__gte=monday - MEMORY_WEEKS * WEEK
    ).order_by("week__monday")
    last = {seat.person_id: seat for seat in seats.select_related("week")}
    tiers = Counter({person: seat.tier for person, seat in last.items()})
    weeks = {(seat.week_id, seat.tier, seat.group): seat.week.monday for seat in last.values()}
    for (week_id, tier, number), of_week in weeks.items():
        members = list(
            LeagueSeat.objects.filter(week_id=week_id, tier=tier, group=number).values_list("person_id", flat=True)
        )
        points = week_points(members, of_week)
        moved = next_tiers(tier, placed({person: points[person] for person in members}))
        tiers.update(
            {person: moved[person] - tier for person in members if last.get(person) and _same(last[person], week_id)}
        )
    return tiers


def _same(seat: LeagueSeat, week_id: int) -> bool:
    return seat.week_id == week_id


@transaction.atomic
def take_seat(*, person: User, now: datetime) -> LeagueSeat:
    """Give somebody who joins within a week a place in the smallest group of their tier; who has one keeps it."""
    week = LeagueWeek.objects.select_for_update().get(pk=draw_week(now=now).pk)
    seat = LeagueSeat.objects.filter(week=week, person=person).first()
    if seat is not None:
        return seat
    earned = tiers_of([person.pk], week.monday)[person.pk]
    drawn = set(week.seats.values_list("tier", flat=True))
    tier = max((tier for tier in drawn if tier <= earned), default=min(drawn, default=earned))
    groups = week.seats.filter(tier=tier).values_list("group").annotate(size=Count("id")).order_by("size", "group")
    smallest = groups.first()
    number = smallest[0] if smallest and smallest[1] < GROUP else len(groups) + 1
    return LeagueSeat.objects.create(week=week, person=person, tier=tier, group=number)


def leave_league(*, person: User) -> None:
    """Take somebody off this week's board (and past ones, which nobody sees any more)."""
    LeagueSeat.objects.filter(person=person).delete()
