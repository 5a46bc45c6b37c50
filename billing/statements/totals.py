"""Figures over many statements at once: what lines add up to, what was said of them, what the books hold unstated."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.accounts import LedgerAccount
from billing.ledger.periods import month_after
from billing.ledger.uses import Side
from billing.ledger.vouchers import Entry, Voucher
from billing.sources import PAYMENT
from billing.statements.answering import SETTLED
from billing.statements.gathering import MERCHANT_ACCOUNTS
from billing.statements.rows import LineSort, Statement, StatementLine, StatementPreparation, StatementWord, Word

CONTESTED = frozenset({Word.DISPUTED, Word.REJECTED, Word.ESCALATED})
"""A line of which this was said last is contested, and no answer was accepted."""


@dataclass(frozen=True, slots=True)
class Totals:
    """In fen: what was charged less what was credited; above zero what was paid, and what was credited."""

    charged: int = 0
    paid: int = 0
    credited: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """How many lines of a statement are settled, and how many are contested."""

    settled: int = 0
    contested: int = 0


async def totals_of(session: AsyncSession, statements: Collection[Statement]) -> Mapping[UUID, Totals]:
    """What the lines of each statement add up to; one without lines is left out."""
    paid = case((StatementLine.sort == LineSort.PAYMENT, StatementLine.fen), else_=0)
    credited = case((StatementLine.sort == LineSort.CREDIT, StatementLine.fen), else_=0)
    asked = (
        select(StatementLine.statement_id, func.sum(StatementLine.fen - paid), -func.sum(paid), -func.sum(credited))
        .where(StatementLine.statement_id.in_([one.id for one in statements]))
        .group_by(StatementLine.statement_id)
    )
    return {of: Totals(*map(int, sums)) for of, *sums in await session.execute(asked)}


async def said_of(session: AsyncSession, statements: Collection[Statement]) -> Mapping[UUID, Said]:
    """How the lines of each statement stand; one of whose lines nothing was said is left out."""
    last = (
        select(StatementWord.statement_id, StatementWord.word)
        .where(StatementWord.statement_id.in_([one.id for one in statements]), StatementWord.line_id.is_not(None))
        .order_by(StatementWord.merchant_id, StatementWord.line_id, StatementWord.step.desc())
        .ext(distinct_on(StatementWord.merchant_id, StatementWord.line_id))
        .subquery()
    )
    settled, contested = (func.count().filter(last.c.word.in_(words)) for words in (SETTLED, CONTESTED))
    asked = select(last.c.statement_id, settled, contested).group_by(last.c.statement_id)
    return {of: Said(*counts) for of, *counts in await session.execute(asked)}


async def unstated_totals(session: AsyncSession, month: date) -> Mapping[tuple[UUID, str], Totals]:
    """By merchant and currency: what is posted until the month's end and on no statement yet."""
    fen = case((Entry.side == Side.DEBIT, Entry.fen), else_=-Entry.fen)
    paid = case((Voucher.source == PAYMENT, fen), else_=0)
    asked = (
        select(Entry.merchant_id, Entry.currency, func.sum(fen - paid), -func.sum(paid))
        .join(Voucher, Voucher.id == Entry.voucher_id)
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .where(
            Entry.merchant_id.is_not(None),
            Entry.booked_on < month_after(month),
            or_(*(LedgerAccount.use == use for use in MERCHANT_ACCOUNTS)),
            ~exists().where(
                StatementLine.merchant_id == Entry.merchant_id,
                StatementLine.voucher_id == Entry.voucher_id,
                StatementLine.entry_line == Entry.line,
            ),
        )
        .group_by(Entry.merchant_id, Entry.currency)
    )
    return {
        (merchant, currency): Totals(int(charged), int(paid))
        for merchant, currency, charged, paid in await session.execute(asked)
        if merchant is not None
    }


async def balances_before(session: AsyncSession, month: date) -> Mapping[tuple[UUID, str], int]:
    """By merchant and currency: what the last statement before the month ended with, in fen."""
    asked = (
        select(Statement.merchant_id, Statement.currency, Statement.closing_fen)
        .where(Statement.month < month)
        .order_by(Statement.merchant_id, Statement.currency, Statement.month.desc())
        .ext(distinct_on(Statement.merchant_id, Statement.currency))
    )
    return {(merchant, currency): closing for merchant, currency, closing in await session.execute(asked)}


async def preparations_of(session: AsyncSession, month: date) -> Mapping[tuple[UUID, str], StatementPreparation]:
    """By merchant and currency: the preparation of the month that counts."""
    asked = (
        select(StatementPreparation)
        .where(StatementPreparation.month == month)
        .order_by(StatementPreparation.merchant_id, StatementPreparation.currency, StatementPreparation.id.desc())
        .ext(distinct_on(StatementPreparation.merchant_id, StatementPreparation.currency))
    )
    return {(one.merchant_id, one.currency): one for one in await session.scalars(asked)}
