"""What a paper reads like: Markdown and pictures where a question has them, English where it is translated, and sealed
questions closed to organizers who are not named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contest.arrivals import now_utc
from contest.domain.rounds_admin import look_at_keys, look_at_paper
from contest.models import Attempt, Round
from contest.queries.attempts import paper_questions
from contest.queries.papers import forget_papers
from contest.queries.reveal import reviewed_paper
from people.models import User
from quizbank.domain.sealing import add_questions, create_set
from quizbank.enums import Sight
from quizbank.models import Question, Sighting
from quizbank.signals import uses_of
from tests.contest.desk import make_desk, page, signed_in
from tests.contest.pages import EVERY_KIND, browser_of, finished, listed_round, person, sit
from tests.factories import make_contest, make_question, make_round, make_user, single_draft

pytestmark = pytest.mark.django_db
ENGLISH: dict[str, dict[str, Any]] = {
    "single": {"options": ["22 April", "10 October", "21 October", "3 June"]},
    "multiple": {"options": ["One", "Two", "Three"]},
    "boolean": {},
    "numeric": {"unit": "provinces"},
    "short": {},
    "ordering": {"items": ["Two", "Three", "One"]},
    "matching": {"lefts": ["Left one", "Left two"], "rights": ["Right one", "Right two"]},
}
PICTURE = {"sha256": "a" * 64, "alt": "Một cái cầu", "width": 640, "height": 480}


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    forget_papers()


def translated(**extra: Any) -> list[Question]:
    """One question of each kind, also in English; the explanations hold words of their own."""
    return [
        make_question(
            single_draft(
                f"Câu {draft.kind}?",
                kind=draft.kind,
                content=draft.content,
                key=draft.key,
                translations={
                    "en": {
                        "stem": f"A question of {draft.kind}?",
                        "content": ENGLISH[draft.kind],
                        "explanation": "ENGLISH-CANARY",
                        "citation": "",
                    }
                },
                extra={"feedback": {"A": "FEEDBACK-CANARY"}} | extra,
            )
        )
        for draft in EVERY_KIND
    ]


def english(client: Client) -> Client:
    client.post("/ngon-ngu/", {"language": "en", "next": "/"})
    return client


def test_the_same_paper_in_both_languages_has_the_same_option_ids() -> None:
    attempt = sit(listed_round(questions=translated()), person())
    own, other = (paper_questions(attempt, language=language) for language in ("vi", "en"))
    assert [one.stem for one in other] == [one.stem.replace("Câu ", "A question of ") for one in own]
    for one, two in zip(own, other, strict=True):
        assert [option.id for option in one.shown.options] == [option.id for option in two.shown.options]
        assert [option.letter for option in one.shown.options] == [option.letter for option in two.shown.options]
        assert [target.id for target in one.shown.targets] == [target.id for target in two.shown.targets]
        if one.kind == "single":
            words = dict(zip(EVERY_KIND[0].content["options"], ENGLISH["single"]["options"], strict=True))
            assert [words[option.text] for option in one.shown.options] == [o.text for o in two.shown.options]


def test_a_page_follows_the_readers_language_and_falls_back() -> None:
    an = person()
    plain = make_question(single_draft("Chỉ có tiếng Việt?"))
    attempt = sit(listed_round(questions=[*translated(), plain]), an, phone := browser_of(an))
    url = reverse("contest:attempt", args=[attempt.public_id])
    assert "Câu single?" in phone.get(url).content.decode()
    shown = english(phone).get(url).content.decode()
    assert "A question of single?" in shown
    assert "provinces" in shown
    assert "Left one" in shown
    assert "Chỉ có tiếng Việt?" in shown
    assert "CANARY" not in shown


def test_a_review_is_read_in_the_readers_language_too() -> None:
    an = person()
    round_ = listed_round(questions=translated(markdown=True, picture=PICTURE))
    attempt = finished(round_, an, right=False)
    Round.objects.filter(pk=round_.pk).update(closes_at=now_utc() - timedelta(hours=1))
    attempt = Attempt.objects.select_related("round__contest", "round__rule_set").get(pk=attempt.pk)
    own, other = (reviewed_paper(attempt, now_utc(), language=language) for language in ("vi", "en"))
    assert own is not None
    assert other is not None
    assert {one.explanation for one in other} == {"ENGLISH-CANARY"}
    assert [one.right for one in own] == [one.right for one in other]
    shown = english(browser_of(an)).get(reverse("contest:review", args=[attempt.public_id])).content.decode()
    assert "A question of matching?" in shown
    assert "Left one – Right one" in shown
    assert f'src="/anh/{"a" * 64}.webp"' in shown


def test_markdown_and_pictures_are_shown_where_a_question_has_them() -> None:
    an = person()
    questions = [
        make_question(single_draft("**Câu một** <b>?", extra={"markdown": True, "picture": PICTURE})),
        make_question(single_draft("**Câu hai** <b>?")),
    ]
    attempt = sit(listed_round(questions=questions), an, phone := browser_of(an))
    shown = phone.get(reverse("contest:attempt", args=[attempt.public_id])).content.decode()
    assert "<strong>Câu một</strong>" in shown
    assert "**Câu hai** &lt;b&gt;?" in shown
    assert shown.count("<figure") == 1
    assert f'<img src="/anh/{"a" * 64}.webp" alt="Một cái cầu" width="640" height="480" loading="lazy"' in shown


# ---------------------------------------------------------------------------------------------- sealed papers


def sealed_round(organizer_of: Any, keeper: User) -> tuple[Round, Question]:
    contest = make_contest(unit=organizer_of.province)
    kept, free = make_question(single_draft("Câu kín?")), make_question(single_draft("Câu thường?"))
    sealed = create_set(name="Chung kết", owner=keeper, now=now_utc())
    add_questions(sealed=sealed, questions=[kept], actor=keeper, now=now_utc())
    return make_round(contest, questions=[kept, free]), kept


def test_an_organizer_who_is_not_named_sees_a_place_instead_of_a_sealed_question() -> None:
    desk, keeper = make_desk(), make_user("Người Giữ")
    round_, kept = sealed_round(desk, keeper)
    looked = look_at_paper(round_=round_, group="", seed=7, actor=desk.organizer)
    assert sorted((one.stem, one.sealed) for one in looked) == [("", True), ("Câu thường?", False)]
    keyed = look_at_keys(round_=round_, group="", seed=7, actor=desk.organizer, now=now_utc())
    closed = next(one for one in keyed if one.question.sealed)
    assert (closed.answer, closed.right, closed.explanation) == ("", frozenset(), "")
    client, url = signed_in(desk.organizer), page(round_.contest, "vong/1/de/")
    for shown in (client.get(url), client.post(url)):
        assert "Câu kín?" not in shown.content.decode()
        assert "Câu niêm phong" in shown.content.decode()
    assert not Sighting.objects.filter(version=kept.current).exists()


def test_keys_that_are_seen_are_written_down_at_each_question() -> None:
    desk = make_desk()
    round_, _kept = sealed_round(desk, desk.organizer)
    keyed = look_at_keys(round_=round_, group="", seed=7, actor=desk.organizer, now=now_utc())
    assert {one.question.stem for one in keyed} == {"Câu kín?", "Câu thường?"}
    seen = Sighting.objects.filter(reader=desk.organizer, what=Sight.DEALT)
    assert seen.count() == 2


def test_a_use_is_told_once_it_is_over() -> None:
    question = make_question()
    now = now_utc()
    round_ = listed_round(questions=[question])
    assert question.pk is not None
    assert uses_of(question.pk) == []
    Round.objects.filter(pk=round_.pk).update(closes_at=now - timedelta(minutes=1))
    (use,) = uses_of(question.pk)
    assert (use.label, use.version) == (f"{round_.contest.title}, {round_.title}", 1)
