"""What is still open while a run goes on, and what it has found."""

from dataclasses import dataclass, field

import numpy as np

from billing.reconciliation.columns import Columns, Ints, Marks
from billing.reconciliation.joining import shared
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


@dataclass(frozen=True, slots=True)
class References:
    """Those references of a side's lines that the other side has too: only they can bring two lines together.

    `rank` is a number from 0 to `count`, the same on both sides for the same reference.
    """

    line: Ints
    rank: Ints
    kind: Ints
    count: int


def common_references(external: Columns, internal: Columns) -> tuple[References, References]:
    """What of the references of either side the other one has, too."""
    ranks, other_ranks, count = shared(external.ref, internal.ref)

    def those_of(side: Columns, numbers: Ints) -> References:
        kept = np.flatnonzero(numbers >= 0)
        return References(side.ref_line[kept], numbers[kept], side.ref_kind[kept], count)

    return those_of(external, ranks), those_of(internal, other_ranks)


@dataclass(slots=True)
class Side:
    """The lines of one side under a rule.

    `within` are those of the rule's source, `open` those that nothing claims, `known` those that carry a reference
    which a line of the other side under the rule carries too, be that open or not. `kinds` as `kind_bits` gives them.
    """

    lines: Columns
    refs: References
    open: Marks
    within: Marks
    kinds: Ints
    known: Marks

    def places(self) -> Ints:
        """The open lines under the rule."""
        return np.flatnonzero(self.open & self.within)

    def references(self, *, kind: int = 0) -> Ints:
        """The places in `refs` of open lines under the rule, of one kind if it is given."""
        chosen = (self.within & self.open)[self.refs.line]
        return np.flatnonzero(chosen & (self.refs.kind == kind) if kind else chosen)


@dataclass(frozen=True, slots=True)
class ByReference:
    """Lines that are alone on either side with a reference, pair by pair; and the places in `refs` of the others."""

    external: Ints
    internal: Ints
    crowded: Ints
    other_crowded: Ints


@dataclass(slots=True)
class Pool:
    """Both sides under one rule, and what was found."""

    rule: MatchRule
    external: Side
    internal: Side
    pairs: list[Pairs] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    def by_reference(self) -> "ByReference":
        """Open lines by the references that they share."""
        mine, theirs = self.external.references(), self.internal.references()
        refs, other_refs = self.external.refs, self.internal.refs
        counts = np.bincount(refs.rank[mine], minlength=refs.count)
        other_counts = np.bincount(other_refs.rank[theirs], minlength=refs.count)
        alone = (counts == 1) & (other_counts == 1)
        several = (counts > 0) & (other_counts > 0) & ~alone
        single, other_single = mine[alone[refs.rank[mine]]], theirs[alone[other_refs.rank[theirs]]]
        at = np.zeros(refs.count, np.int64)
        at[refs.rank[single]] = refs.line[single]
        return ByReference(
            external=at[other_refs.rank[other_single]],
            internal=other_refs.line[other_single],
            crowded=mine[several[refs.rank[mine]]],
            other_crowded=theirs[several[other_refs.rank[theirs]]],
        )

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
