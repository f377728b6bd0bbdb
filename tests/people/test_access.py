"""The access decorators: fail-closed, and each refusal leads somewhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from people.access import (
    BANK,
    CONSOLE_KEY,
    CONTESTS,
    EVENTS,
    AccessPolicy,
    console_of,
    needs_role,
    public,
    require_role,
    resident_of,
    resident_required,
    safe_next,
    signed_in,
    taking_part_required,
)
from people.domain.residents import erase_resident, withdraw_consent
from people.enums import Purpose, Role
from people.errors import NotAllowed
from people.models import RoleAssignment
from tests.factories import NOW, make_participant, make_place, make_role, make_user

pytestmark = pytest.mark.django_db


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def request_of(user=None, method="get", **extra):
    request = getattr(RequestFactory(), method)("/c/x/?a=1", **extra)
    request.user = user or AnonymousUser()
    return request


def test_each_decorator_declares_its_policy():
    assert public(view).access_policy == AccessPolicy("public")
    assert signed_in(view).access_policy == AccessPolicy("signed_in")
    assert resident_required(view).access_policy == taking_part_required(view).access_policy == AccessPolicy("resident")
    assert needs_role(Role.HOST)(view).access_policy == AccessPolicy("role", frozenset({Role.HOST}))
    with pytest.raises(ValueError, match="without a role"):
        needs_role()


def test_strangers_are_sent_to_sign_in_and_back():
    for guard in (signed_in, resident_required, taking_part_required):
        assert guard(view)(request_of()).url == "/tai-khoan/vao/?next=%2Fc%2Fx%2F%3Fa%3D1"
    assert needs_role(Role.HOST)(view)(request_of()).url.startswith("/tai-khoan/login/?next=")


def test_a_post_comes_back_to_the_page_it_was_on():
    request = request_of(method="post", headers={"referer": "http://testserver/c/x/vong/1/"})
    assert signed_in(view)(request).url.endswith("next=http%3A%2F%2Ftestserver%2Fc%2Fx%2Fvong%2F1%2F")
    request = request_of(method="post", headers={"referer": "https://evil.example/"})
    assert signed_in(view)(request).url == "/tai-khoan/vao/"


def test_scripts_get_401_and_a_way_to_sign_in():
    response = signed_in(view)(request_of(headers={"accept": "application/json"}))
    assert response.status_code == 401
    response = signed_in(view)(request_of(headers={"HX-Request": "true"}))
    assert (response.status_code, response.headers["HX-Redirect"][:15]) == (401, "/tai-khoan/vao/")


def test_an_account_without_a_profile_completes_it_first():
    user = make_user()
    assert signed_in(view)(request_of(user)).content == b"in"
    assert resident_required(view)(request_of(user)).url.startswith("/tai-khoan/ho-so/?next=")


def test_a_resident_comes_in_until_erased():
    resident = make_participant()
    assert resident_required(view)(request_of(resident.user)).content == b"in"
    erase_resident(resident=resident, now=NOW)
    assert resident_of(request_of(resident.user)) is None


def test_without_consent_one_sees_but_does_not_take_part():
    resident = make_participant()
    assert taking_part_required(view)(request_of(resident.user)).content == b"in"
    withdraw_consent(resident=resident, purpose=Purpose.TAKE_PART, now=NOW)
    assert resident_required(view)(request_of(resident.user)).content == b"in"
    assert taking_part_required(view)(request_of(resident.user)).url.startswith("/tai-khoan/dong-y/?next=")


def test_roles_are_asked_and_refused():
    host, unit = make_user(), make_place()
    make_role(host, Role.HOST, unit=unit)
    assert needs_role(Role.HOST, Role.ORGANIZER)(view)(request_of(host)).content == b"in"
    with pytest.raises(NotAllowed):
        needs_role(Role.ORGANIZER)(view)(request_of(host))
    require_role(request_of(host), Role.HOST, unit=unit)
    with pytest.raises(NotAllowed):
        require_role(request_of(host), Role.HOST, unit=make_place())
    with pytest.raises(ValueError, match="one place"):
        require_role(request_of(host), Role.HOST)


def test_the_profile_is_read_once_a_request(django_assert_num_queries):
    request = request_of(make_participant().user)
    with django_assert_num_queries(1):
        assert resident_of(request) is resident_of(request)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil", "", None]
)
def test_next_stays_at_home(target):
    assert safe_next(request_of(), target, default="/") == "/"
    assert safe_next(request_of(), "/c/x/?a=1") == "/c/x/?a=1"


def test_the_menu_leads_to_the_first_console_that_fits():
    assert console_of([Role.HOST]) == EVENTS
    assert console_of([Role.HOST, Role.AUDITOR]) == CONTESTS
    assert console_of([Role.AUTHOR, Role.UNIT_OFFICER, Role.HOST]) == BANK
    assert console_of([Role.UNIT_OFFICER]) == ""
    assert console_of([], superuser=True) == CONTESTS


def test_what_a_console_page_learns_mends_the_menu_and_leaves_a_host_alone():
    host, unit = make_user(), make_place()
    make_role(host, Role.HOST, unit=unit)
    request = request_of(host)
    request.session = {CONSOLE_KEY: EVENTS}
    guarded = needs_role(Role.ORGANIZER, Role.AUDITOR)(view)
    with pytest.raises(NotAllowed):
        guarded(request)
    assert request.session == {CONSOLE_KEY: EVENTS}
    make_role(host, Role.ORGANIZER, unit=unit)
    guarded(request)
    assert request.session == {CONSOLE_KEY: CONTESTS}
    RoleAssignment.objects.filter(role=Role.ORGANIZER).delete()
    with pytest.raises(NotAllowed):
        guarded(request)
    assert request.session == {CONSOLE_KEY: ""}
