"""What a person has typed on a ticket and not sent: kept on the server, so that any device goes on with it.

A draft is its author's alone: the database shows it to nobody else. Nothing is kept of a confidential ticket, whose
words lie sealed; what was kept before it was marked goes with the sealing (`marking`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.errors import DraftElsewhere, DraftNotKept, DraftTooLong
from anshou.tickets.tickets import Ticket
from tenants.base import Base, MerchantRow, new_id
from tenants.prepared import entities

# The form in which one writes to the thread; every other form is a move, by its name.
ENTRY = "entry"

# Characters of all fields together, and how many fields: more than any form of ours takes.
LONGEST = 60_000
MOST_FIELDS = 400

Fields = Mapping[str, Sequence[str]]


class Draft(MerchantRow, Base):
    """One form of one ticket as its person left it. `fields` are names with everything typed or ticked under them."""

    __tablename__ = "ticket_draft"

    ticket_id: Mapped[UUID]
    account_id: Mapped[UUID]
    form: Mapped[str]
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    page: Mapped[str]

    def one(self, name: str) -> str:
        """What was typed under a name; empty if nothing was."""
        typed = self.fields.get(name) or [""]
        return str(typed[-1])


@dataclass(frozen=True, slots=True)
class Basis:
    """From where a draft is saved or sent: an open page's own mark, and the instant of the saving that it shows or
    made last; None if it knows of none."""

    page: str
    seen: datetime | None

    def meets(self) -> ColumnElement[bool]:
        """That what is kept was kept by this page, or is known to it."""
        return or_(Draft.page == self.page, Draft.saved_at == self.seen)


_OWN = entities(
    select(Draft).where(
        Draft.merchant_id == bindparam("merchant"),
        Draft.ticket_id == bindparam("ticket"),
        Draft.account_id == bindparam("person"),
    )
)


async def drafts_on(session: AsyncSession, ticket: Ticket, person: Person) -> dict[str, Draft]:
    """The person's own drafts on the ticket by their form; none on a confidential one."""
    if ticket.is_confidential:
        return {}
    found = await _OWN.all(session, merchant=ticket.merchant_id, ticket=ticket.id, person=person.id)
    return {draft.form: draft for draft in found}


async def save_draft(
    session: AsyncSession,
    ticket: Ticket,
    form: str,
    fields: Fields,
    *,
    by: Person,
    at: datetime,
    basis: Basis | None = None,
) -> None:
    """Keep what was typed in place of what was kept before; of a `basis`, only if that is known there.

    Raises PermissionMissing, DraftNotKept on a confidential ticket, DraftTooLong, DraftElsewhere, MoveUnknown for a
    form that there is none of.
    """
    authorize(by, Permission.READ_TICKETS)
    if form != ENTRY:
        ticket.process.move(form)
    if ticket.is_confidential:
        raise DraftNotKept
    length = sum(len(name) + sum(map(len, typed)) for name, typed in fields.items())
    if length > LONGEST or sum(map(len, fields.values())) > MOST_FIELDS:
        raise DraftTooLong(LONGEST)
    said = {name: list(typed) for name, typed in fields.items()}
    kept = {"fields": said, "saved_at": at, "page": basis.page if basis else ""}
    place = {"merchant_id": ticket.merchant_id, "ticket_id": ticket.id, "account_id": by.id, "form": form}
    statement = insert(Draft).values(id=new_id(), **place, **kept)
    known = None if basis is None else or_(basis.meets(), Draft.fields == said)
    written = statement.on_conflict_do_update(index_elements=list(place), set_=kept, where=known).returning(Draft.id)
    if (await session.execute(written)).one_or_none() is None:
        raise DraftElsewhere


async def discard_draft(
    session: AsyncSession, ticket: Ticket, form: str, *, by: Person, basis: Basis | None = None
) -> None:
    """Keep nothing of this form any more: it was sent, emptied, or given up. Of a `basis`, only what is known there."""
    await session.execute(
        delete(Draft).where(
            Draft.merchant_id == ticket.merchant_id,
            Draft.ticket_id == ticket.id,
            Draft.account_id == by.id,
            Draft.form == form,
            *([basis.meets()] if basis else []),
        )
    )


async def discard_drafts_of_ticket(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> None:
    """Everybody's, because the ticket became confidential. In the agency's context, with nobody at the keyboard."""
    await session.execute(delete(Draft).where(Draft.merchant_id == merchant_id, Draft.ticket_id == ticket_id))
