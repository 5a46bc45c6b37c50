"""What is counted, before percentiles are taken of it: counts, and how often each minute occurred. Both add up."""

import sys
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from anshou.performance.counts import Counts, Spread

SPREADS = ("response_open", "response_wall", "handling_open", "handling_wall")

# What PostgreSQL says before the values of an array without NULLs: dimensions, flags, type, length, lower bound.
_HEAD = 20


@dataclass(slots=True)
class Tally:
    """Of one period, or of one line of it."""

    counts: Counts = field(default_factory=Counts)
    times: dict[str, dict[int, int]] = field(default_factory=dict)

    def take(self, other: "Tally") -> None:
        """Count what another one did."""
        self.counts.take(other.counts)
        for name, times in other.times.items():
            self.add_times(name, times)

    def add_times(self, name: str, times: Mapping[int, int]) -> None:
        """Count these times too."""
        if (own := self.times.get(name)) is None:
            self.times[name] = dict(times)
        else:
            known = own.get
            for minutes, number in times.items():
                own[minutes] = known(minutes, 0) + number

    def finished(self) -> Counts:
        """The counts with their percentiles."""
        for name, times in self.times.items():
            setattr(self.counts, name, spread_of(times))
        return self.counts


def spread_of(times: Mapping[int, int]) -> Spread:
    """Median and 90th percentile by nearest rank."""
    whole = sum(times.values())
    if not whole:
        return Spread()
    median, until = None, 0
    for minutes in sorted(times):
        until += times[minutes]
        if median is None and until * 2 >= whole:
            median = minutes
        if until * 10 >= whole * 9:
            return Spread(whole, median, minutes)
    raise AssertionError("nine tenths of something are less than all of it")


def integers(sent: bytes | None) -> Iterable[int]:
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
