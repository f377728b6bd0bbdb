"""Sealing a result: a Merkle tree over salted rows, after RFC 9162 §2.1 (Certificate Transparency). Pure.

The root is printed on the result page and on every certificate. A row carries its own random salt, so that the root
and the proofs tell nothing about other rows; with the row, its salt and a proof of a few dozen hashes anybody can
check that the row is in the result that was sealed. A leaf is SHA-256(0x00 ‖ row), a node SHA-256(0x01 ‖ left ‖
right): no node can be passed off as a row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

LEAF, NODE = b"\x00", b"\x01"
EMPTY = hashlib.sha256(b"").digest()

Value = str | int | bool | None


def canonical(row: Mapping[str, Value]) -> bytes:
    """Return the one spelling of a row that is hashed: JSON, sorted keys, no spaces, UTF-8, no floats."""
    if any(isinstance(value, float) for value in row.values()):
        raise TypeError("a sealed row holds no floats: their spelling differs between languages")
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf(row: Mapping[str, Value]) -> bytes:
    """Return the hash of one row."""
    return hashlib.sha256(LEAF + canonical(row)).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(NODE + left + right).digest()


class Sealer:
    """Computes a root over any number of leaves, keeping one hash for each level of the tree only."""

    def __init__(self) -> None:
        # (height, hash) of complete subtrees, largest first: the binary digits of the number of leaves.
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, one: bytes) -> None:
        """Add the next leaf."""
        height = 0
        while self._peaks and self._peaks[-1][0] == height:
            one = node(self._peaks.pop()[1], one)
            height += 1
        self._peaks.append((height, one))

    def root(self) -> bytes:
        """Return the root over the leaves so far."""
        if not self._peaks:
            return EMPTY
        total = self._peaks[-1][1]
        for _height, left in reversed(self._peaks[:-1]):
            total = node(left, total)
        return total


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the Merkle root over leaves in order."""
    sealer = Sealer()
    for one in leaves:
        sealer.add(one)
    return sealer.root()


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the inclusion proof of leaf ``index``, from the leaf upwards. Raises IndexError outside the leaves."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*proof(leaves[:middle], index), root(leaves[middle:])]
    return [*proof(leaves[middle:], index - middle), root(leaves[:middle])]


def verify(one: bytes, *, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether ``one`` is leaf ``index`` of ``size`` under the root ``expected`` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last = index, size - 1
    current = one
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            current = node(sibling, current)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            current = node(current, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and current == expected
