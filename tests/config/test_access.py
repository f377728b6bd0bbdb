"""Access is fail-closed: every view declares who may come, every change needs a token, no page breaks for any role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from people.access import AccessPolicy
from people.enums import Role
from people.models import User
from tests.factories import make_contest, make_entry, make_participant, make_role, make_round, make_user

# Views of libraries have rules of their own (allauth asks for a session where it needs one).
LIBRARIES = ("allauth.", "django.")
# The frame of the site: no data of anybody, nothing to protect.
FRAME = {
    "config.views.health.healthz",
    "config.views.language.set_language",
    "config.views.pwa.manifest",
    "config.views.pwa.favicon",
    "config.views.pwa.robots",
    "config.views.pwa.service_worker",
    "config.views.errors.offline",
    "config.views.styleguide.styleguide",
}
KINDS = {"public", "signed_in", "resident", "role"}


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern of the site: its full pattern, its view and the names of its arguments."""

    pattern: str
    view: Any
    arguments: dict[str, Any]

    @property
    def name(self) -> str:
        view = getattr(self.view, "view_class", self.view)
        return f"{view.__module__}.{view.__qualname__}"

    def path(self, samples: dict[str, str]) -> str:
        """An address with sample arguments in place of the converters and named groups."""
        filled = re.sub(r"\(\?P<(\w+)>[^()]*\)", lambda group: samples.get(group[1], "1"), self.pattern)
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda argument: samples.get(argument[1], "1"), filled)
        return "/" + filled.replace("^", "").replace("$", "")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(pattern, entry.callback, entry.pattern.converters)
        else:
            yield from routes(entry, pattern)


ROUTES = list(routes())


def test_there_is_a_map_to_walk() -> None:
    assert len(ROUTES) > 40
    assert {"people.views.signin.signup", "contest.views.home.home"} <= {route.name for route in ROUTES}


def test_every_view_of_ours_declares_who_may_come() -> None:
    undeclared = []
    for route in ROUTES:
        policy = getattr(route.view, "access_policy", None)
        if route.name.startswith(LIBRARIES) or route.name in FRAME:
            continue
        if not isinstance(policy, AccessPolicy) or policy.kind not in KINDS:
            undeclared.append(route.name)
    assert undeclared == []


def test_no_view_is_exempt_from_the_token() -> None:
    assert [route.name for route in ROUTES if getattr(route.view, "csrf_exempt", False)] == []


@pytest.fixture
def samples(db: None) -> dict[str, str]:
    """Arguments under which the pages find something: one contest with one open round and one entry."""
    contest = make_contest()
    round_ = make_round(contest, questions=2)
    make_entry(contest, make_participant())
    return {"slug": contest.slug, "number": str(round_.number), "public_id": "a" * 22, "code": "a" * 22}


@pytest.mark.django_db
def test_every_change_without_a_token_is_refused(samples: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_superuser=True, is_staff=True))
    passed = [
        (method, route.pattern, status)
        for route in ROUTES
        for method in ("post", "put", "patch", "delete")
        if (status := getattr(client, method)(route.path(samples)).status_code) != 403
    ]
    assert passed == []


def people() -> dict[str, User | None]:
    """One person for each way of being here."""
    cast: dict[str, User | None] = {
        "stranger": None,
        "account": make_user(),
        "resident": make_participant().user,
        "superuser": make_user(is_superuser=True, is_staff=True),
    }
    for role in Role:
        cast[role.value] = make_user()
        make_role(cast[role.value], role)
    return cast


def role_matters(route: Route) -> bool:
    """Whether a page may look different for somebody with a role; the others were seen with the plain account."""
    policy = getattr(route.view, "access_policy", None)
    return route.name == "people.views.account.me" or (isinstance(policy, AccessPolicy) and policy.kind == "role")


@pytest.mark.django_db
@pytest.mark.slow
def test_no_page_breaks_for_anybody(samples: dict[str, str]) -> None:
    broken = []
    for name, person in people().items():
        client = Client(raise_request_exception=False)
        if person is not None:
            client.force_login(person)
        for route in ROUTES:
            if name in Role.values and not role_matters(route):
                continue
            status = client.get(route.path(samples)).status_code
            if status >= 500 and route.name != "config.views.health.healthz":  # 503 without Redis is its answer
                broken.append((name, route.pattern, status))
    assert broken == []


@pytest.mark.django_db
def test_pages_that_need_a_role_open_only_for_it(samples: dict[str, str]) -> None:
    """A GET of a role's page without the role is 403 (or 405 where only POST is known), never 200."""
    cast = people()
    leaks = []
    for route in ROUTES:
        policy = getattr(route.view, "access_policy", None)
        if not isinstance(policy, AccessPolicy) or policy.kind != "role":
            continue
        for name, person in cast.items():
            if name == "superuser" or name in {role.value for role in policy.roles}:
                continue
            client = Client()
            if person is not None:
                client.force_login(person)
            status = client.get(route.path(samples)).status_code
            if status not in ({302} if person is None else {403, 405}):
                leaks.append((name, route.pattern, status))
    assert leaks == []
