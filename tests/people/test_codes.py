"""One-time codes: limits, tries, one use, no sharing, also at the same moment."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from people.addresses import Address
from people.domain.codes import CodeOver, CodeWrong, TooManyCodes, issue_code, purge_codes, use_code
from people.enums import CodePurpose
from people.models import OneTimeCode
from tests.factories import NOW, make_user
from tests.people.racing import at_once

PHONE = Address("phone", "+84912345678")
MAIL = Address("email", "lan@example.vn")
SIGN_IN = CodePurpose.SIGN_IN


def issue(address=PHONE, now=NOW, **fields):
    return issue_code(purpose=SIGN_IN, address=address, now=now, **fields)


def wrong(digits):
    return f"{(int(digits) + 1) % 10**6:06d}"


def use(issued, digits=None, now=NOW, purpose=SIGN_IN, user=None):
    use_code(public_id=issued.public_id, purpose=purpose, digits=digits or issued.digits, now=now, user=user)


@pytest.mark.django_db
class TestUse:
    def test_a_right_code_opens_once(self):
        issued = issue()
        use(issued)
        with pytest.raises(CodeOver):
            use(issued)

    def test_five_wrong_tries_end_it_even_for_the_right_digits(self):
        issued = issue()
        said = []
        for _ in range(4):
            with pytest.raises(CodeWrong) as refusal:
                use(issued, wrong(issued.digits))
            said.append(str(refusal.value))
        assert said[0] == "Mã chưa đúng. Bạn còn 4 lần thử."
        assert said[-1] == "Mã chưa đúng. Bạn còn 1 lần thử."
        with pytest.raises(CodeOver) as last:
            use(issued, wrong(issued.digits))
        assert last.value.code == "code_spent"
        with pytest.raises(CodeOver):
            use(issued)

    def test_it_lives_ten_minutes(self):
        early, late = issue(), issue()
        use(early, now=NOW + timedelta(minutes=10, seconds=-1))
        with pytest.raises(CodeOver):
            use(late, now=NOW + timedelta(minutes=10))

    def test_one_purpose_never_opens_another(self):
        user = make_user()
        with pytest.raises(CodeOver):
            use(issue(), purpose=CodePurpose.ADD_CONTACT)
        bound = issue_code(purpose=CodePurpose.ADD_CONTACT, address=PHONE, now=NOW, user=user)
        for other in (None, make_user()):
            with pytest.raises(CodeOver):
                use(bound, purpose=CodePurpose.ADD_CONTACT, user=other)
        use(bound, purpose=CodePurpose.ADD_CONTACT, user=user)

    def test_an_unknown_code_is_over(self):
        with pytest.raises(CodeOver):
            use_code(public_id="nope", purpose=SIGN_IN, digits="123456", now=NOW)

    def test_neither_digits_nor_address_are_kept(self):
        issued = issue()
        row = str(OneTimeCode.objects.values().get())
        assert issued.digits not in row
        assert "912345678" not in row


@pytest.mark.django_db
class TestLimits:
    def test_three_a_minute(self):
        for _ in range(3):
            issue()
        with pytest.raises(TooManyCodes) as refusal:
            issue(now=NOW + timedelta(seconds=59))
        assert (refusal.value.status, refusal.value.code) == (429, "too_many_codes")
        issue(now=NOW + timedelta(seconds=61))

    @pytest.mark.parametrize(("address", "limit"), [(PHONE, 6), (MAIL, 20)])
    def test_a_day_has_its_limit_and_the_next_day_is_new(self, address, limit):
        for turn in range(limit):
            issue(address, NOW + timedelta(minutes=2 * turn))
        with pytest.raises(TooManyCodes) as refusal:
            issue(address, NOW + timedelta(hours=5))
        assert refusal.value.code == "too_many_codes_today"
        issue(address, NOW + timedelta(days=1))

    def test_the_day_turns_at_midnight_in_viet_nam(self):
        evening = NOW.replace(hour=16, minute=50)  # 23:50
        for turn in range(6):
            issue(now=evening + timedelta(seconds=61 * turn))
        issue(now=evening + timedelta(minutes=11))

    def test_other_addresses_are_not_affected(self):
        for _ in range(3):
            issue()
        issue(MAIL)
        issue(Address("phone", "+84912345679"))

    def test_purging_keeps_what_still_counts(self):
        issue(now=NOW - timedelta(days=3))
        issue()
        assert purge_codes(now=NOW) == 1
        assert OneTimeCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_guesses_at_the_same_moment_do_not_share_a_try(self):
        issued = issue()

        def guess(index):
            try:
                use(issued, wrong(issued.digits))
            except CodeWrong:
                return "wrong"
            except CodeOver:
                return "over"
            return "in"

        outcomes = Counter(at_once(8, guess))
        assert outcomes["wrong"] <= 5
        assert outcomes["wrong"] + outcomes["over"] == 8
        assert OneTimeCode.objects.get().tries_left == 0

    def test_one_code_lets_one_in(self):
        issued = issue()
        outcomes = [type(outcome) for outcome in at_once(4, lambda index: use(issued))]
        assert outcomes.count(type(None)) == 1

    def test_requests_at_the_same_moment_keep_the_limit(self):
        outcomes = Counter(type(outcome).__name__ for outcome in at_once(8, lambda index: issue()))
        assert outcomes == {"IssuedCode": 3, "TooManyCodes": 5}
        assert OneTimeCode.objects.count() == 3
