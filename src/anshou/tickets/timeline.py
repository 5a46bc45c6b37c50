"""Writing to a ticket's one timeline: messages, internal notes, files, corrections.

What is said to the other side goes through `post_message`, what the agency says among itself through `add_note`.
Nothing is ever edited: a correction is a new entry that names the one it puts right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.entries import Attachment, Entry, new_entry, next_instant, side_of
from anshou.tickets.errors import EntryNotFound, NothingSaid, TicketClosed
from anshou.tickets.events import announce, tell, tidings_of_mentions, tidings_of_message
from anshou.tickets.kinds import Clock, EntrySort, Side
from anshou.tickets.mentions import mentions_in
from anshou.tickets.resuming import resume_on_answer
from anshou.tickets.tickets import Ticket, lock_ticket
from anshou.tickets.timing import answers_first, clocks_of_ticket, save_time

LONGEST = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file whose content lies in the storage, checked there by its content. `size` is in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str
    storage_key: str


async def post_message(
    session: AsyncSession,
    ticket: Ticket,
    body: str,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
    corrects: UUID | None = None,
) -> Entry:
    """Say something to the other side. The agency's first one answers the first response; a merchant's ends a hold.

    Raises PermissionMissing, NothingSaid, TicketClosed, EntryNotFound.
    """
    authorize(by, Permission.WRITE_MESSAGE)
    await lock_ticket(session, ticket)
    if ticket.is_closed:
        raise TicketClosed
    entry = await _say(
        session, ticket, EntrySort.MESSAGE, Side.MERCHANT, body, by=by, at=at, files=files, corrects=corrects
    )
    if side_of(by) is Side.MERCHANT:
        await resume_on_answer(session, ticket, by=by)
    elif answers_first(by, said=True):
        clocks = await clocks_of_ticket(session, ticket)
        clocks.meet((Clock.FIRST_RESPONSE,), entry.at)
        await save_time(session, ticket, clocks)
    await announce(session, ticket, entry, tidings_of_message(ticket, by))
    return entry


async def add_note(
    session: AsyncSession,
    ticket: Ticket,
    body: str,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
    corrects: UUID | None = None,
) -> Entry:
    """Say something inside the agency; also on a closed ticket. Who is mentioned is told if they may read it.

    Raises PermissionMissing, NothingSaid, EntryNotFound.
    """
    authorize(by, Permission.WRITE_NOTE)
    await lock_ticket(session, ticket)
    mentions = await mentions_in(session, ticket, body, by=by)
    entry = await _say(
        session,
        ticket,
        EntrySort.NOTE,
        Side.AGENCY,
        body,
        by=by,
        at=at,
        files=files,
        corrects=corrects,
        record=mentions.record(),
    )
    await tell(session, ticket, entry, tidings_of_mentions((one.id for one in mentions.told), by))
    return entry


async def attach_file(
    session: AsyncSession, ticket: Ticket, stored: StoredFile, *, audience: Side, by: Person, at: datetime
) -> Attachment:
    """Add a file. What a merchant adds both sides read. Raises PermissionMissing, TicketClosed."""
    authorize(by, Permission.SUPPLEMENT)
    await lock_ticket(session, ticket)
    if ticket.is_closed and by.is_merchant:
        raise TicketClosed
    audience = Side.MERCHANT if by.is_merchant else audience
    entry = await _append(session, ticket, EntrySort.ATTACHMENT, audience, by=by, at=at)
    attached = _attach(session, entry, stored)
    await session.flush()
    if by.is_merchant:
        await resume_on_answer(session, ticket, by=by)
    await announce(session, ticket, entry, tidings_of_message(ticket, by) if audience is Side.MERCHANT else ())
    return attached


async def _say(
    session: AsyncSession,
    ticket: Ticket,
    sort: EntrySort,
    audience: Side,
    body: str,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile],
    corrects: UUID | None,
    record: dict[str, Any] | None = None,
) -> Entry:
    body = body.strip()
    if not (body or files) or len(body) > LONGEST:
        raise NothingSaid(LONGEST)
    if corrects is not None:
        await _require_correctable(session, ticket, corrects, audience, by)
    entry = await _append(session, ticket, sort, audience, by=by, at=at, body=body, corrects=corrects, record=record)
    for stored in files:
        _attach(session, entry, stored)
    await session.flush()
    return entry


async def _append(
    session: AsyncSession,
    ticket: Ticket,
    sort: EntrySort,
    audience: Side,
    *,
    by: Person,
    at: datetime,
    body: str | None = None,
    corrects: UUID | None = None,
    record: dict[str, Any] | None = None,
) -> Entry:
    at = next_instant(ticket, at)
    entry = new_entry(ticket, sort, audience, by=by, at=at, body=body, corrects=corrects, record=record)
    ticket.last_entry_at = at
    session.add(entry)
    # Files and later entries refer to it.
    await session.flush()
    return entry


def _attach(session: AsyncSession, entry: Entry, stored: StoredFile) -> Attachment:
    attachment = Attachment(
        merchant_id=entry.merchant_id,
        ticket_id=entry.ticket_id,
        entry_id=entry.id,
        audience=entry.audience,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.storage_key,
        added_at=entry.at,
        added_by=entry.author_id,
    )
    session.add(attachment)
    return attachment


async def _require_correctable(
    session: AsyncSession, ticket: Ticket, corrects: UUID, audience: Side, by: Person
) -> None:
    """One's own entry, for the same readers: a correction must not carry what is internal to the merchant."""
    query = select(Entry.id).where(
        Entry.merchant_id == ticket.merchant_id,
        Entry.ticket_id == ticket.id,
        Entry.id == corrects,
        Entry.audience == audience,
        Entry.author_side == side_of(by),
    )
    if await session.scalar(query) is None:
        raise EntryNotFound
