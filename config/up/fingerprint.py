"""Whether `manage.py prepare` has anything to do, answered without starting Django.

The fingerprint covers the files that decide what is in the database and in the static folder. Its first 31 bits are kept
inside the SQLite file (`PRAGMA user_version`), so that a restored older database is recognised and prepared again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.up.places import ROOT, Places

APPS = ("config", "people", "quizbank", "contest", "realtime")
FOLDERS = ("migrations", "data", "static", "locale")
FILES = ("requirements.txt", "config/fonts.py", "config/storage.py")


def of_sources(*, demo: bool, root: Path = ROOT) -> str:
    """SHA-256 over the names and contents of everything `prepare` reads."""
    digest = hashlib.sha256(b"demo" if demo else b"empty")
    for path in sorted(_sources(root)):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for name in FILES:
        if (root / name).is_file():
            yield root / name
    for app in APPS:
        for folder in FOLDERS:
            for parent, folders, files in os.walk(root / app / folder):
                folders[:] = [f for f in folders if f != "__pycache__"]
                yield from (Path(parent, name) for name in files if not name.endswith((".pyc", ".tmp")))


def of_static(root: Path = ROOT) -> str:
    """SHA-256 over what `collectstatic` and the font maker read, packages included by their lock file."""
    digest = hashlib.sha256()
    for path in sorted(p for p in _sources(root) if "static" in p.parts or p.name in {Path(f).name for f in FILES}):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def mark(fingerprint: str) -> int:
    """The part of a fingerprint that fits into SQLite's user_version (a positive 31-bit number)."""
    return int(fingerprint[:8], 16) & 0x7FFFFFFF or 1


def is_prepared(places: Places, *, demo: bool) -> bool:
    """Whether the data directory already holds exactly what today's sources would put there."""
    if os.environ.get("DATABASE_URL"):
        return False  # another database: only Django can ask it
    done = read(places)
    if demo and time.time() >= float((done.get("demo") or {}).get("until") or 0):
        return False  # the demonstration's last round is over: a new one is due
    fingerprint = of_sources(demo=demo)
    if done.get("fingerprint") != fingerprint or not (places.data / "static" / "staticfiles.json").exists():
        return False
    try:
        with sqlite3.connect(f"file:{places.database}?mode=ro", uri=True) as db:
            row = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        return False
    return bool(row and row[0] == mark(fingerprint))


def read(places: Places) -> dict[str, Any]:
    """What the last `prepare` wrote; empty when there is nothing readable."""
    try:
        found = json.loads(places.prepared.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
