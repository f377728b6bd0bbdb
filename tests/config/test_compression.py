"""Pages travel compressed, once, and with padding; what is compressed already is left alone."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import CompressedText

ROOT = Path(__file__).resolve().parents[2]
ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}


def answer(kind: str, body: bytes = b"thi so " * 400, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers=ZIPPED)
    return CompressedText(lambda _r: HttpResponse(body, content_type=kind, headers=headers))(request)  # type: ignore[return-value]


@pytest.mark.django_db
def test_a_page_is_compressed_for_who_asks(client: Client) -> None:
    plain, zipped = client.get("/ngoai-tuyen/"), client.get("/ngoai-tuyen/", headers=ZIPPED)
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert len(zipped.content) < 0.5 * len(plain.content)
    assert gzip.decompress(zipped.content)[:100] == plain.content[:100]
    assert int(zipped.headers["Content-Length"]) == len(zipped.content)


def test_the_length_tells_nothing_exactly() -> None:
    """BREACH counts bytes: the same page has many lengths."""
    assert len({len(answer("text/html; charset=utf-8").content) for _ in range(40)}) > 5


@pytest.mark.parametrize(
    ("kind", "zipped"),
    [
        ("text/html", True),
        ("application/json", True),
        ("image/svg+xml", True),
        ("text/csv; charset=utf-8", True),
        ("application/pdf", False),
        ("image/png", False),
        ("font/woff2", False),
    ],
)
def test_only_text_is_compressed(kind: str, zipped: bool) -> None:
    assert ("Content-Encoding" in answer(kind).headers) is zipped


def test_nothing_is_compressed_twice() -> None:
    assert answer("text/html", b"x" * 999, **{"Content-Encoding": "br"}).content == b"x" * 999
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert order.index("WhiteNoiseMiddleware") < order.index("CompressedText") < order.index("CSPMiddleware")
    nginx = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"^\s*(gzip\w*) (\w+);", nginx, re.MULTILINE) == [("gzip", "off"), ("gzip_static", "on")]
