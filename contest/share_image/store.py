"""Keeping share pictures: files in the data directory, named by what they show, at most some four thousand of them.

A picture is drawn in a thread of its own with a time limit, so that a page never waits longer than that for typst. Losing
the files loses nothing: they are drawn again.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from contest.share_image.draw import draw
from contest.share_image.facts import ShareFacts

TIMEOUT_S = 8.0
SHARD = 2  # letters: 256 folders
MOST_IN_SHARD = 16


class TooBusy(Exception):
    """The picture is not drawn yet; asked again in a while it will be there."""


@cache
def _drawer() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="share-image")


# A forked worker inherits the pool but not its thread.
os.register_at_fork(after_in_child=_drawer.cache_clear)


def find(folder: Path, facts: ShareFacts) -> bytes | None:
    """Return the picture if it is kept, and mark it as used."""
    path = _path(folder, facts)
    try:
        png = path.read_bytes()
        os.utime(path)
    except FileNotFoundError:
        return None
    return png


def make(folder: Path, facts: ShareFacts, *, timeout_s: float = TIMEOUT_S) -> bytes:
    """Draw and keep a picture. Raises TooBusy after ``timeout_s``; the drawing goes on and is kept all the same."""
    work = _drawer().submit(_draw_and_keep, _path(folder, facts), facts)
    try:
        return work.result(timeout=timeout_s)
    except TimeoutError as error:
        raise TooBusy from error


def _draw_and_keep(path: Path, facts: ShareFacts) -> bytes:
    if path.exists():  # asked for twice at once
        return path.read_bytes()
    png = draw(facts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Under another name first: a killed process leaves no half picture.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(png)
    Path(name).replace(path)
    _thin(path.parent)
    return png


def _thin(shard: Path) -> None:
    """Drop what was used longest ago; half files of a killed process are the oldest of all."""
    files = sorted(shard.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST_IN_SHARD:]:
        file.unlink(missing_ok=True)


def _path(folder: Path, facts: ShareFacts) -> Path:
    return folder / facts.key[:SHARD] / f"{facts.key}.png"
