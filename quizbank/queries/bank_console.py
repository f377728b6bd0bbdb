"""What the bank's console shows: who may do what, the list, one question with everything known about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from people.enums import Role
from people.models import AuditEntry, User
from people.queries.roles import roles_held
from people.text import fold, search_key
from quizbank.enums import QuestionState
from quizbank.models import Card, Comment, Question, QuestionVersion, SealedSet, Sighting
from quizbank.queries.sealing import sealed_from

READERS = (Role.AUTHOR, Role.REVIEWER, Role.ORGANIZER, Role.AUDITOR)
WRITERS = (Role.AUTHOR, Role.ORGANIZER)
MOST_SIGHTS = 50
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do in the bank. ``see_log``: who saw and did what; ``keep_sets``: make sealed sets."""

    person: int
    write: bool
    review: bool
    see_log: bool
    organize: bool
    host: bool

    @property
    def keep_sets(self) -> bool:
        return self.review

    def edit(self, question: Question) -> bool:
        """Whether this person may edit the question at all (its state may still stand against it)."""
        return self.write and not question.builtin and (self.organize or question.author_id == self.person)


def rights_of(user: User) -> Rights:
    """One query."""
    held = set(Role.values) if user.is_superuser else set(roles_held(user))
    return Rights(
        person=user.pk,
        write=not held.isdisjoint(WRITERS),
        review=not held.isdisjoint({Role.REVIEWER, Role.ORGANIZER}),
        see_log=not held.isdisjoint({Role.REVIEWER, Role.ORGANIZER, Role.AUDITOR}),
        organize=Role.ORGANIZER in held,
        host=not held.isdisjoint({Role.HOST, Role.ORGANIZER, Role.AUDITOR}),
    )


def bank_questions(
    user: User,
    *,
    q: str = "",
    topic: str = "",
    difficulty: str = "",
    audience: str = "",
    kind: str = "",
    state: str = "",
    language: str = "",
    tag: str = "",
    sealed: str = "",
    mine: bool = False,
) -> QuerySet[Question]:
    """Questions as the list filters them, the latest wording first; "" is any. What is sealed from this person is
    listed by its code alone: neither found nor filtered by its words."""
    plain = {
        "topic__slug": topic,
        "current__difficulty": difficulty,
        "current__kind": kind,
        "current__language": language,
        "state": state,
        "author": user.pk if mine else "",
    }
    found = Question.objects.filter(current__isnull=False, **{name: value for name, value in plain.items() if value})
    if sealed:
        found = found.filter(sealed_in__isnull=sealed == "no")
    if q or audience or tag:
        # JSON lists and accent-free stems are matched in Python: SQLite knows neither, and the bank is some thousands.
        found = found.filter(pk__in=_matching(found.exclude(sealed_from(user)), q, audience, fold(tag)))
    return found.order_by("-current_id")


def _matching(found: QuerySet[Question], q: str, audience: str, tag: str) -> list[int]:
    words = search_key(q)
    rows = found.order_by().values_list("pk", "code", "tags", "current__stem", "current__audience")
    return [
        pk
        for pk, code, tags, stem, readers in rows
        if (not audience or audience in readers)
        and (not tag or tag in {fold(one) for one in tags})
        and (not words or words in search_key(f"{code} {stem}"))
    ]


def listed(found: QuerySet[Question], *, page: int) -> list[Question]:
    """One page with all a row shows; one more than a page where there are further ones."""
    first = (page - 1) * A_PAGE
    return list(
        found.select_related("current", "topic", "author", "sealed_in").defer("current__key", "current__explanation")[
            first : first + A_PAGE + 1
        ]
    )


def open_remarks(versions: Iterable[int]) -> Counter[int]:
    """{version id: remarks nobody has settled}. One query."""
    rows = Comment.objects.filter(version_id__in=list(versions), settled_at__isnull=True).order_by()
    return Counter(dict(rows.values_list("version_id").annotate(n=Count("pk"))))


def state_counts(user: User, *, mine: bool = False) -> dict[str, int]:
    """{state: questions}, all four. One query."""
    rows = Question.objects.filter(Q(author=user) if mine else Q()).order_by().values_list("state")
    return dict.fromkeys(QuestionState.values, 0) | dict(rows.annotate(n=Count("pk")))


def bank_question(public_id: str) -> Question | None:
    """One question with its wording, topic, author and set."""
    return (
        Question.objects.select_related("current", "topic", "author", "sealed_in__owner")
        .filter(public_id=public_id, current__isnull=False)
        .first()
    )


def versions_of(question: Question) -> list[QuestionVersion]:
    """Every wording, the latest first, with who approved it."""
    versions = list(question.versions.select_related("approved_by").order_by("-number"))
    for version in versions:
        version.question = question
    return versions


def remarks_on(question: Question) -> list[Comment]:
    """Remarks on every wording, the latest wording first, open ones before settled ones."""
    rows = Comment.objects.filter(version__question=question).select_related("version", "author", "settled_by")
    return sorted(rows, key=lambda one: (-one.version.number, one.settled_at is not None, one.pk))


def sights_of(question: Question) -> list[Sighting]:
    """Who had it before their eyes, the latest first."""
    rows = Sighting.objects.filter(version__question=question).select_related("reader", "version").order_by("-pk")
    return list(rows[:MOST_SIGHTS])


def cards_of(question: Question) -> list[Card]:
    """The flashcards this question belongs to."""
    return list(question.cards.filter(retired=False).select_related("deck").order_by("deck__position", "position"))


def next_waiting(user: User, after: Question) -> Question | None:
    """Another question this person could review: in review, not their own, not sealed from them."""
    waiting = Question.objects.filter(state=QuestionState.IN_REVIEW).exclude(author=user).exclude(pk=after.pk)
    return waiting.exclude(sealed_from(user)).order_by("current_id").first()


def sets_for(user: User) -> list[SealedSet]:
    """Every set, the newest first, with ``size``; names of sets are no secret, their questions are."""
    return list(SealedSet.objects.select_related("owner").annotate(size=Count("questions")).order_by("-pk"))


def own_sets(user: User) -> list[SealedSet]:
    """Sets the person may still put questions into."""
    return list(SealedSet.objects.filter(owner=user, opened_at__isnull=True).order_by("-pk"))


def bank_people() -> list[User]:
    """Who could be named as reader of a set: everybody with a role that works with questions."""
    roles = (*READERS, Role.HOST)
    return list(User.objects.filter(is_active=True, roles__role__in=roles).distinct().order_by("full_name", "pk"))


def bank_log(*, first: int, number: int) -> list[AuditEntry]:
    """Decisions about questions and sealed sets, the latest first."""
    about = Q(verb__startswith="question.") | Q(verb__startswith="sealed.")
    entries = AuditEntry.objects.filter(about).exclude(verb="question.voided").select_related("actor")
    return list(entries.order_by("-number")[first : first + number])
