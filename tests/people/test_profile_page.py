"""The profile page: with and without JavaScript, for grown-ups and minors, new and again."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from people.domain.units import add_organisation
from people.enums import Purpose, UnitKind
from people.models import ConsentRecord, Resident, Unit
from tests.factories import NOW, make_participant, make_place, make_user

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def province():
    return make_place("Tỉnh Gia Lai", code="52", former="Bình Định")


@pytest.fixture
def ward(province):
    return make_place("Phường Quy Nhơn", parent=province, code="21583", kind=UnitKind.WARD, former="Thị Nại")


@pytest.fixture
def person(client):
    user = make_user(full_name="", phone="+84912345678")
    client.force_login(user)
    return user


def entries(ward, **fields):
    return {
        "full_name": "Nguyễn Thị Lan", "birth_year": "1985", "category": "citizen", "unit": ward.code, "take_part": "on",
    } | fields  # fmt: skip


def send(client, data):
    return client.post(reverse("people:profile"), data)


def test_the_profile_leads_back_to_where_one_came_from(client, person, ward):
    response = send(client, entries(ward, next="/c/tuan-1/"))
    assert (response.status_code, response.url) == (302, "/c/tuan-1/")
    resident = Resident.objects.get()
    assert (resident.full_name, resident.unit) == ("Nguyễn Thị Lan", ward)
    assert [record.purpose for record in ConsentRecord.objects.all()] == [Purpose.TAKE_PART]


def test_no_box_is_ticked_before_the_person_ticks_it(client, person):
    page = client.get(reverse("people:profile")).content.decode()
    assert 'name="take_part"' in page
    assert 'name="publish_name"' in page
    boxes = [tag for tag in page.split("<input") if 'type="checkbox"' in tag]
    assert boxes
    assert not [tag for tag in boxes if "checked" in tag.split(">")[0]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "123"}, "full_name"),
        ({"birth_year": "85"}, "birth_year"),
        ({"birth_year": "nineteen"}, "birth_year"),
        ({"category": "king"}, "category"),
        ({"unit": "99999"}, "unit_text"),
        ({"unit": "52"}, "unit_text"),
        ({"take_part": ""}, "take_part"),
    ],
)
def test_a_bad_entry_is_told_beside_its_field_and_nothing_is_kept(client, person, ward, change, field):
    response = send(client, entries(ward, **change))
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert Resident.objects.count() == 0


def test_searching_without_javascript_finds_and_scolds_nobody(client, person, ward):
    response = send(client, {"full_name": "Lan", "unit_text": "thi nai", "find": "1"})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'name="unit" value="21583"' in page
    assert "có Thị Nại trước đây" in page
    assert "field-error" not in page
    assert 'value="Lan"' in page


def test_finding_nothing_says_how_to_find(client, person, ward):
    assert "Thử gõ không dấu" in send(client, {"unit_text": "zzz", "find": "1"}).content.decode()


def test_a_minor_is_asked_for_the_guardian(client, person, ward):
    born = str(YEAR - 12)
    response = send(client, entries(ward, birth_year=born))
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"guardian_agrees", "guardian_name", "guardian_phone"}
    guardian = {"guardian_name": "Trần Văn Ba", "guardian_phone": "0987 654 321"}
    response = send(client, entries(ward, birth_year=born, **guardian))
    assert set(response.context["form"].errors) == {"guardian_agrees"}
    assert send(client, entries(ward, birth_year=born, guardian_agrees="on", **guardian)).status_code == 302
    assert Resident.objects.get().guardian_phone == "+84987654321"
    assert 'value="0987 654 321"' in client.get(reverse("people:profile")).content.decode()


def test_an_organisation_of_the_commune_or_province_may_be_picked(client, person, province, ward):
    school = add_organisation(parent=ward, name="Trường THPT Quốc học", code="QH", on=NOW.date())
    department = add_organisation(parent=province, name="Sở Khoa học và Công nghệ", code="SKHCN", on=NOW.date())
    other = add_organisation(parent=make_place(parent=province), name="Trường Khác", code="TK", on=NOW.date())
    assert send(client, entries(ward, province="52", organisation=other.code)).status_code == 302
    assert Resident.objects.get().unit == ward, "an organisation elsewhere does not count"
    for place in (school, department):
        send(client, entries(ward, province="52", organisation=place.code))
        assert Resident.objects.get().unit == place


def test_changing_the_profile_asks_for_no_consent_again(client, ward):
    resident = make_participant(unit=ward)
    client.force_login(resident.user)
    page = client.get(reverse("people:profile")).content.decode()
    assert "take_part" not in page
    assert 'value="21583" checked' in page
    data = entries(ward, full_name="Lê Thị Hoa")
    del data["take_part"]
    assert send(client, data).url == reverse("people:me")
    resident.refresh_from_db()
    assert resident.full_name == "Lê Thị Hoa"


def test_the_page_costs_the_same_however_many_units_there_are(client, person, province, django_assert_num_queries):
    def queries(**data):
        with django_assert_num_queries(5) as seen:
            client.get(reverse("people:profile"), data)
        return len(seen)

    few = queries()
    for number in range(8):
        make_place(f"Xã {number}", parent=province)
    assert queries() == few


def test_mass_assignment_changes_nothing_else(client, person, ward):
    send(
        client,
        entries(ward, is_staff="1", is_superuser="1", public_id="x", erased_at="2020-01-01", phone="+84900000000"),
    )
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.phone) == (False, False, "+84912345678")
    assert Resident.objects.get().erased_at is None


# --- the fragment -------------------------------------------------------------------------------------------------


def test_the_picker_asks_for_a_fragment_or_json(client, ward):
    url = reverse("people:units_search")
    page = client.get(url, {"q": "quy nhon", "kind": "commune"}).content.decode()
    assert 'name="unit" value="21583"' in page
    assert "<html" not in page
    data = client.get(url, {"q": "thi nai"}, headers={"accept": "application/json"}).json()
    assert data == {
        "units": [{"code": "21583", "name": "Phường Quy Nhơn", "kind": "ward", "label": "Phường Quy Nhơn, tỉnh Gia Lai",
                   "former": "Thị Nại"}]
    }  # fmt: skip


def test_the_picker_lists_nothing_for_nothing(client, ward):
    url = reverse("people:units_search")
    for data in ({}, {"within": "nope"}, {"within": "nope", "q": "quy"}):
        assert "<input" not in client.get(url, data).content.decode()
    assert client.post(url).status_code in {403, 405}


def test_the_picker_survives_odd_questions(client, ward):
    for q in ("%", "_", "\x00", "'", '"><script>', "ờ" * 500, ",", ",,,"):
        response = client.get(reverse("people:units_search"), {"q": q, "within": q, "kind": q})
        assert response.status_code == 200
        assert "<script" not in response.content.decode()


def test_the_list_of_a_province_is_one_query_more_however_long(client, province, django_assert_num_queries):
    for size in (1, 10):
        for _ in range(size):
            make_place(parent=province)
        with django_assert_num_queries(2):
            client.get(reverse("people:units_search"), {"within": "52", "kind": "commune"})
    assert Unit.objects.filter(parent=province).count() == 11
