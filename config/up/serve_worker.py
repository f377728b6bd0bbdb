"""`python -m config.up.serve_worker`: one Celery worker with threads and the scheduler inside it.

`celery worker -B` would fork the scheduler: 54 MB more, and a process that outlives a killed worker and then runs beside
its successor's. Here the scheduler is a thread of the worker; it keeps no file, because the only schedule is a tick
that reads the database.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService, Scheduler

THREADS = 4


class BeatThread(bootsteps.StartStopStep):
    """Runs the scheduler as a thread for as long as the worker runs."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.beat: Any = None

    def start(self, worker: Any) -> None:
        self.beat = EmbeddedService(worker.app, thread=True, scheduler_cls=Scheduler)
        self.beat.start()

    def stop(self, worker: Any) -> None:
        if self.beat is not None:
            self.beat.service.stop()

    terminate = stop


def main() -> int:
    """Run the worker until SIGTERM; tasks that have begun are finished first."""
    from config.celery import app  # noqa: PLC0415  after the environment names the settings

    for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)  # a tick every five seconds is no news; failures are errors
    app.steps["worker"].add(BeatThread)
    arguments = ["worker", "--pool", "threads", "--concurrency", str(THREADS), "--loglevel", "INFO"]
    app.worker_main([*arguments, "--without-gossip", "--without-mingle"])
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
