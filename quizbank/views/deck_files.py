"""A deck as a file: its cards for offline study, its QR code, its printed cards, and the page others may frame."""

from __future__ import annotations

import io

import segno
from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from people.access import public
from people.requests import caller_of, public_url
from people.throttle import allow
from quizbank.card_print import print_cards
from quizbank.errors import TooFast
from quizbank.queries.decks import cards_of, deck_of

ANYBODY = "*"
PRINTS_A_MINUTE = 10


@public
@require_safe
@cache_control(max_age=300, public=True)
def deck_data(request: HttpRequest, slug: str) -> HttpResponse:
    """Every card of a deck in one language (?n=vi|en, so that caches keep them apart). The same for everybody."""
    language = "en" if request.GET.get("n") == "en" else "vi"
    deck = deck_of(slug)
    with translation.override(language):
        cards = [{"code": card.code, "topic": card.topic.name, **card.words()} for card in cards_of(deck)]
        return JsonResponse({"deck": deck.slug, "name": deck.name, "language": language, "cards": cards})


@public
@require_safe
@cache_control(max_age=86_400, public=True)
def deck_qr(request: HttpRequest, slug: str) -> HttpResponse:
    code = segno.make(public_url(request, reverse("quizbank:deck", args=[deck_of(slug).slug])), error="m")
    out = io.BytesIO()
    code.save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@public
@require_safe
@cache_control(max_age=300, public=True)
def deck_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The deck as cards to print on both sides and cut out, in the reader's language."""
    if not allow("print", caller_of(request), limit=PRINTS_A_MINUTE, window_s=60):
        raise TooFast
    deck = deck_of(slug)
    pdf = print_cards(
        title=deck.name,
        audience=deck.audience,
        address=public_url(request, reverse("quizbank:deck", args=[slug])),
        cards=[{"topic": card.topic.name, **card.words()} for card in cards_of(deck)],
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="the-{deck.slug}.pdf"'
    return response


@public
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": [ANYBODY], "form-action": [NONE], "connect-src": [SELF]})  # type: ignore[arg-type]  # its type knows no arguments
@cache_control(max_age=300, public=True)
def deck_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The deck as other sites frame it: no cookie is read or set, nothing of a person is in it, nothing can be sent."""
    deck = deck_of(slug)
    with translation.override("en" if request.GET.get("n") == "en" else "vi"):
        context = {
            "deck": deck,
            "cards": [(card, card.words()) for card in cards_of(deck)],
            "deck_url": public_url(request, reverse("quizbank:deck", args=[slug])),
            "language": translation.get_language(),
        }
        return render(request, "quizbank/learn/embed.html", context)
