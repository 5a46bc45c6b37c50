"""Lists of costs: a ticket's, what waits for finance, all of them with filters, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.reach import ON_TICKET
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.reach import summarised_for
from anshou.tickets.tickets import Ticket
from billing.costs.items import CostItem
from billing.costs.states import BOOKED, WAITING, State
from billing.currencies import Currency
from billing.parties import CostCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One cost in a list. Amounts in hundredths of the currency, instants UTC."""

    id: UUID
    number: str
    merchant_id: UUID
    ticket_number: str
    category: CostCategory
    fen: int
    tax_fen: int
    currency: Currency
    incurred_on: date
    note: str
    department: str | None
    claimed_by: UUID
    claimed_at: datetime
    state: State
    state_since: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFilters:
    """What narrows the list; None narrows nothing. The days are those on which the cost was incurred.

    `booked`: only what is verified, whether or not it is allocated.
    """

    state: State | None = None
    booked: bool = False
    department: str | None = None
    category: CostCategory | None = None
    merchant: UUID | None = None
    claimed_by: UUID | None = None
    ticket: str = ""
    incurred_from: date | None = None
    incurred_until: date | None = None


async def costs_of(session: AsyncSession, ticket: Ticket, *, by: Person) -> Sequence[CostItem]:
    """What was claimed on a ticket that the person reaches, in its order."""
    authorize(by, Permission.READ_COSTS)
    query = select(CostItem).where(CostItem.merchant_id == ticket.merchant_id, CostItem.ticket_id == ticket.id)
    return (await session.scalars(query.order_by(CostItem.id))).all()


async def count_costs(session: AsyncSession, ticket: Ticket, *, by: Person) -> int:
    """How many costs the ticket has that are not withdrawn."""
    authorize(by, Permission.READ_COSTS)
    query = select(func.count()).where(
        CostItem.merchant_id == ticket.merchant_id,
        CostItem.ticket_id == ticket.id,
        CostItem.state != State.WITHDRAWN,
    )
    return await session.scalar(query) or 0


async def waiting_costs(
    session: AsyncSession, *, by: Person, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[CostLine]:
    """What waits to be verified, the longest waiting first; `after` is the last one's `state_since` and id."""
    query = _lines(by).where(CostItem.state.in_(WAITING)).order_by(CostItem.state_since, CostItem.id)
    if after is not None:
        query = query.where(tuple_(CostItem.state_since, CostItem.id) > after)
    return await _read(session, query.limit(limit))


async def count_waiting(session: AsyncSession, *, by: Person) -> int:
    """How many wait."""
    authorize(by, Permission.READ_COSTS)
    query = select(func.count()).select_from(CostItem).join(Ticket, ON_TICKET)
    return await session.scalar(query.where(CostItem.state.in_(WAITING), summarised_for(by))) or 0


async def list_costs(
    session: AsyncSession,
    filters: CostFilters | None = None,
    *,
    by: Person,
    after: UUID | None = None,
    limit: int = 50,
) -> list[CostLine]:
    """A page of all that the person reaches, the latest first; `after` is the last one's id."""
    filters = filters or CostFilters()
    query = _lines(by).order_by(CostItem.id.desc()).limit(limit)
    exact = {
        CostItem.state: filters.state,
        CostItem.department: filters.department,
        CostItem.category: filters.category,
        CostItem.merchant_id: filters.merchant,
        CostItem.claimed_by: filters.claimed_by,
        Ticket.number: filters.ticket.strip() or None,
    }
    query = query.where(*(column == wanted for column, wanted in exact.items() if wanted is not None))
    if filters.booked:
        query = query.where(CostItem.state.in_(BOOKED))
    if filters.incurred_from is not None:
        query = query.where(CostItem.incurred_on >= filters.incurred_from)
    if filters.incurred_until is not None:
        query = query.where(CostItem.incurred_on <= filters.incurred_until)
    if after is not None:
        query = query.where(CostItem.id < after)
    return await _read(session, query)


def _lines(by: Person) -> Select[Any]:
    authorize(by, Permission.READ_COSTS)
    own = [name for name in CostLine.__dataclass_fields__ if name != "ticket_number"]
    columns = [getattr(CostItem, name).expression.label(name) for name in own]
    return (
        select(*columns, Ticket.number.expression.label("ticket_number"))
        .join(Ticket, ON_TICKET)
        .where(summarised_for(by))
    )


async def _read(session: AsyncSession, query: Select[Any]) -> list[CostLine]:
    return [CostLine(**row._mapping) for row in await session.execute(query)]
