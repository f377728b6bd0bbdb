"""How often a ticket may guess the shapes of the wall. Pure: the clock is passed in.

Four shapes of four kinds are 256 guesses; a socket that is closed after five of them is opened again in a millisecond, and
HTTP has none. So a ticket is counted, whatever it comes by: five guesses for each set of shapes, of which two fit.
"""

from __future__ import annotations

from collections import Counter

from realtime.pins import PATTERN_MS

GUESSES = 5
MOST_TICKETS = 20_000  # counted at a time, a few MB; beyond that nobody is let in by shapes until they change


class Knocks:
    """The wrong shapes of one hall; forgotten when the shapes change."""

    __slots__ = ("window", "wrong")

    def __init__(self) -> None:
        self.window = 0
        self.wrong: Counter[str] = Counter()

    def wait_ms(self, nonce: str, now: int) -> int:
        """0 when this ticket may guess at ``now`` (ms since 1970), else the milliseconds until it may again."""
        self._turn(now)
        spent = self.wrong[nonce] >= GUESSES or (len(self.wrong) >= MOST_TICKETS and nonce not in self.wrong)
        return PATTERN_MS - now % PATTERN_MS if spent else 0

    def missed(self, nonce: str, now: int) -> None:
        """This ticket guessed wrong."""
        self._turn(now)
        self.wrong[nonce] += 1

    def _turn(self, now: int) -> None:
        if now // PATTERN_MS != self.window:
            self.window = now // PATTERN_MS
            self.wrong.clear()
