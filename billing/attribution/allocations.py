"""What goes into an attribution and what comes out of it, as values. Amounts are integer fen."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from billing.clauses import CapPeriod
from billing.parties import CostCategory, Party
from billing.shares import Share
from tenants.labels import Labelled
from tenants.refusals import N_


class CostFacts(Struct, frozen=True, kw_only=True, gc=False):
    """What of a cost decides who bears it. `shares` are those of the determination: who caused it, to what part.

    A negative `fen` is a credit, such as a supplier's rebate. A cost that falls away is reversed, not attributed anew.
    """

    item_id: UUID
    category: CostCategory
    fen: int
    incurred_on: date
    shares: tuple[Share, ...]


class Use(NamedTuple):
    """Over what a cap counts: a party under a clause (of the contract or of the general rule), in a period.

    `period` is the month as `2026-03`, or empty for the whole term.
    """

    clause: str
    general: bool
    party: Party
    per: CapPeriod
    period: str


class Call(NamedTuple):
    """What was asked of a cap, and what of it the cap let its party bear, in fen."""

    use: Use
    called: int
    within: int


class StepKind(Labelled):
    """What happened to a party's amount in a step."""

    CAUSE = "cause", N_("按责任比例")
    MINIMUM = "minimum", N_("低于最低分担金额")
    UNREASONABLE = "unreasonable", N_("超出合理费用")
    DEDUCTIBLE = "deductible", N_("免赔额")
    SHARE = "share", N_("按分担比例")
    CAPPED = "capped", N_("超出限额")
    TAKEN_OVER = "taken_over", N_("承接超出限额部分")


class Step(Struct, frozen=True, gc=False, omit_defaults=True):
    """One step of a part. `fen` is what it adds to the part: the steps of a part add up to the part.

    `of` is the amount that was divided, `basis_points` the share of it, `rounding` the fen by which the result lies off
    the share rounded towards zero. `other` is the party that excess goes to or comes from, `per` the cap's period.
    The limits themselves are not kept here: amounts that a contract agrees lie sealed with the contract.
    """

    kind: StepKind
    fen: int
    of: int = 0
    basis_points: int = 0
    rounding: int = 0
    other: Party | None = None
    per: CapPeriod | None = None


class Part(Struct, frozen=True, gc=False):
    """What one party bears of what one cause is responsible for, and by which clause.

    `general` says that the clause is one of the general rule, because the contract has none. `failed_to` carries what a
    claim against `party` does not bring in; None where nothing has to be claimed.
    """

    cause: Party
    party: Party
    fen: int
    clause: str
    general: bool
    failed_to: Party | None
    steps: tuple[Step, ...]


class Allocation(Struct, frozen=True, gc=False):
    """A cost in parts that add up to it, by cause and then by party; and what was called on the caps of a period."""

    item_id: UUID
    rule: str
    parts: tuple[Part, ...]
    calls: tuple[Call, ...] = ()

    def borne(self) -> dict[Party, int]:
        """What each party bears over all causes."""
        borne: dict[Party, int] = {}
        for part in self.parts:
            borne[part.party] = borne.get(part.party, 0) + part.fen
        return borne
