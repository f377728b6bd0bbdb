"""Signs that something will go wrong: clocks that differ, a write-ahead log that grows, a disk that fills."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

MB = 1024 * 1024
# Deadlines are compared with the application's clock; more than this between two machines is told (failures B17).
MOST_SKEW_MS = 500
# SQLite copies the log back by itself; above the first it is asked to, above the second a person is told (failures H12).
SHRINK_WAL_ABOVE = 64 * MB
ALARM_WAL_ABOVE = 256 * MB
LEAST_FREE = 500 * MB
LEAST_FREE_SHARE = 0.1


def clock_skew_ms() -> float:
    """The database's clock minus ours, in milliseconds; 0 on SQLite, which has none of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
        after = datetime.now(UTC)
    # The answer was given somewhere between the two readings: what is certain is only the distance to them.
    late, early = (theirs - after).total_seconds() * 1000, (theirs - before).total_seconds() * 1000
    return round(float(max(late, 0.0) or min(early, 0.0)), 1)


def wal_path() -> Path | None:
    """SQLite's write-ahead log, or None on another database."""
    return Path(f"{connection.settings_dict['NAME']}-wal") if connection.vendor == "sqlite" else None


def shrink_wal() -> int:
    """Have a large write-ahead log copied back and cut off; returns its size afterwards, in bytes.

    A reader that holds the file for minutes prevents it; then the next turn tries again.
    """
    path = wal_path()
    if path is None or not path.exists():
        return 0
    if path.stat().st_size > SHRINK_WAL_ABOVE:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 200")  # writers must not queue behind us
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA busy_timeout = 20000")
    size = path.stat().st_size if path.exists() else 0
    if size > ALARM_WAL_ABOVE:
        log.error("the write-ahead log is %d MB: some reader holds the database file open", size // MB)
    return size


def short_of_space(folder: Path | None = None) -> bool:
    """Whether the disk of the data directory is nearly full (less than 10 % and less than 500 MB)."""
    usage = shutil.disk_usage(folder or settings.DATA_DIR)
    short = usage.free < min(LEAST_FREE, usage.total * LEAST_FREE_SHARE)
    if short:
        log.error("only %d MB are free in the data directory; a full disk refuses answers", usage.free // MB)
    return short


def clocks_agree() -> bool:
    """Whether the database's clock is within the limit of ours."""
    skew = clock_skew_ms()
    if abs(skew) > MOST_SKEW_MS:
        log.error("the database's clock is %+.0f ms from ours; deadlines follow ours: set both by NTP", skew)
        return False
    return True
