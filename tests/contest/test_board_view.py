"""The leaderboard page: masked names, the own row, units, rounds, and rules that keep it closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from contest.arrivals import now_utc
from contest.domain.scoring import score_round
from contest.models import Round
from tests.contest.pages import another_round, browser_of, finished, listed_round, page_rules, person
from tests.factories import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return listed_round(rules=page_rules(masking={"style": "masked"}))


def board(client: object, query: str = "") -> str:
    return client.get(f"{reverse('contest:board', args=['thi'])}{query}").content.decode()  # type: ignore[attr-defined]


def scored(round_: Round) -> None:
    score_round(round_id=round_.pk, now=now_utc())


def test_names_are_masked_and_the_own_row_is_marked(round_: Round) -> None:
    an, be = person("Trần Văn An"), person("Lê Thị Bé")
    mine = finished(round_, an)
    finished(round_, be, right=False)
    scored(round_)
    html = board(browser_of(an))
    assert "Trần V** A**" in html
    assert "Lê T** B**" in html
    assert "Lê Thị Bé" not in html
    assert f'data-own="{mine.entry.public_id}"' in html
    assert html.count('aria-current="true"') == 1


def test_the_own_row_is_in_sight_beyond_the_page(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contest.views.board.PER_PAGE", 2)
    for number in range(3):
        finished(round_, person(f"Lê Thị {chr(65 + number)}"))
    last = person("Trần Văn An")
    finished(round_, last, right=False)
    scored(round_)
    html = board(browser_of(last))
    assert "board-own-bar" in html
    assert "Trang 1/2" in html
    assert "board-own-bar" not in board(browser_of(last), "?trang=2")
    assert "board-own-bar" not in board(browser_of())


def test_units_have_a_tab(round_: Round) -> None:
    unit = make_unit("Ủy ban Mặt trận Tổ quốc Việt Nam xã Bình Phú")
    an = person("Trần Văn An", unit=unit)
    finished(round_, an)
    scored(round_)
    html = board(browser_of(an), "?bang=don-vi")
    assert unit.name in html
    assert "Đơn vị bạn" in html
    assert "Trần" not in html.split("<main", 1)[1]


def test_a_hidden_board_shows_nobody() -> None:
    round_ = listed_round(
        rules=page_rules(reveal={"score": "at_submit", "explanations": "at_close", "board": "hidden"})
    )
    finished(round_, person("Trần Văn An"))
    scored(round_)
    for query in ("", "?bang=don-vi"):
        html = board(browser_of(), query)
        assert "Bảng xếp hạng được giữ kín" in html
        assert "board-row" not in html
    page = browser_of().get(reverse("contest:contest", args=["thi"])).content.decode()
    assert "board-row" not in page
    assert "podium" not in page


def test_an_empty_board_invites(round_: Round) -> None:
    assert "Chưa có ai trên bảng này" in board(browser_of())


def test_live_only_for_the_round_that_runs(round_: Round) -> None:
    older = another_round(
        round_.contest, opens_at=now_utc() - (now_utc() - round_.opens_at) * 3, closes_at=round_.opens_at
    )
    for one in (round_, older):
        finished_person = person(f"Người {one.number}")
        Round.objects.filter(pk=older.pk).update(closes_at=round_.closes_at)
        finished(Round.objects.select_related("contest", "rule_set").get(pk=one.pk), finished_person)
        scored(one)
    Round.objects.filter(pk=older.pk).update(closes_at=now_utc())
    assert 'data-ws="/ws/board/thi/"' in board(browser_of())
    assert "data-ws" not in board(browser_of(), f"?vong={older.number}")


@pytest.mark.parametrize(
    "query", ["?trang=0", "?trang=-1", "?trang=abc", "?trang=99999999", "?nhom=khong-co", "?bang=x"]
)
def test_odd_addresses_are_read_kindly(round_: Round, query: str) -> None:
    finished(round_, person("Trần Văn An"))
    scored(round_)
    assert "Bảng xếp hạng" in board(browser_of(), query)


@pytest.mark.parametrize("query", ["", "?bang=don-vi"])
def test_the_board_costs_the_same_for_one_and_three(
    query: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    counts = []
    for people in (1, 3):
        slug = f"thi-{people}{'u' if query else ''}"
        round_ = listed_round(slug=slug)
        for number in range(people):
            finished(round_, person(f"Lê Thị {chr(65 + number)}"))
        scored(round_)
        url = f"{reverse('contest:board', args=[slug])}{query}"
        browser_of().get(url)
        with django_assert_max_num_queries(8) as seen:  # type: ignore[attr-defined]
            browser_of().get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
