"""From the books to a statement that could be issued: every posting to the merchant's account that none shows yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import case, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.accounts import LedgerAccount
from billing.ledger.periods import month_after
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Entry, Voucher, VoucherKind
from billing.statements.rows import LineSort, Statement, StatementLine

# What a merchant owes, less what it paid ahead.
MERCHANT_ACCOUNTS = (AccountUse.RECEIVABLE_FROM_MERCHANT, AccountUse.ADVANCE_FROM_MERCHANT)
PAYMENT = "payment"
"""The `source` of vouchers that record a merchant's payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A line that is to be: a posting and what it adds to the merchant's debt, in fen."""

    voucher_id: UUID
    entry_line: int
    booked_on: date
    sort: LineSort
    fen: int
    text: str
    ticket_id: UUID | None
    cost_item_id: UUID | None
    version_id: UUID | None
    clause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A statement before it is issued."""

    merchant_id: UUID
    month: date
    currency: str
    opening_fen: int
    lines: tuple[Gathered, ...]

    @property
    def closing_fen(self) -> int:
        """What is owed at the end."""
        return self.opening_fen + sum(line.fen for line in self.lines)

    @property
    def digest(self) -> bytes:
        """SHA-256 of all of it: what was reviewed is what is issued."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).digest()


async def gather(session: AsyncSession, merchant_id: UUID, month: date, currency: str) -> Content:
    """The statement of the month as the books stand. `month` is its first day. Needs the agency's context.

    A posting that came into an earlier month after that month's statement is on this one: it is on none yet, and each
    is on exactly one.
    """
    latest = await latest_statement(session, merchant_id, currency)
    return Content(
        merchant_id=merchant_id,
        month=month,
        currency=currency,
        opening_fen=latest.closing_fen if latest else 0,
        lines=tuple(await _unstated(session, merchant_id, month, currency)),
    )


async def latest_statement(session: AsyncSession, merchant_id: UUID, currency: str) -> Statement | None:
    """The merchant's last one in this currency."""
    asked = select(Statement).where(Statement.merchant_id == merchant_id, Statement.currency == currency)
    return (await session.scalars(asked.order_by(Statement.month.desc()).limit(1))).one_or_none()


async def _unstated(session: AsyncSession, merchant_id: UUID, month: date, currency: str) -> Sequence[Gathered]:
    fen = case((Entry.side == Side.DEBIT, Entry.fen), else_=-Entry.fen).label("fen")
    asked = (
        select(
            Entry.voucher_id,
            Entry.line,
            Entry.booked_on,
            Voucher.kind,
            Voucher.source,
            fen,
            Voucher.summary,
            Entry.ticket_id,
            Entry.cost_item_id,
            Entry.version_id,
            Entry.clause,
        )
        .join(Voucher, Voucher.id == Entry.voucher_id)
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .where(
            Entry.merchant_id == merchant_id,
            Entry.currency == currency,
            Entry.booked_on < month_after(month),
            or_(*(LedgerAccount.use == use for use in MERCHANT_ACCOUNTS)),
            ~exists().where(
                StatementLine.merchant_id == merchant_id,
                StatementLine.voucher_id == Entry.voucher_id,
                StatementLine.entry_line == Entry.line,
            ),
        )
        .order_by(Entry.booked_on, Entry.voucher_id, Entry.line)
    )
    return [
        Gathered(
            voucher_id=row.voucher_id,
            entry_line=row.line,
            booked_on=row.booked_on,
            sort=_sort(row.kind, row.source, row.fen),
            fen=row.fen,
            text=row.summary,
            ticket_id=row.ticket_id,
            cost_item_id=row.cost_item_id,
            version_id=row.version_id,
            clause=row.clause,
        )
        for row in await session.execute(asked)
    ]


def _sort(kind: VoucherKind, source: str, fen: int) -> LineSort:
    if source == PAYMENT:
        return LineSort.PAYMENT
    if kind is VoucherKind.OPENING:
        return LineSort.OTHER
    return LineSort.COST if fen > 0 else LineSort.CREDIT
