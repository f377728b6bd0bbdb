"""Reading a file in a child process: whatever the file does, it does to the child (failures F2)."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
from dataclasses import asdict, dataclass, field
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
    """One question as it came out of the child; ``pictures`` are drawn anew already."""

    draft: Draft
    place: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file as it came out of the child."""

    format: str
    title: str
    notes: tuple[str, ...]
    items: tuple[ReadItem, ...]


def read_apart(data: bytes, *, filename: str, code: str, defaults: Defaults) -> ReadFile:
    """Return what a child process understood of a file.

    Raises:
        BadFile: with a sentence for the person; also when the child ran out of memory or time.
    """
    asked = {
        "format": code,
        "filename": filename,
        "language": get_language() or "vi",
        "defaults": asdict(defaults),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "quizbank.formats.child"],
            input=json.dumps(asked).encode() + b"\n" + data,
            capture_output=True,
            timeout=READ_WITHIN_S,
            cwd=settings.BASE_DIR,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadFile(_("Đọc tệp này mất quá lâu. Mời bạn chia thành các tệp nhỏ hơn.")) from error
    if done.returncode != 0 or not done.stdout:
        log.warning("formats: reading apart ended with %s: %s", done.returncode, done.stderr[-500:])
        raise BadFile(_("Tệp này cần quá nhiều bộ nhớ hoặc thời gian để đọc nên đã bị từ chối. Không có gì được lưu."))
    return _file(done.stdout)


def _file(out: bytes) -> ReadFile:
    lines = out.split(b"\n")
    head: dict[str, Any] = json.loads(lines[0])
    if "refused" in head:
        raise BadFile(head["refused"])
    return ReadFile(
        format=head["format"],
        title=head["title"],
        notes=tuple(head["notes"]),
        items=tuple(_item(_without_nul(json.loads(line)) if NUL in line else json.loads(line)) for line in lines[1:]),
    )


def _item(line: dict[str, Any]) -> ReadItem:
    return ReadItem(
        draft=draft_from_json(line["draft"]),
        place=line["place"],
        problems=(*line["problems"], *line.get("picture_problems", ())),
        warnings=tuple(line["warnings"]),
        pictures={name: base64.b64decode(raw) for name, raw in line.get("pictures", {}).items()},
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
