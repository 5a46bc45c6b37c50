"""What is still open while a run goes on, and what it has found."""

from dataclasses import dataclass, field

import numpy as np

from billing.reconciliation.columns import Columns, Ints, Marks
from billing.reconciliation.rules import MatchRule
from billing.reconciliation.stages import Stage


@dataclass(frozen=True, slots=True)
class Pairs:
    """One line to one line, many times."""

    stage: Stage
    external: Ints
    internal: Ints


@dataclass(frozen=True, slots=True)
class Group:
    """Several lines to one."""

    stage: Stage
    external: tuple[int, ...]
    internal: tuple[int, ...]

    @property
    def place(self) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
        """Where it stands among others."""
        return self.stage, self.external, self.internal


@dataclass(slots=True)
class Side:
    """The lines of one side under a rule.

    `within` are those of the rule's source, `open` those that nothing claims, `known` those that carry a reference
    which a line of the other side under the rule carries too, be that open or not. `kinds` as `kind_bits` gives them.
    """

    lines: Columns
    open: Marks
    within: Marks
    kinds: Ints
    known: Marks

    def places(self) -> Ints:
        """The open lines under the rule."""
        return np.flatnonzero(self.open & self.within)

    def references(self, *, kind: int = 0, open_only: bool = True) -> Ints:
        """The places in the reference arrays of lines under the rule, of one kind if it is given."""
        marks = self.within & self.open if open_only else self.within
        chosen = marks[self.lines.ref_line]
        return np.flatnonzero(chosen & (self.lines.ref_kind == kind) if kind else chosen)


@dataclass(slots=True)
class Pool:
    """Both sides under one rule, and what was found."""

    rule: MatchRule
    external: Side
    internal: Side
    pairs: list[Pairs] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    def claim(self, found: Pairs) -> None:
        """Close the pairs' lines."""
        self.external.open[found.external] = False
        self.internal.open[found.internal] = False
        self.pairs.append(found)

    def claim_group(self, found: Group) -> None:
        """Close the group's lines."""
        self.external.open[list(found.external)] = False
        self.internal.open[list(found.internal)] = False
        self.groups.append(found)

    def same_currency(self, external: Ints, internal: Ints) -> Marks:
        """Of pairs of lines those in one currency."""
        return np.equal(self.external.lines.currency[external], self.internal.lines.currency[internal])

    def days(self, external: Ints, internal: Ints) -> Ints:
        """How many days each pair lies apart."""
        apart: Ints = self.external.lines.booked_on[external] - self.internal.lines.booked_on[internal]
        return np.abs(apart)

    def within_tolerance(self, external: Ints, internal: Ints) -> Marks:
        """Of pairs of amounts in fen those of one sign that the rule takes for the same."""
        larger = np.maximum(np.abs(external), np.abs(internal))
        allowed = np.maximum(self.rule.tolerance_fen, larger * self.rule.tolerance_basis_points // 10_000)
        alike: Marks = np.sign(external) == np.sign(internal)
        alike &= np.abs(external - internal) <= allowed
        return alike
