"""How old what others owe the agency is, at a month's end: merchants by name, claims by party."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reporting.asking import BEARER_OF, Bearer, departments_read
from anshou.people.errors import PermissionMissing
from anshou.people.permissions import Permission
from anshou.people.person import Person
from billing.ledger.accounts import LedgerAccount
from billing.ledger.balances import trial_balance
from billing.ledger.periods import month_after
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Entry
from billing.statements.ageing import BUCKETS, ageing

OWED = tuple(use for use in BEARER_OF if use not in (AccountUse.BORNE_BY_AGENCY, AccountUse.PENDING_DETERMINATION))


@dataclass(frozen=True, slots=True)
class Debt:
    """What one owes in fen: the balance, by age, and what was paid beyond what is owed."""

    bearer: Bearer
    merchant: UUID | None
    balance: int
    ages: Sequence[int]

    @property
    def credit(self) -> int:
        """What they have to their credit."""
        return sum(self.ages) - self.balance


@dataclass(frozen=True, slots=True)
class Debts:
    """The debts at a month's end. `difference` is to the trial balance, and nothing unless something is wrong."""

    lines: Sequence[Debt]
    difference: int


async def debts_at(session: AsyncSession, month: date, *, person: Person, currency: str = "CNY") -> Debts:
    """What is owed at the end of the month, the greatest first. Raises PermissionMissing.

    Only for who reads all departments: what is paid is paid for none of them.
    """
    if departments_read(person) is not None:
        raise PermissionMissing(Permission.READ_REPORTS)
    end = month_after(month)
    debtor = case((LedgerAccount.use == AccountUse.RECEIVABLE_FROM_MERCHANT, Entry.merchant_id))
    # Within a bucket the order of days makes no difference, so that each can stand for one of its days.
    days = literal(end - timedelta(days=1)) - Entry.booked_on.expression
    age = case(*((days <= last, last) for last in BUCKETS), else_=BUCKETS[-1] + 1)
    entries = (
        select(LedgerAccount.use, debtor.label("debtor"), Entry.side, age.label("age"), Entry.fen)
        .join(Entry, LedgerAccount.id == Entry.account_id)
        .where(
            LedgerAccount.use.in_([use.value for use in OWED]),
            LedgerAccount.currency == currency,
            Entry.booked_on < end,
        )
        .subquery()
        .c
    )
    told_apart = (entries.use, entries.debtor, entries.side, entries.age)
    postings: dict[tuple[AccountUse, UUID | None], list[tuple[date, int]]] = {}
    for use, who, side, old, fen in await session.execute(
        select(*told_apart, func.sum(entries.fen)).group_by(*told_apart)
    ):
        signed = int(fen) if side is Side.DEBIT else -int(fen)
        postings.setdefault((AccountUse(use), who), []).append((end - timedelta(days=1 + old), signed))
    lines = [
        Debt(BEARER_OF[use], who, sum(fen for _, fen in of_one), ageing(of_one, end - timedelta(days=1)))
        for (use, who), of_one in postings.items()
    ]
    lines.sort(key=lambda debt: (debt.bearer is not Bearer.MERCHANT, -debt.balance, str(debt.merchant)))
    return Debts(
        [debt for debt in lines if debt.balance or debt.credit], await _difference(session, lines, month, currency)
    )


async def _difference(session: AsyncSession, lines: Sequence[Debt], month: date, currency: str) -> int:
    owed = select(LedgerAccount.id).where(
        LedgerAccount.use.in_([use.value for use in OWED]), LedgerAccount.currency == currency
    )
    accounts = set(await session.scalars(owed))
    trial = sum(line.closing for line in await trial_balance(session, month) if line.account_id in accounts)
    return sum(debt.balance for debt in lines) - trial
