"""One-time codes: issued within limits, guessed at most five times, used once (failures C3–C5).

The limits live in the database, not in a cache: they hold while Redis is away and under any number of simultaneous
requests. docs/decisions/020-one-field-sign-in.md says why allauth's own code flows are not used.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.addresses import Address
from people.enums import CodePurpose
from people.errors import AppError
from people.models import OneTimeCode, User

DIGITS = 6
TRIES = 5
LIFETIME = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
PER_MINUTE = 3
PER_DAY = {"phone": 6, "email": 20}
KEPT = timedelta(days=2)  # used and expired codes; a day's numbers must outlive the day


class TooManyCodes(AppError):
    """This address was sent too many codes for now."""

    code = "too_many_codes"
    message = _("Bạn vừa yêu cầu nhiều mã liên tiếp. Mời bạn chờ một phút rồi thử lại.")
    status = 429


class CodeWrong(AppError):
    """The code is not the one sent; ``left`` tries remain."""

    code = "code_wrong"
    status = 400

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(
            ngettext("Mã chưa đúng. Bạn còn %(left)d lần thử.", "Mã chưa đúng. Bạn còn %(left)d lần thử.", left)
            % {"left": left}
        )


class CodeOver(AppError):
    """The code cannot be used any more: expired, used, guessed too often, or of another purpose."""

    code = "code_over"
    message = _("Mã này không còn dùng được. Mời bạn lấy mã mới.")
    status = 400


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """``public_id`` goes into the session, ``digits`` into the message, never both to the same place."""

    public_id: str
    digits: str


def issue_code(*, purpose: CodePurpose, address: Address, now: datetime, user: User | None = None) -> IssuedCode:
    """Make a code for ``address`` within its limits: 3 a minute; 6 a day by phone, 20 by e-mail.

    ``user`` binds a code to an account (adding a contact); signing in binds it to the session alone.
    Raises TooManyCodes.
    """
    day = timezone.localtime(now).date()
    sent = OneTimeCode.objects.filter(address_hash=address.digest)
    # One more try than can be sent in a day: whoever loses the race for a number looks again.
    for _attempt in range(PER_DAY[address.kind] + 1):
        # One query, one snapshot: with two, a code sent between them would be seen by one limit and not by the other.
        recent = sent.filter(Q(day=day) | Q(created_at__gt=now - MINUTE)).values_list("day", "created_at")
        seen = list(recent)
        if sum(at > now - MINUTE for _day, at in seen) >= PER_MINUTE:
            raise TooManyCodes
        number = sum(that == day for that, _at in seen) + 1
        if number > PER_DAY[address.kind]:
            raise TooManyCodes(
                _("Hôm nay đã gửi đủ số mã tới địa chỉ này. Mời bạn dùng cách khác hoặc quay lại vào ngày mai."),
                code="too_many_codes_today",
            )
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        code = OneTimeCode(
            purpose=purpose,
            user=user,
            address_hash=address.digest,
            day=day,
            number=number,
            tries_left=TRIES,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        code.code_hash = _hash(code.public_id, digits)
        try:
            with transaction.atomic():
                code.save(force_insert=True)
        except IntegrityError:
            continue
        return IssuedCode(code.public_id, digits)
    raise TooManyCodes


def use_code(*, public_id: str, purpose: CodePurpose, digits: str, now: datetime, user: User | None = None) -> None:
    """Use up the code ``public_id`` if ``digits`` are right. Raises CodeWrong (tries left), CodeOver.

    A try is taken by a conditional UPDATE before the digits are looked at, so that guesses sent at the same moment
    cannot share one.
    """
    code = OneTimeCode.objects.filter(public_id=public_id, purpose=purpose, user=user, used_at__isnull=True)
    if code.filter(tries_left__gt=0, expires_at__gt=now).update(tries_left=F("tries_left") - 1) != 1:
        raise CodeOver
    row = OneTimeCode.objects.get(public_id=public_id)
    if not constant_time_compare(row.code_hash, _hash(public_id, digits)):
        if row.tries_left == 0:
            raise CodeOver(_("Mã chưa đúng, và đã hết lượt thử. Mời bạn lấy mã mới."), code="code_spent")
        raise CodeWrong(row.tries_left)
    if code.update(used_at=now) != 1:
        raise CodeOver


def purge_codes(*, now: datetime) -> int:
    """Delete codes older than two days; return how many."""
    return OneTimeCode.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _hash(public_id: str, digits: str) -> str:
    return salted_hmac("people.code", f"{public_id}:{digits}", algorithm="sha256").hexdigest()
