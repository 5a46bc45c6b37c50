"""Stages in which several lines make up one: all that carry a reference, or the only fitting part of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from billing.reconciliation.columns import Ints, Marks, code
from billing.reconciliation.pools import Group, Pool
from billing.reconciliation.stages import Stage

# 2**14 sums are a thousandth of a second; a reference that more open lines carry is left to people.
MOST_IN_A_SUBSET = 14
_BY_HAND = 6
# A subset is evidence only where a chance hit is rarer than one in so many.
_CHANCE = 100


def match_groups(pool: Pool) -> None:
    """One line and all open lines of the other side with its reference, totals within the tolerance."""
    found = _shared(pool)
    if not len(found.counts):
        return
    fen, other_fen = pool.external.lines.fen[found.external], pool.internal.lines.fen[found.internal]
    total, other = np.add.reduceat(fen, found.starts), np.add.reduceat(other_fen, found.other_starts)
    larger = np.maximum(np.abs(total), np.abs(other))
    allowed = np.maximum(pool.rule.tolerance_fen, larger * pool.rule.tolerance_basis_points // 10_000)
    fits = (found.counts == 1) != (found.other_counts == 1)
    fits &= (np.abs(total - other) <= allowed) & _in_one_currency(pool, found)
    groups = []
    for mine, theirs in found.lines(np.flatnonzero(fits)):
        stage = Stage.ONE_TO_MANY if len(mine) == 1 else Stage.MANY_TO_ONE
        groups.append(Group(stage, tuple(mine.tolist()), tuple(theirs.tolist())))
    _claim_undisputed(pool, groups)


def _in_one_currency(pool: Pool, found: "_Shared") -> Marks:
    currency = pool.external.lines.currency[found.external]
    other_currency = pool.internal.lines.currency[found.internal]
    bounds = [
        each.reduceat(codes, starts)
        for codes, starts in ((currency, found.starts), (other_currency, found.other_starts))
        for each in (np.minimum, np.maximum)
    ]
    alike: Marks = (bounds[0] == bounds[1]) & (bounds[1] == bounds[2]) & (bounds[2] == bounds[3])
    return alike


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
    found = _shared(pool)
    return found.lines(np.arange(len(found.counts)))


@dataclass(frozen=True, slots=True)
class _Shared:
    """Open lines of either side, reference by reference: where those of each begin, and how many they are."""

    external: Ints
    starts: Ints
    counts: Ints
    internal: Ints
    other_starts: Ints
    other_counts: Ints

    def lines(self, places: Ints) -> Iterator[tuple[Ints, Ints]]:
        """The lines of either side of these references, one reference after the other."""
        ends, other_ends = self.starts + self.counts, self.other_starts + self.other_counts
        columns = (self.starts, ends, self.other_starts, other_ends)
        for start, end, other_start, other_end in zip(*(column[places].tolist() for column in columns), strict=True):
            yield self.external[start:end], self.internal[other_start:other_end]


def _shared(pool: Pool) -> _Shared:
    kind = code(pool.rule.group_by)
    sides = (pool.external, pool.internal)
    places = [side.references(kind=kind) for side in sides]
    counted = [
        np.bincount(side.refs.rank[at], minlength=side.refs.count) for side, at in zip(sides, places, strict=True)
    ]
    enough = (counted[0] > 0) & (counted[1] > 0) & (counted[0] + counted[1] >= 3)
    columns = []
    for side, at, counts in zip(sides, places, counted, strict=True):
        kept = at[enough[side.refs.rank[at]]]
        order = np.lexsort((side.refs.line[kept], side.refs.rank[kept]))
        of_each = counts[enough]
        columns += [side.refs.line[kept][order], np.cumsum(of_each) - of_each, of_each]
    return _Shared(*columns)


def _parts(lines: Ints, fen: Ints, target: int) -> Iterator[tuple[int, ...]]:
    """The non-empty parts of the lines whose amounts add up to the target, three at most."""
    amounts, places = fen[lines].tolist(), lines.tolist()
    # Most have few lines, and numpy's arrays cost more than their sums there.
    sums = [0]
    for amount in amounts[:_BY_HAND]:
        sums += [each + amount for each in sums]
    if len(amounts) > _BY_HAND:
        many = np.array(sums)
        for amount in amounts[_BY_HAND:]:
            many = np.concatenate((many, many + amount))
        hits = np.flatnonzero(many == target).tolist()
    else:
        hits = [number for number, each in enumerate(sums) if each == target]
    for number in hits[:4]:
        if number:
            yield tuple(line for bit, line in enumerate(places) if number >> bit & 1)


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
