"""Reads of the host's console: own events, one event, its running order and its people. Fail-closed: what a person has no
role for does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from contest.enums import JobState
from contest.models import Certificate, Contest, Job, Round
from contest.queries.jobs import JobProgress, progress_of
from people.enums import Role
from people.models import User
from people.queries.roles import can, scope_contests, scope_paths, subtree
from people.text import given_name_key, search_key
from quizbank.enums import QuestionState
from quizbank.models import QuestionVersion
from quizbank.queries.questions import readable_in
from quizbank.queries.sealing import sealed_from
from realtime.enums import GrantRole, Phase, PlayerStatus, TeamBy
from realtime.errors import NoSuchEvent
from realtime.models import Event, EventLog, EventQuestion, Grant, LiveAnswer, Player, Team
from realtime.rules import from_json

MAKERS = (Role.HOST, Role.ORGANIZER)
READERS = (*MAKERS, Role.AUDITOR)
STEERERS = (GrantRole.HOST, GrantRole.COHOST)
SEATED = (PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE)
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class EventCard:
    """An event of the list: ``questions`` in its running order, ``players`` who took a seat."""

    event: Event
    questions: int
    players: int


def hosted_events(user: User | AnonymousUser) -> list[EventCard]:
    """Events of the person's units and contests, and those they were asked to steer; newest first, rehearsals left
    out. Four queries, whatever the number."""
    scope = subtree(scope_paths(user, READERS), "unit__path")
    scope |= Q(contest__public_id__in=scope_contests(user, READERS))
    scope |= Q(pk__in=Grant.objects.filter(user=user.pk, role__in=STEERERS, revoked_at__isnull=True).values("event"))
    found = Event.objects.filter(scope, rehearsal=False).select_related("unit", "contest").order_by("-pk")
    rows = found.annotate(
        question_count=_count(EventQuestion.objects.filter(event=OuterRef("pk"))),
        player_count=_count(Player.objects.filter(event=OuterRef("pk"), status__in=SEATED)),
    )[:MOST_LISTED]
    return [EventCard(row, row.question_count, row.player_count) for row in rows]


def find_event(public_id: str) -> Event:
    """The event with its unit and contest. Raises NoSuchEvent."""
    event = Event.objects.filter(public_id=public_id).select_related("unit", "contest").first()
    if event is None:
        raise NoSuchEvent
    return event


def hosted_event(user: User | AnonymousUser, public_id: str) -> Event:
    """An event the person may see in the console.

    Raises:
        NoSuchEvent: when there is none, or it is none of theirs (nothing tells one from the other).
    """
    event = find_event(public_id)
    if not _may(user, event, READERS) and not _asked(user, event):
        raise NoSuchEvent
    return event


def may_host(user: User | AnonymousUser, event: Event) -> bool:
    """Whether the person may change the event: by a role on its unit or contest, or by a grant on the event."""
    return _may(user, event, MAKERS) or _asked(user, event)


def _may(user: User | AnonymousUser, event: Event, roles: Sequence[Role]) -> bool:
    return can(user, roles, unit=event.unit, contest_ref=event.contest.public_id if event.contest else None)


def _asked(user: User | AnonymousUser, event: Event) -> bool:
    return (
        user.is_authenticated
        and Grant.objects.filter(
            event=event, user_id=user.pk, role__in=STEERERS, revoked_at__isnull=True, user__is_active=True
        ).exists()
    )


def running_order(event: Event) -> list[EventQuestion]:
    """The questions in order, each with its version, question and topic. One query."""
    return list(event.questions.select_related("version__question__topic").order_by("position"))


def bank_for_event(
    event: Event,
    *,
    user: User | AnonymousUser,
    q: str = "",
    topic: str = "",
    difficulty: str = "",
    kind: str = "",
    mine: bool = False,
) -> QuerySet[QuestionVersion]:
    """Current versions that may enter the event: approved ones, and the person's own drafts; none that is sealed from
    the person. "" means any."""
    own = Q(question__author_id=user.pk) & ~Q(question__state=QuestionState.RETIRED)
    approved = Q(question__state=QuestionState.APPROVED)
    found = QuestionVersion.objects.filter(own if mine else approved | own, question__current_id=F("id"))
    found = found.filter(readable_in(event.language)).exclude(sealed_from(user, "question__"))
    found = found.select_related("question__topic").order_by("question__code", "id")
    if topic:
        found = found.filter(question__topic__slug=topic)
    if difficulty:
        found = found.filter(difficulty=difficulty)
    if kind:
        found = found.filter(kind=kind)
    if words := search_key(q):
        # The bank has no folded column: a few hundred stems are folded here, as people type without accents.
        pairs = found.values_list("pk", "stem", "question__code")
        found = found.filter(pk__in=[pk for pk, stem, code in pairs if words in search_key(f"{code} {stem}")])
    return found


def grants_of(event: Event) -> list[Grant]:
    """Grants in force, oldest first, with their people."""
    return list(event.grants.filter(revoked_at__isnull=True).select_related("user").order_by("pk"))


def hosts_near(event: Event) -> list[User]:
    """Accounts with a host's or organizer's role on the event's unit or one above it, by given name; who holds a right
    on the event already is left out. Two queries."""
    steps = event.unit.path.split(".")
    paths = [".".join(steps[: place + 1]) for place in range(len(steps))]
    held = event.grants.filter(revoked_at__isnull=True, user__isnull=False).values("user")
    found = (
        User.objects.filter(is_active=True, roles__role__in=MAKERS, roles__unit__path__in=paths)
        .exclude(pk__in=held)
        .distinct()[:MOST_LISTED]
    )
    return sorted(found, key=lambda user: given_name_key(user.full_name))


def names_of_steerers(event: Event) -> dict[str, str]:
    """{"user:<public id>" or "key:<grant>": how the log names them}, those whose grant was taken back too. One query."""
    names = {}
    for one in event.grants.select_related("user"):
        label = one.label or str(GrantRole(one.role).label)
        names[f"key:{one.pk}"] = label
        if one.user is not None:
            names[f"user:{one.user.public_id}"] = str(one.user)
    return names


def roster(event: Event, *, q: str = "", page: int = 1, per_page: int = 40) -> list[Player]:
    """One page of the people of an event and one more, found by name or seat number: who is in first, newest first."""
    found = event.players.select_related("unit", "team")
    key = search_key(q)
    if q.isdecimal() and len(q) < 6:
        found = found.filter(seat=int(q))
    elif key:
        pairs = event.players.values_list("pk", "name")
        found = found.filter(pk__in=[pk for pk, name in pairs if key in search_key(name)])
    start = (page - 1) * per_page
    return list(found.order_by(F("seat").asc(nulls_last=True), "-pk")[start : start + per_page + 1])


def teams_with_sizes(event: Event) -> list[Team]:
    """Teams by name, each with ``size``, the people in it. One query."""
    taking_part = Count("players", filter=Q(players__status__in=SEATED))
    return list(Team.objects.filter(event=event).annotate(size=taking_part).order_by("name", "pk"))


def loose_players(event: Event) -> int:
    """How many would start without a team: before the first question, and where the rules do not give everybody one.
    One query at most."""
    rules = from_json(event.rules)
    if rules.team is None or event.phase != Phase.LOBBY or rules.team.by == TeamBy.SHUFFLE:
        return 0
    loose = event.players.filter(team=None, status=PlayerStatus.IN)
    if rules.team.by == TeamBy.UNIT:
        loose = loose.filter(unit=None)
    return loose.count()


def board_players(event: Event) -> list[Player]:
    """Players without a phone, by seat. One query."""
    return list(event.players.filter(marshal=True, status__in=SEATED).order_by(F("seat").asc(nulls_last=True), "pk"))


def marks_of(event: Event) -> dict[int, bool]:
    """{player: right} of the boards marked by hand for the present opening of the present question. One query."""
    found = LiveAnswer.objects.filter(
        question__event=event, question__position=event.index, instance=event.instance, verdict__isnull=False
    )
    return {player: bool(right) for player, right in found.values_list("player_id", "verdict")}


def drawing_jobs(event: Event, now: datetime) -> list[JobProgress]:
    """Jobs that draw certificates of the event and are not finished, and the last that failed. One query."""
    found = Job.objects.filter(key__startswith=f"certificates:event:{event.public_id}:").order_by("-pk")[:4]
    known = [progress_of(job, now=now) for job in found]
    return [job for job in known if not job.finished] or [job for job in known[:1] if job.state == JobState.FAILED]


def certificate_numbers(event: Event) -> dict[str, int]:
    """{issued, drawn}: certificates of the event in force. One query."""
    rows = Certificate.objects.filter(event_ref=event.public_id, revoked_at__isnull=True)
    return rows.aggregate(issued=Count("pk"), drawn=Count("pk", filter=Q(drawn_at__isnull=False)))


def log_page(event: Event, *, limit: int = 200) -> list[EventLog]:
    """What was done, newest first."""
    return list(event.log.order_by("-seq")[:limit])


def rounds_for(user: User | AnonymousUser, event: Event) -> list[tuple[str, str]]:
    """(public id, title) of rounds an event's result may count into: of its contest, or of contests of its unit."""
    scope = Q(contest=event.contest) if event.contest else Q(contest__unit=event.unit)
    rounds = Round.objects.filter(scope, cancelled_at__isnull=True).select_related("contest").order_by("-pk")[:50]
    return [(one.public_id, f"{one.contest.title}: {one.title}") for one in rounds]


def round_counted(event: Event, public_id: str) -> Round | None:
    """The frozen round of this id if the event may count into it."""
    scope = Q(contest=event.contest) if event.contest else Q(contest__unit=event.unit)
    return Round.objects.filter(scope, public_id=public_id, frozen_at__isnull=False, cancelled_at__isnull=True).first()


def contests_for(user: User | AnonymousUser) -> list[Contest]:
    """Contests an event may belong to, newest first."""
    scope = subtree(scope_paths(user, MAKERS), "unit__path") | Q(public_id__in=scope_contests(user, MAKERS))
    return list(Contest.objects.filter(scope, cancelled_at__isnull=True).order_by("-pk")[:50])


def _count(rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().values("event").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
