"""Telling Celery that there is work, without ever waiting for it.

The database is the truth and ticks find whatever a lost message left, so a message is only a hint: it is handed to
one background thread per process and dropped with a warning while the broker is away. A page never waits for a
broker (kombu would retry a dead one for seconds inside the request).
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time

from celery import current_app

log = logging.getLogger(__name__)

# More hints than this at once say nothing new.
MOST_WAITING = 1_000
# While the broker is away it is asked once in this many seconds; hints in between are dropped.
PAUSE_S = 2.0

Hint = tuple[str, tuple[object, ...]]


class Waker:
    """A bounded queue and the thread that empties it into the broker."""

    def __init__(self) -> None:
        self.hints: queue.Queue[Hint] = queue.Queue(MOST_WAITING)
        self.owner = 0
        self.lock = threading.Lock()
        self.away_until = 0.0

    def wake(self, name: str, *args: object) -> None:
        """Queue a hint; a full queue drops it."""
        # A forked child has the object but not the thread.
        if self.owner != os.getpid():
            with self.lock:
                if self.owner != os.getpid():
                    self.hints = queue.Queue(MOST_WAITING)
                    threading.Thread(target=self.run, name="wake", daemon=True).start()
                    self.owner = os.getpid()
        try:
            self.hints.put_nowait((name, args))
        except queue.Full:
            log.warning("wake: too many hints waiting, dropped %s", name)

    def run(self) -> None:
        """Send for ever. Ends with the process."""
        while True:
            name, args = self.hints.get()
            self.send(name, args)

    def send(self, name: str, args: tuple[object, ...]) -> None:
        """Send one hint, or drop it."""
        if time.monotonic() < self.away_until:
            return
        try:
            current_app.send_task(name, args=args, retry=False, ignore_result=True)
        except Exception as error:  # noqa: BLE001  whatever a broker client raises, the tick makes up for it
            self.away_until = time.monotonic() + PAUSE_S
            log.warning("wake: %s not sent, the tick will find the work: %s", name, error)


_waker = Waker()


def wake(name: str, *args: object) -> None:
    """Hint at work: ``wake(SCORE, round_id)``. Returns at once, never raises."""
    _waker.wake(name, *args)
