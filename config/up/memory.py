"""The garbage collector of a server process.

Django's half a million objects live as long as the process; looking through them again and again while a thousand phones
join cost a third of the joining (1,580 → 1,160 µs of the event loop each, docs/capacity.md).
"""

from __future__ import annotations

import gc

# Allocations until a look at the young, and young looks until an older one. Python's own 700 and 10 fit a short script.
YOUNG, MIDDLE, OLD = 50_000, 20, 100


def settle() -> None:
    """Leave what is loaded out of all future rounds. Call once the application is imported, before serving."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
