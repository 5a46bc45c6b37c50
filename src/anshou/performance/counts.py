"""Counts, and the measures that follow from them. Pure: whole numbers in, exact fractions out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from anshou.performance.figures import Figure
from anshou.tickets.kinds import Clock


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile of so many times, in whole minutes, by nearest rank: the least time that at least
    half, or nine tenths, of them do not exceed. None of none."""

    of: int = 0
    median: int | None = None
    ninetieth: int | None = None


@dataclass(slots=True)
class Counts:
    """What was counted of one period, or of one line of it.

    `figures` are numbers of courses or clocks, `rounds` the rounds in which the merchant was not satisfied, `scores`
    the sum of the ratings, `kept` and `breached` limits by clock, `fen` verified costs.
    """

    figures: dict[Figure, int] = field(default_factory=dict)
    rounds: int = 0
    scores: int = 0
    kept: dict[Clock, int] = field(default_factory=dict)
    breached: dict[Clock, int] = field(default_factory=dict)
    fen: int | None = None
    response_open: Spread = Spread()
    response_wall: Spread = Spread()
    handling_open: Spread = Spread()
    handling_wall: Spread = Spread()

    def __getitem__(self, figure: Figure) -> int:
        if figure is Figure.DECIDED:
            return self[Figure.KEPT] + self[Figure.BREACHED]
        if figure is Figure.KEPT:
            return sum(self.kept.values())
        if figure is Figure.BREACHED:
            return sum(self.breached.values())
        return self.figures.get(figure, 0)

    def add(self, figures: Mapping[Figure, int]) -> None:
        """Count these too."""
        for figure, number in figures.items():
            self.figures[figure] = self.figures.get(figure, 0) + number

    def take(self, other: "Counts") -> None:
        """Count what another one did, but for spreads, which do not add up."""
        self.add(other.figures)
        self.rounds += other.rounds
        self.scores += other.scores
        for mine, theirs in ((self.kept, other.kept), (self.breached, other.breached)):
            for clock, number in theirs.items():
                mine[clock] = mine.get(clock, 0) + number
        if other.fen is not None:
            self.fen = (self.fen or 0) + other.fen

    @property
    def resolution(self) -> Fraction | None:
        """问题解决率."""
        return share(self[Figure.RESOLVED], self[Figure.JUDGED])

    @property
    def satisfaction(self) -> Fraction | None:
        """商家满意度."""
        return share(self[Figure.SATISFIED], self[Figure.RATED])

    @property
    def score(self) -> Fraction | None:
        """The mean rating, of five."""
        return share(self.scores, self[Figure.RATED])

    @property
    def repetition(self) -> Fraction | None:
        """重复投诉率."""
        return share(self[Figure.REPEATED], self[Figure.COMPLAINTS])

    @property
    def reopening(self) -> Fraction | None:
        """重新打开率."""
        return share(self[Figure.REOPENED], self[Figure.ENDED])

    @property
    def unsatisfied(self) -> Fraction | None:
        """Rounds in which the merchant was not satisfied, per ending."""
        return share(self.rounds, self[Figure.ENDED])

    @property
    def attainment(self) -> Fraction | None:
        """时限达成率."""
        return share(self[Figure.KEPT], self[Figure.DECIDED])

    @property
    def cost(self) -> Fraction | None:
        """Fen per ending."""
        return None if self.fen is None else share(self.fen, self[Figure.ENDED])


def share(part: int, whole: int) -> Fraction | None:
    """A part of a whole; None where there is no whole."""
    return Fraction(part, whole) if whole else None
