"""Who may read a question of a sealed set, and who may not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from quizbank.models import Question, SealedSet

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from people.models import User


def open_sets(person: User | AbstractBaseUser | AnonymousUser) -> QuerySet[SealedSet]:
    """The sets this person may read: opened ones, the own ones, and those that name the person. Nobody else may, an
    administrator neither: a name on the list is the only key."""
    mine = person.pk or 0
    return SealedSet.objects.filter(
        Q(opened_at__isnull=False) | Q(owner_id=mine) | Q(pk__in=SealedSet.objects.filter(readers=mine).values("pk"))
    )


def sealed_from(person: User | AbstractBaseUser | AnonymousUser, prefix: str = "") -> Q:
    """Questions this person may not read. ``prefix`` leads to the question ("question__")."""
    return Q(**{f"{prefix}sealed_in__isnull": False}) & ~Q(**{f"{prefix}sealed_in__in": open_sets(person).values("pk")})


def still_sealed(prefix: str = "") -> Q:
    """Questions whose set is not open yet, whoever asks."""
    return Q(**{f"{prefix}sealed_in__isnull": False, f"{prefix}sealed_in__opened_at__isnull": True})


def may_read(person: User | AbstractBaseUser | AnonymousUser, question: Question) -> bool:
    """Whether this person may have the question before their eyes. No query for one that is in no set."""
    return question.sealed_in_id is None or open_sets(person).filter(pk=question.sealed_in_id).exists()


def hidden_among(person: User | AbstractBaseUser | AnonymousUser, question_ids: Iterable[int]) -> set[int]:
    """Which of these questions the person may not read. One query."""
    return set(
        Question.objects.filter(sealed_from(person), pk__in=set(question_ids)).order_by().values_list("pk", flat=True)
    )
