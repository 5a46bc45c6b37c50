"""How far the statements of a month are, merchant by merchant; and where one statement stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reading_statements import statements_of_month
from anshou.merchants.merchants import list_merchants
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.currencies import Currency
from billing.statements.errors import StatementNotFound
from billing.statements.rows import Statement, StatementPreparation
from billing.statements.totals import (
    Said,
    Totals,
    balances_before,
    preparations_of,
    said_of,
    totals_of,
    unstated_totals,
)
from tenants.labels import Labelled
from tenants.refusals import N_


class Standing(Labelled):
    """How far a merchant's statement of a month is."""

    UNPREPARED = "unprepared", N_("未编制")
    TO_REVIEW = "to_review", N_("待复核")
    TO_ISSUE = "to_issue", N_("待出具")
    ISSUED = "issued", N_("已出具")
    DISPUTED = "disputed", N_("有异议")
    CONFIRMED = "confirmed", N_("已确认")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfMerchant:
    """A merchant's month in one currency, in fen. Until the statement is issued the figures are those of the books."""

    merchant_id: UUID
    merchant_name: str
    currency: str
    standing: Standing
    opening_fen: int
    totals: Totals
    statement: Statement | None = None
    prepared: StatementPreparation | None = None

    @property
    def closing_fen(self) -> int:
        """What is owed at the end."""
        return self.opening_fen + self.totals.charged - self.totals.paid


async def months_of_merchants(session: AsyncSession, month: date, *, by: Person) -> list[MonthOfMerchant]:
    """A row for each merchant that is served, and for whoever else has a statement of the month; by name.

    `month` is its first day. Raises PermissionMissing, StatementNotFound for a merchant's person.
    """
    authorize(by, Permission.READ_STATEMENTS)
    if by.is_merchant:
        raise StatementNotFound
    issued = {(one.merchant_id, one.currency): one for one in await statements_of_month(session, month, by=by)}
    prepared = await preparations_of(session, month)
    unstated, before = await unstated_totals(session, month), await balances_before(session, month)
    said, totals = await said_of(session, issued.values()), await totals_of(session, issued.values())
    served = await list_merchants(session)
    ended = await list_merchants(session, ended=True)
    with_figures = [*issued, *prepared, *unstated]
    rows = []
    for merchant in sorted([*served, *ended], key=lambda one: one.name):
        own = {currency for merchant_id, currency in with_figures if merchant_id == merchant.id}
        if not own and merchant.ended_at is None:
            own = {Currency.CNY.value}
        for currency in sorted(own):
            key = (merchant.id, currency)
            statement = issued.get(key)
            rows.append(
                MonthOfMerchant(
                    merchant_id=merchant.id,
                    merchant_name=merchant.name,
                    currency=currency,
                    standing=standing_of(statement, said) if statement else _before_issue(prepared.get(key)),
                    opening_fen=statement.opening_fen if statement else before.get(key, 0),
                    totals=(totals.get(statement.id) if statement else unstated.get(key)) or Totals(),
                    statement=statement,
                    prepared=prepared.get(key),
                )
            )
    return rows


async def standings_of(session: AsyncSession, statements: Collection[Statement]) -> dict[UUID, Standing]:
    """Where each statement stands."""
    said = await said_of(session, statements)
    return {one.id: standing_of(one, said) for one in statements}


def standing_of(statement: Statement, said: Mapping[UUID, Said]) -> Standing:
    """Where an issued statement stands. One without lines asks for nothing and stays as it was issued."""
    of_it = said.get(statement.id, Said())
    if of_it.contested:
        return Standing.DISPUTED
    return Standing.CONFIRMED if statement.line_count and of_it.settled == statement.line_count else Standing.ISSUED


def _before_issue(prepared: StatementPreparation | None) -> Standing:
    if prepared is None:
        return Standing.UNPREPARED
    return Standing.TO_REVIEW if prepared.reviewed_by is None else Standing.TO_ISSUE
