"""Reading a file in a child process: whatever the file does, it does to the child (failures F2)."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from threading import Event, Thread, Timer
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quizbank.draft_json import draft_from_json
from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults

log = logging.getLogger(__name__)

NUL = b"\\u0000"
READ_WITHIN_S = 75.0
"""Wall time of a reading, the start of the child included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItem:
    """One question as it came out of the child; ``pictures`` are drawn anew already, ``came`` the SHA-256 they had
    before, both by name."""

    draft: Draft
    place: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)
    came: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file as it comes out of the child, which goes on reading while ``items`` is walked (once).

    Raises:
        BadFile: from ``items`` as well, when the child fails on the way. Whoever stops earlier calls ``close``.
    """

    format: str
    title: str
    notes: tuple[str, ...]
    count: int
    items: Iterable[ReadItem]
    close: Callable[[], None] = field(default=lambda: None)


def read_apart(data: bytes, *, filename: str, code: str, defaults: Defaults) -> ReadFile:
    """Return what a child process understands of a file.

    Raises:
        BadFile: with a sentence for the person; also when the child ran out of memory or time.
    """
    asked = {
        "format": code,
        "filename": filename,
        "language": get_language() or "vi",
        "defaults": asdict(defaults),
    }
    lines = _lines(json.dumps(asked).encode() + b"\n" + data)
    head = next(lines)
    return ReadFile(
        format=head["format"],
        title=head["title"],
        notes=tuple(head["notes"]),
        count=head["count"],
        items=_items(lines, head["count"]),
        close=lines.close,
    )


def _items(lines: Iterable[dict[str, Any]], count: int) -> Iterator[ReadItem]:
    met = 0
    for line in lines:
        met += 1
        yield _item(line)
    if met != count:
        raise BadFile(_died())


def _lines(given: bytes) -> Generator[dict[str, Any]]:
    """Yield what the child says, line by line. Raises BadFile for a refusal, and for a child that died."""
    # The child's input is a file and its complaints are read by a thread: neither side ever waits for the other.
    with tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        with subprocess.Popen(
            [sys.executable, "-m", "quizbank.formats.child"],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=1 << 16,
            cwd=settings.BASE_DIR,
        ) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            said: deque[bytes] = deque(maxlen=1)
            listener = Thread(target=said.extend, args=(iter(partial(child.stderr.read, 500), b""),), daemon=True)
            listener.start()
            late = Event()
            clock = Timer(READ_WITHIN_S, _end, (child, late))
            clock.start()
            try:
                spoken = 0
                for raw in child.stdout:
                    spoken += 1
                    line: dict[str, Any] = _without_nul(json.loads(raw)) if NUL in raw else json.loads(raw)
                    if "refused" in line:
                        raise BadFile(line["refused"])
                    yield line
                code = child.wait()
                listener.join()
            except json.JSONDecodeError as error:  # it died in the middle of a line
                raise BadFile(_too_long() if late.is_set() else _died()) from error
            finally:
                clock.cancel()
                child.kill()
    if late.is_set():
        raise BadFile(_too_long())
    if code != 0 or not spoken:
        log.warning("formats: reading apart ended with %s: %s", code, b"".join(said))
        raise BadFile(_died())


def _end(child: subprocess.Popen[bytes], late: Event) -> None:
    late.set()
    child.kill()


def _too_long() -> str:
    return _("Đọc tệp này mất quá lâu. Mời bạn chia thành các tệp nhỏ hơn.")


def _died() -> str:
    return _("Tệp này cần quá nhiều bộ nhớ hoặc thời gian để đọc nên đã bị từ chối. Không có gì được lưu.")


def _item(line: dict[str, Any]) -> ReadItem:
    return ReadItem(
        draft=draft_from_json(line["draft"]),
        place=line["place"],
        problems=(*line["problems"], *line.get("picture_problems", ())),
        warnings=tuple(line["warnings"]),
        pictures={name: base64.b64decode(raw) for name, raw in line.get("pictures", {}).items()},
        came=line.get("came", {}),
    )


def _without_nul(value: Any) -> Any:
    """Return JSON data without the one character PostgreSQL cannot hold."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return value
