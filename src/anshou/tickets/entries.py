"""The timeline's rows: one append-only sequence per ticket. What the merchant must not read is a row of its own.

The database refuses to change or delete an entry, and returns none marked for the agency in a merchant's context.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, event
from sqlalchemy.orm import Mapped, mapped_column, object_session

from anshou.people.person import Person
from anshou.tickets.courses.recounting import note_moved
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.recorded import NOTED, record_entries
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow
from tenants.sessions import before_commit


class Entry(MerchantRow, Base):
    """One entry of a ticket's timeline.

    `author_name` is the name at the time. `record` is what was stated, `changes` maps fields to old and new value.
    An entry that both sides read may have a second one, `part_of` it, with what the agency alone reads. `version` is
    the ticket's version after it. `corrects` names the entry that this one puts right.
    """

    __tablename__ = "entry"

    ticket_id: Mapped[UUID]
    audience: Mapped[Side]
    at: Mapped[datetime]
    sort: Mapped[EntrySort]
    author_id: Mapped[UUID]
    author_name: Mapped[str]
    author_side: Mapped[Side]
    move: Mapped[str | None]
    body: Mapped[str | None]
    record: Mapped[dict[str, Any]]
    changes: Mapped[dict[str, Any]]
    round: Mapped[int]
    version: Mapped[int]
    part_of: Mapped[UUID | None]
    corrects: Mapped[UUID | None]


@event.listens_for(Entry, "after_insert")
def _note_for_the_record(mapper: Any, connection: Any, entry: Entry) -> None:
    session = object_session(entry)
    if session is not None:
        session.info.setdefault(NOTED, []).append(entry)
        before_commit(session, record_entries)
        note_moved(session, entry.ticket_id)


class Attachment(MerchantRow, Base):
    """A file on the timeline; its content lies in the storage under `storage_key`. `size` is in bytes."""

    __tablename__ = "attachment"

    ticket_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    audience: Mapped[Side]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    storage_key: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]


def side_of(person: Person) -> Side:
    """The side that a person acts for; the worker acts for the agency."""
    return Side.MERCHANT if person.is_merchant else Side.AGENCY


def next_instant(ticket: Ticket, at: datetime) -> datetime:
    """`at`, or just after the last entry: the clocks of two processes differ, but a timeline never runs backwards."""
    return max(at, ticket.last_entry_at + timedelta(microseconds=1))


def new_entry(
    ticket: Ticket,
    sort: EntrySort,
    audience: Side,
    *,
    by: Person,
    at: datetime,
    move: str | None = None,
    body: str | None = None,
    record: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    part_of: UUID | None = None,
    corrects: UUID | None = None,
) -> Entry:
    """An entry by a person on the ticket as it stands now. The caller adds it to the session."""
    return Entry(
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        audience=audience,
        at=at,
        sort=sort,
        author_id=by.id,
        author_name=by.name,
        author_side=side_of(by),
        move=move,
        body=body,
        record=record or {},
        changes=changes or {},
        round=ticket.round,
        version=ticket.version,
        part_of=part_of,
        corrects=corrects,
    )
