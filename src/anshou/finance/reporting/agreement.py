"""Whether reports and books agree: for each account on which costs stand, what reports say of it and what the books do.

Reports read entries, the trial balance reads totals that a trigger of the database keeps: two roads to one figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reporting.asking import BEARER_OF, NOTHING, Bearer, By, Months, Sort, departments_read
from anshou.finance.reporting.entries import sums
from anshou.people.errors import PermissionMissing
from anshou.people.permissions import Permission
from anshou.people.person import Person
from billing.ledger.accounts import LedgerAccount
from billing.ledger.balances import trial_balance
from billing.ledger.uses import AccountUse


@dataclass(slots=True)
class Account:
    """An account over the months: what its entries come to by sort, and debit less credit of the trial balance."""

    code: str
    name: str
    bearer: Bearer
    by: dict[Sort, int] = field(default_factory=lambda: dict.fromkeys(Sort, 0))
    moved: int = 0

    @property
    def difference(self) -> int:
        """Nothing, unless something is wrong."""
        return sum(self.by.values()) - self.moved


async def agreement(
    session: AsyncSession, months: Months, *, person: Person, currency: str = "CNY"
) -> Sequence[Account]:
    """The accounts in the order of the chart. Raises PermissionMissing for who does not read all departments."""
    if departments_read(person) is not None:
        raise PermissionMissing(Permission.READ_REPORTS)
    chart = select(LedgerAccount).where(
        LedgerAccount.use.in_([use.value for use in BEARER_OF]), LedgerAccount.currency == currency
    )
    accounts = {
        one.id: (use, Account(one.code, one.name, BEARER_OF[use]))
        for one in await session.scalars(chart.order_by(LedgerAccount.code))
        for use in [AccountUse(one.use or "")]
    }
    by_use = dict(accounts.values())
    for one in await sums(session, months, NOTHING, by=By.BEARER, person=person, currency=currency):
        by_use[one.use].by[one.sort] += one.fen
    for month, sign in ((months.last, 1), (months.earlier.last, -1)):
        for line in await trial_balance(session, month):
            if line.account_id in accounts:
                accounts[line.account_id][1].moved += sign * line.closing
    return list(by_use.values())
