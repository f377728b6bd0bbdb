"""The host's pages: who may open what, from an empty list to an open lobby, by plain forms, and how many queries."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contest.enums import JobState
from contest.models import Job
from people.models import RoleAssignment
from realtime.domain.grants import grant
from realtime.enums import GrantRole, Phase
from realtime.models import Event, Grant
from realtime.urls_live_console import urlpatterns
from tests.factories import make_contest, make_questions, make_topics, make_user
from tests.realtime.live_desk import House, make_house, page, signed_in
from tests.realtime.live_factories import Show, join

pytestmark = pytest.mark.django_db

STEERING_PAGES = {
    "live_desk", "live_remote", "live_marshal", "live_command", "live_state", "live_roster", "live_boards",
    "live_asked",
}  # fmt: skip


@pytest.fixture
def house() -> House:
    return make_house()


def addresses(event: Event) -> list[tuple[str, str]]:
    item = event.questions.first()
    values = {"public_id": event.public_id, "item_id": item.pk if item else 1, "grant_id": 1}
    found = []
    for pattern in urlpatterns:
        wanted = pattern.pattern.converters
        found.append((pattern.name or "", reverse(f"realtime:{pattern.name}", kwargs={n: values[n] for n in wanted})))
    return found


# --- who may come in -------------------------------------------------------------------------------------------------


def test_strangers_find_nothing_and_change_nothing(house: House) -> None:
    event = house.event(lobby=False)
    before = (event.questions.count(), Event.objects.count(), Grant.objects.count())
    for name, address in addresses(event):
        for user in (None, house.resident, house.foreigner):
            if event.public_id not in address and user is not None:
                continue
            client = signed_in(user)
            got = {client.get(address).status_code, client.post(address).status_code} - {HTTPStatus.METHOD_NOT_ALLOWED}
            if name in STEERING_PAGES:
                assert got <= {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}, (name, user)
            else:
                assert got == {HTTPStatus.FOUND if user is None else HTTPStatus.NOT_FOUND}, (name, user)
    assert (event.questions.count(), Event.objects.count(), Grant.objects.count()) == before


def test_who_has_no_role_makes_no_event(house: House) -> None:
    client = signed_in(house.resident)
    assert client.get("/quan-ly/su-kien/moi/").status_code == HTTPStatus.FORBIDDEN
    assert client.get("/quan-ly/su-kien/don-vi/").status_code == HTTPStatus.FORBIDDEN
    body = client.get("/quan-ly/su-kien/").content.decode()
    assert "Chưa có sự kiện nào trong phạm vi của bạn" in body
    assert "/moi/" not in body


def test_the_menu_of_a_host_leads_to_the_events_and_of_an_organizer_to_the_contests(house: House) -> None:
    menu = '<a href="/quan-ly/su-kien/"><svg'
    for user, expected in ((house.host, True), (house.organizer, False), (house.resident, False)):
        client = signed_in(user)
        assert (menu in client.get("/").content.decode()) is expected, user
        assert ('href="/quan-ly/"' in client.get("/").content.decode()) is (user == house.organizer)
        listed = client.get("/quan-ly/su-kien/").content.decode()
        assert ("Các cuộc thi" in listed) is (user == house.organizer)
    event = house.event()
    client = signed_in(house.resident)
    grant(event=event, role=GrantRole.COHOST, user=house.resident, actor=house.host, now=timezone.now())
    client.get("/quan-ly/su-kien/")  # asked to steer one event: found once, shown from then on
    assert menu in client.get("/").content.decode()


def test_an_auditor_reads_and_changes_nothing(house: House) -> None:
    event = house.event(lobby=False)
    client = signed_in(house.auditor)
    for name, address in addresses(event):
        if event.public_id in address:
            assert client.post(address, {"title": "x"}).status_code in (403, 405), name
    body = client.get(page(event)).content.decode()
    assert "giám sát" in body
    assert '<form method="post" action="/quan-ly/' not in body
    assert client.get(page(event, "xem-thu/")).status_code == HTTPStatus.FORBIDDEN  # holds the key
    assert "Đáp án" not in client.get(page(event, "cau-hoi/")).content.decode()


def test_every_change_needs_the_token(house: House) -> None:
    event = house.event(lobby=False)
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.host)
    for name, address in addresses(event):
        assert client.post(address).status_code in (403, 405), name


def test_the_list_holds_own_events_and_no_rehearsals(house: House) -> None:
    house.event(title="Đêm hội của phường", lobby=False)
    rehearsal = house.event(title="Bản tập dượt", lobby=False)
    Event.objects.filter(pk=rehearsal.pk).update(rehearsal=True)
    body = signed_in(house.organizer).get("/quan-ly/su-kien/").content.decode()
    assert "Đêm hội của phường" in body
    assert "Bản tập dượt" not in body
    assert "Đêm hội của phường" not in signed_in(house.foreigner).get("/quan-ly/su-kien/").content.decode()


def test_who_was_asked_to_help_sees_the_event(house: House) -> None:
    event, helper = house.event(), make_user("Trần Văn Giúp")
    client = signed_in(helper)
    assert client.get(page(event)).status_code == HTTPStatus.NOT_FOUND
    grant = Grant.objects.create(event=event, role=GrantRole.COHOST, user=helper, created_at=event.created_at)
    assert client.get(page(event)).status_code == HTTPStatus.OK
    assert client.get(page(event, "dieu-khien/")).status_code == HTTPStatus.OK
    Grant.objects.filter(pk=grant.pk).update(revoked_at=event.created_at)
    assert client.get(page(event)).status_code == HTTPStatus.NOT_FOUND


# --- from nothing to an open lobby -------------------------------------------------------------------------------------


def test_an_event_from_an_empty_list_to_an_open_lobby(house: House) -> None:
    make_questions(16)
    client = signed_in(house.host)
    assert "Tạo sự kiện" in client.get("/quan-ly/su-kien/").content.decode()
    sent = {"title": "Hội thi thử", "mode": "race", "unit": house.ward.code, "unit_text": ""}
    made = client.post("/quan-ly/su-kien/moi/", sent)
    event = Event.objects.get()
    assert made["Location"] == page(event, "cau-hoi/")
    assert client.post(page(event, "mo-phong/")).status_code == HTTPStatus.CONFLICT  # nothing to ask yet
    assert client.post(page(event, "cau-hoi/lam-giup/"), {"minutes": "10"}).status_code == HTTPStatus.FOUND
    assert event.questions.count() > 3
    opened = client.post(page(event, "mo-phong/"))
    assert opened["Location"] == page(event, "dieu-khien/")
    event.refresh_from_db()
    assert event.phase == Phase.LOBBY
    assert event.pin in client.get(page(event)).content.decode()
    assert event.pin in client.get(page(event, "dieu-khien/")).content.decode()


def test_a_new_event_without_a_name_or_of_another_unit_is_refused_kindly(house: House) -> None:
    client = signed_in(house.host)
    reply = client.post("/quan-ly/su-kien/moi/", {"title": " ", "mode": "race", "unit": "52"})
    body = reply.content.decode()
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Mời bạn đặt tên cho sự kiện." in body
    assert "Mời bạn chọn đơn vị trong danh sách." in body
    assert not Event.objects.exists()


def test_units_are_found_in_the_own_scope_only(house: House) -> None:
    client = signed_in(house.host)
    assert "Cao Lãnh" in client.get("/quan-ly/su-kien/don-vi/?q=cao lanh").content.decode()
    assert "Gia Lai" not in client.get("/quan-ly/su-kien/don-vi/?q=gia lai").content.decode()


def test_an_event_may_belong_to_a_contest_of_the_unit(house: House) -> None:
    contest = make_contest(unit=house.province, title="Cuộc thi lớn")
    client = signed_in(house.host)
    assert "Cuộc thi lớn" in client.get("/quan-ly/su-kien/moi/").content.decode()
    sent = {"title": "Chung kết", "mode": "team", "unit": house.ward.code, "contest": contest.public_id}
    client.post("/quan-ly/su-kien/moi/", sent)
    assert Event.objects.get().contest == contest


def test_renaming_copying_and_deleting(house: House) -> None:
    event, client = house.event(lobby=False), signed_in(house.host)
    client.post(page(event, "ten/"), {"title": "Tên mới"})
    assert client.post(page(event, "ten/"), {"title": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post(page(event, "ban-sao/"))
    copy = Event.objects.exclude(pk=event.pk).get()
    assert (copy.questions.count(), "Tên mới" in copy.title) == (event.questions.count(), True)
    assert client.get(page(event, "xoa/")).status_code == HTTPStatus.OK
    assert Event.objects.filter(pk=event.pk).exists()
    client.post(page(event, "xoa/"))
    assert not Event.objects.filter(pk=event.pk).exists()


def test_an_event_with_people_in_it_is_not_deleted(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    join(event, "Lan")
    assert client.post(page(event, "xoa/")).status_code == HTTPStatus.CONFLICT
    assert Event.objects.filter(pk=event.pk).exists()


def test_a_rehearsal_opens_the_desk_of_a_copy_with_people(house: House) -> None:
    event, client = house.event(lobby=False), signed_in(house.host)
    reply = client.post(page(event, "tap-duot/"), {"players": "20"})
    copy = Event.objects.get(rehearsal=True)
    assert reply["Location"] == page(copy, "dieu-khien/")
    assert copy.players.filter(bot=True).count() == 20
    event.refresh_from_db()
    assert event.phase == Phase.DRAFT
    assert client.post(page(event, "tap-duot/"), {"players": "x"}).status_code == HTTPStatus.FOUND


# --- helpers -----------------------------------------------------------------------------------------------------------


def test_a_link_shows_its_key_once_and_opens_the_remote(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    client.post(page(event, "quyen/"), {"role": "cohost", "label": "Điện thoại anh Nam"})
    first = client.get(page(event, "quyen/"))
    fresh = first.context["fresh"]
    assert "<svg" in fresh["qr"]
    assert fresh["url"] in first.content.decode()
    again = client.get(page(event, "quyen/")).content.decode()
    assert fresh["url"] not in again
    assert "Điện thoại anh Nam" in again
    stranger, path = Client(), fresh["url"].split("://", 1)[1].split("/", 1)[1]
    assert stranger.get(f"/{path}").status_code == HTTPStatus.OK
    assert stranger.get(page(event, "quyen/")).status_code == HTTPStatus.FOUND  # a link steers and does nothing else
    client.post(page(event, f"quyen/{event.grants.get(user=None).pk}/thu-hoi/"))
    assert stranger.get(f"/{path}").status_code == HTTPStatus.FORBIDDEN


def test_a_marshals_link_opens_neither_desk_nor_players(house: House) -> None:
    event, client = house.event("bell"), signed_in(house.host)
    client.post(page(event, "quyen/"), {"role": "marshal", "label": ""})
    key = client.get(page(event, "quyen/")).context["fresh"]["url"].split("k=")[1]
    stranger = Client()
    assert stranger.get(page(event, f"trong-tai/?k={key}")).status_code == HTTPStatus.OK
    for rest in ("dieu-khien/", "tu-xa/", "nguoi-choi/"):
        assert stranger.get(page(event, f"{rest}?k={key}")).status_code == HTTPStatus.FORBIDDEN


def test_an_account_near_by_becomes_a_cohost(house: House) -> None:
    event, client = house.event(), signed_in(house.host)
    body = client.get(page(event, "quyen/")).content.decode()
    assert "Ban Tổ Chức" in body
    assert "Dẫn Nơi Khác" not in body
    client.post(page(event, "quyen/"), {"person": "1", "user": house.organizer.public_id, "role": "cohost"})
    assert event.grants.filter(user=house.organizer, role=GrantRole.COHOST).count() == 1
    reply = client.post(page(event, "quyen/"), {"person": "1", "user": house.foreigner.public_id, "role": "cohost"})
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_organizer_takes_the_right_to_steer_and_it_is_recorded(house: House) -> None:
    event, client = house.event(), signed_in(house.organizer)
    assert "Nhận quyền điều khiển" in client.get(page(event, "dieu-khien/")).content.decode()
    client.post(page(event, "quyen/nhan/"))
    assert 'data-live="desk"' in client.get(page(event, "dieu-khien/")).content.decode()
    RoleAssignment.objects.filter(user=house.organizer).delete()
    assert client.get(page(event, "dieu-khien/")).status_code == HTTPStatus.OK  # the grant is the right, not the role


# --- teams and boards --------------------------------------------------------------------------------------------------


def test_teams_get_codes_and_boards_get_seats(house: House) -> None:
    client = signed_in(house.host)
    team, bell = house.event("team"), house.event("bell")
    client.post(page(team, "nguoi/"), {"teams": "1", "lines": "Chi đoàn Ấp 1\n\n Chi đoàn Ấp 2 "})
    body = client.get(page(team, "nguoi/")).content.decode()
    assert "Chi đoàn Ấp 2" in body
    assert team.teams.first().code in body
    assert (
        client.post(page(team, "nguoi/"), {"teams": "1", "lines": " "}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    )
    client.post(page(bell, "nguoi/"), {"lines": "Bà Sáu\nÔng Bảy"})
    assert list(bell.players.filter(marshal=True).values_list("seat", flat=True)) == [1, 2]


# --- afterwards --------------------------------------------------------------------------------------------------------


def played(house: House) -> Event:
    event = house.event(title="Đêm hội")
    show = Show(event, house.host)
    lan, nam = join(event, "Lan", "Nam")
    show.command("start")
    show.later(1)
    show.tick()
    show.answer(lan)
    show.answer(nam, "A")
    show.command("end_now")
    show.later(1)
    show.tick()
    event.refresh_from_db()
    if event.phase == Phase.LOCKED:
        show.command("reveal")
    show.command("judge", accept=["A"], reason="Sách cũ ghi như vậy")
    show.command("finish")
    show.command("next")
    event.refresh_from_db()
    assert event.phase == Phase.ENDED
    return event


def test_the_report_tells_people_questions_and_decisions(house: House) -> None:
    event, client = played(house), signed_in(house.auditor)
    people = client.get(page(event, "bao-cao/")).content.decode()
    assert people.index("Lan") < people.index("Nam")
    assert "Ngày 10/10" in client.get(page(event, "bao-cao/?xem=cau")).content.decode()
    log = client.get(page(event, "bao-cao/?xem=nhat-ky")).content.decode()
    assert "Sách cũ ghi như vậy" in log
    assert "Lê Thị Dẫn" in log
    assert client.get(page(event, "bao-cao/?trang=99999&xem=<x>")).status_code == HTTPStatus.OK


def test_the_workbook_opens(house: House) -> None:
    event = played(house)
    reply = signed_in(house.host).get(page(event, "bao-cao.xlsx"))
    assert reply["Content-Disposition"] == 'attachment; filename="dem-hoi.xlsx"'
    assert "xl/workbook.xml" in ZipFile(BytesIO(reply.content)).namelist()


def test_certificates_start_and_tell_how_far_they_are(house: House) -> None:
    event, client = played(house), signed_in(house.host)
    assert client.post(page(event, "giay-chung-nhan/"), {"kind": "winner"}).status_code == HTTPStatus.FOUND
    body = client.get(page(event, "bao-cao/giay/")).content.decode()
    assert "hx-get" in body
    assert "đã cấp" in body
    assert "<select" not in body
    Job.objects.update(state=JobState.DONE)
    body = client.get(page(event, "bao-cao/giay/")).content.decode()
    assert "hx-get" not in body
    assert "<select" in body  # for the other kind
    assert client.post(page(event, "giay-chung-nhan/"), {"kind": "?"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_before_the_end_there_are_no_certificates(house: House) -> None:
    event = house.event()
    reply = signed_in(house.host).post(page(event, "giay-chung-nhan/"), {"kind": "winner"})
    assert reply.status_code == HTTPStatus.CONFLICT
    assert "Chưa có gì để báo cáo" in reply.content.decode()


def test_counting_into_no_round_is_refused_kindly(house: House) -> None:
    event = played(house)
    reply = signed_in(house.host).post(page(event, "tinh-vao-vong/"))
    assert reply.status_code == HTTPStatus.CONFLICT
    assert "Sự kiện chưa chọn vòng thi" in reply.content.decode()


# --- how many queries --------------------------------------------------------------------------------------------------


def count(client: Client, address: str) -> int:
    client.get(address)  # sessions and caches warm
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(captured)


@pytest.mark.parametrize(
    ("rest", "most"), [("", 16), ("cau-hoi/", 10), ("cau-hoi/chon/", 14), ("dieu-khien/", 20), ("nguoi-choi/", 8)]
)
def test_pages_ask_as_often_for_many_as_for_few(house: House, rest: str, most: int) -> None:
    make_topics()
    client = signed_in(house.host)
    small, large = house.event(questions=1), house.event(questions=9)
    join(small, "Lan")
    join(large, *(f"Người {number}" for number in range(12)))
    few, many = count(client, page(small, rest)), count(client, page(large, rest))
    assert few == many <= most


def test_the_list_asks_as_often_for_many_events(house: House) -> None:
    client = signed_in(house.host)
    house.event(lobby=False)
    few = count(client, "/quan-ly/su-kien/")
    for _ in range(3):
        house.event()
    assert count(client, "/quan-ly/su-kien/") == few
