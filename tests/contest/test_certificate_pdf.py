"""The document: it says what the facts say, byte for byte again, for any Vietnamese name; signed where a key is given."""

from __future__ import annotations

import io
import socket
import threading
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

from contest.certificates.draw import draw, printed, qr_svg
from contest.certificates.facts import Facts, grouped, typed, verify_url
from contest.certificates.sign import load_signer

SITE = "https://thiso.example.vn"
CODE = "Ab3-_xYz0123456789AbCd"


def some_facts(**changes: object) -> Facts:
    base: dict[str, object] = {
        "kind": "participant", "name": "Nguyễn Phước Thiên Hương Bảo Châu", "unit": "Phường Mỹ Tho",
        "contest": "Tìm hiểu về chuyển đổi số", "round": "Tuần 1", "organizer": "Sở Khoa học và Công nghệ",
        "rank": 12, "tied": True, "of": 25980, "board": "", "points": "14,5", "full_points": "15",
        "points_milli": 14500, "time": "7:05", "prize": "", "result_number": 1, "seal": "a1b2c3d4e5f60718" * 4,
        "issued_on": "2026-11-22",
    }  # fmt: skip
    return Facts(**base | changes)  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def words_of(pdf: bytes) -> str:
    """The text with line breaks as spaces: a long name may stand on two lines."""
    return " ".join(text_of(pdf).split())


# --- the document ----------------------------------------------------------------------------------------------


def test_pdf_says_what_the_facts_say():
    text = words_of(draw(some_facts(), code=CODE, site_url=SITE))

    for wanted in (
        "Nguyễn Phước Thiên Hương Bảo Châu",
        "Giấy chứng nhận",
        "Sở Khoa học và Công nghệ",
        "Tìm hiểu về chuyển đổi số",
        "14,5/15 điểm",
        "12/25.980",
        "Cấp ngày 22 tháng 11 năm 2026",
        "thiso.example.vn/gcn",  # the domain as text: a QR code can be pasted over (failures F9)
        grouped(CODE),
        "a1b2 c3d4 e5f6 0718",
    ):
        assert wanted in text
    assert "Giải" not in text


def test_winner_reads_the_prize():
    text = words_of(draw(some_facts(prize="Giải Nhất", rank=1, tied=False), code=CODE, site_url=SITE))

    assert "Giải Nhất" in text
    assert "Certificate of achievement" in text


def test_equal_facts_give_equal_bytes():
    assert draw(some_facts(), code=CODE, site_url=SITE) == draw(some_facts(), code=CODE, site_url=SITE)
    assert draw(some_facts(), code=CODE, site_url=SITE) != draw(some_facts(rank=13), code=CODE, site_url=SITE)


def test_pdf_is_one_page_with_its_fonts_inside():
    reader = PdfReader(io.BytesIO(draw(some_facts(), code=CODE, site_url=SITE)))

    assert len(reader.pages) == 1
    page = reader.pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
    fonts = {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in page["/Resources"]["/Font"].values()}
    assert fonts == {"BeVietnamPro-Regular", "BeVietnamPro-SemiBold", "BeVietnamPro-ExtraBold", "DejaVuSansMono"}
    assert reader.metadata is not None
    assert reader.metadata.creation_date == datetime(2026, 11, 22, tzinfo=UTC)


VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
word = st.builds(
    lambda a, b, c: (a + b + c).capitalize(),
    st.sampled_from(
        [
            "",
            "b",
            "c",
            "ch",
            "d",
            "đ",
            "g",
            "gh",
            "h",
            "kh",
            "l",
            "m",
            "n",
            "ng",
            "nh",
            "ph",
            "qu",
            "th",
            "tr",
            "v",
            "x",
        ]
    ),
    st.text(VOWELS, min_size=1, max_size=2),
    st.sampled_from(["", "c", "ch", "m", "n", "ng", "nh", "p", "t"]),
)
names = st.lists(word, min_size=1, max_size=14).map(" ".join).filter(lambda name: len(name) <= 100)


@given(names)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_vietnamese_name_comes_out_as_it_went_in(monkeypatch, name):
    opened = []
    # Only this thread is meant: another test's hint to a worker may still be on its way.
    mine, really = threading.get_ident(), socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect", lambda *a: opened.append(a) if threading.get_ident() == mine else really(*a)
    )
    name = unicodedata.normalize("NFC", name)

    text = words_of(draw(some_facts(name=name), code=CODE, site_url=SITE))

    assert unicodedata.normalize("NFC", name) in unicodedata.normalize("NFC", text)
    assert opened == []


@pytest.mark.parametrize(
    "name", ['#read("/etc/passwd")', "$x$ *bold* _it_", "<script>", '"; drop', "#import", "\\", "@ref"]
)
def test_markup_in_a_name_is_only_text(name):
    assert " ".join(name.split()) in words_of(draw(some_facts(name=name), code=CODE, site_url=SITE))


def test_qr_leads_to_the_verification_page():
    data = printed(some_facts(), code=CODE, site_url=SITE)

    assert data["qr"] == qr_svg(f"{SITE}/gcn/{CODE}/")
    assert verify_url(SITE, CODE) == f"{SITE}/gcn/{CODE}/"
    assert data["domain"] == "thiso.example.vn/gcn"


def test_typed_code_may_have_the_printed_spaces():
    assert typed(f" {grouped(CODE)}\n") == CODE


def test_facts_survive_the_database():
    facts = some_facts()

    assert Facts.from_json(facts.to_json() | {"later": 1}) == facts
    assert facts.day == date(2026, 11, 22)


# --- signing ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def key_file(tmp_path_factory) -> Path:
    """A self-made P-256 key in a PKCS#12 file, its passphrase beside it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Ban tổ chức thử nghiệm")])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("key") / "ban-to-chuc.p12"
    path.with_name(path.name + ".pass").write_text("mật khẩu thử")
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"thiso", key, certificate, None, serialization.BestAvailableEncryption("mật khẩu thử".encode())
        )
    )
    return path


def test_signed_certificate_is_intact_until_a_byte_changes(key_file):
    pytest.importorskip("pyhanko")
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signer = load_signer(str(key_file))
    assert signer is not None
    plain = draw(some_facts(), code=CODE, site_url=SITE)

    signed = signer.sign(plain)

    assert signed.startswith(plain)
    assert load_signer(str(key_file)) is signer  # read once

    def status(pdf: bytes):
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
        context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
        return validate_pdf_signature(signature, context)

    good = status(signed)
    assert good.intact
    assert good.valid
    changed = bytearray(signed)
    changed[len(plain) // 2] ^= 1
    assert not status(bytes(changed)).intact
