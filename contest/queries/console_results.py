"""Reads of the review of a result: unmasked places for organizers, ties that touch a prize, people found by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from contest.models import Certificate, Contest, Entry, ResultSet, Round, Standing, UnitStanding
from people.text import fold

# A look through this many names takes less than a second; larger contests are searched by phone number.
MOST_SCANNED = 50_000
FEWEST_DIGITS = 4


def result_sets(round_: Round) -> list[ResultSet]:
    """Every completed result of a round, newest first. One query."""
    return list(
        round_.result_sets.filter(completed_at__isnull=False).select_related("published_by").order_by("-number")
    )


def places(result: ResultSet, board: str = "") -> QuerySet[Standing]:
    """The places of one board in order, with people and units; slice it."""
    return (
        Standing.objects.filter(result_set=result, board=board)
        .select_related("entry__unit", "entry__resident")
        .order_by("position")
    )


def unit_places(result: ResultSet, limit: int = 20) -> list[UnitStanding]:
    """The first units of each metric. One query."""
    return list(
        UnitStanding.objects.filter(result_set=result, position__lte=limit)
        .select_related("unit")
        .order_by("metric", "position")
    )


@dataclass(frozen=True, slots=True)
class Tie:
    """``people`` share one ``rank`` of a board."""

    board: str
    rank: int
    people: int


def ties(result: ResultSet, *, last_rank: int) -> list[Tie]:
    """Exact ties at ranks up to ``last_rank``: only people can decide between them. One query."""
    rows = (
        Standing.objects.filter(result_set=result, tied=True, rank__lte=last_rank)
        .order_by()
        .values("board", "rank")
        .annotate(people=Count("pk"))
        .order_by("board", "rank")
    )
    return [Tie(row["board"], row["rank"], row["people"]) for row in rows]


def find_entries(contest: Contest, text: str, limit: int = 20) -> list[Entry]:
    """People of a contest by name (accents and case do not matter) or by the end of their phone number."""
    entries = Entry.objects.filter(contest=contest)
    if not text.strip():
        return []
    digits = "".join(char for char in text if char.isdecimal())
    if len(digits) >= FEWEST_DIGITS:
        found = entries.filter(resident__user__phone__endswith=digits.lstrip("0"))
        return list(found.select_related("unit").order_by("full_name", "pk")[:limit])
    wanted = fold(text).split()
    hits: list[int] = []
    for pk, name in entries.order_by("full_name", "pk").values_list("pk", "full_name")[:MOST_SCANNED].iterator():
        folded = fold(name)
        if all(word in folded for word in wanted):
            hits.append(pk)
            if len(hits) == limit:
                break
    return list(Entry.objects.filter(pk__in=hits).select_related("unit").order_by("full_name", "pk"))


def entry_of(contest: Contest, public_id: str) -> Entry | None:
    """A person of this contest by the entry's public id. One query."""
    return Entry.objects.filter(contest=contest, public_id=public_id).select_related("contest", "unit").first()


@dataclass(frozen=True, slots=True)
class CertificateNumbers:
    """How many certificates of a round are in force, and how many of them are drawn."""

    issued: int
    drawn: int


def certificate_numbers(round_: Round) -> CertificateNumbers:
    """Count the certificates of a round. One query."""
    counted = Certificate.objects.filter(round=round_, revoked_at__isnull=True).aggregate(
        issued=Count("pk"), drawn=Count("pk", filter=Q(drawn_at__isnull=False))
    )
    return CertificateNumbers(**counted)


def certificates_of_round(round_: Round, first: int, count: int) -> list[Certificate]:
    """Certificates in force in the order of issue, with people and units. One query."""
    rows = Certificate.objects.filter(round=round_, revoked_at__isnull=True).select_related("entry__unit")
    return list(rows.order_by("pk")[first : first + count])
