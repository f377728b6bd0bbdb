"""Units: the map of 2026, its search, and what the law does to it."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from people.domain.unit_loading import UNITS_CSV, load_units
from people.domain.units import UnitRefused, add_organisation, merge_units, move_unit, rename_unit
from people.enums import Role, UnitKind
from people.models import Unit
from people.queries.roles import covers
from people.queries.units import (
    children_of,
    communes_of,
    former_name_hit,
    nation,
    provinces,
    search_units,
    unit_by_code,
    unit_path_label,
)
from people.text import search_key
from people.units_source import former_names
from tests.factories import make_nation, make_participant, make_place, make_role, make_user

TODAY = date(2026, 11, 22)


def rows() -> list[dict[str, str]]:
    with UNITS_CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, lines: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    return path


@pytest.fixture
def country(db):
    load_units(on=TODAY)


# --- the file -----------------------------------------------------------------------------------------------------


def test_file_has_the_map_of_2026():
    found = Counter(row["kind"] for row in rows())
    assert found == {"nation": 1, "province": 34, "ward": 709, "commune": 2599, "special_zone": 13}


def test_file_is_a_tree_with_unique_codes():
    lines = rows()
    kinds = {row["code"]: row["kind"] for row in lines}
    assert len(kinds) == len(lines)
    assert {kinds[row["parent"]] for row in lines if row["kind"] in {"ward", "commune", "special_zone"}} == {"province"}
    assert {row["parent"] for row in lines if row["kind"] == "province"} == {"VN"}


def test_former_names_leave_out_what_is_no_commune():
    note = (
        "Đổi tên từ phường Phú Cường thành phường Thủ Dầu Một, hợp nhất các phường Phú Cường, Phú Thọ, Chánh Nghĩa, "
        "1 phần phường Hiệp Thành thuộc thành phố Thủ Dầu Một. Bỏ cấp huyện. Số: 1685/NQ-UBTVQH15; Ngày: 16/06/2025"
    )
    assert former_names(note, "Phường Thủ Dầu Một") == ["Phú Cường", "Phú Thọ", "Chánh Nghĩa", "Hiệp Thành"]


# --- loading ------------------------------------------------------------------------------------------------------


def test_load_makes_every_unit_with_its_path(country):
    assert Unit.objects.count() == 3356
    ward = unit_by_code("26368")
    assert (ward.path, ward.kind, ward.name) == ("VN.75.26368", UnitKind.WARD, "Phường Long Thành")
    assert ward.legal_basis == "Nghị quyết 237/NQ-UBTVQH16 ngày 14/04/2026"
    assert provinces().count() == 34
    assert nation().path == "VN"


def test_load_twice_changes_nothing(country, django_assert_max_num_queries):
    before = list(Unit.objects.order_by("pk").values_list())
    with django_assert_max_num_queries(4):
        report = load_units(on=TODAY)
    assert (report.created, report.renamed, report.moved, report.touched) == (0, 0, 0, 0)
    assert list(Unit.objects.order_by("pk").values_list()) == before


def test_load_of_a_changed_name_closes_the_old_version(db, tmp_path):
    lines = [row for row in rows() if row["code"] in {"VN", "52", "21583"}]
    load_units(path=write(tmp_path / "a.csv", lines), on=TODAY)
    old = unit_by_code("21583")
    person = make_participant(unit=old)
    lines[-1] |= {"name": "Phường Quy Nhơn Mới", "valid_from": "2027-01-01", "legal_basis": "Nghị quyết thử"}
    report = load_units(path=write(tmp_path / "b.csv", lines), on=TODAY)
    new = unit_by_code("21583")
    old.refresh_from_db()
    person.refresh_from_db()
    assert report.renamed == 1
    assert (old.valid_to, old.successor, new.valid_from) == (date(2027, 1, 1), new, date(2027, 1, 1))
    assert (new.name, new.path, person.unit) == ("Phường Quy Nhơn Mới", "VN.52.21583", new)


def test_load_of_a_moved_unit_takes_what_is_below_along(db, tmp_path):
    lines = [row for row in rows() if row["code"] in {"VN", "51", "52", "21583"}]
    load_units(path=write(tmp_path / "a.csv", lines), on=TODAY)
    school = add_organisation(parent=unit_by_code("21583"), name="Trường THPT Quốc học", code="QH", on=TODAY)
    lines[-1] |= {"parent": "51", "valid_from": "2027-01-01", "name": "Phường Quy Nhơn X"}
    report = load_units(path=write(tmp_path / "b.csv", lines), on=TODAY)
    school.refresh_from_db()
    assert (report.renamed, report.moved) == (1, 1)
    assert unit_by_code("21583").path == "VN.51.21583"
    assert (school.path, school.parent) == ("VN.51.21583.QH", unit_by_code("21583"))


def test_load_reports_units_the_file_does_not_know(db, tmp_path):
    lines = [row for row in rows() if row["code"] in {"VN", "52", "21583"}]
    load_units(path=write(tmp_path / "a.csv", lines), on=TODAY)
    report = load_units(path=write(tmp_path / "b.csv", lines[:2]), on=TODAY)
    assert report.missing == ["21583"]
    assert unit_by_code("21583") is not None


def test_command_says_what_it_did(db, capsys):
    call_command("load_units")
    call_command("load_units")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("3356 đơn vị: 3356 mới")
    assert second.startswith("3356 đơn vị: 0 mới, 0 đổi")


# --- search -------------------------------------------------------------------------------------------------------


def test_search_finds_first_what_is_meant(country):
    meant = {
        "my tho": "Phường Mỹ Tho",
        "Mỹ Thọ": "Xã Mỹ Thọ",
        "quy nhơn": "Phường Quy Nhơn",
        "PHƯỜNG QUY NHƠN BẮC": "Phường Quy Nhơn Bắc",
        "p. quy nhon bac": "Phường Quy Nhơn Bắc",
        "tp hcm": "Thành phố Hồ Chí Minh",
        "sai gon": "Thành phố Hồ Chí Minh",
        "hue": "Thành phố Huế",
        "ba ria vung tau": "Thành phố Hồ Chí Minh",
        "con dao": "Đặc khu Côn Đảo",
        "Quy Nhơn, Bình Định": "Phường Quy Nhơn",
        "thi nai": "Phường Quy Nhơn",
    }
    assert {text: search_units(text, limit=3)[0].name for text in meant} == meant


def test_search_within_a_province_finds_only_there(country):
    gia_lai = unit_by_code("52")
    assert {unit.path.split(".")[1] for unit in search_units("an", within=gia_lai, limit=50)} == {"52"}


def test_search_by_kind_finds_only_that_kind(country):
    assert {unit.kind for unit in search_units("an", kinds=[UnitKind.PROVINCE])} == {UnitKind.PROVINCE}


def test_search_for_nonsense_finds_nothing(country):
    assert search_units("zzzqqq") == []
    assert search_units("%") == search_units("")
    assert search_units("_") == search_units("")


def test_search_costs_one_query_however_much_it_finds(country, django_assert_num_queries):
    for limit in (1, 20):
        with django_assert_num_queries(1):
            assert [unit_path_label(unit) for unit in search_units("an", limit=limit)]


@given(st.text(max_size=40))
def test_search_key_is_idempotent_and_plain(text):
    key = search_key(text)
    assert search_key(key) == key
    assert "%" not in key


def test_a_former_name_says_why_a_unit_was_found(country):
    unit = search_units("bình định", kinds=[UnitKind.PROVINCE])[0]
    assert former_name_hit(unit, "bình định") == "Bình Định"
    assert former_name_hit(unit, "gia lai") == ""


def test_label_reads_like_an_address(country):
    assert unit_path_label(unit_by_code("21583")) == "Phường Quy Nhơn, tỉnh Gia Lai"
    assert unit_path_label(unit_by_code("46")) == "Thành phố Huế"
    school = add_organisation(parent=unit_by_code("21583"), name="Trường THPT Quốc học", on=TODAY)
    assert unit_path_label(school) == "Trường THPT Quốc học, phường Quy Nhơn, tỉnh Gia Lai"


def test_children_are_those_in_force(country):
    gia_lai = unit_by_code("52")
    assert communes_of(gia_lai).count() == 135
    assert children_of(nation()).count() == 34


# --- changes ------------------------------------------------------------------------------------------------------


def test_adding_the_same_organisation_twice_gives_the_first(db):
    commune = make_place(parent=make_place("Tỉnh A"))
    first = add_organisation(parent=commune, name="Trường Tiểu học  Số 1", on=TODAY)
    assert add_organisation(parent=commune, name="trường tiểu học số 1", on=TODAY) == first
    assert first.path.startswith(f"{commune.path}.")


@pytest.mark.parametrize(("name", "code"), [("", ""), ("A", ""), ("Trường", "có dấu"), ("Trường", "a.b")])
def test_a_bad_organisation_is_refused(db, name, code):
    with pytest.raises(UnitRefused):
        add_organisation(parent=make_place("Tỉnh A"), name=name, code=code, on=TODAY)
    assert not Unit.objects.filter(kind=UnitKind.ORGANISATION).exists()


def test_a_taken_code_is_refused(db):
    province = make_place("Tỉnh A")
    add_organisation(parent=province, name="Sở Một", code="S1", on=TODAY)
    with pytest.raises(UnitRefused, match="đã được dùng"):
        add_organisation(parent=province, name="Sở Hai", code="S1", on=TODAY)


def test_renaming_twice_loses_the_second_time(db):
    unit = make_place("Xã Cũ", parent=make_place("Tỉnh A"))
    stale = Unit.objects.get(pk=unit.pk)
    renamed = rename_unit(unit=unit, name="Xã Mới", on=TODAY)
    assert (renamed.former, renamed.folded_former) == ("Xã Cũ", "xa cu")
    with pytest.raises(UnitRefused, match="trước đó"):
        rename_unit(unit=stale, name="Xã Khác", on=TODAY)


def test_merging_hands_people_roles_and_units_to_the_successor(db):
    province = make_place("Tỉnh A")
    old, into = make_place("Xã Một", parent=province), make_place("Xã Hai", parent=province)
    school = make_place("Trường", parent=old, code="TR")
    person, officer = make_participant(unit=old), make_user()
    make_role(officer, Role.UNIT_OFFICER, unit=old)
    make_role(officer, Role.UNIT_OFFICER, unit=into)
    merge_units(units=[old], into=into, on=TODAY)
    for thing in (old, into, school, person):
        thing.refresh_from_db()
    assert (old.valid_to, old.successor) == (TODAY, into)
    assert (person.unit, school.parent, school.path) == (into, into, f"{into.path}.TR")
    assert [grant.unit for grant in officer.roles.all()] == [into]
    assert [unit.name for unit in search_units("xã một")] == ["Xã Hai"]


def test_a_unit_cannot_go_below_itself(db):
    province = make_place("Tỉnh A")
    commune = make_place(parent=province)
    with pytest.raises(UnitRefused):
        move_unit(unit=province, parent=commune, on=TODAY)
    with pytest.raises(UnitRefused):
        merge_units(units=[province], into=commune, on=TODAY)
    assert Unit.objects.filter(valid_to__isnull=False).count() == 0


def test_paths_cover_whole_codes_only():
    assert covers("VN.5", "VN.5")
    assert covers("VN.5", "VN.5.1")
    assert not covers("VN.5", "VN.52")
    assert not covers("VN.52", "VN")


def test_the_nation_is_made_once(db):
    assert make_nation() == make_nation()


def test_sixty_three_provinces_became_thirty_four():
    """Resolution 202/2025/QH15: 23 provinces took in 29 others, 11 stayed as they were."""
    with UNITS_CSV.with_name("provinces_63.csv").open(encoding="utf-8", newline="") as file:
        merged = list(csv.DictReader(file))
    today = {row["code"]: row for row in rows() if row["kind"] == UnitKind.PROVINCE}
    names = {code: row["name"].removeprefix("Tỉnh ").removeprefix("Thành phố ") for code, row in today.items()}
    assert (len(today), len(merged), len({row["code"] for row in merged})) == (34, 29, 23)
    assert all(names[row["code"]] == row["province"] for row in merged)
    assert all(row["former"] in today[row["code"]]["former"].split("; ") for row in merged)
    assert len(set(names.values()) | {row["former"] for row in merged}) == 63
