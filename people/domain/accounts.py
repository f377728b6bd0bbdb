"""Accounts: whose is this phone or e-mail, what message goes there, and who comes in."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.addresses import Address
from people.domain.codes import IssuedCode, issue_code
from people.enums import CodePurpose
from people.errors import AppError
from people.messaging import send_sms
from people.models import User


class ContactTaken(AppError):
    """The address belongs to another account."""

    code = "contact_taken"
    message = gettext_lazy("Địa chỉ này đang thuộc một tài khoản khác. Mời bạn dùng địa chỉ khác.")
    status = 409


def account_of(*, address: Address) -> User | None:
    """The account an address opens: a phone, a verified e-mail, or an e-mail the staff entered for an account."""
    if address.kind == "phone":
        return User.objects.filter(phone=address.value).first()
    verified = EmailAddress.objects.filter(email=address.value, verified=True).select_related("user").first()
    if verified is not None:
        return User.objects.get(pk=verified.user_id)
    return User.objects.filter(email__iexact=address.value).order_by("pk").first()


def must_use_password(user: User) -> bool:
    """Whether a code never opens this account: staff and whoever has a password (a code is the weaker key)."""
    return user.is_staff or user.is_superuser or user.has_usable_password()


def send_sign_in_code(*, address: Address, site_url: str, now: datetime) -> IssuedCode:
    """Send a code that opens, or begins, the account of ``address``. The same work and answer for known and unknown.

    An account with a password gets a message that says so instead of a code. Raises TooManyCodes, SmsBudgetSpent.
    """
    issued = issue_code(purpose=CodePurpose.SIGN_IN, address=address, now=now)
    user = account_of(address=address)
    if user is not None and must_use_password(user):
        login = f"{site_url}{reverse('account_login')}"
        text = _("Thi Số: tài khoản này đăng nhập bằng mật khẩu tại %(url)s") % {"url": login}
        _deliver(address, _("Đăng nhập Thi Số"), text, now)
    else:
        _deliver_code(address, issued.digits, now)
    return issued


def send_contact_code(*, user: User, address: Address, now: datetime) -> IssuedCode:
    """Send a code that proves that ``user`` holds ``address``. Raises TooManyCodes, SmsBudgetSpent."""
    issued = issue_code(purpose=CodePurpose.ADD_CONTACT, address=address, now=now, user=user)
    _deliver_code(address, issued.digits, now)
    return issued


def come_in(*, address: Address) -> tuple[User, bool]:
    """The account of a proven address, made where there is none; the flag says whether it was made.

    Two at the same moment get the same account: the unique phone or verified e-mail decides.
    """
    user = account_of(address=address)
    if user is not None:
        _mark_proven(user, address)
        return user, False
    try:
        with transaction.atomic():
            if address.kind == "phone":
                return User.objects.create_user(phone=address.value, phone_verified=True), True
            user = User.objects.create_user(email=address.value)
            EmailAddress.objects.create(user=user, email=address.value, verified=True, primary=True)
            return user, True
    except IntegrityError:
        user = account_of(address=address)
        if user is None:
            raise
        return user, False


@transaction.atomic
def add_contact(*, user: User, address: Address) -> None:
    """Make a proven address a way into ``user``'s account; it replaces a former one of its kind.

    Raises ContactTaken.
    """
    holder = account_of(address=address)
    if holder is not None and holder.pk != user.pk:
        raise ContactTaken
    try:
        with transaction.atomic():
            if address.kind == "phone":
                user.phone, user.phone_verified = address.value, True
                user.save(update_fields=["phone", "phone_verified"])
                return
            EmailAddress.objects.filter(user=user).exclude(email=address.value).delete()
            EmailAddress.objects.update_or_create(
                user=user, email=address.value, defaults={"verified": True, "primary": True}
            )
            user.email = address.value
            user.save(update_fields=["email"])
    except IntegrityError as error:
        raise ContactTaken from error


def _mark_proven(user: User, address: Address) -> None:
    if address.kind == "phone":
        if not user.phone_verified:
            user.phone_verified = True
            user.save(update_fields=["phone_verified"])
        return
    known = EmailAddress.objects.filter(user=user, email=address.value).first()
    if known is None:
        first = not EmailAddress.objects.filter(user=user, primary=True).exists()
        EmailAddress.objects.create(user=user, email=address.value, verified=True, primary=first)
    elif not known.verified:
        EmailAddress.objects.filter(pk=known.pk).update(verified=True)


def _deliver_code(address: Address, digits: str, now: datetime) -> None:
    # 70 characters is what one SMS with Vietnamese letters holds.
    short = _("Thi Số: mã %(code)s, dùng trong 10 phút. Đừng đưa mã cho ai.") % {"code": digits}
    if address.kind == "phone":
        send_sms(phone=address.value, text=short, now=now)
        return
    subject = _("%(code)s là mã Thi Số của bạn") % {"code": digits}
    body = _(
        "Mã của bạn là %(code)s, dùng được trong 10 phút.\n\n"
        "Không ai của ban tổ chức hỏi bạn mã này. Nếu bạn không yêu cầu mã, bạn không cần làm gì.\n"
    ) % {"code": digits}
    send_mail(subject, body, None, [address.value])


def _deliver(address: Address, subject: str, text: str, now: datetime) -> None:
    if address.kind == "phone":
        send_sms(phone=address.value, text=text, now=now)
    else:
        send_mail(subject, f"{text}\n", None, [address.value])
