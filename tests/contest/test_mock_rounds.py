"""A mock round: real rules and clock, practice questions only, nothing that counts."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contest.domain.mock_rounds import deal_mock, grade_mock, mock_versions, read_mock, write_mock
from contest.errors import NotYet
from contest.models import Attempt, Contest, Entry, PoolItem, Round
from quizbank.errors import BadResponse
from quizbank.kinds import get_kind
from quizbank.models import PracticeAnswer, Win
from quizbank.queries.practice import mistakes_of
from tests.contest.pages import HOUR, listed_round, page_rules
from tests.factories import NOW, make_question, make_questions, make_user, single_draft

pytestmark = pytest.mark.django_db
URL = "/c/thi/vong/1/thi-thu/"


def the_round(free: int = 5, *, wanted: int = 3, **rules: Any) -> Round:
    """An open round of ``wanted`` questions whose own pool must stay unknown, beside ``free`` questions to practise."""
    make_questions(free)
    return listed_round(
        questions=2,
        rules=page_rules(paper={"question_count": wanted}, **rules),
        blueprint=[{"topic": "", "difficulty": "", "count": wanted, "group": ""}],
    )


def answers(paper: Any, canonical: str = "B") -> dict[int, object]:
    return {
        place: get_kind(version.kind).write(version.content, canonical, seed=paper.seed(place))
        for place, version in mock_versions(paper)
    }


def deal(round_: Round, seed: int = 1) -> Any:
    return deal_mock(round_=round_, now=NOW, random=Random(seed))


def test_a_mock_paper_never_holds_a_question_of_the_round() -> None:
    round_ = the_round(free=4, wanted=4)
    secret = set(PoolItem.objects.values_list("version_id", flat=True))
    for seed in range(20):
        paper = deal(round_, seed)
        assert len(set(paper.versions)) == 4
        assert not secret & set(paper.versions)


def test_a_question_frozen_meanwhile_leaves_the_paper() -> None:
    round_ = the_round(free=3)
    paper = deal(round_)
    gone = mock_versions(paper)[0][1]
    PoolItem.objects.create(round=round_, position=9, version=gone, cell=0)
    assert len(mock_versions(paper)) == 2
    result = grade_mock(round_=round_, paper=paper, responses={}, person=None, now=NOW)
    assert result.score.question_count == 2


def test_the_blueprint_is_followed_as_far_as_questions_go() -> None:
    law = make_question(single_draft("Luật?", topic="phap-ly"))
    make_questions(6, topic="an-toan")
    round_ = listed_round(
        questions=1,
        rules=page_rules(paper={"question_count": 4}),
        blueprint=[
            {"topic": "phap-ly", "difficulty": "", "count": 2, "group": ""},
            {"topic": "an-toan", "difficulty": "hard", "count": 2, "group": ""},
        ],
    )
    paper = deal(round_)
    assert len(paper.versions) == 4
    assert law.current_id in paper.versions


def test_without_practice_questions_there_is_no_mock_paper(client: Client) -> None:
    round_ = the_round(free=0)
    with pytest.raises(NotYet):
        deal(round_)
    assert "đang được giữ kín cho vòng thi" in client.post(URL).content.decode()


def test_points_and_clock_are_those_of_the_rules() -> None:
    round_ = the_round(points={"per_question_milli": 2000})
    paper = deal(round_)
    assert paper.minutes == 10
    in_time = grade_mock(
        round_=round_, paper=paper, responses=answers(paper), person=None, now=NOW + timedelta(minutes=10, seconds=5)
    )
    assert (in_time.score.points_milli, in_time.score.correct_count, in_time.late) == (6000, 3, False)
    late = grade_mock(
        round_=round_,
        paper=paper,
        responses=answers(paper, "A"),
        person=None,
        now=NOW + timedelta(minutes=10, seconds=6),
    )
    assert (late.score.points_milli, late.late, late.duration_ms) == (0, True, 600_000)


def test_a_mock_paper_makes_no_attempt_and_feeds_the_notebook_once() -> None:
    round_, learner = the_round(), make_user()
    paper = deal(round_)
    for _ in range(2):
        grade_mock(round_=round_, paper=paper, responses=answers(paper, "A"), person=learner, now=NOW)
    assert (Attempt.objects.count(), Entry.objects.count()) == (0, 0)
    assert list(PracticeAnswer.objects.values_list("mode", "credit")) == [("mock", 0)] * 3
    assert len(mistakes_of(learner.pk)) == 3


def test_what_travels_through_the_browser_cannot_be_changed_or_moved() -> None:
    round_ = the_round()
    paper = deal(round_)
    assert read_mock(write_mock(paper), round_=round_) == paper
    other = listed_round(slug="khac")
    for text, where in ((write_mock(paper), other), (write_mock(paper)[:-1] + "x", round_), ("", round_)):
        with pytest.raises(BadResponse):
            read_mock(text, round_=where)


def test_a_guest_takes_a_mock_paper_marked_on_every_page(client: Client) -> None:
    the_round()
    listing = client.get(reverse("contest:mock_rounds"))
    door = client.get(URL)
    begun = client.post(URL)
    address = begun.headers["Location"]
    page = client.get(address)
    body = page.content.decode()
    for one in (listing, door, page):
        assert "Thi thử" in one.content.decode()
    for secret in ("Quyết định 505", "Giải thích", "Căn cứ"):
        assert secret not in body
    paper = read_mock(parse_qs(urlsplit(address).query)["de"][0], round_=Round.objects.get())
    form = {f"c{place}-a": wire for place, wire in answers(paper).items()}
    told = client.post(address, form).content.decode()
    for words in ("Kết quả thi thử", "3/3", "không tính vào cuộc thi", "Quyết định 505/QĐ-TTg chọn ngày 10/10."):
        assert words in told
    assert Attempt.objects.count() == 0
    assert client.get(f"{URL}?de=forged").headers["Location"] == URL


def handed_in(client: Client, canonical: str = "B") -> Any:
    address = client.post(URL).headers["Location"]
    paper = read_mock(parse_qs(urlsplit(address).query)["de"][0], round_=Round.objects.get())
    return client.post(address, {f"c{place}-a": wire for place, wire in answers(paper, canonical).items()})


def test_the_result_tells_what_was_won_and_leads_to_what_to_learn(client: Client) -> None:
    the_round()
    client.force_login(make_user())
    assert [str(one.name) for one in handed_in(client).context["news"]] == ["Việc của hôm nay"]
    told = handed_in(client, "A")
    assert told.context["news"] == []
    topic = told.context["topics"][0]
    assert f"?cach=chu-de&amp;chu-de={topic[3]}" in told.content.decode()
    assert "0 giây" in told.content.decode()


def test_where_organizers_want_no_rewards_a_result_tells_of_none(client: Client) -> None:
    round_ = the_round()
    learner = make_user()
    Win.objects.create(person=learner, kind="level", code="2", at=timezone.now())
    Contest.objects.filter(pk=round_.contest_id).update(rewards_on=False)
    client.force_login(learner)
    assert handed_in(client).context["news"] == []
    assert [one.number for one in client.get(reverse("quizbank:learn")).context["news"]] == [2]


def test_rounds_to_come_can_be_tried_and_hidden_ones_not(client: Client) -> None:
    from contest.arrivals import now_utc

    make_questions(3)
    listed_round(slug="thi", opens_at=now_utc() + HOUR, closes_at=now_utc() + 2 * HOUR)
    assert client.get(URL).status_code == 200
    assert "/c/thi/vong/1/thi-thu/" in client.get(reverse("contest:mock_rounds")).content.decode()
    Round.objects.get().contest.__class__.objects.update(listed_at=None)
    assert client.get(URL).status_code == 404


def test_a_mock_paper_costs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    the_round(free=8, wanted=6)
    address = client.post(URL).headers["Location"]
    with django_assert_max_num_queries(3):
        client.get(address)
    with django_assert_max_num_queries(4):
        client.post(address)
