"""What people answered when they first practised a question, as the cells item analysis works with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Count, Exists, Max, OuterRef

from quizbank.item_analysis import Cell
from quizbank.models import PracticeAnswer, VersionStatistic
from quizbank.rewards import VIETNAM

SOURCE = "practice:"
OVERLAP = timedelta(hours=1)
"""Answers may be committed a little after the moment they bear: the last hour before a count is counted again."""
CHUNK = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months in Viet Nam: ``number`` from 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, at: datetime) -> Quarter:
        """The quarter a moment lies in."""
        day = at.astimezone(VIETNAM)
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def of_source(cls, source: str) -> Quarter:
        """The quarter a statistic is about, from its source ("practice:2026-4")."""
        year, number = source.removeprefix(SOURCE).split("-")
        return cls(int(year), int(number))

    @property
    def source(self) -> str:
        return f"{SOURCE}{self.year}-{self.number}"

    @property
    def start(self) -> datetime:
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=VIETNAM)

    @property
    def following(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def quarters_to_count() -> list[Quarter]:
    """The quarters with answers newer than the last count, oldest first; that of the last count is among them, so that
    it bears the new moment. Three queries at most."""
    counted = VersionStatistic.objects.filter(source__startswith=SOURCE).aggregate(at=Max("counted_at"))["at"]
    moments = PracticeAnswer.objects.order_by("at").values_list("at", flat=True)
    newest = moments.last()
    if newest is None or (counted is not None and newest <= counted):
        return []
    oldest = moments.first() if counted is None else counted - OVERLAP
    assert oldest is not None
    found = [Quarter.of(oldest)]
    while found[-1] < Quarter.of(newest):
        found.append(found[-1].following)
    return found


def practice_responses(quarter: Quarter) -> Iterator[tuple[int, list[Cell]]]:
    """Yield (version id, cells) of what was first answered in ``quarter``. One query.

    Only somebody's first answer to a version counts: practice explains it at once. Guests are not kept, so they are not
    counted. There is no paper whose score could be compared: no total, hence no discrimination.
    """
    earlier = PracticeAnswer.objects.filter(
        person=OuterRef("person"), version=OuterRef("version"), pk__lt=OuterRef("pk")
    )
    first = PracticeAnswer.objects.filter(~Exists(earlier), at__gte=quarter.start, at__lt=quarter.following.start)
    rows = (
        first.order_by("version_id", "canonical", "credit")
        .values_list("version_id", "canonical", "credit")
        .annotate(people=Count("id"))
    )
    for version, same in groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[0]):
        yield version, [Cell(said, credit, people) for _version, said, credit, people in same]
