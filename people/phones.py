"""Vietnamese mobile numbers: one stored form (+84…), every form people type."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberType

# Eleven-digit mobile prefixes became ten-digit ones in 2018; many people still write and print the old ones.
_OLD_PREFIXES = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",  # MobiFone
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",  # VinaPhone
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",  # Viettel
    "186": "56", "188": "58",  # Vietnamobile
    "199": "59",  # Gmobile
}  # fmt: skip
_OLD = re.compile(rf"^(?:\+?84|0)({'|'.join(_OLD_PREFIXES)})(\d{{7}})$")
_NOISE = re.compile(r"[\s.\-()/\u00a0]+")
_SHAPE = re.compile(r"\+?\d{8,15}")
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def normalise_phone(text: str) -> str | None:
    """Return ``text`` as E.164 ("+84912345678") if it is a Vietnamese mobile number, else None.

    Accepts 0912 345 678, 84912345678, +84 (0)912.345.678 and the eleven-digit numbers used until 2018.
    """
    digits = _NOISE.sub("", text)
    if not _SHAPE.fullmatch(digits):
        return None
    digits = "".join(char if char == "+" else str(unicodedata.digit(char)) for char in digits)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("+840"):
        digits = f"+84{digits[4:]}"
    if old := _OLD.match(digits):
        digits = f"+84{_OLD_PREFIXES[old[1]]}{old[2]}"
    elif re.fullmatch(r"84\d{9}", digits):
        digits = f"+{digits}"
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != 84 or number.extension or not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) not in _MOBILE:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def is_mobile(phone: str) -> bool:
    """Whether ``phone`` is already in stored form and a Vietnamese mobile number."""
    return normalise_phone(phone) == phone


def show_phone(phone: str | None) -> str:
    """The form people read: "0912 345 678"."""
    if not phone or not phone.startswith("+84"):
        return phone or ""
    local = f"0{phone[3:]}"
    return f"{local[:4]} {local[4:7]} {local[7:]}".strip()


def mask_phone(phone: str | None) -> str:
    """The form others may see: "0912 ••• 678"."""
    shown = show_phone(phone)
    return f"{shown[:4]} ••• {shown[-3:]}" if len(shown) > 8 else ""
