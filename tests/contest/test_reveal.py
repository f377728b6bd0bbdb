"""When keys may be seen: the pure policy over every phase and rule, and the one page that shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from contest.arrivals import now_utc
from contest.domain.attempts import submit_attempt
from contest.enums import Phase
from contest.models import Attempt, PoolItem, Round
from contest.queries.attempts import attempt_of
from contest.queries.reveal import reviewed_paper
from contest.reveal import revealed
from contest.rules import RuleSet
from contest.rules.enums import RevealAt
from contest.rules.parts import Reveal
from contest.wire import SentAnswer
from people.models import Resident
from tests.contest.pages import (
    browser_of,
    every_kind,
    finished,
    listed_round,
    page_rules,
    person,
    questions_of,
    sit,
)
from tests.factories import NOW

CLOSES = NOW + timedelta(hours=1)
OVER = CLOSES + timedelta(minutes=1)

# Which rule values are open in which phase, before and after the round's end plus grace.
OPEN_VALUES: dict[tuple[Phase, datetime], set[str]] = {
    (Phase.OPEN, NOW): {"at_submit"},
    (Phase.CLOSING, CLOSES): {"at_submit"},
    (Phase.CLOSING, OVER): {"at_submit", "at_close"},
    (Phase.REVIEW, CLOSES): {"at_submit", "at_close"},
    (Phase.PUBLISHED, OVER): {"at_submit", "at_close", "at_publish"},
    (Phase.CANCELLED, OVER): set(),
}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("phase", "now"), OPEN_VALUES)
def test_policy_over_phases(phase: Phase, now: datetime) -> None:
    for value in RevealAt:
        rules = replace(RuleSet(), reveal=Reveal(score=value, explanations=value))
        seen = revealed(rules, phase=phase, closes_at=CLOSES, now=now)
        expected = value in OPEN_VALUES[phase, now]
        assert (seen.score, seen.explanations) == (expected, expected), (phase, value)


@pytest.fixture
def an() -> Resident:
    return person("Trần Văn An")


def review(resident: Resident, attempt: Attempt) -> str:
    response = browser_of(resident).get(reverse("contest:review", args=[attempt.public_id]))
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def end(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(
        opens_at=now_utc() - timedelta(hours=2), closes_at=now_utc() - timedelta(minutes=1)
    )


@pytest.mark.django_db
def test_nothing_before_the_round_is_over_for_everybody(an: Resident) -> None:
    round_ = listed_round()
    attempt = finished(round_, an)
    html = review(an, attempt)
    assert "Chưa đến lúc xem đáp án" in html
    assert "505/QĐ-TTg" not in html
    assert reviewed_paper(attempt_of(an.user, attempt.public_id), now_utc()) is None
    end(round_)
    html = review(an, attempt)
    assert "505/QĐ-TTg" in html
    assert html.count('data-state="right"') == 3


@pytest.mark.django_db
def test_never_means_never(an: Resident) -> None:
    round_ = listed_round(rules=page_rules(reveal={"score": "at_submit", "explanations": "never"}))
    attempt = finished(round_, an)
    Round.objects.filter(pk=round_.pk).update(closed_at=now_utc(), published_at=now_utc())
    html = review(an, attempt)
    assert "không được công bố" in html
    assert "505/QĐ-TTg" not in html


@pytest.mark.django_db
def test_a_paper_in_hand_reveals_nothing_even_with_the_round_over(an: Resident) -> None:
    round_ = listed_round(rules=page_rules(reveal={"score": "at_submit", "explanations": "at_submit"}))
    attempt = sit(round_, an)
    assert reviewed_paper(attempt_of(an.user, attempt.public_id), now_utc()) is None
    assert "505/QĐ-TTg" not in review(an, attempt)


@pytest.mark.django_db
def test_every_kind_is_explained_with_the_own_answer(an: Resident) -> None:
    round_ = listed_round(
        questions=every_kind(), rules=page_rules(reveal={"score": "at_submit", "explanations": "at_submit"})
    )
    attempt = sit(round_, an)
    answers = []
    for one in questions_of(attempt):
        match one.kind:
            case "numeric":
                answers.append(SentAnswer(one.position, 1, "63"))
            case "short":
                answers.append(SentAnswer(one.position, 1, "vneid"))
            case "multiple":
                right = [option.id for option in one.shown.options if option.text in ("Một", "Ba")]
                answers.append(SentAnswer(one.position, 1, right[:1]))
            case "ordering":
                answers.append(SentAnswer(one.position, 1, [option.id for option in one.shown.options]))
    submit_attempt(attempt=attempt, lease=1, answers=answers, received_at=now_utc())
    paper = reviewed_paper(attempt_of(an.user, attempt.public_id), now_utc())
    assert paper is not None
    seen = {one.kind: one for one in paper}
    assert (seen["numeric"].chosen_text, seen["numeric"].right_text) == ("63 tỉnh", "34 tỉnh")
    assert seen["short"].is_right
    assert seen["multiple"].grade_permille == 500
    assert seen["single"].chosen == ""
    assert seen["matching"].right_text == "Trái một – Phải một; Trái hai – Phải hai"
    html = review(an, attempt)
    assert "63 tỉnh" in html
    assert html.count('data-state="missed"') == 1 + 1 + 1  # single, the other right one of multiple, true/false


@pytest.mark.django_db
def test_a_mended_key_and_a_void_question_are_told(an: Resident) -> None:
    round_ = listed_round(rules=page_rules(reveal={"score": "at_submit", "explanations": "at_submit"}))
    attempt = finished(round_, an)
    PoolItem.objects.filter(round=round_, position=0).update(key_override={"right": "A"})
    PoolItem.objects.filter(round=round_, position=1).update(voided=True)
    html = review(an, attempt)
    assert "Đáp án đã được sửa sau khi thi" in html
    assert "Câu này được tính đúng cho mọi người" in html
    assert "Đúng 2/3 câu" in html
