"""Practice: immediate explanation, never a question that must stay unknown, a notebook that forgets what is learned."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.domain.residents import erase_resident
from people.models import User
from quizbank.domain.practising import Wish, answer_practice, choose_question, seed_of
from quizbank.enums import KindCode, PracticeMode
from quizbank.errors import QuestionWithheld
from quizbank.kinds import FULL, get_kind
from quizbank.models import PracticeAnswer, Question, SealedSet
from quizbank.notebook import RIGHT_DAYS, Try, open_mistakes, strength, weak_topic
from quizbank.practice_asks import Asked, read_asked, read_sitting, write_asked
from quizbank.queries.practice import mistakes_of, notebook, practice_versions, topic_credits
from tests.contest.pages import every_kind
from tests.factories import (
    NOW,
    make_contest,
    make_participant,
    make_question,
    make_questions,
    make_round,
    make_user,
    single_draft,
)
from tests.quizbank.decks import card_draft, make_deck

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
URL = "/hoc/luyen/"
# A machine under load is slow to make examples; that says nothing about the code.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answered(
    person: User | None, question: Question, *, right: bool, now: Any = NOW, token: str = "", mode: str = "endless"
) -> Any:
    """Practise one question of the factories, whose right option is B."""
    version = question.current
    assert version is not None
    token = token or f"{question.code}-{now:%d%H%M}"
    wire = get_kind(version.kind).write(version.content, "B" if right else "A", seed=seed_of(token))
    return answer_practice(
        person=person, version_id=version.pk, token=token, mode=PracticeMode(mode), wire=wire, now=now
    )


def practisable() -> set[str]:
    return set(practice_versions().values_list("question__code", flat=True))


# --- what may be practised ---------------------------------------------------------------------------------------
def test_only_approved_questions_are_practised() -> None:
    make_question(single_draft("Nháp?", code="nhap"), approved=False)
    make_question(single_draft("Duyệt?", code="duyet"))
    assert practisable() == {"duyet"}


def test_sealed_questions_are_practised_only_after_their_set_was_opened() -> None:
    sealed, free = make_questions(2)
    shut = SealedSet.objects.create(name="Đề vòng cuối", owner=make_user(), created_at=NOW)
    Question.objects.filter(pk=sealed.pk).update(sealed_in=shut)
    assert practisable() == {free.code}
    SealedSet.objects.update(opened_at=NOW)
    assert practisable() == {sealed.code, free.code}


def test_questions_of_a_round_rest_until_it_is_over() -> None:
    dealt, free = make_questions(2)
    round_ = make_round(questions=[dealt])
    assert practisable() == {free.code}
    assert practisable() == {free.code}
    for over in ("closed_at", "cancelled_at"):
        type(round_).objects.filter(pk=round_.pk).update(closed_at=None, cancelled_at=None)
        assert practisable() == {free.code}
        type(round_).objects.filter(pk=round_.pk).update(**{over: NOW})
        assert practisable() == {dealt.code, free.code}


def test_a_newer_wording_of_a_question_in_play_rests_too() -> None:
    from quizbank.domain.questions import approve_question, revise_question

    question = make_question(single_draft("Câu cũ?", code="q"))
    make_round(questions=[question])
    revise_question(question=question, draft=single_draft("Câu mới, cùng ý?", code="q"), now=NOW)
    approve_question(question=question, reviewer=None, now=NOW)
    assert practisable() == set()


def test_a_question_frozen_between_asking_and_answering_tells_nothing() -> None:
    (question,) = make_questions(1)
    make_round(questions=[question])
    with pytest.raises(QuestionWithheld):
        answered(make_user(), question, right=True)
    assert PracticeAnswer.objects.count() == 0


# --- what is asked -----------------------------------------------------------------------------------------------
def test_nothing_comes_again_while_there_is_something_else() -> None:
    questions = make_questions(4)
    seen: list[int] = []
    for _ in questions:
        version = choose_question(person=None, wish=Wish(PracticeMode.ENDLESS, done=tuple(seen)), random=Random(1))
        seen.append(practice_versions().get(pk=version).question_id)
    assert sorted(seen) == sorted(question.pk for question in questions)
    again = choose_question(person=None, wish=Wish(PracticeMode.ENDLESS, done=tuple(seen)), random=Random(1))
    assert practice_versions().get(pk=again).question_id in seen[:-1]


def test_a_topic_and_a_card_ask_only_their_own() -> None:
    make_questions(3)
    law = make_question(single_draft("Luật?", code="luat", topic="phap-ly"))
    make_deck(cards=[card_draft("a", questions=("luat",))])
    for wish in (Wish(PracticeMode.TOPIC, topic="phap-ly"), Wish(PracticeMode.CARD, card="a")):
        assert choose_question(person=None, wish=wish, random=Random(2)) == law.current_id
    done = Wish(PracticeMode.CARD, card="a", done=(law.pk,))
    assert choose_question(person=None, wish=done, random=Random(2)) is None


def test_weak_topics_are_asked_most() -> None:
    learner = make_user()
    weak = make_questions(2, topic="an-toan")
    strong = make_questions(2, topic="phap-ly")
    for place, question in enumerate([*weak, *strong]):
        answered(learner, question, right=question in strong, now=NOW + timedelta(minutes=place))
    assert topic_credits(learner.pk) == {"an-toan": [0, 0], "phap-ly": [FULL, FULL]}
    chosen = [
        weak_topic(topic_credits(learner.pk), ["an-toan", "phap-ly", "du-lieu-so", "nhan-thuc"], Random(seed))
        for seed in range(60)
    ]
    assert max(set(chosen), key=chosen.count) == "an-toan"
    assert "phap-ly" not in chosen


@PATIENT
@given(st.lists(st.integers(0, FULL), max_size=40))
def test_strength_stays_within_bounds_and_one_more_mistake_never_raises_it(earned: list[int]) -> None:
    assert 0 <= strength(earned) <= FULL
    assert strength([0, *earned[:18]]) <= strength(earned[:18])


# --- the notebook ------------------------------------------------------------------------------------------------
def tries(*marks: tuple[int, int]) -> list[Try]:
    """(day, credit) of one question."""
    return [Try(7, credit, date(2026, 11, day)) for day, credit in marks]


def test_a_mistake_leaves_after_two_right_answers_on_different_days() -> None:
    assert [one.wrong for one in open_mistakes(tries((1, 0)))] == [1]
    assert [one.right_days for one in open_mistakes(tries((1, 0), (1, FULL), (1, FULL)))] == [1]
    assert open_mistakes(tries((1, 0), (1, FULL), (2, FULL))) == []
    assert [one.right_days for one in open_mistakes(tries((1, 0), (1, FULL), (2, 500), (3, FULL)))] == [1]
    assert open_mistakes(tries((1, FULL), (2, FULL))) == []
    assert len(open_mistakes(tries((1, 0), (2, FULL), (3, FULL), (4, 0)))) == 1


@PATIENT
@given(st.lists(st.tuples(st.integers(1, 28), st.sampled_from([0, 500, FULL])), max_size=30))
def test_a_question_is_in_the_notebook_exactly_while_its_last_mistake_is_not_made_good(
    marks: list[tuple[int, int]],
) -> None:
    marks.sort(key=lambda mark: mark[0])
    wrong = [place for place, (_day, credit) in enumerate(marks) if credit < FULL]
    days_since = {day for day, _credit in marks[wrong[-1] + 1 :]} if wrong else set()
    expected = bool(wrong) and len(days_since) < RIGHT_DAYS
    assert bool(open_mistakes(tries(*marks))) is expected


def test_the_notebook_of_the_database_counts_days_of_viet_nam() -> None:
    learner = make_user()
    (question,) = make_questions(1)
    evening = NOW.replace(hour=16, minute=30)  # 23:30 in Viet Nam
    answered(learner, question, right=False, now=evening - DAY, token="a")
    answered(learner, question, right=True, now=evening, token="b")
    assert [one.right_days for one in mistakes_of(learner.pk)] == [1]
    answered(learner, question, right=True, now=evening + timedelta(hours=1), token="c")  # 0:30 the next day
    assert mistakes_of(learner.pk) == []


def test_the_notebook_hides_what_is_in_play(django_assert_num_queries: Any) -> None:
    learner = make_user()
    questions = make_questions(3)
    for question in questions:
        answered(learner, question, right=False)
    with django_assert_num_queries(2):
        assert len(notebook(learner.pk)[0]) == 3
    make_round(questions=questions[:1])
    lines, resting = notebook(learner.pk)
    assert ({line.version.question_id for line in lines}, resting) == ({one.pk for one in questions[1:]}, 1)


# --- answering ---------------------------------------------------------------------------------------------------
def test_an_answer_sent_twice_counts_once_and_the_first_one_stays() -> None:
    learner = make_user()
    (question,) = make_questions(1)
    first = answered(learner, question, right=False, token="same")
    second = answered(learner, question, right=True, token="same", now=NOW + DAY)
    assert (first.credit, first.repeated) == (0, False)
    assert (second.credit, second.canonical, second.repeated) == (0, "A", True)
    assert PracticeAnswer.objects.count() == 1


def test_guests_leave_no_rows() -> None:
    (question,) = make_questions(1)
    assert answered(None, question, right=True).is_right
    assert PracticeAnswer.objects.count() == 0


def test_what_the_browser_carries_cannot_be_forged() -> None:
    from quizbank.errors import BadResponse

    asked = Asked(3, "t" * 32, PracticeMode.TOPIC)
    assert read_asked(write_asked(asked)) == asked
    with pytest.raises(BadResponse):
        read_asked(write_asked(asked)[:-2] + "xx")
    assert read_sitting("forged").answered == 0


# --- pages -------------------------------------------------------------------------------------------------------
def ask(client: Client, query: str = "") -> Any:
    return client.get(f"{URL}{query}")


def reply(client: Client, page: Any, canonical: str, **extra: str) -> Any:
    asked = read_asked(page.context["asked"])
    version = practice_versions().get(pk=asked.version)
    wire = get_kind(version.kind).write(version.content, canonical, seed=seed_of(asked.token))
    return client.post(page.context["action"], {"asked": page.context["asked"], "a": wire} | extra)


def test_a_guest_answers_and_reads_why(client: Client) -> None:
    make_questions(2)
    page = ask(client)
    told = reply(client, page, "B").content.decode()
    for words in ("Đúng rồi", "Quyết định 505/QĐ-TTg chọn ngày 10/10.", "Căn cứ:", "Đúng 1/1 câu", "Câu tiếp"):
        assert words in told
    wrong = reply(client, ask(client), "A")
    assert "Chưa đúng" in wrong.content.decode()
    assert client.get(wrong.context["next_url"]).context["sitting"].answered == 1


CANARY = "canary-khoa-bi-mat"


@pytest.mark.parametrize("kind", KindCode.values)
def test_no_key_reaches_the_page_before_the_answer(client: Client, kind: str) -> None:
    draft = next(one for one in every_kind_drafts() if one.kind == kind)
    make_question(draft)
    page = ask(client)
    body = page.content.decode()
    assert page.context["question"] is not None
    assert CANARY not in body
    assert CANARY not in json.dumps(dict(page.headers))
    if kind in (KindCode.NUMERIC, KindCode.SHORT):
        assert str(draft.key.get("value", draft.key.get("accept", [""])[0])) not in body.split("</header>", 2)[2]
    told = client.post(page.context["action"], {"asked": page.context["asked"], "skip": "1"}).content.decode()
    assert CANARY in told


def every_kind_drafts() -> list[Any]:
    from dataclasses import replace

    from quizbank.domain.questions import draft_of

    drafts = [draft_of(question.current) for question in every_kind() if question.current]
    Question.objects.update(state="retired")
    return [
        replace(
            one,
            code=f"k-{one.kind}",
            key=one.key | ({"value": "987654"} if one.kind == "numeric" else {}),
            explanation=f"Vì {CANARY}.",
            citation=CANARY,
            stem=f"Hỏi {one.kind}?",
        )
        for one in drafts
    ]


def test_an_empty_answer_is_asked_for_again_and_keeps_the_question(client: Client) -> None:
    make_questions(1)
    page = ask(client)
    again = client.post(page.context["action"], {"asked": page.context["asked"]})
    assert again.status_code == 422
    # The same asking; its signature bears the second it was made in.
    assert read_asked(again.context["asked"]) == read_asked(page.context["asked"])
    assert "Mời bạn chọn hoặc viết câu trả lời" in again.content.decode()


def test_an_english_reader_reads_english_and_the_key_fits(client: Client) -> None:
    english = {
        "stem": "Which day?",
        "content": {"options": ["22 April", "10 October", "21 October", "3 June"]},
        "explanation": "Decision 505 chose it.",
        "citation": "Decision 505/QĐ-TTg",
    }
    make_question(single_draft("Ngày nào?", translations={"en": english}))
    client.cookies["lang"] = "en"
    page = ask(client)
    assert "Which day?" in page.content.decode()
    told = reply(client, page, "B").content.decode()
    assert "Decision 505 chose it." in told
    assert "10 October" in told


def test_the_notebook_is_for_people_with_an_account(client: Client) -> None:
    assert client.get(reverse("quizbank:mistakes")).status_code == 302
    learner = make_user()
    (question,) = make_questions(1)
    answered(learner, question, right=False, now=timezone.now())
    client.force_login(learner)
    assert question.current is not None
    assert question.current.stem in client.get(reverse("quizbank:mistakes")).content.decode()
    page = ask(client, "?cach=loi")
    reply(client, page, "B")
    assert (
        "Hết câu trong sổ lỗi sai"
        in client.get(
            f"{URL}?{page.context['way'].query(page.context['sitting'].after(question.pk, right=True))}"
        ).content.decode()
    )


def test_nothing_to_practise_is_said_kindly(client: Client) -> None:
    make_round(questions=make_questions(1))
    assert "Câu hỏi đang dùng cho vòng thi được giữ kín" in ask(client).content.decode()
    assert ask(client, "?cach=chu-de&chu-de=khong-co&the=x&d=forged").status_code == 200


def test_asking_and_answering_cost_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    make_questions(5)
    make_round(make_contest(), questions=2)
    with django_assert_max_num_queries(3):
        page = ask(client)
    with django_assert_max_num_queries(4):
        reply_token = {"asked": page.context["asked"], "skip": "1"}
        client.post(page.context["action"], reply_token)


def test_answering_without_end_is_slowed_down(client: Client, valkey: Any) -> None:
    make_questions(1)
    client.force_login(make_user())
    page = ask(client)
    form = {"asked": page.context["asked"], "skip": "1"}
    assert {client.post(page.context["action"], form).status_code for _ in range(45)} == {200, 429}


def test_who_is_forgotten_has_practised_nothing(django_capture_on_commit_callbacks: Any) -> None:
    resident = make_participant()
    (question,) = make_questions(1)
    answered(resident.user, question, right=False)
    with django_capture_on_commit_callbacks(execute=True):
        erase_resident(resident=resident, now=NOW)
    assert PracticeAnswer.objects.count() == 0
