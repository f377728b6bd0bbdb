"""Scoring as sets: once, whatever repeats, races or dies; the statement says what the pure grading says."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from contest.domain import scoring
from contest.domain.regrading import change_key, regrade_round, void_item
from contest.domain.scoring import request_scoring, score_attempt_now, score_requested, score_round
from contest.domain.work import run_job
from contest.grading import grade_sheet
from contest.models import Attempt, BoardPlace, BoardUnit, Round
from contest.queries.grading import grading_of
from people.models import AuditEntry
from quizbank.errors import BadQuestion
from quizbank.kinds import get_kind
from tests.contest.papers import cast, make_paper, simple_contest
from tests.factories import NOW, make_entry, make_question, make_resident, make_round, make_user, single_draft

pytestmark = pytest.mark.django_db


def in_threads(number: int, work) -> list:
    """Run ``work`` at the same moment in several threads, each with its own connection."""
    barrier = threading.Barrier(number)

    def run(_index: int):
        try:
            barrier.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def every_kind():
    """Approved questions of all seven kinds."""
    drafts = [
        single_draft("Một đáp án?"),
        single_draft(
            "Nhiều đáp án? (chọn tất cả phương án đúng)", kind="multiple", key={"right": ["A", "C"], "scheme": "partial"}
        ),
        single_draft("Đúng hay sai: đúng.", kind="boolean", content={}, key={"right": True}),
        single_draft(
            "Bao nhiêu tỉnh, thành phố?", kind="numeric", content={"unit": "tỉnh"}, key={"value": "34", "tolerance": "0"}
        ),
        single_draft("Tên ứng dụng định danh?", kind="short", content={}, key={"accept": ["VNeID"]}),
        single_draft(
            "Xếp thứ tự?", kind="ordering", content={"items": ["một", "hai", "ba"]},
            key={"order": ["C", "A", "B"], "scheme": "partial"},
        ),
        single_draft(
            "Ghép cặp?", kind="matching", content={"lefts": ["x", "y", "z"], "rights": ["1", "2", "3"]},
            key={"pairs": {"A": "B", "B": "C", "C": "A"}},
        ),
    ]  # fmt: skip
    return [make_question(draft) for draft in drafts]


def random_paper(random: Random, round_: Round) -> tuple[str, dict[str, str]]:
    chars, extras = [], {}
    for item in round_.pool.select_related("version"):
        kind, content = get_kind(item.version.kind), item.version.content
        answer = {
            "single": lambda: random.choice("ABCD"),
            "multiple": lambda: "".join(sorted(random.sample("ABCD", random.randint(1, 4)))),
            "boolean": lambda: random.choice("TF"),
            "numeric": lambda: random.choice(["34", "63", "34.5"]),
            "short": lambda: random.choice(["VNeID", "vneid", "khác"]),
            "ordering": lambda: "".join(random.sample("ABC", 3)),
            "matching": lambda: "".join(random.choice("ABC-") for _ in range(2)) + "A",
        }[kind.code]()
        match random.random():
            case x if x < 0.1:
                chars.append("-")
            case x if x < 0.2:
                chars.append(".")
            case _:
                char = kind.char(content, answer)
                if char is None:
                    extras[str(item.position)] = answer
                chars.append(char or "*")
    return "".join(chars), extras


def test_statement_agrees_with_pure_grading_over_all_kinds():
    contest = simple_contest(points={"per_question_milli": 1000, "by_difficulty": None, "partial_credit": True})
    round_ = make_round(contest, questions=every_kind())
    random = Random(20261122)
    for number in range(60):
        sheet, extras = random_paper(random, round_)
        make_paper(round_, make_entry(contest, make_resident(f"Người {number}")), sheet, extras=extras)

    assert score_round(round_id=round_.pk, now=NOW) == 60

    columns = grading_of(round_.pk).columns
    for attempt in Attempt.objects.filter(round=round_):
        wanted = grade_sheet(columns, attempt.sheet, attempt.extras)
        assert (attempt.points_milli, attempt.correct) == wanted, attempt.sheet
    assert Attempt.objects.filter(round=round_).values("points_milli").distinct().count() > 10


def test_scoring_leaves_open_papers_and_other_rounds_alone():
    round_, papers = cast(("An", "BBBBB", 60))
    _other, others = cast(("Bình", "BBBBB", 60))
    still_open = make_paper(round_, make_entry(round_.contest), "BBBBB", state="open")

    assert score_round(round_id=round_.pk, now=NOW) == 1

    assert Attempt.objects.get(pk=still_open.pk).graded_at is None
    assert Attempt.objects.get(pk=others["Bình"].pk).graded_at is None
    assert Attempt.objects.get(pk=papers["An"].pk).points_milli == 5000


def test_scoring_twice_changes_nothing():
    round_, papers = cast(("An", "BBBAA", 60))
    score_round(round_id=round_.pk, now=NOW)
    # Were the paper graded again, it would now be worth nothing.
    Attempt.objects.filter(pk=papers["An"].pk).update(sheet="AAAAA")

    assert score_round(round_id=round_.pk, now=NOW) == 0
    again = score_attempt_now(attempt_id=papers["An"].pk, now=NOW)

    assert (again.points_milli, again.correct, again.graded_by) == (3000, 3, 1)


def test_score_attempt_now_needs_no_worker():
    round_, papers = cast(("An", "BBBBA", 60), ("Bình", "BBBBB", 60))

    attempt = score_attempt_now(attempt_id=papers["An"].pk, now=NOW)

    assert (attempt.points_milli, attempt.correct) == (4000, 4)
    assert Attempt.objects.get(pk=papers["Bình"].pk).graded_at is None
    assert BoardPlace.objects.get(round=round_).points_milli == 4000


@pytest.mark.django_db(transaction=True)
def test_many_scorers_at_once_grade_each_paper_once():
    round_, _ = cast(*((f"Người {n}", "BBBAA", 60 + n) for n in range(40)))

    graded = in_threads(6, lambda: score_round(round_id=round_.pk, now=NOW))

    assert sum(graded) == 40
    assert BoardUnit.objects.filter(round=round_).count() == 40
    assert sum(BoardUnit.objects.filter(round=round_).values_list("people", flat=True)) == 40
    assert set(Attempt.objects.filter(round=round_).values_list("graded_by", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_result_page_and_worker_race_for_one_paper():
    round_, papers = cast(("An", "BBBBB", 60))
    one = papers["An"].pk

    in_threads(8, lambda: score_attempt_now(attempt_id=one, now=NOW))

    assert BoardUnit.objects.get(round=round_).people == 1


def test_request_is_coalesced(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(scoring, "wake", lambda *hint: sent.append(hint))
    round_, _ = cast(("An", "BBBBB", 60))

    for _ in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            request_scoring(round_id=round_.pk, now=NOW)

    assert sent == [("contest.score", round_.pk)]
    assert Round.objects.get(pk=round_.pk).score_requested_at == NOW


def test_request_whose_worker_died_is_taken_over(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(scoring, "wake", lambda *hint: sent.append(hint))
    round_, _ = cast(("An", "BBBBB", 60))
    Round.objects.filter(pk=round_.pk).update(score_requested_at=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        request_scoring(round_id=round_.pk, now=NOW + scoring.SCORING_LEASE)

    assert len(sent) == 1


def test_score_requested_sees_what_was_closed_meanwhile(monkeypatch):
    round_, _ = cast(("An", "BBBBB", 60))
    late = make_entry(round_.contest, make_resident("Chậm"))
    really = scoring.has_ungraded

    def someone_submits(round_id: int) -> bool:
        if not Attempt.objects.filter(entry=late).exists():
            make_paper(round_, late, "BBBBB")
        return really(round_id)

    monkeypatch.setattr(scoring, "has_ungraded", someone_submits)

    assert score_requested(round_id=round_.pk, now=NOW) == 2
    assert Round.objects.get(pk=round_.pk).score_requested_at is None


def test_scoring_that_dies_in_the_middle_is_continued(monkeypatch):
    round_, _ = cast(*((f"Người {n}", "BBBAA", 60 + n) for n in range(9)))
    monkeypatch.setattr(scoring, "SLICE", 4)

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_round(round_id=round_.pk, now=NOW, beat=killed)
    assert Attempt.objects.filter(round=round_, graded_at__isnull=False).count() == 4

    assert score_round(round_id=round_.pk, now=NOW) == 5
    assert BoardPlace.objects.filter(round=round_).count() == 9


def test_number_of_statements_does_not_grow_with_people():
    small, _ = cast(("An", "BBBAA", 60))
    large, _ = cast(*((f"Người {n}", "BBBAA", 60 + n) for n in range(30)))
    grading_of(small.pk), grading_of(large.pk)
    counts = []
    for round_ in (small, large):
        with CaptureQueriesContext(connection) as counted:
            score_round(round_id=round_.pk, now=NOW)
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_best_paper_counts_on_the_board():
    contest = simple_contest(attempts={"limit": 3, "per": "round"}, counting="best")
    round_ = make_round(contest)
    entry = make_entry(contest)
    for sheet in ("BBBAA", "BBBBA", "BAAAA"):
        make_paper(round_, entry, sheet)
        score_round(round_id=round_.pk, now=NOW)

    place = BoardPlace.objects.get(round=round_)
    assert place.points_milli == 4000
    unit = BoardUnit.objects.get(round=round_)
    assert (unit.people, unit.points_milli) == (1, 4000)


def test_incomplete_paper_is_invalid_where_the_rules_say_so():
    contest = simple_contest(paper={"question_count": 5, "require_all_answered": True})
    round_, _ = cast(("Đủ", "BBBBA", 60), ("Thiếu", "BBBB.", 50), contest=contest)

    score_round(round_id=round_.pk, now=NOW)

    assert [place.entry.full_name for place in BoardPlace.objects.filter(round=round_)] == ["Đủ"]


def test_mended_key_regrades_everybody_and_is_in_the_audit_chain():
    round_, papers = cast(("An", "BBBBB", 60), ("Bình", "ABBBB", 90))
    score_round(round_id=round_.pk, now=NOW)
    actor = make_user("Ban tổ chức")
    item = round_.pool.get(position=0)

    job = change_key(item=item, key={"right": "A"}, actor=actor, reason="Đáp án in nhầm.", now=NOW)
    assert run_job(public_id=job.public_id, now=NOW)

    points = {name: Attempt.objects.get(pk=paper.pk).points_milli for name, paper in papers.items()}
    assert points == {"An": 4000, "Bình": 5000}
    assert set(Attempt.objects.values_list("graded_by", flat=True)) == {2}
    assert [place.points_milli for place in BoardPlace.objects.order_by("-score")] == [5000, 4000]
    entry = AuditEntry.objects.get(verb="key.changed")
    assert entry.data["reason"] == "Đáp án in nhầm."
    assert "right" not in str(entry.data)


def test_voided_question_is_right_for_all_dealt_it():
    round_, papers = cast(("An", "BBBBB", 60), ("Bình", ".BBBB", 90), ("Chi", "-BBBB", 90))
    score_round(round_id=round_.pk, now=NOW)

    job = void_item(item=round_.pool.get(position=0), actor=make_user(), reason="Câu hỏi sai.", now=NOW)
    run_job(public_id=job.public_id, now=NOW)

    points = {name: Attempt.objects.get(pk=paper.pk).points_milli for name, paper in papers.items()}
    assert points == {"An": 5000, "Bình": 5000, "Chi": 4000}


def test_key_that_does_not_fit_the_question_is_refused():
    round_, _ = cast(("An", "BBBBB", 60))

    with pytest.raises(BadQuestion):
        change_key(item=round_.pool.get(position=0), key={"right": "Z"}, actor=make_user(), reason="?", now=NOW)

    assert round_.pool.get(position=0).key_override is None


def test_regrading_twice_is_the_same_and_agrees_with_pure_grading():
    contest = simple_contest(points={"per_question_milli": 1000, "by_difficulty": None, "partial_credit": True})
    round_ = make_round(contest, questions=every_kind())
    random = Random(7)
    for number in range(30):
        sheet, extras = random_paper(random, round_)
        make_paper(round_, make_entry(contest, make_resident(f"Người {number}")), sheet, extras=extras)
    score_round(round_id=round_.pk, now=NOW)
    item = round_.pool.get(position=3)
    change_key(item=item, key={"value": "63", "tolerance": "0"}, actor=make_user(), reason="Nhầm.", now=NOW)

    assert regrade_round(grading=grading_of(round_.pk)) == 30
    assert regrade_round(grading=grading_of(round_.pk)) == 0

    columns = grading_of(round_.pk).columns
    for attempt in Attempt.objects.filter(round=round_):
        assert (attempt.points_milli, attempt.correct) == grade_sheet(columns, attempt.sheet, attempt.extras)


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_are_two_gradings():
    round_, _ = cast(("An", "BBBBB", 60))
    score_round(round_id=round_.pk, now=NOW)
    actor = make_user()
    item = round_.pool.get(position=0)

    jobs = in_threads(4, lambda: void_item(item=item, actor=actor, reason="Sai.", now=NOW))

    assert len({job.key for job in jobs}) == 4
    assert grading_of(round_.pk).run == 5
