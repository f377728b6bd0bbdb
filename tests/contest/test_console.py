"""The console's pages: who may open what, what they show, how many queries, and decisions by a plain POST."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contest.arrivals import now_utc
from contest.domain.attempts import start_attempt, submit_attempt
from contest.models import Contest
from contest.urls_console import urlpatterns
from people.models import AuditEntry
from tests.contest.desk import DAY, SPREAD, Desk, make_desk, make_own, page, signed_in
from tests.factories import make_contest, make_entry, make_questions, make_resident, make_rules, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


# --- who may come in -------------------------------------------------------------------------------------------------


def every_address(contest: Contest) -> list[tuple[str, str]]:
    values = {"slug": contest.slug, "number": 1, "position": 0}
    found = []
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        found.append((pattern.name or "", reverse(f"contest:{pattern.name}", kwargs={n: values[n] for n in names})))
    return found


def test_strangers_to_a_contest_find_nothing_and_change_nothing(desk: Desk) -> None:
    contest = make_own(desk)
    before = AuditEntry.objects.count()
    for name, address in every_address(contest):
        for user, expected in (
            (None, HTTPStatus.FOUND),
            (desk.resident, HTTPStatus.FORBIDDEN),
            (desk.foreigner, HTTPStatus.NOT_FOUND),
        ):
            if user is desk.foreigner and contest.slug not in address:
                continue
            client = signed_in(user)
            got = {client.get(address).status_code, client.post(address).status_code} - {405}
            assert got == {expected}, (name, user)
    assert AuditEntry.objects.count() == before


def test_an_auditor_reads_and_changes_nothing(desk: Desk) -> None:
    contest = make_own(desk)
    before = AuditEntry.objects.count()
    client = signed_in(desk.auditor)
    seen = {}
    for name, address in every_address(contest):
        if contest.slug in address:
            read, written = client.get(address).status_code, client.post(address, {"reason": "x"}).status_code
            seen[name] = (read, written)
    readable = {name for name, (read, _) in seen.items() if read == HTTPStatus.OK}
    assert readable == {
        "console_contest",
        "console_rules",
        "console_exclude",
        "console_round",
        "console_paper",
        "console_watch",
        "console_jobs",
        "console_result",
        "console_publish",
        "console_certificates",
    }
    assert {written for _, written in seen.values()} <= {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
    assert AuditEntry.objects.count() == before
    body = client.get(page(contest, "vong/1/")).content.decode()
    assert 'action="/quan-ly/' not in body
    assert "giám sát" in body


def test_every_post_needs_the_csrf_token(desk: Desk) -> None:
    contest = make_own(desk)
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.organizer)
    for name, address in every_address(contest):
        assert client.post(address).status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED), name


def test_the_list_holds_own_contests_only(desk: Desk) -> None:
    make_own(desk, title="Cuộc thi của tỉnh nhà")
    make_contest(title="Cuộc thi nơi khác", unit=desk.elsewhere)
    body = signed_in(desk.organizer).get("/quan-ly/").content.decode()
    assert "Cuộc thi của tỉnh nhà" in body
    assert "Cuộc thi nơi khác" not in body


# --- how many queries --------------------------------------------------------------------------------------------------


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(captured)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_queries(desk: Desk, number: int) -> None:
    for _ in range(number):
        make_own(desk, rounds=number)
    client = signed_in(desk.organizer)
    client.get("/quan-ly/")
    assert count(client, "/quan-ly/") == 9


@pytest.mark.parametrize("number", [1, 3])
def test_a_contest_and_its_round_ask_the_same_number_of_queries(desk: Desk, number: int) -> None:
    contest = make_own(desk, rounds=number)
    for _ in range(number):
        entry = make_entry(contest, make_resident(unit=make_unit(parent=desk.province)))
        start_attempt(entry=entry, round_=contest.rounds.get(number=1), now=now_utc())
    client = signed_in(desk.organizer)
    addresses = [page(contest), page(contest, "vong/1/"), page(contest, "vong/1/theo-doi/")]
    for address in addresses:
        client.get(address)
    assert [count(client, address) for address in addresses] == [11, 14, 11]


# --- a contest and its rounds -------------------------------------------------------------------------------------------


def new_contest(desk: Desk, **changes: str) -> dict[str, str]:
    sent = {"title": "Hiểu về chuyển đổi số", "organizer": "Sở KHCN", "summary": "", "description": ""}
    return sent | {"unit": desk.province.code, "unit_text": "", "template": "weekly-dx", "key": "k" * 22} | changes


def test_creating_leads_to_the_rules_and_twice_makes_one(desk: Desk) -> None:
    client = signed_in(desk.organizer)
    for _ in range(2):
        answer = client.post("/quan-ly/moi/", new_contest(desk))
        assert (answer.status_code, answer["Location"]) == (302, "/quan-ly/cuoc-thi/hieu-ve-chuyen-doi-so/the-le/")
    contest = Contest.objects.get()
    assert (contest.unit, contest.listed_at, contest.created_by) == (desk.province, None, desk.organizer)


def test_a_contest_cannot_be_made_outside_the_own_scope(desk: Desk) -> None:
    answer = signed_in(desk.organizer).post("/quan-ly/moi/", new_contest(desk, unit=desk.elsewhere.code))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Mời bạn chọn đơn vị trong danh sách." in answer.content.decode()
    assert "Hiểu về chuyển đổi số" in answer.content.decode()  # what was typed is kept
    assert not Contest.objects.exists()


def test_units_are_found_in_the_own_scope_only(desk: Desk) -> None:
    make_unit("Phường Mỹ Tho", parent=desk.province)
    make_unit("Phường Mỹ Thọ Giả", parent=desk.elsewhere)
    body = signed_in(desk.organizer).get("/quan-ly/don-vi/", {"q": "my tho"}).content.decode()
    assert "Phường Mỹ Tho" in body
    assert "Giả" not in body


def round_form(**changes: str) -> dict[str, str]:
    opens, closes = now_utc() + DAY, now_utc() + 8 * DAY
    form = "%Y-%m-%dT%H:%M"
    base = {"title": "Tuần 1", "opens_at": opens.strftime(form), "closes_at": closes.strftime(form), "key": "r" * 22}
    return base | SPREAD | changes


def test_a_round_is_added_checked_and_frozen(desk: Desk) -> None:
    contest = make_contest(unit=desk.province, listed_at=None)
    make_questions(15)
    client = signed_in(desk.organizer)
    assert "15" in client.get(page(contest, "vong/moi/")).content.decode()
    for _ in range(2):
        answer = client.post(page(contest, "vong/moi/"), round_form())
        assert answer["Location"] == page(contest, "vong/1/")
    round_ = contest.rounds.get()
    assert round_.blueprint == [{"topic": "", "difficulty": "", "count": 15, "group": ""}]
    shown = client.get(page(contest, "vong/1/")).content.decode()
    assert "Đóng băng đề" in shown
    assert shown.count("btn-primary") == 1  # the next thing to do is the only filled button
    client.post(page(contest, "vong/1/dong-bang/"))
    round_.refresh_from_db()
    assert (round_.pool.count(), round_.frozen_at is None) == (15, False)
    client.post(page(contest, "vong/1/cong-khai/"))
    contest.refresh_from_db()
    assert contest.listed_at is not None
    client.post(page(contest, "vong/1/bo-dong-bang/"))
    round_.refresh_from_db()
    assert round_.frozen_at is None


def test_times_are_vietnamese_and_the_end_is_said_in_words(desk: Desk) -> None:
    contest = make_contest(unit=desk.province)
    make_questions(15)
    client = signed_in(desk.organizer)
    sent = round_form(opens_at="2099-11-16T08:00", closes_at="2099-11-23T00:00")
    body = client.post(page(contest, "vong/moi/kiem-tra/"), sent).content.decode()
    assert "Thi được từ 8:00 thứ Hai, 16/11/2099 đến 24:00 Chủ nhật, 22/11/2099." in body
    assert "Đủ 15 câu" in body
    client.post(page(contest, "vong/moi/"), sent)
    assert contest.rounds.get().closes_at.isoformat() == "2099-11-22T17:00:00+00:00"


def test_the_live_check_says_what_is_missing_and_stores_nothing(desk: Desk) -> None:
    contest = make_contest(unit=desk.province)
    make_questions(3)
    body = signed_in(desk.organizer).post(page(contest, "vong/moi/kiem-tra/"), round_form()).content.decode()
    assert "thiếu 12" in body
    assert 'hx-swap-oob="true"' in body
    assert not contest.rounds.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": "2020-01-01T00:00"}, "Giờ đóng phải sau giờ mở."),
        ({"opens_at": "2019-01-01T00:00", "closes_at": "2020-01-01T00:00"}, "Giờ đóng đã qua."),
        ({"opens_at": "hôm qua"}, "Giờ mở chưa đúng dạng."),
        ({"o_0_10_3": "mười"}, "Số câu phải là số nguyên từ 0 đến 200."),
        ({"o_0_10_3": "-1"}, "Số câu phải là số nguyên từ 0 đến 200."),
        ({"title": ""}, "Mời bạn đặt tên cho vòng thi."),
    ],
)
def test_a_bad_round_is_refused_beside_the_field(desk: Desk, changes: dict[str, str], sentence: str) -> None:
    contest = make_contest(unit=desk.province)
    make_questions(1)
    answer = signed_in(desk.organizer).post(page(contest, "vong/moi/"), round_form(**changes))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    assert not contest.rounds.exists()


def test_the_first_proposal_can_be_filled_for_every_group(desk: Desk) -> None:
    """Each group has a bank of its own, and the questions lie differently in them."""
    contest = make_contest(unit=desk.province, rules=make_rules("two-groups"))
    for audience, easy, medium in (("agency", 12, 30), ("resident", 30, 6)):
        make_questions(easy, audience=(audience,), difficulty="easy")
        make_questions(medium, audience=(audience,), difficulty="medium")
    html = signed_in(desk.organizer).get(page(contest, "vong/moi/")).content.decode()
    assert "ngân hàng đáp ứng được" in html


def test_freezing_too_small_a_bank_says_so_on_the_page(desk: Desk) -> None:
    contest = make_contest(unit=desk.province)
    make_questions(3)
    client = signed_in(desk.organizer)
    client.post(page(contest, "vong/moi/"), round_form())
    answer = client.post(page(contest, "vong/1/dong-bang/"))
    assert answer.status_code == HTTPStatus.CONFLICT
    html = answer.content.decode()
    assert "còn thiếu 12" in html
    assert "Dòng" not in html  # the table on the page has no line numbers
    assert contest.rounds.get().frozen_at is None


# --- keys ---------------------------------------------------------------------------------------------------------------


def test_the_preview_holds_no_key_until_an_organizer_asks(desk: Desk) -> None:
    contest = make_own(desk)
    client = signed_in(desk.organizer)
    address = page(contest, "vong/1/de/")
    plain = client.get(address, {"de": "7"}).content.decode()
    assert "Quyết định 505" not in plain
    assert 'data-state="missed"' not in plain
    assert not AuditEntry.objects.filter(verb="paper.keys_seen").exists()
    keyed = client.post(address, {"de": "7"}).content.decode()
    assert keyed.count('data-state="missed"') == keyed.count('class="paper-stem"')
    assert "Quyết định 505" in keyed
    assert AuditEntry.objects.get(verb="paper.keys_seen").actor == desk.organizer


# --- while a round runs ---------------------------------------------------------------------------------------------------


def test_decisions_about_the_end_need_a_reason_and_keep_what_was_typed(desk: Desk) -> None:
    contest = make_own(desk)
    round_ = contest.rounds.get()
    client = signed_in(desk.organizer)
    for rest in ("ket-thuc/", "huy/", "gia-han/"):
        answer = client.post(page(contest, f"vong/1/{rest}"), {"reason": "", "closes_at": "2099-01-01T00:00"})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, rest
        assert "Mời bạn ghi lý do." in answer.content.decode()
    earlier = client.post(page(contest, "vong/1/gia-han/"), {"reason": "mưa lớn", "closes_at": "2026-01-01T00:00"})
    assert "mưa lớn" in earlier.content.decode()
    assert "muộn hơn giờ đóng hiện nay" in earlier.content.decode()
    round_.refresh_from_db()
    assert round_.closes_at > now_utc()
    client.post(page(contest, "vong/1/gia-han/"), {"reason": "mưa lớn", "closes_at": "2099-01-01T07:00"})
    round_.refresh_from_db()
    assert round_.closes_at.isoformat() == "2099-01-01T00:00:00+00:00"
    client.post(page(contest, "vong/1/ket-thuc/"), {"reason": "mưa lớn"})
    round_.refresh_from_db()
    assert round_.closes_at <= now_utc()
    body = client.get(page(contest, "vong/1/")).content.decode()
    assert "Chốt kết quả" in body


def test_watching_counts_people_papers_and_units(desk: Desk) -> None:
    contest = make_own(desk)
    unit = make_unit("Phường Mỹ Tho", parent=desk.province, head_count=8)
    round_ = contest.rounds.get()
    entries = [make_entry(contest, make_resident(unit=unit)) for _ in range(3)]
    attempts = [start_attempt(entry=entry, round_=round_, now=now_utc()) for entry in entries[:2]]
    submit_attempt(attempt=attempts[0], lease=1, answers=[], prediction="1", received_at=now_utc(), now=now_utc())
    body = " ".join(signed_in(desk.organizer).get(page(contest, "vong/1/theo-doi/")).content.decode().split())
    assert "Phường Mỹ Tho" in body
    assert "12,5%" in body
    assert "trong 3 người đã vào cuộc thi" in body
