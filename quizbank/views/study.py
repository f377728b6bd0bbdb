"""Flashcards: what to learn today, a deck, one card after the other. Works as plain pages; study.js makes it quick and
lets it go on without a network."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import public, signed_in
from people.models import User
from people.requests import caller_of, public_url
from people.throttle import allow
from quizbank.domain.studying import MOST_REVIEWS, OLDEST, SentReview, record_reviews
from quizbank.domain.winning import tell_wins
from quizbank.errors import BadResponse, TooFast
from quizbank.models import Deck
from quizbank.queries.decks import cards_of, deck_of, deck_progress
from quizbank.queries.questions import topics
from quizbank.queries.study import NEW_AT_ONCE, Sitting, StudyCard, memories_of, sitting_of
from quizbank.scheduling import RATING_WORDS, Rating, next_dues, rules_for_pages
from quizbank.study_words import rest_words, study_words

# What the learning pages load: kept by the service worker, so that a deck opened once can be studied without a network.
OFFLINE_FILES = (
    *(f"quizbank/learn/{name}.js" for name in ("learn", "study", "store", "memory", "news", "speak", "swipe")),
    *(f"js/{name}.js" for name in ("app", "net", "offline", "share", "theme", "ui")),
    *(f"css/{name}.css" for name in ("fonts", "tokens", "base", "parts", "play", "board")),
    *(f"img/{name}.svg" for name in ("band", "drum", "lacquer", "mark", "paper")),
    "quizbank/learn/learn.css",
    "quizbank/progress/medal.css",
)
LARGEST_SYNC = 64 * 1024  # bytes: 200 looks are about 20 kB
SYNCS_A_MINUTE = 40
LOOKS_A_DAY = 5_000
"""More than anybody turns in a day; the phone keeps what is beyond and sends it later."""
DAY_S = 24 * 3600


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    progress = deck_progress(_person(request), now)
    due = sum(one.due for one in progress)
    return render(
        request,
        "quizbank/learn/home.html",
        {
            "progress": progress,
            "due": due,
            "seen": any(one.seen for one in progress),
            # Where "learn now" leads: the deck with most to repeat, else the first one not yet seen through.
            "next": max(progress, key=lambda one: (one.due, one.fresh > 0), default=None),
            "topics": topics(),
            "news": tell_wins(person_id=_person(request), now=now),
            "config": _config(request),
        },
    )


@public
@require_safe
def deck(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    one = deck_of(slug)
    progress = next(found for found in deck_progress(_person(request), now) if found.deck.pk == one.pk)
    return render(
        request,
        "quizbank/learn/deck.html",
        {
            "deck": one,
            "progress": progress,
            "news": tell_wins(person_id=_person(request), now=now),
            "cards": [(card, card.words()) for card in cards_of(one)],
            "share_url": public_url(request, reverse("quizbank:deck", args=[slug])),
            "embed_url": public_url(request, reverse("quizbank:deck_embed", args=[slug])),
            "config": _config(request, one),
        },
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def study(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    one = deck_of(slug)
    if request.method == "POST":
        return _rate(request, one, now)
    sitting = sitting_of(person_id=_person(request), deck=one, now=now)
    chosen = _chosen(request, one, sitting)
    rests = next_dues(chosen.memory, now) if chosen else {}
    return render(
        request,
        "quizbank/learn/study.html",
        {
            "deck": one,
            "sitting": sitting,
            # While cards are left, what was won waits for the end of the sitting.
            "news": [] if chosen else tell_wins(person_id=_person(request), now=now),
            "study_card": chosen,
            "words": chosen.card.words() if chosen else {},
            "ratings": [(rating, RATING_WORDS[rating], rest_words(rests[rating])) for rating in Rating]
            if rests
            else [],
            "token": uuid4().hex,
            "next_code": _following(one, chosen),
            "config": _config(request, one),
        },
    )


def _rate(request: HttpRequest, deck: Deck, now: datetime) -> HttpResponse:
    """A card rated by the plain form. Who is not signed in just gets the next one: only the browser could keep it."""
    back = reverse("quizbank:study", args=[deck.slug])
    code, token = request.POST.get("card", ""), request.POST.get("token", "")
    rating = request.POST.get("rating", "")
    if rating not in {str(one.value) for one in Rating}:
        raise BadResponse
    if request.user.is_authenticated:
        _count(request)
        _make_room(request, 1)
        review = SentReview(card=code, rating=int(rating), at=now, token=token or uuid4().hex)
        record_reviews(person=request.user, reviews=[review], now=now)
        return redirect(back)
    return redirect(f"{back}?{urlencode({'the': request.POST.get('next', '')})}")


@public
@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """What study.js asks before it sends: who this is, a token for sending, and what the server knows of the cards."""
    if not request.user.is_authenticated:
        return JsonResponse({"person": "", "csrf": "", "memories": {}})
    return JsonResponse(
        {
            "person": request.user.public_id,
            "csrf": get_token(request),
            "memories": memories_of(request.user.pk),
        }
    )


@signed_in
@never_cache
@require_POST
def record(request: HttpRequest) -> HttpResponse:
    """Take looks from a device: {"person": id, "reviews": [[card, rating, token, milliseconds ago], …]}.

    Times come as "how long ago", so that a phone with a wrong clock tells the right time. ``person`` guards against a
    queue of somebody else who used this device.
    """
    _count(request)
    now = timezone.now()
    person = request.user
    assert isinstance(person, User)
    owner, rows = _parsed(request.body)
    if owner != person.public_id:
        return JsonResponse({"code": "other_person"}, status=409)
    _make_room(request, len(rows))
    memories = record_reviews(person=person, reviews=[_review(row, now) for row in rows], now=now)
    return JsonResponse(
        {"code": "saved", "settled": len(rows), "memories": {code: one.state for code, one in memories.items()}}
    )


def _parsed(body: bytes) -> tuple[str, list[list[Any]]]:
    try:
        data = json.loads(body) if len(body) <= LARGEST_SYNC else None
    except (ValueError, RecursionError) as error:
        raise BadResponse from error
    data = data if isinstance(data, dict) else {}
    rows = data.get("reviews")
    if not isinstance(rows, list) or len(rows) > MOST_REVIEWS:
        raise BadResponse
    if not all(isinstance(row, list) and [type(part) for part in row[:3]] == [str, int, str] for row in rows):
        raise BadResponse
    # A whole number may be larger than any float, and is finite all the same.
    if not all(len(row) == 4 and (type(row[3]) is int or _is_finite(row[3])) for row in rows):
        raise BadResponse
    return str(data.get("person", "")), rows


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _review(row: list[Any], now: datetime) -> SentReview:
    card, rating, token, ago_ms = row
    # Anything older than OLDEST is dropped by the domain; the bound keeps the subtraction within what a date can say.
    ago = timedelta(milliseconds=min(max(0, ago_ms), (2 * OLDEST).total_seconds() * 1000))
    return SentReview(card=card, rating=rating, at=now - ago, token=token)


def _count(request: HttpRequest) -> None:
    if not allow("study", caller_of(request), limit=SYNCS_A_MINUTE, window_s=60):
        raise TooFast


def _make_room(request: HttpRequest, looks: int) -> None:
    if looks and not allow("looks", caller_of(request), limit=LOOKS_A_DAY, window_s=DAY_S, cost=looks):
        raise TooFast(_("Hôm nay bạn đã ôn rất nhiều thẻ. Mời bạn nghỉ, mai học tiếp."))


def _person(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None


def _chosen(request: HttpRequest, deck: Deck, sitting: Sitting) -> StudyCard | None:
    """The card asked for by ?the=…, else the first of the queue."""
    wanted = request.GET.get("the", "")
    if wanted:
        card = next((card for card in cards_of(deck) if card.code == wanted), None)
        if card is not None:
            return next((one for one in sitting.queue if one.card.pk == card.pk), StudyCard(card, None))
    return sitting.queue[0] if sitting.queue else None


def _following(deck: Deck, chosen: StudyCard | None) -> str:
    """The code of the next card in the deck's order, for readers without an account and without scripts."""
    codes = [card.code for card in cards_of(deck)]
    if chosen is None or not codes:
        return ""
    return codes[(codes.index(chosen.card.code) + 1) % len(codes)]


def _config(request: HttpRequest, deck: Deck | None = None) -> dict[str, Any]:
    """What the scripts need; nothing in it is personal but ``person``, which pages kept for offline use do not have."""
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    data_url = f"{reverse('quizbank:deck_data', args=[deck.slug])}?n={language}" if deck else ""
    return {
        "person": request.user.public_id if request.user.is_authenticated else "",
        "deck": deck.slug if deck else "",
        "data_url": data_url,
        "state_url": reverse("quizbank:study_state"),
        "record_url": reverse("quizbank:study_record"),
        "news_url": reverse("quizbank:news"),
        "new_at_once": NEW_AT_ONCE,
        "scheduler": rules_for_pages(),
        "language": language,
        "words": study_words(),
        "offline": {
            "pages": [reverse("quizbank:learn"), *_pages_of(deck)],
            "files": [static(name) for name in OFFLINE_FILES],
            "data": [data_url] if deck else [],
        },
    }


def _pages_of(deck: Deck | None) -> list[str]:
    return [reverse(f"quizbank:{name}", args=[deck.slug]) for name in ("deck", "study")] if deck else []
