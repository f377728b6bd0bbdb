"""Who is credited for whom: counted from the truth, taken back with it, in doubt decided by a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from contest.domain.invite_credit import Recounted, decide_credits, recount, recount_due
from contest.domain.inviting import accept_invitation, personal_link, unit_link
from contest.domain.publishing import exclude_entry
from contest.enums import AttemptState, CreditState, EntryStatus
from contest.errors import NotEligible, NotFound, NotYet
from contest.models import Contest, Entry, Invitation, InviteCredit, Round
from contest.queries.invite_boards import people_board
from contest.queries.invites import doubts
from contest.rules.parts import Masking
from people.domain.audit import verify_chain
from people.domain.residents import erase_resident, withdraw_consent
from people.enums import Purpose, Role
from people.models import AuditEntry
from tests.contest.invitees import LINKED, MINUTE, bring, enter, hand_in, make_link, make_verified
from tests.contest.papers import simple_contest
from tests.contest.test_races import race
from tests.factories import NOW, make_contest, make_entry, make_participant, make_role, make_round, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(simple_contest(), opens_at=NOW - timedelta(days=3))


@pytest.fixture
def contest(round_: Round) -> Contest:
    return round_.contest


def states(contest: Contest) -> list[str]:
    found = InviteCredit.objects.filter(invitation__link__contest=contest).order_by("invitation__entry_id")
    return list(found.values_list("state", flat=True))


# --- links ------------------------------------------------------------------------------------------------------------


def test_one_link_a_person_and_one_a_unit(contest: Contest) -> None:
    an = make_participant()
    ward = make_unit(parent=contest.unit)
    first = personal_link(contest=contest, resident=an, now=NOW)

    assert personal_link(contest=contest, resident=an, now=NOW + MINUTE) == first
    unit = unit_link(contest=contest, unit=ward, actor=make_user(), now=NOW)
    assert unit_link(contest=contest, unit=ward, actor=make_user(), now=NOW) == unit
    assert (first.unit, unit.unit, unit.personal) == (an.unit, ward, False)
    assert personal_link(contest=make_contest(), resident=an, now=NOW).code != first.code


def test_no_link_where_there_is_nothing_to_spread(contest: Contest) -> None:
    an = make_participant()
    with pytest.raises(NotFound):
        unit_link(contest=contest, unit=make_unit("Nơi khác"), actor=make_user(), now=NOW)
    for change in ({"invites_on": False}, {"listed_at": None}, {"cancelled_at": NOW}):
        other = make_contest(**({"listed_at": NOW} | change))
        with pytest.raises(NotFound):
            personal_link(contest=other, resident=an, now=NOW)


def test_organizers_get_no_personal_link(contest: Contest) -> None:
    boss = make_participant()
    make_role(boss.user, Role.ORGANIZER, unit=contest.unit)
    with pytest.raises(NotEligible):
        personal_link(contest=contest, resident=boss, now=NOW)


# --- invitations ------------------------------------------------------------------------------------------------------


def test_the_first_invitation_stays(contest: Contest) -> None:
    first, second = make_link(contest), make_link(contest, "Bình")
    entry, invitation = enter(first)

    again = accept_invitation(entry=entry, code=second.code, landed_at=entry.registered_at - MINUTE, now=NOW)

    assert invitation is not None
    assert again == invitation
    assert Invitation.objects.get().link == first


def test_who_was_in_before_the_link_was_opened_is_not_invited(contest: Contest) -> None:
    link = make_link(contest)
    entry = make_entry(contest, make_verified())
    assert accept_invitation(entry=entry, code=link.code, landed_at=NOW, now=NOW) is None
    late = make_entry(contest, make_verified(), registered_at=LINKED + timedelta(days=31))
    assert accept_invitation(entry=late, code=link.code, landed_at=LINKED + MINUTE, now=NOW) is None


def test_own_foreign_and_made_up_links_invite_nobody(contest: Contest) -> None:
    link = make_link(contest)
    assert link.resident is not None
    assert enter(link, link.resident)[1] is None
    other = make_link(make_contest())
    entry = make_entry(contest, make_verified())
    for code in (other.code, "", "a" * 10, "'; --"):
        assert accept_invitation(entry=entry, code=code, landed_at=entry.registered_at, now=NOW) is None
    assert not Invitation.objects.exists()


def test_an_inviter_stands_in_the_contest_before_the_invited(contest: Contest) -> None:
    """A invites B; B cannot invite A back, whoever enters first."""
    a = make_link(contest, "A", at=LINKED)
    b = make_link(contest, "B", at=LINKED + MINUTE)
    assert a.resident is not None
    assert b.resident is not None

    assert enter(b, a.resident)[1] is None
    assert enter(a, b.resident)[1] is not None


def test_a_link_changes_neither_eligibility_nor_entry(contest: Contest) -> None:
    plain = make_entry(contest, make_verified())
    invited, invitation = enter(make_link(contest))
    assert invitation is not None
    assert (invited.status, invited.group, invited.status_reason) == (plain.status, plain.group, plain.status_reason)


# --- credits ----------------------------------------------------------------------------------------------------------


def test_who_finished_counts_once_however_often_it_is_counted(contest: Contest, round_: Round) -> None:
    link = make_link(contest)
    entry = bring(link, round_)
    hand_in(
        make_round(contest, questions=2, opens_at=NOW - timedelta(days=3)), entry
    )  # a second round is no second credit

    assert recount(contest=contest, now=NOW) == Recounted(added=1)
    assert recount(contest=contest, now=NOW + MINUTE) == Recounted()

    assert states(contest) == [CreditState.COUNTED]
    assert InviteCredit.objects.get().earned_at == entry.registered_at + 5 * MINUTE


@pytest.mark.parametrize(
    "paper",
    [
        None,
        {"state": AttemptState.OPEN},
        {"state": AttemptState.EXPIRED},
        {"graded_at": None},
        {"sheet": "....."},
    ],
    ids=["none", "open", "expired", "ungraded", "empty"],
)
def test_who_did_not_finish_does_not_count(contest: Contest, round_: Round, paper: dict[str, Any] | None) -> None:
    entry, _invitation = enter(make_link(contest))
    if paper is not None:
        hand_in(round_, entry, **paper)
    recount(contest=contest, now=NOW)
    assert states(contest) == []


def exclude(entry: Entry) -> None:
    exclude_entry(entry=entry, mode=EntryStatus.BARRED, reason="Thi hộ.", actor=make_user(), now=NOW)


def withdraw(entry: Entry) -> None:
    withdraw_consent(resident=entry.resident, purpose=Purpose.TAKE_PART, now=NOW)


def erase(entry: Entry) -> None:
    erase_resident(resident=entry.resident, now=NOW)


def unverify(entry: Entry) -> None:
    user = entry.resident.user
    user.phone_verified = False
    user.save()


def call_off(entry: Entry) -> None:
    entry.contest.rounds.update(cancelled_at=NOW)


def bar_the_inviter(entry: Entry) -> None:
    inviter = entry.invitation.link.resident
    assert inviter is not None
    exclude(make_entry(entry.contest, inviter))


@pytest.mark.parametrize("event", [exclude, withdraw, erase, unverify, call_off, bar_the_inviter])
def test_a_credit_is_taken_back_with_what_it_rested_on(
    contest: Contest, round_: Round, event: Callable[[Entry], None]
) -> None:
    link = make_link(contest)
    stays = bring(make_link(contest, "Khác"), round_)
    entry = bring(link, round_)
    recount(contest=contest, now=NOW)
    assert states(contest) == ["counted", "counted"]

    event(entry)

    recount(contest=contest, now=NOW + MINUTE)
    assert states(contest) == ([] if event is call_off else ["counted"])
    assert not InviteCredit.objects.filter(invitation__entry=entry).exists()
    assert stays.invitation.link != link


def test_a_verified_mailbox_is_enough(contest: Contest, round_: Round) -> None:
    entry = bring(make_link(contest), round_)
    unverify(entry)
    address = EmailAddress.objects.create(user=entry.resident.user, email="mai@thuvien.vn", verified=False)
    recount(contest=contest, now=NOW)
    assert states(contest) == []
    address.verified = True
    address.save()
    recount(contest=contest, now=NOW + MINUTE)
    assert states(contest) == ["counted"]


def test_counting_from_nothing_gives_the_same(contest: Contest, round_: Round) -> None:
    link = make_link(contest)
    for number in range(11):
        bring(link, round_, at=NOW - timedelta(hours=9) + number * MINUTE * 0.5)
    bring(make_link(contest, "Bình"), round_)
    recount(contest=contest, now=NOW)
    kept = list(InviteCredit.objects.order_by("invitation").values_list("invitation", "state", "reasons", "earned_at"))
    InviteCredit.objects.all().delete()

    recount(contest=contest, now=NOW + MINUTE)

    again = InviteCredit.objects.order_by("invitation").values_list("invitation", "state", "reasons", "earned_at")
    assert list(again) == kept
    assert [state for _one, state, *_rest in kept] == ["held"] * 11 + ["counted"]


@pytest.mark.parametrize("people", [1, 3])
def test_counting_costs_the_same_statements(
    contest: Contest, round_: Round, people: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    link = make_link(contest)
    for _ in range(people):
        bring(link, round_)
    recount(contest=contest, now=NOW)
    with django_assert_num_queries(7):  # turn, cancelled?, papers, savepoint, lock, known, savepoint
        recount(contest=contest, now=NOW + MINUTE)


def test_a_count_waits_its_turn(contest: Contest, round_: Round) -> None:
    bring(make_link(contest), round_)
    assert recount_due(now=NOW) == 1
    assert recount_due(now=NOW + timedelta(seconds=30)) == 0
    assert recount_due(now=NOW + timedelta(seconds=61)) == 1
    assert recount_due(now=NOW + timedelta(days=90)) == 0  # the figures stand


@pytest.mark.django_db(transaction=True)
def test_two_counts_at_once_make_one_credit() -> None:
    round_ = make_round(simple_contest(), opens_at=NOW - timedelta(days=3))
    link = make_link(round_.contest)
    for _ in range(3):
        bring(link, round_)

    results = race(*[lambda n=n: recount(contest=round_.contest, now=NOW + n * MINUTE) for n in range(4)])

    assert [one for one in results if isinstance(one, Exception)] == []
    assert states(round_.contest) == ["counted"] * 3


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_are_one() -> None:
    contest = make_contest()
    links = [make_link(contest, name) for name in ("An", "Bình", "Chi")]
    entry = make_entry(contest, make_verified())

    results = race(
        *[
            lambda link=link: accept_invitation(entry=entry, code=link.code, landed_at=entry.registered_at, now=NOW)
            for link in links
        ]
    )

    assert len({one.pk for one in results}) == 1


# --- decisions --------------------------------------------------------------------------------------------------------


def make_doubtful(contest: Contest, round_: Round) -> Entry:
    """Somebody who answered five questions in three seconds."""
    entry = bring(make_link(contest, "Người Mời"), round_, seconds=3)
    recount(contest=contest, now=NOW)
    return entry


def test_what_is_in_doubt_waits_and_is_never_dropped(contest: Contest, round_: Round) -> None:
    entry = make_doubtful(contest, round_)
    (doubt,) = doubts(contest, waiting=True)
    assert (doubt.key, doubt.inviter, [one["code"] for one in doubt.reasons]) == (
        entry.public_id,
        "Người Mời",
        ["speed"],
    )
    assert people_board(contest, masking=Masking(), viewer_id=None, now=NOW).rows == ()


@pytest.mark.parametrize(("accept", "state"), [(True, "counted"), (False, "refused")])
def test_a_decision_is_kept_with_its_reason(contest: Contest, round_: Round, accept: bool, state: str) -> None:
    entry = make_doubtful(contest, round_)
    boss = make_user("Trưởng ban")

    def decide() -> int:
        return decide_credits(
            contest=contest, entries=[entry.public_id], accept=accept, reason="Đã gọi hỏi.", actor=boss, now=NOW
        )

    assert (decide(), decide()) == (1, 0)

    recount(contest=contest, now=NOW + MINUTE)
    assert states(contest) == [state]
    chain = AuditEntry.objects.get(verb="invite.accepted" if accept else "invite.refused")
    assert chain.data == {"reason": "Đã gọi hỏi.", "credits": {entry.public_id: ["speed"]}}
    assert (chain.actor, chain.subject, verify_chain()) == (boss, f"contest:{contest.public_id}", None)
    (decided,) = doubts(contest, waiting=False)
    assert (decided.state, decided.decided_reason) == (state, "Đã gọi hỏi.")


def test_a_decision_needs_a_reason_and_reaches_no_other_contest(contest: Contest, round_: Round) -> None:
    entry = make_doubtful(contest, round_)
    with pytest.raises(NotYet):
        decide_credits(contest=contest, entries=[entry.public_id], accept=True, reason=" ", actor=make_user(), now=NOW)
    other = make_contest()
    assert (
        decide_credits(contest=other, entries=[entry.public_id], accept=True, reason="x", actor=make_user(), now=NOW)
        == 0
    )
    assert states(contest) == ["held"]


def test_a_decided_credit_that_is_lost_comes_back_as_decided(contest: Contest, round_: Round) -> None:
    entry = make_doubtful(contest, round_)
    boss = make_user()
    decide_credits(contest=contest, entries=[entry.public_id], accept=True, reason="Thật.", actor=boss, now=NOW)
    exclude(entry)
    recount(contest=contest, now=NOW + MINUTE)
    assert states(contest) == ["lost"]
    exclude_entry(entry=entry, mode=EntryStatus.RANKED, reason="Nhầm.", actor=boss, now=NOW)
    recount(contest=contest, now=NOW + 2 * MINUTE)
    assert states(contest) == ["counted"]
