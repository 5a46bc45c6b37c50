"""What has just been said and is sent again: its form came a second time, by a double click or a reload.

A sending is a repeat if the last that people wrote on the ticket, as far as its author reads, is by this author, for
the same readers, in the same words and with the same files, and came within `SHORTLY` before it. Once anybody has
written something in between, or later than that, the same words are said anew: "好的" an hour later is another "好的".
What the system adds by itself, as when an answer ends a hold, lies between nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM_ID, Person
from anshou.tickets.entries import Attachment, Entry
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.process import AnyMove
from anshou.tickets.records import Record, inner_part, told_part
from anshou.tickets.sealed_contents import content_of
from anshou.tickets.tickets import Ticket, lock_ticket
from anshou.tickets.timeline import StoredFile

# A form that got no answer is given up and sent again within it; nobody has waited for an answer in so short a time.
SHORTLY = timedelta(minutes=2)


async def was_just_said(
    session: AsyncSession,
    ticket: Ticket,
    body: str,
    *,
    to: Side,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> bool:
    """Whether the person's message, or note if it is `to` the agency, is a repeat. Raises KeyDestroyed, SealBroken.

    It waits at the ticket's row first: of two that are sent at once the second finds what the first has said.
    """
    last = await _last(session, ticket, 1, by=by, at=at)
    sort = EntrySort.MESSAGE if to is Side.MERCHANT else EntrySort.NOTE
    if [(one.sort, one.audience, one.move, one.corrects) for one in last] != [(sort, to, None, None)]:
        return False
    said = (await _contents(session, ticket, last[0])).get("body", last[0].body)
    return said == body.strip() and await _has_files(session, ticket, last, files)


async def was_just_stated(
    session: AsyncSession,
    ticket: Ticket,
    move: AnyMove,
    record: Record,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> bool:
    """Whether the person's move is a repeat, for one that is `additive`: the ticket's version knows nothing of it.

    Each of its files follows it in an entry of its own. It waits and raises as `was_just_said` does.
    """
    last = await _last(session, ticket, 1 + len(files), by=by, at=at)
    found = [(one.move, one.sort) for one in last]
    if found != [(move.name, move.sort), *((None, EntrySort.ATTACHMENT) for _ in files)]:
        return False
    entries = [last[0], *await _parts_of(session, last[0])]
    return await do_state(session, ticket, entries, record) and await _has_files(session, ticket, last, files)


async def do_state(session: AsyncSession, ticket: Ticket, entries: Iterable[Entry], record: Record) -> bool:
    """Whether the entries of one move state the record together, what is sealed of them opened.

    It is asked of what its author states again, and says nothing that they do not. Raises as `was_just_said` does.
    """
    stated: dict[str, Any] = {}
    for entry in entries:
        stated |= (await _contents(session, ticket, entry)).get("record", entry.record)
    return _as_json(stated) == _as_json(told_part(record) | inner_part(record))


def _as_json(stated: dict[str, Any]) -> bytes:
    # A row gives lists back for tuples.
    return msgspec.json.encode(stated, order="deterministic")


async def _last(session: AsyncSession, ticket: Ticket, count: int, *, by: Person, at: datetime) -> list[Entry]:
    """The last that people wrote, in its order, if all of it is the person's and was written shortly before."""
    await lock_ticket(session, ticket)
    query = (
        select(Entry)
        .where(
            Entry.merchant_id == ticket.merchant_id,
            Entry.ticket_id == ticket.id,
            Entry.author_id != SYSTEM_ID,
            Entry.part_of.is_(None),
        )
        .order_by(Entry.at.desc())
        .limit(count)
    )
    last = list(await session.scalars(query))[::-1]
    return last if all(one.author_id == by.id and at - one.at <= SHORTLY for one in last) else []


async def _parts_of(session: AsyncSession, entry: Entry) -> Sequence[Entry]:
    query = select(Entry).where(
        Entry.merchant_id == entry.merchant_id, Entry.ticket_id == entry.ticket_id, Entry.part_of == entry.id
    )
    return (await session.scalars(query)).all()


async def _has_files(
    session: AsyncSession, ticket: Ticket, entries: Sequence[Entry], files: Sequence[StoredFile]
) -> bool:
    query = select(Attachment).where(
        Attachment.merchant_id == ticket.merchant_id,
        Attachment.ticket_id == ticket.id,
        Attachment.entry_id.in_([one.id for one in entries]),
    )
    kept = [
        ((await _contents(session, ticket, one)).get("name", one.name), one.size, one.sha256)
        for one in await session.scalars(query)
    ]
    return sorted(kept) == sorted((one.name, one.size, one.sha256) for one in files)


async def _contents(session: AsyncSession, ticket: Ticket, row: Entry | Attachment) -> dict[str, Any]:
    return await content_of(session, ticket, row.id) if ticket.is_confidential else {}
