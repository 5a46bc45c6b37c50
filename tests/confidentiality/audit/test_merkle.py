"""The tree against the definition of the RFC, and against Certificate Transparency's well-known example."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from confidentiality.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    Proof,
    Subtree,
    consistency,
    extends,
    includes,
    inclusion,
    leaf_hash,
    node_hash,
    root_of,
)

# The reference example of Certificate Transparency: eight inputs, the root of each size, and proofs between them.
INPUTS = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    bytes.fromhex(one)
    for one in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
LEAVES = [leaf_hash(one) for one in INPUTS]

# (leaf counted from 1, size) and the path.
PATHS = {
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (3, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (2, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENT = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}


def hashes_of(proof: Proof, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof's hashes, each subtree computed from its leaves."""

    def known(subtree: Subtree) -> bytes:
        height, position = subtree
        return naive_root(leaves[position << height : (position + 1) << height])

    return proof.hashes({subtree: known(subtree) for subtree in proof.needs()})


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it, over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    k = naive_split(len(leaves))
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = naive_split(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = naive_split(len(leaves))
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def naive_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def test_roots_are_those_of_the_reference_example() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root_of(LEAVES[:size]) for size in range(1, 9)] == ROOTS


def test_paths_are_those_of_the_reference_example() -> None:
    for (number, size), expected in PATHS.items():
        path = hashes_of(inclusion(number - 1, size), LEAVES)
        assert [one.hex() for one in path] == list(expected)
        assert includes(LEAVES[number - 1], number - 1, size, path, ROOTS[size - 1])


def test_consistency_proofs_are_those_of_the_reference_example() -> None:
    for (first, second), expected in CONSISTENT.items():
        proof = hashes_of(consistency(first, second), LEAVES)
        assert [one.hex() for one in proof] == list(expected)
        assert extends(first, second, proof, ROOTS[first - 1], ROOTS[second - 1])


def test_the_proofs_of_the_rfcs_seven_leaves_have_its_shape() -> None:
    """RFC 6962 section 2.1.3 names the nodes of a tree of seven leaves d0 … d6 by letters."""
    d = LEAVES[:7]
    a, b, c, e, f, j = d[0], d[1], d[2], d[3], d[4], d[6]
    g, h, i = node_hash(a, b), node_hash(c, e), node_hash(f, d[5])
    k, m = node_hash(g, h), node_hash(i, j)
    assert hashes_of(inclusion(0, 7), d) == [b, h, m]
    assert hashes_of(inclusion(3, 7), d) == [c, g, m]
    assert hashes_of(inclusion(4, 7), d) == [d[5], j, k]
    assert hashes_of(inclusion(6, 7), d) == [i, k]
    assert hashes_of(consistency(3, 7), d) == [c, e, g, m]
    assert hashes_of(consistency(4, 7), d) == [m]
    assert hashes_of(consistency(6, 7), d) == [i, j, k]


trees = st.integers(1, 70).map(lambda size: [leaf_hash(bytes([one])) for one in range(size)])


@given(trees)
def test_appending_gives_the_root_of_the_definition_at_every_size(leaves: list[bytes]) -> None:
    frontier = Frontier()
    for size, leaf in enumerate(leaves, 1):
        frontier = Frontier.of(frontier.size, frontier.packed())
        for (height, position), root in frontier.append(leaf):
            assert root == naive_root(leaves[position << height : (position + 1) << height])
        assert frontier.root() == naive_root(leaves[:size])


@given(trees, st.data())
def test_paths_are_those_of_the_definition_and_hold_for_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    seq = data.draw(st.integers(0, size - 1))
    path = hashes_of(inclusion(seq, size), leaves)
    root = naive_root(leaves)
    assert path == naive_path(seq, leaves)
    assert includes(leaves[seq], seq, size, path, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != seq)) if size > 1 else seq + 1
    assert not includes(leaves[seq], other, size, path, root)
    assert not includes(leaf_hash(b"another"), seq, size, path, root)
    assert not includes(leaves[seq], seq, size, [*path, root], root)
    assert not path or not includes(leaves[seq], seq, size, path[:-1], root)


@given(trees, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_hold_for_nothing_else(
    leaves: list[bytes], data: st.DataObject
) -> None:
    second = len(leaves)
    first = data.draw(st.integers(1, second))
    proof = hashes_of(consistency(first, second), leaves)
    older, newer = naive_root(leaves[:first]), naive_root(leaves)
    assert proof == naive_subproof(first, leaves, True)
    assert extends(first, second, proof, older, newer)
    forged = leaf_hash(b"forged")
    assert not extends(first, second, proof, forged, newer)
    assert not extends(first, second, proof, older, forged)
    assert not extends(first, second, [*proof, forged], older, newer)
