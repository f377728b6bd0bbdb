"""What `up` says to the person at the terminal: Vietnamese first, the English line under it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Stop(Exception):  # not an error of the program: a state of the machine that a person can mend
    """Ends `up` with one sentence in both languages and exit code 2."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


def say(vi: str, en: str = "") -> None:
    """One message; the English under the Vietnamese."""
    write(f"{vi}\n  {en}" if en else vi)


def write(text: str = "", *, error: bool = False) -> None:
    """Print even where the terminal cannot show Vietnamese: replaced letters are better than a traceback."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "ascii"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        stream.flush()
    except (BrokenPipeError, ValueError, OSError):
        return  # nobody is reading any more; the servers go on


def complain(vi: str, en: str) -> None:
    """A warning or the sentence `up` ends with."""
    write(f"{vi}\n  {en}", error=True)


def tail(path: Path, lines: int = 15) -> list[str]:
    """The last lines of a log, read from its end (at most 16 KiB)."""
    try:
        with path.open("rb") as log:
            log.seek(0, 2)
            log.seek(max(0, log.tell() - 16_384))
            return log.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []


def show_log(path: Path, lines: int = 15) -> None:
    """The end of a log, indented, on standard error."""
    for line in tail(path, lines):
        write(f"    {line}", error=True)


def lan_address() -> str | None:
    """This machine's address in its network, or None. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET: only the routing table is asked
            address = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if address.startswith(("127.", "0.")) else address


def can_draw() -> bool:
    """Whether the terminal shows the half blocks of a QR code."""
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def draw_qr(url: str) -> None:
    """The address as a QR code for the phones in the room."""
    if not can_draw():
        return
    import segno  # noqa: PLC0415  the supervisor must also start, and explain itself, when packages are damaged

    segno.make(url, error="l", micro=False).terminal(out=sys.stdout, compact=True, border=2)
    sys.stdout.flush()


def welcome(*, local: str, lan: str | None, data: Path, demo: dict[str, Any], seconds: float, qr: bool) -> None:
    """The block a person reads once everything answers."""
    write()
    say(f"Thi Số đã sẵn sàng sau {seconds:.1f} giây.".replace(".", ",", 1), f"Ready after {seconds:.1f} s.")
    write()
    say(f"Trên máy này:            {local}", "On this computer")
    if lan:
        say(f"Trên cùng mạng (Wi-Fi):  {lan}", "On the same network: open it on a phone, or scan")
        if qr:
            draw_qr(lan)
    for line in sign_in_lines(demo.get("sign_ins", [])):
        write(line)
    write()
    say(f"Dữ liệu nằm ở {data}", "All data is kept there")
    say("Nhấn Ctrl-C để dừng.", "Press Ctrl-C to stop.")
    write()


def sign_in_lines(sign_ins: Iterable[dict[str, str]]) -> list[str]:
    """A small table of the demonstration accounts: role, account, how to sign in."""
    rows = [(s.get("role", ""), s.get("login", ""), s.get("how", s.get("password", ""))) for s in sign_ins]
    if not rows:
        return []
    first, second = (max(len(row[n]) for row in rows) for n in (0, 1))
    lines = ["", "Tài khoản dùng thử:", "  Demonstration accounts"]
    return lines + [f"  {role:<{first}}  {login:<{second}}  {how}".rstrip() for role, login, how in rows]
