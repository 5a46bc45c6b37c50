"""The vouchers of a month in the form that files are written from: those that wait for a target, or those of an export.

A voucher's papers (附件数) are the evidence of the cost that it books. They belong to the voucher that books the cost
first; those that move it on have none of their own (《会计基础工作规范》 art. 51).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.costs.items import CostEvidence
from billing.ledger.accounts import LedgerAccount
from billing.ledger.uses import Side
from billing.ledger.vouchers import Entry, Voucher, VoucherKind, VoucherNumber
from billing.sources import COST
from billing.voucher_exports.tables import VoucherExportItem
from billing.voucher_files.shapes import Line, Posted, Target

_NUMBERED = (
    select(Voucher.id, Voucher.kind, Voucher.booked_on, Voucher.summary, VoucherNumber.number)
    .join(VoucherNumber, VoucherNumber.voucher_id == Voucher.id)
    .order_by(VoucherNumber.number)
)


async def waiting_vouchers(
    session: AsyncSession, month: date, target: Target, *, openings: bool = True
) -> dict[UUID, Posted]:
    """What is numbered in the month and has not gone out to the target, by number; opening balances where wanted."""
    gone = exists().where(VoucherExportItem.target == target, VoucherExportItem.voucher_id == Voucher.id)
    waiting = _NUMBERED.where(VoucherNumber.month == month, ~gone)
    if not openings:
        waiting = waiting.where(Voucher.kind != VoucherKind.OPENING)
    return await _posted(session, waiting, await _evidence(session, month))


async def vouchers_of(session: AsyncSession, export_id: UUID) -> dict[UUID, Posted]:
    """What went out with the export, by number."""
    asked = select(VoucherExportItem.voucher_id, VoucherExportItem.attachments)
    within = {
        row.voucher_id: row.attachments
        for row in await session.execute(asked.where(VoucherExportItem.export_id == export_id))
    }
    gone = select(VoucherExportItem.voucher_id).where(VoucherExportItem.export_id == export_id)
    return await _posted(session, _NUMBERED.where(Voucher.id.in_(gone)), within)


async def accounts_in_use(session: AsyncSession) -> Sequence[LedgerAccount]:
    """The leaf accounts that entries stand in, by code: those that a target has to know."""
    used = exists().where(Entry.account_id == LedgerAccount.id)
    return (await session.scalars(select(LedgerAccount).where(used).order_by(LedgerAccount.code))).all()


async def merchants_in_use(session: AsyncSession) -> Sequence[UUID]:
    """The merchants that entries are about."""
    asked = select(Entry.merchant_id).where(Entry.merchant_id.is_not(None)).distinct()
    return [merchant for merchant in await session.scalars(asked) if merchant is not None]


async def _evidence(session: AsyncSession, month: date) -> dict[UUID, int]:
    """How many pieces of evidence the month's vouchers have that book a cost."""
    asked = (
        select(Voucher.id, func.count())
        .join(VoucherNumber, VoucherNumber.voucher_id == Voucher.id)
        .join(CostEvidence, CostEvidence.item_id == Voucher.source_id)
        .where(
            VoucherNumber.month == month,
            Voucher.kind == VoucherKind.ORDINARY,
            Voucher.source == COST,
            CostEvidence.removed_at.is_(None),
        )
        .group_by(Voucher.id)
    )
    return {row[0]: row[1] for row in await session.execute(asked)}


async def _posted(
    session: AsyncSession, chosen: Select[UUID, VoucherKind, date, str, int], attachments: Mapping[UUID, int]
) -> dict[UUID, Posted]:
    numbered = (await session.execute(chosen)).all()
    inner = chosen.subquery()
    asked = (
        select(
            Entry.voucher_id,
            Entry.side,
            Entry.fen,
            Entry.currency,
            Entry.merchant_id,
            Entry.department,
            LedgerAccount.code,
            LedgerAccount.name,
        )
        .join(inner, inner.c.id == Entry.voucher_id)
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .order_by(Entry.voucher_id, Entry.line)
    )
    entries: dict[UUID, list[Any]] = defaultdict(list)
    for entry in await session.execute(asked):
        entries[entry.voucher_id].append(entry)
    return {
        one.id: Posted(
            number=one.number,
            on=one.booked_on,
            attachments=attachments.get(one.id, 0),
            reversal=one.kind is VoucherKind.REVERSAL,
            closed=True,
            lines=tuple(_line(entry, one.summary) for entry in entries[one.id]),
            currency=next((entry.currency for entry in entries[one.id] if entry.currency != "CNY"), "CNY"),
        )
        for one in numbered
    }


def _line(entry: Any, summary: str) -> Line:
    return Line(
        account=entry.code,
        account_name=entry.name,
        summary=summary,
        debit=entry.fen if entry.side is Side.DEBIT else 0,
        credit=entry.fen if entry.side is Side.CREDIT else 0,
        merchant=str(entry.merchant_id or ""),
        department=entry.department or "",
    )
