"""Who may start now, and the sentence that says why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import errors
from contest.eligibility import (
    Person,
    Window,
    check_eligibility,
    check_person,
    group_of,
    in_units,
    is_ranked,
    limit_line,
)
from contest.rules import RuleSet
from contest.rules.enums import AttemptPer, CalendarKind, CountingPolicy, ExclusionMode
from contest.rules.parts import Attempts, Calendar, Eligibility, Exclusions, Group

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday 10:00 in Viet Nam
NEXT_MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 8:00 in Viet Nam
OPEN = Window(opens_at=NOW - timedelta(days=4), closes_at=NOW + timedelta(days=1), next_round_opens_at=NEXT_MONDAY)
LAN = Person(birth_year=1990, category="citizen", unit_path="VN.75.26368")
RULES = RuleSet()
THREE_A_WEEK = replace(
    RULES,
    calendar=Calendar(kind=CalendarKind.WEEKLY),
    attempts=Attempts(limit=3, per=AttemptPer.WEEK),
    counting=CountingPolicy.BEST,
)


def check(rules=RULES, person=LAN, window=OPEN, used=0, now=NOW):
    refusal = check_eligibility(rules=rules, person=person, window=window, attempts_used=used, now=now)
    return refusal and (refusal.code, refusal.reason, refusal.message)


def test_lan_may_start():
    assert check() is None


def test_used_up_week_says_when_the_next_one_opens():
    assert check(THREE_A_WEEK, used=3) == (
        "attempts_used",
        "attempts",
        "Bạn đã dùng hết 3 lượt của tuần này. Tuần sau mở lúc 8:00 thứ Hai.",
    )
    assert check(THREE_A_WEEK, used=2) is None


@pytest.mark.parametrize(
    ("attempts", "window", "message"),
    [
        (Attempts(per=AttemptPer.CONTEST), OPEN, "Bạn đã dùng hết 1 lượt của cuộc thi này."),
        (
            Attempts(per=AttemptPer.ROUND),
            OPEN,
            "Bạn đã dùng hết 1 lượt của vòng này. Vòng sau mở lúc 8:00 thứ Hai.",
        ),
        (
            Attempts(per=AttemptPer.ROUND),
            replace(OPEN, next_round_opens_at=None),
            "Bạn đã dùng hết 1 lượt của vòng này.",
        ),
        (
            Attempts(per=AttemptPer.DAY),
            OPEN,
            "Bạn đã dùng hết 1 lượt của hôm nay. Lượt mới mở lúc 0:00 thứ Bảy.",
        ),
        (
            Attempts(per=AttemptPer.WEEK),
            replace(OPEN, closes_at=NOW + timedelta(days=30)),
            "Bạn đã dùng hết 1 lượt của tuần này. Tuần sau mở lúc 0:00 thứ Hai.",
        ),
        (
            Attempts(per=AttemptPer.ROUND),
            replace(OPEN, next_round_opens_at=NOW + timedelta(days=30)),
            "Bạn đã dùng hết 1 lượt của vòng này. Vòng sau mở lúc 10:00 Chủ nhật, 20/12/2026.",
        ),
    ],
)
def test_used_up_attempts_name_their_span(attempts, window, message):
    assert check(replace(RULES, attempts=attempts), window=window, used=1) == ("attempts_used", "attempts", message)


def test_unlimited_attempts_are_never_used_up():
    assert check(replace(RULES, attempts=Attempts(limit=None)), used=10_000) is None


def test_round_opens_inclusively_and_closes_exclusively():
    assert check(now=OPEN.opens_at) is None
    assert check(now=OPEN.opens_at - timedelta(microseconds=1)) == (
        "round_not_open",
        "not_open",
        "Vòng thi mở lúc 10:00 thứ Hai, 16/11/2026. Mời bạn quay lại khi đến giờ.",
    )
    assert check(now=OPEN.closes_at - timedelta(microseconds=1)) is None
    assert check(now=OPEN.closes_at) == (
        "round_over",
        "over",
        "Vòng thi đã kết thúc lúc 10:00 thứ Bảy, 21/11/2026. Vòng sau mở lúc 8:00 thứ Hai, 23/11/2026.",
    )


@pytest.mark.parametrize(
    ("born", "low", "high", "reason"),
    [
        (2014, 12, None, None),
        (2015, 12, None, "age"),
        (1991, None, 35, None),
        (1990, None, 35, "age"),
        (None, 12, None, "age"),
        (None, None, None, None),
    ],
)
def test_age_is_completed_in_the_calendar_year(born, low, high, reason):
    rules = replace(RULES, eligibility=Eligibility(min_age=low, max_age=high))

    refusal = check_person(rules, replace(LAN, birth_year=born), now=NOW)

    assert (refusal and refusal.reason) == reason


def test_the_year_of_age_is_that_of_viet_nam():
    new_year_in_hanoi = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    rules = replace(RULES, eligibility=Eligibility(min_age=12))
    born_2015 = replace(LAN, birth_year=2015)

    assert check_person(rules, born_2015, now=new_year_in_hanoi) is None
    assert check_person(rules, born_2015, now=new_year_in_hanoi - timedelta(hours=1)) is not None


@pytest.mark.parametrize(
    ("path", "scopes", "inside"),
    [
        ("VN.75.26368", (), True),
        (None, (), True),
        ("VN.75.26368", ("VN.75",), True),
        ("VN.75", ("VN.75.",), True),
        ("VN.75", ("VN.7",), False),
        ("VN.7", ("VN.75",), False),
        ("VN.46", ("VN.75", "VN.46"), True),
        (None, ("VN",), False),
    ],
)
def test_units_below_a_scope_are_inside(path, scopes, inside):
    assert in_units(path, scopes) is inside
    refusal = check_person(
        replace(RULES, eligibility=Eligibility(unit_paths=scopes)), replace(LAN, unit_path=path), now=NOW
    )
    assert (refusal is None) is inside


def test_groups_take_their_categories_and_one_may_take_the_rest():
    officials = Group(code="cb", name="Cán bộ", categories=("official",))
    others = Group(code="khac", name="Tự do")

    assert group_of((), "citizen") == ""
    assert group_of((others, officials), "official") == "cb"
    assert group_of((officials, others), "citizen") == "khac"
    assert group_of((officials,), "citizen") is None
    refusal = check_person(replace(RULES, groups=(officials,)), LAN, now=NOW)
    assert refusal is not None
    assert refusal.reason == "group"


def test_people_on_the_conflict_list_are_barred_or_play_without_a_rank():
    organizer = replace(LAN, excluded=True)
    lenient = replace(RULES, exclusions=Exclusions(mode=ExclusionMode.UNRANKED))

    assert check(person=organizer) == (
        "not_eligible",
        "excluded",
        "Bạn có tên trong danh sách những người tham gia tổ chức nên không dự thi cuộc thi này.",
    )
    assert check(lenient, person=organizer) is None
    assert [is_ranked(lenient, organizer), is_ranked(lenient, LAN), is_ranked(RULES, LAN)] == [False, True, True]


def test_codes_are_those_of_the_errors_of_the_app():
    known = {kind.code for kind in (errors.RoundNotOpen, errors.RoundOver, errors.NotEligible, errors.AttemptsUsed)}

    assert known == {"round_not_open", "round_over", "not_eligible", "attempts_used"}


def test_line_beside_the_button_says_what_is_left():
    assert limit_line(THREE_A_WEEK, 1) == "Bạn còn 2 trong 3 lượt trong mỗi tuần."
    assert limit_line(THREE_A_WEEK, 5) == "Bạn còn 0 trong 3 lượt trong mỗi tuần."
    assert limit_line(replace(RULES, attempts=Attempts(limit=None)), 5) == "Bạn được thi không giới hạn số lượt."


@given(
    limit=st.none() | st.integers(1, 9),
    used=st.integers(0, 12),
    per=st.sampled_from(list(AttemptPer)),
    minutes=st.integers(-10_000, 10_000),
)
def test_somebody_starts_exactly_when_the_round_is_open_and_attempts_are_left(limit, used, per, minutes):
    now = NOW + timedelta(minutes=minutes)
    rules = replace(RULES, attempts=Attempts(limit=limit, per=per))

    may_start = OPEN.opens_at <= now < OPEN.closes_at and (limit is None or used < limit)

    assert (check(rules, used=used, now=now) is None) == may_start
