"""`python -m bench.cast make SEATS STORED | count`: people at open papers in the database of this environment, as JSON.

``STORED`` finished attempts with one logged answer each are copied beside them in bulk, so that indexes are as large
as on a great evening.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import django
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

QUESTIONS = 20
SLOTS = 30_000


def main(arguments: list[str]) -> None:
    """Do what was asked; print JSON."""
    django.setup()
    if arguments[0] == "make":
        print(json.dumps(make(int(arguments[1]), int(arguments[2]))))
    else:
        from contest.models import AnswerEvent

        print(json.dumps(AnswerEvent.objects.count()))


def make(seats: int, stored: int) -> list[dict[str, Any]]:
    """Make the people and what is stored; return what a browser of each would know."""
    from django.core.management import call_command

    from contest.arrivals import now_utc
    from contest.domain.attempts import start_attempt
    from contest.models import Entry
    from people.models import Resident, User

    call_command("migrate", verbosity=0, interactive=False)
    now = now_utc()
    round_, unit = make_round(now)
    found: list[dict[str, Any]] = []
    for number in range(seats):
        user = User.objects.create_user(full_name=f"Người dự thi {number}")
        resident = Resident.objects.create(user=user, full_name=user.full_name, birth_year=1990, unit=unit)
        entry = Entry.objects.create(
            contest=round_.contest, resident=resident, full_name=resident.full_name, unit=unit, registered_at=now
        )
        found.append(known_to_browser(start_attempt(entry=entry, round_=round_, now=now), user))
    if stored:
        store(stored)
    return found


def make_round(now: Any) -> tuple[Any, Any]:
    """A contest with one frozen round of single-choice questions, ten hours for each attempt."""
    from contest.models import Contest, PoolItem, Round, RuleSetVersion
    from contest.rules import RuleSet
    from contest.rules.templates import template_rules
    from people.enums import UnitKind
    from people.models import Unit
    from quizbank.models import Question, QuestionVersion, Topic

    unit, _ = Unit.objects.get_or_create(
        code="BENCH", name="Tỉnh thử tải", kind=UnitKind.PROVINCE, path="VN.BENCH", valid_from=now.date()
    )
    data = template_rules("practice").to_json()
    data["time"] |= {"minutes": 600}
    data["paper"] |= {"question_count": QUESTIONS}
    rules = RuleSet.from_json(data)
    contest = Contest.objects.create(slug="thu-tai", title="Thử tải", organizer="Ban tổ chức", unit=unit, listed_at=now)
    version = RuleSetVersion.objects.create(contest=contest, number=1, data=rules.to_json(), digest=rules.digest())
    round_ = Round.objects.create(
        contest=contest, number=1, title="Vòng 1", opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=20),
        blueprint=[{"topic": "", "difficulty": "", "count": QUESTIONS, "group": ""}], rule_set=version,
        frozen_at=now - timedelta(hours=1),
    )  # fmt: skip
    topic, _ = Topic.objects.get_or_create(slug="thu-tai", defaults={"name_vi": "Thử tải"})
    for number in range(QUESTIONS):
        question = Question.objects.create(code=f"BENCH-{number}", topic=topic)
        asked = QuestionVersion.objects.create(
            question=question, number=1, kind="single", stem=f"Câu {number}?", difficulty="easy",
            content={"options": ["Một", "Hai", "Ba", "Bốn"]}, key={"right": "B"},
        )  # fmt: skip
        PoolItem.objects.create(round=round_, position=number, version=asked, cell=0)
    return round_, unit


def known_to_browser(attempt: Any, user: Any) -> dict[str, Any]:
    """The token, the session and the option ids of each question."""
    from django.contrib.sessions.backends.db import SessionStore

    from contest.queries.attempts import paper_questions, token_for

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {
        "token": token_for(attempt),
        "attempt": attempt.public_id,
        "session": session.session_key,
        "options": [[option.id for option in question.shown.options] for question in paper_questions(attempt)],
    }


def store(stored: int) -> None:
    """Copy one attempt ``stored`` times as finished ones, with one logged answer each."""
    from django.db import connection

    from contest.models import Attempt

    changed = {
        "public_id": "'f' || n.i", "period": f"'f' || (n.i / {SLOTS})", "slot": f"n.i % {SLOTS}", "state": "'submitted'",
        "graded_at": "a.started_at", "submitted_at": "a.started_at", "duration_ms": "600000",
        "sheet": "'AAAAAAAAAAAAAAAAAAAA'", "answered": "20", "points_milli": "20000", "correct": "20",
    }  # fmt: skip
    columns = [field.column for field in Attempt._meta.concrete_fields if field.column != "id"]  # noqa: SLF001  the documented API
    if connection.vendor == "sqlite":
        series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {stored})"
    else:
        series = f"WITH n(i) AS (SELECT generate_series(1, {stored}))"
    values = ", ".join(changed.get(column, f"a.{column}") for column in columns)
    source = "(SELECT * FROM contest_attempt ORDER BY id LIMIT 1)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO contest_attempt ({', '.join(columns)}) {series} SELECT {values} FROM n CROSS JOIN {source} AS a"
            if connection.vendor == "sqlite"
            else f"{series} INSERT INTO contest_attempt ({', '.join(columns)}) SELECT {values} FROM n CROSS JOIN {source} AS a"
        )
        cursor.execute(
            "INSERT INTO contest_answerevent (attempt_id, position, seq, response, received_at)"
            " SELECT id, 0, 1, 'A', started_at FROM contest_attempt WHERE state = 'submitted'"
        )
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1:])
