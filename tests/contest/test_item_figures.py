"""A closed round gives its questions their figures: first papers of ranked people, by the key in force, once."""

from __future__ import annotations

import statistics
from datetime import timedelta

import pytest

from contest.domain import item_figures
from contest.domain.closing import close_round
from contest.domain.item_figures import count_due_rounds, count_round
from contest.domain.regrading import change_key, void_item
from contest.domain.work import run_job
from contest.enums import EntryStatus
from contest.models import AnswerEvent, Attempt, Entry, Job, Round
from contest.queries.grading import forget_gradings
from contest.queries.item_responses import rounds_to_count
from quizbank.item_analysis import ItemFigures
from quizbank.models import VersionStatistic
from tests.contest.papers import CLOSED, cast, make_paper
from tests.factories import make_question, make_user, single_draft

pytestmark = pytest.mark.django_db

SHEETS = ["BBBBB", "BBBBA", "BBBAA", "BBAAA", "BAAAA", "AAAAA", "BBBB.", "B.B.B", "CCCCC", "BCBCB"]


def closed(*people, **fields):
    round_, papers = cast(*people, **fields)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    return round_, papers


def crowd(sheets=SHEETS):
    return [(f"Người {number}", sheet, 60 + number) for number, sheet in enumerate(sheets)]


def figures(round_):
    rows = VersionStatistic.objects.filter(source=f"round:{round_.pk}").select_related("version")
    by_version = {row.version_id: ItemFigures.from_json(row.data) for row in rows}
    return [by_version[item.version_id] for item in round_.pool.order_by("position")]


def test_the_figures_are_those_of_the_papers():
    round_, _ = closed(*crowd())
    assert count_round(round_id=round_.pk, now=CLOSED) == 5
    for place, one in enumerate(figures(round_)):
        column = [sheet[place] for sheet in SHEETS]
        right = [float(char == "B") for char in column]
        rest = [sum(char == "B" for char in sheet) - own for sheet, own in zip(SHEETS, right, strict=True)]
        assert (one.people, one.blank, one.right) == (10, column.count("."), sum(right))
        assert one.facility == pytest.approx(statistics.fmean(right))
        assert one.discrimination == pytest.approx(statistics.correlation(right, rest), abs=1e-3)
        assert {name: choice.count for name, choice in one.choices.items()} == {
            char: column.count(char) for char in set(column) - {"."}
        }
    row = VersionStatistic.objects.first()
    assert (row.label, row.used_at) == (f"{round_.contest.title} · {round_.title}", round_.closes_at)


def test_a_running_round_is_never_counted():
    round_, papers = cast(*crowd())
    Attempt.objects.update(graded_at=CLOSED, points_milli=0, correct=0)
    assert count_round(round_id=round_.pk, now=CLOSED) == 0
    assert rounds_to_count(5) == []
    Round.objects.update(closed_at=CLOSED, cancelled_at=CLOSED)
    assert count_round(round_id=round_.pk, now=CLOSED) == 0
    assert len(papers) == 10


def test_only_the_first_paper_of_a_ranked_person_counts():
    round_, papers = cast(*crowd(["BBBBB", "AAAAA", "AAAAA"]))
    make_paper(round_, papers["Người 0"].entry, "AAAAA", period="round-2")
    Entry.objects.filter(pk=papers["Người 1"].entry_id).update(status=EntryStatus.UNRANKED)
    Entry.objects.filter(pk=papers["Người 2"].entry_id).update(status=EntryStatus.BARRED)
    close_round(round_id=round_.pk, actor=None, now=CLOSED + timedelta(hours=1))
    count_round(round_id=round_.pk, now=CLOSED)
    assert [(one.people, one.right) for one in figures(round_)] == [(1, 1)] * 5


