"""The audit chain: whole, tamper-evident, and without gaps when many write at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from people.domain.audit import GENESIS, SYSTEM, digest_of, record, verify_chain
from people.models import AuditEntry
from tests.factories import NOW, make_user
from tests.people.racing import at_once


def write(number=1, actor=None, **data):
    return record(actor=actor, verb="thing.done", subject=f"thing:{number}", data=data, now=NOW)


@pytest.mark.django_db
class TestChain:
    def test_each_entry_carries_the_one_before(self):
        first, second = write(1), write(2)
        assert (first.number, first.previous, first.actor_label) == (1, GENESIS, SYSTEM)
        assert (second.number, second.previous) == (2, first.digest)
        assert verify_chain() is None

    def test_an_empty_chain_is_whole(self):
        assert verify_chain() is None

    @pytest.mark.parametrize(
        "change",
        [
            {"verb": "thing.undone"},
            {"subject": "thing:9"},
            {"data": {"n": 2}},
            {"at": NOW + timedelta(microseconds=1)},
            {"actor_label": "user:other"},
            {"previous": "f" * 64},
            {"digest": "f" * 64},
        ],
    )
    def test_any_change_shows_at_its_entry(self, change):
        for number in range(1, 4):
            write(number, n=1)
        AuditEntry.objects.filter(number=2).update(**change)
        assert verify_chain() == 2

    def test_a_change_with_a_new_digest_shows_at_the_next(self):
        for number in range(1, 4):
            write(number)
        entry = AuditEntry.objects.get(number=2)
        entry.verb = "thing.undone"
        entry.digest = digest_of(entry)
        entry.save()
        assert verify_chain() == 3

    def test_a_missing_entry_shows(self):
        for number in range(1, 4):
            write(number)
        AuditEntry.objects.filter(number=2).delete()
        assert verify_chain() == 2

    def test_people_are_named_by_public_id_and_may_be_deleted(self):
        user = make_user(full_name="Lê Bí Mật")
        assert write(actor=user).actor_label == f"user:{user.public_id}"
        user.delete()
        assert verify_chain() is None

    def test_data_survives_the_database(self):
        write(1, nested={"ü": [1, 2.5, None, True]}, day=NOW.date(), at=NOW, big=10**15)
        assert verify_chain() is None

    def test_what_is_rolled_back_leaves_no_gap(self):
        write(1)
        with transaction.atomic():
            write(2)
            transaction.set_rollback(True)
        assert write(3).number == 2
        assert verify_chain() is None

    def test_another_integrity_error_is_not_taken_for_a_lost_race(self, monkeypatch):
        monkeypatch.setattr(AuditEntry, "save", lambda *args, **kwargs: (_ for _ in ()).throw(IntegrityError("other")))
        with pytest.raises(IntegrityError):
            write()


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain():
    outcomes = at_once(8, lambda index: [write(index).number for _ in range(5)])
    numbers = sorted(number for outcome in outcomes for number in outcome)
    assert numbers == list(range(1, 41))
    assert verify_chain() is None
