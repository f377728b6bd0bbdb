"""Sealed sets: questions only named people may read until the set is opened.

What is sealed can be dealt, graded and counted; it cannot be read, exported or practised by anybody who is not named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people.domain.audit import record
from people.errors import NotAllowed
from people.models import User
from people.text import tidy
from quizbank.errors import BankError
from quizbank.models import Question, SealedSet
from quizbank.queries.sealing import hidden_among, may_read

LONGEST_NAME = 120


class SealRefused(BankError):
    """The set is open already, or a question cannot be sealed."""

    code = "seal_refused"
    message = _("Chưa niêm phong được như vậy.")
    status = 409


def may_keep(person: User, sealed: SealedSet) -> bool:
    """Whether this person decides about the set: its owner; an administrator only where the owner's account is gone."""
    return sealed.owner_id == person.pk or (sealed.owner_id is None and person.is_superuser)


@transaction.atomic
def create_set(*, name: str, owner: User, readers: Iterable[User] = (), now: datetime) -> SealedSet:
    """A new, empty set. Raises SealRefused without a name."""
    name = tidy(name)[:LONGEST_NAME]
    if not name:
        raise SealRefused(_("Mời bạn đặt tên cho bộ đề."), status=422)
    sealed = SealedSet.objects.create(name=name, owner=owner, created_at=now)
    named = [person for person in readers if person.pk != owner.pk]
    sealed.readers.set(named)
    _record(sealed, "sealed.created", owner, now, readers=[person.public_id for person in named])
    return sealed


@transaction.atomic
def name_readers(*, sealed: SealedSet, readers: Iterable[User], actor: User, now: datetime) -> SealedSet:
    """Who may read, from now on; the owner always may. Raises NotAllowed, SealRefused."""
    sealed = _kept(sealed, actor)
    named = {person.pk: person for person in readers if person.pk != sealed.owner_id}
    before = set(sealed.readers.values_list("pk", flat=True))
    if before == set(named):
        return sealed
    sealed.readers.set(named.values())
    _record(sealed, "sealed.readers", actor, now, readers=[person.public_id for person in named.values()])
    return sealed


@transaction.atomic
def add_questions(*, sealed: SealedSet, questions: Iterable[Question], actor: User, now: datetime) -> int:
    """Put questions into the set; those that are in it already stay. Returns how many came in; all or none.

    Raises:
        NotAllowed: when the set is somebody else's, or a question is sealed from the actor.
        SealRefused: for questions everybody can read in the built-in bank, or that are in another set.
    """
    sealed = _kept(sealed, actor)
    chosen = {question.pk: question for question in questions}
    known = list(Question.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk"))
    if hidden_among(actor, chosen):
        raise NotAllowed
    fresh = [question for question in known if question.sealed_in_id != sealed.pk]
    taken = set(
        SealedSet.objects.filter(
            opened_at__isnull=True, pk__in=[one.sealed_in_id for one in fresh if one.sealed_in_id]
        ).values_list("pk", flat=True)
    )
    for question in fresh:
        if question.builtin:
            raise SealRefused(
                _("Câu %(code)s có sẵn trong phần mềm, ai cũng đọc được đáp án, nên không niêm phong được.")
                % {"code": question.code}
            )
        if question.sealed_in_id in taken:
            raise SealRefused(_("Câu %(code)s đã thuộc một bộ đề niêm phong khác.") % {"code": question.code})
    Question.objects.filter(pk__in=[one.pk for one in fresh]).update(sealed_in=sealed)
    if fresh:
        _record(sealed, "sealed.added", actor, now, questions=[one.code for one in fresh])
    return len(fresh)


@transaction.atomic
def take_out(*, sealed: SealedSet, question: Question, actor: User, now: datetime) -> None:
    """Take a question out: from now on everybody of the bank may read it. Raises NotAllowed, SealRefused."""
    sealed = _kept(sealed, actor)
    if Question.objects.filter(pk=question.pk, sealed_in=sealed).update(sealed_in=None):
        _record(sealed, "sealed.taken_out", actor, now, questions=[question.code])


@transaction.atomic
def open_set(*, sealed: SealedSet, actor: User, now: datetime) -> SealedSet:
    """Break the seal, for good; a second call keeps the first moment. Raises NotAllowed."""
    if not may_keep(actor, sealed):
        raise NotAllowed
    if SealedSet.objects.filter(pk=sealed.pk, opened_at__isnull=True).update(opened_at=now):
        _record(sealed, "sealed.opened", actor, now)
    sealed.refresh_from_db(fields=["opened_at"])
    return sealed


def _kept(sealed: SealedSet, actor: User) -> SealedSet:
    """The set, held until the end of the transaction, if the actor may change it and it is still sealed."""
    held = SealedSet.objects.select_for_update().get(pk=sealed.pk)
    if not may_keep(actor, held):
        raise NotAllowed
    if held.opened_at is not None:
        raise SealRefused(_("Bộ đề này đã mở niêm phong nên không đổi được nữa."))
    return held


def _record(sealed: SealedSet, verb: str, actor: User, now: datetime, **data: object) -> None:
    record(actor=actor, verb=verb, subject=f"sealed:{sealed.public_id}", data=data, now=now)


__all__ = ["SealRefused", "add_questions", "create_set", "may_keep", "may_read", "name_readers", "open_set", "take_out"]