def test_due_rounds_are_counted_once_and_again_after_a_regrade():
    round_, _ = closed(*crowd())
    assert count_due_rounds(now=CLOSED) == 1
    assert count_due_rounds(now=CLOSED) == 0
    item = round_.pool.select_related("version", "round").get(position=0)
    change_key(item=item, key={"right": "A"}, actor=make_user(), reason="Đáp án sai", now=CLOSED)
    later = CLOSED + timedelta(hours=1)
    forget_gradings()
    for _ in range(2):
        for job in Job.objects.filter(state="waiting"):
            run_job(public_id=job.public_id, now=later)
    assert count_due_rounds(now=later) == 1
    first = figures(round_)[0]
    assert (first.right, first.choices["A"].right, first.choices["B"].right) == (1, True, False)
    assert VersionStatistic.objects.count() == 5


def test_a_void_question_is_judged_by_its_key_and_its_gift_is_no_skill():
    round_, _ = cast(*crowd())
    item = round_.pool.select_related("version", "round").get(position=0)
    void_item(item=item, actor=make_user(), reason="Câu không rõ", now=CLOSED)
    forget_gradings()
    for job in Job.objects.filter(state="waiting"):
        run_job(public_id=job.public_id, now=CLOSED)
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    count_round(round_id=round_.pk, now=CLOSED)
    right = [float(sheet[0] == "B") for sheet in SHEETS]
    rest = [sum(char == "B" for char in sheet[1:]) for sheet in SHEETS]
    assert figures(round_)[0].right == sum(right)
    assert figures(round_)[0].discrimination == pytest.approx(statistics.correlation(right, rest), abs=1e-3)


def test_written_answers_are_counted_by_their_words():
    drafts = [single_draft("Thủ đô?", kind="short", content={}, key={"accept": ["Hà Nội"]}), single_draft("Hai?")]
    round_, papers = cast(*crowd(["*B", "*A", "*B"]), questions=[make_question(one) for one in drafts])
    for paper, text in zip(papers.values(), ("Hà Nội", "ha noi", "Huế"), strict=True):
        Attempt.objects.filter(pk=paper.pk).update(extras={"0": text})
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    count_round(round_id=round_.pk, now=CLOSED)
    choices = {name: (one.count, one.right) for name, one in figures(round_)[0].choices.items()}
    assert choices == {"Hà Nội": (1, True), "ha noi": (1, True), "Huế": (1, False)}


def test_time_to_an_answer_comes_from_the_log():
    round_, papers = cast(*crowd(["BBBBB", "BBBBB", "BBBBB"]))
    for paper, seconds in zip(papers.values(), (10, 20, 60), strict=True):
        for shown in range(2):
            at = paper.started_at + timedelta(seconds=seconds * (shown + 1))
            AnswerEvent.objects.create(attempt=paper, position=shown, seq=1, response="B", received_at=at)
        AnswerEvent.objects.create(
            attempt=paper, position=0, seq=2, response="A", received_at=paper.started_at + timedelta(seconds=500)
        )
    close_round(round_id=round_.pk, actor=None, now=CLOSED)
    count_round(round_id=round_.pk, now=CLOSED)
    assert [one.median_ms for one in figures(round_)] == [20_000, 20_000, None, None, None]


def test_papers_that_differ_are_compared_by_their_share():
    round_, _ = closed(("An", "BB---", 60), ("Bình", "--BBB", 60), ("Chi", "AA---", 60), ("Dũng", "--AAA", 60))
    count_round(round_id=round_.pk, now=CLOSED)
    assert [(one.people, one.discrimination, one.upper_lower) for one in figures(round_)] == [(2, 1.0, 1.0)] * 5


def test_reading_is_the_same_number_of_statements_however_many_people(django_assert_num_queries):
    counts = []
    for number in (3, 30):
        round_, _ = closed(*crowd(["BBBBB"] * number))
        forget_gradings()
        with django_assert_num_queries(13) as caught:
            count_round(round_id=round_.pk, now=CLOSED)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_result_wakes_the_counting(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("contest.receivers.wake", lambda *hint: sent.append(hint))
    with django_capture_on_commit_callbacks(execute=True):
        closed(*crowd(["BBBBB"]))
    assert ("contest.figures",) in sent
    assert item_figures.MOST_ROUNDS > 0
