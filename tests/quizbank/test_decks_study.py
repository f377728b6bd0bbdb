"""Decks are loaded, cards are studied; looks arrive late, twice and from two devices."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.domain.residents import erase_resident
from quizbank.domain.decks import load_decks
from quizbank.domain.studying import MOST_REVIEWS, OLDEST, SentReview, record_reviews
from quizbank.errors import BadQuestion
from quizbank.models import Card, CardMemory, CardReview, Deck
from quizbank.queries.decks import deck_progress
from quizbank.queries.study import NEW_AT_ONCE, due_count, sitting_of
from tests.factories import NOW, make_participant, make_question, make_topics, make_user, single_draft
from tests.quizbank.decks import card_draft, deck_draft, make_deck

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def sent(card: str, rating: int = 3, *, ago: timedelta = timedelta(0), token: str = "") -> SentReview:
    return SentReview(card=card, rating=rating, at=NOW - ago, token=token or f"{card}-{rating}-{ago}")


def memories() -> list[tuple[str, int, object]]:
    return list(CardMemory.objects.order_by("card__code").values_list("card__code", "seen", "state"))


# --- loading -----------------------------------------------------------------------------------------------------
def test_loading_decks_twice_changes_nothing() -> None:
    make_topics()
    make_question(single_draft("Câu một?", code="q-1"))
    drafts = [deck_draft(cards=[card_draft("a", questions=("q-1", "nowhere")), card_draft("b")])]
    first = load_decks(now=NOW, drafts=drafts)
    again = load_decks(now=NOW, drafts=drafts)
    assert (first.added, first.revised, first.unchanged, first.retired) == (2, 0, 0, 0)
    assert (again.added, again.revised, again.unchanged, again.retired) == (0, 0, 2, 0)
    assert list(Card.objects.get(code="a").questions.values_list("code", flat=True)) == ["q-1"]
    assert (Deck.objects.count(), Card.objects.count()) == (1, 2)


def test_a_card_that_left_is_retired_and_comes_back_with_what_was_learned() -> None:
    deck = make_deck(cards=2)
    learner = make_user()
    record_reviews(person=learner, reviews=[sent("co-ban-02")], now=NOW)
    gone = load_decks(now=NOW, drafts=[deck_draft(cards=[card_draft("co-ban-01", front="Mặt trước mới?")])])
    assert (gone.revised, gone.retired) == (1, 1)
    assert sitting_of(person_id=learner.pk, deck=deck, now=NOW + DAY).due == 0
    load_decks(now=NOW, drafts=[deck_draft(cards=2)])
    assert sitting_of(person_id=learner.pk, deck=deck, now=NOW + DAY).due == 1
    assert Card.objects.get(code="co-ban-01").front == "Chuyển đổi số là gì (co-ban-01)?"


def test_links_to_questions_follow_the_file() -> None:
    make_topics()
    for code in ("q-1", "q-2"):
        make_question(single_draft(f"Câu {code}?", code=code))
    load_decks(now=NOW, drafts=[deck_draft(cards=[card_draft("a", questions=("q-1",))])])
    load_decks(now=NOW, drafts=[deck_draft(cards=[card_draft("a", questions=("q-2",))])])
    assert list(Card.objects.get(code="a").questions.values_list("code", flat=True)) == ["q-2"]


def test_a_deck_of_unknown_topic_stores_nothing() -> None:
    make_topics()
    with pytest.raises(BadQuestion, match="a: "):
        load_decks(now=NOW, drafts=[deck_draft(cards=[card_draft("a", topic="nowhere")])])


# --- looks -------------------------------------------------------------------------------------------------------
def test_a_look_sent_twice_counts_once() -> None:
    make_deck()
    learner = make_user()
    first = record_reviews(person=learner, reviews=[sent("co-ban-01")], now=NOW)
    again = record_reviews(person=learner, reviews=[sent("co-ban-01"), sent("co-ban-01")], now=NOW + MINUTE)
    assert first == again
    assert CardReview.objects.count() == 1


def test_two_devices_in_any_order_give_the_same_memory() -> None:
    make_deck()
    log = [
        sent(card, rating, ago=timedelta(days=days, minutes=7 * rating))
        for card in ("co-ban-01", "co-ban-02")
        for days, rating in ((30, 3), (29, 1), (12, 4), (3, 2), (0, 3))
    ]
    results = []
    for seed in range(6):
        learner = make_user()
        order = list(log)
        random.Random(seed).shuffle(order)
        cut = seed + 2
        for batch in (order[:cut], order[cut:], order[:3]):
            record_reviews(person=learner, reviews=batch, now=NOW)
        results.append(
            list(CardMemory.objects.filter(person=learner).order_by("card_id").values_list("state", "due", "seen"))
        )
    assert all(result == results[0] for result in results)
    assert [seen for _state, _due, seen in results[0]] == [5, 5]


def test_a_look_in_the_future_counts_as_now_and_an_old_one_not_at_all() -> None:
    make_deck()
    learner = make_user()
    looks = [
        SentReview("co-ban-01", 3, NOW + DAY, "future"),
        SentReview("co-ban-02", 3, NOW - OLDEST - MINUTE, "old"),
        SentReview("nowhere", 3, NOW, "unknown card"),
        SentReview("co-ban-03", 5, NOW, "no such rating"),
        SentReview("co-ban-03", 3, NOW, "x" * 37),
    ]
    record_reviews(person=learner, reviews=looks, now=NOW)
    assert list(CardReview.objects.values_list("card__code", "at")) == [("co-ban-01", NOW)]


def test_a_batch_costs_no_more_queries_the_longer_it_is() -> None:
    make_deck(cards=12)
    learner, counts = make_user(), []
    for size in (1, 12):
        looks = [sent(f"co-ban-{number:02d}", ago=size * MINUTE) for number in range(1, size + 1)]
        with CaptureQueriesContext(connection) as queries:
            record_reviews(person=learner, reviews=looks, now=NOW)
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_what_is_due_comes_first_and_new_cards_are_few() -> None:
    deck = make_deck(cards=15)
    learner = make_user()
    record_reviews(person=learner, reviews=[sent("co-ban-05", 4, ago=DAY), sent("co-ban-09", 1, ago=DAY)], now=NOW)
    sitting = sitting_of(person_id=learner.pk, deck=deck, now=NOW)
    codes = [one.card.code for one in sitting.queue]
    assert (codes[0], len(codes), sitting.due, sitting.fresh) == ("co-ban-09", 1 + NEW_AT_ONCE, 1, 13)
    assert sitting.next_due is not None
    assert due_count(learner.pk, NOW) == 1
    (progress,) = deck_progress(learner.pk, NOW)
    assert (progress.cards, progress.seen, progress.due, progress.settled, progress.fresh) == (15, 2, 1, 1, 13)
    assert sitting_of(person_id=None, deck=deck, now=NOW).due == 0


def test_progress_costs_the_same_queries_for_any_number_of_decks(django_assert_num_queries: object) -> None:
    learner = make_user()
    make_topics()
    for decks in (1, 3):
        load_decks(now=NOW, drafts=[deck_draft(f"bo-{number}") for number in range(decks)])
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(deck_progress(learner.pk, NOW)) == decks


def test_who_is_forgotten_has_learned_nothing(django_capture_on_commit_callbacks: object) -> None:
    make_deck()
    resident, other = make_participant(), make_user()
    for learner in (resident.user, other):
        record_reviews(person=learner, reviews=[sent("co-ban-01")], now=NOW)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_resident(resident=resident, now=NOW)
    assert list(CardReview.objects.values_list("person", flat=True)) == [other.pk]
    assert list(CardMemory.objects.values_list("person", flat=True)) == [other.pk]


# --- pages -------------------------------------------------------------------------------------------------------
def post_json(client: Client, data: object) -> object:
    return client.post(
        reverse("quizbank:study_record"), data, content_type="application/json", headers={"accept": "application/json"}
    )


def test_guests_read_decks_and_cards(client: Client) -> None:
    make_deck()
    for name in ("learn", "deck", "study", "deck_data", "deck_qr", "deck_pdf", "deck_embed"):
        args = [] if name == "learn" else ["co-ban"]
        assert client.get(reverse(f"quizbank:{name}", args=args)).status_code == 200, name
    assert client.get(reverse("quizbank:deck", args=["khong-co"])).status_code == 404
    assert client.get(reverse("quizbank:study_state")).json() == {"person": "", "csrf": "", "memories": {}}
    assert "Set-Cookie" not in client.get(reverse("quizbank:study_state")).headers


def test_the_cards_of_a_deck_are_the_same_for_everybody(client: Client) -> None:
    translated = {"en": {"front": "What is it?", "back": "It is.", "example": "So.", "citation": "Decision 749"}}
    make_deck(cards=[card_draft("a", translations=translated), card_draft("b")])
    url = reverse("quizbank:deck_data", args=["co-ban"])
    stranger = client.get(url, {"n": "en"}).json()
    client.force_login(make_user())
    response = client.get(url, {"n": "en"})
    assert response.json() == stranger
    assert "public" in response.headers["Cache-Control"]
    assert [card["front"] for card in stranger["cards"]] == ["What is it?", "Chuyển đổi số là gì (b)?"]
    assert client.get(url).json()["cards"][0]["front"] == "Chuyển đổi số là gì (a)?"


def test_a_card_is_rated_without_scripts(client: Client) -> None:
    make_deck(cards=2)
    learner = make_user()
    client.force_login(learner)
    url = reverse("quizbank:study", args=["co-ban"])
    page = client.get(url)
    form = {"card": page.context["study_card"].card.code, "token": page.context["token"], "rating": "3"}
    assert client.post(url, form).headers["Location"] == url
    assert client.post(url, form).status_code == 302  # pressed twice
    assert memories()[0][:2] == ("co-ban-01", 1)
    assert client.get(url).context["study_card"].card.code == "co-ban-02"
    assert client.post(url, form | {"rating": "9"}).status_code == 422


def test_a_guest_without_scripts_goes_from_card_to_card(client: Client) -> None:
    make_deck(cards=2)
    url = reverse("quizbank:study", args=["co-ban"])
    page = client.get(url)
    reply = client.post(url, {"card": "co-ban-01", "token": "t", "rating": "3", "next": page.context["next_code"]})
    assert client.get(reply.headers["Location"]).context["study_card"].card.code == "co-ban-02"
    assert CardReview.objects.count() == 0


def test_looks_of_a_phone_are_taken_and_told(client: Client) -> None:
    make_deck()
    learner = make_user()
    client.force_login(learner)
    rows = [["co-ban-01", 3, "t1", 60_000], ["co-ban-02", 1, "t2", 0], ["nowhere", 3, "t3", 5]]
    reply = post_json(client, {"person": learner.public_id, "reviews": rows}).json()  # type: ignore[attr-defined]
    assert (reply["settled"], sorted(reply["memories"])) == (3, ["co-ban-01", "co-ban-02"])
    state = client.get(reverse("quizbank:study_state")).json()
    assert (state["person"], state["memories"]) == (learner.public_id, reply["memories"])


def test_a_queue_of_somebody_else_is_not_taken(client: Client) -> None:
    make_deck()
    client.force_login(make_user())
    reply = post_json(client, {"person": make_user().public_id, "reviews": [["co-ban-01", 3, "t1", 0]]})
    assert (reply.status_code, CardReview.objects.count()) == (409, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "rows",
    [
        "x",
        [["co-ban-01", 3, "t"]],
        [["co-ban-01", "3", "t", 0]],
        [["co-ban-01", True, "t", 0]],
        [["co-ban-01", 3, "t", float("nan")]],
        [["co-ban-01", 3, "t", "0"]],
        [[1, 3, "t", 0]],
        [["co-ban-01", 3, "t", 0]] * (MOST_REVIEWS + 1),
    ],
)
def test_looks_without_form_are_refused(client: Client, rows: object) -> None:
    make_deck()
    learner = make_user()
    client.force_login(learner)
    reply = post_json(client, {"person": learner.public_id, "reviews": rows})
    assert (reply.status_code, CardReview.objects.count()) == (422, 0)  # type: ignore[attr-defined]


def test_sending_without_end_is_slowed_down(client: Client, valkey: object) -> None:
    make_deck()
    learner = make_user()
    client.force_login(learner)
    codes = {post_json(client, {"person": learner.public_id, "reviews": []}).status_code for _ in range(45)}  # type: ignore[attr-defined]
    assert codes == {200, 429}


def test_the_framed_deck_has_no_cookie_and_nobody_in_it(client: Client) -> None:
    make_deck()
    learner = make_user("Nguyễn Phước Thiên Hương")
    client.force_login(learner)
    response = client.get(reverse("quizbank:deck_embed", args=["co-ban"]))
    assert "Set-Cookie" not in response.headers
    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "form-action 'none'" in response.headers["Content-Security-Policy"]
    body = response.content.decode()
    assert "Hương" not in body
    assert "csrf" not in body
    assert "frame-ancestors 'none'" in client.get(reverse("quizbank:learn")).headers["Content-Security-Policy"]
