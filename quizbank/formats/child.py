"""`python -m quizbank.formats.child`: read one file in a process that may die of it (failures F2).

In: one line of JSON (format, filename, language, defaults), then the file. Out: JSON lines, the first about the file,
one for each question as soon as it is understood; a line with the sentence of a refusal ends it, wherever it stands.
Memory and processor time are limited by the system, and nothing can be written to disk.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils import translation

MEMORY = 1 << 30
"""Bytes of address space the reading may take; ten thousand rows need a fifth of it."""
PROCESSOR_S = 60
MOST_OUT = 64 << 20
"""Bytes of what is understood; what the parent must hold."""


def main() -> None:
    """Read from standard input, write to standard output."""
    # No app is loaded: formats know no database, and starting takes half the time.
    apps.populate(())
    gc.disable()  # a process that lives for one file: what goes round in circles goes with it
    _limit()
    header, _newline, data = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(header)
    with translation.override(asked["language"]):
        left = MOST_OUT
        for line in _lines(asked, data):
            raw = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")
            left -= len(raw)
            if left < 0:
                _write(json.dumps({"refused": _too_much()}).encode())
                break
            _write(raw)
    sys.stdout.buffer.flush()


def _write(raw: bytes) -> None:
    sys.stdout.buffer.write(raw + b"\n")


def _lines(asked: dict[str, Any], data: bytes) -> Iterator[dict[str, Any]]:
    # Imported after the limits are set: what the libraries of formats do is what is limited.
    from quizbank.draft_json import draft_to_json  # noqa: PLC0415
    from quizbank.errors import BadFile  # noqa: PLC0415
    from quizbank.formats.base import Defaults  # noqa: PLC0415
    from quizbank.formats.reading import understand  # noqa: PLC0415

    defaults = Defaults(**asked["defaults"] | {"audience": tuple(asked["defaults"]["audience"])})
    try:
        understood = understand(data, filename=asked["filename"], code=asked["format"], defaults=defaults)
        parsed = understood.parsed
        yield {
            "format": understood.format,
            "title": parsed.title,
            "notes": list(parsed.notes),
            "count": len(parsed.found),
        }
        for found in understood.questions():
            yield {
                "draft": draft_to_json(found.draft),
                "place": found.place,
                "problems": list(found.problems),
                "warnings": list(found.warnings),
                **_pictures(found.pictures),
            }
    except BadFile as error:
        yield {"refused": str(error)}


def _pictures(pictures: dict[str, bytes]) -> dict[str, Any]:
    """Draw the pictures anew here, where a bomb hurts nobody; the first that cannot be drawn is told by its name."""
    from quizbank.errors import BadFile  # noqa: PLC0415
    from quizbank.formats.guard import picture  # noqa: PLC0415

    drawn: dict[str, str] = {}
    refused: list[str] = []
    for name, raw in pictures.items():
        try:
            drawn[name] = base64.b64encode(picture(raw)).decode()
        except BadFile as error:
            refused.append(str(error))
    # What a picture was before tells whether the bank has it: what we exported comes back as it was.
    came = {name: hashlib.sha256(raw).hexdigest() for name, raw in pictures.items()}
    return {"pictures": drawn, "came": came, "picture_problems": refused} if pictures else {}


def _too_much() -> str:
    from django.utils.translation import gettext as _  # noqa: PLC0415

    return _("Tệp này cần quá nhiều bộ nhớ để đọc. Mời bạn chia thành các tệp nhỏ hơn.")


def _limit() -> None:
    """Set the limits the system can set; Windows has none of them."""
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415  does not exist on Windows

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
