"""What the demonstration has besides its contest: made by the domain, once, and shown on the pages it is meant for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from contest.demo import Demo, known_people, make_demo
from contest.demo_fill import fill_demo
from contest.domain.jobs import due_jobs
from contest.domain.work import run_job
from contest.enums import CreditState, JobState
from contest.models import Attempt, InviteCredit, Job
from people.models import User
from quizbank.balance import FACTS
from quizbank.demo import AUTHOR_LOGIN, REVIEWER_LOGIN, make_bank_demo
from quizbank.demo_data import APPROVED, BEING_WRITTEN, IN_REVIEW, RETIRED, RETURNED, SEALED
from quizbank.domain.bank import load_builtin_bank
from quizbank.domain.studying import SentReview, record_reviews
from quizbank.models import (
    BadgeAward,
    Card,
    CardMemory,
    CardReview,
    Comment,
    ImportBatch,
    ImportedItem,
    LeagueSeat,
    Point,
    Question,
    SealedSet,
    UnitGoal,
)
from quizbank.queries.practice import mistakes_of
from quizbank.queries.progress import progress_of

pytestmark = pytest.mark.django_db
OPEN = (BEING_WRITTEN, RETURNED, IN_REVIEW, APPROVED, RETIRED)
KNOWN = {"đã kiểm ở trang lưu", "từ seed"}


def house(now: datetime, residents: int = 4) -> Demo:
    call_command("load_units", verbosity=0)
    call_command("bank", "load", verbosity=0)
    load_builtin_bank(now=now)
    demo = make_demo(stage="open", residents=residents, now=now)
    make_bank_demo(province=demo.contest.unit, now=now)
    return demo


def counts() -> dict[str, int]:
    models = (
        Question, Comment, SealedSet, ImportBatch, ImportedItem, CardReview, CardMemory, Point, BadgeAward, LeagueSeat,
        UnitGoal, Attempt, InviteCredit, User,
    )  # fmt: skip
    return {model.__name__: model.objects.count() for model in models}


def test_filling_shows_every_part_once_and_every_page_opens(client: Client) -> None:
    now = timezone.now()
    demo = house(now)
    fill_demo(contest_id=demo.contest.pk, now=now)

    author, reviewer = (User.objects.get(username=login) for login in (AUTHOR_LOGIN, REVIEWER_LOGIN))
    own = Question.objects.filter(author=author, builtin=False)
    assert Counter(own.filter(current__stem__in=[one.stem for one in OPEN]).values_list("state", flat=True)) == {
        "draft": 2, "in_review": 1, "approved": 1, "retired": 1,
    }  # fmt: skip
    assert SealedSet.objects.get().questions.count() == 2
    assert Counter(Comment.objects.values_list("author", flat=True)) == {author.pk: 1, reviewer.pk: 2}
    batch = ImportBatch.objects.get()
    problems = [item.problems for item in ImportedItem.objects.filter(batch=batch) if item.problems]
    assert (batch.state, batch.total, len(problems)) == ("stored", 4, 3)

    progress = progress_of(demo.resident.user.pk, now)
    assert (progress.streak.length, len(progress.earned) >= 3) == (7, True)
    assert mistakes_of(demo.resident.user.pk)
    assert CardMemory.objects.filter(person=demo.resident.user, due__lte=now).exists()
    assert UnitGoal.objects.get().unit == demo.contest.unit
    assert LeagueSeat.objects.filter(person=demo.resident.user).count() == 2

    assert Counter(InviteCredit.objects.values_list("state", flat=True)) == {
        CreditState.COUNTED: 7,
        CreditState.HELD: 4,
    }
    assert {reason["code"] for one in InviteCredit.objects.filter(state="held") for reason in one.reasons} == {
        "phones",
        "serial",
    }

    before = counts()
    fill_demo(contest_id=demo.contest.pk, now=now + timedelta(hours=1))
    assert counts() == before

    slug = demo.contest.slug
    for user, pages in (
        (author, ["/quan-ly/ngan-hang/", "/quan-ly/ngan-hang/so-lieu/", f"/quan-ly/ngan-hang/nhap/{batch.public_id}/"]),
        (reviewer, ["/quan-ly/ngan-hang/", "/quan-ly/ngan-hang/niem-phong/"]),
        (demo.organizer, [f"/quan-ly/cuoc-thi/{slug}/lan-toa/"]),
        (demo.resident.user, ["/hoc/", "/hoc/thanh-tich/", "/hoc/muc-tieu/", f"/c/{slug}/lan-toa/"]),
    ):
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_up_leaves_it_to_the_worker_which_may_be_killed(capsys: pytest.CaptureFixture[str]) -> None:
    now = timezone.now()
    house(now)
    call_command("demo", "--json", residents=4)
    said = capsys.readouterr().out
    assert all(login in said for login in ("bantochuc", AUTHOR_LOGIN, REVIEWER_LOGIN))
    job = Job.objects.get(kind="demo")
    assert (job.state, Point.objects.count(), InviteCredit.objects.count()) == (JobState.WAITING, 0, 0)
    assert job.public_id in due_jobs(now=timezone.now())
    assert run_job(public_id=job.public_id, now=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.error, InviteCredit.objects.count()) == (JobState.DONE, "", 11)


def test_who_learns_by_themselves_is_left_alone() -> None:
    now = timezone.now()
    demo = house(now, residents=3)
    mine, *others = known_people(3)
    card = Card.objects.values_list("code", flat=True)[0]
    record_reviews(person=mine.user, reviews=[SentReview(card, 3, now, "own")], now=now)
    fill_demo(contest_id=demo.contest.pk, now=now)
    assert CardReview.objects.filter(person=mine.user).count() == 1
    assert all(CardReview.objects.filter(person=one.user).count() > 1 for one in others)


def test_the_questions_stand_on_checked_facts() -> None:
    lines = [line.split("\t") for line in FACTS.read_text(encoding="utf-8").splitlines()[1:]]
    confidence = {line[0]: line[8] for line in lines}
    drafts = (*OPEN, *SEALED)
    assert all(draft.facts and {confidence[fact] for fact in draft.facts} <= KNOWN for draft in drafts)
    assert [draft.problems() for draft in drafts] == [[]] * len(drafts)
