"""Requests for invoices as both sides read them. A merchant's own only: row-level security sees to the rest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.invoices.errors import InvoiceNotFound
from billing.invoices.rows import (
    InvoiceBuyer,
    InvoiceDeed,
    InvoiceFile,
    InvoiceLine,
    InvoicePortion,
    InvoiceRequest,
    InvoiceState,
)
from billing.statements.rows import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A request with everything about it. `corrects` and `corrected_by`: what it takes back, what takes it back."""

    request: InvoiceRequest
    buyer: InvoiceBuyer
    portions: Sequence[tuple[InvoicePortion, Statement]]
    lines: Sequence[InvoiceLine]
    files: Sequence[InvoiceFile]
    deeds: Sequence[InvoiceDeed]
    corrects: InvoiceRequest | None
    corrected_by: InvoiceRequest | None


async def visible_invoice(session: AsyncSession, number: str, *, by: Person) -> InvoiceRequest:
    """The request. Raises PermissionMissing, InvoiceNotFound."""
    authorize(by, Permission.READ_STATEMENTS)
    asked = select(InvoiceRequest).where(InvoiceRequest.number == number)
    if by.merchant_id is not None:
        asked = asked.where(InvoiceRequest.merchant_id == by.merchant_id)
    found = (await session.scalars(asked)).one_or_none()
    if found is None:
        raise InvoiceNotFound
    return found


async def open_invoice(session: AsyncSession, request: InvoiceRequest) -> Opened:
    """Everything about a request that the person may see."""
    of_it = {"merchant_id": request.merchant_id, "request_id": request.id}
    merchant = InvoiceRequest.merchant_id == request.merchant_id
    portions = (
        select(InvoicePortion, Statement)
        .join(
            Statement,
            (Statement.merchant_id == InvoicePortion.merchant_id) & (Statement.id == InvoicePortion.statement_id),
        )
        .where(InvoicePortion.merchant_id == request.merchant_id, InvoicePortion.request_id == request.id)
        .order_by(Statement.month)
    )
    red = select(InvoiceRequest).where(merchant, InvoiceRequest.corrects_id == request.id)
    buyer = select(InvoiceBuyer).where(
        InvoiceBuyer.merchant_id == request.merchant_id, InvoiceBuyer.id == request.buyer_id
    )
    files = select(InvoiceFile).filter_by(**of_it).where(InvoiceFile.removed_at.is_(None))
    return Opened(
        request=request,
        buyer=(await session.scalars(buyer)).one(),
        portions=[(portion, statement) for portion, statement in await session.execute(portions)],
        lines=(await session.scalars(select(InvoiceLine).filter_by(**of_it).order_by(InvoiceLine.place))).all(),
        files=(await session.scalars(files.order_by(InvoiceFile.id))).all(),
        deeds=(await session.scalars(select(InvoiceDeed).filter_by(**of_it).order_by(InvoiceDeed.id))).all(),
        corrects=(
            await session.scalar(select(InvoiceRequest).where(merchant, InvoiceRequest.id == request.corrects_id))
            if request.corrects_id
            else None
        ),
        corrected_by=await session.scalar(red.order_by(InvoiceRequest.id.desc()).limit(1)),
    )


async def list_invoices(
    session: AsyncSession,
    *,
    by: Person,
    states: Collection[InvoiceState] = (),
    merchant_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[InvoiceRequest]:
    """A page of requests, the latest first; `after` is the last one's id. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    asked = select(InvoiceRequest).order_by(InvoiceRequest.id.desc()).limit(limit)
    if by.merchant_id is not None or merchant_id is not None:
        asked = asked.where(InvoiceRequest.merchant_id == (by.merchant_id or merchant_id))
    if states:
        asked = asked.where(InvoiceRequest.state.in_(states))
    if after is not None:
        asked = asked.where(InvoiceRequest.id < after)
    return (await session.scalars(asked)).all()


async def count_invoices(session: AsyncSession, *, by: Person) -> dict[InvoiceState, int]:
    """How many requests stand where. Raises PermissionMissing."""
    authorize(by, Permission.READ_STATEMENTS)
    asked = select(InvoiceRequest.state, func.count()).group_by(InvoiceRequest.state)
    return {row[0]: row[1] for row in await session.execute(asked)}


async def lines_before(session: AsyncSession, request: InvoiceRequest) -> Sequence[InvoiceLine]:
    """What stood on the last invoice that was written out, the merchant's own if it had one: what to begin with."""
    last = (
        select(InvoiceLine.request_id)
        .join(
            InvoiceRequest,
            (InvoiceRequest.merchant_id == InvoiceLine.merchant_id) & (InvoiceRequest.id == InvoiceLine.request_id),
        )
        .where(InvoiceRequest.corrects_id.is_(None))
        .order_by((InvoiceLine.merchant_id == request.merchant_id).desc(), InvoiceLine.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (await session.scalars(select(InvoiceLine).where(InvoiceLine.request_id == last))).all()
