"""What another rule would have made of past costs, before it is adopted."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from billing.attribution.allocations import CostFacts, Use
from billing.attribution.attributing import attribute
from billing.attribution.rules import Rule
from billing.parties import CostCategory, Party


class Cell(Struct, frozen=True, order=True, gc=False):
    """One merchant's costs of one category and month (as `2026-03`), as one party bears them."""

    merchant_id: UUID
    month: str
    category: CostCategory
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


RuleFor = Callable[[UUID, CostFacts], Rule]
"""The rule that decides a cost of a merchant."""


def compare(costs: Mapping[UUID, Iterable[CostFacts]], before: RuleFor, after: RuleFor) -> tuple[Difference, ...]:
    """What each party bears under both rules, by merchant, month and category, where it bears anything at all.

    Costs by merchant. Both sides see the costs in the order of their days and begin with unused caps, so the comparison
    is fair where it covers the whole of a cap's period.
    """
    differences: list[Difference] = []
    for merchant_id, those in costs.items():
        inorder = sorted(those, key=lambda facts: (facts.incurred_on, facts.item_id))
        old, new = _borne(merchant_id, inorder, before), _borne(merchant_id, inorder, after)
        differences += [Difference(cell, old.get(cell, 0), new.get(cell, 0)) for cell in old.keys() | new.keys()]
    return tuple(sorted(differences, key=lambda difference: difference.cell))


def _borne(merchant_id: UUID, costs: list[CostFacts], rule_for: RuleFor) -> dict[Cell, int]:
    borne: dict[Cell, int] = {}
    # As in the books: a contract's caps are used up by what its version decides, those of the general rule by all.
    general: dict[Use, int] = {}
    agreed: dict[str, dict[Use, int]] = {}
    for facts in costs:
        rule = rule_for(merchant_id, facts)
        own = agreed.setdefault(rule.version, {})
        allocation = attribute(facts, rule, ChainMap(own, general))
        for use, called, _ in allocation.calls:
            used = general if use.general else own
            used[use] = used.get(use, 0) + called
        month = facts.incurred_on.isoformat()[:7]
        for party, fen in allocation.borne().items():
            cell = Cell(merchant_id, month, facts.category, party)
            borne[cell] = borne.get(cell, 0) + fen
    return {cell: fen for cell, fen in borne.items() if fen}
