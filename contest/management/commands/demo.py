"""``manage.py demo``: a contest to try things with."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contest.demo import STAGES, ends_at, make_demo


class Command(BaseCommand):
    """Make the demonstration contest, or show how to sign in to the one that is there."""

    help = "Tạo cuộc thi dùng thử. / Make a demonstration contest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=STAGES, default="open")
        parser.add_argument("--residents", type=int, default=24)
        parser.add_argument("--json", action="store_true", help="one line of JSON for `up`")

    def handle(self, *args: Any, **options: Any) -> None:
        demo = make_demo(stage=options["stage"], residents=max(3, options["residents"]), now=timezone.now())
        if options["json"]:
            facts = {
                "sign_ins": demo.sign_ins(),
                "contest": demo.contest.slug,
                "until": ends_at(demo.contest).timestamp(),  # after it, the next `up` makes another
            }
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        self.stdout.write(f"/c/{demo.contest.slug}/")
        for row in demo.sign_ins():
            self.stdout.write(f"  {row['role']}: {row['login']}  {row['how']}")
