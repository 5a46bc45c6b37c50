"""What becomes of a request: accepted with its lines, refused, cancelled, issued, handed over, red-lettered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.asking import deed_of
from billing.invoices.errors import InvoiceNotOpen, NumberTaken
from billing.invoices.rows import WRITTEN, InvoiceLine, InvoiceRequest, InvoiceState
from billing.invoices.splitting import split

S = InvoiceState

# From where it may come to each state.
FROM = {
    S.ACCEPTED: (S.REQUESTED,),
    S.REFUSED: (S.REQUESTED,),
    S.CANCELLED: (S.REQUESTED, S.ACCEPTED),
    S.ISSUED: (S.ACCEPTED,),
    S.DELIVERED: (S.ISSUED,),
    S.RED_LETTERED: WRITTEN,
}


@dataclass(frozen=True, slots=True)
class Item:
    """A line as it is to stand on the invoice: `gross_fen` with tax, `rate` in per cent."""

    item: str
    tax_code: str
    rate: int
    gross_fen: int


async def accept(
    session: AsyncSession, request: InvoiceRequest, items: Sequence[Item], *, by: UUID, at: datetime
) -> None:
    """Write its lines and let it be issued. The items must come to its amount. Raises InvoiceNotOpen.

    A red one has the lines of what it takes back, negated as they stand: they are not split anew.
    """
    await _hold(session, request, S.ACCEPTED)
    lines = (
        [
            (one.item, one.tax_code, one.rate, -one.net_fen, -one.tax_fen)
            for one in await lines_of_corrected(session, request)
        ]
        if request.is_red
        else [(one.item, one.tax_code, one.rate, *split(one.gross_fen, one.rate)) for one in items]
    )
    for place, (item, tax_code, rate, net_fen, tax_fen) in enumerate(lines, start=1):
        session.add(
            InvoiceLine(
                merchant_id=request.merchant_id,
                request_id=request.id,
                place=place,
                item=item,
                tax_code=tax_code,
                rate=rate,
                net_fen=net_fen,
                tax_fen=tax_fen,
            )
        )
    # The database adds them up as the request is accepted.
    await session.flush()
    request.net_fen, request.tax_fen = sum(line[3] for line in lines), sum(line[4] for line in lines)
    await _move(session, request, S.ACCEPTED, "", by=by, at=at)


async def refuse(session: AsyncSession, request: InvoiceRequest, reason: str, *, by: UUID, at: datetime) -> None:
    """Say no. Raises InvoiceNotOpen."""
    await _hold(session, request, S.REFUSED)
    await _move(session, request, S.REFUSED, reason, by=by, at=at)


async def cancel(session: AsyncSession, request: InvoiceRequest, reason: str, *, by: UUID, at: datetime) -> None:
    """Want it no longer; what it billed can be asked for again. Raises InvoiceNotOpen."""
    await _hold(session, request, S.CANCELLED)
    await _move(session, request, S.CANCELLED, reason, by=by, at=at)


async def issue(
    session: AsyncSession,
    request: InvoiceRequest,
    invoice_number: str,
    issued_on: date,
    *,
    confirmation: str = "",
    by: UUID,
    at: datetime,
) -> None:
    """Record that it was issued outside. What a red one takes back is red-lettered with it.

    Raises InvoiceNotOpen, NumberTaken; needs the agency's context, in which every number is seen.
    """
    await _hold(session, request, S.ISSUED)
    # Another merchant's request is another row: no constraint of the database may tell that it exists.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"invoice:{invoice_number}", 0))))
    if await session.scalar(select(InvoiceRequest.id).where(InvoiceRequest.invoice_number == invoice_number)):
        raise NumberTaken(invoice_number)
    request.invoice_number, request.issued_on, request.confirmation = invoice_number, issued_on, confirmation
    await _move(session, request, S.ISSUED, "", by=by, at=at)
    if request.corrects_id is not None:
        first = await _corrected(session, request)
        await _hold(session, first, S.RED_LETTERED)
        await _move(session, first, S.RED_LETTERED, request.number, by=by, at=at)


async def deliver(session: AsyncSession, request: InvoiceRequest, how: str, *, by: UUID, at: datetime) -> None:
    """Record that the buyer has it. Raises InvoiceNotOpen."""
    await _hold(session, request, S.DELIVERED)
    await _move(session, request, S.DELIVERED, how, by=by, at=at)


async def lines_of_corrected(session: AsyncSession, request: InvoiceRequest) -> Sequence[InvoiceLine]:
    """The lines of what a red one takes back."""
    asked = select(InvoiceLine).where(
        InvoiceLine.merchant_id == request.merchant_id, InvoiceLine.request_id == request.corrects_id
    )
    return (await session.scalars(asked.order_by(InvoiceLine.place))).all()


async def _corrected(session: AsyncSession, request: InvoiceRequest) -> InvoiceRequest:
    asked = select(InvoiceRequest).where(
        InvoiceRequest.merchant_id == request.merchant_id, InvoiceRequest.id == request.corrects_id
    )
    return (await session.scalars(asked)).one()


async def _hold(session: AsyncSession, request: InvoiceRequest, wanted: InvoiceState) -> None:
    """Wait for whoever moves it at this moment, and see where it stands then."""
    await session.refresh(request, with_for_update=True)
    if request.state not in FROM[wanted]:
        raise InvoiceNotOpen(request.number, request.state.label)


async def _move(
    session: AsyncSession, request: InvoiceRequest, state: InvoiceState, reason: str, *, by: UUID, at: datetime
) -> None:
    request.state, request.state_since = state, at
    session.add(deed_of(request, reason, by=by, at=at))
    await session.flush()
