"""A request is made: for portions of statements, or to take back what was issued."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.errors import AlreadyCorrected, BuyerMissing, InvoiceNotOpen, OverInvoiced
from billing.invoices.rows import (
    WRITTEN,
    Cause,
    InvoiceBuyer,
    InvoiceDeed,
    InvoiceKind,
    InvoicePortion,
    InvoiceRequest,
    InvoiceState,
)

_OVER = "ANINV"
_UNIQUE = "23505"


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of a statement, in fen with tax."""

    statement_id: UUID
    fen: int


async def current_buyer(session: AsyncSession, merchant_id: UUID) -> InvoiceBuyer | None:
    """To whom the merchant's invoices are made out at present."""
    asked = select(InvoiceBuyer).where(InvoiceBuyer.merchant_id == merchant_id, InvoiceBuyer.retired_at.is_(None))
    return (await session.scalars(asked)).one_or_none()


async def ask(
    session: AsyncSession,
    merchant_id: UUID,
    kind: InvoiceKind,
    portions: Sequence[Portion],
    *,
    number: str,
    note: str,
    issue_by: datetime,
    by: UUID,
    at: datetime,
) -> InvoiceRequest:
    """Ask for an invoice to the current buyer. Raises BuyerMissing, OverInvoiced."""
    buyer = await current_buyer(session, merchant_id)
    if buyer is None:
        raise BuyerMissing
    request = InvoiceRequest(
        merchant_id=merchant_id,
        number=number,
        buyer_id=buyer.id,
        kind=kind,
        corrects_id=None,
        cause=None,
        gross_fen=sum(portion.fen for portion in portions),
        issue_by=issue_by,
        **_begun(by, at),
    )
    await _add(session, request, note, by=by, at=at)
    # In one order for everybody, so that two who ask for the same statements wait for each other and never in a ring.
    for portion in sorted(portions, key=lambda one: one.statement_id.bytes):
        row = InvoicePortion(
            merchant_id=merchant_id, request_id=request.id, statement_id=portion.statement_id, fen=portion.fen
        )
        async with _refused_in_words(session, OverInvoiced()):
            session.add(row)
            await session.flush()
    return request


async def ask_correction(
    session: AsyncSession,
    first: InvoiceRequest,
    cause: Cause,
    *,
    number: str,
    reason: str,
    issue_by: datetime,
    by: UUID,
    at: datetime,
) -> InvoiceRequest:
    """Ask for the red invoice that takes back all of `first`. Raises InvoiceNotOpen, AlreadyCorrected."""
    if first.state not in WRITTEN or first.is_red:
        raise InvoiceNotOpen(first.number, first.state.label)
    request = InvoiceRequest(
        merchant_id=first.merchant_id,
        number=number,
        buyer_id=first.buyer_id,
        kind=first.kind,
        corrects_id=first.id,
        cause=cause,
        gross_fen=-first.gross_fen,
        issue_by=issue_by,
        **_begun(by, at),
    )
    async with _refused_in_words(session, AlreadyCorrected(first.number)):
        await _add(session, request, reason, by=by, at=at)
    return request


def _begun(by: UUID, at: datetime) -> dict[str, object]:
    return {
        "net_fen": None,
        "tax_fen": None,
        "state": InvoiceState.REQUESTED,
        "state_since": at,
        "invoice_number": None,
        "issued_on": None,
        "confirmation": "",
        "requested_by": by,
        "requested_at": at,
    }


async def _add(session: AsyncSession, request: InvoiceRequest, reason: str, *, by: UUID, at: datetime) -> None:
    session.add(request)
    # What follows refers to it.
    await session.flush()
    session.add(deed_of(request, reason, by=by, at=at))
    await session.flush()


def deed_of(request: InvoiceRequest, reason: str, *, by: UUID, at: datetime) -> InvoiceDeed:
    """The row that says how it came to where it stands."""
    return InvoiceDeed(
        merchant_id=request.merchant_id,
        request_id=request.id,
        deed=request.state,
        reason=reason,
        done_by=by,
        done_at=at,
    )


@asynccontextmanager
async def _refused_in_words(session: AsyncSession, refusal: OverInvoiced | AlreadyCorrected) -> AsyncIterator[None]:
    """What the database refuses within the block, in the words of this room; then the block leaves nothing behind."""
    try:
        async with session.begin_nested():
            yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in (_OVER, _UNIQUE):
            raise refusal from None
        raise
