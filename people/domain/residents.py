"""Residents: completing the profile, changing it, giving and taking back consent, being forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.consent_texts import consent_text
from people.domain.audit import record
from people.enums import Category, Purpose
from people.errors import AppError
from people.ids import new_public_id
from people.models import ConsentRecord, OutboxMessage, Resident, RoleAssignment, Unit, User
from people.names import ERASED_NAME as ERASED_NAME
from people.names import clean_name, is_minor, plausible_birth_year
from people.phones import normalise_phone
from people.signals import tell_erased

NEEDS_CONSENT = _("Để dự thi, cần bạn đồng ý cho dùng thông tin dự thi.")


class ProfileRefused(AppError):
    """A profile that cannot be kept so; ``field`` names the entry to mend."""

    code = "profile_refused"
    message = _("Hồ sơ còn chỗ chưa đúng.")

    def __init__(self, field: str, message: object, *, code: str = "") -> None:
        self.field = field
        super().__init__(str(message), code=code or f"profile_{field}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a resident tells about themselves, as typed."""

    full_name: str
    birth_year: int
    category: Category | str
    unit: Unit | None
    guardian_name: str = ""
    guardian_phone: str = ""


@transaction.atomic
def register_resident(
    *,
    user: User,
    profile: Profile,
    consents: Iterable[Purpose | str],
    now: datetime,
    language: str = "vi",
    channel: str = "web",
) -> Resident:
    """Make the profile of ``user`` with the consents given. A second call gives the first profile.

    Taking part needs its consent; for a minor the guardian gives it and is named in the proof. Raises ProfileRefused.
    """
    known = Resident.objects.filter(user=user, erased_at__isnull=True).first()
    if known is not None:
        return known
    purposes = {Purpose(purpose) for purpose in consents}
    if Purpose.TAKE_PART not in purposes:
        raise ProfileRefused("take_part", NEEDS_CONSENT)
    fields = _checked(profile, now)
    try:
        with transaction.atomic():
            resident = Resident.objects.create(user=user, **fields)
    except IntegrityError:  # the same form sent twice at the same moment
        return Resident.objects.get(user=user)
    _remember_name(user, resident.full_name)
    for purpose in sorted(purposes):
        give_consent(resident=resident, purpose=purpose, now=now, language=language, channel=channel)
    return resident


@transaction.atomic
def update_profile(*, resident: Resident, profile: Profile, now: datetime) -> Resident:
    """Change a profile. Results already won keep the name and unit they were won with. Raises ProfileRefused."""
    if resident.erased_at is not None:
        raise ProfileRefused("full_name", _("Hồ sơ này đã được xóa."), code="profile_erased")
    for name, value in _checked(profile, now).items():
        setattr(resident, name, value)
    resident.save()
    _remember_name(resident.user, resident.full_name)
    return resident


def give_consent(
    *, resident: Resident, purpose: Purpose | str, now: datetime, language: str = "vi", channel: str = "web"
) -> ConsentRecord:
    """Keep the proof that ``resident`` agreed to the current text; agreeing twice keeps the first proof."""
    text = consent_text(purpose, language=language)
    minor = is_minor(resident.birth_year, year=timezone.localtime(now).year)
    try:
        with transaction.atomic():
            return ConsentRecord.objects.create(
                resident=resident,
                purpose=text.purpose,
                text_version=text.reference,
                text_sha256=text.digest,
                given_at=now,
                channel=channel,
                given_by=resident.guardian_name if minor else "",
            )
    except IntegrityError:
        return ConsentRecord.objects.get(resident=resident, purpose=text.purpose, withdrawn_at__isnull=True)


