"""Run in a house's data directory: open a round, seat residents at their papers, print how they may answer (JSON)."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402

from contest.demo import phone_number  # noqa: E402
from contest.domain.attempts import start_attempt  # noqa: E402
from contest.domain.contests import (  # noqa: E402
    ContestFacts,
    RoundFacts,
    create_contest,
    list_contest,
    schedule_round,
)
from contest.domain.entries import enter_contest  # noqa: E402
from contest.domain.rounds import freeze_round  # noqa: E402
from contest.models import Attempt, PoolItem  # noqa: E402
from contest.queries.attempts import token_for  # noqa: E402
from contest.queries.papers import paper_of  # noqa: E402
from contest.rules.templates import template_rules  # noqa: E402
from people.domain.residents import Profile, register_resident  # noqa: E402
from people.enums import Category, Purpose  # noqa: E402
from people.models import Unit, User  # noqa: E402
from quizbank.kinds import get_kind  # noqa: E402

QUESTIONS = 15


def session_of(user: User, attempt: Attempt) -> str:
    """A signed-in session that holds the paper, as the site itself would have made it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["leases"] = {attempt.public_id: attempt.lease}
    session.save()
    return str(session.session_key)


def wires(version: Any, seed: int) -> list[Any]:
    """Every response the simulated resident may give to one question."""
    kind, content = get_kind(version.kind), version.content
    match version.kind:
        case "single":
            canonical = list("ABCD"[: len(content["options"])])
        case "multiple":
            canonical = ["A", "AB", "BC"]
        case "boolean":
            canonical = ["T", "F"]
        case "numeric":
            canonical = ["34", "10"]
        case "short":
            canonical = ["VNeID", "khác"]
        case "ordering":
            labels = "ABCDE"[: len(content["items"])]
            canonical = [labels, labels[::-1]]
        case _:
            labels = "ABCDE"[: len(content["lefts"])]
            canonical = [labels, labels[::-1]]
    return [kind.write(content, one, seed=seed) for one in canonical]


def main(residents: int, minutes: float) -> None:
    now = timezone.now()
    province = Unit.objects.get(code="82", valid_to__isnull=True)
    commune = Unit.objects.filter(parent=province).order_by("code")[:1].get()
    facts = ContestFacts(title="Thử lửa", organizer="Bài kiểm thử", unit=province)
    contest = create_contest(facts=facts, rules=template_rules("weekly-dx"), actor=None, now=now)
    window = RoundFacts(
        title="Tuần 1",
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(minutes=minutes),
        blueprint=[{"topic": "", "difficulty": "", "count": QUESTIONS, "group": ""}],
    )
    round_ = freeze_round(
        round_=schedule_round(contest=contest, facts=window, actor=None, now=now - timedelta(hours=1)),
        now=now - timedelta(hours=1),
    )
    list_contest(contest=contest, actor=None, now=now)
    versions = {i.position: i.version for i in PoolItem.objects.filter(round=round_).select_related("version")}
    seats = []
    for place in range(residents):
        user = User.objects.create_user(phone=phone_number(10_000 + place), phone_verified=True)
        profile = Profile(full_name="Trần Thị Thử", birth_year=1985, category=Category.CITIZEN, unit=commune)
        resident = register_resident(user=user, profile=profile, consents=list(Purpose), now=now)
        entry = enter_contest(resident=resident, contest=contest, now=now)
        attempt = start_attempt(entry=entry, round_=round_, now=timezone.now())
        paper = paper_of(attempt)
        seats.append(
            {
                "attempt": attempt.pk,
                "public_id": attempt.public_id,
                "token": token_for(attempt),
                "session": session_of(user, attempt),
                "wires": [wires(versions[p], paper.at(shown)[1]) for shown, p in enumerate(paper.dealt)],
            }
        )
    sys.stdout.write(json.dumps({"round": round_.pk, "slug": contest.slug, "seats": seats}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
