"""`python -m bench.certificates_child NUMBER PAIRS`: draw certificates in this environment, print {what: [ms each …]}."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

NAMES = ("Nguyễn Phước Thiên Hương Bảo Châu", "Trần Văn An", "Lê Thị Mỹ Duyên", "Đặng Thùy Trâm")


def main(arguments: list[str]) -> None:
    """Measure pairs one after the other."""
    django.setup()
    from django.conf import settings

    number, pairs = map(int, arguments)
    rows = make(number * pairs + number)
    each: dict[str, list[float]] = {"bare typst loop": [], "whole way": [], "signed P-256": [], "signed RSA-2048": []}
    bare(rows[:5])
    whole(rows[-5:])
    for pair in range(pairs):
        batch = rows[pair * number : (pair + 1) * number]
        each["bare typst loop"].append(timed(bare, batch))
        each["whole way"].append(timed(whole, batch))
    for what, path in (("signed P-256", key_file(rsa=False)), ("signed RSA-2048", key_file(rsa=True))):
        settings.CERTIFICATE_SIGNER = str(path)
        whole(rows[-1:])
        each[what].append(timed(whole, rows[-min(50, number) :]))
    print(json.dumps({"each_ms": each}))


def timed(work: Callable[[list[Any]], None], rows: list[Any]) -> float:
    """Milliseconds for each."""
    begun = time.perf_counter()
    work(rows)
    return (time.perf_counter() - begun) * 1000 / len(rows)


def bare(rows: list[Any]) -> None:
    """A loop around typst, as short as it can be."""
    from contest.certificates.draw import draw
    from contest.certificates.facts import Facts

    for row in rows:
        draw(Facts.from_json(row.facts), code=row.code, site_url="https://thiso.example.vn")


def whole(rows: list[Any]) -> None:
    """What the job does with a round."""
    from contest.domain.certificates import DRAWN_A_BEAT, draw_all

    for start in range(0, len(rows), DRAWN_A_BEAT):
        draw_all(rows[start : start + DRAWN_A_BEAT], now=datetime.now(UTC))


def make(number: int) -> list[Any]:
    """That many certificates of one contest."""
    from django.core.management import call_command

    from bench.cast import make_round
    from contest.arrivals import now_utc
    from contest.certificates.facts import Facts
    from contest.models import Certificate, Entry
    from people.models import Resident, User

    call_command("migrate", verbosity=0, interactive=False)
    now = now_utc()
    contest_round, unit = make_round(now)
    for place in range(number):
        name = NAMES[place % len(NAMES)]
        user = User.objects.create_user(full_name=name)
        resident = Resident.objects.create(user=user, full_name=name, birth_year=1990, unit=unit)
        entry = Entry.objects.create(
            contest=contest_round.contest, resident=resident, full_name=name, unit=unit, registered_at=now
        )
        facts = Facts(
            kind="participant", name=name, unit=unit.name, contest=contest_round.contest.title, round="Vòng 1",
            organizer="Ban tổ chức", rank=place + 1, tied=False, of=number, board="", points="14,5", full_points="15",
            points_milli=14500, time="7:05", prize="", result_number=1, seal="a1b2c3d4" * 8, issued_on="2026-11-22",
        )  # fmt: skip
        Certificate.objects.create(
            kind="participant", contest=contest_round.contest, round=contest_round, entry=entry,
            facts=facts.to_json(), issued_at=now,
        )  # fmt: skip
    return list(Certificate.objects.order_by("pk"))


def key_file(*, rsa: bool) -> Path:
    """A self-made key in this data directory."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric import rsa as rsa_keys
    from cryptography.hazmat.primitives.serialization import pkcs12
    from django.conf import settings

    key = rsa_keys.generate_private_key(65537, 2048) if rsa else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "Ban tổ chức")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    path = Path(settings.DATA_DIR) / ("rsa.p12" if rsa else "ec.p12")
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"bench", key, certificate, None, serialization.NoEncryption())
    )
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
