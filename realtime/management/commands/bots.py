"""``manage.py bots``: simulated players for a rehearsal, in real time."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from realtime.domain.rehearsal import add_bots, play_bots
from realtime.models import Event

EVERY_S = 0.5


class Command(BaseCommand):
    """Let simulated players into a rehearsal and answer until it ends."""

    help = "Cho người chơi giả lập vào buổi tập dượt và trả lời đến khi kết thúc. / Simulated players for a rehearsal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="public id of a rehearsal")
        parser.add_argument("--players", type=int, default=30)
        parser.add_argument("--seconds", type=float, default=3 * 3600.0, help="stop after so long at the latest")

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(public_id=options["event"], rehearsal=True).first()
        if event is None:
            raise CommandError("Không có buổi tập dượt này. / No such rehearsal.")
        came = add_bots(event=event, players=options["players"], now=timezone.now())
        self.stdout.write(f"+{came}")
        until = time.monotonic() + options["seconds"]
        while time.monotonic() < until and Event.objects.filter(pk=event.pk, ended_at=None).exists():
            if answered := play_bots(event_id=event.pk, now=timezone.now()):
                self.stdout.write(f"{answered}")
            time.sleep(EVERY_S)
