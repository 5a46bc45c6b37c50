"""What an entry of the timeline is to the agency's own systems: an event with ids, and nothing of its content."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entries import Entry
from anshou.tickets.entry_labels import (
    CLOCK_BREACH,
    CLOCK_LATE,
    CLOCK_WARNING,
    CONSUMER_ADDED,
    CONSUMER_CORRECTED,
    CONSUMER_REMOVED,
    EVENT_LABELS,
    OPEN,
)
from anshou.tickets.kinds import EntrySort
from anshou.tickets.tickets import Ticket
from anshou.webhooks.events import Event, EventType

_OF_MOVE = {
    OPEN: EventType.TICKET_OPENED,
    CLOCK_WARNING: EventType.CLOCK_WARNED,
    CLOCK_BREACH: EventType.CLOCK_BREACHED,
    CLOCK_LATE: EventType.CLOCK_BREACHED,
    CONSUMER_ADDED: EventType.TICKET_CONSUMER,
    CONSUMER_CORRECTED: EventType.TICKET_CONSUMER,
    CONSUMER_REMOVED: EventType.TICKET_CONSUMER,
}

_OF_SORT = {
    EntrySort.MESSAGE: EventType.TICKET_MESSAGE,
    EntrySort.ATTACHMENT: EventType.TICKET_MESSAGE,
    EntrySort.CONTACT: EventType.TICKET_CONTACT,
}


async def find_event(session: AsyncSession, merchant_id: UUID, entry_id: UUID) -> Event | None:
    """The event that the entry is, or None if there is no such entry. Its id is the entry's."""
    query = (
        select(Entry, Ticket)
        .join(Ticket, (Ticket.merchant_id == Entry.merchant_id) & (Ticket.id == Entry.ticket_id))
        .where(Entry.merchant_id == merchant_id, Entry.id == entry_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    entry, ticket = found
    return Event(
        id=entry.id,
        type=event_type(ticket, entry),
        at=entry.at,
        ticket_id=ticket.id,
        number=ticket.number,
        kind=ticket.kind,
        merchant_id=ticket.merchant_id,
    )


def event_type(ticket: Ticket, entry: Entry) -> EventType:
    """Which kind of event the entry is. Pure."""
    if entry.move in _OF_MOVE:
        return _OF_MOVE[entry.move]
    if entry.sort in _OF_SORT:
        return _OF_SORT[entry.sort]
    ends = entry.move is not None and entry.move not in EVENT_LABELS and ticket.process.move(entry.move).outcome
    return EventType.TICKET_CLOSED if ends else EventType.TICKET_MOVED
