"""From the books to a statement that could be issued: every posting to the merchant's account that none shows yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, case, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.costs.items import CostItem
from billing.ledger.accounts import LedgerAccount
from billing.ledger.periods import month_after
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Entry, Voucher, VoucherKind
from billing.parties import CostCategory
from billing.sources import PAYMENT
from billing.statements.reasons import reasons_of
from billing.statements.rows import LineSort, Statement, StatementLine

# What a merchant owes, less what it paid ahead.
MERCHANT_ACCOUNTS = (AccountUse.RECEIVABLE_FROM_MERCHANT, AccountUse.ADVANCE_FROM_MERCHANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A line that is to be: a posting and what it adds to the merchant's debt, in fen.

    `text` says why; `category` and `incurred_on` are those of the cost, None where the posting is about none.
    """

    voucher_id: UUID
    entry_line: int
    booked_on: date
    sort: LineSort
    fen: int
    text: str
    category: CostCategory | None
    incurred_on: date | None
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
    unstated = _is_unstated(merchant_id, month, currency)
    asked = (
        select(
            Entry.voucher_id,
            Entry.line,
            Entry.booked_on,
            Voucher.kind,
            Voucher.source,
            fen,
            Voucher.summary,
            CostItem.category,
            CostItem.incurred_on,
            Entry.ticket_id,
            Entry.cost_item_id,
            Entry.version_id,
            Entry.clause,
        )
        .join(Voucher, Voucher.id == Entry.voucher_id)
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .outerjoin(CostItem, (CostItem.merchant_id == Entry.merchant_id) & (CostItem.id == Entry.cost_item_id))
        .where(*unstated)
        .order_by(Entry.booked_on, Entry.voucher_id, Entry.line)
    )
    rows = (await session.execute(asked)).all()
    vouchers = select(Entry.voucher_id).join(LedgerAccount, LedgerAccount.id == Entry.account_id).where(*unstated)
    reasons = await reasons_of(session, merchant_id, vouchers)
    return [
        Gathered(
            voucher_id=row.voucher_id,
            entry_line=row.line,
            booked_on=row.booked_on,
            sort=_sort(row.kind, row.source, row.fen),
            fen=row.fen,
            text=reasons.get((row.voucher_id, row.line), row.summary),
            category=row.category,
            incurred_on=row.incurred_on,
            ticket_id=row.ticket_id,
            cost_item_id=row.cost_item_id,
            version_id=row.version_id,
            clause=row.clause,
        )
        for row in rows
    ]


def _is_unstated(merchant_id: UUID, month: date, currency: str) -> tuple[ColumnElement[bool], ...]:
    """Of entries joined with their accounts."""
    return (
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


def _sort(kind: VoucherKind, source: str, fen: int) -> LineSort:
    if source == PAYMENT:
        return LineSort.PAYMENT
    if kind is VoucherKind.OPENING:
        return LineSort.OTHER
    # What takes a credit back charges nothing new: it is settled with what it takes back, not disputed for itself.
    return LineSort.COST if fen > 0 and kind is VoucherKind.ORDINARY else LineSort.CREDIT
