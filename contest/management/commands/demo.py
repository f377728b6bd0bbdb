"""``manage.py demo``: a contest to try things with."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contest.demo import STAGES, ends_at, make_demo
from contest.demo_fill import fill_demo
from contest.domain.jobs import enqueue
from contest.enums import JobKind
from quizbank.demo import make_bank_demo


class Command(BaseCommand):
    """Make the demonstration: a contest, authors at work, people who learn; or show how to sign in to what is there."""

    help = "Tạo cuộc thi dùng thử. / Make a demonstration contest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=STAGES, default="open")
        parser.add_argument("--residents", type=int, default=24)
        parser.add_argument("--json", action="store_true", help="one line of JSON for `up`")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        demo = make_demo(stage=options["stage"], residents=max(3, options["residents"]), now=now)
        bank = make_bank_demo(province=demo.contest.unit, now=now)
        organizer, *others = demo.sign_ins()
        sign_ins = [organizer, *bank.sign_ins(), *others]
        if options["json"]:
            # Nobody who waits for the first page waits for what the worker can add after it.
            key = f"demo:{demo.contest.public_id}"
            enqueue(kind=JobKind.DEMO, key=key, payload={"contest": demo.contest.pk}, now=now)
            facts = {
                "sign_ins": sign_ins,
                "contest": demo.contest.slug,
                "until": ends_at(demo.contest).timestamp(),  # after it, the next `up` makes another
            }
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        fill_demo(contest_id=demo.contest.pk, now=now)
        self.stdout.write(f"/c/{demo.contest.slug}/")
        for row in sign_ins:
            self.stdout.write(f"  {row['role']}: {row['login']}  {row['how']}")
