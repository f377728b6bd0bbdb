"""The console's people: head counts and roles, within the own scope and no further."""

from __future__ import annotations

import pytest
from django.test import Client

from contest.forms.scope import UnitScope
from contest.forms.staff import read_number, read_paste, read_table
from people.domain.head_counts import LARGEST, HeadCountRefused, set_head_counts
from people.enums import Role
from people.errors import NotAllowed
from people.models import AuditEntry, RoleAssignment, Unit
from people.queries.roles import can
from tests.contest.desk import Desk, make_desk, signed_in
from tests.factories import NOW, make_contest, make_resident, make_unit, make_user

pytestmark = pytest.mark.django_db
HEADS = "/quan-ly/quan-so/"
ROLES = "/quan-ly/phan-quyen/"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def ward(desk: Desk) -> Unit:
    return make_unit("Phường Mỹ Tho", code="28249", parent=desk.province)


@pytest.fixture
def foreign(desk: Desk) -> Unit:
    return make_unit("Phường Quy Nhơn", code="21550", parent=desk.elsewhere)


@pytest.fixture
def client(desk: Desk) -> Client:
    return signed_in(desk.organizer)


def size(unit: Unit) -> int | None:
    unit.refresh_from_db()
    return unit.head_count


# --- head counts ------------------------------------------------------------------------------------------------------


def test_setting_a_head_count_is_logged_once(desk: Desk, ward: Unit) -> None:
    for _ in range(2):
        set_head_counts(actor=desk.organizer, counts={"28249": 1204}, now=NOW)
    assert size(ward) == 1204
    (entry,) = AuditEntry.objects.filter(verb="unit.head_count")
    assert (entry.subject, entry.data, entry.actor) == (
        "unit:28249",
        {"counts": {"28249": [None, 1204]}},
        desk.organizer,
    )


def test_one_foreign_unit_refuses_all(desk: Desk, ward: Unit, foreign: Unit) -> None:
    for code in (foreign.code, "gibt-es-nicht"):
        with pytest.raises(NotAllowed):
            set_head_counts(actor=desk.organizer, counts={ward.code: 5, code: 5}, now=NOW)
    with pytest.raises(NotAllowed):
        set_head_counts(actor=desk.auditor, counts={ward.code: 5}, now=NOW)
    assert (size(ward), size(foreign)) == (None, None)


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_no_unit_has_such_a_number(desk: Desk, ward: Unit, number: int) -> None:
    with pytest.raises(HeadCountRefused):
        set_head_counts(actor=desk.organizer, counts={ward.code: number}, now=NOW)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1204", 1204), ("1.204", 1204), ("1 204", 1204), ("1,204,000", 1_204_000), ("0", 0)]
    + [(text, None) for text in ("", "-5", "1.2", "12.04", "năm", "1e3", "99999999999", "1204.")],
)
def test_numbers_as_people_write_them(text: str, number: int | None) -> None:
    assert read_number(text) == number


def test_only_changed_cells_are_written() -> None:
    sent = read_table({"n-A": "5", "w-A": "", "n-B": "7", "w-B": "7", "n-C": "", "w-C": "9", "n-D": "x", "w-D": ""})
    assert (sent.counts, sent.refused) == ({"A": 5, "C": None}, {"D"})


@pytest.mark.parametrize(
    "text",
    [
        "28249\t1204\n82\t90000",
        "Mã;Số người\r\n28249;1.204\r\n82;90.000\r\n",
        "\ufeff28249,1204\n82 90000",
        "28249\tPhường Mỹ Tho\t1204\n\n82\tTỉnh Đồng Tháp\t90 000",
    ],
)
def test_pasted_columns(desk: Desk, ward: Unit, text: str) -> None:
    sent = read_paste(text, UnitScope(desk.organizer))
    assert (sent.counts, sent.complaints) == ({"28249": 1204, "82": 90000}, [])


