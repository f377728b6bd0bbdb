"""A person at an open paper, and a way to send answers to the real ASGI application as a browser would."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from config.asgi import Application
from contest.arrivals import now_utc
from contest.domain.attempts import start_attempt
from contest.models import AnswerEvent, Attempt, Contest, Entry, Round
from contest.queries.attempts import PaperQuestion, paper_questions, token_for
from contest.rules import RuleSet
from contest.wire import SentAnswer
from quizbank.models import Question
from tests.factories import make_contest, make_entry, make_resident, make_round, make_rules

ORIGIN = "http://testserver"


@dataclass
class Seat:
    """One person's open paper."""

    entry: Entry
    round: Round
    attempt: Attempt
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.token = token_for(self.attempt)

    @property
    def questions(self) -> list[PaperQuestion]:
        return paper_questions(Attempt.objects.select_related("round__rule_set").get(pk=self.attempt.pk))

    def option(self, position: int, letter: str = "A") -> str:
        """The opaque id of the option that stands under ``letter`` on this person's screen."""
        options = self.questions[position].shown.options
        return next(option.id for option in options if option.letter == letter)

    def sent(self, position: int, letter: str = "A", seq: int = 1) -> SentAnswer:
        return SentAnswer(position, seq, self.option(position, letter))

    def body(self, position: int = 0, letter: str = "A", seq: int = 1, **more: Any) -> dict[str, Any]:
        return {"t": self.token, "p": position, "s": seq, "r": self.option(position, letter)} | more

    def stored(self) -> list[tuple[int, int, str]]:
        events = AnswerEvent.objects.filter(attempt=self.attempt).order_by("position", "seq")
        return list(events.values_list("position", "seq", "response"))

    def again(self) -> Attempt:
        return Attempt.objects.select_related("round__rule_set", "round__contest", "entry").get(pk=self.attempt.pk)


def rules_for_seats(**sections: Any) -> RuleSet:
    """Ten minutes, five seconds of grace, three attempts a round."""
    sections = {"attempts": {"limit": 3, "per": "round"}, "counting": "best", **sections}
    sections["time"] = {"minutes": 10, "grace_seconds": 5} | sections.get("time", {})
    return make_rules("practice", **sections)


def open_round(
    *,
    now: datetime,
    questions: int | list[Question] = 5,
    rules: RuleSet | None = None,
    contest: Contest | None = None,
    **fields: Any,
) -> Round:
    """A frozen round around ``now``."""
    contest = contest or make_contest(rules=rules or rules_for_seats())
    fields = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1), **fields}
    return make_round(contest, questions=questions, **fields)


def sit_down(round_: Round, *, now: datetime, name: str = "Trần Văn An", **fields: Any) -> Seat:
    """A new person starts a paper."""
    entry = make_entry(round_.contest, make_resident(name), **fields)
    return Seat(entry, round_, start_attempt(entry=entry, round_=round_, now=now))


def fresh_seat(**fields: Any) -> Seat:
    """A person at a paper that was opened just now."""
    now = now_utc()
    return sit_down(open_round(now=now, **fields), now=now)


def post(app: Application, body: object = None, *, raw: bytes | None = None, **more: Any) -> httpx.Response:
    """Send one request to /api/answer."""
    return post_many(app, [(body, raw, more)])[0]


def post_many(app: Application, requests: list[tuple[object, bytes | None, dict[str, Any]]]) -> list[httpx.Response]:
    """Send several requests at once."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await asyncio.gather(*(one(client, *request) for request in requests))

    async def one(client: httpx.AsyncClient, body: object, raw: bytes | None, more: dict[str, Any]) -> httpx.Response:
        headers = {"content-type": "application/json", "origin": ORIGIN} | more.get("headers", {})
        content = json.dumps(body).encode() if raw is None else raw
        return await client.request(more.get("method", "POST"), "/api/answer", content=content, headers=headers)

    return asyncio.run(send())
