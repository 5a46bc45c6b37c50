"""Stages without a shared reference: the amount, the counterparty and the days have to say enough."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from billing.reconciliation.columns import NOTHING, Ints, Marks
from billing.reconciliation.joining import Nearby, distinct, mixed, occurring, ranked
from billing.reconciliation.pools import Pairs, Pool, Side
from billing.reconciliation.stages import Stage

# A line with more candidates by amount and day than this is not looked at closer: nothing would tell them apart.
MOST_CANDIDATES = 64


def match_in_window(pool: Pool) -> None:
    """The same amount within the window, where each of the two is the other's only candidate.

    First among open lines of the same counterparty. Then also where one side names none: there an amount tells only
    where it is rare, so lines that are matched already count as candidates too. A line whose reference the other side
    knows is left to it, and two that carry different references of one kind are never the same.
    """
    pool.claim(Pairs(Stage.WINDOW, *_only_candidates(same_amount(pool, named=True))))
    candidates = same_amount(pool, named=False)
    external, internal = _only_candidates(candidates)
    rare, other_rare = _rare(pool, pool.external, pool.internal), _rare(pool, pool.internal, pool.external)
    alone = rare[external] & other_rare[internal]
    pool.claim(Pairs(Stage.WINDOW, external[alone], internal[alone]))


def _rare(pool: Pool, side: Side, other: Side) -> Marks:
    """Which open lines have one line of their amount on the other side within the window, open or not."""
    places, others = side.places(), np.flatnonzero(other.within)
    amounts = mixed(side.lines.fen[places], side.lines.currency[places])
    other_amounts = mixed(other.lines.fen[others], other.lines.currency[others])
    # Few lines are open here, and only what has the amount of one of them is looked at.
    likely = occurring(other_amounts, distinct(amounts))
    others, other_amounts = others[likely], other_amounts[likely]
    keys, other_keys = ranked(amounts, other_amounts)
    left, right = (keys, side.lines.booked_on[places]), (other_keys, other.lines.booked_on[others])
    near = Nearby.of(left, right, np.full(len(places), pool.rule.window_days))
    marks = np.zeros(len(side.lines), np.bool_)
    marks[places[near.counts == 1]] = True
    return marks


def match_named_within_tolerance(pool: Pool) -> None:
    """The same counterparty, amounts within the tolerance and days within the window, each the other's only one."""
    if pool.rule.tolerance_fen or pool.rule.tolerance_basis_points:
        pool.claim(Pairs(Stage.TOLERANCE, *_only_candidates(_near_amount(pool))))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs that may be the same: lines of either side, who is near whom, and what else has to hold."""

    pool: Pool
    external: Ints
    internal: Ints
    near: Nearby
    near_back: Nearby

    def settled(self) -> tuple[Marks, Marks]:
        """The places on either side none of whose candidates has too many candidates itself."""
        crowded, crowded_back = self.near.counts > MOST_CANDIDATES, self.near_back.counts > MOST_CANDIDATES
        return ~(crowded | self.near_back.touched(crowded_back)), ~(crowded_back | self.near.touched(crowded))

    def pairs(self) -> Iterator[tuple[Ints, Ints]]:
        """Places of pairs in which nothing speaks against the two being the same; none of crowded left places."""
        for mine, theirs in self.near.pairs(np.flatnonzero(self.near.counts <= MOST_CANDIDATES)):
            possible = self._possible(self.external[mine], self.internal[theirs])
            yield mine[possible], theirs[possible]

    def _possible(self, external: Ints, internal: Ints) -> Marks:
        mine, theirs = self.pool.external, self.pool.internal
        names, other_names = mine.lines.counterparty[external], theirs.lines.counterparty[internal]
        possible: Marks = (mine.kinds[external] & theirs.kinds[internal]) == 0
        possible &= (names == other_names) | (names == NOTHING) | (other_names == NOTHING)
        possible &= self.pool.same_currency(external, internal)
        possible &= self.pool.days(external, internal) <= self.pool.rule.window_days
        amounts, other_amounts = mine.lines.fen[external], theirs.lines.fen[internal]
        possible &= (amounts == other_amounts) | self.pool.within_tolerance(amounts, other_amounts)
        return possible


def same_amount(pool: Pool, *, named: bool) -> Candidates:
    """Open lines of one amount and currency within the window; `named` takes only those that name a counterparty."""

    def keys(side: Side, places: Ints) -> Ints:
        lines = side.lines
        columns = [lines.fen[places], lines.currency[places]]
        return mixed(*columns, lines.counterparty[places]) if named else mixed(*columns)

    mine, theirs = _places(pool.external, named=named), _places(pool.internal, named=named)
    keys_left, keys_right = ranked(keys(pool.external, mine), keys(pool.internal, theirs))
    left = keys_left, pool.external.lines.booked_on[mine]
    right = keys_right, pool.internal.lines.booked_on[theirs]
    radius = np.int64(pool.rule.window_days)
    return Candidates(
        pool,
        mine,
        theirs,
        Nearby.of(left, right, np.full(len(mine), radius)),
        Nearby.of(right, left, np.full(len(theirs), radius)),
    )


def _near_amount(pool: Pool) -> Candidates:
    def keys(side: Side, places: Ints) -> Ints:
        return mixed(side.lines.counterparty[places], side.lines.currency[places])

    mine, theirs = _places(pool.external, named=True), _places(pool.internal, named=True)
    keys_left, keys_right = ranked(keys(pool.external, mine), keys(pool.internal, theirs))
    left, right = (keys_left, pool.external.lines.fen[mine]), (keys_right, pool.internal.lines.fen[theirs])
    return Candidates(
        pool,
        mine,
        theirs,
        Nearby.of(left, right, _reach(pool, left[1])),
        Nearby.of(right, left, _reach(pool, right[1])),
    )


def _reach(pool: Pool, fen: Ints) -> Ints:
    """At least as far as the tolerance goes: the other amount, which may be the larger, is not known yet."""
    reach: Ints = np.abs(fen) * pool.rule.tolerance_basis_points // 9_000 + 1
    return np.maximum(pool.rule.tolerance_fen, reach)


def _places(side: Side, *, named: bool) -> Ints:
    places = side.places()
    eligible = ~side.known[places]
    if named:
        eligible &= side.lines.counterparty[places] != NOTHING
    return places[eligible]


def _only_candidates(candidates: Candidates) -> tuple[Ints, Ints]:
    """Lines of the pairs in which each is the other's only possible candidate."""
    settled, settled_back = candidates.settled()
    degree = np.zeros(len(candidates.external), np.int64)
    degree_back = np.zeros(len(candidates.internal), np.int64)
    partner = np.zeros(len(candidates.external), np.int64)
    for mine, theirs in candidates.pairs():
        degree += np.bincount(mine, minlength=len(degree))
        degree_back += np.bincount(theirs, minlength=len(degree_back))
        partner[mine] = theirs
    left = np.flatnonzero(settled & (degree == 1))
    right = partner[left]
    alone = settled_back[right] & (degree_back[right] == 1)
    return candidates.external[left[alone]], candidates.internal[right[alone]]
