"""Whose letter a reply answers, and making it their message or note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.kinds import OF_TICKETS, kind_of
from anshou.notifying.replies.incoming import Outcome
from anshou.notifying.replies.reading import Reply, is_forged
from anshou.people.accounts import Credential
from anshou.people.errors import PermissionMissing
from anshou.people.letters import Letter
from anshou.people.notices import Notice
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.tickets.errors import NothingSaid, TicketClosed, TicketNotFound
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, add_note, post_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """Who answers about which ticket."""

    person: Person
    number: str


async def can_be_answered(session: AsyncSession, letter_id: UUID) -> bool:
    """Whether a letter is about a ticket that takes replies by mail. In the agency's context.

    A confidential one takes none: mail lies in the clear on servers that nobody here knows.
    """
    query = (
        select(Notice.event, Ticket.is_confidential)
        .join(Letter, Letter.notice_id == Notice.id)
        .join(Ticket, Ticket.id == Notice.subject_id)
        .where(Letter.id == letter_id)
    )
    row = (await session.execute(query)).one_or_none()
    return row is not None and kind_of(row.event) in OF_TICKETS and not row.is_confidential


async def correspondence(
    session: AsyncSession, letter_id: UUID | None, reply: Reply, *, authority: str
) -> Correspondence | Outcome:
    """Who answers, or why the mail is not taken. In the agency's context, which alone reads everybody's address."""
    if reply.automatic:
        return Outcome.AUTOMATIC
    if letter_id is None:
        return Outcome.UNKNOWN
    query = (
        select(Notice.number, Notice.acting_for, Letter.account_id, Credential.email)
        .join(Letter, Letter.notice_id == Notice.id)
        .join(Credential, Credential.account_id == Letter.account_id)
        .where(Letter.id == letter_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return Outcome.UNKNOWN
    if not reply.sender or (row.email or "").lower() != reply.sender:
        return Outcome.STRANGER
    if is_forged(reply, authority):
        return Outcome.FORGED
    person = await find_person(session, row.account_id, acting_for=row.acting_for)
    # Somebody who left the merchant since acts for another one now, or for none.
    if person is None or person.merchant_id != row.acting_for:
        return Outcome.STRANGER
    return Correspondence(person=person, number=row.number)


async def write_down(
    session: AsyncSession, who: Correspondence, text: str, files: Sequence[StoredFile], *, at: datetime
) -> Outcome:
    """Make it a merchant's message or a colleague's internal note, in that person's own context.

    What a colleague writes is never shown to the merchant by a slip of a mail client.
    """
    try:
        ticket = await visible_ticket(session, who.person, who.number)
        if ticket.is_confidential:
            return Outcome.CONFIDENTIAL
        if who.person.is_merchant:
            await post_message(session, ticket, text, by=who.person, at=at, files=files)
            return Outcome.MESSAGE
        await add_note(session, ticket, text, by=who.person, at=at, files=files)
    except TicketClosed:
        return Outcome.CLOSED
    except (TicketNotFound, PermissionMissing):
        return Outcome.OUT_OF_REACH
    except NothingSaid:
        return Outcome.EMPTY
    return Outcome.NOTE
