"""From graded papers to the frame: what the public sees, masked, equal to the database."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from contest.domain.scoring import score_round
from contest.models import Contest
from contest.queries.boards import board_page
from realtime.boards import BoardSource, board_round, find_board, read_body, render_board
from realtime.protocol import decode_from_server
from realtime.room import GONE, Stamp
from tests.contest.papers import cast, make_paper, simple_contest
from tests.factories import NOW, make_contest, make_entry, make_resident, make_round, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _valkey(valkey):
    return valkey


def scored(**fields):
    round_, papers = cast(
        ("Nguyễn Thị Lan", "BBBBB", 200), ("Trần Văn An", "BBBBA", 100), ("Lê Thị Hoa", "BBBBB", 300), **fields
    )
    score_round(round_id=round_.pk, now=NOW)
    return round_, papers


def test_the_frame_says_what_the_database_says():
    round_, _ = scored()
    board = read_body(render_board(contest_id=round_.contest_id, now=NOW))
    page = board_page(contest_round=round_, now=NOW)
    assert [(r.key, r.rank, r.name, r.points, r.ms) for r in board.rows] == [
        (r.key, r.rank, r.name, r.points_milli, r.time_ms) for r in page.rows
    ]
    assert [row.points for row in board.rows] == [5000, 5000, 4000]
    assert (board.people, board.round, board.state) == (3, 1, "live")
    assert board.closes == int(round_.closes_at.timestamp() * 1000)


def test_names_are_masked_and_nothing_personal_is_there():
    round_, _ = scored()
    make_paper(round_, make_entry(round_.contest, make_resident("Phạm Gia Bảo", birth_year=2015)), "BBBBB", seconds=10)
    score_round(round_id=round_.pk, now=NOW)
    body = render_board(contest_id=round_.contest_id, now=NOW)
    for secret in ("Thị Lan", "Văn An", "Thị Hoa", "Gia Bảo"):
        assert secret not in body
    said = re.sub(r'"key":"[^"]*"', "", body)  # numbers of rows of the database may look like a year
    for year in ("2015", "1990"):
        assert year not in said
    assert set(json.loads(body)["rows"][0]) == {"key", "rank", "tied", "name", "unit", "points", "ms"}


def test_the_same_state_is_the_same_text_whoever_renders_it_when():
    round_, _ = scored()
    first = render_board(contest_id=round_.contest_id, now=NOW)
    assert render_board(contest_id=round_.contest_id, now=NOW + timedelta(minutes=5)) == first


def test_a_frame_is_delta_where_only_counts_changed():
    round_, _ = scored()
    source = BoardSource(round_.contest_id)
    body = render_board(contest_id=round_.contest_id, now=NOW)
    more = json.dumps(json.loads(body) | {"people": 4}, ensure_ascii=False)
    stamp = Stamp(position=(1, 2), at=3, now=4)
    delta = decode_from_server(source.delta(body, more, stamp))
    assert (delta.TYPE, delta.position, delta.people) == ("counts", (1, 2), 4)
    other = json.dumps(json.loads(body) | {"state": "final"}, ensure_ascii=False)
    assert source.delta(body, other, stamp) is None
    assert decode_from_server(source.full(body, stamp)).at == 3


def test_a_hidden_board_has_no_row_and_no_count():
    reveal = {"score": "at_submit", "explanations": "at_close", "board": "hidden", "board_frozen_minutes": 0}
    round_, _ = scored(contest=simple_contest(reveal=reveal))
    board = read_body(render_board(contest_id=round_.contest_id, now=NOW))
    assert (board.state, board.rows, board.units, board.people) == ("hidden", (), (), 0)


def test_without_redis_the_board_is_the_same(valkey):
    round_, _ = scored()
    with_redis = render_board(contest_id=round_.contest_id, now=NOW)
    valkey.kill()
    assert render_board(contest_id=round_.contest_id, now=NOW) == with_redis


def test_a_flush_loses_nothing(valkey):
    round_, _ = scored()
    before = render_board(contest_id=round_.contest_id, now=NOW)
    valkey.ask("FLUSHALL")
    assert render_board(contest_id=round_.contest_id, now=NOW) == before


@pytest.mark.parametrize("fields", [{"listed_at": None}, {"listed_at": NOW + timedelta(days=1)}, {"cancelled_at": NOW}])
def test_only_listed_contests_have_a_public_board(fields):
    contest = make_contest(slug="an", **fields)
    Contest.objects.filter(pk=contest.pk).update(**fields)
    assert render_board(contest_id=contest.pk, now=NOW) == GONE


def test_an_address_without_a_board_is_nobodys():
    make_contest(slug="cong-khai")
    assert find_board(slug="cong-khai") is not None
    assert find_board(slug="khac") is None


def test_the_board_shows_the_open_round_else_the_last_that_was_open():
    contest = make_contest()
    assert board_round(contest_id=contest.pk, now=NOW) is None
    assert read_body(render_board(contest_id=contest.pk, now=NOW)).state == "waiting"
    day = timedelta(days=1)
    make_round(contest, number=1, questions=1, opens_at=NOW - 9 * day, closes_at=NOW - 8 * day)
    make_round(contest, number=2, questions=1, opens_at=NOW - 2 * day, closes_at=NOW - day)
    make_round(contest, number=3, questions=1, opens_at=NOW + 2 * day, closes_at=NOW + 3 * day)
    draft = make_round(contest, number=4, questions=1, opens_at=NOW - day, closes_at=NOW + day, frozen=False)
    assert board_round(contest_id=contest.pk, now=NOW).number == 2
    assert board_round(contest_id=contest.pk, now=NOW + 2 * day).number == 3
    draft.frozen_at = NOW
    draft.save()
    assert board_round(contest_id=contest.pk, now=NOW).number == 4


@pytest.mark.parametrize("people", [1, 3])
def test_rendering_costs_the_same_however_many_take_part(people, django_assert_num_queries):
    contest = simple_contest()
    round_, _ = cast(*[(f"Nguyễn Văn {n}", "BBBBB", 100 + n) for n in range(people)], contest=contest)
    make_unit()
    score_round(round_id=round_.pk, now=NOW)
    with django_assert_num_queries(7):  # by SQL alone; fewer where Redis has the board
        render_board(contest_id=contest.pk, now=NOW)
