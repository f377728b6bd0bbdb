"""Figures on the screen: what needs a look first, no key without a trace, a difficulty somebody agrees to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from people.enums import Role
from people.models import AuditEntry
from quizbank.domain.statistics import change_difficulty, store_figures
from quizbank.enums import QuestionState, Sight
from quizbank.errors import NotNow
from quizbank.item_analysis import Cell, analyse
from quizbank.models import Question, SealedSet, Sighting, VersionStatistic
from quizbank.queries.statistics import figures_of_bank, figures_of_question
from tests.factories import NOW, make_question, make_role, make_user, single_draft
from tests.quizbank.files import plain_drafts

pytestmark = pytest.mark.django_db
HOME = "/quan-ly/ngan-hang/so-lieu/"

FINE = [
    Cell("B", 1000, 60, 900, 880),
    Cell("A", 0, 20, 300, 320),
    Cell("C", 0, 12, 250, 300),
    Cell("D", 0, 10, 200, 220),
]
TURNED = [
    Cell("B", 1000, 40, 300, 250),
    Cell("A", 0, 60, 900, 950),
    Cell("C", 0, 10, 300, 320),
    Cell("D", 0, 10, 300, 320),
]
EASY = [Cell("B", 1000, 180, 800, 790), Cell("A", 0, 20, 300, 320)]


def used(question, cells, source="round:1", at=NOW):
    store_figures(
        source=source, label=f"Vòng {source}", used_at=at, figures={question.current_id: analyse(cells)}, now=NOW
    )


def client_of(*roles):
    user = make_user()
    for role in roles:
        make_role(user, role)
    client = Client()
    client.force_login(user)
    return client, user


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_storing_figures_replaces_those_of_the_same_source():
    question = make_question()
    for cells in (FINE, EASY):
        used(question, cells)
    used(question, FINE, "event:2")
    assert sorted(VersionStatistic.objects.values_list("source", "people")) == [("event:2", 102), ("round:1", 200)]
    assert (
        store_figures(source="round:1", label="", used_at=NOW, figures={question.current_id: analyse([])}, now=NOW) == 0
    )
    assert VersionStatistic.objects.count() == 1


def test_uses_are_put_together_in_the_order_of_time():
    question = make_question()
    used(question, FINE, "round:2", NOW + timedelta(days=7))
    used(question, EASY, "round:1", NOW)
    [row] = figures_of_question(question)
    assert [use.label for use in row.uses] == ["Vòng round:1", "Vòng round:2"]
    assert row.all.people == 302
    assert row.drift is not None


def test_the_overview_puts_what_needs_a_look_first():
    fine, turned = (make_question(one) for one in plain_drafts(2))
    used(fine, FINE, "round:1")
    used(turned, TURNED, "round:2")
    client, _ = client_of(Role.AUDITOR)
    text = words(client.get(HOME))
    assert text.index(turned.code) < text.index(fine.code)
    assert "Đáp án cần xem lại" in text
    only = words(client.get(HOME, {"loc": "key_doubtful"}))
    assert turned.code in only and fine.code not in only  # noqa: PT018
    assert fine.code not in words(client.get(HOME, {"chu-de": "an-toan"}))
    assert client.get(HOME, {"loc": "'", "chu-de": "'", "trang": "x"}).status_code == 200


def test_the_overview_costs_the_same_however_many_questions(django_assert_num_queries):
    client, _ = client_of(Role.REVIEWER)
    counts = []
    for number in (1, 5):
        for place, question in enumerate(make_question(one) for one in plain_drafts(number, topic="an-toan")):
            used(question, FINE, f"round:{number}{place}")
        client.get(HOME)
        with django_assert_num_queries(7) as caught:
            client.get(HOME)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_options_are_shown_only_on_a_post_which_is_written_down():
    question = make_question()
    used(question, TURNED)
    client, user = client_of(Role.AUTHOR)
    address = f"{HOME}{question.public_id}/"
    closed = words(client.get(address))
    assert "Hiện từng phương án" in closed
    assert "chọn A nhiều hơn" not in closed
    assert Sighting.objects.count() == 0
    opened = words(client.post(address))
    assert "Nhóm làm bài tốt nhất chọn A nhiều hơn đáp án" in opened
    assert [(one.reader, one.what) for one in Sighting.objects.all()] == [(user, Sight.OPENED)]


def test_sealed_questions_have_no_figures_for_others():
    question = make_question()
    used(question, FINE)
    Question.objects.filter(pk=question.pk).update(
        sealed_in=SealedSet.objects.create(name="Chung kết", owner=make_user(), created_at=NOW)
    )
    client, user = client_of(Role.ORGANIZER)
    assert figures_of_bank(user) == []
    assert client.get(f"{HOME}{question.public_id}/").status_code == 403
    assert client.post(f"{HOME}{question.public_id}/do-kho/", {"difficulty": "hard"}).status_code == 403


def test_a_suggested_difficulty_becomes_a_version_that_is_approved_again():
    question = make_question(single_draft("Ngày nào?", difficulty="hard"))
    used(question, EASY)
    [row] = figures_of_question(question)
    assert row.suggested == "easy"
    client, user = client_of(Role.REVIEWER)
    address = f"{HOME}{question.public_id}/"
    assert "gợi ý đổi thành “Dễ”" in words(client.get(address))
    assert client.post(f"{address}do-kho/", {"difficulty": "easy"}).status_code == 302
    question.refresh_from_db()
    assert (question.current.number, question.current.difficulty, question.state) == (2, "easy", QuestionState.DRAFT)
    assert AuditEntry.objects.get(verb="question.difficulty").data == {"before": "hard", "after": "easy"}
    assert client.post(f"{address}do-kho/", {"difficulty": "easy"}).status_code == 409
    with pytest.raises(NotNow):
        change_difficulty(question=question, difficulty="nonsense", actor=user, now=NOW)


def test_authors_see_the_suggestion_and_do_not_decide():
    question = make_question(single_draft("Ngày nào?", difficulty="hard"))
    used(question, EASY)
    client, _ = client_of(Role.AUTHOR)
    page = client.get(f"{HOME}{question.public_id}/").content.decode()
    assert "gợi ý đổi thành" in page
    assert "do-kho" not in page
    assert client.post(f"{HOME}{question.public_id}/do-kho/", {"difficulty": "easy"}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "content", "key", "cells", "said"),
    [
        ("boolean", {}, {"right": True}, [Cell("T", 1000, 60, 900, 900), Cell("F", 0, 40, 100, 100)], "Sai"),
        ("multiple", {"options": ["một", "hai", "ba"]}, {"right": ["A", "B"]}, [Cell("AB", 1000, 60, 900, 900), Cell("AC", 0, 40, 1, 1)], "A, C"),
        ("short", {}, {"accept": ["Hà Nội"]}, [Cell("Hà Nội", 1000, 60, 900, 900), Cell("Huế", 0, 40, 1, 1)], "Huế"),
        ("numeric", {"unit": "xã"}, {"value": "34"}, [Cell("34", 1000, 60, 900, 900), Cell("63", 0, 40, 1, 1)], "63 xã"),
        ("ordering", {"items": ["một", "hai", "ba"]}, {"order": ["B", "A", "C"]}, [Cell("BAC", 1000, 60, 9, 9), Cell("ABC", 0, 40, 1, 1)], "A → B → C"),
        ("matching", {"lefts": ["một", "hai"], "rights": ["1", "2"]}, {"pairs": {"A": "A", "B": "B"}}, [Cell("AB", 1000, 60, 9, 9), Cell("BA", 0, 40, 1, 1)], "một – 2"),
    ],
)  # fmt: skip
def test_every_kind_has_a_page(kind, content, key, cells, said):
    question = make_question(single_draft("Câu này?", kind=kind, content=content, key=key))
    used(question, cells)
    client, _ = client_of(Role.REVIEWER)
    assert said in words(client.post(f"{HOME}{question.public_id}/"))
