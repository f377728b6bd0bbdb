"""The ledger: what is booked, once; what is never rewarded; and that contests do not know of it."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contest.queries.boards import board_page, units_page
from contest.queries.next_round import next_round_for
from people.domain.residents import erase_resident
from people.enums import Role
from people.errors import NotAllowed
from people.models import User
from quizbank.domain.practising import answer_practice
from quizbank.domain.progress_settings import choose_progress, switch_off, switch_on
from quizbank.domain.rewarding import award_badges, reward_answers, reward_reviews
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.enums import PracticeMode
from quizbank.models import BadgeAward, Card, LeagueSeat, Point, PracticeAnswer, ProgressSetting
from quizbank.queries.progress import progress_of, switches_of
from quizbank.queries.quests import quest_lines
from quizbank.rewards import DAILY_CAP
from tests.factories import (
    NOW,
    make_contest,
    make_entry,
    make_nation,
    make_participant,
    make_place,
    make_question,
    make_role,
    make_round,
    make_user,
    single_draft,
)
from tests.quizbank.decks import make_deck

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def study(person: User, *cards: int, at=NOW, rating: int = 3, gap_s: int = 10, now=None) -> None:
    """Look at cards one after the other, ``gap_s`` seconds each, the last one at ``at``."""
    looks = [
        SentReview(f"co-ban-{card:02d}", rating, at - timedelta(seconds=gap_s * place), f"{card}-{rating}-{at}")
        for place, card in enumerate(cards)
    ]
    record_reviews(person=person, reviews=looks, now=now or at)


def practise(person: User, question, *, credit: int = 1000, at=NOW, token: str = "") -> None:
    PracticeAnswer.objects.create(
        person=person,
        version=question.current,
        token=token or f"{question.pk}-{at}",
        mode=PracticeMode.ENDLESS,
        credit=credit,
        at=at,
    )
    reward_answers(person=person, versions=[question.current_id], now=at)


def ledger(person: User) -> dict[str, int]:
    return dict(Point.objects.filter(person=person).values_list("kind", "points"))


def sum_of(person: User) -> int:
    return progress_of(person.pk, NOW).points


def test_a_card_remembered_earns_once_however_often_it_is_told() -> None:
    make_deck()
    learner = make_user()
    for _ in range(2):
        study(learner, 1)
    study(learner, 1, at=NOW + 30 * DAY)
    assert list(Point.objects.values_list("kind", "points")) == [("card", 10)]
    assert reward_reviews(person=learner, now=NOW) == []


@pytest.mark.parametrize("rating", [1, 2])
def test_a_card_not_remembered_earns_nothing(rating: int) -> None:
    make_deck()
    learner = make_user()
    study(learner, 1, 2, 3, rating=rating)
    assert not Point.objects.exists()


def test_cards_clicked_through_earn_nothing_but_the_first() -> None:
    make_deck(cards=5)
    learner = make_user()
    study(learner, 1, 2, 3, 4, 5, gap_s=1)
    assert list(Point.objects.values_list("kind", flat=True)) == ["card"]


def test_three_things_known_make_a_day_of_the_day_they_were_learned() -> None:
    make_deck(cards=3)
    learner = make_user()
    study(learner, 1, 2)
    assert "day" not in ledger(learner)
    practise(learner, make_question())
    assert ledger(learner) == {"card": 10, "question": 5, "day": 5}
    page = progress_of(learner.pk, NOW)
    assert (page.points, page.streak.length, page.streak.today) == (30, 1, True)


def test_days_told_late_by_a_phone_still_count_for_a_week() -> None:
    make_deck(cards=9)
    learner = make_user()
    for first, ago in ((1, 2), (4, 1), (7, 9)):
        study(learner, first, first + 1, first + 2, at=NOW - ago * DAY, now=NOW)
    days = Point.objects.filter(person=learner, kind="day").order_by("day").values_list("day", flat=True)
    assert [(NOW - DAY * ago).date() for ago in (2, 1)] == list(days)
    assert progress_of(learner.pk, NOW).streak.length == 2
    assert min(Point.objects.values_list("day", flat=True)) == (NOW - 7 * DAY).date()


def test_a_day_has_a_cap_and_what_is_beyond_is_known_all_the_same() -> None:
    make_deck(cards=20)
    learner = make_user()
    study(learner, *range(1, 21))
    assert sum_of(learner) == DAILY_CAP
    assert Point.objects.filter(person=learner, kind="card").count() == 20
    assert progress_of(learner.pk, NOW).today == DAILY_CAP


def test_a_right_answer_earns_once_and_a_wrong_one_nothing() -> None:
    learner, question = make_user(), make_question()
    practise(learner, question, credit=500)
    assert not Point.objects.exists()
    practise(learner, question, at=NOW + MINUTE)  # the explanation has just been read
    assert not Point.objects.exists()
    practise(learner, question, at=NOW + DAY)
    practise(learner, question, at=NOW + 2 * DAY)
    assert list(Point.objects.values_list("kind", "points")) == [("question", 5)]
    practise(learner, make_question(), credit=0)


def test_the_practice_page_books_through_the_domain() -> None:
    learner, question = make_user(), make_question(single_draft())
    told = answer_practice(
        person=None, version_id=question.current_id, token="t", mode=PracticeMode.ENDLESS, wire="", now=NOW
    )
    assert not told.is_right
    PracticeAnswer.objects.create(
        person=learner, version=question.current, token="x", mode=PracticeMode.ENDLESS, credit=1000, at=NOW
    )
    answer_practice(
        person=learner, version_id=question.current_id, token="y", mode=PracticeMode.ENDLESS, wire="", now=NOW + MINUTE
    )
    assert ledger(learner) == {"question": 5}


def test_badges_are_given_once_and_told_with_what_is_ahead() -> None:
    make_deck(cards=12)
    learner = make_user()
    study(learner, *range(1, 11))
    study(learner, 11, 12, at=NOW + MINUTE)
    assert set(BadgeAward.objects.values_list("code", flat=True)) == {"first-card", "cards-10", "deck-1"}
    assert award_badges(person=learner, now=NOW) == []
    page = progress_of(learner.pk, NOW)
    assert {one.badge.code for one in page.earned} == {"first-card", "cards-10", "deck-1"}
    assert len(page.earned) + len(page.ahead) == page.badges


def test_who_mends_ten_mistakes_another_day_is_told_so() -> None:
    learner = make_user()
    for number in range(10):
        question = make_question()
        practise(learner, question, credit=0, at=NOW + number * MINUTE)
        practise(learner, question, at=NOW + DAY + number * MINUTE)
    assert BadgeAward.objects.filter(code="mended-10").exists()


# --- switches -------------------------------------------------------------------------------------------------------
def test_who_switches_it_off_earns_and_shows_nothing() -> None:
    make_deck()
    learner = make_user()
    choose_progress(person=learner, shown=False, league=True, now=NOW)
    study(learner, 1, 2, 3)
    practise(learner, make_question())
    assert not Point.objects.exists()
    assert not LeagueSeat.objects.exists()
    assert switches_of(learner.pk).league is False
    choose_progress(person=learner, shown=True, league=False, now=NOW)
    study(learner, 1, at=NOW + 10 * DAY)
    assert ledger(learner) == {"card": 10}


def test_an_organizer_switches_it_off_for_the_own_unit_or_the_nation_for_all() -> None:
    make_deck()
    province = make_place()
    here, there = make_participant(unit=make_place(parent=province)).user, make_participant().user
    organizer, chief = make_user(), make_user()
    make_role(organizer, Role.ORGANIZER, unit=province)
    make_role(chief, Role.ORGANIZER)
    switch_off(actor=organizer, unit=province, now=NOW)
    switch_off(actor=organizer, unit=province, now=NOW)
    assert (switches_of(here.pk).on, switches_of(there.pk).on, switches_of(make_user().pk).on) == (False, True, True)
    with pytest.raises(NotAllowed):
        switch_off(actor=organizer, unit=make_nation(), now=NOW)
    switch_on(actor=organizer, unit=province, now=NOW)
    assert switches_of(here.pk).on
    switch_off(actor=chief, unit=make_nation(), now=NOW)
    for person in (here, there, make_user()):
        assert not switches_of(person.pk).on
        study(person, 1)
    assert not Point.objects.exists()


def test_everything_vanishes_with_the_person(django_capture_on_commit_callbacks) -> None:
    make_deck()
    resident, other = make_participant(), make_user()
    for person in (resident.user, other):
        choose_progress(person=person, shown=True, league=True, now=NOW)
        study(person, 1)
    with django_capture_on_commit_callbacks(execute=True):
        erase_resident(resident=resident, now=NOW)
    for model in (Point, BadgeAward, LeagueSeat, ProgressSetting):
        assert set(model._default_manager.values_list("person", flat=True)) == {other.pk}, model


# --- cost -----------------------------------------------------------------------------------------------------------
def test_booking_costs_the_same_queries_however_much_is_told() -> None:
    make_deck(cards=40)
    learner = make_user()
    study(learner, 1, 2, 3)
    counts = []
    for number, cards in enumerate(((4,), (5, 6, 7, 8)), start=1):
        with CaptureQueriesContext(connection) as asked:
            study(learner, *cards, at=NOW + number * MINUTE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    newcomer = make_user()
    with CaptureQueriesContext(connection) as asked:
        reward_reviews(person=newcomer, now=NOW)
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) == 1


# --- quests, rounds ahead -------------------------------------------------------------------------------------------
def test_quests_count_this_week_only() -> None:
    make_deck(cards=15)
    learner = make_user()
    study(learner, 1, 2, at=NOW - 7 * DAY)
    study(learner, 3, 4, 5)
    lines = {line.quest.kind: line for line in quest_lines(learner, NOW)}
    assert (lines["today"].done, lines["today"].is_done) == (3, True)
    assert (lines["cards"].done, lines["cards"].quest.goal) == (3, 10)
    assert lines["cards"].topic is not None
    assert lines["cards"].topic.slug == "nhan-thuc"


def test_learning_leads_to_the_open_round_of_the_own_place() -> None:
    province = make_place()
    resident = make_participant(unit=make_place(parent=province))
    assert next_round_for(resident.user.pk, NOW) is None
    make_round(make_contest("Nơi khác", unit=make_place()))
    coming = make_round(make_contest("Của tỉnh", unit=province), opens_at=NOW + DAY, closes_at=NOW + 2 * DAY)
    ahead = next_round_for(resident.user.pk, NOW)
    assert ahead is not None
    assert (ahead.contest, ahead.is_open, ahead.at) == ("Của tỉnh", False, NOW + DAY)
    make_round(coming.contest, title="Vòng mở")
    ahead = next_round_for(resident.user.pk, NOW)
    assert ahead is not None
    assert (ahead.title, ahead.is_open) == ("Vòng mở", True)
    stranger = next_round_for(make_user().pk, NOW)
    assert stranger is not None


# --- contests do not know -------------------------------------------------------------------------------------------
REWARD_MODULES = (
    "quizbank.models.progress",
    "quizbank.rewards",
    "quizbank.badges",
    "quizbank.leagues",
    "quizbank.quests",
    "quizbank.domain.rewarding",
    "quizbank.domain.streaks",
    "quizbank.domain.leagues",
    "quizbank.domain.unit_goals",
    "quizbank.domain.progress_settings",
    "quizbank.queries.progress",
    "quizbank.queries.leagues",
    "quizbank.queries.acts",
    "quizbank.queries.quests",
    "quizbank.queries.unit_goals",
)
REWARD_MODELS = {"Point", "BadgeAward", "LeagueSeat", "LeagueWeek", "UnitGoal", "ProgressSetting", "ProgressOff"}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_module_of_contests_or_live_events_knows_of_rewards() -> None:
    root = Path(settings.BASE_DIR)
    modules = [path for app in ("contest", "realtime") for path in (root / app).rglob("*.py")]
    assert len(modules) > 100
    knowing = {
        str(path.relative_to(root))
        for path in modules
        for name in imports_of(path)
        if name.startswith(REWARD_MODULES)
        or (name.startswith("quizbank.models.") and name.rpartition(".")[2] in REWARD_MODELS)
    }
    assert knowing == set()


def test_boards_are_the_same_before_and_after_learning(client) -> None:
    make_deck(cards=10)
    contest = make_contest()
    round_ = make_round(contest)
    people = [make_participant(name, unit=contest.unit) for name in ("Nguyễn Thị Lan", "Trần Văn An")]
    for resident in people:
        make_entry(contest, resident)

    def boards() -> tuple[str, str]:
        return (
            repr(board_page(contest_round=round_, page=1, now=NOW)),
            repr(units_page(contest_round=round_, page=1, now=NOW)),
        )

    before = boards()
    choose_progress(person=people[0].user, shown=True, league=True, now=NOW)
    study(people[0].user, *range(1, 11))
    assert sum_of(people[0].user) > 0
    assert boards() == before
    assert Card.objects.count() == 10
