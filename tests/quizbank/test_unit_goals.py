"""What a unit learns together: set by its officers, counted from the ledger, nobody named."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.errors import NotAllowed
from people.models import Resident, Unit, User
from quizbank.domain.progress_settings import choose_progress, switch_off
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.domain.unit_goals import end_goal, set_goal
from quizbank.errors import GoalRefused
from quizbank.models import UnitGoal
from quizbank.queries.unit_goals import goals_of_path, progress_of_goal
from tests.factories import NOW, make_participant, make_place, make_role, make_user
from tests.quizbank.decks import make_deck

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def officer_of(unit: Unit) -> User:
    officer = make_user("Phạm Thị Đầu Mối")
    make_role(officer, Role.UNIT_OFFICER, unit=unit)
    return officer


def goal_for(unit: Unit, **changed) -> UnitGoal:
    wanted = {"title": "Xã ta học 1.000 thẻ", "target": 1000, "starts_on": TODAY, "ends_on": TODAY + 29 * DAY}
    return set_goal(actor=changed.pop("actor", None) or officer_of(unit), unit=unit, now=NOW, **(wanted | changed))


def study(person: User, *cards: int, at=NOW) -> None:
    looks = [
        SentReview(f"co-ban-{card:02d}", 3, at - timedelta(seconds=10 * place), f"{card}-{at}")
        for place, card in enumerate(cards)
    ]
    record_reviews(person=person, reviews=looks, now=at)


def test_cards_of_the_unit_and_below_count_once_a_person_within_the_dates() -> None:
    make_deck(cards=6)
    commune = make_place(parent=make_place())
    school = make_place("Trường Tiểu học", parent=commune)
    an, binh, far = (make_participant(unit=unit).user for unit in (commune, school, make_place()))
    study(an, 1, at=NOW - DAY)  # the day before it began
    goal = goal_for(commune)
    study(an, 2, 3)
    study(an, 2, 3, at=NOW + 30 * DAY)
    study(binh, 2)
    study(far, 4)
    found = progress_of_goal(goal, TODAY)
    assert (found.done, found.people, found.state, found.is_reached) == (3, 2, "running", False)
    assert (found.percent, found.left) == (0, 997)


def test_who_switched_it_off_or_was_moved_out_is_not_counted() -> None:
    make_deck()
    commune = make_place(parent=make_place())
    an, binh = (make_participant(unit=commune) for _ in range(2))
    goal = goal_for(commune, target=1)
    for resident in (an, binh):
        study(resident.user, 1)
    assert progress_of_goal(goal, TODAY).done == 2
    choose_progress(person=an.user, shown=False, league=False, now=NOW)
    assert progress_of_goal(goal, TODAY).done == 1
    Resident.objects.filter(pk=binh.pk).update(unit=make_place())
    assert progress_of_goal(goal, TODAY).done == 0


def test_a_unit_below_that_is_switched_off_is_left_out() -> None:
    make_deck()
    province = make_place()
    commune = make_place(parent=province)
    resident, other = make_participant(unit=commune), make_participant(unit=province)
    goal = goal_for(province)
    for one in (resident, other):
        study(one.user, 1)
    organizer = make_user()
    make_role(organizer, Role.ORGANIZER, unit=commune)
    switch_off(actor=organizer, unit=commune, now=NOW)
    assert progress_of_goal(goal, TODAY).done == 1


def test_the_same_goal_twice_is_one_and_another_at_the_same_time_is_refused() -> None:
    unit = make_place()
    first = goal_for(unit)
    assert goal_for(unit).pk == first.pk
    with pytest.raises(GoalRefused) as refused:
        goal_for(unit, target=5)
    assert refused.value.status == 409
    goal_for(unit, starts_on=TODAY + 30 * DAY, ends_on=TODAY + 40 * DAY)
    end_goal(actor=officer_of(unit), goal=first, now=NOW)
    end_goal(actor=officer_of(unit), goal=first, now=NOW)
    assert goal_for(unit, target=5).pk != first.pk


@pytest.mark.parametrize(
    "changed",
    [
        {"target": 0},
        {"target": 10**9},
        {"ends_on": TODAY - DAY},
        {"starts_on": TODAY - 9 * DAY, "ends_on": TODAY - DAY},
        {"ends_on": TODAY + 400 * DAY},
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(changed: dict) -> None:
    unit = make_place()
    with pytest.raises(GoalRefused):
        goal_for(unit, **changed)
    assert not UnitGoal.objects.exists()


def test_only_officers_and_organizers_of_the_place_set_and_end_goals() -> None:
    unit, other = make_place(), make_place()
    stranger = officer_of(other)
    goal = goal_for(unit)
    with pytest.raises(NotAllowed):
        goal_for(unit, actor=stranger, starts_on=TODAY + 60 * DAY, ends_on=TODAY + 61 * DAY)
    with pytest.raises(NotAllowed):
        end_goal(actor=stranger, goal=goal, now=NOW)


def test_a_person_sees_goals_of_the_own_unit_and_those_above() -> None:
    province = make_place()
    commune, elsewhere = make_place(parent=province), make_place(parent=province)
    goals = [goal_for(unit) for unit in (province, commune)]
    goal_for(elsewhere)
    assert {one.goal for one in goals_of_path(commune.path, TODAY)} == set(goals)


# --- pages ----------------------------------------------------------------------------------------------------------
def test_an_officer_sets_a_goal_and_anybody_reads_it(client: Client) -> None:
    commune = make_place("Xã Mỹ Tịnh An", parent=make_place())
    client.force_login(officer_of(commune))
    page = client.get(reverse("quizbank:goal_new"))
    form = page.context["form"]
    data = {
        "title": "Xã ta học 1.000 thẻ",
        "target": "1000",
        "starts_on": form.initial["starts_on"].isoformat(),
        "ends_on": form.initial["ends_on"].isoformat(),
        "root": commune.code,
    }
    urls = {client.post(reverse("quizbank:goal_new"), data).headers["Location"] for _ in range(2)}
    goal = UnitGoal.objects.get()
    assert urls == {reverse("quizbank:goal", args=[goal.public_id])}
    stranger = Client()
    body = stranger.get(urls.pop()).content.decode()
    assert "Xã Mỹ Tịnh An" in body
    assert reverse("quizbank:goal_end", args=[goal.public_id]) not in body
    qr = stranger.get(reverse("quizbank:goal_qr", args=[goal.public_id]))
    assert qr.headers["Content-Type"] == "image/svg+xml"
    assert stranger.get(reverse("quizbank:goal", args=["x" * 22])).status_code == 404


def test_a_form_that_is_wrong_says_so(client: Client) -> None:
    province = make_place("Tỉnh Đồng Tháp")
    make_place("Xã Tân Hòa", parent=province, former="Xã Cũ")
    client.force_login(officer_of(province))
    data = {
        "title": "Học",
        "target": "10",
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-02",
        "root": province.code,
        "below": "không có nơi này",
    }
    reply = client.post(reverse("quizbank:goal_new"), data)
    assert reply.status_code == 422
    assert "below" in reply.context["form"].errors
    reply = client.post(reverse("quizbank:goal_new"), data | {"below": "tan hoa"})
    assert (reply.status_code, bool(reply.context["form"].non_field_errors())) == (422, True)
    assert not UnitGoal.objects.exists()


def test_ending_asks_first(client: Client) -> None:
    unit = make_place()
    goal = goal_for(unit)
    client.force_login(officer_of(unit))
    url = reverse("quizbank:goal_end", args=[goal.public_id])
    client.post(url)
    assert UnitGoal.objects.get().cancelled_at is None
    client.post(url, {"sure": "1"})
    assert UnitGoal.objects.get().cancelled_at is not None
    client.force_login(officer_of(make_place()))
    assert client.post(url, {"sure": "1"}).status_code == 302
