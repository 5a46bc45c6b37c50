"""What a report can be asked: over which months, of what, and side by side by what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from anshou.finance.budgets import SEE_ALL
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from billing.ledger.periods import month_after
from billing.ledger.uses import AccountUse
from billing.parties import CostCategory, Party
from tenants.labels import Labelled
from tenants.refusals import N_


class Bearer(Labelled):
    """With whom a cost stands: the party that bears it, all of those outside together, or nobody yet."""

    AGENCY = "agency", N_("代运营方")
    MERCHANT = "merchant", N_("商家")
    PLATFORM = "platform", N_("平台")
    CARRIER = "carrier", N_("物流")
    SUPPLIER = "supplier", N_("供应商")
    CONSUMER = "consumer", N_("消费者")
    OUTSIDE = "outside", N_("外部责任方")
    PENDING = "pending", N_("待判定")


BEARER_OF = {
    AccountUse.BORNE_BY_AGENCY: Bearer.AGENCY,
    AccountUse.RECEIVABLE_FROM_MERCHANT: Bearer.MERCHANT,
    AccountUse.CLAIM_ON_PLATFORM: Bearer.PLATFORM,
    AccountUse.CLAIM_ON_CARRIER: Bearer.CARRIER,
    AccountUse.CLAIM_ON_SUPPLIER: Bearer.SUPPLIER,
    AccountUse.CLAIM_ON_CONSUMER: Bearer.CONSUMER,
    AccountUse.PENDING_DETERMINATION: Bearer.PENDING,
}
"""The accounts on which costs stand, and with whom."""

OUTSIDE = (Bearer.PLATFORM, Bearer.CARRIER, Bearer.SUPPLIER, Bearer.CONSUMER)
"""Neither side of the contract: what they bear has to be got from them."""


def uses_of(bearer: Bearer | None) -> tuple[AccountUse, ...]:
    """The accounts of a bearer; of all of them for None."""
    wanted = OUTSIDE if bearer is Bearer.OUTSIDE else (bearer,)
    return tuple(use for use, whose in BEARER_OF.items() if bearer is None or whose in wanted)


class By(Labelled):
    """What the lines of a report are."""

    MERCHANT = "merchant", N_("商家")
    SHOP = "shop", N_("店铺")
    KIND = "kind", N_("工单类型")
    TOPIC = "topic", N_("问题类别")
    CAUSE = "cause", N_("责任方")
    DEPARTMENT = "department", N_("部门")
    CATEGORY = "category", N_("费用类别")
    BEARER = "bearer", N_("承担方")
    MONTH = "month", N_("月份")


class Sort(Labelled):
    """What an entry does to what stands with a bearer."""

    BORNE = "borne", N_("归属")
    FALLEN_BACK = "fallen_back", N_("追偿不成转入转出")
    SETTLED = "settled", N_("收款与收回")
    OPENING = "opening", N_("期初余额")


COSTS = (Sort.BORNE, Sort.FALLEN_BACK)
"""What makes up a cost; the rest says what was paid for it, and what the books began with."""


BEGINNING = date(2000, 1, 1)
"""No books of this product are older."""


@dataclass(frozen=True, slots=True)
class Months:
    """From the first month to the last, both by their first day and both included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The day after."""
        return month_after(self.last)

    @property
    def earlier(self) -> "Months":
        """All months before."""
        return Months(BEGINNING, (self.first - timedelta(days=1)).replace(day=1))

    def each(self) -> Iterator[date]:
        """Every month in its order."""
        month = self.first
        while month <= self.last:
            yield month
            month = month_after(month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a report is of. What is None narrows nothing.

    `unknown` names what the entries must not have, e.g. no shop; `department` is the one that is charged, `topic` what
    the ticket is about, `cause` who was found responsible.
    """

    merchant: UUID | None = None
    shop: UUID | None = None
    kind: Kind | None = None
    topic: Category | None = None
    cause: Party | None = None
    department: Department | None = None
    category: CostCategory | None = None
    bearer: Bearer | None = None
    unknown: frozenset[By] = frozenset()


NOTHING = Narrowed()


def departments_read(person: Person) -> frozenset[Department] | None:
    """The departments whose costs the person's reports are of; None for all of them.

    Finance, executives and the auditor read all, supervisors those of their departments (domain.md section 1). Raises
    PermissionMissing.
    """
    authorize(person, Permission.READ_REPORTS)
    if person.has(*SEE_ALL) or Department.FINANCE in person.supervises:
        return None
    return person.supervises
