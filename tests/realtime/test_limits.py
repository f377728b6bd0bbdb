"""Who may open a socket, and how much they may say: the pure part."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.groups import board_group
from realtime.limits import Allowance
from realtime.origins import is_own_origin

HOSTS = ["thi.example.vn", "192.168.1.5", "localhost", "[::1]"]


def asked(origin: str | None, host: str = "thi.example.vn", **more) -> bool:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode("latin1"))] if origin is not None else [])
    return is_own_origin(headers, allowed_hosts=HOSTS, **more)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://thi.example.vn", "thi.example.vn"),
        ("http://thi.example.vn", "thi.example.vn"),
        ("https://thi.example.vn", "thi.example.vn:443"),
        ("http://192.168.1.5:8000", "192.168.1.5:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("HTTP://LOCALHOST:8000", "localhost:8000"),
    ],
)
def test_a_page_of_this_host_may_connect(origin, host):
    assert asked(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "thi.example.vn"),
        ("", "thi.example.vn"),
        ("null", "thi.example.vn"),
        ("thi.example.vn", "thi.example.vn"),
        ("https://evil.example", "thi.example.vn"),
        ("https://thi.example.vn.evil.example", "thi.example.vn"),
        ("https://evilthi.example.vn", "thi.example.vn"),
        ("https://a.thi.example.vn", "thi.example.vn"),
        ("https://thi.example.vn@evil.example", "thi.example.vn"),
        ("https://evil@thi.example.vn", "thi.example.vn"),
        ("https://thi.example.vn/path", "thi.example.vn"),
        ("https://thi.example.vn:8443", "thi.example.vn"),
        ("http://thi.example.vn", "thi.example.vn:443"),
        ("https://thi.example.vn:99999", "thi.example.vn"),
        ("ftp://thi.example.vn", "thi.example.vn"),
        ("file://", "thi.example.vn"),
        ("https://other.host", "other.host"),  # equal, but not a host of ours: a forged Host header
        ("https://thí.example.vn", "thi.example.vn"),
    ],
)
def test_anything_else_may_not(origin, host):
    assert not asked(origin, host)


def test_production_asks_for_https():
    assert asked("https://thi.example.vn", https_only=True)
    assert not asked("http://thi.example.vn", https_only=True)


def test_a_trusted_origin_is_taken_literally_and_never_as_a_pattern():
    assert asked("https://qua-proxy.vn", trusted_origins=["https://qua-proxy.vn"])
    assert not asked("https://a.qua-proxy.vn", trusted_origins=["https://*.qua-proxy.vn"])


def test_two_origins_are_none():
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"origin", b"http://localhost")]
    assert not is_own_origin(headers, allowed_hosts=HOSTS)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_an_origin_by_accident(text):
    assert not is_own_origin([(b"host", b"localhost"), (b"origin", text.encode())], allowed_hosts=HOSTS)


def test_a_second_of_talk_may_come_at_once_and_no_more():
    allowance = Allowance(now=100.0)
    assert [allowance.take(now=100.0) for _ in range(21)] == [True] * 20 + [False]
    assert allowance.take(now=100.125)
    assert allowance.take(now=100.125)
    assert not allowance.take(now=100.125)


@settings(deadline=None)
@given(st.lists(st.floats(0, 5), max_size=200))
def test_nobody_gets_more_than_the_rate(pauses):
    now, allowance, allowed = 0.0, Allowance(now=0.0), 0
    for pause in pauses:
        now += pause
        allowed += allowance.take(now=now)
    assert allowed <= 20 + 20 * now + 1e-6


def test_five_bad_frames_are_forgiven():
    allowance = Allowance(now=0.0)
    assert [allowance.take_bad() for _ in range(6)] == [True] * 5 + [False]


def test_group_names_are_what_channels_allows():
    assert board_group(7) == "board.7"
    with pytest.raises(ValueError, match="not a group name"):
        board_group("7 8")  # type: ignore[arg-type]
