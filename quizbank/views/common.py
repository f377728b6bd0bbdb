"""What the bank's pages share: who is asking, finding a question, the frame around a page."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from django.utils import timezone

from people.access import BANK, CONSOLE_KEY, remember_console
from people.errors import NotAllowed
from people.models import User
from quizbank.errors import SealedQuestion
from quizbank.models import Question
from quizbank.queries.bank_console import Rights, bank_question, rights_of
from quizbank.queries.sealing import may_read

now_utc = timezone.now


def actor_of(request: HttpRequest) -> User:
    """The signed-in person; every page of the console has one."""
    return cast(User, request.user)


def rights(request: HttpRequest) -> Rights:
    """What the caller may do here. One query, kept for the request."""
    known: Rights | None = getattr(request, "bank_rights", None)
    if known is None:
        known = rights_of(actor_of(request))
        request.bank_rights = known  # type: ignore[attr-defined]
    return known


def question_for(request: HttpRequest, public_id: str) -> Question:
    """The question if the caller may read it. Raises Http404, SealedQuestion."""
    question = bank_question(public_id)
    if question is None:
        raise Http404
    if not may_read(actor_of(request), question):
        raise SealedQuestion
    return question


def require(allowed: bool) -> None:
    """Raise NotAllowed unless ``allowed``."""
    if not allowed:
        raise NotAllowed


def frame(request: HttpRequest, here: str, **context: object) -> dict[str, object]:
    """The context of a page of the bank. ``here`` names the entry of the navigation."""
    if not request.session.get(CONSOLE_KEY):
        remember_console(request, BANK)  # made an author since the sign-in
    return {"here": here, "rights": rights(request), **context}


def page_number(request: HttpRequest) -> int:
    """``?trang=3``; 1 for anything else."""
    raw = request.GET.get("trang", "1")
    return max(1, int(raw)) if raw.isascii() and raw.isdecimal() and len(raw) < 6 else 1


def neighbours(request: HttpRequest, page: int, *, more: bool) -> dict[str, object]:
    """Number and neighbours of a page, the filters kept."""

    def other(number: int) -> str:
        query = request.GET.copy()
        query["trang"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous_url": other(page - 1) if page > 1 else "",
        "next_url": other(page + 1) if more else "",
    }
