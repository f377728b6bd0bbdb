"""Letting several threads do the same thing at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """Call ``act(0)`` … ``act(times - 1)`` in threads released by a barrier; return results or exceptions, in order.

    At most eight: with the test's own they must fit into the pool of a process, or the barrier waits for ever.
    """
    assert times <= 8
    barrier = threading.Barrier(times)
    results: list[Any] = [None] * times

    def run(index: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            results[index] = act(index)
        except Exception as error:  # noqa: BLE001  the test looks at every outcome
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
