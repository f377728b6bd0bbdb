"""Contests, people and open papers as the pages of residents meet them: around the real clock, which the views read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from contest.arrivals import now_utc
from contest.domain.attempts import start_attempt, submit_attempt
from contest.domain.entries import enter_contest
from contest.models import Attempt, Contest, Round, RuleSetVersion
from contest.queries.attempts import PaperQuestion, attempt_of, paper_questions
from contest.rules import RuleSet
from contest.views.hold import _LEASES
from contest.wire import SentAnswer
from people.domain.residents import give_consent
from people.enums import Purpose
from people.models import Resident
from quizbank.drafts import Draft
from quizbank.models import Question
from tests.factories import make_contest, make_question, make_resident, make_round, make_rules, single_draft

HOUR = timedelta(hours=1)


def page_rules(**sections: Any) -> RuleSet:
    """Three attempts a round, ten minutes, the score at once, explanations when the round has closed."""
    base: dict[str, Any] = {
        "attempts": {"limit": 3, "per": "round"},
        "counting": "best",
        "time": {"minutes": 10, "grace_seconds": 5},
        "reveal": {"score": "at_submit", "explanations": "at_close", "board": "live"},
    }
    return make_rules("practice", **(base | sections))


def listed_round(
    *,
    questions: int | list[Question] = 3,
    rules: RuleSet | None = None,
    slug: str = "thi",
    now: datetime | None = None,
    **fields: Any,
) -> Round:
    """A round of a listed contest, open from an hour ago for an hour unless told otherwise."""
    now = now or now_utc()
    contest = make_contest(rules=rules or page_rules(), slug=slug, listed_at=now - HOUR)
    return make_round(contest, questions=questions, **{"opens_at": now - HOUR, "closes_at": now + HOUR} | fields)


def another_round(contest: Contest, **fields: Any) -> Round:
    return make_round(contest, questions=2, **{"opens_at": now_utc() - HOUR, "closes_at": now_utc() + HOUR} | fields)


def person(full_name: str = "Trần Văn An", **fields: Any) -> Resident:
    """Somebody with a profile who agreed to take part."""
    resident = make_resident(full_name, **fields)
    give_consent(resident=resident, purpose=Purpose.TAKE_PART, now=now_utc())
    return resident


def browser_of(resident: Resident | None = None) -> Client:
    """A browser that lets server errors become pages; signed in when a resident is given."""
    client = Client(raise_request_exception=True)
    if resident is not None:
        client.force_login(resident.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sit(round_: Round, resident: Resident, client: Client | None = None, *, now: datetime | None = None) -> Attempt:
    """``resident`` enters and starts; with a client, that browser holds the paper."""
    now = now or now_utc()
    entry = enter_contest(resident=resident, contest=round_.contest, now=now)
    attempt = start_attempt(entry=entry, round_=round_, now=now)
    if client is not None:
        session = client.session
        session[_LEASES] = session.get(_LEASES, {}) | {attempt.public_id: attempt.lease}
        session.save()
    return attempt


def questions_of(attempt: Attempt) -> list[PaperQuestion]:
    return paper_questions(attempt_of(attempt.entry.resident.user, attempt.public_id))


def right_answers(attempt: Attempt) -> list[SentAnswer]:
    """Answers that choose, in every single-choice question, the text "Ngày 10/10" (the factories' right one)."""
    return [
        SentAnswer(one.position, 1, next(option.id for option in one.shown.options if option.text == "Ngày 10/10"))
        for one in questions_of(attempt)
    ]


def finished(round_: Round, resident: Resident, *, right: bool = True, minutes: int = 3) -> Attempt:
    """A paper handed in ``minutes`` after its start, everything right or nothing answered."""
    start = now_utc() - timedelta(minutes=minutes)
    attempt = sit(round_, resident, now=start)
    answers = right_answers(attempt) if right else []
    submit_attempt(attempt=attempt, lease=attempt.lease, answers=answers, received_at=now_utc())
    return Attempt.objects.select_related("round__contest", "round__rule_set", "entry__resident").get(pk=attempt.pk)


def replace_rules(round_: Round, rules: RuleSet) -> None:
    """Play the round by other rules from now on."""
    version = RuleSetVersion.objects.create(
        contest=round_.contest,
        number=round_.contest.rule_sets.count() + 1,
        data=rules.to_json(),
        digest=rules.digest(),
    )
    round_.rule_set = version
    round_.save()


def shift(attempt: Attempt, by: timedelta) -> None:
    """Move a paper's clock: negative shifts bring its end nearer or into the past."""
    attempt.started_at += by
    attempt.deadline += by
    attempt.accept_until += by
    attempt.save()


EVERY_KIND: tuple[Draft, ...] = (
    single_draft("Câu một?"),
    single_draft(
        "Câu hai?",
        kind="multiple",
        content={"options": ["Một", "Hai", "Ba"]},
        key={"right": ["A", "C"], "scheme": "partial"},
    ),
    single_draft("Câu ba?", kind="boolean", content={}, key={"right": True}),
    single_draft("Câu bốn?", kind="numeric", content={"unit": "tỉnh"}, key={"value": "34", "tolerance": "0"}),
    single_draft("Câu năm?", kind="short", content={}, key={"accept": ["VNeID"]}),
    single_draft("Câu sáu?", kind="ordering", content={"items": ["Hai", "Ba", "Một"]}, key={"order": ["C", "A", "B"]}),
    single_draft(
        "Câu bảy?",
        kind="matching",
        content={"lefts": ["Trái một", "Trái hai"], "rights": ["Phải một", "Phải hai"]},
        key={"pairs": {"A": "A", "B": "B"}},
    ),
)


def every_kind() -> list[Question]:
    """One approved question of each kind."""
    return [make_question(draft) for draft in EVERY_KIND]
