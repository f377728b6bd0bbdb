"""No key is near a paper: planted words are in no byte of it, and another right answer changes none."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from contest.models import Attempt
from contest.queries.papers import forget_papers
from quizbank.models import QuestionVersion
from tests.contest.pages import browser_of, every_kind, listed_round, person, sit
from tests.factories import make_question, single_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    forget_papers()


def page(attempt: Attempt, step: str = "") -> str:
    url = reverse("contest:attempt", args=[attempt.public_id])
    return f"{url}?c={step}" if step else url


def test_no_key_is_in_any_byte_of_the_paper() -> None:
    an = person("Trần Văn An")
    phone = browser_of(an)
    planted = [
        make_question(
            single_draft(
                f"Câu {number}?",
                kind="short",
                content={},
                key={"accept": [f"KEY-CANARY-{number}"]},
                explanation="EXPLAINED-CANARY",
                citation="CITED-CANARY",
                citation_url="https://canary.example/",
            )
        )
        for number in range(3)
    ]
    attempt = sit(listed_round(questions=planted), an, phone)
    seen = b"".join(
        response.content + repr(response.headers).encode()
        for response in (
            phone.get(page(attempt)),
            phone.get(page(attempt, "nop")),
            phone.post(reverse("contest:save", args=[attempt.public_id]), {"p": 0, "a": "đoán", "go": "stay"}),
            phone.get(page(attempt, "1")),
            phone.get(reverse("contest:attempt_state", args=[attempt.public_id])),
            phone.post(reverse("contest:submit", args=[attempt.public_id]), follow=True),
            phone.get(reverse("contest:review", args=[attempt.public_id])),
            phone.get(reverse("contest:result_state", args=[attempt.public_id])),
            phone.get(reverse("contest:mine")),
        )
    )
    assert b"CANARY" not in seen.upper()


def test_permuting_the_right_option_changes_no_byte() -> None:
    an = person("Trần Văn An")
    phone = browser_of(an)
    attempt = sit(listed_round(questions=every_kind()), an, phone)

    def bytes_seen() -> str:
        html = phone.get(page(attempt, "1")).content.decode()
        html = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", html)
        html = re.sub(r'data-now="[^"]+"|stroke-dasharray="[^"]+"', "", html)
        return re.sub(r"<span class=\"ring-text.*?</span>", "", html)

    before = bytes_seen()
    keys = {
        "single": {"right": "D"},
        "multiple": {"right": ["B"], "scheme": "exact"},
        "boolean": {"right": False},
        "numeric": {"value": "63", "tolerance": "1"},
        "short": {"accept": ["khác"]},
        "ordering": {"order": ["A", "B", "C"]},
        "matching": {"pairs": {"A": "B", "B": "A"}},
    }
    for kind, key in keys.items():
        QuestionVersion.objects.filter(kind=kind).update(key=key)
    forget_papers()
    assert bytes_seen() == before
