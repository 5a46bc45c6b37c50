"""Whether an amount is out of line with what its category usually costs. Pure, in whole fen.

Robust on purpose: the median and the median distance from it (MAD) are not moved by the few odd amounts that a history
always has, as a mean and a standard deviation would be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# Fewer amounts say nothing about what is usual; more than these are too long ago.
LEAST = 8
LOOKED_AT = 50

# An amount is out of line beyond so many MADs. For amounts that scatter normally 5 MADs are 3.4 standard deviations.
MADS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a category usually costs, in fen: of `count` amounts, the median, and from where to where is usual."""

    count: int
    median: int
    lowest: int
    highest: int

    def holds(self, fen: int) -> bool:
        """Whether the amount is in line."""
        return self.lowest <= fen <= self.highest


def usual_of(history: Sequence[int]) -> Usual | None:
    """What the amounts say is usual; None while they are too few.

    The lower of the two middle ones is the median, so that it is an amount that occurred. Prices that never change
    have a MAD of 0: a tenth of the median is then still in line.
    """
    if len(history) < LEAST:
        return None
    median = _median_low(history)
    mad = _median_low([abs(fen - median) for fen in history])
    room = max(MADS * mad, median // 10)
    return Usual(count=len(history), median=median, lowest=max(0, median - room), highest=median + room)


def _median_low(amounts: Sequence[int]) -> int:
    return sorted(amounts)[(len(amounts) - 1) // 2]
