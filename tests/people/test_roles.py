"""Roles: what is asked, who may grant, where a grant reaches."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from people.domain.roles import GrantRefused, grant_role, revoke_role
from people.enums import Role
from people.errors import NotAllowed
from people.models import AuditEntry, RoleAssignment, Unit
from people.queries.roles import can, roles_of, scope_contests, scope_paths, subtree
from tests.factories import NOW, make_nation, make_place, make_role, make_user
from tests.people.racing import at_once

pytestmark = pytest.mark.django_db
CONTEST = "aaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
def province():
    return make_place("Tỉnh Gia Lai", code="5")


@pytest.fixture
def ward(province):
    return make_place("Phường Quy Nhơn", parent=province, code="21583")


@pytest.fixture
def organizer(province):
    user = make_user(full_name="Ban tổ chức tỉnh")
    make_role(user, Role.ORGANIZER, unit=province)
    return user


def test_a_grant_reaches_down_not_up_nor_beside(organizer, province, ward):
    neighbour = make_place("Tỉnh Khác", code="52")
    assert can(organizer, Role.ORGANIZER, unit=province)
    assert can(organizer, Role.ORGANIZER, unit=ward)
    assert can(organizer, Role.ORGANIZER, unit=ward.path)
    assert not can(organizer, Role.ORGANIZER, unit=neighbour)
    assert not can(organizer, Role.ORGANIZER, unit=make_nation())


def test_only_the_role_asked_for_counts(organizer, ward):
    assert not can(organizer, Role.REVIEWER, unit=ward)
    assert can(organizer, [Role.REVIEWER, Role.ORGANIZER], unit=ward)
    assert not can(organizer, [], unit=ward)


def test_a_contest_is_reached_by_its_own_grant_or_by_its_unit(organizer, province, ward):
    host = make_user()
    make_role(host, Role.HOST, contest_ref=CONTEST)
    assert can(host, Role.HOST, contest_ref=CONTEST)
    assert not can(host, Role.HOST, contest_ref="b" * 22)
    assert not can(host, Role.HOST, unit=province)
    assert not can(organizer, Role.ORGANIZER, contest_ref=CONTEST)
    assert can(organizer, Role.ORGANIZER, contest_ref=CONTEST, unit=ward)


def test_nobody_without_an_account_or_with_a_closed_one_may_anything(organizer, province):
    assert not can(AnonymousUser(), Role.ORGANIZER)
    organizer.is_active = False
    assert not can(organizer, Role.ORGANIZER, unit=province)
    assert scope_paths(organizer, Role.ORGANIZER) == []
    assert not can(make_user(is_superuser=True, is_active=False), Role.ORGANIZER)


def test_a_superuser_may_everything_everywhere(province):
    root = make_user(is_superuser=True)
    assert can(root, Role.AUDITOR, unit=province, contest_ref=CONTEST)
    assert scope_paths(root, Role.AUDITOR) == ["VN"]


def test_an_empty_scope_is_no_scope(organizer):
    assert not can(organizer, Role.ORGANIZER, unit="")
    assert not can(organizer, Role.ORGANIZER, unit="", contest_ref=CONTEST)


def test_scopes_leave_out_what_lies_inside_another(organizer, ward):
    make_role(organizer, Role.ORGANIZER, unit=ward)
    make_role(organizer, Role.HOST, contest_ref=CONTEST)
    assert scope_paths(organizer, Role.ORGANIZER) == ["VN.5"]
    assert scope_contests(organizer, Role.HOST) == {CONTEST}
    assert [unit.code for unit in Unit.objects.filter(subtree(["VN.5"])).order_by("path")] == ["5", "21583"]
    assert not Unit.objects.filter(subtree([])).exists()


def test_asking_costs_one_query(organizer, ward, django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            can(organizer, Role.ORGANIZER, unit=ward, contest_ref=CONTEST)
        make_role(organizer, Role.HOST, unit=make_place())


def test_an_organizer_grants_within_the_scope(organizer, ward):
    officer = make_user()
    grant = grant_role(actor=organizer, user=officer, role=Role.UNIT_OFFICER, unit=ward, now=NOW)
    assert can(officer, Role.UNIT_OFFICER, unit=ward)
    assert grant.granted_by == organizer
    assert AuditEntry.objects.get().data == {"role": "unit_officer", "unit": ward.path, "contest": ""}


def test_granting_twice_gives_the_first_grant(organizer, ward):
    officer = make_user()
    first, second = (grant_role(actor=organizer, user=officer, role=Role.HOST, unit=ward, now=NOW) for _ in range(2))
    assert first == second
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("role", list(Role))
def test_nobody_grants_beyond_their_scope(organizer, role):
    for unit in (make_nation(), make_place("Tỉnh Khác", code="52")):
        with pytest.raises(NotAllowed):
            grant_role(actor=organizer, user=make_user(), role=role, unit=unit, now=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZER])
def test_only_organizers_grant(role, ward):
    actor = make_user()
    make_role(actor, role)
    with pytest.raises(NotAllowed):
        grant_role(actor=actor, user=make_user(), role=Role.HELPER, unit=ward, now=NOW)
    assert RoleAssignment.objects.count() == 1


def test_nobody_grants_to_themselves(organizer, ward):
    with pytest.raises(GrantRefused) as refusal:
        grant_role(actor=organizer, user=organizer, role=Role.REVIEWER, unit=ward, now=NOW)
    assert refusal.value.code == "grant_self"


def test_a_grant_has_exactly_one_living_scope(organizer, ward):
    with pytest.raises(GrantRefused):
        grant_role(actor=organizer, user=make_user(), role=Role.HOST, now=NOW)
    with pytest.raises(GrantRefused):
        grant_role(actor=organizer, user=make_user(), role=Role.HOST, unit=ward, contest_ref=CONTEST, now=NOW)
    ward.valid_to = NOW.date()
    with pytest.raises(GrantRefused):
        grant_role(actor=organizer, user=make_user(), role=Role.HOST, unit=ward, now=NOW)


def test_a_contest_is_staffed_by_organizers_of_its_unit(organizer, ward):
    host = make_user()
    with pytest.raises(NotAllowed):
        grant_role(actor=organizer, user=host, role=Role.HOST, contest_ref=CONTEST, now=NOW)
    grant_role(actor=organizer, user=host, role=Role.HOST, contest_ref=CONTEST, contest_unit=ward, now=NOW)
    assert can(host, Role.HOST, contest_ref=CONTEST)


def test_taking_back_works_at_once_and_once(organizer, ward):
    officer = make_user()
    grant = grant_role(actor=organizer, user=officer, role=Role.UNIT_OFFICER, unit=ward, now=NOW)
    revoke_role(actor=organizer, grant=grant, now=NOW)
    revoke_role(actor=organizer, grant=grant, now=NOW)
    assert not can(officer, Role.UNIT_OFFICER, unit=ward)
    assert [entry.verb for entry in AuditEntry.objects.order_by("number")] == ["role.granted", "role.revoked"]


def test_a_stranger_cannot_take_back_but_the_holder_can_give_up(organizer):
    grant = organizer.roles.get()
    with pytest.raises(NotAllowed):
        revoke_role(actor=make_user(), grant=grant, now=NOW)
    revoke_role(actor=organizer, grant=grant, now=NOW)
    assert roles_of(organizer) == []


@pytest.mark.django_db(transaction=True)
def test_grants_at_the_same_moment_are_one_grant():
    root, user, unit = make_user(is_superuser=True), make_user(), make_place()
    outcomes = at_once(4, lambda index: grant_role(actor=root, user=user, role=Role.HOST, unit=unit, now=NOW).pk)
    assert len(set(outcomes)) == 1
    assert RoleAssignment.objects.count() == 1
