"""Practice: a question, an answer, the explanation at once. Plain pages; guests welcome."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.access import public, signed_in
from people.models import User
from people.requests import caller_of
from people.throttle import allow
from quizbank.asking import QuestionView, view_question, wire_of_form
from quizbank.domain.practising import Told, Wish, answer_practice, choose_question, seed_of
from quizbank.domain.winning import tell_wins
from quizbank.enums import PracticeMode
from quizbank.errors import BadResponse, QuestionWithheld, TooFast
from quizbank.kinds import get_kind
from quizbank.models import Card, QuestionVersion, Topic
from quizbank.practice_asks import Asked, SittingDone, read_asked, read_sitting, write_asked, write_sitting
from quizbank.queries.practice import asked_version, notebook, shown_words
from quizbank.queries.questions import topics
from quizbank.telling import right_ids
from quizbank.translated import words_of

ANSWERS_A_MINUTE = 40
# How ways of practising are spelt in addresses; the others need nothing said.
WAYS = {
    "": PracticeMode.ENDLESS,
    "chu-de": PracticeMode.TOPIC,
    "yeu": PracticeMode.WEAKNESS,
    "loi": PracticeMode.MISTAKES,
    "the": PracticeMode.CARD,
}


@dataclass(frozen=True, slots=True)
class Way:
    """The way of practising an address asks for, with what its page says about it."""

    wish: Wish
    sitting: SittingDone
    topic: Topic | None
    card: Card | None

    def query(self, sitting: SittingDone) -> str:
        """The same way as a query string, with what the sitting has done."""
        query = QueryDict(mutable=True)
        spelt = next(name for name, mode in WAYS.items() if mode == self.wish.mode)
        wanted = {"cach": spelt, "chu-de": self.wish.topic, "the": self.wish.card}
        query.update({name: value for name, value in wanted.items() if value})
        query["d"] = write_sitting(sitting)
        return query.urlencode()


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    way = _way(request)
    if request.method == "POST":
        return _answer(request, way)
    return _ask(request, way)


@signed_in
@require_safe
def mistakes(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    lines, resting = notebook(person.pk)
    language = get_language() or "vi"
    return render(
        request,
        "quizbank/learn/mistakes.html",
        {"lines": [(line, shown_words(line.version, language)) for line in lines], "resting": resting},
    )


def _ask(request: HttpRequest, way: Way) -> HttpResponse:
    random = Random(secrets.randbits(64))
    version_id = choose_question(person=_person(request), wish=way.wish, random=random)
    version = asked_version(version_id) if version_id is not None else None
    if version is None:
        return render(request, "quizbank/learn/practice.html", _context(request, way))
    asked = Asked(version.pk, uuid4().hex, way.wish.mode)
    return _show(request, way, version, asked)


def _show(
    request: HttpRequest, way: Way, version: QuestionVersion, asked: Asked, *, error: str = "", status: int = 200
) -> HttpResponse:
    question = _view(version, asked.token, "")
    context = _context(request, way) | {
        "question": question,
        "version": version,
        "asked": write_asked(asked),
        "error": error,
    }
    return render(request, "quizbank/learn/practice.html", context, status=status)


def _answer(request: HttpRequest, way: Way) -> HttpResponse:
    if not allow("practice", caller_of(request), limit=ANSWERS_A_MINUTE, window_s=60):
        raise TooFast
    asked = read_asked(request.POST.get("asked", ""))
    version = asked_version(asked.version)
    if version is None:
        raise QuestionWithheld
    try:
        wire = wire_of_form(_view(version, asked.token, ""), dict(request.POST.lists()))
        if not wire and "skip" not in request.POST:
            raise BadResponse(_("Mời bạn chọn hoặc viết câu trả lời rồi bấm Trả lời."))
        told = answer_practice(
            person=_person(request),
            version_id=asked.version,
            token=asked.token,
            mode=asked.mode,
            wire=wire or "",
            now=timezone.now(),
        )
    except BadResponse as error:
        return _show(request, way, version, asked, error=str(error), status=error.status)
    return _tell(request, way, told, asked)


def _tell(request: HttpRequest, way: Way, told: Told, asked: Asked) -> HttpResponse:
    version, seed, person = told.version, seed_of(asked.token), _person(request)
    kind = get_kind(version.kind)
    words = words_of(version, get_language() or "vi")
    question = _view(version, asked.token, told.canonical)
    sitting = way.sitting.after(version.question_id, right=told.is_right)
    context = _context(request, way) | {
        "question": question,
        "version": version,
        "told": told,
        "words": words,
        "right_ids": right_ids(version.kind, version.key, seed),
        "chosen_text": kind.tell_response(words.content, told.canonical),
        "right_text": kind.tell_key(words.content, version.key),
        "sitting": sitting,
        "news": tell_wins(person_id=person.pk if person else None, now=timezone.now()),
        "next_url": f"{reverse('quizbank:practice')}?{way.query(sitting)}",
        "cards": [(card, card.words()) for card in version.question.cards.filter(retired=False).select_related("deck")],
    }
    return render(request, "quizbank/learn/practice.html", context)


def _view(version: QuestionVersion, token: str, canonical: str) -> QuestionView:
    """The question in its reader's language, as dealt to this asking. Never touches the key."""
    kind, seed = get_kind(version.kind), seed_of(token)
    words = shown_words(version, get_language() or "vi")
    return view_question(
        kind=version.kind,
        stem=words.stem,
        position=0,
        shown=kind.present(words.content, seed=seed, shuffle=True),
        wire=kind.write(words.content, canonical, seed=seed),
        extra=version.extra,
    )


def _way(request: HttpRequest) -> Way:
    """What the address asks for. An unknown topic or card is endless practice."""
    mode = WAYS.get(request.GET.get("cach", ""), PracticeMode.ENDLESS)
    topic = card = None
    if mode is PracticeMode.TOPIC:
        topic = next((one for one in topics() if one.slug == request.GET.get("chu-de")), None)
        mode = mode if topic else PracticeMode.ENDLESS
    if mode is PracticeMode.CARD:
        wanted = Card.objects.filter(code=request.GET.get("the", ""), retired=False)
        card = wanted.select_related("deck").first()
        mode = mode if card else PracticeMode.ENDLESS
    sitting = read_sitting(request.GET.get("d", ""))
    wish = Wish(
        mode=mode,
        topic=topic.slug if topic else "",
        card=card.code if card else "",
        done=sitting.questions,
    )
    return Way(wish, sitting, topic, card)


def _context(request: HttpRequest, way: Way) -> dict[str, Any]:
    return {
        "way": way,
        "mode": way.wish.mode.value,
        "topic": way.topic,
        "card": way.card,
        "card_words": way.card.words() if way.card else {},
        "sitting": way.sitting,
        "action": f"{reverse('quizbank:practice')}?{way.query(way.sitting)}",
    }


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
