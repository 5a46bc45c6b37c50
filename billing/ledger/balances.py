"""What the entries come to: per account and month from the running totals, with no cumulative balance stored.

An account's balance at a day's end within a month is read from the entries of that month and the totals before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.periods import month_of
from billing.ledger.uses import AccountUse, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """A line of the trial balance (科目余额表) in fen: `opening` is debit less credit of all months before."""

    account_id: UUID
    code: str
    name: str
    currency: str
    normal_side: Side
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """Debit less credit at the end of the month."""
        return self.opening + self.debit - self.credit


_TRIAL_BALANCE = text(
    """
    SELECT account.id, code, name, currency, normal_side,
        CAST(coalesce(sum(debit - credit) FILTER (WHERE month < :month), 0) AS bigint) AS opening,
        CAST(coalesce(sum(debit) FILTER (WHERE month = :month), 0) AS bigint) AS debit,
        CAST(coalesce(sum(credit) FILTER (WHERE month = :month), 0) AS bigint) AS credit
    FROM ledger_account AS account JOIN ledger_total ON account_id = account.id AND month <= :month
    GROUP BY account.id ORDER BY code
    """
)

_BALANCE = text(
    """
    SELECT CAST(coalesce(sum(debit - credit), 0) AS bigint) FROM ledger_total
    JOIN ledger_account AS account ON account.id = account_id
    WHERE account.use = :use AND account.currency = :currency AND month <= :month
        AND (CAST(:merchant AS uuid) IS NULL OR merchant_id = :merchant)
        AND (CAST(:department AS text) IS NULL OR department = :department)
    """
)

_OF_COST_ITEM = text(
    """
    SELECT CAST(coalesce(sum(CASE side WHEN 'debit' THEN fen ELSE -fen END), 0) AS bigint) FROM ledger_entry
    JOIN ledger_account AS account ON account.id = account_id
    WHERE account.use = :use AND cost_item_id = :cost_item
    """
)


async def trial_balance(session: AsyncSession, month: date) -> Sequence[TrialLine]:
    """Every account that has moved up to the month's end, by code."""
    found = await session.execute(_TRIAL_BALANCE, {"month": month_of(month)})
    return [
        TrialLine(
            account_id=row.id,
            code=row.code,
            name=row.name,
            currency=row.currency,
            normal_side=Side(row.normal_side),
            opening=row.opening,
            debit=row.debit,
            credit=row.credit,
        )
        for row in found
    ]


async def balance(
    session: AsyncSession,
    use: AccountUse,
    *,
    month: date,
    currency: str = "CNY",
    merchant_id: UUID | None = None,
    department: str | None = None,
) -> int:
    """Debit less credit in fen of the account of this use, up to the month's end; of one merchant or department."""
    values = {
        "use": use.value,
        "currency": str(currency),
        "month": month_of(month),
        "merchant": merchant_id,
        "department": department,
    }
    found: int = (await session.execute(_BALANCE, values)).scalar_one()
    return found


async def balance_of_cost_item(session: AsyncSession, use: AccountUse, cost_item_id: UUID) -> int:
    """Debit less credit in fen that stands of a cost item in the account of this use, e.g. still pending."""
    values = {"use": use.value, "cost_item": cost_item_id}
    found: int = (await session.execute(_OF_COST_ITEM, values)).scalar_one()
    return found
