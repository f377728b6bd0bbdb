"""The service worker's script: at the root, never stale, with everything private out of its reach."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from quizbank.views.study import OFFLINE_FILES

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(client: Client) -> str:
    return client.get("/sw.js").content.decode()


def test_it_is_asked_for_anew_and_sets_no_cookie(client: Client) -> None:
    response = client.get("/sw.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers or "Cookie" not in response.headers["Vary"]


def test_it_keeps_away_from_answers_sockets_sign_in_and_the_console(script: str) -> None:
    line = next(line for line in script.splitlines() if line.startswith("const NEVER"))
    never = re.findall(r'"([^"]+)"', line)
    paths = ["/api/answer", "/ws/board/x/", reverse("contest:console_home"), reverse("people:me"), "/hop-thu/"]
    assert [path for path in paths if not path.startswith(tuple(never))] == []


def test_addresses_in_it_are_those_of_the_site(script: str) -> None:
    for url in (reverse("offline"), reverse("account_logout")):
        assert f'"{url}"' in script
    learning = re.compile(re.search(r"const LEARNING = /(.+)/;", script)[1].replace(r"\/", "/"))  # type: ignore[index]
    deck = ["co-ban"]
    kept = [reverse("quizbank:learn"), reverse("quizbank:deck", args=deck), reverse("quizbank:study", args=deck)]
    private = [
        reverse("quizbank:practice"),
        reverse("quizbank:mistakes"),
        reverse("quizbank:study_state"),
        "/",
        "/cua-toi/",
    ]
    assert all(learning.fullmatch(path) for path in kept)
    assert not any(learning.fullmatch(path) for path in private)
    assert reverse("quizbank:deck_data", args=deck) == "/hoc/the/co-ban/the.json"


def test_what_pages_want_kept_exists() -> None:
    assert [name for name in OFFLINE_FILES if name != "css/fonts.css" and finders.find(name) is None] == []