def test_a_pasted_mistake_is_named_and_nothing_is_written(client: Client, ward: Unit, foreign: Unit) -> None:
    answer = client.post(HEADS, {"paste": "28249 12\n21550 7\n28249 13\nxyz\n82 nhiều2"})
    body = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Dòng 2: không có đơn vị mã 21550", "Dòng 3: mã 28249 đã có ở dòng 1", "Dòng 4", "Dòng 5"):
        assert words in body
    assert "21550 7" in body  # what was typed is still there
    assert size(ward) is None


def test_a_table_is_saved_in_place(client: Client, desk: Desk, ward: Unit) -> None:
    sent = {"n-28249": "1.204", "w-28249": "", "n-82": "", "w-82": ""}
    answer = client.post(f"{HEADS}?q=my tho", sent, follow=True)
    assert answer.redirect_chain == [(f"{HEADS}?q=my%20tho", 302)]
    assert "Đã ghi số người của 1 đơn vị." in answer.content.decode()
    assert 'value="1204"' in answer.content.decode()
    assert size(ward) == 1204


def test_a_wrong_cell_keeps_the_others_on_the_page(client: Client, ward: Unit) -> None:
    answer = client.post(HEADS, {"n-28249": "nhiều", "w-28249": "", "n-82": "9", "w-82": ""})
    assert answer.status_code == 422
    assert 'value="nhiều"' in answer.content.decode()
    assert 'value="9"' in answer.content.decode()
    assert Unit.objects.get(code="82").head_count is None


def test_a_forged_cell_of_a_foreign_unit_is_refused(client: Client, foreign: Unit) -> None:
    assert client.post(HEADS, {"n-21550": "9", "w-21550": ""}).status_code == 403
    assert size(foreign) is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Tỉnh Đồng Tháp", "Phường Mỹ Tho", "Xã Tân Hương"]),
        ("?q=my tho", ["Phường Mỹ Tho"]),
        ("?q=28249", ["Phường Mỹ Tho"]),
        ("?q=dong thap", ["Tỉnh Đồng Tháp"]),
        ("?thieu=1", ["Tỉnh Đồng Tháp", "Phường Mỹ Tho"]),
        ("?q=quy nhon", []),
        ("?q=%00", ["Tỉnh Đồng Tháp", "Phường Mỹ Tho", "Xã Tân Hương"]),
    ],
)
def test_units_are_found_within_the_scope(
    client: Client, desk: Desk, ward: Unit, foreign: Unit, query: str, names: list[str]
) -> None:
    make_unit("Xã Tân Hương", code="28300", parent=desk.province, head_count=7)
    make_resident(unit=ward)
    context = client.get(f"{HEADS}{query}").context
    assert [row.unit.name for row, _shown, _refused in context["rows"]] == names
    assert all(row.residents == (row.unit == ward) for row, _shown, _refused in context["rows"])


def test_number_of_queries_does_not_grow_with_units(
    client: Client, desk: Desk, ward: Unit, django_assert_max_num_queries
) -> None:
    for number in range(20):
        make_unit(f"Xã số {number}", parent=desk.province)
    with django_assert_max_num_queries(7):  # session, account, role, scope, units, residents, and one to spare
        client.get(HEADS)


def test_who_does_not_organize_sets_nothing(desk: Desk, ward: Unit) -> None:
    assert signed_in(desk.auditor).get(HEADS).status_code == 403
    assert signed_in(desk.resident).post(HEADS, {"paste": "28249 1"}).status_code == 403
    assert size(ward) is None


# --- roles ------------------------------------------------------------------------------------------------------------


