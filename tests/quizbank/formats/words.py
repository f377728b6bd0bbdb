"""Small helpers of the format tests."""

from __future__ import annotations

import base64
import io
import zipfile

from quizbank.formats.base import Found
from quizbank.kinds import get_kind

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def told(found: Found) -> str:
    """The right answer as people read it, whatever the stored order is."""
    return get_kind(found.draft.kind).tell_key(found.draft.content, found.draft.key)


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
