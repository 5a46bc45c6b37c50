"""Stages in which several lines make up one: all that carry a reference, or the only fitting part of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from billing.reconciliation.columns import Ints, code
from billing.reconciliation.pools import Group, Pool, Side
from billing.reconciliation.stages import Stage

# 2**14 sums are a thousandth of a second; a reference that more open lines carry is left to people.
MOST_IN_A_SUBSET = 14
# A subset is evidence only where a chance hit is rarer than one in so many.
_CHANCE = 100


def match_groups(pool: Pool) -> None:
    """One line and all open lines of the other side with its reference, totals within the tolerance."""
    found = []
    for mine, theirs in shared(pool):
        if (len(mine) == 1) == (len(theirs) == 1) or not _one_currency(pool, mine, theirs):
            continue
        total, other = int(pool.external.lines.fen[mine].sum()), int(pool.internal.lines.fen[theirs].sum())
        if abs(total - other) <= pool.rule.tolerance(total, other):
            stage = Stage.ONE_TO_MANY if len(mine) == 1 else Stage.MANY_TO_ONE
            found.append(Group(stage, tuple(mine.tolist()), tuple(theirs.tolist())))
    _claim_undisputed(pool, found)


def match_subsets(pool: Pool) -> None:
    """One line and the only part of the other side's open lines with its reference that adds up to it, to the fen."""
    found = []
    for mine, theirs in shared(pool):
        solutions = subsets(pool, mine, theirs)
        if len(solutions) == 1 and _tells(pool, solutions[0], mine, theirs):
            found += [each for each in solutions if len(each.external) + len(each.internal) > 2]
    _claim_undisputed(pool, found)


def subsets(pool: Pool, mine: Ints, theirs: Ints) -> list[Group]:
    """Parts of either side that add up to one line of the other, and single lines that do.

    Three of a sort at most; none where there are too many lines.
    """
    if len(mine) + len(theirs) < 3 or max(len(mine), len(theirs)) > MOST_IN_A_SUBSET:
        return []
    if not _one_currency(pool, mine, theirs):
        return []
    fen, other_fen = pool.external.lines.fen, pool.internal.lines.fen
    to_internal = [((int(one),), part) for one in mine for part in _parts(theirs, other_fen, int(fen[one]))]
    to_external = [(part, (int(one),)) for one in theirs for part in _parts(mine, fen, int(other_fen[one]))]
    single = [each for each in to_internal if len(each[1]) == 1]
    forth = [each for each in to_internal if len(each[1]) > 1]
    back = [each for each in to_external if len(each[0]) > 1]
    return [Group(Stage.SUBSET, *each) for each in (*single[:3], *forth[:3], *back[:3])]


def shared(pool: Pool) -> Iterator[tuple[Ints, Ints]]:
    """Per reference of the rule's kind the open lines of either side that carry it, at least three in all."""
    kind = code(pool.rule.group_by)
    external, internal = pool.external.references(kind=kind), pool.internal.references(kind=kind)
    mine, theirs = _by_reference(pool.external, external), _by_reference(pool.internal, internal)
    _, at, other_at = np.intersect1d(mine.refs, theirs.refs, assume_unique=True, return_indices=True)
    enough = mine.counts[at] + theirs.counts[other_at] >= 3
    for place, other_place in zip(at[enough].tolist(), other_at[enough].tolist(), strict=True):
        yield mine.lines_of(place), theirs.lines_of(other_place)


class _ByReference:
    """Lines sorted by the reference that they carry."""

    def __init__(self, refs: Ints, lines: Ints) -> None:
        order = np.lexsort((lines, refs))
        self._lines = lines[order]
        self.refs, self._starts, self.counts = np.unique(refs[order], return_index=True, return_counts=True)

    def lines_of(self, place: int) -> Ints:
        start = self._starts[place]
        return self._lines[start : start + self.counts[place]]


def _by_reference(side: Side, places: Ints) -> _ByReference:
    return _ByReference(side.lines.ref[places], side.lines.ref_line[places])


def _parts(lines: Ints, fen: Ints, target: int) -> Iterator[tuple[int, ...]]:
    """The non-empty parts of the lines whose amounts add up to the target, three at most."""
    sums = np.zeros(1, np.int64)
    for line in lines:
        sums = np.concatenate((sums, sums + fen[line]))
    for number in np.flatnonzero(sums == target).tolist()[:4]:
        if number:
            yield tuple(int(line) for bit, line in enumerate(lines) if number >> bit & 1)


def _tells(pool: Pool, group: Group, mine: Ints, theirs: Ints) -> bool:
    """Whether so many subsets of such amounts would hardly hit the total by chance."""
    one_to_many = len(group.external) == 1
    lines, fen = (theirs, pool.internal.lines.fen) if one_to_many else (mine, pool.external.lines.fen)
    return _CHANCE << len(lines) <= int(np.abs(fen[lines]).sum())


def _one_currency(pool: Pool, mine: Ints, theirs: Ints) -> bool:
    currencies = {*pool.external.lines.currency[mine].tolist(), *pool.internal.lines.currency[theirs].tolist()}
    return len(currencies) == 1


def _claim_undisputed(pool: Pool, found: Sequence[Group]) -> None:
    """Claim the groups no line of which stands in another group; the same group by two references is one."""
    groups = set(found)
    external = Counter(chain.from_iterable(group.external for group in groups))
    internal = Counter(chain.from_iterable(group.internal for group in groups))
    for group in sorted(groups, key=lambda each: (each.external, each.internal)):
        alone = all(external[line] == 1 for line in group.external)
        if alone and all(internal[line] == 1 for line in group.internal):
            pool.claim_group(group)
