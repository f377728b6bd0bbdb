"""A deck as printed cards: sheets of A4 for both sides of the paper, drawn by typst. No clock, no network."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quizbank.enums import Audience
from quizbank.typesetting import compiler_of

HERE = Path(__file__).parent / "print"
TONES = {
    Audience.BASIC: "#A6211B",
    Audience.RESIDENT: "#0B6B5D",
    Audience.ENTERPRISE: "#23408E",
    Audience.AGENCY: "#6B2E8F",
}
STAMP = 1_784_505_600
"""The moment every file claims to be made at: equal cards give equal bytes."""


def print_cards(*, title: str, audience: str, address: str, cards: Sequence[Mapping[str, str]]) -> bytes:
    """Return the PDF. ``cards`` hold "topic", "front", "back", "example" and "citation"; ``address`` is what the QR code
    on each card opens. Equal cards in one language give equal bytes."""
    qr = io.BytesIO()
    segno.make(address, error="m", micro=False).save(qr, kind="svg", border=1, xmldecl=False, dark="#1C1917")
    data = {
        "title": title,
        "tone": TONES[Audience(audience)],
        "lang": (get_language() or "vi")[:2],
        "example": _("Ví dụ:"),
        "qr": qr.getvalue().decode(),
        "qr_alt": _("Mã QR dẫn đến bộ thẻ này"),
        "cards": [{"number": number, **card} for number, card in enumerate(cards, start=1)],
    }
    pdf = compiler_of(HERE / "cards.typ").compile(
        format="pdf", sys_inputs={"cards": json.dumps(data, ensure_ascii=False)}, timestamp=STAMP
    )
    assert isinstance(pdf, bytes)
    return pdf
