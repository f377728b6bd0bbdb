"""`python3 manage.py up`: from an empty folder to a running house, and back, in order."""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.up import checks, fingerprint, valkey
from config.up.console import Stop, complain, lan_address, say, show_log, welcome
from config.up.places import ROOT, Places
from config.up.supervisor import Child, Supervisor
from config.up.watchdog import Watchdog

ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  reaching phones in the room is what `up` is for
START_PATIENCE = 120.0  # seconds until the first page must answer, on a very slow machine
WRONG_PATIENCE = 20.0  # seconds a started server may answer with errors (a database that is still waking up)
OPEN_FILES = 65_536


def main(arguments: list[str]) -> int:
    """Run until stopped; 0 after an orderly stop, 2 when something a person can mend is in the way, 1 after crashes."""
    options = parse(arguments)
    try:
        places = Places(Path(options.data or os.environ.get("THISO_DATA") or ROOT / "var").expanduser().resolve())
        if options.server == "uvicorn" and importlib.util.find_spec("uvicorn") is None:
            raise Stop(
                "Chưa có uvicorn: cài requirements-server.txt vào môi trường này, hoặc bỏ --server.",
                "uvicorn is not installed: install requirements-server.txt into this environment, or leave out --server.",
            )
        checks.prepare_folder(places)
        with checks.alone(places):
            checks.check_port(options.host, options.port)
            return House(options, places).live()
    except Stop as stop:
        complain(stop.vi, stop.en)
        return 2
    except KeyboardInterrupt:
        return 130


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="manage.py up",
        description="Khởi động toàn bộ Thi Số trên máy này. / Start all of Thi Số on this machine.",
    )
    parser.add_argument("--port", type=int, default=8000, help="cổng / port (8000)")
    parser.add_argument("--host", default="0.0.0.0", help="địa chỉ lắng nghe / address to listen on (0.0.0.0)")  # noqa: S104
    parser.add_argument("--data", metavar="DIR", help="thư mục chứa mọi dữ liệu / folder of all data (var)")
    parser.add_argument("--no-demo", action="store_true", help="không tạo dữ liệu dùng thử / no demonstration data")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne", help="máy chủ web / web server")
    parser.add_argument("--no-qr", action="store_true", help="không in mã QR / print no QR code")
    return parser.parse_args(arguments)


