"""Invitations through a browser: the link, the cookie until the entry, previews and pictures, the pages and the switch."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client
from django.urls import reverse
from PIL import Image

from contest.arrivals import now_utc, to_ms
from contest.domain.invite_credit import recount
from contest.domain.inviting import personal_link
from contest.models import Contest, Entry, Invitation, InviteCredit, InviteLink, Round
from contest.share_image import store
from contest.share_image.facts import ShareFacts
from contest.views import invites
from contest.views.invited import COOKIE
from people.domain.residents import erase_resident
from people.enums import Role
from people.models import Resident, Unit
from tests.contest.desk import Desk, make_desk, make_own, page, signed_in
from tests.contest.invitees import MINUTE, enter, hand_in, make_link, make_verified
from tests.contest.pages import browser_of, listed_round, page_rules, person
from tests.factories import make_contest, make_role, make_unit, make_user

pytestmark = pytest.mark.django_db

OG = re.compile(r'<meta property="og:([a-z:_]+)" content="([^"]*)">')


@pytest.fixture
def round_() -> Round:
    return listed_round(rules=page_rules(masking={"style": "masked", "minors_style": "initials"}))


@pytest.fixture
def link(round_: Round) -> InviteLink:
    inviter = make_verified("Nguyễn Thị Lan")
    return personal_link(contest=round_.contest, resident=inviter, now=now_utc() - timedelta(days=1))


def address(link: InviteLink) -> str:
    return reverse("contest:invite", args=[link.code])


def start(client: Client, round_: Round) -> Entry:
    where = reverse("contest:start", args=[round_.contest.slug, round_.number])
    assert client.post(where, {"agree": "1"}).status_code == 302
    return Entry.objects.latest("pk")


def preview(client: Client, where: str) -> dict[str, str]:
    return dict(OG.findall(client.get(where).content.decode()))


# --- from the link to the entry ---------------------------------------------------------------------------------------


def test_from_the_link_to_the_credit(round_: Round, link: InviteLink) -> None:
    client = browser_of()
    landed = client.get(address(link).upper().replace("/MOI/", "/moi/"), follow=True)
    assert "Nguyễn T** L** mời bạn dự thi" in landed.content.decode()
    assert "Nguyễn T** L** mời bạn dự thi" in client.get("/c/thi/").content.decode()  # by the cookie alone

    client.force_login(person().user)
    entry = start(client, round_)

    assert entry.invitation.link == link
    assert client.cookies[COOKIE].value == ""
    assert "mời bạn dự thi" not in client.get("/c/thi/").content.decode()


def test_the_first_link_of_a_contest_stays_in_the_browser(round_: Round, link: InviteLink) -> None:
    second = personal_link(contest=round_.contest, resident=make_verified("Trần Bình"), now=now_utc())
    other = personal_link(contest=make_contest(listed_at=now_utc()), resident=make_verified(), now=now_utc())
    client = browser_of()
    for one in (link, second, other):
        client.get(address(one))
    client.force_login(person().user)

    assert start(client, round_).invitation.link == link
    assert set(signing.loads(client.cookies[COOKIE].value, salt="invitation")) == {other.contest.public_id}


def test_the_cookie_is_ours_signed_short_lived_and_unseen_by_scripts(link: InviteLink) -> None:
    client = browser_of()
    client.get(address(link))
    made = client.cookies[COOKIE]
    assert (made["httponly"], made["samesite"], made["max-age"]) == (True, "Lax", 30 * 24 * 3600)
    assert link.resident is not None
    assert str(link.resident.public_id) not in made.value


@pytest.mark.parametrize("value", ["", "x", "e30:1abc:xyz", "%E1"])
def test_a_forged_cookie_invites_nobody_and_stops_nobody(round_: Round, value: str) -> None:
    client = browser_of(person())
    client.cookies[COOKIE] = value
    start(client, round_)
    assert not Invitation.objects.exists()


def test_a_cookie_of_long_ago_invites_nobody(round_: Round, link: InviteLink) -> None:
    InviteLink.objects.update(created_at=now_utc() - timedelta(days=60))
    client = browser_of(person())
    old = to_ms(now_utc() - timedelta(days=31))
    client.cookies[COOKIE] = signing.dumps({round_.contest.public_id: (link.code, old)}, salt="invitation")
    start(client, round_)
    assert not Invitation.objects.exists()


def test_ones_own_link_is_not_kept(round_: Round, link: InviteLink) -> None:
    assert link.resident is not None
    client = browser_of(link.resident)
    client.get(address(link))
    assert COOKIE not in client.cookies


def test_links_that_no_longer_invite_still_lead_to_the_contest(round_: Round, link: InviteLink) -> None:
    assert link.resident is not None
    erase_resident(resident=link.resident, now=now_utc())
    client = browser_of()
    response = client.get(address(link), follow=True)
    assert (response.status_code, COOKIE in client.cookies) == (200, False)
    assert "mời bạn dự thi" not in response.content.decode()
    assert client.get(f"/moi/{'2' * 10}/").status_code == 404


# --- previews and pictures --------------------------------------------------------------------------------------------


def test_zalo_and_facebook_see_who_invites_without_a_cookie(
    round_: Round, link: InviteLink, settings: LazySettings
) -> None:
    settings.SITE_URL = "https://thiso.example.vn"
    landed = browser_of().get(address(link))
    seen = preview(browser_of(), landed["Location"])

    assert seen["title"] == f"Nguyễn T** L** mời bạn dự thi: {round_.contest.title}"
    assert seen["url"] == f"https://thiso.example.vn/c/thi/?moi={link.code}"
    assert re.fullmatch(rf"https://thiso\.example\.vn/moi/{link.code}\.png\?v=\w{{8}}", seen["image"])
    assert (seen["image:width"], seen["image:height"]) == ("1200", "630")
    assert preview(browser_of(), "/c/thi/")["title"] == round_.contest.title


def test_the_picture_is_drawn_once_and_fetched_without_cookies(
    round_: Round, link: InviteLink, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA_DIR = tmp_path
    client = browser_of()
    first = client.get(reverse("contest:invite_image", args=[link.code]))

    with Image.open(io.BytesIO(first.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert (first["Content-Type"], first["Cache-Control"]) == ("image/png", "max-age=3600, public")
    assert (dict(client.cookies), "Cookie" in first.get("Vary", "")) == ({}, False)
    kept = list(tmp_path.rglob("*.png"))
    assert client.get(reverse("contest:invite_image", args=[link.code])).content == first.content
    assert list(tmp_path.rglob("*.png")) == kept
    own = client.get(reverse("contest:share_image", args=["thi"]))
    assert (own.status_code, own.content == first.content) == (200, False)


def test_drawing_is_limited_and_what_is_drawn_is_not(
    round_: Round,
    link: InviteLink,
    tmp_path: Path,
    settings: LazySettings,
    valkey: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(invites, "DRAWINGS_A_MINUTE", 1)
    client = browser_of()
    mine, other = reverse("contest:invite_image", args=[link.code]), reverse("contest:share_image", args=["thi"])
    assert [client.get(one).status_code for one in (mine, other, mine, other)] == [200, 429, 200, 429]


def make_facts(title: str) -> ShareFacts:
    return ShareFacts(
        title=title,
        organizer="Sở",
        dates="",
        inviter="",
        address="https://thiso.example.vn/c/thi/",
        domain="thiso.example.vn",
    )


def test_a_slow_drawing_keeps_nobody_waiting_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = threading.Event()

    def slowly(_facts: ShareFacts) -> bytes:
        drawn.wait(20)
        return b"png"

    monkeypatch.setattr(store, "draw", slowly)
    facts = make_facts("Chậm")
    with pytest.raises(store.TooBusy):
        store.make(tmp_path, facts, timeout_s=0.01)
    drawn.set()
    assert store.make(tmp_path, facts, timeout_s=20) == b"png"
    assert store.find(tmp_path, facts) == b"png"


def test_few_pictures_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "draw", lambda _facts: b"png")
    monkeypatch.setattr(store, "SHARD", 0)
    for number in range(store.MOST_IN_SHARD + 5):
        store.make(tmp_path, make_facts(str(number)))
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == store.MOST_IN_SHARD


@pytest.mark.parametrize(
    "title", ["A", "Chữ " * 50, "Khôngcókhoảngtrắng" * 11, '<script>#panic()</script> \\ " $x$ #x']
)
def test_any_title_is_drawn(title: str, tmp_path: Path) -> None:
    assert store.make(tmp_path, make_facts(title), timeout_s=60).startswith(b"\x89PNG")


def test_a_code_as_qr(link: InviteLink) -> None:
    response = browser_of().get(reverse("contest:invite_qr", args=[link.code]))
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")


# --- one's own page ---------------------------------------------------------------------------------------------------


def test_a_resident_gets_a_link_and_sees_what_came_of_it(round_: Round) -> None:
    lan = person("Nguyễn Thị Lan")
    client = browser_of(lan)
    assert "Lấy link mời của tôi" in client.get("/c/thi/lan-toa/").content.decode()
    for _ in range(2):
        assert client.post("/c/thi/lan-toa/link/").status_code == 302
    InviteLink.objects.update(created_at=now_utc() - timedelta(hours=1))
    link = InviteLink.objects.get()
    entry, _invitation = enter(link, make_verified("Lê Thị Mai"), at=now_utc())
    hand_in(round_, entry, at=now_utc())
    recount(contest=round_.contest, now=now_utc())

    shown = client.get("/c/thi/lan-toa/").content.decode()

    assert address(link) in shown
    assert "Lê T** M**" in shown
    assert "Lê Thị Mai" not in shown
    assert InviteCredit.objects.get().state == "counted"
    assert "Nguyễn T** L**" in shown  # the board


def test_a_stranger_sees_the_boards_and_the_way_in(round_: Round) -> None:
    shown = browser_of().get("/c/thi/lan-toa/").content.decode()
    assert "Đăng ký hoặc đăng nhập" in shown
    assert browser_of().get("/c/thi/lan-toa/?bang=don-vi&trang=99999999").status_code == 200
    assert browser_of().post("/c/thi/lan-toa/link/").status_code == 302
    account = Client()
    account.force_login(make_user())
    assert account.post("/c/thi/lan-toa/link/")["Location"].startswith(reverse("people:profile"))
    assert not InviteLink.objects.exists()


def test_unit_officers_hand_out_links_of_their_own_units(round_: Round) -> None:
    contest = round_.contest
    ward = make_unit("Phường Mỹ Tho", parent=contest.unit)
    other = make_unit("Phường Cao Lãnh", parent=contest.unit)
    officer = make_user()
    make_role(officer, Role.UNIT_OFFICER, unit=ward)
    client = signed_in(officer)
    assert "Phường Mỹ Tho" in client.get("/c/thi/lan-toa/").content.decode()

    assert client.post("/c/thi/lan-toa/link/", {"unit": other.code}).status_code == 403
    assert client.post("/c/thi/lan-toa/link/", {"unit": ward.code}).status_code == 302

    link = InviteLink.objects.get()
    assert (link.unit, link.resident) == (ward, None)
    landed = browser_of().get(address(link), follow=True).content.decode()
    assert "Phường Mỹ Tho mời bạn dự thi" in landed


@pytest.mark.parametrize("people", [1, 5])
def test_queries_do_not_grow(people: int, round_: Round, django_assert_num_queries: Callable[..., Any]) -> None:
    link = make_link(round_.contest, at=now_utc() - timedelta(days=1))
    for number in range(people):
        entry, _invitation = enter(link, at=now_utc() - number * 20 * MINUTE)
        hand_in(round_, entry)
    recount(contest=round_.contest, now=now_utc())
    with django_assert_num_queries(6):  # contest, rounds, still counted?, turn, board, people
        browser_of().get("/c/thi/lan-toa/")


# --- the switch and the console ---------------------------------------------------------------------------------------


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_an_organizer_switches_invitations_off(desk: Desk) -> None:
    contest = make_own(desk, slug="thi")
    link = make_link(contest, at=now_utc() - MINUTE)
    client = signed_in(desk.organizer)
    sent = {"title": contest.title, "organizer": contest.organizer, "unit": desk.province.code}
    assert (
        "checked" in re.findall(r"<input[^>]*invites_on[^>]*>", client.get(page(contest, "sua/")).content.decode())[0]
    )

    assert client.post(page(contest, "sua/"), sent).status_code == 302

    contest.refresh_from_db()
    assert contest.invites_on is False
    assert browser_of().get("/c/thi/lan-toa/").status_code == 404
    visitor = browser_of()
    assert "mời bạn dự thi" not in visitor.get(address(link), follow=True).content.decode()
    assert COOKIE not in visitor.cookies
    assert client.post(page(contest, "sua/"), sent | {"invites_on": "on"}).status_code == 302
    assert Contest.objects.get(pk=contest.pk).invites_on is True


def make_doubt(contest: Contest) -> Entry:
    entry, _invitation = enter(make_link(contest, "Người Mời", at=now_utc() - timedelta(days=1)), at=now_utc())
    hand_in(contest.rounds.get(), entry, at=now_utc(), seconds=3)
    return entry


def test_an_organizer_decides_about_what_is_in_doubt(desk: Desk) -> None:
    contest = make_own(desk)
    entry = make_doubt(contest)
    client = signed_in(desk.organizer)
    shown = client.get(page(contest, "lan-toa/")).content.decode()
    assert "Trả lời 5 câu trong 3 giây" in shown

    where, sent = page(contest, "lan-toa/"), {"credit": [entry.public_id], "decision": "accept"}
    assert client.post(where, sent).status_code == 422  # no reason
    assert client.post(where, {"decision": "accept", "reason": "x"}).status_code == 422
    assert client.post(where, sent | {"decision": "?", "reason": "x"}).status_code == 422
    assert InviteCredit.objects.get().state == "held"
    assert client.post(where, sent | {"reason": "Đã gọi hỏi."}).status_code == 302

    assert InviteCredit.objects.get().state == "counted"
    assert "Đã gọi hỏi." in client.get(where).content.decode()
    assert "tính lượt mời đang xem xét" in client.get(page(contest)).content.decode()


def test_a_ring_is_decided_about_as_a_whole(desk: Desk) -> None:
    contest = make_own(desk)
    link = make_link(contest, at=now_utc() - timedelta(days=1))
    for number in range(12):
        entry, _invitation = enter(link, at=now_utc() - number * MINUTE * 0.1)
        hand_in(contest.rounds.get(), entry, at=now_utc())
    make_doubt(contest)
    client = signed_in(desk.organizer)
    assert "12 người chờ" in client.get(page(contest, "lan-toa/")).content.decode()
    sent = {"link": [link.code], "decision": "refuse", "reason": "Một người làm hộ."}

    assert client.post(page(contest, "lan-toa/"), sent).status_code == 302

    states = InviteCredit.objects.filter(invitation__link=link).values_list("state", flat=True)
    assert list(states) == ["refused"] * 12
    assert InviteCredit.objects.filter(state="held").count() == 1


def test_only_organizers_of_the_contest_decide(desk: Desk) -> None:
    contest = make_own(desk)
    entry = make_doubt(contest)
    recount(contest=contest, now=now_utc())
    where, sent = page(contest, "lan-toa/"), {"credit": [entry.public_id], "decision": "accept", "reason": "x"}
    seen = {
        user: (signed_in(user).get(where).status_code, signed_in(user).post(where, sent).status_code)
        for user in (desk.auditor, desk.foreigner, desk.resident)
    }
    assert list(seen.values()) == [(200, 403), (404, 404), (403, 403)]
    assert InviteCredit.objects.get().state == "held"


def test_names_of_people_cannot_become_markup(round_: Round) -> None:
    lan: Resident = person("Nguyễn Thị Lan")
    Resident.objects.filter(pk=lan.pk).update(full_name="<b>x</b> <i>y</i>")
    Unit.objects.filter(pk=lan.unit_id).update(name="<u>đơn vị</u>")
    Contest.objects.update(title='"><script>1</script>')
    client = browser_of(lan)
    client.post("/c/thi/lan-toa/link/")
    InviteLink.objects.update(created_at=now_utc() - timedelta(hours=1))
    link = InviteLink.objects.get()
    entry, invitation = enter(link, make_verified("<b>x</b> <u>y</u>"), at=now_utc())
    hand_in(round_, entry, at=now_utc())
    assert invitation is not None
    for where in ("/c/thi/lan-toa/", f"/c/thi/?moi={link.code}"):
        shown = Client().get(where).content.decode() + client.get(where).content.decode()
        assert not re.search(r"<b>x|<i>y|<u>|<script>", shown)
