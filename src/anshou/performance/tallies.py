"""What is counted, before percentiles are taken of it: counts, and how long things took. Both add up."""

import sys
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, repeat

from anshou.performance.counts import Counts, Spread

SPREADS = ("response_open", "response_wall", "handling_open", "handling_wall")

# What PostgreSQL says before the values of an array without NULLs: dimensions, flags, type, length, lower bound.
_HEAD = 20

# So many times are sorted sooner than looked for in each run.
_FEW = 5_000

Run = tuple[Sequence[int], Sequence[int]]
"""Whole minutes in order, and how often each occurred."""


@dataclass(slots=True)
class Times:
    """Times in whole minutes: one by one in no order, and in the runs that are kept. Nothing of it is ever changed."""

    each: list[Sequence[int]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def take(self, other: "Times") -> None:
        """Count these too."""
        self.each += other.each
        self.runs += other.runs

    def merged(self) -> Run:
        """All of it as one run."""
        found = Counter(chain.from_iterable(self.each))
        for minutes, times in self.runs:
            found.update(dict(zip(minutes, times, strict=True)))
        minutes = sorted(found)
        return minutes, [found[one] for one in minutes]

    def spread(self) -> Spread:
        """Median and 90th percentile by nearest rank."""
        loose = list(chain.from_iterable(self.each))
        in_runs = sum(sum(times) for _, times in self.runs)
        runs: list[Run] = []
        if in_runs <= _FEW:
            loose += chain.from_iterable(chain.from_iterable(map(repeat, *run)) for run in self.runs)
        else:
            runs = [(minutes, [0, *accumulate(times)]) for minutes, times in self.runs if minutes]
            in_runs += len(loose)
        loose.sort()
        whole = in_runs if runs else len(loose)
        if not whole:
            return Spread()
        return Spread(whole, *(_ranked(loose, runs, (whole * tenths + 9) // 10) for tenths in (5, 9)))


def _ranked(loose: Sequence[int], runs: Sequence[Run], wanted: int) -> int:
    """The least time that at least so many do not exceed. Of each run beside its minutes, how many there are before."""
    if not runs:
        return loose[wanted - 1]
    ends = [(minutes[0], minutes[-1]) for minutes, _ in runs] + ([(loose[0], loose[-1])] if loose else [])
    low, high = min(first for first, _ in ends), max(last for _, last in ends)
    while low < high:
        middle = (low + high) // 2
        until = bisect_right(loose, middle)
        until += sum(before[bisect_right(minutes, middle)] for minutes, before in runs)
        if until >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(slots=True)
class Tally:
    """Of one period, or of one line of it."""

    counts: Counts = field(default_factory=Counts)
    times: dict[str, Times] = field(default_factory=dict)

    def take(self, other: "Tally", spreads: Sequence[str] = SPREADS) -> None:
        """Count what another one did, of its times these."""
        self.counts.take(other.counts)
        for name in spreads:
            if name in other.times:
                self.of(name).take(other.times[name])

    def of(self, name: str) -> Times:
        """The times of this spread."""
        return self.times.setdefault(name, Times())

    def finished(self) -> Counts:
        """The counts with their percentiles."""
        for name, times in self.times.items():
            setattr(self.counts, name, times.spread())
        return self.counts


def integers(sent: bytes | None) -> Sequence[int]:
    """The values of an `integer[]` without NULLs as `array_send` writes it; none of NULL.

    Read so, a hundred thousand times take milliseconds; as rows of their own they take as long as counting them.
    """
    values = array("i")
    if not sent or len(sent) <= _HEAD:
        return values
    values.frombytes(sent[_HEAD:])
    if sys.byteorder == "little":
        values.byteswap()
    # Each value stands behind its length.
    return values[1::2]
