"""What a person has typed on a ticket and not sent: kept on the server, so that any device goes on with it.

A draft is its author's alone: the database shows it to nobody else. Nothing is kept of a confidential ticket, whose
words lie sealed; what was kept before it was marked goes with the sealing (`marking`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.errors import DraftNotKept, DraftTooLong
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

    def one(self, name: str) -> str:
        """What was typed under a name; empty if nothing was."""
        typed = self.fields.get(name) or [""]
        return str(typed[-1])


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
    session: AsyncSession, ticket: Ticket, form: str, fields: Fields, *, by: Person, at: datetime
) -> None:
    """Keep what was typed in place of what was kept before.

    Raises PermissionMissing, DraftNotKept on a confidential ticket, DraftTooLong, MoveUnknown for a form that there is
    none of.
    """
    authorize(by, Permission.READ_TICKETS)
    if form != ENTRY:
        ticket.process.move(form)
    if ticket.is_confidential:
        raise DraftNotKept
    length = sum(len(name) + sum(map(len, typed)) for name, typed in fields.items())
    if length > LONGEST or sum(map(len, fields.values())) > MOST_FIELDS:
        raise DraftTooLong(LONGEST)
    kept = {"fields": {name: list(typed) for name, typed in fields.items()}, "saved_at": at}
    place = {"merchant_id": ticket.merchant_id, "ticket_id": ticket.id, "account_id": by.id, "form": form}
    statement = insert(Draft).values(id=new_id(), **place, **kept)
    await session.execute(statement.on_conflict_do_update(index_elements=list(place), set_=kept))


async def discard_draft(session: AsyncSession, ticket: Ticket, form: str, *, by: Person) -> None:
    """Keep nothing of this form any more: it was sent, emptied, or given up."""
    await session.execute(
        delete(Draft).where(
            Draft.merchant_id == ticket.merchant_id,
            Draft.ticket_id == ticket.id,
            Draft.account_id == by.id,
            Draft.form == form,
        )
    )


async def discard_drafts_of_ticket(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> None:
    """Everybody's, because the ticket became confidential. In the agency's context, with nobody at the keyboard."""
    await session.execute(delete(Draft).where(Draft.merchant_id == merchant_id, Draft.ticket_id == ticket_id))
