"""The attempt token: nothing but ours is read, in one spelling only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.tokens import TOKEN_LENGTH, AttemptToken, BadToken, Signer, check_of

pytestmark = pytest.mark.sqlite_only

SIGNER = Signer(["a secret of this test"])
TOKENS = st.builds(
    AttemptToken,
    attempt=st.integers(0, 2**64 - 1),
    check=st.binary(min_size=8, max_size=8),
    positions=st.integers(0, 2**16 - 1),
    lease=st.integers(0, 2**32 - 1),
    accept_until_ms=st.integers(0, 2**64 - 1),
)


@given(TOKENS)
def test_a_token_is_read_as_written(token):
    text = SIGNER.write(token)
    assert len(text) == TOKEN_LENGTH
    assert SIGNER.read(text) == token


@given(TOKENS, st.data())
def test_any_change_is_refused(token, data):
    text = SIGNER.write(token)
    place = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.sampled_from("ABCXYZabcxyz0189-_").filter(lambda c: c != text[place]))
    with pytest.raises(BadToken):
        SIGNER.read(text[:place] + char + text[place + 1 :])


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80), st.none(), st.integers(), st.lists(st.text())))
def test_anything_else_is_refused(text):
    with pytest.raises(BadToken):
        SIGNER.read(text)


def test_another_secret_reads_nothing_and_an_old_one_still_reads():
    token = AttemptToken(7, check_of("abc"), 10, 1, 1_800_000_000_000)
    old = Signer(["old"]).write(token)
    with pytest.raises(BadToken):
        Signer(["new"]).read(old)
    assert Signer(["new", "old"]).read(old) == token
    assert Signer(["new", "old"]).write(token) != old
