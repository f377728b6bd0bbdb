"""Where the database and Redis are, as URLs each library understands. Pure."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# sun_path of a Linux unix socket holds 107 bytes; macOS 103.
LONGEST_SOCKET_PATH = 100


def sqlite_url(path: Path) -> str:
    """Return the django-environ URL of an SQLite file."""
    return f"sqlite:///{path}"


def socket_path(data: Path) -> Path:
    """Return where the embedded Valkey listens: in the data directory, or in a short private one when that is too long."""
    path = data / "run" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  a 0700 directory is made below it
    return base / f"thiso-{os.getuid()}-{abs(hash_of(data)):x}" / "valkey.sock"


def hash_of(data: Path) -> int:
    """Return a stable 32-bit number for a path (``hash()`` differs between processes)."""
    value = 2166136261
    for byte in os.fsencode(data):
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def redis_url(url: str, data: Path, *, database: int = 0, celery: bool = False) -> str:
    """Return the URL of ``database`` on the Redis at ``url`` ("" means the embedded one in ``data``).

    ``celery`` gives the spelling kombu wants for unix sockets (redis+socket://…?virtual_host=N).
    """
    parts = urlsplit(url or f"unix://{socket_path(data)}")
    if parts.scheme == "unix":
        if celery:
            return f"redis+socket://{parts.path}?virtual_host={database}"
        query = dict(parse_qsl(parts.query)) | {"db": str(database)}
        return f"unix://{parts.netloc}{parts.path}?{urlencode(query)}"  # urlunsplit would drop the empty host
    return urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))
