"""What the start says when it works and when it cannot go on: Vietnamese, then English. Standard library only."""

from __future__ import annotations

import sys
from pathlib import Path


class SetupError(Exception):
    """Carries the two sentences a person needs to go on; `vi` and `en` say the same."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


def explain(output: str, log: Path | None) -> SetupError:
    """Turn what pip or uv said into the one sentence that helps."""
    text = output.lower()
    where_vi = f" (chi tiết: {log})" if log else ""
    where_en = f" (details: {log})" if log else ""
    if "no space left" in text or "disk quota" in text:
        return SetupError(
            f"Ổ đĩa đầy: giải phóng khoảng 1 GB rồi chạy lại{where_vi}.",
            f"The disk is full: free about 1 GB and run again{where_en}.",
        )
    if "hash" in text and ("mismatch" in text or "do not match" in text):
        return SetupError(
            f"Một gói tải về không khớp mã băm đã khóa: đừng dùng nó, thử lại bằng mạng khác{where_vi}.",
            f"A downloaded package does not match its locked hash: do not use it, try another network{where_en}.",
        )
    if any(sign in text for sign in _NO_WHEEL):
        return SetupError(
            f"Một gói chưa có bản dựng sẵn cho máy này (Python {sys.version.split()[0]}, {sys.platform}): "
            f"hãy dùng Python 3.11–3.14 trên Linux hoặc macOS{where_vi}.",
            f"A package has no ready-made build for this machine (Python {sys.version.split()[0]}, {sys.platform}): "
            f"use Python 3.11 to 3.14 on Linux or macOS{where_en}.",
        )
    if any(sign in text for sign in _NO_NETWORK):
        return SetupError(
            f"Không tải được gói cài đặt: kiểm tra kết nối mạng (hoặc proxy) rồi chạy lại{where_vi}.",
            f"The packages could not be downloaded: check the network (or the proxy) and run again{where_en}.",
        )
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "?")[:200]
    return SetupError(
        f"Không chuẩn bị được môi trường: {last}{where_vi}.",
        f"The environment could not be prepared: {last}{where_en}.",
    )


_NO_NETWORK = (
    "failed to fetch", "connection", "timed out", "temporary failure", "name resolution", "dns error", "unreachable",
    "network was disabled", "no index", "--no-index", "proxy", "certificate", "no matching distribution",
)  # fmt: skip
_NO_WHEEL = ("failed to build", "no wheels", "has no usable wheels", "requires-python", "error: command 'gcc'")


def tell(vi: str, en: str) -> None:
    """One line of progress for a person (standard error, so that piped output stays clean)."""
    _write(f"{vi}  {en}")


def say(vi: str, en: str) -> None:
    """The sentence a command ends with when it cannot go on."""
    _write(f"{vi}\n  {en}")


def _write(text: str) -> None:
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stderr.flush()
