"""The public page behind the QR code: says what is true, to anybody, and nothing more; the file is for its people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contest.certificates.facts import grouped
from contest.certificates.links import LIFE, file_token, opens
from contest.domain.certificates import issue_certificates, revoke_certificate
from contest.domain.closing import close_round
from contest.domain.publishing import publish_round
from contest.models import Certificate
from people.enums import Role
from people.ids import new_public_id
from people.models import RoleAssignment
from tests.contest.papers import CLOSED, cast, make_paper
from tests.factories import make_entry, make_resident, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_one_counted_yet(valkey):
    """Lookups are counted in Redis, and other tests look up from the same address."""


@pytest.fixture
def certificate(settings, tmp_path) -> Certificate:
    settings.CERTIFICATE_DIR = tmp_path
    settings.SITE_URL = "https://thiso.example.vn"
    round_, _ = cast(("Trần Bình", "BBBBA", 200))
    lan = make_resident("Nguyễn Thị Lan", birth_year=1961)
    lan.user.phone = "+84912345678"
    lan.user.save()
    make_paper(round_, make_entry(round_.contest, lan))
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    publish_round(contest_round=round_, actor=make_user(), now=CLOSED)
    issue_certificates(contest_round=round_, actor=None, now=CLOSED)
    return Certificate.objects.get(entry__full_name="Nguyễn Thị Lan")


def page(client, code: str):
    return client.get(reverse("contest:verify", kwargs={"code": code}))


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_valid_certificate(client, certificate):
    response = page(client, certificate.code)

    assert response.status_code == 200
    said = text(response)
    for wanted in (
        "Có hiệu lực",
        "Nguyễn Thị Lan",
        "Tìm hiểu về chuyển đổi số",
        "Sở Khoa học và Công nghệ",
        "5/5 điểm",
        grouped(certificate.code),
        certificate.facts["seal"],
        "thiso.example.vn",
    ):
        assert wanted in said
    assert response.headers["Cache-Control"] == "no-store"


def test_page_tells_nothing_private(client, certificate):
    body = page(client, certificate.code).content.decode()

    for private in ("1961", "912345678", certificate.entry.public_id, certificate.entry.resident.public_id):
        assert private not in body
    # It asks for nothing either: the only field is a code, on the other page (failures F9).
    assert "<input" not in body.split("<main", 1)[1].split("</main>", 1)[0]


def test_revoked_certificate_says_so_at_once(client, certificate):
    revoke_certificate(certificate=certificate, reason="Sai tên người nhận.", actor=make_user(), now=CLOSED)

    said = text(page(client, certificate.code))

    assert "Đã thu hồi" in said
    assert "Sai tên người nhận." in said
    assert "Có hiệu lực" not in said


@pytest.mark.parametrize("code", ["geP0m6KuUxotGGw3irZw5w", "1", "x" * 22, "x" * 300, "%00", "..%2f..%2fetc"])
def test_unknown_code(client, certificate, code):
    response = page(client, code)

    assert response.status_code == 404
    assert "Không có giấy chứng nhận nào mang mã này" in text(response)


def test_every_other_code_in_the_neighbourhood_is_unknown(client, certificate):
    for place in range(22):
        other = (
            certificate.code[:place] + ("A" if certificate.code[place] != "A" else "B") + certificate.code[place + 1 :]
        )
        assert not Certificate.objects.filter(code=other).exists()
    assert page(client, certificate.code.swapcase()).status_code == 404


def test_typed_code_with_spaces_is_found(client, certificate):
    response = client.get(reverse("contest:verify_form"), {"ma": f"  {grouped(certificate.code)} "})

    assert response.status_code == 302
    assert response.url == reverse("contest:verify", kwargs={"code": certificate.code})


def test_typed_nonsense_is_explained(client):
    response = client.get(reverse("contest:verify_form"), {"ma": "<script>alert(1)</script>"})

    assert response.status_code == 422
    assert "Mã gồm 22" in text(response)
    assert "<script>alert" not in response.content.decode()
    assert client.get(reverse("contest:verify_form")).status_code == 200


def test_guessing_is_slowed_down(client, certificate):
    statuses = [page(client, new_public_id()).status_code for _ in range(62)]

    assert statuses == [404] * 60 + [429] * 2
    # Another address is not punished for it.
    other = client.get(reverse("contest:verify", kwargs={"code": certificate.code}), REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200


def file_of(client, code: str, **query: str):
    """The answer, read to its end (``body``), so that nothing stays open."""
    response = client.get(reverse("contest:certificate_pdf", kwargs={"code": code}), query)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def test_file_is_not_for_strangers(client, certificate):
    assert file_of(client, certificate.code).status_code == 403
    client.force_login(make_resident("Người lạ").user, backend="django.contrib.auth.backends.ModelBackend")
    assert file_of(client, certificate.code).status_code == 403
    assert file_of(client, new_public_id()).status_code == 404
    certificate.refresh_from_db()
    assert certificate.drawn_at is None


def test_file_is_for_its_owner(client, certificate):
    client.force_login(certificate.entry.resident.user, backend="django.contrib.auth.backends.ModelBackend")

    response = file_of(client, certificate.code)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.body.startswith(b"%PDF")
    assert (
        reverse("contest:certificate_pdf", kwargs={"code": certificate.code})
        in page(client, certificate.code).content.decode()
    )


@pytest.mark.parametrize(("same_contest", "status"), [(True, 200), (False, 403)])
def test_file_is_for_the_contests_organizer(client, certificate, same_contest, status):
    organizer = make_user("Ban tổ chức")
    ref = certificate.contest.public_id if same_contest else new_public_id()
    RoleAssignment.objects.create(user=organizer, role=Role.ORGANIZER, contest_ref=ref)
    client.force_login(organizer, backend="django.contrib.auth.backends.ModelBackend")

    response = file_of(client, certificate.code)

    assert response.status_code == status


def test_signed_link_opens_one_file_for_a_month(client, certificate):
    token = file_token(certificate.code)
    other = Certificate.objects.get(entry__full_name="Trần Bình")

    response = file_of(client, certificate.code, s=token)
    assert response.status_code == 200
    assert file_of(client, other.code, s=token).status_code == 403
    assert file_of(client, certificate.code, s=token[:-1]).status_code == 403


def test_signed_link_ends(monkeypatch):
    code = new_public_id()
    token = file_token(code)
    assert opens(code, token)

    monkeypatch.setattr("time.time", lambda: timezone.now().timestamp() + (LIFE + timedelta(seconds=1)).total_seconds())

    assert not opens(code, token)


def test_revoked_file_is_gone_even_for_its_owner(client, certificate):
    revoke_certificate(certificate=certificate, reason="Sai.", actor=make_user(), now=CLOSED)
    client.force_login(certificate.entry.resident.user, backend="django.contrib.auth.backends.ModelBackend")

    assert file_of(client, certificate.code).status_code == 410


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading(client, certificate, method):
    assert getattr(client, method)(reverse("contest:verify", kwargs={"code": certificate.code})).status_code == 405
