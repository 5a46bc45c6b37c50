"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1): hashes, appending, proofs. No storage, no clock.

A subtree is named by its height and its position among the complete subtrees of that height: (3, 2) covers the leaves
16 to 23. Every tree is made of complete subtrees, one per bit of its size, the largest first: its frontier.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Subtree = tuple[int, int]

EMPTY_ROOT = hashlib.sha256().digest()

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """MTH({d}) = SHA-256(0x00 || d)."""
    return hashlib.sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(_NODE + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """What of a tree is needed to append to it: the roots of its complete subtrees, the largest first."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, size: int, packed: bytes) -> "Frontier":
        """The frontier that `packed()` wrote for a tree of this size. Raises ValueError if it cannot be one."""
        if len(packed) != 32 * size.bit_count():
            raise ValueError("a frontier has one hash per bit of the size")
        return cls(size, [packed[at : at + 32] for at in range(0, len(packed), 32)])

    def packed(self) -> bytes:
        """The hashes one after the other."""
        return b"".join(self.roots)

    def append(self, leaf: bytes) -> list[tuple[Subtree, bytes]]:
        """Add a leaf's hash; answers every subtree of height 1 and more that it completes."""
        made = []
        root, position, height = leaf, self.size, 0
        while position & 1:
            root, position, height = node_hash(self.roots.pop(), root), position >> 1, height + 1
            made.append(((height, position), root))
        self.roots.append(root)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root hash of the tree."""
        return _folded(self.roots) if self.roots else EMPTY_ROOT


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


@dataclass(frozen=True, slots=True)
class Proof:
    """Which hashes make a proof: each is the root over the complete subtrees listed, from left to right."""

    nodes: tuple[tuple[Subtree, ...], ...]

    def needs(self) -> set[Subtree]:
        """Every subtree whose root must be known."""
        return {subtree for node in self.nodes for subtree in node}

    def hashes(self, known: Mapping[Subtree, bytes]) -> list[bytes]:
        """The proof itself, in the order of the RFC."""
        return [_folded([known[subtree] for subtree in node]) for node in self.nodes]


def inclusion(seq: int, size: int) -> Proof:
    """PATH(m, D[n]) of RFC 6962 section 2.1.1. Raises ValueError unless 0 <= seq < size."""
    if not 0 <= seq < size:
        raise ValueError("no such leaf in a tree of this size")
    ranges: list[tuple[int, int]] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if seq < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return Proof(tuple(_complete(*one) for one in reversed(ranges)))


def consistency(first: int, second: int) -> Proof:
    """PROOF(m, D[n]) of RFC 6962 section 2.1.2. Raises ValueError unless 0 < first <= second."""
    if not 0 < first <= second:
        raise ValueError("a tree is consistent with an earlier, not empty one")
    ranges: list[tuple[int, int]] = []
    begin, end, whole = 0, second, True
    # SUBPROOF: go down to the subtree that ends where the earlier tree ended.
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin, whole = middle, False
    if not whole:
        ranges.append((begin, end))
    return Proof(tuple(_complete(*one) for one in reversed(ranges)))


def includes(leaf: bytes, seq: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= seq < size:
        return False
    at, last, reached = seq, size - 1, leaf
    for hashed in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = node_hash(hashed, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, hashed)
        at, last = at >> 1, last >> 1
    return last == 0 and reached == root


def extends(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the proof shows that the second tree began as the first (RFC 9162 section 2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = [first_root, *proof] if first.bit_count() == 1 else list(proof)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for hashed in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(hashed, older), node_hash(hashed, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, hashed)
        at, last = at >> 1, last >> 1
    return last == 0 and older == first_root and newer == second_root


def _split(size: int) -> int:
    """The largest power of two smaller than the size."""
    return 1 << ((size - 1).bit_length() - 1)


def _complete(begin: int, end: int) -> tuple[Subtree, ...]:
    """The complete subtrees that make up a range of leaves which begins where a subtree of its size would."""
    parts = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        parts.append((height, begin >> height))
        begin += 1 << height
    return tuple(parts)


def _folded(roots: Sequence[bytes]) -> bytes:
    folded = roots[-1]
    for root in reversed(roots[:-1]):
        folded = node_hash(root, folded)
    return folded