def test_a_role_is_granted_by_phone_and_logged(client: Client, desk: Desk, ward: Unit) -> None:
    helper = make_user("Nguyễn Phước Thiên Hương Bảo Châu", phone="+84912345678")
    sent = {"login": "0912 345 678", "role": "helper", "unit": "28249", "unit_text": ""}
    answer = client.post(ROLES, sent, follow=True)
    assert "Đã phân quyền cho Nguyễn Phước Thiên Hương Bảo Châu." in answer.content.decode()
    assert can(helper, Role.HELPER, unit=ward)
    assert not can(helper, Role.HELPER, unit=desk.province)
    (entry,) = AuditEntry.objects.filter(verb="role.granted")
    assert (entry.actor, entry.data["unit"]) == (desk.organizer, ward.path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"login": "0987654321"}, "Chưa có tài khoản nào như vậy"),
        ({"unit": "21550"}, "Mời bạn chọn đơn vị trong danh sách."),
        ({"unit": ""}, "Mời bạn chọn đơn vị trong danh sách."),
        ({"role": "root"}, "role"),
    ],
)
def test_a_grant_that_makes_no_sense_is_told(
    client: Client, ward: Unit, foreign: Unit, change: dict[str, str], words: str
) -> None:
    make_user("Lan", phone="+84912345678")
    before = RoleAssignment.objects.count()
    answer = client.post(ROLES, {"login": "0912345678", "role": "helper", "unit": "28249"} | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert RoleAssignment.objects.count() == before


def test_nobody_grants_to_themselves(client: Client, desk: Desk, ward: Unit) -> None:
    answer = client.post(ROLES, {"login": desk.organizer.username, "role": "reviewer", "unit": "28249"})
    assert answer.status_code == 400
    assert "không tự phân quyền" in answer.content.decode()


def test_the_list_is_the_own_scope_with_its_contests(client: Client, desk: Desk, ward: Unit, foreign: Unit) -> None:
    own, other = make_contest("Cuộc thi của tỉnh", unit=desk.province), make_contest("Nơi khác", unit=desk.elsewhere)
    host = make_user("Người Dẫn")
    for contest in (own, other):
        RoleAssignment.objects.create(user=host, role=Role.HOST, contest_ref=contest.public_id)
    RoleAssignment.objects.create(user=host, role=Role.HELPER, unit=foreign)
    grants = client.get(ROLES).context["grants"]
    assert {(str(one.assignment.user), one.assignment.role, one.place) for one in grants} == {
        ("Ban Tổ Chức", "organizer", "Tỉnh Đồng Tháp"),
        ("Giám Sát", "auditor", "Tỉnh Đồng Tháp"),
        ("Người Dẫn", "host", "Cuộc thi của tỉnh"),
    }
    assert [str(one.assignment.user) for one in client.get(f"{ROLES}?q=giám").context["grants"]] == ["Giám Sát"]


def test_taking_back_works_within_the_scope_only(client: Client, desk: Desk, ward: Unit) -> None:
    inside = RoleAssignment.objects.get(user=desk.auditor)
    outside = RoleAssignment.objects.get(user=desk.foreigner)
    assert client.post(ROLES, {"revoke": str(outside.pk)}).status_code == 404
    assert client.post(ROLES, {"revoke": "1; DROP"}).status_code == 404
    assert client.post(ROLES, {"revoke": str(inside.pk)}).status_code == 302
    assert client.post(ROLES, {"revoke": str(inside.pk)}).status_code == 404  # it is gone
    assert list(RoleAssignment.objects.filter(pk__in=[inside.pk, outside.pk])) == [outside]
    assert AuditEntry.objects.filter(verb="role.revoked").count() == 1


# --- the way there ----------------------------------------------------------------------------------------------------


def link(client: Client) -> bool:
    return 'href="/quan-ly/"' in client.get("/").content.decode()


def test_the_menu_shows_the_console_to_those_it_opens_for(desk: Desk) -> None:
    assert link(signed_in(desk.organizer))
    assert link(signed_in(desk.auditor))
    assert not link(signed_in(desk.resident))
    assert not link(Client())


def test_the_menu_follows_a_role_given_and_taken(desk: Desk, django_assert_num_queries) -> None:
    client = signed_in(desk.resident)
    grant = RoleAssignment.objects.create(user=desk.resident, role=Role.ORGANIZER, unit=desk.province)
    client.get("/tai-khoan/")  # one's own page knows the roles anyway
    assert link(client)
    grant.delete()
    assert client.get("/quan-ly/").status_code == 403
    assert not link(client)
