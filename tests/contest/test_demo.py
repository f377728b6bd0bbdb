"""The demonstration a newcomer meets: it is made by the domain, and every page it leads to opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from contest.demo import ends_at, make_demo, phone_number
from contest.enums import AttemptState
from contest.models import Attempt, Certificate
from people.domain.residents import erase_resident
from people.models import AuditEntry
from quizbank.domain.bank import load_builtin_bank

pytestmark = pytest.mark.django_db


def test_every_page_of_the_demonstration_opens(client: Client) -> None:
    now = timezone.now()
    call_command("load_units", verbosity=0)
    load_builtin_bank(now=now)
    demo = make_demo(stage="open", residents=4, now=now)
    client.force_login(demo.resident.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    attempt = Attempt.objects.filter(entry__resident=demo.resident).exclude(state=AttemptState.OPEN).get()
    certificate = Certificate.objects.get(entry__resident=demo.resident)
    slug = demo.contest.slug
    pages = ["/", f"/c/{slug}/", f"/c/{slug}/the-le/", f"/c/{slug}/vong/1/", f"/c/{slug}/vong/2/", f"/c/{slug}/bang/"]
    pages += ["/cua-toi/", f"/k/{attempt.public_id}/", f"/k/{attempt.public_id}/xem-lai/", f"/gcn/{certificate.code}/"]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert f"/gcn/{certificate.code}.pdf" in client.get(f"/k/{attempt.public_id}/").content.decode()
    client.force_login(demo.organizer, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get("/quan-ly/").status_code == 200


def test_a_demonstration_that_is_over_is_followed_by_one_that_is_open() -> None:
    now = timezone.now()
    call_command("load_units", verbosity=0)
    load_builtin_bank(now=now)
    first = make_demo(stage="open", residents=3, now=now - timedelta(days=30))
    second = make_demo(stage="open", residents=3, now=now)
    third = make_demo(stage="open", residents=3, now=now)
    assert second.contest != first.contest
    assert ends_at(second.contest) > now
    assert (third.contest, second.resident, second.organizer) == (second.contest, first.resident, first.organizer)
    assert list(first.contest.rounds.values_list("closes_at", flat=True)) != list(
        second.contest.rounds.values_list("closes_at", flat=True)
    )
    assert AuditEntry.objects.filter(verb="round.frozen", actor=first.organizer).count() == 4


def test_a_tester_who_asked_to_be_erased_is_replaced() -> None:
    now = timezone.now()
    call_command("load_units", verbosity=0)
    load_builtin_bank(now=now)
    first = make_demo(stage="scheduled", residents=3, now=now)
    erase_resident(resident=first.resident, now=now)
    again = make_demo(stage="scheduled", residents=3, now=now)
    assert (again.contest, again.resident.user.phone) == (first.contest, phone_number(0))
    assert again.resident != first.resident


def test_making_it_again_changes_nothing_but_the_password() -> None:
    now = timezone.now()
    call_command("load_units", verbosity=0)
    load_builtin_bank(now=now)
    first = make_demo(stage="scheduled", residents=3, now=now)
    again = make_demo(stage="scheduled", residents=3, now=now)
    assert (again.contest, again.organizer, again.resident) == (first.contest, first.organizer, first.resident)
    assert not again.organizer.check_password(first.password)
    again.organizer.refresh_from_db()
    assert again.organizer.check_password(again.password)
