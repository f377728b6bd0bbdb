"""Where a person can be reached: the one field that takes a phone number or an e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from people.phones import mask_phone, normalise_phone, show_phone
from people.text import tidy

MAX_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Address:
    """A phone number (E.164) or an e-mail address (lower case)."""

    kind: Literal["phone", "email"]
    value: str

    @property
    def shown(self) -> str:
        """For its owner: "0912 345 678"."""
        return show_phone(self.value) if self.kind == "phone" else self.value

    @property
    def masked(self) -> str:
        """For others and for logs: "0912 ••• 678", "l•••@gmail.com"."""
        if self.kind == "phone":
            return mask_phone(self.value)
        name, _, host = self.value.partition("@")
        return f"{name[:1]}•••@{host}"

    @property
    def digest(self) -> str:
        """Keyed hash for counting and limiting without keeping the address itself."""
        return salted_hmac("people.address", f"{self.kind}:{self.value}", algorithm="sha256").hexdigest()


def parse_address(text: str) -> Address | None:
    """Read what was typed as a phone number or an e-mail address; None where it is neither."""
    text = tidy(text)
    if not text or len(text) > MAX_LENGTH:
        return None
    if "@" in text:
        candidate = text.replace(" ", "").lower()
        try:
            validate_email(candidate)
        except ValidationError:
            return None
        return Address("email", candidate)
    phone = normalise_phone(text)
    return Address("phone", phone) if phone else None
