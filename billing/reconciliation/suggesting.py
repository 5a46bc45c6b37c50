"""What is offered to people: pairs that no stage may confirm, because something else could be meant as well."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from billing.reconciliation.by_amount import same_amount
from billing.reconciliation.by_sum import shared, subsets
from billing.reconciliation.columns import Ints
from billing.reconciliation.joining import Nearby, distinct_pairs, mixed, ranked
from billing.reconciliation.likeness import alike
from billing.reconciliation.pools import Group, Pool, Side
from billing.reconciliation.stages import Stage

# A line with more possible partners than this is searched for by a person, not chosen from a list.
MOST_OFFERED = 8
# Below this two references have too little in common.
_LEAST_ALIKE = 60

Lookalikes = tuple[Ints, Ints]
"""Pairs of lines with the same amount and different references, which may be the same reference written wrongly."""


def suggestions(pool: Pool) -> Iterator[Group]:
    """Everything to offer for the lines that are still open, without likeness of references."""
    for stage, same_fen in ((Stage.REFERENCE, True), (Stage.TOLERANCE, False)):
        yield from _pairs(stage, *_by_reference(pool, same_fen=same_fen))
    for mine, theirs in shared(pool):
        yield from (each for each in subsets(pool, mine, theirs) if len(each.external) + len(each.internal) > 2)
    candidates = same_amount(pool, named=False)
    left, right = _few(candidates.near, candidates.near_back, candidates.pairs())
    yield from _pairs(Stage.WINDOW, candidates.external[left], candidates.internal[right])


def lookalikes(pool: Pool) -> Lookalikes:
    """Open lines of one amount and currency within the window that carry different references of one kind."""
    mine, theirs = pool.external.places(), pool.internal.places()
    keys, other_keys = ranked(_amounts(pool.external, mine), _amounts(pool.internal, theirs))
    near, near_back = _both_ways(
        (keys, pool.external.lines.booked_on[mine]),
        (other_keys, pool.internal.lines.booked_on[theirs]),
        pool.rule.window_days,
    )
    left, right = _few(near, near_back, near.pairs(np.flatnonzero(near.counts <= MOST_OFFERED)))
    external, internal = mine[left], theirs[right]
    differing = (pool.external.kinds[external] & pool.internal.kinds[internal]) != 0
    return external[differing], internal[differing]


def likely(
    pairs: Lookalikes, references: Mapping[int, Sequence[str]], other_references: Mapping[int, Sequence[str]]
) -> Iterator[tuple[int, int, int]]:
    """Of the lookalikes those whose references are alike without being the same: both lines, and how alike."""
    for external, internal in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True):
        best = max(
            (alike(one, other) for one in references[external] for other in other_references[internal]), default=0
        )
        if _LEAST_ALIKE <= best < 100:
            yield external, internal, best


def _by_reference(pool: Pool, *, same_fen: bool) -> tuple[Ints, Ints]:
    """Open lines that share a reference, of the same amount or of another."""
    mine, theirs = pool.external.references(), pool.internal.references()
    lines, other_lines = pool.external.lines, pool.internal.lines
    refs, other_refs = pool.external.refs, pool.internal.refs
    at, other_at = refs.line[mine], other_refs.line[theirs]
    keys, other_keys = ranked(
        mixed(refs.rank[mine], lines.currency[at]), mixed(other_refs.rank[theirs], other_lines.currency[other_at])
    )
    near, near_back = _both_ways((keys, np.zeros_like(keys)), (other_keys, np.zeros_like(other_keys)), 0)
    left, right = _few(near, near_back, near.pairs(np.flatnonzero(near.counts <= MOST_OFFERED)))
    external, internal = distinct_pairs(at[left], other_at[right])
    alike_fen = lines.fen[external] == other_lines.fen[internal]
    chosen = alike_fen if same_fen else ~alike_fen
    return external[chosen], internal[chosen]


def _amounts(side: Side, places: Ints) -> Ints:
    return mixed(side.lines.fen[places], side.lines.currency[places])


def _both_ways(left: tuple[Ints, Ints], right: tuple[Ints, Ints], radius: int) -> tuple[Nearby, Nearby]:
    return (
        Nearby.of(left, right, np.full(len(left[0]), radius)),
        Nearby.of(right, left, np.full(len(right[0]), radius)),
    )


def _few(near: Nearby, near_back: Nearby, pairs: Iterator[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Of the pairs those in which neither has more candidates than can be offered."""
    few, few_back = near.counts <= MOST_OFFERED, near_back.counts <= MOST_OFFERED
    lefts, rights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for left, right in pairs:
        kept = few[left] & few_back[right]
        lefts.append(left[kept])
        rights.append(right[kept])
    return np.concatenate(lefts), np.concatenate(rights)


def _pairs(stage: Stage, external: Ints, internal: Ints) -> Iterator[Group]:
    for one, other in zip(external.tolist(), internal.tolist(), strict=True):
        yield Group(stage, (one,), (other,))
