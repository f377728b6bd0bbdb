"""One player, two players: what live screens count, in the language that tells one from many."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.utils.translation import override

from contest.arrivals import now_utc
from realtime.presenters.counted import Words, forms
from realtime.presenters.desk import SENTENCES, words
from realtime.presenters.play_words import PLAY
from realtime.presenters.wall_words import WALL
from tests.realtime.live_desk import make_house, page, signed_in
from tests.realtime.live_factories import join

BOOKS = {"wall": WALL, "phone": PLAY, "desk": SENTENCES}
# Said alike of one and of many in English: "Bring back the first 1 of the list".
ALIKE = {"back_in_order"}
MANY = re.compile(r"\{n\} (players|people|points|places|numbers|groups|teams|names|rescues|questions|boards|are)\b")


@pytest.mark.parametrize("book", BOOKS)
def test_what_is_counted_has_two_forms_in_english_and_one_in_vietnamese(book: str) -> None:
    counted = {key: text for key, text in BOOKS[book].items() if callable(text) and key not in ALIKE}
    assert counted
    with override("en"):
        english = {key: forms(text) for key, text in counted.items()}
    assert [key for key, text in english.items() if isinstance(text, str)] == []
    with override("vi"):
        assert [key for key, text in counted.items() if not isinstance(forms(text), str)] == []


@pytest.mark.parametrize("book", BOOKS)
def test_no_other_english_text_says_one_players(book: str) -> None:
    texts: Words = BOOKS[book]
    with override("en"):
        assert [str(text) for text in texts.values() if not callable(text) and MANY.search(str(text))] == []


def test_the_singular_of_the_wall_is_of_one_thing() -> None:
    with override("en"):
        one = {key: forms(WALL[key]) for key in ("players_n", "people_in", "points_n", "of_players", "n_people")}  # type: ignore[arg-type]
    assert {key: text["one"] for key, text in one.items() if isinstance(text, dict)} == {
        "players_n": "{n} player",
        "people_in": "is in",
        "points_n": "{n} point",
        "of_players": "among {n} player",
        "n_people": "{n} person",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "said"), [(1, "player"), (2, "players")])
def test_the_desk_says_one_player_before_its_script_has_spoken(people: int, said: str) -> None:
    house = make_house()
    event = house.event(now=now_utc())
    join(event, *["An", "Bình"][:people], now=now_utc())
    client = signed_in(house.host)
    client.cookies["lang"] = "en"
    body = html.unescape(client.get(page(event, "dieu-khien/")).content.decode())
    word = re.search(r"data-players>(\d+)</b> <span [^>]*data-players-word>([^<]+)<", body)
    assert word is not None
    assert word.groups() == (str(people), said)


def test_the_desk_hands_both_forms_to_its_script() -> None:
    with override("en"):
        said = json.loads(words({}))["say"]
    assert said["players"] == {"one": "{n} player", "other": "{n} players"}
