"""The board: Redis and database agree, Redis may vanish and come back, names are masked, own row is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest import boards
from contest.domain.board_building import board_is_missing, rebuild_board
from contest.domain.closing import close_round
from contest.domain.places import boards_of
from contest.domain.scoring import score_round
from contest.domain.sweeping import sweep
from contest.enums import JobKind
from contest.histogram import points_bucket, span_bucket
from contest.models import Attempt, BoardBucket, BoardPlace, Entry, Job, Round
from contest.presenters.console_result import unit_rows
from contest.queries import board_sql
from contest.queries.boards import board_page, board_version, own_place, units_page
from contest.ranking import composite_score
from contest.rules.enums import MaskStyle
from tests.contest.papers import PLAIN, cast, make_paper, simple_contest
from tests.factories import NOW, make_entry, make_resident, make_round, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_client():
    boards.forget_client()
    yield
    boards.forget_client()


def scored(*people: tuple[str, str, float], commit, **fields) -> Round:
    """A round whose board is in Redis and in the database."""
    round_, _ = cast(*people, **fields)
    with commit(execute=True):
        score_round(round_id=round_.pk, now=NOW)
    rebuild_board(round_id=round_.pk)
    return round_


def shown(round_: Round, **fields):
    return [
        (row.rank, row.tied, row.points, row.time) for row in board_page(contest_round=round_, now=NOW, **fields).rows
    ]


PEOPLE = (
    ("An", "BBBBB", 300),
    ("Bình", "BBBBB", 200),
    ("Chi", "BBBBB", 300),
    ("Dũng", "BBBBA", 10),
    ("Em", "AAAAA", 9),
)
RANKED = [
    (1, False, "5", "3:20"),
    (2, True, "5", "5:00"),
    (2, True, "5", "5:00"),
    (4, False, "4", "0:10"),
    (5, False, "0", "0:09"),
]


def test_redis_board_ranks_with_ties(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)

    page = board_page(contest_round=round_, now=NOW)

    assert page.source == "live"
    assert shown(round_) == RANKED
    assert page.total == 5


def test_database_board_is_the_same(django_capture_on_commit_callbacks):
    round_, _ = cast(*PEOPLE)
    score_round(round_id=round_.pk, now=NOW)

    page = board_page(contest_round=round_, now=NOW)

    assert page.source == "sql"
    assert shown(round_) == RANKED


def test_pages_carry_ranks_and_ties_over_their_edges(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)

    live = [shown(round_, page=number, per_page=2) for number in (1, 2, 3, 4)]
    valkey.ask("FLUSHALL")
    plain = [shown(round_, page=number, per_page=2) for number in (1, 2, 3, 4)]

    assert live == plain == [RANKED[:2], RANKED[2:4], RANKED[4:], []]


def test_own_row_comes_along_from_anywhere(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    last = Entry.objects.get(full_name="Em")

    for source in ("live", "sql"):
        page = board_page(contest_round=round_, now=NOW, per_page=2, viewer_entry_id=last.pk)
        assert page.source == source
        assert page.own is not None
        assert (page.own.rank, page.own.own, page.own_outside) == (5, True, True)
        assert not any(row.own for row in page.rows)
        place = own_place(contest_round=round_, entry_id=last.pk, now=NOW)
        assert place is not None
        assert (place.rank, place.tied, place.total, place.provisional) == (5, False, 5, True)
        valkey.ask("FLUSHALL")


def test_stranger_has_no_row(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    stranger = make_entry(round_.contest, make_resident("Khách"))

    assert board_page(contest_round=round_, now=NOW, viewer_entry_id=stranger.pk).own is None
    assert own_place(contest_round=round_, entry_id=stranger.pk, now=NOW) is None


def test_board_is_back_after_flushall(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    before = shown(round_)
    valkey.ask("FLUSHALL")
    assert board_is_missing(round_)

    sweep(now=NOW)
    assert Job.objects.filter(kind=JobKind.BOARD).count() == 1
    rebuild_board(round_id=round_.pk)

    assert not board_is_missing(round_)
    assert board_page(contest_round=round_, now=NOW).source == "live"
    assert shown(round_) == before


def test_dead_redis_costs_a_page_nothing_but_its_speed(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    valkey.kill()
    try:
        assert shown(round_) == RANKED
        assert board_version(contest_round=round_) == ""
        assert not boards.put(round_.public_id, {"": {1: 1}})
        assert not board_is_missing(round_)  # nothing to rebuild into
    finally:
        valkey.start()


def test_scores_that_arrive_during_a_rebuild_are_not_lost(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    entry = Entry.objects.get(full_name="Em")
    old = BoardPlace.objects.get(entry=entry).score
    new = composite_score(5000, 1)

    generation = boards.begin(round_.public_id)
    boards.put(round_.public_id, {"": {entry.pk: new}})  # commits while the rebuild holds the old row
    boards.fill(round_.public_id, generation, "", {entry.pk: old})
    boards.switch(round_.public_id, generation, [""])

    place = boards.rank(round_.public_id, "", entry.pk)
    assert place is not None
    assert place.rank == 1


def test_version_changes_with_the_board(valkey, django_capture_on_commit_callbacks):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    before = board_version(contest_round=round_)
    make_paper(round_, make_entry(round_.contest, make_resident("Mới")))

    with django_capture_on_commit_callbacks(execute=True):
        score_round(round_id=round_.pk, now=NOW)

    assert board_version(contest_round=round_) not in ("", before)
    assert board_page(contest_round=round_, now=NOW).total == 6


def test_names_are_masked_and_minors_guarded():
    round_, _ = cast(("Nguyễn Văn An", "BBBBB", 60), contest=simple_contest())
    child = make_resident("Trần Thị Bé")
    make_paper(round_, make_entry(round_.contest, child, is_minor=True), "BBBBA")
    score_round(round_id=round_.pk, now=NOW)

    names = [row.name for row in board_page(contest_round=round_, now=NOW).rows]

    assert names == ["Nguyễn V** A**", "T. T. B."]


def test_full_names_where_the_rules_say_so_but_never_of_minors():
    contest = simple_contest(masking={"style": MaskStyle.FULL.value})
    round_, _ = cast(("Nguyễn Văn An", "BBBBB", 60), contest=contest)
    make_paper(round_, make_entry(contest, make_resident("Trần Thị Bé"), is_minor=True), "BBBBA")
    score_round(round_id=round_.pk, now=NOW)

    page = board_page(contest_round=round_, now=NOW)

    assert [row.name for row in page.rows] == ["Nguyễn Văn An", "T. T. B."]


def test_hidden_board_shows_nothing():
    contest = simple_contest(reveal={"board": "hidden"})
    round_, papers = cast(("An", "BBBBB", 60), contest=contest)
    score_round(round_id=round_.pk, now=NOW)

    page = board_page(contest_round=round_, now=NOW, viewer_entry_id=papers["An"].entry_id)

    assert (page.source, page.rows, page.own, page.total) == ("hidden", (), None, 0)
    assert units_page(contest_round=round_, now=NOW).rows == ()
    assert own_place(contest_round=round_, entry_id=papers["An"].entry_id, now=NOW) is None


def test_frozen_board_takes_nobody_after_its_hour():
    contest = simple_contest(reveal={"board": "frozen", "board_frozen_minutes": 60})
    round_, papers = cast(("An", "BBBBA", 60), contest=contest)
    late = round_.closes_at - timedelta(minutes=30)
    hidden = make_paper(round_, make_entry(contest, make_resident("Bình")), "BBBBB", at=late)
    score_round(round_id=round_.pk, now=late)

    page = board_page(contest_round=round_, now=late)

    assert [row.key for row in page.rows] == [papers["An"].entry.public_id]
    assert page.frozen_at == round_.closes_at - timedelta(minutes=60)
    assert Attempt.objects.get(pk=hidden.pk).points_milli == 5000


def test_groups_have_boards_of_their_own(valkey, django_capture_on_commit_callbacks):
    groups = [
        {"code": "can-bo", "name": "Cán bộ", "categories": ["official"], "own_ranking": True},
        {"code": "dan", "name": "Người dân", "categories": ["citizen"], "own_ranking": True},
    ]
    contest = simple_contest(groups=groups)
    round_ = make_round(contest)
    for name, group, sheet in (("An", "can-bo", "BBBBB"), ("Bình", "dan", "BBBBA"), ("Chi", "dan", "BBBAA")):
        make_paper(round_, make_entry(contest, make_resident(name), group=group), sheet)
    with django_capture_on_commit_callbacks(execute=True):
        score_round(round_id=round_.pk, now=NOW)
    rebuild_board(round_id=round_.pk)

    for source in ("live", "sql"):
        page = board_page(contest_round=round_, board="dan", now=NOW)
        assert page.source == source
        assert [(row.rank, row.points) for row in page.rows] == [(1, "4"), (2, "3")]
        assert [tab.code for tab in page.boards] == ["can-bo", "dan"]
        everybody = board_page(contest_round=round_, now=NOW)
        assert [row.rank for row in everybody.rows] == [1, 2, 3]
        other = Entry.objects.get(full_name="An")
        assert own_place(contest_round=round_, entry_id=other.pk, board="dan", now=NOW) is None
        valkey.ask("FLUSHALL")


def test_units_are_compared_by_people_and_average():
    contest = simple_contest()
    round_ = make_round(contest)
    small, large = make_unit("Phường Nhỏ"), make_unit("Phường Lớn")
    for number in range(3):
        make_paper(round_, make_entry(contest, make_resident(f"Lớn {number}", unit=large)), "BBBAA")
    make_paper(round_, make_entry(contest, make_resident("Nhỏ", unit=small)), "BBBBB")
    score_round(round_id=round_.pk, now=NOW)

    page = units_page(contest_round=round_, viewer_unit_id=small.pk, now=NOW)

    assert [(row.rank, row.name, row.people, row.average, row.value) for row in page.rows] == [
        (1, "Phường Lớn", 3, "3", "3"),
        (2, "Phường Nhỏ", 1, "5", "1"),
    ]
    assert page.own is not None
    assert page.own.name == "Phường Nhỏ"


def test_a_ratio_without_a_head_count_is_a_dash_and_comes_last(client):
    contest = simple_contest(collective=PLAIN["collective"] | {"metric": "ratio"})
    round_ = make_round(contest)
    known, unknown = make_unit("Phường Có Số", head_count=8), make_unit("Phường Chưa Có Số")
    make_paper(round_, make_entry(contest, make_resident("An", unit=known)), "BBBAA")
    for number in range(3):
        make_paper(round_, make_entry(contest, make_resident(f"Bình {number}", unit=unknown)), "BBBBB")
    score_round(round_id=round_.pk, now=NOW)

    page = units_page(contest_round=round_, now=NOW)

    assert [(row.rank, row.name, row.value) for row in page.rows] == [
        (1, "Phường Có Số", "12,5%"),
        (2, "Phường Chưa Có Số", "–"),
    ]
    assert page.unsized == 1
    sentence = "được xếp sau, theo số người dự thi"
    assert sentence in client.get(f"/c/{contest.slug}/bang/?bang=don-vi").content.decode()
    result = close_round(round_id=round_.pk, actor=None, now=round_.closes_at + timedelta(days=1))
    assert [(row.rank, row.value) for row in unit_rows(result.unit_standings.select_related("unit"))] == [
        (1, "12,5%"),
        (2, "–"),
    ]
    known.head_count = 0
    known.save()
    later = units_page(contest_round=round_, now=NOW + timedelta(minutes=1))
    assert [row.value for row in later.rows] == ["–", "–"]  # a number that is set shows before the next paper comes in


@pytest.mark.parametrize("live", [True, False])
def test_number_of_queries_does_not_grow(valkey, django_capture_on_commit_callbacks, live):
    round_ = scored(*PEOPLE, commit=django_capture_on_commit_callbacks)
    if not live:
        valkey.ask("FLUSHALL")
    viewer = Entry.objects.get(full_name="Em")
    round_ = Round.objects.select_related("contest", "rule_set").get(pk=round_.pk)
    counts = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as counted:
            board_page(contest_round=round_, now=NOW, per_page=size, viewer_entry_id=viewer.pk)
        counts.append(len(counted))

    assert counts == ([1, 1] if live else [5, 5])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100_000)), min_size=1, max_size=60),
    st.integers(0, 70),
    st.integers(1, 20),
)
def test_deep_pages_and_ranks_from_buckets_agree_with_a_plain_list(transactional_scores, scores, first, count):
    """Whatever the scores: the histogram gives the rank of counting, and a deep page the slice of the sorted list."""
    round_, entries, paper = transactional_scores
    BoardPlace.objects.filter(round=round_).delete()
    BoardBucket.objects.filter(round_id=round_.pk).delete()
    people = list(zip(entries, (composite_score(points * 1000, ms) for points, ms in scores), strict=False))
    BoardPlace.objects.bulk_create(
        BoardPlace(round=round_, entry=entry, attempt=paper, unit=entry.unit, score=score, points_milli=0)
        for entry, score in people
    )
    buckets: dict[int, int] = {}
    for _entry, score in people:
        for bucket in (points_bucket(score), span_bucket(score)):
            buckets[bucket] = buckets.get(bucket, 0) + 1
    BoardBucket.objects.bulk_create(
        BoardBucket(round_id=round_.pk, board="", bucket=bucket, people=number) for bucket, number in buckets.items()
    )
    ordered = sorted(people, key=lambda pair: (-pair[1], pair[0].pk))

    page = board_sql.page(round_.pk, "", first, count)

    assert [line.entry_id for line in page.lines] == [entry.pk for entry, _ in ordered[first : first + count]]
    for line in page.lines:
        score = {entry.pk: score for entry, score in people}[line.entry_id]
        place = board_sql.rank(round_.pk, "", line.entry_id)
        assert line.rank == place.rank == 1 + sum(other > score for _, other in people)
        assert line.tied == place.tied == (sum(other == score for _, other in people) > 1)
        assert place.total == page.total == len(people)


@pytest.fixture
def transactional_scores(monkeypatch):
    monkeypatch.setattr(board_sql, "NEAR", 5)  # most pages are deep ones here
    contest = simple_contest()
    unit = make_unit()
    entries = [make_entry(contest, make_resident(f"Người {number}", unit=unit)) for number in range(60)]
    round_ = make_round(contest)
    return round_, entries, make_paper(round_, entries[0])


def test_boards_of_a_group():
    assert boards_of("") == ("",)
    assert boards_of("dan") == ("", "dan")
