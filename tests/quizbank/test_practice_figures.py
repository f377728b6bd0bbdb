"""Practice as a source of figures: first answers of people signed in, apart from exams, without what needs a score."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from quizbank.domain.practice_figures import count_due_practice, count_quarter
from quizbank.domain.practising import answer_practice, seed_of
from quizbank.domain.statistics import store_figures
from quizbank.enums import PracticeMode
from quizbank.item_analysis import Cell, analyse
from quizbank.item_flags import Flag
from quizbank.kinds import get_kind
from quizbank.models import PracticeAnswer, VersionStatistic
from quizbank.queries.practice_responses import Quarter, practice_responses, quarters_to_count
from quizbank.queries.statistics import figures_of_question
from tests.factories import NOW, make_question, make_role, make_user, single_draft

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HOME = "/quan-ly/ngan-hang/so-lieu/"
Q4 = Quarter(2026, 4)
EXAM = [Cell("B", 1000, 30, 900, 880), Cell("A", 0, 10, 300, 320), Cell("C", 0, 6, 250, 300), Cell("D", 0, 5, 200, 220)]


def answer(version, said="B", *, at=NOW, person=None, credit=None):
    person = person or make_user()
    count = PracticeAnswer.objects.count()
    PracticeAnswer.objects.create(
        person=person,
        version=version,
        token=f"t{count}",
        mode=PracticeMode.ENDLESS,
        canonical=said,
        credit=(1000 if said == "B" else 0) if credit is None else credit,
        at=at,
    )
    return person


def crowd(version, at=NOW, **said):
    for letter, people in said.items():
        for _ in range(people):
            answer(version, letter, at=at)


def practice_of(question):
    [row] = figures_of_question(question)
    return row.practice


def reader(*roles):
    user = make_user()
    for role in roles:
        make_role(user, role)
    client = Client()
    client.force_login(user)
    return client


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_only_the_first_answer_of_a_person_counts_however_often_they_practise():
    question = make_question()
    version = question.current
    lan = answer(version, "A")
    for hour in range(1, 4):
        answer(version, "B", at=NOW + hour * HOUR, person=lan)
    answer(version, "B")
    answer(version, "", credit=0)
    count_quarter(quarter=Q4, now=NOW + DAY)
    one = practice_of(question).all
    assert (one.people, one.right, one.blank, one.facility) == (3, 1, 1, 0.3333)
    assert {name: (choice.count, choice.right) for name, choice in one.choices.items()} == {
        "A": (1, False),
        "B": (1, True),
    }
    assert (one.discrimination, one.upper_lower, one.median_ms) == (None, None, None)


def test_each_version_has_its_own_first_answers_and_guests_none():
    question = make_question()
    lan = answer(question.current, "A")
    other = make_question(single_draft("Khác?"))
    answer(other.current, "B", person=lan)
    token = "guest"
    wire = get_kind("single").write(other.current.content, "A", seed=seed_of(token))
    answer_practice(
        person=None, version_id=other.current_id, token=token, mode=PracticeMode.ENDLESS, wire=wire, now=NOW
    )
    count_due_practice(now=NOW + DAY)
    assert [(practice_of(one).all.people, practice_of(one).all.right) for one in (question, other)] == [(1, 0), (1, 1)]


def test_quarters_are_those_of_viet_nam():
    assert Quarter.of(datetime(2026, 9, 30, 16, 59, tzinfo=UTC)) == Quarter(2026, 3)
    assert Quarter.of(datetime(2026, 9, 30, 17, 0, tzinfo=UTC)) == Q4
    assert (Q4.source, Q4.following, Quarter.of_source("practice:2027-1")) == (
        "practice:2026-4",
        Quarter(2027, 1),
        Quarter(2027, 1),
    )
    assert Quarter(2026, 1).following == Quarter(2026, 2)
    assert Quarter.of(Q4.start) == Q4
    assert Quarter.of(Q4.start - timedelta(microseconds=1)) == Quarter(2026, 3)


def test_a_later_quarter_counts_only_who_is_new_to_the_question():
    question = make_question()
    lan = answer(question.current, "A", at=NOW)
    answer(question.current, "B", at=NOW + 60 * DAY, person=lan)
    answer(question.current, "B", at=NOW + 60 * DAY)
    assert count_due_practice(now=NOW + 61 * DAY) == 2
    assert [(quarter, one.people, one.right) for quarter, one in practice_of(question).quarters] == [
        (Q4, 1, 0),
        (Quarter(2027, 1), 1, 1),
    ]


def test_counting_is_due_after_new_answers_and_twice_is_once():
    question = make_question()
    assert (quarters_to_count(), count_due_practice(now=NOW)) == ([], 0)
    crowd(question.current, B=2)
    for expected in (1, 0):
        assert count_due_practice(now=NOW + HOUR) == expected
    before = list(VersionStatistic.objects.values_list("pk", flat=True))
    answer(question.current, "A", at=NOW + 2 * HOUR)
    assert count_due_practice(now=NOW + 3 * HOUR) == 1
    assert VersionStatistic.objects.count() == len(before) == 1
    assert practice_of(question).all.people == 3
    count_quarter(quarter=Q4, now=NOW + 3 * HOUR)
    assert practice_of(question).all.people == 3


def test_answers_nobody_is_new_with_are_not_looked_at_for_ever():
    question = make_question()
    lan = answer(question.current)
    count_due_practice(now=NOW + HOUR)
    answer(question.current, person=lan, at=NOW + 60 * DAY)
    assert count_due_practice(now=NOW + 60 * DAY + HOUR) == 2
    assert count_due_practice(now=NOW + 60 * DAY + HOUR) == 0


def test_practice_alone_never_doubts_a_key_nor_suggests_a_difficulty():
    question = make_question(single_draft("Ngày nào?", difficulty="easy"))
    crowd(question.current, A=110, B=10)
    count_due_practice(now=NOW + DAY)
    [row] = figures_of_question(question)
    assert [one.flag for one in row.raised] == [Flag.TOO_HARD, Flag.DEAD_OPTION]
    assert (row.flags, row.suggested, row.drift, row.all.people) == ((), "", None, 0)
    body = words(reader(Role.REVIEWER).get(f"{HOME}{question.public_id}/"))
    assert "gợi ý đổi thành" not in body
    assert "luyện tập không có tổng điểm" in body


def test_exams_and_practice_are_never_mixed_and_exams_decide():
    question = make_question()
    store_figures(source="round:1", label="Vòng 1", used_at=NOW, figures={question.current_id: analyse(EXAM)}, now=NOW)
    crowd(question.current, A=31)
    count_due_practice(now=NOW + DAY)
    [row] = figures_of_question(question)
    assert (row.all.people, [use.label for use in row.uses]) == (51, ["Vòng 1"])
    assert [one.flag for one in row.practice.flags] == [Flag.TOO_HARD]
    assert row.raised == row.flags == ()


def test_a_change_between_quarters_is_told():
    question = make_question()
    crowd(question.current, B=36, A=4)
    crowd(question.current, at=NOW + 60 * DAY, B=10, A=30)
    count_due_practice(now=NOW + 61 * DAY)
    assert Flag.DRIFT in [one.flag for one in practice_of(question).flags]


def test_pages_show_practice_apart_and_options_only_on_a_post():
    question = make_question()
    crowd(question.current, B=20, A=12)
    count_due_practice(now=NOW + DAY)
    client = reader(Role.REVIEWER)
    assert "62% (32)" in words(client.get(HOME))
    closed = words(client.get(f"{HOME}{question.public_id}/"))
    assert "Quý 4 năm 2026" in closed
    assert "32 người đã luyện" in closed
    assert "chưa dùng trong vòng thi" in closed
    assert "Người luyện tập đã chọn gì" not in closed
    assert "Người luyện tập đã chọn gì" in words(client.post(f"{HOME}{question.public_id}/"))
    assert "62% đúng ở lần đầu, 32 người." in words(
        client.get(reverse("quizbank:bank_question", args=[question.public_id]))
    )


def test_counting_costs_the_same_queries_however_much_was_practised(django_assert_num_queries):
    counts = []
    for questions in (1, 4):
        for number in range(questions):
            crowd(make_question(single_draft(f"Câu {questions}{number}?")).current, B=3, A=2)
        with django_assert_num_queries(5) as caught:
            count_quarter(quarter=Q4, now=NOW)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert len(list(practice_responses(Q4))) == 5
