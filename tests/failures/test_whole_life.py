"""One whole life of a contest, watched: nothing is sent inside a transaction (B19), nothing personal is logged (H18)."""

from __future__ import annotations

import io
import logging
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from config.logs import LineFormatter
from contest.arrivals import now_utc
from contest.domain.certificates import certificate_pdf, issue_certificates
from contest.domain.closing import close_round
from contest.domain.publishing import publish_round
from contest.domain.scoring import score_round
from contest.models import Attempt, Certificate, Round
from tests.conftest import Valkey
from tests.contest.pages import listed_round
from tests.factories import make_place, make_user

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Nguyễn Phước Thiên Hương Bảo Châu"
PHONE = "0912345678"
SENT: list[str] = []
INSIDE: list[str] = []


class Gateway:
    """A sender of SMS that would talk to the network."""

    def send(self, *, phone: str, text: str) -> None:
        look("sms")
        SENT.append(text)


def look(what: str) -> None:
    """Note whoever talks to the outside while a transaction of this thread is open."""
    if connection.in_atomic_block:
        INSIDE.append(what)


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Every socket of Python, Redis' among them, and the gateway tell when they are used inside a transaction."""
    SENT.clear()
    INSIDE.clear()
    settings.SMS_SENDER = f"{__name__}.Gateway"
    settings.CERTIFICATE_DIR = tmp_path
    for name in ("connect", "send", "sendall"):
        original = getattr(socket.socket, name)

        def told(self: socket.socket, *given: Any, _original: Any = original, _name: str = name) -> Any:
            look(f"socket.{_name}")
            return _original(self, *given)

        monkeypatch.setattr(socket.socket, name, told)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything the programs would have written to their logs, by the formatter they use."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def live_through(client: Client) -> tuple[Round, str]:
    """Signing up with one wrong code, a profile, a paper, the result, a certificate; returns round and code."""
    ward = make_place("Phường Mỹ Tho", parent=make_place("Tỉnh Đồng Tháp"))
    round_ = listed_round(questions=3)
    client.post("/tai-khoan/vao/", {"address": PHONE, "next": ""})
    code = re.findall(r"\b\d{6}\b", SENT[-1])[0]
    client.post("/tai-khoan/ma/", {"code": f"{(int(code) + 1) % 10**6:06d}"})
    client.post("/tai-khoan/ma/", {"code": code})
    profile = {"full_name": NAME, "birth_year": "1985", "category": "citizen", "unit": ward.code, "take_part": "on"}
    assert client.post("/tai-khoan/ho-so/", profile).status_code == 302
    assert client.post(f"/c/thi/vong/{round_.number}/bat-dau/", {"agree": "on"}).status_code == 302
    attempt = Attempt.objects.get()
    assert client.get(f"/t/{attempt.public_id}/").status_code == 200
    assert client.post(f"/t/{attempt.public_id}/nop/", {"prediction": "1"}).status_code == 302
    client.get("/khong-co/")
    client.post("/quan-ly/moi/")
    score_round(round_id=round_.pk, now=now_utc())
    over = round_.closes_at + timedelta(minutes=5)
    close_round(round_id=round_.pk, actor=make_user("Ban Tổ Chức"), now=over)
    round_.refresh_from_db()
    publish_round(contest_round=round_, actor=make_user("Trưởng Ban"), now=over)
    issue_certificates(contest_round=round_, actor=None, now=over)
    certificate_pdf(certificate=Certificate.objects.get(), now=over)
    for page in ("/", "/c/thi/", "/c/thi/bang/", f"/k/{attempt.public_id}/", "/tai-khoan/"):
        assert client.get(page).status_code == 200
    return round_, code


def test_control_a_word_to_the_outside_inside_a_transaction_is_noticed(valkey: Valkey) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"x")
        assert INSIDE == []
        with transaction.atomic():
            ours.sendall(b"x")
    assert INSIDE == ["socket.sendall"]


def test_nothing_is_sent_while_a_transaction_is_open(client: Client, valkey: Valkey) -> None:
    live_through(client)
    assert SENT
    assert INSIDE == []


def test_no_log_names_a_person_a_number_or_a_code(client: Client, valkey: Valkey, said: io.StringIO) -> None:
    _round, code = live_through(client)
    text = said.getvalue()
    assert "sms sent" in text  # something was logged at all
    found = [word for word in (NAME, "Bảo Châu", PHONE, PHONE[1:], code, client.session.session_key) if word in text]
    assert found == []
    assert Attempt.objects.get().public_id not in text
