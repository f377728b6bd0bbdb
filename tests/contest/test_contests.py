"""What organizers decide before anybody takes part, and about a round that stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest.domain.attempts import start_attempt
from contest.domain.contests import (
    BadWindow,
    ContestFacts,
    RoundFacts,
    create_contest,
    current_rules,
    edit_contest,
    edit_round,
    edit_rules,
    list_contest,
    schedule_round,
    unlist_contest,
)
from contest.domain.rounds_admin import (
    WINDING_UP,
    cancel_round,
    end_round_now,
    extend_round,
    freeze_paper,
    look_at_keys,
    thaw_paper,
)
from contest.enums import Phase
from contest.errors import NotFound, NotYet, RoundOver, RulesLocked
from contest.models import Contest, Round
from contest.queries.phases import phase_of
from people.domain.audit import verify_chain
from people.enums import Role
from people.ids import new_public_id
from people.models import AuditEntry, RoleAssignment
from people.queries.roles import can
from tests.contest.desk import Desk, make_desk
from tests.factories import NOW, make_contest, make_entry, make_questions, make_round, make_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def facts(desk: Desk, **changes: object) -> ContestFacts:
    return ContestFacts(**{"title": "Hiểu về chuyển đổi số", "organizer": "Sở KHCN", "unit": desk.province} | changes)  # type: ignore[arg-type]


def verbs(subject: str = "") -> list[str]:
    entries = AuditEntry.objects.order_by("number")
    return list((entries.filter(subject=subject) if subject else entries).values_list("verb", flat=True))


def open_contest(desk: Desk) -> Contest:
    return create_contest(facts=facts(desk), rules=make_rules(), actor=desk.organizer, now=NOW)


def window(**changes: object) -> RoundFacts:
    base = {
        "title": "Tuần 1",
        "opens_at": NOW + timedelta(hours=1),
        "closes_at": NOW + timedelta(days=7),
        "blueprint": [{"topic": "", "difficulty": "", "count": 15, "group": ""}],
    }
    return RoundFacts(**base | changes)  # type: ignore[arg-type]


def test_creator_stays_organizer_when_the_contest_moves_away(desk: Desk) -> None:
    contest = open_contest(desk)
    edit_contest(contest=contest, facts=facts(desk, unit=desk.elsewhere), actor=desk.organizer, now=NOW)
    RoleAssignment.objects.filter(user=desk.organizer, unit=desk.province).delete()
    assert can(desk.organizer, Role.ORGANIZER, unit=contest.unit, contest_ref=contest.public_id)
    assert not can(desk.auditor, Role.ORGANIZER, unit=contest.unit, contest_ref=contest.public_id)


def test_sending_a_creation_twice_gives_the_first_contest(desk: Desk) -> None:
    key = new_public_id()
    made = [
        create_contest(facts=facts(desk), rules=make_rules(), actor=desk.organizer, now=NOW, key=key) for _ in range(2)
    ]
    assert made[0] == made[1]
    assert (Contest.objects.count(), made[0].rule_sets.count(), verbs()) == (1, 1, ["contest.created"])


def test_a_key_of_somebody_elses_contest_opens_nothing(desk: Desk) -> None:
    contest = open_contest(desk)
    with pytest.raises(NotFound):
        create_contest(facts=facts(desk), rules=make_rules(), actor=desk.foreigner, now=NOW, key=contest.public_id)


def test_equal_titles_get_different_addresses(desk: Desk) -> None:
    assert [open_contest(desk).slug for _ in range(3)] == [
        "hieu-ve-chuyen-doi-so",
        "hieu-ve-chuyen-doi-so-2",
        "hieu-ve-chuyen-doi-so-3",
    ]


def test_a_long_title_gives_an_address_of_whole_words(desk: Desk) -> None:
    told = facts(desk, title="Cuộc thi tìm hiểu về chuyển đổi số xã Nà Nghịu Thượng năm 2026 lần thứ nhất")
    contest = create_contest(facts=told, rules=make_rules(), actor=desk.organizer, now=NOW)
    assert contest.slug == "cuoc-thi-tim-hieu-ve-chuyen-doi-so-xa-na-nghiu-thuong-nam"


def test_saving_what_is_the_same_decides_nothing(desk: Desk) -> None:
    contest = open_contest(desk)
    edit_contest(contest=contest, facts=facts(desk), actor=desk.organizer, now=NOW)
    edit_rules(contest=contest, rules=make_rules(), actor=desk.organizer, now=NOW)
    round_ = schedule_round(contest=contest, facts=window(), actor=desk.organizer, now=NOW)
    edit_round(round_=round_, facts=window(), actor=desk.organizer, now=NOW)
    assert verbs() == ["contest.created", "round.scheduled"]


def test_locked_rules_stay_and_unfrozen_rounds_follow_the_new_version(desk: Desk) -> None:
    contest = open_contest(desk)
    make_questions(15)
    first = schedule_round(contest=contest, facts=window(), actor=desk.organizer, now=NOW)
    second = schedule_round(contest=contest, facts=window(title="Tuần 2"), actor=desk.organizer, now=NOW)
    freeze_paper(round_=first, actor=desk.organizer, now=NOW)
    changed = make_rules(time={"minutes": 20})
    version = edit_rules(contest=contest, rules=changed, actor=desk.organizer, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (version.number, first.rule_set.number, second.rule_set) == (2, 1, version)
    assert current_rules(contest) == version


def test_unlocked_rules_are_replaced(desk: Desk) -> None:
    contest = open_contest(desk)
    version = edit_rules(contest=contest, rules=make_rules(time={"minutes": 20}), actor=desk.organizer, now=NOW)
    assert (version.number, version.data["time"]["minutes"], contest.rule_sets.count()) == (1, 20, 1)


def test_listing_needs_a_round_and_hiding_needs_nobody(desk: Desk) -> None:
    contest = open_contest(desk)
    with pytest.raises(NotYet):
        list_contest(contest=contest, actor=desk.organizer, now=NOW)
    schedule_round(contest=contest, facts=window(), actor=desk.organizer, now=NOW)
    for later in (NOW, NOW + timedelta(hours=1)):
        list_contest(contest=contest, actor=desk.organizer, now=later)
    assert contest.listed_at == NOW
    unlist_contest(contest=contest, actor=desk.organizer, now=NOW)
    list_contest(contest=contest, actor=desk.organizer, now=NOW)
    make_entry(contest)
    with pytest.raises(NotYet):
        unlist_contest(contest=contest, actor=desk.organizer, now=NOW)


def test_a_window_must_run_forward_and_into_the_future(desk: Desk) -> None:
    contest = open_contest(desk)
    for wrong in (window(closes_at=NOW + timedelta(hours=1)), window(opens_at=NOW - timedelta(days=2), closes_at=NOW)):
        with pytest.raises(BadWindow):
            schedule_round(contest=contest, facts=wrong, actor=desk.organizer, now=NOW)
    assert not contest.rounds.exists()


def test_scheduling_twice_with_one_key_gives_one_round(desk: Desk) -> None:
    contest = open_contest(desk)
    key = new_public_id()
    made = [schedule_round(contest=contest, facts=window(), actor=desk.organizer, now=NOW, key=key) for _ in range(2)]
    assert (made[0], contest.rounds.count()) == (made[1], 1)


def test_freezing_is_written_down_once_and_undone_before_opening(desk: Desk) -> None:
    contest = open_contest(desk)
    make_questions(15)
    round_ = schedule_round(contest=contest, facts=window(), actor=desk.organizer, now=NOW)
    for minute in range(2):
        freeze_paper(round_=round_, actor=desk.organizer, now=NOW + timedelta(minutes=minute))
    with pytest.raises(RulesLocked):
        edit_round(round_=round_, facts=window(title="Khác"), actor=desk.organizer, now=NOW)
    for _ in range(2):
        thaw_paper(round_=round_, actor=desk.organizer, now=NOW)
    assert verbs(f"round:{round_.public_id}") == ["round.scheduled", "round.frozen", "round.thawed"]
    assert round_.pool.count() == 0


def test_looking_at_keys_is_written_down_and_marks_the_right_option(desk: Desk) -> None:
    contest = open_contest(desk)
    make_questions(15)
    round_ = schedule_round(contest=contest, facts=window(), actor=desk.organizer, now=NOW)
    keyed = look_at_keys(round_=round_, group="", seed=7, actor=desk.organizer, now=NOW)
    assert {one.answer for one in keyed} == {"Ngày 10/10"}
    assert {one.right for one in keyed} == {frozenset({"Ngày 10/10"})}
    freeze_paper(round_=round_, actor=desk.organizer, now=NOW)
    assert len(look_at_keys(round_=round_, group="", seed=7, actor=desk.organizer, now=NOW)) == 15
    assert verbs(f"round:{round_.public_id}").count("paper.keys_seen") == 2


def test_an_end_moves_later_never_earlier_and_only_with_a_reason(desk: Desk) -> None:
    round_ = make_round()
    before = round_.closes_at
    with pytest.raises(NotYet):
        extend_round(round_=round_, closes_at=before + timedelta(hours=1), reason=" ", actor=desk.organizer, now=NOW)
    with pytest.raises(BadWindow):
        extend_round(round_=round_, closes_at=before - timedelta(hours=1), reason="vì", actor=desk.organizer, now=NOW)
    for _ in range(2):
        extend_round(
            round_=round_, closes_at=before + timedelta(hours=1), reason="mất điện", actor=desk.organizer, now=NOW
        )
    assert round_.closes_at == before + timedelta(hours=1)
    entry = AuditEntry.objects.get(verb="round.extended")
    assert (entry.data["reason"], entry.actor) == ("mất điện", desk.organizer)
    after = round_.closes_at + timedelta(hours=1)
    with pytest.raises(NotYet):
        extend_round(round_=round_, closes_at=after, reason="vì", actor=desk.organizer, now=round_.closes_at)


def test_an_extension_gives_back_the_time_the_old_end_cut(desk: Desk) -> None:
    round_ = make_round(closes_at=NOW + timedelta(minutes=4))
    cut = start_attempt(entry=make_entry(round_.contest), round_=round_, now=NOW)
    assert cut.deadline == round_.closes_at
    extend_round(round_=round_, closes_at=NOW + timedelta(hours=1), reason="mất điện", actor=desk.organizer, now=NOW)
    cut.refresh_from_db()
    assert (cut.deadline, cut.accept_until) == (NOW + timedelta(minutes=15), NOW + timedelta(minutes=15, seconds=5))


def test_ending_now_stops_starts_but_keeps_promised_time(desk: Desk) -> None:
    round_ = make_round()
    inside = start_attempt(entry=make_entry(round_.contest), round_=round_, now=NOW)
    later = NOW + timedelta(minutes=1)
    for _ in range(2):
        end_round_now(round_=round_, reason="sự cố", actor=desk.organizer, now=later)
    inside.refresh_from_db()
    assert (round_.closes_at, inside.deadline) == (later, NOW + timedelta(minutes=15))
    with pytest.raises(RoundOver):
        start_attempt(entry=make_entry(round_.contest), round_=round_, now=later)
    assert verbs() == ["round.ended_early"]


def test_ending_now_gives_papers_without_a_clock_a_last_quarter_of_an_hour(desk: Desk) -> None:
    round_ = make_round(make_contest(rules=make_rules("practice")))
    inside = start_attempt(entry=make_entry(round_.contest), round_=round_, now=NOW)
    later = NOW + timedelta(minutes=1)
    end_round_now(round_=round_, reason="sự cố", actor=desk.organizer, now=later)
    inside.refresh_from_db()
    assert inside.deadline == later + WINDING_UP


def test_a_round_that_has_not_opened_cannot_be_ended(desk: Desk) -> None:
    round_ = make_round(opens_at=NOW + timedelta(hours=1))
    with pytest.raises(NotYet):
        end_round_now(round_=round_, reason="sự cố", actor=desk.organizer, now=NOW)


def test_cancelling_ends_papers_in_hand_and_is_final(desk: Desk) -> None:
    round_ = make_round()
    inside = start_attempt(entry=make_entry(round_.contest), round_=round_, now=NOW)
    for minute in (1, 2):
        cancel_round(round_=round_, reason="lũ lụt", actor=desk.organizer, now=NOW + timedelta(minutes=minute))
    inside.refresh_from_db()
    assert (round_.cancelled_at, inside.accept_until) == (NOW + timedelta(minutes=1),) * 2
    assert phase_of(round_, NOW) is Phase.CANCELLED
    with pytest.raises(RoundOver):
        start_attempt(entry=make_entry(round_.contest), round_=round_, now=NOW + timedelta(minutes=3))
    assert verbs() == ["round.cancelled"]
    assert verify_chain() is None


def test_a_closed_round_cannot_be_cancelled(desk: Desk) -> None:
    round_ = make_round(closed_at=NOW)
    with pytest.raises(NotYet):
        cancel_round(round_=round_, reason="lũ lụt", actor=desk.organizer, now=NOW)
    assert Round.objects.get(pk=round_.pk).cancelled_at is None