class House:
    """The programs of one machine: Valkey, one preparation, web server, worker."""

    def __init__(self, options: argparse.Namespace, places: Places) -> None:
        self.options = options
        self.places = places
        self.began = time.monotonic()
        self.team = Supervisor()
        self.serving = False
        self.wrong_since = self.began
        host = options.host
        self.local = f"http://{'localhost' if host in ANYWHERE else bracket(host)}:{options.port}/"
        address = lan_address() if host in ANYWHERE else None
        self.lan = f"http://{address}:{options.port}/" if address else None
        self.env = self.environment(address)

    def environment(self, address: str | None) -> dict[str, str]:
        """What every child is told; values a person has set stay."""
        env = {
            "THISO_DATA": str(self.places.data),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # three programs import the same 2,000 modules: compile them once
            # Threads would otherwise reserve up to 8 arenas a core; two cost nothing measurable and save memory.
            "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
        }
        if "SITE_URL" not in os.environ:
            env["SITE_URL"] = (self.lan or self.local).rstrip("/")
        names = {socket.gethostname(), f"{socket.gethostname()}.local", address or "", self.options.host}
        known = os.environ.get("ALLOWED_HOSTS", "")
        env["ALLOWED_HOSTS"] = ",".join([*filter(None, known.split(",")), *sorted(names - {*ANYWHERE})])
        return env

    def live(self) -> int:
        """Start, run, stop."""
        raise_file_limit()
        self.team.listen()
        try:
            say("Đang khởi động Thi Số…", "Starting…")
            self.start()
            if self.team.asked_to_stop():
                return 0
            self.greet()
            worker = next(child for child in self.team.children if child.name == "worker")
            watchdog = Watchdog(worker, self.places.tick)
            while not self.team.asked_to_stop():
                if watchdog.look():
                    say("Bộ xử lý nền không phản hồi nên được khởi động lại.", "The worker hung and was restarted.")
                if not self.team.watch(self.note):
                    return 1
        finally:
            asked = self.team.asked_to_stop()
            self.team.stop()
            if asked:
                say("\nĐã dừng. Dữ liệu còn nguyên.", "Stopped. All data is kept.")
        return 0

    def start(self) -> None:
        """Valkey beside the preparation, the servers as soon as they can live; returns when a page answers."""
        if not os.environ.get("REDIS_URL"):
            valkey.end_stale(self.places.socket)
            self.team.start(self.child("valkey", valkey.command(self.places), patience=15))
            self.note()
        self.prepare()
        if self.team.asked_to_stop():
            return
        self.serve()
        self.team.start(self.child("worker", [sys.executable, "-m", "config.up.serve_worker"], patience=20, rank=1))
        self.note()
        self.until(self.answers, "web", "Máy chủ web không trả lời được", "The web server cannot answer")

    def answers(self) -> bool:
        """Whether the first page would come. A server that keeps answering with errors is not slow but broken."""
        status = checks.health(self.options.host, self.options.port)
        now = time.monotonic()
        if status < 500:
            self.wrong_since = now
        elif now - self.wrong_since > WRONG_PATIENCE:
            show_log(self.places.log("web"))
            raise Stop(
                f"Máy chủ web chỉ trả lời lỗi {status}; nhật ký: {self.places.log('web')}",
                f"The web server answers only with error {status}; its log: {self.places.log('web')}",
            )
        return status == 200

    def serve(self) -> None:
        """Start the web server, once, when Valkey answers."""
        if self.serving:
            return
        self.serving = True
        if not os.environ.get("REDIS_URL"):
            self.until(
                lambda: valkey.is_up(self.places.socket),
                "valkey",
                "Valkey không khởi động được",
                "Valkey does not start",
            )
        module = f"config.up.serve_{self.options.server}"
        command = [sys.executable, "-m", module, self.options.host, str(self.options.port)]
        self.team.start(self.child("web", command, patience=10, rank=2))
        self.note()

    def serve_early(self) -> None:
        """Start the web server while questions are still being loaded, once tables and static files are there.

        Not the worker: it would close and score demonstration rounds while they are being made.
        """
        if self.places.servable.exists():
            self.serve()

    def prepare(self) -> None:
        """One child brings database, bank, fonts and static files up to date; none when nothing has changed."""
        demo = not self.options.no_demo
        if fingerprint.is_prepared(self.places, demo=demo):
            return
        command = [sys.executable, str(ROOT / "manage.py"), "prepare", *([] if demo else ["--no-demo"])]
        child = self.child("prepare", command, patience=10)
        child.env |= {"THISO_COLLECTING": "1", "THISO_NO_VENV": "1"}
        child.log.unlink(missing_ok=True)
        self.places.servable.unlink(missing_ok=True)
        code = self.team.run(child, self.serve_early)
        if code:
            show_log(child.log)
            raise Stop(
                f"Chuẩn bị dữ liệu không thành công (mã {code}); nhật ký đầy đủ: {child.log}",
                f"Preparing the data failed (code {code}); the full log: {child.log}",
            )

    def until(self, ready: Callable[[], bool], name: str, vi: str, en: str) -> None:
        """Wait until `ready()`; children that die meanwhile are restarted a few times."""
        deadline = time.monotonic() + START_PATIENCE
        log = self.places.log(name)
        while not self.team.asked_to_stop() and not ready():
            child = next((c for c in self.team.children if c.name == name), None)
            dead = child is not None and not child.alive and len(child.crashes) >= 2
            if dead or time.monotonic() > deadline:
                show_log(log)
                raise Stop(f"{vi}; nhật ký: {log}", f"{en}; its log: {log}")
            if child is not None and not child.alive:
                self.team.watch(self.note)
            self.team.wait(0.05)

    def child(self, name: str, command: list[str], *, patience: float, rank: int = 0) -> Child:
        """A program with its log and environment."""
        return Child(name, command, self.places.log(name), dict(self.env), patience, rank)

    def note(self) -> None:
        """Keep the list of children on disk current, for the start after a `kill -9`."""
        pids = [(c.name, c.process.pid) for c in self.team.children if c.process is not None]
        checks.write_state(self.places, self.local, pids)

    def greet(self) -> None:
        """Everything answers: tell where."""
        welcome(
            local=self.local,
            lan=self.lan,
            data=self.places.data,
            demo={} if self.options.no_demo else fingerprint.read(self.places).get("demo") or {},
            seconds=time.monotonic() - self.began,
            qr=not self.options.no_qr,
        )


def bracket(host: str) -> str:
    """An IPv6 address as URLs spell it."""
    return f"[{host}]" if ":" in host else host


def raise_file_limit() -> None:
    """A thousand phones are a thousand open files; the usual soft limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
