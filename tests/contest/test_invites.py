"""The rules of invitations by themselves: codes, and the checks that find rings. No database."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.invites import (
    ALPHABET,
    CODE_LENGTH,
    COUNTED,
    HELD,
    REFUSED,
    Finisher,
    mailbox,
    new_code,
    on_cycles,
    state_of,
    suspicions,
    typed_code,
)
from contest.presenters.invites import say_reason
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
_number = count(1)


def make_finisher(*, minute: float = 0, **fields: Any) -> Finisher:
    """Somebody ordinary, unlike anybody else; ``minute``: when they entered, five minutes before handing in."""
    number = next(_number)
    entered = fields.pop("entered_at", NOW + minute * MINUTE + number * timedelta(hours=3))
    return Finisher(
        **{
            "invitation": number,
            "link": 1,
            "inviter": 1_000_000,
            "invited": number,
            "entered_at": entered,
            "handed_in_at": entered + 5 * MINUTE,
            "duration_ms": 200_000 + number * 7_000,
            "round": 1,
            "sheet": "B" * 10,
            "questions": 10,
            "answered": 10,
            "correct": 10,
            "phone": f"+8490{number * 1_237:07d}",
        }
        | fields
    )


def codes(people: list[Finisher]) -> list[set[str]]:
    found = suspicions(people)
    return [{str(reason["code"]) for reason in found.get(one.invitation, [])} for one in people]


def test_codes_are_short_typeable_and_different() -> None:
    made = {new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in made)
    code = made.pop()
    assert typed_code(f" {code.upper()} ") == code


@pytest.mark.parametrize("text", ["", "abc", "a" * 22, "../../etc/x", "o" * CODE_LENGTH, "1" * CODE_LENGTH, "ạ" * 10])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert typed_code(text) == ""


def test_ordinary_people_raise_no_doubt() -> None:
    assert suspicions([make_finisher() for _ in range(40)]) == {}


def test_people_who_invite_in_a_circle() -> None:
    circle = [make_finisher(link=n, inviter=50 + n, invited=50 + (n + 1) % 3) for n in range(3)]
    beside = make_finisher(link=0, inviter=50, invited=99)

    assert codes([*circle, beside]) == [{"cycle"}, {"cycle"}, {"cycle"}, set()]


def test_a_star_in_a_short_time_is_held_for_a_person_and_not_for_a_unit() -> None:
    hall = [make_finisher(entered_at=NOW + n * MINUTE * 0.5) for n in range(10)]
    slow = [make_finisher(entered_at=NOW + n * 2 * MINUTE) for n in range(10)]

    assert codes(hall) == [{"burst"}] * 10
    assert codes(slow) == [set()] * 10
    unit = [make_finisher(inviter=None, entered_at=NOW + n * MINUTE * 0.5) for n in range(10)]
    assert codes(unit) == [set()] * 10


def test_one_after_the_other_as_with_one_telephone() -> None:
    queue = [make_finisher(entered_at=NOW + n * 7 * MINUTE) for n in range(4)]
    assert codes(queue) == [{"serial"}] * 4
    assert codes(queue[:3]) == [set()] * 3
    assert codes([*queue[:2], make_finisher(entered_at=NOW + 40 * MINUTE), queue[3]])[0] == set()


def test_the_same_mistakes_and_the_same_but_one() -> None:
    same = [make_finisher(sheet="BBBBBBBBAC", correct=8) for _ in range(2)]
    near = [make_finisher(sheet=sheet, correct=7) for sheet in ("BBBBBBBACD", "BBBBBBBACA")]
    else_link = make_finisher(link=2, sheet="BBBBBBBBAC", correct=8)

    assert codes([*same, else_link]) == [{"papers"}, {"papers"}, set()]
    assert codes(near) == [{"papers"}] * 2


def test_knowing_everything_alike_is_no_reason() -> None:
    assert codes([make_finisher() for _ in range(6)]) == [set()] * 6


def test_alike_to_the_second() -> None:
    assert codes([make_finisher(duration_ms=300_000 + n * 400) for n in range(3)]) == [{"times"}] * 3
    assert codes([make_finisher(duration_ms=300_000 + n * 400) for n in range(2)]) == [set()] * 2


def test_too_quick_and_too_little() -> None:
    assert codes([make_finisher(duration_ms=19_000)]) == [{"speed"}]
    assert codes([make_finisher(duration_ms=20_000)]) == [set()]
    assert codes([make_finisher(answered=4, correct=4, sheet="BBBB......")]) == [{"thin"}]


def test_a_lot_of_numbers_bought_together() -> None:
    lot = [make_finisher(phone=f"+8498765432{n}") for n in (0, 4, 9)]
    assert codes(lot) == [{"phones"}] * 3
    assert codes([*lot[:2], make_finisher(phone="+84987654330")]) == [set()] * 3


def test_one_mailbox_under_several_names_also_across_links() -> None:
    people = [
        make_finisher(email="Lan.Nguyen+1@gmail.com"),
        make_finisher(email="lannguyen@gmail.com", link=2),
        make_finisher(email="lan.nguyen@thuvien.vn"),
        make_finisher(email="lannguyen@thuvien.vn"),
    ]
    assert codes(people) == [{"mailbox"}, {"mailbox"}, set(), set()]
    assert mailbox("") == mailbox("+x@gmail.com") == ""


def test_a_decision_stands_until_something_new_is_found() -> None:
    assert state_of(codes=[], decision="", judged=[]) == COUNTED
    assert state_of(codes=["burst"], decision="", judged=[]) == HELD
    assert state_of(codes=["burst"], decision=COUNTED, judged=["burst"]) == COUNTED
    assert state_of(codes=["burst", "phones"], decision=COUNTED, judged=["burst"]) == HELD
    assert state_of(codes=["phones"], decision=REFUSED, judged=["burst"]) == REFUSED


def test_every_reason_has_words() -> None:
    people = [
        *[
            make_finisher(entered_at=NOW + n * MINUTE * 0.5, phone=f"+8498765432{n % 10}", email="a@b.vn")
            for n in range(12)
        ],
        *[make_finisher(entered_at=NOW + timedelta(days=30) + n * 7 * MINUTE, duration_ms=3_000) for n in range(4)],
        *[make_finisher(sheet="BBBBBBBBAC", correct=8) for n in range(2)],
        make_finisher(answered=4, correct=4, sheet="BBBB......"),
        make_finisher(inviter=7, invited=7),
    ]
    found = [reason for reasons in suspicions(people).values() for reason in reasons]
    assert {reason["code"] for reason in found} == {
        "burst", "cycle", "mailbox", "papers", "phones", "serial", "speed", "thin", "times",
    }  # fmt: skip
    assert [say_reason(reason) for reason in found if say_reason(reason) in ("", reason["code"])] == []
    assert say_reason({"code": "of a later version"}) == "of a later version"


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=12))
def test_cycles_by_walking_from_everybody(inviter_of: dict[int, int]) -> None:
    def returns(start: int) -> bool:
        node = start
        for _ in range(len(inviter_of) + 1):
            if node not in inviter_of:
                return False
            node = inviter_of[node]
            if node == start:
                return True
        return False

    assert on_cycles((inviter, invited) for invited, inviter in inviter_of.items()) == {
        one for one in inviter_of if returns(one)
    }


@given(st.permutations(range(14)))
def test_the_order_of_people_changes_nothing(order: list[int]) -> None:
    people = [
        make_finisher(invitation=n, invited=n, entered_at=NOW + n * MINUTE * 0.5, duration_ms=100_000 + n * 300)
        for n in range(14)
    ]
    assert suspicions([people[n] for n in order]) == suspicions(people)
