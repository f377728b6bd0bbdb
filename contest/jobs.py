"""The rules of long work: leases, tries, and what a worker holds while it works. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

# A job whose worker gave no sign for so long may be taken over. Slices take a second or two.
LEASE = timedelta(seconds=45)
# Take-overs from killed workers count too: ten kills must not end a batch (failures F7).
MOST_TRIES = 20
BUSY_PAUSE = timedelta(seconds=2)
# The wait after a failure, by how many tries there were.
PAUSES = (timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=60), timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job. ``token`` is the number of the try: whoever takes over has a higher one, and the
    earlier worker's next beat is refused."""

    job_id: int
    token: int


class Busy(Exception):
    """Something else must end first; the job waits a moment and loses nothing."""


class JobLost(Exception):
    """Somebody else has taken the job over; stop without touching anything."""


def pause_after(tries: int) -> timedelta:
    """Return how long a job that failed ``tries`` times rests."""
    return PAUSES[min(max(tries, 1), len(PAUSES)) - 1]
