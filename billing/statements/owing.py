"""What of issued statements is still owed: payments and credits go to the oldest cost first, whichever they name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Label, bindparam, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from billing.ledger.accounts import LedgerAccount
from billing.ledger.uses import Side
from billing.ledger.vouchers import Entry, Voucher
from billing.sources import PAYMENT
from billing.statements.gathering import MERCHANT_ACCOUNTS
from billing.statements.rows import LineSort, Statement, StatementLine
from tenants.prepared import rows


class OpenLine(NamedTuple):
    """A line of which `left` fen are still owed, and the number of its statement."""

    line: StatementLine
    statement: str
    left: int


@dataclass(frozen=True, slots=True)
class Lessened:
    """In fen, above zero: what was paid and what was credited."""

    paid: int
    credited: int

    @property
    def total(self) -> int:
        """Both."""
        return self.paid + self.credited


def _sum(fen: ColumnElement[int], condition: ColumnElement[bool], name: str) -> Label[int]:
    return cast(func.coalesce(func.sum(fen).filter(condition), 0), BigInteger).label(name)


_IS_PAYMENT = StatementLine.sort == LineSort.PAYMENT
_STATED = rows(
    select(_sum(-StatementLine.fen, _IS_PAYMENT, "paid"), _sum(-StatementLine.fen, ~_IS_PAYMENT, "credited"))
    .join(
        Statement,
        (StatementLine.merchant_id == Statement.merchant_id) & (StatementLine.statement_id == Statement.id),
    )
    .where(
        Statement.merchant_id == bindparam("merchant"),
        Statement.currency == bindparam("currency"),
        Statement.month > bindparam("month"),
        StatementLine.fen < 0,
    ),
    Lessened,
)
_NOT_STATED = rows(
    select(
        _sum(Entry.fen.expression, Voucher.source == PAYMENT, "paid"),
        _sum(Entry.fen.expression, Voucher.source != PAYMENT, "credited"),
    )
    .select_from(Entry)
    .join(Voucher, Voucher.id == Entry.voucher_id)
    .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
    .where(
        Entry.merchant_id == bindparam("merchant"),
        Entry.currency == bindparam("currency"),
        Entry.side == Side.CREDIT,
        or_(*(LedgerAccount.use == use for use in MERCHANT_ACCOUNTS)),
        ~exists().where(
            StatementLine.merchant_id == bindparam("merchant"),
            StatementLine.voucher_id == Entry.voucher_id,
            StatementLine.entry_line == Entry.line,
        ),
    ),
    Lessened,
)


async def currencies_of(session: AsyncSession, merchant_id: UUID) -> Sequence[str]:
    """Those in which the merchant has statements."""
    asked = select(Statement.currency).where(Statement.merchant_id == merchant_id).distinct()
    return (await session.scalars(asked.order_by(Statement.currency))).all()


async def open_lines(session: AsyncSession, merchant_id: UUID, currency: str, besides: Lessened) -> Sequence[OpenLine]:
    """The lines that are not paid whole, the oldest first. `besides` lessened the debt and is on no statement yet."""
    of_merchant = StatementLine.merchant_id == merchant_id, Statement.currency == currency
    joined = (StatementLine.merchant_id == Statement.merchant_id) & (StatementLine.statement_id == Statement.id)
    less = select(func.coalesce(-func.sum(StatementLine.fen), 0)).join(Statement, joined)
    lessened = await session.scalar(less.where(*of_merchant, StatementLine.fen < 0)) or 0
    so_far = func.sum(StatementLine.fen).over(order_by=(StatementLine.booked_on, StatementLine.id))
    left = func.least(StatementLine.fen, so_far - (int(lessened) + besides.total)).label("left")
    costs = (
        select(StatementLine, Statement.number, left)
        .join(Statement, joined)
        .where(*of_merchant, StatementLine.fen > 0)
        .subquery()
    )
    line = aliased(StatementLine, costs)
    asked = select(line, costs.c.number, costs.c.left).where(costs.c.left > 0).order_by(line.booked_on, line.id)
    return [OpenLine(one, number, int(fen)) for one, number, fen in await session.execute(asked)]


async def stated_since(session: AsyncSession, statement: Statement) -> Lessened:
    """What the merchant's later statements show as paid and as credited."""
    of_it = {"merchant": statement.merchant_id, "currency": statement.currency, "month": statement.month}
    return await _STATED.one(session, **of_it)


async def not_stated(session: AsyncSession, merchant_id: UUID, currency: str) -> Lessened:
    """What the books hold as paid and as credited, and no statement shows yet. Needs the agency's context."""
    return await _NOT_STATED.one(session, merchant=merchant_id, currency=currency)
