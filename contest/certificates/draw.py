"""Drawing a certificate: typst with a cached compiler, packaged fonts only, no clock, no network (failures F8)."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import segno
from django.utils import translation

from contest.certificates.facts import Facts, domain_of, grouped, verify_url
from contest.rules.words import say_number
from quizbank.typesetting import compiler_of

HERE = Path(__file__).parent
TEMPLATE = HERE / "certificate.typ"


def qr_svg(address: str) -> str:
    """Return the QR code of an address as SVG (level M: a scratch does not make it unreadable).

    The mask is chosen by us: trying all eight would take longer than drawing the page, and any of them is valid.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=2, boost_error=False).save(
        out, kind="svg", border=0, xmldecl=False, dark="#1C1917"
    )
    return out.getvalue().decode()


def printed(facts: Facts, *, code: str, site_url: str) -> dict[str, object]:
    """Return what the template prints: a certificate is a Vietnamese document, whoever asks for it."""
    with translation.override("vi"):
        winner = bool(facts.prize)
        numbers: list[tuple[str, str]] = []
        if facts.points:
            full = f"/{facts.full_points}" if facts.full_points else ""
            numbers.append(("Kết quả", f"{facts.points}{full} điểm"))
        if facts.time:
            numbers.append(("Thời gian", facts.time))
        if facts.rank:
            place = f"{say_number(facts.rank)}/{say_number(facts.of)}" if facts.of else say_number(facts.rank)
            numbers.append(("Đồng hạng" if facts.tied else "Hạng", place))
        return {
            "title": "Giấy chứng nhận",
            "subtitle": "Certificate of achievement" if winner else "Certificate of participation",
            "organizer": facts.organizer,
            "awarded_to": "Trao cho" if winner else "Chứng nhận",
            "name": facts.name,
            "unit": facts.unit,
            "sentence": "đã đạt" if winner else "đã tham gia" if facts.live else "đã hoàn thành bài thi tại",
            "prize": facts.prize,
            "contest": facts.contest,
            "round": " · ".join(part for part in (facts.round, facts.board) if part),
            "facts": numbers,
            "issued": "Cấp ngày {day} tháng {month} năm {year}".format(
                day=f"{facts.day.day:02d}", month=f"{facts.day.month:02d}", year=facts.day.year
            ),
            "check_at": "Kiểm tra tại",
            "domain": f"{domain_of(site_url)}/gcn",
            "code_label": "Mã:",
            "code": grouped(code),
            "seal_label": "Niêm phong kết quả:",
            "seal": facts.short_seal,
            "qr": qr_svg(verify_url(site_url, code)),
            "qr_alt": "Mã QR dẫn tới trang kiểm tra giấy chứng nhận",
        }


def draw(facts: Facts, *, code: str, site_url: str) -> bytes:
    """Return the PDF. Equal facts, code and site give equal bytes: the day of issue stands in for the clock."""
    data = json.dumps(printed(facts, code=code, site_url=site_url), ensure_ascii=False)
    stamp = datetime(facts.day.year, facts.day.month, facts.day.day, tzinfo=UTC)
    pdf = compiler_of(TEMPLATE).compile(format="pdf", sys_inputs={"facts": data}, timestamp=int(stamp.timestamp()))
    assert isinstance(pdf, bytes)
    return pdf
