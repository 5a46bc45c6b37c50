"""Prepared, reviewed by another, issued: what was reviewed is what is issued, to the digest."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.periods import month_after
from billing.statements.errors import (
    BooksMovedOn,
    EarlierStatementMissing,
    MonthNotOver,
    NotReviewed,
    ReviewedByAnother,
    StatementIssued,
)
from billing.statements.gathering import Content, gather, latest_statement
from billing.statements.rows import Statement, StatementLine, StatementPreparation
from tenants.base import new_id

# Months are those of the books.
_ZONE = ZoneInfo("Asia/Shanghai")


async def prepare(
    session: AsyncSession, merchant_id: UUID, month: date, currency: str, *, by: UUID, at: datetime
) -> StatementPreparation:
    """Note what the statement of the month would say now. An earlier preparation of it no longer counts.

    Raises MonthNotOver, StatementIssued, EarlierStatementMissing.
    """
    month = month.replace(day=1)
    if at.astimezone(_ZONE).date() < month_after(month):
        raise MonthNotOver(month)
    await _check_place(session, merchant_id, month, currency)
    content = await gather(session, merchant_id, month, currency)
    prepared = StatementPreparation(
        merchant_id=merchant_id,
        month=month,
        currency=currency,
        opening_fen=content.opening_fen,
        closing_fen=content.closing_fen,
        line_count=len(content.lines),
        content_hash=content.digest,
        prepared_by=by,
        prepared_at=at,
        reviewed_by=None,
        reviewed_at=None,
    )
    session.add(prepared)
    await session.flush()
    return prepared


async def review(session: AsyncSession, prepared: StatementPreparation, *, by: UUID, at: datetime) -> Content:
    """Approve what was prepared, line by line as it still stands. Raises ReviewedByAnother, BooksMovedOn."""
    if prepared.prepared_by == by:
        raise ReviewedByAnother
    content = await _unchanged(session, prepared)
    if prepared.reviewed_by is None:
        prepared.reviewed_by, prepared.reviewed_at = by, at
        await session.flush()
    return content


async def issue(
    session: AsyncSession,
    prepared: StatementPreparation,
    *,
    number: str,
    reply_by: datetime,
    silence_confirms: bool,
    silence_clause: str,
    by: UUID,
    at: datetime,
) -> Statement:
    """Issue what was reviewed. Raises NotReviewed, BooksMovedOn, StatementIssued, EarlierStatementMissing."""
    if prepared.reviewed_by is None:
        raise NotReviewed
    await _check_place(session, prepared.merchant_id, prepared.month, prepared.currency)
    content = await _unchanged(session, prepared)
    statement = Statement(
        merchant_id=prepared.merchant_id,
        number=number,
        month=prepared.month,
        currency=prepared.currency,
        opening_fen=content.opening_fen,
        closing_fen=content.closing_fen,
        line_count=len(content.lines),
        content_hash=content.digest,
        reply_by=reply_by,
        silence_confirms=silence_confirms,
        silence_clause=silence_clause,
        prepared_by=prepared.prepared_by,
        reviewed_by=prepared.reviewed_by,
        issued_by=by,
        issued_at=at,
    )
    session.add(statement)
    # The lines refer to it.
    await session.flush()
    if content.lines:
        await session.execute(insert(StatementLine), _rows(statement, content))
    return statement


async def latest_preparation(
    session: AsyncSession, merchant_id: UUID, month: date, currency: str
) -> StatementPreparation | None:
    """The one that counts."""
    asked = select(StatementPreparation).where(
        StatementPreparation.merchant_id == merchant_id,
        StatementPreparation.month == month,
        StatementPreparation.currency == currency,
    )
    return (await session.scalars(asked.order_by(StatementPreparation.id.desc()).limit(1))).one_or_none()


async def _check_place(session: AsyncSession, merchant_id: UUID, month: date, currency: str) -> None:
    latest = await latest_statement(session, merchant_id, currency)
    if latest is not None and latest.month == month:
        raise StatementIssued
    if latest is not None and latest.month > month:
        raise EarlierStatementMissing(latest.month)


async def _unchanged(session: AsyncSession, prepared: StatementPreparation) -> Content:
    newest = await latest_preparation(session, prepared.merchant_id, prepared.month, prepared.currency)
    content = await gather(session, prepared.merchant_id, prepared.month, prepared.currency)
    if newest is None or newest.id != prepared.id or content.digest != prepared.content_hash:
        raise BooksMovedOn
    return content


def _rows(statement: Statement, content: Content) -> list[dict[str, object]]:
    return [
        {
            "id": new_id(),
            "merchant_id": statement.merchant_id,
            "statement_id": statement.id,
            "place": place,
            "voucher_id": line.voucher_id,
            "entry_line": line.entry_line,
            "booked_on": line.booked_on,
            "sort": line.sort,
            "fen": line.fen,
            "text": line.text,
            "category": line.category,
            "incurred_on": line.incurred_on,
            "ticket_id": line.ticket_id,
            "cost_item_id": line.cost_item_id,
            "version_id": line.version_id,
            "clause": line.clause,
        }
        for place, line in enumerate(content.lines, start=1)
    ]
