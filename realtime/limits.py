"""How much one client may say. Pure: the clock is passed in."""

from __future__ import annotations

from realtime.protocol import BAD_FRAMES, MESSAGES_PER_SECOND


class Allowance:
    """A token bucket: a second's worth may come at once, then as many as the rate allows.

    ``now`` is monotonic seconds.
    """

    __slots__ = ("bad", "rate", "tokens", "updated")

    def __init__(self, *, now: float, rate: float = MESSAGES_PER_SECOND) -> None:
        self.rate = rate
        self.tokens = rate
        self.updated = now
        self.bad = 0

    def take(self, *, now: float) -> bool:
        """Whether one more message may come now."""
        self.tokens = min(self.rate, self.tokens + (now - self.updated) * self.rate)
        self.updated = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def take_bad(self) -> bool:
        """Whether one more unreadable frame is forgiven."""
        self.bad += 1
        return self.bad <= BAD_FRAMES
