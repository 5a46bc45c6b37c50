"""Telling people what happened to a ticket: notices, letters to those who have an address, and group robots."""

from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.mailing import owe_mail
from anshou.notifying.robots.sayings import owe_sayings
from anshou.people.notices import leave_notices
from anshou.people.roles import Department
from anshou.tickets import events
from anshou.tickets.recipients import recipients
from anshou.tickets.tickets import department_of, number_of
from anshou.worker.work import AnyActor, Work, actor


class Tidings(msgspec.Struct, frozen=True):
    """What `tickets.events.announce` leaves; `recipients` reads the person or department that is meant."""

    ticket: UUID
    merchant: UUID
    entry: UUID
    event: str
    person: UUID | None = None
    department: str | None = None


async def tell(work: Work, tidings: Tidings) -> None:
    """Leave notices for whoever is meant at this moment, and owe them letters."""
    to_merchant = work.job.actor in (events.TELL_MERCHANT, events.ASK_RATING)
    async with work.finish() as session:
        number = await number_of(session, tidings.merchant, tidings.ticket)
        notices = await leave_notices(
            session,
            await recipients(session, work.job.actor, work.job.payload),
            source=tidings.entry,
            event=ASKED_TO_RATE if work.job.actor == events.ASK_RATING else tidings.event,
            subject_id=tidings.ticket,
            number=number,
            acting_for=tidings.merchant if to_merchant else None,
            at=work.at,
        )
        if not to_merchant:
            await owe_sayings(
                session,
                source=tidings.entry,
                event=tidings.event,
                number=number,
                department=await _department(session, tidings),
                at=work.at,
            )
        await owe_mail(session, notices, at=work.at)


async def _department(session: AsyncSession, tidings: Tidings) -> Department:
    """Whose group hears of it: the department that is told, else the ticket's, else those who take tickets in."""
    if tidings.department is not None:
        return Department(tidings.department)
    of_ticket = await department_of(session, tidings.merchant, tidings.ticket)
    return of_ticket or Department.AFTER_SALES_SERVICE


# Whatever move led to it, what waits for the merchant is the rating.
ASKED_TO_RATE = "ask_rating"

# All that `recipients` knows; systems are told by webhooks.
TELLING: tuple[AnyActor, ...] = tuple(
    actor(name, Tidings)(tell) for name in events.ACTORS if name != events.TELL_SYSTEMS
)
