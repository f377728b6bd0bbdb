"""The seal: the tree of RFC 9162, proofs that hold, and nothing else that does."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.seal import EMPTY, Sealer, canonical, leaf, node, proof, root, verify

leaves = st.lists(st.binary(min_size=32, max_size=32), max_size=40)


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162, as written there."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(by_definition(hashes[:split]), by_definition(hashes[split:]))


@given(leaves)
def test_root_is_that_of_the_definition(hashes):
    assert root(hashes) == by_definition(hashes)


@given(leaves.filter(bool), st.data())
def test_proof_holds_for_its_own_place_only(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, expected = proof(hashes, index), root(hashes)

    assert verify(hashes[index], index=index, size=len(hashes), path=path, expected=expected)
    for other in range(len(hashes)):
        if other != index and hashes[other] != hashes[index]:
            assert not verify(hashes[other], index=index, size=len(hashes), path=path, expected=expected)
            assert not verify(hashes[index], index=other, size=len(hashes), path=path, expected=expected)


@given(leaves.filter(bool), st.data())
@settings(max_examples=60)
def test_any_changed_bit_breaks_the_proof(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, expected = proof(hashes, index), root(hashes)
    changed = bytearray(hashes[index])
    changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))

    assert not verify(bytes(changed), index=index, size=len(hashes), path=path, expected=expected)
    if path:
        assert not verify(hashes[index], index=index, size=len(hashes), path=path[:-1], expected=expected)
    assert not verify(hashes[index], index=index, size=len(hashes), path=[*path, EMPTY], expected=expected)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=20), st.randoms())
def test_order_is_part_of_the_seal(hashes, random):
    other = list(hashes)
    random.shuffle(other)

    assert (root(other) == root(hashes)) == (other == hashes)


def test_memory_of_the_sealer_is_logarithmic():
    sealer = Sealer()
    for number in range(10_000):
        sealer.add(leaf({"n": number}))

    assert len(sealer._peaks) <= 14


def test_canonical_has_one_spelling_and_no_floats():
    assert canonical({"b": 1, "a": "Đ"}) == '{"a":"Đ","b":1}'.encode()
    with pytest.raises(TypeError):
        canonical({"points": 9.5})


def test_a_node_cannot_pass_as_a_row():
    one, two = leaf({"a": 1}), leaf({"a": 2})

    assert root([one, two]) != leaf({"a": 1, "b": 2})
    assert node(one, two) != hashlib.sha256(b"\x00" + one + two).digest()


def test_proof_outside_the_leaves():
    with pytest.raises(IndexError):
        proof([EMPTY], 1)
    assert not verify(EMPTY, index=1, size=1, path=[], expected=EMPTY)
