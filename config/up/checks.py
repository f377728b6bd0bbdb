"""What must be true before anything is started; each refusal is one sentence that says what to do."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config.up import leash
from config.up.console import Stop, complain
from config.up.places import Places

LITTLE_DISK = 500_000_000  # bytes
LEFTOVER_PATIENCE = 12.0  # seconds a killed start's children may take to end


def prepare_folder(places: Places) -> None:
    """Make the data directory; refuse kindly where it cannot be written."""
    try:
        places.make()
        probe = places.run / f".probe-{os.getpid()}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Stop(
                f"Ổ đĩa chứa {places.data} đã đầy: giải phóng ít nhất 500 MB rồi chạy lại.",
                f"The disk of {places.data} is full: free at least 500 MB and run again.",
            ) from error
        raise Stop(
            f"Không ghi được vào thư mục dữ liệu {places.data}: chọn thư mục khác bằng --data THƯ_MỤC.",
            f"The data folder {places.data} cannot be written to: choose another one with --data DIR.",
        ) from error
    free = shutil.disk_usage(places.data).free
    if free < LITTLE_DISK:
        complain(
            f"Cảnh báo: ổ đĩa chỉ còn {free // 1_000_000} MB; hãy giải phóng chỗ trước khi mở cuộc thi.",
            f"Warning: only {free // 1_000_000} MB of disk are left; free some before opening a contest.",
        )


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the lock of the data directory. It belongs to the open file: free again however its holder ended."""
    with places.lock.open("a+b") as handle:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            url = read_state(places).get("url") or "?"
            raise Stop(
                f"Dữ liệu {places.data} đang được một lệnh “up” khác dùng ({url}): mở địa chỉ đó, hoặc dừng lệnh kia trước.",
                f"Another `up` is using {places.data} ({url}): open that address, or stop the other one first.",
            ) from error
        leftovers = [(int(c["pid"]), str(c["birth"])) for c in read_state(places).get("children", [])]
        leash.end_leftovers(leftovers, LEFTOVER_PATIENCE)
        try:
            yield
        finally:
            places.state.unlink(missing_ok=True)


def read_state(places: Places) -> dict[str, Any]:
    """What the `up` of this directory last wrote about itself; empty when there is nothing readable."""
    try:
        state = json.loads(places.state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(places: Places, url: str, pids: list[tuple[str, int]]) -> None:
    """Leave a note for the next start: should this one be killed, these are its children."""
    children = [{"name": name, "pid": pid, "birth": leash.birth(pid)} for name, pid in pids]
    temporary = places.state.with_suffix(".tmp")
    temporary.write_text(json.dumps({"pid": os.getpid(), "url": url, "children": children}), encoding="utf-8")
    temporary.replace(places.state)


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken, forbidden or not a port, and an address this machine does not have."""
    if not 0 < port < 65536:
        raise Stop(
            f"{port} không phải số cổng: chọn --port từ 1 đến 65535.", f"{port} is no port: use --port 1 to 65535."
        )
    problem = try_bind(host, port)
    if problem == errno.EADDRINUSE:
        free = next((p for p in range(port + 1, min(port + 50, 65535)) if try_bind(host, p) == 0), port + 1)
        raise Stop(
            f"Cổng {port} đang được chương trình khác dùng: chạy lại với --port {free}.",
            f"Port {port} is taken by another program: run again with --port {free}.",
        )
    if problem in (errno.EACCES, errno.EPERM):
        raise Stop(
            f"Không được phép mở cổng {port}: chạy lại với --port 8000 (hoặc một cổng trên 1024).",
            f"Port {port} may not be opened by you: run again with --port 8000 (or another above 1024).",
        )
    if problem:
        raise Stop(
            f"Máy này không có địa chỉ {host}: chạy lại với --host 0.0.0.0 hoặc --host 127.0.0.1.",
            f"This machine has no address {host}: run again with --host 0.0.0.0 or --host 127.0.0.1.",
        )


def try_bind(host: str, port: int) -> int:
    """0 when the address can be listened on, otherwise the errno."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except socket.gaierror:
        return errno.EADDRNOTAVAIL
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return 0


def health(host: str, port: int, timeout: float = 5.0) -> int:
    """Status of GET /healthz, 0 when nobody answers. By hand: http.client would cost the supervisor 3 MB."""
    target = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    deadline = time.monotonic() + timeout
    try:
        with socket.create_connection((target, port), timeout=timeout) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            head = b""
            while b"\r\n" not in head and time.monotonic() < deadline:
                part = line.recv(256)
                if not part:
                    break
                head += part
    except OSError:
        return 0
    words = head.split(b" ")
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
