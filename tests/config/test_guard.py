"""Half-sent, idle, endless and unread connections are closed in time, and honest ones do not notice (failures E6)."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from config.up.places import ROOT
from tests.config.up_house import free_port

pytestmark = [pytest.mark.sqlite_only, pytest.mark.service]

LIMITS = ("HEAD=1", "BODY=1", "KEEP_ALIVE=1.5", "UNREAD=1.5", "SLOWEST=100000", "LARGEST_BODY=100000", "SWEEP=0.2")
HEAD = b"GET / HTTP/1.1\r\nHost: thiso.test\r\n"
POST = b"POST / HTTP/1.1\r\nHost: thiso.test\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Daphne as `up` runs it, with shorter limits."""
    yield from serving("daphne")


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def any_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Both servers in turn."""
    yield from serving(request.param)


def serving(server: str) -> Iterator[int]:
    number = free_port()
    command = [sys.executable, "-m", "tests.config.guarded_app", server, str(number), *LIMITS]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ)
    deadline = time.monotonic() + 20
    while True:
        try:
            connect(number).close()
            break
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield number
    process.terminate()
    assert process.wait(10) in (0, -signal.SIGTERM)  # uvicorn ends by the signal it was sent


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def ask(port: int) -> float:
    """One honest request; how many seconds it took."""
    began = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/")
    answer = line.getresponse()
    assert (answer.status, answer.read()) == (200, b"0")
    assert answer.getheader("Server") is None
    line.close()
    return time.monotonic() - began


def answers_until_closed(lines: list[socket.socket], drip: Callable[[], bytes], seconds: float) -> list[bytes]:
    """Send a few bytes on every line again and again; what each got before the server closed it."""
    got = [b""] * len(lines)
    left = dict(enumerate(lines))
    deadline = time.monotonic() + seconds
    while left:
        assert time.monotonic() < deadline, f"{len(left)} of {len(lines)} connections were never closed"
        time.sleep(0.1)
        for n, line in list(left.items()):
            try:
                if part := drip():
                    line.send(part)
                line.settimeout(0.001)
                data = line.recv(100)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            got[n] += data
            if not data:
                left.pop(n).close()
    return got


def test_half_sent_requests_are_closed_while_others_are_served(any_port: int) -> None:
    lines = [connect(any_port) for _ in range(50)]
    for line in lines:
        line.send(HEAD)
    slowest = max(ask(any_port) for _ in range(20))
    got = answers_until_closed(lines, lambda: b"X-More: 1\r\n", 4)  # a new header every 0.1 s: never idle, never done
    assert {answer[:12] for answer in got} <= {b"HTTP/1.1 408", b""}
    assert slowest < 1
    assert ask(any_port) < 1


def test_silent_connection_is_closed(any_port: int) -> None:
    assert answers_until_closed([connect(any_port)], lambda: b"", 5) == [b""]


def test_dribbled_body_is_closed(any_port: int) -> None:
    line = connect(any_port)
    line.send(POST % 50_000)
    assert answers_until_closed([line], lambda: b"x", 5)[0][:12] in (b"HTTP/1.1 408", b"")


def test_announced_body_too_large_is_refused(port: int) -> None:
    with connect(port) as line:
        line.send(POST % 200_000)
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_endless_body_is_cut_off(port: int) -> None:
    got = b"open"
    with connect(port) as line:
        line.send(b"POST / HTTP/1.1\r\nHost: thiso.test\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(40):
                line.send(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            got = line.recv(100)
        except OSError:
            got = b""  # closed while we were still sending
    assert got[:12] in (b"HTTP/1.1 413", b"")
    assert ask(port) < 1


def test_body_in_time_is_accepted(any_port: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", any_port, timeout=10)
    for _ in range(3):  # the same connection, kept alive
        line.request("POST", "/", b"x" * 90_000)
        assert line.getresponse().read() == b"90000"
    line.close()


def test_answer_nobody_reads_is_cut_off(port: int) -> None:
    read = 0
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(10)
        line.connect(("127.0.0.1", port))
        line.send(b"GET /large HTTP/1.1\r\nHost: thiso.test\r\n\r\n")
        time.sleep(3)
        with contextlib.suppress(OSError):
            while part := line.recv(1_000_000):
                read += len(part)
    assert 0 < read < 30_000_000


def test_many_headers_are_refused(port: int) -> None:
    with connect(port) as line:
        line.send(HEAD + b"X: 1\r\n" * 500 + b"\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400")


def test_socket_outlives_the_limits_and_large_messages_close_it(any_port: int) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect as open_socket

    with open_socket(f"ws://127.0.0.1:{any_port}/", compression=None) as line:
        time.sleep(2.5)  # longer than every limit of a waiting connection
        line.send("chào")
        assert line.recv(5) == "chào"
        line.send("x" * 17_000)
        with pytest.raises(ConnectionClosed):
            line.recv(5)
