"""Joins of arrays: which lines share a key, which lie near each other. Nothing here knows of money."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.reconciliation.columns import Ints, Marks

# How many pairs are looked at at a time: three arrays of 8 MB.
_AT_A_TIME = 1 << 20


def mixed(*columns: Ints) -> Ints:
    """One 64-bit key for several columns (the finaliser of splitmix64, column by column)."""
    key: NDArray[np.uint64] = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        key ^= column.astype(np.int64).view(np.uint64)
        key += np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(30)
        key *= np.uint64(0xBF58476D1CE4E5B9)
        key ^= key >> np.uint64(27)
        key *= np.uint64(0x94D049BB133111EB)
        key ^= key >> np.uint64(31)
    return key.view(np.int64)


def singles(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The places of keys that occur exactly once on either side."""
    values, places = _once(left)
    other_values, other_places = _once(right)
    _, at, other_at = np.intersect1d(values, other_values, assume_unique=True, return_indices=True)
    return places[at], other_places[other_at]


def _once(keys: Ints) -> tuple[Ints, Ints]:
    values, places, counts = np.unique(keys, return_index=True, return_counts=True)
    return values[counts == 1], places[counts == 1]


def distinct(values: Ints) -> Ints:
    """Each value once, in order: numpy's own `unique` hashes where only values are asked, which is slower here."""
    values = np.sort(values)
    kept = np.ones(len(values), np.bool_)
    kept[1:] = values[1:] != values[:-1]
    return values[kept]


def occurring(values: Ints, among: Ints) -> Marks:
    """Which of the values stand among others, which are distinct and in order."""
    if not len(among):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(np.searchsorted(among, values), len(among) - 1)
    found: Marks = among[at] == values
    return found


def distinct_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Each pair once, in order."""
    pairs = distinct(left << 32 | right)
    return pairs >> 32, pairs & 0xFFFF_FFFF


def undisputed(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Of these pairs those whose two places stand in no other pair."""
    left, right = distinct_pairs(left, right)
    if not len(left):
        return left, right
    alone = (np.bincount(left)[left] == 1) & (np.bincount(right)[right] == 1)
    return left[alone], right[alone]


def ranked(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The keys of both sides as small numbers, equal where the keys are."""
    ranks, _ = _ranks(np.concatenate((left, right)))
    return ranks[: len(left)], ranks[len(left) :]


def shared(left: Ints, right: Ints) -> tuple[Ints, Ints, int]:
    """The keys that both sides have as numbers from 0, -1 for the others; and how many such keys there are."""
    ranks, count = _ranks(np.concatenate((left, right)))
    mine, theirs = ranks[: len(left)], ranks[len(left) :]
    here, there = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    here[mine] = there[theirs] = True
    both = here & there
    numbers = np.where(both, np.cumsum(both) - 1, -1)
    return numbers[mine], numbers[theirs], int(np.count_nonzero(both))


def _ranks(keys: Ints) -> tuple[Ints, int]:
    """The place of each key among the distinct ones. Sorting by hand: numpy's own `unique` takes twice as long."""
    order = np.argsort(keys)
    ordered = keys[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    numbers = np.cumsum(first) - 1
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = numbers
    return ranks, int(numbers[-1]) + 1 if len(keys) else 0


# A key's rank and a value share 63 bits: four million ranks, values of 41 bits (fen up to 10**12, either sign).
_VALUE_BITS = 41
_MIDDLE = 1 << (_VALUE_BITS - 1)


@dataclass(frozen=True, slots=True)
class Nearby:
    """Pairs of places with the same key whose values differ by at most the radius of the left one.

    `order` sorts the right side by key and value; the candidates of left place k are `order[low[k]:high[k]]`.
    """

    order: Ints
    low: Ints
    high: Ints

    @classmethod
    def of(cls, left: tuple[Ints, Ints], right: tuple[Ints, Ints], radius: Ints) -> "Nearby":
        """Of (rank of key, value) of either side; ranks as `ranked` gives them."""
        if len(left[0]) + len(right[0]) >= 1 << (63 - _VALUE_BITS):
            raise ValueError("more lines than four million in one run")
        keys = (right[0] << _VALUE_BITS) + right[1] + _MIDDLE
        order = np.argsort(keys)
        keys = keys[order]
        floor = left[0] << _VALUE_BITS
        ceiling = floor + (1 << _VALUE_BITS) - 1
        low = np.searchsorted(keys, np.maximum(floor + left[1] + _MIDDLE - radius, floor), "left")
        high = np.searchsorted(keys, np.minimum(floor + left[1] + _MIDDLE + radius, ceiling), "right")
        return cls(order, low, high)

    @property
    def counts(self) -> Ints:
        """How many candidates each left place has."""
        return self.high - self.low

    def touched(self, left: Marks) -> Marks:
        """Which right places are a candidate of a marked left one."""
        steps = np.zeros(len(self.order) + 1, np.int64)
        np.add.at(steps, self.low[left], 1)
        np.add.at(steps, self.high[left], -1)
        marks = np.zeros(len(self.order), np.bool_)
        marks[self.order] = np.cumsum(steps[:-1]) > 0
        return marks

    def pairs(self, left: Ints) -> Iterator[tuple[Ints, Ints]]:
        """The candidates of these left places, some at a time."""
        counts = self.counts[left]
        ends = np.cumsum(counts)
        begin = 0
        while begin < len(left):
            base = int(ends[begin - 1]) if begin else 0
            end = max(begin + 1, int(np.searchsorted(ends, base + _AT_A_TIME, "right")))
            some, many = left[begin:end], counts[begin:end]
            within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
            yield np.repeat(some, many), self.order[np.repeat(self.low[some], many) + within]
            begin = end
