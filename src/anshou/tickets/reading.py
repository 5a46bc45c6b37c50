"""Reading a ticket's timeline: what each side may, put together as it was said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.tickets.attachments import attachments_of
from anshou.tickets.entries import Attachment, Entry
from anshou.tickets.entry_labels import label_of
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.sealed_contents import Content
from anshou.tickets.tickets import Ticket
from tenants.prepared import entities

NOTHING_OPENED: Mapping[UUID, Content] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry as a person reads it: what both sides read and, for the agency, what is inside it, put together.

    `label` is the Chinese name of the move or event. `inner` and `inner_changes` are empty for a merchant.
    """

    id: UUID
    at: datetime
    sort: EntrySort
    audience: Side
    author_id: UUID
    author_name: str
    author_side: Side
    move: str | None
    label: str
    body: str | None
    record: dict[str, Any]
    changes: dict[str, Any]
    inner: dict[str, Any]
    inner_changes: dict[str, Any]
    round: int
    version: int
    corrects: UUID | None
    attachments: tuple[Attachment, ...]


_entries = (
    select(Entry)
    .where(Entry.merchant_id == bindparam("merchant"), Entry.ticket_id == bindparam("ticket"))
    .order_by(Entry.at, Entry.id)
)
_WHOLE, _TOLD = entities(_entries), entities(_entries.where(Entry.audience == Side.MERCHANT))


async def read_timeline(
    session: AsyncSession,
    person: Person,
    ticket: Ticket,
    attachments: Sequence[Attachment] | None = None,
    contents: Mapping[UUID, Content] = NOTHING_OPENED,
) -> list[Told]:
    """The ticket's entries that the person may read, the oldest first, with what was opened of a confidential one;
    `attachments` are the ticket's, if read already.

    A merchant's context returns nothing internal; here it is not even asked for. Raises PermissionMissing.
    """
    authorize(person, Permission.READ_TICKETS)
    asked_for = _WHOLE if reads_inside(person) else _TOLD
    entries = await asked_for.all(session, merchant=ticket.merchant_id, ticket=ticket.id)
    inner = {entry.part_of: entry for entry in entries if entry.part_of is not None}
    files = _by_entry(await attachments_of(session, ticket) if attachments is None else attachments)
    return [_told(ticket, entry, inner.get(entry.id), files, contents) for entry in entries if entry.part_of is None]


def reads_inside(person: Person) -> bool:
    """Whether the person reads what the agency says among itself."""
    return not person.is_merchant and allows(person, Permission.READ_INTERNAL_NOTES)


def _by_entry(attachments: Iterable[Attachment]) -> dict[UUID, list[Attachment]]:
    found: dict[UUID, list[Attachment]] = defaultdict(list)
    for attachment in attachments:
        found[attachment.entry_id].append(attachment)
    return found


def _told(
    ticket: Ticket,
    entry: Entry,
    inner: Entry | None,
    files: dict[UUID, list[Attachment]],
    contents: Mapping[UUID, Content],
) -> Told:
    opened = contents.get(entry.id, {})
    return Told(
        id=entry.id,
        at=entry.at,
        sort=entry.sort,
        audience=entry.audience,
        author_id=entry.author_id,
        author_name=entry.author_name,
        author_side=entry.author_side,
        move=entry.move,
        label=label_of(ticket, entry),
        body=opened.get("body", entry.body),
        record=opened.get("record", entry.record),
        changes=entry.changes,
        inner=contents.get(inner.id, {}).get("record", inner.record) if inner else {},
        inner_changes=inner.changes if inner else {},
        round=entry.round,
        version=entry.version,
        corrects=entry.corrects,
        attachments=tuple(files.get(entry.id, ())),
    )
