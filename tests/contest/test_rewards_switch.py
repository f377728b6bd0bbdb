"""The organizer of one contest switches rewards off for it: nothing is earned from its rounds, learning elsewhere goes on."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

import pytest

from contest.domain.contests import ContestFacts, edit_contest
from contest.domain.mock_rounds import deal_mock, grade_mock, mock_versions
from contest.models import Contest, Round
from contest.queries.next_round import next_round_for
from people.enums import Role
from people.models import AuditEntry, RoleAssignment, User
from quizbank.domain.practising import answer_practice, seed_of
from quizbank.enums import PracticeMode
from quizbank.kinds import get_kind
from quizbank.models import BadgeAward, Point, PracticeAnswer, QuestionVersion
from quizbank.queries.acts import acts_of
from quizbank.queries.practice import mistakes_of
from quizbank.rewards import vn_day
from tests.contest.desk import make_desk, make_own, page, signed_in
from tests.contest.pages import listed_round, page_rules
from tests.factories import NOW, make_contest, make_questions, make_round, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def the_round(*, rewards_on: bool) -> Round:
    """An open round whose own question rests, beside three to practise."""
    make_questions(3)
    round_ = listed_round(
        questions=1,
        rules=page_rules(paper={"question_count": 3}),
        blueprint=[{"topic": "", "difficulty": "", "count": 3, "group": ""}],
    )
    Contest.objects.update(rewards_on=rewards_on)
    return Round.objects.select_related("contest", "rule_set").get(pk=round_.pk)


def try_round(round_: Round, learner: User, canonical: str = "B", now=NOW) -> list[int]:
    """Hand in a mock paper, twice; the versions it asked."""
    paper = deal_mock(round_=round_, now=now, random=Random(1))
    responses: dict[int, object] = {
        place: get_kind(version.kind).write(version.content, canonical, seed=paper.seed(place))
        for place, version in mock_versions(paper)
    }
    for _ in range(2):
        grade_mock(round_=round_, paper=paper, responses=responses, person=learner, now=now)
    return list(paper.versions)


def practise(learner: User, version: int, canonical: str = "B", now=NOW) -> None:
    one = QuestionVersion.objects.get(pk=version)
    token = f"t{version}-{now.timestamp():.0f}"
    wire = get_kind(one.kind).write(one.content, canonical, seed=seed_of(token))
    answer_practice(person=learner, version_id=version, token=token, mode=PracticeMode.ENDLESS, wire=wire, now=now)


def points(learner: User) -> list[str]:
    return sorted(Point.objects.filter(person=learner).values_list("kind", flat=True))


def test_a_mock_round_earns_where_nobody_has_switched_it_off() -> None:
    learner = make_user()
    try_round(the_round(rewards_on=True), learner)
    assert points(learner) == ["day", "question", "question", "question"]


def test_a_mock_round_of_a_contest_without_rewards_teaches_and_earns_nothing() -> None:
    learner = make_user()
    try_round(the_round(rewards_on=False), learner)
    assert (points(learner), BadgeAward.objects.count()) == ([], 0)
    assert list(PracticeAnswer.objects.values_list("mode", "credit", "earns")) == [("mock", 1000, False)] * 3
    assert acts_of(learner.pk, [vn_day(NOW)]) == {vn_day(NOW): 0}
    try_round(Round.objects.get(), learner, "A", NOW + DAY)
    assert len(mistakes_of(learner.pk)) == 3


def test_what_a_mock_round_without_rewards_explained_earns_another_day() -> None:
    learner = make_user()
    version, *_ = try_round(the_round(rewards_on=False), learner)
    practise(learner, version, now=NOW + timedelta(minutes=5))
    assert points(learner) == []
    practise(learner, version, now=NOW + DAY)
    assert points(learner) == ["question"]


def test_learning_elsewhere_earns_as_ever_and_switching_on_again_books_nothing_late() -> None:
    learner = make_user()
    round_ = the_round(rewards_on=False)
    versions = try_round(round_, learner)
    Contest.objects.update(rewards_on=True)
    assert points(learner) == []
    for version in versions:
        practise(learner, version, now=NOW + DAY)
    assert points(learner) == ["day", "question", "question", "question"]


def test_no_quest_leads_to_its_rounds() -> None:
    make_round(make_contest(rewards_on=False))
    learner = make_user()
    assert next_round_for(learner.pk, NOW) is None
    Contest.objects.update(rewards_on=True)
    assert next_round_for(learner.pk, NOW) is not None


def test_the_switch_is_written_down_once_each_way() -> None:
    desk = make_desk()
    contest = make_own(desk)
    facts = {"title": contest.title, "organizer": contest.organizer, "unit": contest.unit}
    for wanted in (False, False, None, True):
        edit_contest(contest=contest, facts=ContestFacts(**facts, rewards_on=wanted), actor=desk.organizer, now=NOW)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", "actor", "subject"))
    subject = f"contest:{contest.public_id}"
    assert verbs == [
        ("contest.rewards_off", desk.organizer.pk, subject),
        ("contest.rewards_on", desk.organizer.pk, subject),
    ]


def test_who_organizes_one_contest_alone_finds_the_switch_there() -> None:
    desk = make_desk()
    contest, other = make_own(desk, slug="thi"), make_own(desk, slug="khac")
    keeper = make_user("Người Của Một Cuộc Thi")
    RoleAssignment.objects.create(user=keeper, role=Role.ORGANIZER, contest_ref=contest.public_id)
    client = signed_in(keeper)
    body = client.get(page(contest, "sua/")).content.decode()
    assert "checked" in re.findall(r"<input[^>]*rewards_on[^>]*>", body)[0]
    sent = {"title": contest.title, "organizer": contest.organizer, "unit": contest.unit.code, "invites_on": "on"}
    assert client.post(page(contest, "sua/"), sent).status_code == 302
    assert dict(Contest.objects.values_list("slug", "rewards_on")) == {"thi": False, "khac": True}
    assert "tắt điểm thưởng trong cuộc thi" in client.get(page(contest)).content.decode()
    assert client.post(page(other, "sua/"), sent).status_code in (403, 404)
    for user in (desk.auditor, desk.foreigner, desk.resident):
        assert signed_in(user).post(page(contest, "sua/"), sent | {"rewards_on": "on"}).status_code in (403, 404)
    assert Contest.objects.get(pk=contest.pk).rewards_on is False
