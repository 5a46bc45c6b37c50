"""What happens after something confidential was seen: those who watch are told, and decoys are looked for."""

from uuid import UUID

import msgspec

from anshou.people.letters import owe_letters
from anshou.people.notices import leave_notices
from anshou.privacy import telling
from anshou.worker.letters import send_letter
from anshou.worker.work import AnyActor, Work, actor
from tenants.jobs import enqueue


class Told(msgspec.Struct, frozen=True):
    """What `privacy.telling` leaves."""

    source: UUID
    event: str
    subject: UUID
    number: str = ""
    roles: str = ""
    department: str | None = None
    merchant: UUID | None = None
    person: UUID | None = None


async def tell(work: Work, told: Told) -> None:
    """Leave notices for whoever is meant at this moment, and owe them letters."""
    async with work.finish() as session:
        notices = await leave_notices(
            session,
            await telling.told_by(session, work.job.actor, work.job.payload),
            source=told.source,
            event=told.event,
            subject_id=told.subject,
            number=told.number,
            acting_for=told.merchant,
            at=work.at,
        )
        for letter_id in await owe_letters(session, notices, at=work.at):
            await enqueue(session, send_letter.name, {"letter": str(letter_id)}, key=f"letter:{letter_id}")


TELLING: tuple[AnyActor, ...] = tuple(
    actor(name, Told)(tell) for name in (telling.TELL_ROLES, telling.TELL_OWNERS, telling.TELL_PERSON)
)
