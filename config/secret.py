"""The secret key of the embedded default: made once, kept in the data directory, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make_secret(path: Path) -> str:
    """Return the key in ``path``; make it first (mode 0600) when there is none. Safe when two processes start at once."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text(encoding="ascii").strip()
        if len(key) >= 50:
            return key
        # A start that was killed between creating and writing left it empty.
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(secrets.token_urlsafe(50), encoding="ascii")
        temporary.chmod(0o600)
        temporary.replace(path)
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key
