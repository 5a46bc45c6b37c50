"""Ageing (账龄): how old the debt is, payments and credits going to the oldest cost first."""

from collections.abc import Collection, Sequence
from datetime import date

# Days since the posting, each bucket up to and including its last day; the rest is older.
BUCKETS = (30, 60, 90, 180)


def ageing(postings: Collection[tuple[date, int]], on: date, buckets: Sequence[int] = BUCKETS) -> tuple[int, ...]:
    """Fen that are owed, by age on a day: one figure per bucket and one for what is older. Pure.

    `postings` are days and fen in any order, positive for what is owed. Together the figures are the balance where
    something is owed; a credit that is left over lessens nothing and is not shown.
    """
    costs = sorted((day, fen) for day, fen in postings if fen > 0)
    paid = -sum(fen for _, fen in postings if fen < 0)
    figures = [0] * (len(buckets) + 1)
    for day, fen in costs:
        left = max(fen - paid, 0)
        paid = max(paid - fen, 0)
        age = (on - day).days
        figures[next((place for place, last in enumerate(buckets) if age <= last), len(buckets))] += left
    return tuple(figures)
