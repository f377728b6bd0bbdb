"""The console after the end: closing, reviewing, leaving out, computing again, publishing, certificates."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.conf import settings

from contest.arrivals import now_utc
from contest.domain.closing import close_round
from contest.domain.publishing import publish_round
from contest.enums import EntryStatus, JobKind
from contest.models import Attempt, Entry, Job, ResultSet
from people.models import AuditEntry
from tests.contest.desk import DAY, Desk, make_desk, make_over, make_own, page, signed_in
from tests.factories import make_contest, make_entry, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_closing_asks_for_one_job_however_often(desk: Desk) -> None:
    round_ = make_over(desk)
    client = signed_in(desk.organizer)
    for _ in range(2):
        answer = client.post(page(round_.contest, "vong/1/chot/"))
        assert answer["Location"] == page(round_.contest, "vong/1/")
    assert Job.objects.filter(kind=JobKind.CLOSE).count() == 1
    fragment = client.get(page(round_.contest, "vong/1/viec/"))
    assert "HX-Refresh" not in fragment.headers
    close_round(round_id=round_.pk, actor=desk.organizer, now=now_utc())
    assert client.get(page(round_.contest, "vong/1/viec/"))["HX-Refresh"] == "true"


def test_closing_before_the_end_is_refused_kindly(desk: Desk) -> None:
    contest = make_own(desk)
    answer = signed_in(desk.organizer).post(page(contest, "vong/1/chot/"))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Vòng thi chưa hết giờ" in answer.content.decode()


def test_a_result_is_reviewed_with_real_names_and_published_once(desk: Desk) -> None:
    round_ = make_over(desk)
    close_round(round_id=round_.pk, actor=desk.organizer, now=now_utc())
    client = signed_in(desk.organizer)
    body = client.get(page(round_.contest, "vong/1/ket-qua/")).content.decode()
    assert "Trần Thị Số 0" in body
    assert "Đồng hạng" in body
    confirm = client.get(page(round_.contest, "vong/1/cong-bo/")).content.decode()
    assert "Khi công bố, mọi người sẽ thấy" in confirm
    assert ResultSet.objects.get().root in confirm
    for _ in range(2):
        assert client.post(page(round_.contest, "vong/1/cong-bo/")).status_code == HTTPStatus.FOUND
    assert AuditEntry.objects.filter(verb="round.published").count() == 1


def test_publishing_without_a_result_is_refused_kindly(desk: Desk) -> None:
    round_ = make_over(desk)
    answer = signed_in(desk.organizer).post(page(round_.contest, "vong/1/cong-bo/"))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert not ResultSet.objects.exists()


def test_a_person_is_found_without_accents_and_left_out_with_a_reason(desk: Desk) -> None:
    round_ = make_over(desk)
    close_round(round_id=round_.pk, actor=desk.organizer, now=now_utc())
    client = signed_in(desk.organizer)
    address = page(round_.contest, "nguoi-du-thi/")
    assert "Trần Thị Số 1" in client.get(address, {"q": "tran so 1"}).content.decode()
    assert "Trần Thị Số 1" not in client.get(address, {"q": "le van tam"}).content.decode()
    entry = Entry.objects.get(full_name="Trần Thị Số 1")
    sent = {"entry": entry.public_id, "mode": EntryStatus.BARRED, "reason": ""}
    assert client.post(address, sent).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    for _ in range(2):
        client.post(address, sent | {"reason": "Thi hộ"})
    entry.refresh_from_db()
    assert (entry.status, entry.status_reason) == (EntryStatus.BARRED, "Thi hộ")
    assert Job.objects.filter(kind=JobKind.CLOSE, state="waiting").count() == 1


def test_a_person_of_another_contest_cannot_be_left_out(desk: Desk) -> None:
    contest = make_own(desk)
    other = make_entry(make_contest(unit=desk.elsewhere))
    sent = {"entry": other.public_id, "mode": EntryStatus.BARRED, "reason": "x"}
    answer = signed_in(desk.organizer).post(page(contest, "nguoi-du-thi/"), sent)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    other.refresh_from_db()
    assert other.status == EntryStatus.RANKED


def test_computing_again_needs_a_reason_and_a_closed_round(desk: Desk) -> None:
    round_ = make_over(desk)
    client = signed_in(desk.organizer)
    address = page(round_.contest, "vong/1/ket-qua/tinh-lai/")
    assert client.post(address, {"reason": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(address, {"reason": "khiếu nại"}).status_code == HTTPStatus.CONFLICT
    close_round(round_id=round_.pk, actor=desk.organizer, now=now_utc())
    for _ in range(2):
        assert client.post(address, {"reason": "khiếu nại"}).status_code == HTTPStatus.FOUND
    assert Job.objects.filter(kind=JobKind.CLOSE, state="waiting").count() == 1


def test_a_wrong_key_is_mended_or_the_question_voided(desk: Desk) -> None:
    round_ = make_over(desk)
    client = signed_in(desk.organizer)
    address = page(round_.contest, "vong/1/dap-an/2/")
    assert "Ngày 10/10" in client.get(address).content.decode()
    same = client.post(address, {"decision": "change", "answer": "B", "reason": "vì"})
    assert same.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(address, {"decision": "change", "answer": "C", "reason": ""}).status_code == 422
    assert not Job.objects.filter(kind=JobKind.REGRADE).exists()
    assert client.post(address, {"decision": "change", "answer": "C", "reason": "in nhầm"}).status_code == 302
    item = round_.pool.get(position=2)
    assert item.key_override == {"right": "C"}
    assert client.post(address, {"decision": "void", "reason": "hai đáp án đúng"}).status_code == 302
    assert client.post(address, {"decision": "void", "reason": "hai đáp án đúng"}).status_code == 409
    item.refresh_from_db()
    assert item.voided
    assert client.get(page(round_.contest, "vong/1/dap-an/999/")).status_code == HTTPStatus.NOT_FOUND


def test_certificates_are_asked_for_once_and_only_after_publishing(desk: Desk) -> None:
    round_ = make_over(desk)
    client = signed_in(desk.organizer)
    address = page(round_.contest, "vong/1/giay-chung-nhan/")
    assert client.post(address, {"kind": "participant"}).status_code == HTTPStatus.CONFLICT
    close_round(round_id=round_.pk, actor=desk.organizer, now=now_utc())
    publish_round(contest_round=round_, actor=desk.organizer, now=now_utc())
    for _ in range(2):
        assert client.post(address, {"kind": "participant"}).status_code == HTTPStatus.FOUND
    assert Job.objects.filter(kind=JobKind.CERTIFICATES).count() == 1
    assert 'id="viec"' in client.get(address).content.decode()


def test_pages_stand_in_every_phase_and_language(desk: Desk) -> None:
    now = now_utc()
    contest = make_contest(unit=desk.province)
    make_round(contest, frozen=False)
    make_round(contest, opens_at=now + DAY, closes_at=now + 2 * DAY)
    make_round(contest, opens_at=now - DAY, closes_at=now + DAY)
    make_round(contest, opens_at=now - 2 * DAY, closes_at=now - DAY)
    make_round(contest, cancelled_at=now)
    client = signed_in(desk.organizer)
    for language in ("vi", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for number in range(1, 6):
            body = client.get(page(contest, f"vong/{number}/"))
            assert body.status_code == HTTPStatus.OK
            assert body.content.decode().count("btn-primary") <= 1
    assert Attempt.objects.count() == 0
