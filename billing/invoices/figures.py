"""How much of each statement can still be invoiced."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.currencies import Currency
from billing.invoices.rows import RELEASED, InvoicePortion, InvoiceRequest
from billing.statements.rows import Statement


@dataclass(frozen=True, slots=True)
class Invoiceable:
    """A statement: what of it is settled between both sides, and what of that was asked for. In fen, tax included."""

    statement: Statement
    settled_fen: int
    asked_fen: int

    @property
    def open_fen(self) -> int:
        """What can still be asked for; below zero where the statement as a whole credits."""
        return self.settled_fen - self.asked_fen


async def invoiceable(
    session: AsyncSession, merchant_id: UUID, statements: Collection[UUID] | None = None, *, limit: int = 60
) -> Sequence[Invoiceable]:
    """The merchant's statements in yuan with what can be invoiced of each, the latest first; of `statements` only, if
    they are given. One round trip.
    """
    asked_fen = (
        select(func.coalesce(func.sum(InvoicePortion.fen), 0))
        .join(
            InvoiceRequest,
            (InvoiceRequest.merchant_id == InvoicePortion.merchant_id)
            & (InvoiceRequest.id == InvoicePortion.request_id),
        )
        .where(
            InvoicePortion.merchant_id == Statement.merchant_id,
            InvoicePortion.statement_id == Statement.id,
            InvoiceRequest.state.not_in(RELEASED),
        )
        .scalar_subquery()
    )
    settled = func.invoiceable_fen(Statement.merchant_id, Statement.id, type_=BigInteger())
    asked = (
        select(Statement, settled, asked_fen)
        .where(Statement.merchant_id == merchant_id, Statement.currency == Currency.CNY)
        .order_by(Statement.month.desc())
        .limit(limit)
    )
    if statements is not None:
        asked = asked.where(Statement.id.in_(statements))
    return [Invoiceable(row[0], int(row[1]), int(row[2])) for row in await session.execute(asked)]