@transaction.atomic
def withdraw_consent(*, resident: Resident, purpose: Purpose | str, now: datetime, actor: User | None = None) -> bool:
    """Take a consent back; returns whether one was in force. Nothing already computed changes."""
    in_force = ConsentRecord.objects.filter(resident=resident, purpose=purpose, withdrawn_at__isnull=True)
    if not in_force.update(withdrawn_at=now):
        return False
    subject = f"resident:{resident.public_id}"
    record(actor=actor or resident.user, verb="consent.withdrawn", subject=subject, data={"purpose": purpose}, now=now)
    return True


@transaction.atomic
def erase_resident(*, resident: Resident, now: datetime, actor: User | None = None) -> None:
    """Forget the person and keep the result: name, phone, e-mail, guardian and every way in are gone at once.

    Unit, group and birth year stay, because published rankings must stay recomputable. Erasing twice changes nothing. Other
    apps hear of it after the commit (``people.signals.resident_erased``).
    """
    if Resident.objects.filter(pk=resident.pk, erased_at__isnull=True).update(erased_at=now) != 1:
        return
    user = resident.user
    addresses = [address for address in (user.phone, user.email.lower()) if address]
    addresses += EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    addresses += [resident.guardian_phone] if resident.guardian_phone else []
    OutboxMessage.objects.filter(recipient__in=addresses).delete()
    for purpose in Purpose.values:
        withdraw_consent(resident=resident, purpose=purpose, now=now, actor=actor)
    ConsentRecord.objects.filter(resident=resident).exclude(given_by="").update(given_by="")
    Resident.objects.filter(pk=resident.pk).update(full_name=ERASED_NAME, guardian_name="", guardian_phone="")
    for model in (EmailAddress, SocialAccount, Authenticator, RoleAssignment):
        model.objects.filter(user=user).delete()
    user.full_name, user.email, user.phone, user.phone_verified = ERASED_NAME, "", None, False
    user.username, user.is_active = new_public_id(), False
    user.set_unusable_password()
    user.save()
    resident.refresh_from_db()
    record(actor=actor, verb="resident.erased", subject=f"resident:{resident.public_id}", data={}, now=now)
    tell_erased(resident)


def problems_of(profile: Profile, *, year: int) -> dict[str, Promise]:
    """What keeps a profile from being kept, by field, each with one sentence. Empty where all is well."""
    found: dict[str, Promise] = {}
    if clean_name(profile.full_name) is None:
        found["full_name"] = _("Mời bạn viết họ và tên bằng chữ, tối đa 100 ký tự, ví dụ: Nguyễn Thị Lan.")
    if not plausible_birth_year(profile.birth_year, year=year):
        found["birth_year"] = _("Năm sinh chưa đúng. Ví dụ: 1985.")
    elif is_minor(profile.birth_year, year=year):
        if clean_name(profile.guardian_name) is None:
            found["guardian_name"] = _("Bạn chưa đủ 16 tuổi: cần tên cha, mẹ hoặc người giám hộ.")
        if normalise_phone(profile.guardian_phone) is None:
            found["guardian_phone"] = _("Cần số di động của cha, mẹ hoặc người giám hộ.")
    if profile.category not in Category.values:
        found["category"] = _("Mời bạn chọn nhóm của mình.")
    if profile.unit is None or profile.unit.valid_to is not None or profile.unit.parent_id is None:
        found["unit"] = _("Mời bạn chọn xã, phường hoặc đặc khu của mình trong danh sách.")
    return found


def _checked(profile: Profile, now: datetime) -> dict[str, object]:
    year = timezone.localtime(now).year
    for field, message in problems_of(profile, year=year).items():
        raise ProfileRefused(field, message)
    minor = is_minor(profile.birth_year, year=year)
    return {
        "full_name": clean_name(profile.full_name),
        "birth_year": profile.birth_year,
        "category": profile.category,
        "unit": profile.unit,
        "guardian_name": clean_name(profile.guardian_name) if minor else "",
        "guardian_phone": normalise_phone(profile.guardian_phone) if minor else "",
    }


def _remember_name(user: User, name: str) -> None:
    User.objects.filter(pk=user.pk).update(full_name=name)
    user.full_name = name
