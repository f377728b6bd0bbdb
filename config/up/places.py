"""Where a running house keeps its things, all below one data directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.store import socket_path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Places:
    """Paths below the data directory (`--data`, or THISO_DATA, or `var`)."""

    data: Path

    @property
    def run(self) -> Path:
        """Lock, socket and list of child processes of the running `up`."""
        return self.data / "run"

    @property
    def lock(self) -> Path:
        return self.run / "up.lock"

    @property
    def state(self) -> Path:
        """JSON: pid, URL and children of the `up` that holds the lock."""
        return self.run / "up.json"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only file."""
        return self.data / "valkey"

    @property
    def socket(self) -> Path:
        return socket_path(self.data)

    @property
    def database(self) -> Path:
        return self.data / "db.sqlite3"

    @property
    def prepared(self) -> Path:
        """JSON written by `manage.py prepare`: what was loaded, and the demonstration accounts."""
        return self.data / "prepared.json"

    @property
    def servable(self) -> Path:
        """Appears when `prepare` has made tables and static files, so that the servers may start."""
        return self.run / "servable"

    @property
    def tick(self) -> Path:
        """Touched by the worker at every tick."""
        return self.run / "tick"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Create the directories; the ones with sockets and logs are private."""
        self.data.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, self.logs, self.valkey):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
