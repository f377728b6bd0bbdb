"""An ended live event gives its questions their figures; a running one, a rehearsal and a bell's floor do not mislead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizbank.item_analysis import ItemFigures
from quizbank.models import VersionStatistic
from realtime.domain.counting import recount
from realtime.domain.item_figures import count_due_events, count_event
from realtime.enums import Action, Mode, Phase, Play
from realtime.models import Event
from tests.realtime.live_factories import RIGHT, WRONG, join, make_show

pytestmark = pytest.mark.django_db


def figures(event):
    rows = VersionStatistic.objects.filter(source=f"event:{event.pk}")
    by_version = {row.version_id: ItemFigures.from_json(row.data) for row in rows}
    return [by_version.get(one.version_id) for one in event.questions.order_by("position")]


def over(show):
    """Play to the end; a moment after it."""
    show.command(Action.FINISH)
    Event.objects.filter(pk=show.event.pk).update(phase=Phase.ENDED, ended_at=show.now, pin=None)
    return show.now + timedelta(minutes=1)


def test_a_race_gives_facility_choices_time_and_discrimination():
    show = make_show(questions=2)
    an, binh, chi, dung = join(show.event, "An", "Bình", "Chi", "Dũng")
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG}, after=3.0)
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG, dung: WRONG}, after=4.0)
    now = over(show)
    assert count_due_events(now=now) == 1
    first, second = figures(show.event)
    assert (first.people, first.blank, first.right, first.median_ms) == (4, 1, 2, 3000)
    assert {name: one.count for name, one in first.choices.items()} == {RIGHT: 2, WRONG: 1}
    assert (first.discrimination, second.discrimination) == (1.0, 1.0)
    assert (second.people, second.blank, second.facility) == (4, 0, 0.5)
    assert count_due_events(now=now) == 0


def test_a_running_event_and_a_rehearsal_are_not_counted():
    show = make_show(questions=1)
    [an] = join(show.event, "An")
    show.ask({an: RIGHT})
    assert (count_event(event_id=show.event.pk, now=show.now), count_due_events(now=show.now)) == (0, 0)
    now = over(show)
    Event.objects.update(rehearsal=True)
    assert (count_event(event_id=show.event.pk, now=now), count_due_events(now=now)) == (0, 0)


def test_polls_and_practice_are_no_test():
    show = make_show(questions=3, settings=[{"play": Play.POLL}, {"practice": True}, {}])
    [an] = join(show.event, "An")
    for _ in range(3):
        show.ask({an: RIGHT})
    count_event(event_id=show.event.pk, now=over(show))
    assert [one is not None for one in figures(show.event)] == [False, False, True]


def test_on_the_bells_floor_only_answers_are_counted():
    show = make_show(Mode.BELL, questions=2)
    an, binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG})
    show.ask({an: RIGHT, binh: WRONG})
    count_event(event_id=show.event.pk, now=over(show))
    first, second = figures(show.event)
    assert (first.people, first.right, first.discrimination) == (3, 2, None)
    assert (second.people, second.right, second.blank) == (2, 1, 0)


def test_the_end_wakes_the_counting(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("realtime.receivers.wake", lambda *hint: sent.append(hint))
    show = make_show(questions=1)
    [an] = join(show.event, "An")
    with django_capture_on_commit_callbacks(execute=True):
        show.ask({an: RIGHT})
    assert sent == []
    with django_capture_on_commit_callbacks(execute=True):
        show.command(Action.FINISH)
        show.until(Phase.PODIUM)
        show.command(Action.NEXT)
    show.event.refresh_from_db()
    assert (show.event.phase, sent) == (Phase.ENDED, [("realtime.figures",)])


def test_what_is_judged_anew_after_the_end_is_counted_anew(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("realtime.receivers.wake", lambda *hint: sent.append(hint))
    show = make_show(questions=1)
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT, binh: WRONG})
    now = over(show)
    assert (count_due_events(now=now), figures(show.event)[0].right) == (1, 1)
    show.event.questions.update(key_also=[WRONG])
    with django_capture_on_commit_callbacks(execute=True):
        assert recount(event_id=show.event.pk) > 0
    assert sent == [("realtime.figures",)]
    later = now + timedelta(hours=1)
    assert [count_due_events(now=later) for _ in range(2)] == [1, 0]
    assert (figures(show.event)[0].right, VersionStatistic.objects.count()) == (2, 1)
