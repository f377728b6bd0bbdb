"""`python -m bench.guests`: the demonstration contest in the database of this environment, and what a browser of its
first resident would know, as JSON: a session and the paths of ordinary pages."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

PEOPLE = 40


def main() -> None:
    """Make the contest; print JSON."""
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from contest.demo import make_demo
    from contest.models import Attempt
    from quizbank.domain.bank import load_builtin_bank

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_units", verbosity=0, stdout=sys.stderr)
    now = timezone.now()
    load_builtin_bank(now=now)
    demo = make_demo(stage="open", residents=PEOPLE, now=now)
    user = demo.resident.user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(timedelta(hours=2))
    session.save()
    attempt = Attempt.objects.filter(entry__resident=demo.resident).order_by("pk")[:1].get()
    slug = demo.contest.slug
    pages = {
        "home": "/",
        "contest page": f"/c/{slug}/",
        "round page": f"/c/{slug}/vong/2/",
        "result page": f"/k/{attempt.public_id}/",
        "board": f"/c/{slug}/bang/",
    }
    sys.stdout.write(json.dumps({"session": session.session_key, "pages": pages}))


if __name__ == "__main__":
    main()
