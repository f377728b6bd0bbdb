"""What a browser would never send, and somebody does: answered with a sentence, never with a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from people.models import User
from quizbank.models import CardReview
from tests.factories import make_question, make_user, single_draft
from tests.quizbank.bank_desk import signed_in
from tests.quizbank.decks import make_deck

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> User:
    return make_user()


def send(person: User, rows: list[Any], body: str = "") -> HttpResponse:
    body = body or json.dumps({"person": person.public_id, "reviews": rows})
    return signed_in(person).post(reverse("quizbank:study_record"), body, content_type="application/json")


@pytest.mark.parametrize("odd", ["\ud800", "a\x00b", "\udfff" * 36], ids=["half a pair", "nul", "many halves"])
@pytest.mark.parametrize("place", [0, 2], ids=["card", "token"])
def test_looks_with_letters_no_database_takes_are_dropped(learner: User, odd: str, place: int) -> None:
    make_deck(cards=2)
    row: list[Any] = ["co-ban-01", 3, "t-1", 0]
    row[place] = odd
    response = send(learner, [row, ["co-ban-02", 3, "t-2", 0]])
    assert (response.status_code, response.json()["settled"]) == (200, 2)
    assert list(CardReview.objects.values_list("card__code", "token")) == [("co-ban-02", "t-2")]


def test_a_time_beyond_every_number_is_a_bad_request_or_long_ago(learner: User) -> None:
    make_deck(cards=1)
    assert send(learner, [["co-ban-01", 3, "t-1", 10**400]]).status_code == 200
    assert not CardReview.objects.exists()


def test_a_rating_beyond_every_number_is_dropped(learner: User) -> None:
    make_deck(cards=1)
    assert send(learner, [["co-ban-01", 10**400, "t-1", 0]]).status_code == 200
    assert not CardReview.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/hoc/luyen/?cach=the&the=%00",
        "/hoc/luyen/?cach=chu-de&chu-de=%00",
        "/hoc/luyen/?d=%00",
        "/hoc/?x=%00",
        "/hoc/the/co-ban/hoc/?the=%00",
        "/hoc/the/%00/",
        "/moi/%00/",
    ],
)
def test_a_nul_in_an_address_finds_nothing(address: str) -> None:
    make_deck(cards=1)
    make_question(single_draft("Câu nào?"))
    assert Client().get(address).status_code in (200, 400, 404)


def test_a_nul_in_a_written_answer_is_no_fault_of_ours(learner: User) -> None:
    make_question(single_draft("Viết tắt?", kind="short", content={}, key={"accept": ["CĐS"]}))
    client, url = signed_in(learner), reverse("quizbank:practice")
    asked = client.get(url).context["asked"]
    assert client.post(url, {"asked": asked, "a": "C\x00S"}).status_code in (200, 400, 422)
