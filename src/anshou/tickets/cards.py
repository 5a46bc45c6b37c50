"""Tickets as cards: what a board or somebody's day shows of each, with the clock that is due next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, literal_column, select, true

from anshou.tickets.clocks.clock_rows import IS_RUNNING, TicketClock
from anshou.tickets.kinds import Clock, EscalationLevel, Kind, Status, Urgency
from anshou.tickets.queue_orders import DUE
from anshou.tickets.tickets import Ticket, TicketDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An open ticket. A confidential one has its stand-in for a title. Instants are UTC.

    `clock` and `warn_at` are of the clock behind `next_due_at`.
    """

    id: UUID
    number: str
    merchant_id: UUID
    title: str
    kind: Kind
    step: str
    status: Status
    urgency: Urgency
    level: EscalationLevel | None
    owner_id: UUID | None
    on_hold: bool
    version: int
    awaiting_since: datetime | None
    next_due_at: datetime | None
    clock: Clock | None
    warn_at: datetime | None


_OF_OTHER_ROWS = ("level", "clock", "warn_at")


def first_due(*which: ColumnElement[bool], limit: int) -> Select[Any]:
    """The first `limit` of these open tickets by next deadline, as a part of a statement."""
    own = [name for name in Card.__dataclass_fields__ if name not in _OF_OTHER_ROWS]
    return (
        select(*(getattr(Ticket, name).expression.label(name) for name in own))
        .where(Ticket.closed_at.is_(None), *which)
        .order_by(DUE, Ticket.id)
        # In the text, as in `queues.list_tickets`.
        .limit(literal_column(str(limit), Integer()))
    )


def as_cards(first: FromClause, among: FromClause | None = None) -> Select[Any]:
    """The rows of Cards: those of `first`, which stands in `among`, with their level and the clock that is due next."""
    clock = (
        select(TicketClock.clock, TicketClock.warn_at)
        .where(
            TicketClock.merchant_id == first.c.merchant_id,
            TicketClock.ticket_id == first.c.id,
            TicketClock.due_at == first.c.next_due_at,
            *IS_RUNNING,
        )
        .order_by(TicketClock.id)
        .limit(1)
        .correlate(first)
        .lateral()
    )
    desk = and_(TicketDesk.merchant_id == first.c.merchant_id, TicketDesk.ticket_id == first.c.id)
    source = first if among is None else among
    return select(first, TicketDesk.level, clock.c.clock, clock.c.warn_at).select_from(
        source.outerjoin(TicketDesk, desk).outerjoin(clock, true())
    )


def by_deadline(card: Card) -> tuple[bool, Any, UUID]:
    """The key that sorts cards as the database does."""
    return (card.next_due_at is None, card.next_due_at or 0, card.id)
