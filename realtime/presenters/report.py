"""The report of an event in words and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import localize
from django.utils.translation import gettext as _

from realtime.enums import Action, Mode, Play, PlayerStatus
from realtime.models import Event, EventLog
from realtime.queries.groups import Group
from realtime.queries.report import EventReport, QuestionReport

CLOCK_WORDS = "tick"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the report."""

    rank: int
    tied: bool
    name: str
    unit: str
    points: int
    correct: int
    seconds: str
    seat: int | None
    note: str
    won: bool


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question; ``bars`` are (text, people, mark) for the chart, ``percent`` None where there was no key."""

    number: int
    stem: str
    play: str
    key: str
    answered: int
    silent: int
    percent: int | None
    seconds: str
    counted: bool
    fell: int
    bars: tuple[tuple[str, int, str], ...]
    hard: bool


@dataclass(frozen=True, slots=True)
class LogSaid:
    """One decision in words."""

    at: datetime
    who: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownReport:
    """What the page shows; ``people`` is one page of them."""

    total: int
    spectators: int
    asked: int
    winners: tuple[str, ...]
    podium: tuple[dict[str, object], ...]
    people: tuple[PersonLine, ...]
    more: bool
    questions: tuple[QuestionLine, ...]
    units: tuple[Group, ...]
    teams: tuple[Group, ...]
    mean_percent: int | None
    bell: bool


def shown_report(report: EventReport, event: Event, *, start: int, length: int) -> ShownReport:
    """Return the report as its page shows it, people from ``start``."""
    questions = tuple(_question(one) for one in report.questions)
    percents = [one.percent for one in questions if one.percent is not None and one.counted]
    lines = report.lines[start : start + length]
    teams = {team.id: team.name for team in report.teams}
    ranked = [line for line in report.lines if line.rank]
    return ShownReport(
        total=len(report.lines),
        spectators=report.spectators,
        asked=len(questions),
        winners=tuple(line.name for line in report.lines if line.id in report.winners),
        podium=tuple(
            {
                "rank": line.rank,
                "name": line.name,
                "unit": teams.get(line.team_id or 0, "") or line.unit,
                "points": localize(line.score),
                "time": line.time_ms / 1000,
            }
            for line in ranked[:3]
        ),
        people=tuple(
            PersonLine(
                rank=line.rank,
                tied=line.tied,
                name=line.name,
                unit=teams.get(line.team_id or 0, "") or line.unit,
                points=line.score,
                correct=line.correct,
                seconds=_seconds(line.time_ms),
                seat=line.seat,
                note=_note(line.status, line.out_at),
                won=line.id in report.winners,
            )
            for line in lines
        ),
        more=len(report.lines) > start + length,
        questions=questions,
        units=report.units,
        teams=report.teams,
        mean_percent=round(sum(percents) / len(percents)) if percents else None,
        bell=event.mode == Mode.BELL,
    )


def said_log(rows: Sequence[EventLog], names: Mapping[str, str]) -> list[LogSaid]:
    """Say the log in words; ``names`` are of those who steer."""
    return [
        LogSaid(
            at=row.at,
            who=names.get(row.who, _("Hệ thống")),
            text=str(Action(row.action).label) if row.action in Action.values else _("Đồng hồ"),
            reason=str(row.data.get("reason", "")),
        )
        for row in rows
        if row.action != CLOCK_WORDS
    ]


def _question(one: QuestionReport) -> QuestionLine:
    marks = {True: _("đúng"), False: "", None: ""}
    percent = None if one.right_permille is None else round(one.right_permille / 10)
    return QuestionLine(
        number=one.index + 1,
        stem=one.stem,
        play=str(Play(one.play).label) if one.play != Play.QUIZ else "",
        key=one.key,
        answered=one.answered,
        silent=one.silent,
        percent=percent,
        seconds=_seconds(one.median_ms) if one.median_ms is not None else "",
        counted=one.counted,
        fell=one.fell,
        bars=tuple((answer.text, answer.people, marks[answer.right]) for answer in one.answers),
        hard=percent is not None and percent < 30,
    )


def _seconds(ms: int) -> str:
    return str(localize(round(ms / 1000, 1)))


def _note(status: str, out_at: int | None) -> str:
    if status == PlayerStatus.OUT and out_at is not None:
        return _("rời sàn ở câu %(n)d") % {"n": out_at + 1}
    return "" if status == PlayerStatus.IN else str(PlayerStatus(status).label)
