"""What a hall reads: the event's language, plain words of Markdown, a picture; sealed questions closed to other hosts."""

from __future__ import annotations

from typing import Any

import pytest

from contest.arrivals import now_utc
from people.models import User
from quizbank.domain.sealing import add_questions as seal
from quizbank.domain.sealing import create_set
from quizbank.models import Question
from quizbank.signals import uses_of
from realtime import shown_question
from realtime.domain.questions import add_questions, make_me_one
from realtime.models import Event
from realtime.queries.console import bank_for_event
from realtime.queries.snapshot import snapshot
from tests.factories import make_question, make_user, single_draft
from tests.realtime.live_desk import House, make_house, page, signed_in
from tests.realtime.live_factories import join, make_event, make_live_rules, make_show

pytestmark = pytest.mark.django_db
PICTURE = {"sha256": "a" * 64, "alt": "Một cái cầu", "width": 640, "height": 480}
IN_ENGLISH = {
    "stem": "Which **day**?",
    "content": {"options": ["22 April", "10 October", "21 October", "3 June"]},
    "explanation": "Decision 505.",
    "citation": "",
}


def bilingual(**fields: Any) -> Question:
    extra = {"markdown": True, "picture": PICTURE}
    return make_question(single_draft("**Ngày** nào?", translations={"en": IN_ENGLISH}, extra=extra, **fields))


@pytest.mark.parametrize(
    ("language", "stem", "first", "told"),
    [("vi", "Ngày nào?", "Ngày 22/4", "Quyết định 505"), ("en", "Which day?", "22 April", "Decision 505.")],
)
def test_a_hall_reads_in_the_events_language(language: str, stem: str, first: str, told: str) -> None:
    show = make_show(questions=[bilingual()], rules=make_live_rules(), language=language)
    show.ask({join(show.event, "An")[0]: "B"})
    snap = snapshot(show.event.pk)
    assert snap is not None
    shown, reveal = shown_question.live_question(snap, letters=False), shown_question.live_reveal(snap)
    assert shown is not None
    assert reveal is not None
    assert (shown.stem, shown.options[0].text) == (stem, first)
    assert reveal.explanation.startswith(told)
    assert reveal.right == (shown.options[1].id,)
    assert shown.picture is not None
    assert (shown.picture.url, shown.picture.alt, shown.picture.width) == (f"/anh/{'a' * 64}.webp", "Một cái cầu", 640)
    letters = shown_question.live_question(snap, letters=True)
    assert letters is not None
    assert letters.picture is None


def test_an_event_in_english_finds_what_is_translated(db: None) -> None:
    both, own = bilingual(), make_question(single_draft("Chỉ tiếng Việt?"))
    host = make_user()
    found = {
        language: {
            one.question for one in bank_for_event(make_event(questions=0, lobby=False, language=language), user=host)
        }
        for language in ("vi", "en")
    }
    assert found == {"vi": {both, own}, "en": {both}}


# ---------------------------------------------------------------------------------------------- sealed


@pytest.fixture
def house() -> House:
    return make_house()


def sealed_question(keeper: User) -> Question:
    question = make_question(single_draft("Câu kín?"))
    sealed = create_set(name="Chung kết", owner=keeper, now=now_utc())
    seal(sealed=sealed, questions=[question], actor=keeper, now=now_utc())
    question.refresh_from_db()
    return question


def test_only_readers_find_a_sealed_question_and_nobody_gets_it_by_chance(house: House) -> None:
    keeper = make_user("Người Giữ")
    question, free = sealed_question(keeper), make_question(single_draft("Câu thường?", topic="an-toan"))
    event = make_event(questions=0, lobby=False)
    assert {one.question for one in bank_for_event(event, user=keeper)} == {question, free}
    assert {one.question for one in bank_for_event(event, user=make_user())} == {free}
    more = [make_question(single_draft(f"Câu {n}?", topic="nhan-thuc")) for n in range(12)]
    rows = make_me_one(event=event, topics=["nhan-thuc", "an-toan"], minutes=4, seed="x", now=now_utc())
    assert {row.version.question for row in rows} <= {free, *more}


def test_a_host_who_is_not_named_sees_a_place(house: House) -> None:
    question = sealed_question(make_user("Người Giữ"))
    assert question.current is not None
    event = house.event(questions=0, lobby=False)
    (row,) = add_questions(event=event, versions=[question.current], now=now_utc())
    client = signed_in(house.host)
    for rest in ("cau-hoi/", "xem-thu/"):
        reply = client.get(page(event, rest))
        assert reply.status_code == 200, rest
        assert "Câu kín?" not in reply.content.decode()
        assert "Câu niêm phong" in reply.content.decode()
    assert client.get(page(event, f"cau-hoi/{row.pk}/")).status_code == 403


def test_a_use_is_told_once_it_is_over() -> None:
    question = make_question()
    show = make_show(questions=[question], rules=make_live_rules())
    assert uses_of(question.pk) == []
    Event.objects.filter(pk=show.event.pk).update(ended_at=now_utc(), pin=None)
    assert [use.label for use in uses_of(question.pk)] == [show.event.title]
