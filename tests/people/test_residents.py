"""Residents: profile, guardian, consent, being forgotten."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from people.consent_texts import consent_text, text_of_record
from people.domain.audit import verify_chain
from people.domain.residents import (
    ERASED_NAME,
    Profile,
    ProfileRefused,
    erase_resident,
    give_consent,
    register_resident,
    update_profile,
    withdraw_consent,
)
from people.enums import Category, Purpose, Role
from people.models import AuditEntry, ConsentRecord, OutboxMessage, Resident, RoleAssignment
from people.queries.residents import has_consent, may_publish_name, may_take_part
from tests.factories import NOW, make_consent, make_participant, make_place, make_role, make_user
from tests.people.racing import at_once


def profile(**fields):
    given = {"full_name": "Nguyễn Thị  Lan", "birth_year": 1985, "category": Category.CITIZEN}
    return Profile(**(given | fields | ({} if "unit" in fields else {"unit": make_place(parent=make_place("Tỉnh A"))})))


def register(user=None, consents=(Purpose.TAKE_PART,), **fields):
    return register_resident(user=user or make_user(), profile=profile(**fields), consents=consents, now=NOW)


@pytest.mark.django_db
class TestRegister:
    def test_a_profile_is_kept_tidy_with_its_proofs(self):
        resident = register(consents=[Purpose.PUBLISH_NAME, Purpose.TAKE_PART])
        assert resident.full_name == resident.user.full_name == "Nguyễn Thị Lan"
        proofs = list(resident.consents.order_by("purpose").values_list("purpose", "text_version", "given_at"))
        assert proofs == [("publish_name", "2026-11-vi", NOW), ("take_part", "2026-11.2-vi", NOW)]

    def test_the_proof_holds_the_hash_of_the_text_shown(self):
        record = register().consents.get()
        text = text_of_record(record.purpose, record.text_version)
        assert text == consent_text(Purpose.TAKE_PART)
        assert record.text_sha256 == text.digest

    def test_no_consent_no_profile(self):
        with pytest.raises(ProfileRefused) as refusal:
            register(consents=[Purpose.PUBLISH_NAME])
        assert refusal.value.field == "take_part"
        assert (Resident.objects.count(), ConsentRecord.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("full_name", "12345"), ("full_name", ""), ("birth_year", 1800), ("birth_year", 2025), ("category", "king")],
    )
    def test_a_bad_entry_is_named_and_nothing_is_kept(self, field, value):
        with pytest.raises(ProfileRefused) as refusal:
            register(**{field: value})
        assert refusal.value.field == field
        assert Resident.objects.count() == 0

    def test_the_nation_or_a_closed_unit_is_no_place_to_live(self):
        closed = make_place(parent=make_place("Tỉnh A"), valid_to="2026-01-01")
        closed.refresh_from_db()
        for unit in (closed, closed.parent.parent):
            with pytest.raises(ProfileRefused) as refusal:
                register(unit=unit)
            assert refusal.value.code == "profile_unit"

    def test_registering_twice_gives_the_first_profile(self):
        user = make_user()
        first = register(user)
        assert register(user, full_name="Người Khác") == first
        assert Resident.objects.get().full_name == "Nguyễn Thị Lan"


@pytest.mark.django_db
class TestMinors:
    def test_a_minor_needs_a_guardian_who_is_named_in_the_proof(self):
        resident = register(birth_year=2012, guardian_name="Trần Văn Ba", guardian_phone="0912 345 678")
        assert (resident.guardian_name, resident.guardian_phone) == ("Trần Văn Ba", "+84912345678")
        assert resident.consents.get().given_by == "Trần Văn Ba"

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({}, "guardian_name"),
            ({"guardian_name": "Trần Văn Ba"}, "guardian_phone"),
            ({"guardian_name": "Trần Văn Ba", "guardian_phone": "123"}, "guardian_phone"),
        ],
    )
    def test_without_one_there_is_no_profile(self, fields, named):
        with pytest.raises(ProfileRefused) as refusal:
            register(birth_year=2010, **fields)
        assert refusal.value.field == named

    def test_an_adult_keeps_no_guardian(self):
        resident = register(guardian_name="Trần Văn Ba", guardian_phone="0912345678")
        assert (resident.guardian_name, resident.guardian_phone) == ("", "")


@pytest.mark.django_db
def test_changing_the_profile_changes_unit_and_name():
    resident = make_participant()
    other = make_place(parent=make_place("Tỉnh B"))
    update_profile(resident=resident, profile=profile(full_name="Lê Thị Hoa", unit=other), now=NOW)
    resident.refresh_from_db()
    assert (resident.full_name, resident.unit, resident.user.full_name) == ("Lê Thị Hoa", other, "Lê Thị Hoa")


@pytest.mark.django_db
class TestConsent:
    def test_agreeing_twice_keeps_the_first_proof(self):
        resident = make_participant()
        assert give_consent(resident=resident, purpose=Purpose.TAKE_PART, now=NOW) == resident.consents.get()

    def test_withdrawing_ends_taking_part_and_is_in_the_chain(self):
        resident = make_participant()
        assert may_take_part(resident)
        assert withdraw_consent(resident=resident, purpose=Purpose.TAKE_PART, now=NOW)
        assert not may_take_part(resident)
        assert not withdraw_consent(resident=resident, purpose=Purpose.TAKE_PART, now=NOW)
        assert AuditEntry.objects.get().data == {"purpose": "take_part"}

    def test_agreeing_again_makes_a_new_proof_beside_the_old(self):
        resident = make_participant()
        withdraw_consent(resident=resident, purpose=Purpose.TAKE_PART, now=NOW)
        give_consent(resident=resident, purpose=Purpose.TAKE_PART, now=NOW, language="en")
        withdrawn = resident.consents.order_by("pk").values_list("withdrawn_at", "text_version")
        assert list(withdrawn) == [(NOW, "2026-11.2-vi"), (None, "2026-11.2-en")]

    def test_who_may_be_named_is_one_query(self, django_assert_num_queries):
        named, silent = make_participant(), make_participant()
        make_consent(named, Purpose.PUBLISH_NAME)
        with django_assert_num_queries(1):
            assert may_publish_name([named, silent]) == {named.pk}

    def test_every_purpose_has_both_languages_and_every_text_names_the_law_in_force(self):
        for purpose in Purpose:
            texts = {language: consent_text(purpose, language=language) for language in ("vi", "en")}
            assert {text.language for text in texts.values()} == {"vi", "en"}
        for language in ("vi", "en"):
            assert "91/2025/QH15" in consent_text(Purpose.TAKE_PART, language=language).body
            assert "13/2023" not in consent_text(Purpose.TAKE_PART, language=language).body

    def test_who_was_invited_is_told_what_the_inviter_sees(self):
        assert "lượt mời" in consent_text(Purpose.TAKE_PART).body
        assert "invitation" in consent_text(Purpose.TAKE_PART, language="en").body

    def test_texts_once_shown_are_never_edited(self):
        # Change a text only by adding a version: these are the hashes people's proofs refer to.
        digests = {
            (purpose.value, language): consent_text(purpose, language=language, version="2026-11").digest[:16]
            for purpose in Purpose
            for language in ("vi", "en")
        } | {
            ("take_part 2", language): consent_text("take_part", language=language, version="2026-11.2").digest[:16]
            for language in ("vi", "en")
        }
        assert digests == {
            ("take_part", "vi"): "a60cf850d9b75a93",
            ("take_part", "en"): "8d4058b1d866073d",
            ("publish_name", "vi"): "5d6ab861ed68d136",
            ("publish_name", "en"): "2836b5a230dd541b",
            ("take_part 2", "vi"): "7f63ed2aac8d71c2",
            ("take_part 2", "en"): "0addd70bfd3bf7e5",
        }


@pytest.mark.django_db
class TestErase:
    def test_the_person_is_gone_and_the_result_stays(self):
        user = make_user(full_name="Lê Bí Mật", phone="+84912345678", email="bimat@example.vn", username="bimat")
        EmailAddress.objects.create(user=user, email="bimat@example.vn", verified=True, primary=True)
        resident = make_participant(user=user, full_name="Lê Bí Mật", birth_year=2012, guardian_name="Lê Bí Ẩn",
                                 guardian_phone="+84987654321")  # fmt: skip
        ConsentRecord.objects.update(given_by="Lê Bí Ẩn")
        make_role(user, Role.HELPER)
        OutboxMessage.objects.create(channel="sms", recipient="+84912345678", body="Mã 123456")
        unit = resident.unit
        erase_resident(resident=resident, now=NOW, actor=user)
        user.refresh_from_db()
        kept = f"{Resident.objects.values().get()}{user.__dict__}{list(ConsentRecord.objects.values())}"
        kept += f"{list(AuditEntry.objects.values())}{list(OutboxMessage.objects.values())}"
        kept += f"{list(EmailAddress.objects.values())}"
        for secret in ("Bí Mật", "Bí Ẩn", "bimat", "912345678", "987654321"):
            assert secret not in kept
        assert (resident.full_name, resident.unit, resident.birth_year) == (ERASED_NAME, unit, 2012)
        assert (user.is_active, user.phone, RoleAssignment.objects.count()) == (False, None, 0)
        assert not has_consent(resident, Purpose.TAKE_PART)
        assert verify_chain() is None

    def test_erasing_twice_changes_nothing(self):
        resident = make_participant()
        erase_resident(resident=resident, now=NOW)
        entries = AuditEntry.objects.count()
        erase_resident(resident=Resident.objects.get(), now=NOW)
        assert AuditEntry.objects.count() == entries

    def test_the_phone_is_free_for_a_new_account(self):
        resident = make_participant(user=make_user(phone="+84912345678"))
        erase_resident(resident=resident, now=NOW)
        assert make_user(phone="+84912345678").pk != resident.user_id


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_makes_one_profile():
    user, place = make_user(), make_place(parent=make_place("Tỉnh A"))
    outcomes = at_once(4, lambda index: register(user, unit=place).pk)
    assert len(set(outcomes)) == 1
    assert ConsentRecord.objects.count() == 1
