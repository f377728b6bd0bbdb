"""Which questions go out: by code, or by what they are; never what is sealed from the person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from people.models import User
from people.text import search_key
from quizbank.models import Question, QuestionVersion
from quizbank.queries.sealing import sealed_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is asked for. ``codes`` alone decide where there are some, and keep their order; "" means any."""

    codes: tuple[str, ...] = ()
    topic: str = ""
    difficulty: str = ""
    audience: str = ""
    kind: str = ""
    state: str = ""
    language: str = ""
    tag: str = ""
    text: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Selected:
    """The versions that may go out, with questions and topics; how many were sealed from the person."""

    versions: list[QuestionVersion]
    sealed: int


def selected_versions(selection: Selection, *, reader: User) -> Selected:
    """Fetch a selection. Two queries, whatever its size."""
    wanted = _questions(selection, reader)
    hidden = wanted.filter(sealed_from(reader)).count()
    versions = (
        QuestionVersion.objects.filter(question__in=wanted.exclude(sealed_from(reader)), question__current_id=F("id"))
        .select_related("question__topic")
        .order_by("question__code")
    )
    found = [version for version in versions if _fits(version, selection)]
    if selection.codes:
        place = {code: number for number, code in enumerate(selection.codes)}
        found.sort(key=lambda version: place[version.question.code])
    return Selected(found, hidden)


def _questions(selection: Selection, reader: User) -> QuerySet[Question]:
    if selection.codes:
        return Question.objects.filter(code__in=selection.codes)
    asked = Q()
    for field, value in (
        ("topic__slug", selection.topic),
        ("state", selection.state),
        ("current__difficulty", selection.difficulty),
        ("current__kind", selection.kind),
        ("current__language", selection.language),
    ):
        if value:
            asked &= Q(**{field: value})
    if selection.mine:
        asked &= Q(author=reader)
    return Question.objects.filter(asked)


def _fits(version: QuestionVersion, selection: Selection) -> bool:
    """What no database of ours can ask of a JSON list or a text without accents."""
    if selection.codes:
        return True
    return (
        (not selection.audience or selection.audience in version.audience)
        and (not selection.tag or selection.tag in version.question.tags)
        and (not selection.text or search_key(selection.text) in search_key(f"{version.question.code} {version.stem}"))
    )
