"""Names that are not kept: of who asked to be forgotten, and of guests three months later. Results stay countable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app
from people.domain.residents import erase_resident
from people.models import Resident
from realtime.domain.counting import recount
from realtime.domain.forgetting import GUESTS_KEPT, forget_erased, forget_guests, forget_resident
from realtime.domain.joining import Joining, join_players
from realtime.domain.rehearsal import rehearse
from realtime.domain.reporting import event_workbook
from realtime.enums import Action
from realtime.models import Event, EventLog, Player
from realtime.queries.report import report_of
from realtime.queries.snapshot import snapshot
from realtime.tasks import tidy
from tests.factories import NOW, make_resident, make_user
from tests.realtime.live_factories import RIGHT, Show, join, make_event, make_show, reload

pytestmark = pytest.mark.django_db


def resident_in(show: Show, resident: Resident) -> Player:
    join_players([Joining(event_id=show.event.pk, ticket=f"r{resident.pk}", resident_id=resident.pk)], now=NOW)
    return Player.objects.get(event=show.event, resident=resident)


def logged(show: Show) -> str:
    return str(list(EventLog.objects.filter(event=show.event).values_list("data", flat=True)))


def test_who_is_erased_is_forgotten_by_events_too_after_the_commit(django_capture_on_commit_callbacks):
    show, other = make_show(), make_show()
    lan = make_resident("Nguyễn Thị Lan")
    player, again = resident_in(show, lan), resident_in(other, lan)
    [an] = join(show.event, "An")
    show.command(Action.RENAME, player=player.public_id, name="Lan Xinh")
    show.command(Action.RENAME, player=an.public_id, name="An Nam")
    show.ask({player: RIGHT, an: RIGHT})
    with django_capture_on_commit_callbacks(execute=True) as waiting:
        erase_resident(resident=lan, now=NOW)
        assert reload(player)[0].name == "Lan Xinh"
    assert waiting
    gone, elsewhere = reload(player, again)
    assert [(p.name, p.shown, p.skeleton) for p in (gone, elsewhere)] == [("", "", "")] * 2
    assert gone.ticket != player.ticket
    assert (gone.score > 0, gone.rank) == (True, 1)
    assert "Lan" not in logged(show)
    assert "An Nam" in logged(show)
    assert recount(event_id=show.event.pk) == 0
    number = f"Người chơi {player.public_id[:4].upper()}"
    snap = snapshot(show.event.pk)
    assert snap is not None
    show.command(Action.FINISH)
    assert {line.name for line in report_of(show.event).lines} == {number, "An Nam"}
    assert event_workbook(show.event)


def test_a_lost_word_is_made_good_by_the_hourly_task():
    show = make_show()
    lan = make_resident("Nguyễn Thị Lan")
    player = resident_in(show, lan)
    erase_resident(resident=lan, now=NOW)  # the test's transaction is never committed: nobody heard
    assert reload(player)[0].name == "Nguyễn Thị Lan"
    assert forget_erased() == 1
    assert forget_erased() == forget_resident(resident_id=lan.pk) == 0
    assert reload(player)[0].name == ""


def test_guests_are_forgotten_ninety_days_after_the_event_and_residents_stay():
    show = make_show()
    an, binh = join(show.event, "An", "Bình")
    lan = resident_in(show, make_resident("Nguyễn Thị Lan"))
    show.command(Action.RENAME, player=an.public_id, name="An Nam")
    show.ask({an: RIGHT})
    show.command(Action.FINISH)
    show.command(Action.NEXT)
    assert forget_guests(now=show.now + GUESTS_KEPT - timedelta(days=1)) == 0
    later = show.now + GUESTS_KEPT + timedelta(days=1)
    assert forget_guests(now=later) == 2
    assert forget_guests(now=later) == 0
    assert [p.name for p in reload(an, binh, lan)] == ["", "", "Nguyễn Thị Lan"]
    assert len({p.ticket for p in reload(an, binh)} | {an.ticket, binh.ticket}) == 4
    assert "An" not in logged(show)
    assert recount(event_id=show.event.pk) == 0
    assert Event.objects.get(pk=show.event.pk).forgotten_at == later


def test_an_event_that_never_ended_counts_from_its_last_guest():
    event = make_event()
    [an] = join(event, "An")
    [late] = join(event, "Muộn", now=NOW + timedelta(days=60))
    assert forget_guests(now=NOW + timedelta(days=100)) == 0
    assert forget_guests(now=NOW + timedelta(days=151)) == 2
    assert [p.name for p in reload(an, late)] == ["", ""]


def test_the_task_of_live_events_runs_every_hour_and_does_all_of_it():
    host = make_user()
    event = make_event(actor=host, questions=1, lobby=False)
    now = timezone.now()
    old = rehearse(event=event, players=2, actor=host, now=now - timedelta(days=2))
    [guest] = join(make_event(now=now - timedelta(days=120)), "An", now=now - timedelta(days=120))
    tidy()
    assert not Event.objects.filter(pk=old.pk).exists()
    assert Event.objects.filter(pk=event.pk).exists()
    assert reload(guest)[0].name == ""
    assert app.conf.beat_schedule["tidy-live"] == {
        "task": "realtime.tidy",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    }
    assert tidy.name in app.tasks
