"""What another rule would have made of past costs, before it is adopted."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from billing.attribution.allocations import CostFacts
from billing.attribution.attributing import attribute_all
from billing.attribution.rules import Rule
from billing.parties import Party


class Cell(Struct, frozen=True, order=True, gc=False):
    """One merchant's costs of one month (as `2026-03`), as one party bears them."""

    merchant_id: UUID
    month: str
    party: Party


class Difference(Struct, frozen=True, gc=False):
    """What the party bears under the rule there is and under the other one, in fen."""

    cell: Cell
    before: int
    after: int

    @property
    def more(self) -> int:
        """How much more it bears under the other rule, in fen; negative for less."""
        return self.after - self.before


def compare(
    costs: Mapping[UUID, Iterable[CostFacts]], before: Mapping[UUID, Rule], after: Mapping[UUID, Rule]
) -> tuple[Difference, ...]:
    """What each party bears under both rules, by merchant and month, where it bears anything at all.

    Costs and rules by merchant. Both rules see the costs in the order of their days and begin with unused caps, so the
    comparison is fair where it covers the whole of a cap's period.
    """
    differences: list[Difference] = []
    for merchant_id, those in costs.items():
        inorder = sorted(those, key=lambda facts: (facts.incurred_on, facts.item_id))
        old = _borne(merchant_id, inorder, before[merchant_id])
        new = _borne(merchant_id, inorder, after[merchant_id])
        differences += [Difference(cell, old.get(cell, 0), new.get(cell, 0)) for cell in old.keys() | new.keys()]
    return tuple(sorted(differences, key=lambda difference: difference.cell))


def _borne(merchant_id: UUID, costs: list[CostFacts], rule: Rule) -> dict[Cell, int]:
    borne: dict[Cell, int] = {}
    for facts, allocation in zip(costs, attribute_all(costs, rule), strict=True):
        month = facts.incurred_on.isoformat()[:7]
        for party, fen in allocation.borne().items():
            cell = Cell(merchant_id, month, party)
            borne[cell] = borne.get(cell, 0) + fen
    return {cell: fen for cell, fen in borne.items() if fen}
