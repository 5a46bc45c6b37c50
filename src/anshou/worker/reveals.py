"""What happens after something confidential was seen: those who watch are told, and decoys are looked for."""

from datetime import datetime
from uuid import UUID

import msgspec

from anshou.notifying.mailing import owe_mail
from anshou.people.cards import names_of
from anshou.people.notices import leave_notices
from anshou.privacy import telling
from anshou.privacy.decoys import raise_decoy_alarms
from anshou.privacy.objections import REMIND_OF_OBJECTION, remind_of_objection
from anshou.privacy.reveal_limits import RAISE_LIMIT_ALARM, raise_limit_alarm
from anshou.privacy.watching import LOOK_FOR_DECOYS, Touch
from anshou.worker.work import AnyActor, Work, actor
from confidentiality.audit.actors import Actor


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


class LimitReached(msgspec.Struct, frozen=True):
    """Who came to the limit, with how many fields, when."""

    account: UUID
    shown: int
    at: datetime


class Touched(msgspec.Struct, frozen=True):
    """Which rows of a table somebody touched; `rows` are ids with blanks between them."""

    table: str
    rows: str
    touch: str
    account: UUID
    at: datetime
    merchant: UUID | None = None


class Due(msgspec.Struct, frozen=True):
    """Which objection's time is up."""

    objection: UUID


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
        await owe_mail(session, notices, at=work.at)


TELLING: tuple[AnyActor, ...] = tuple(
    actor(name, Told)(tell) for name in (telling.TELL_ROLES, telling.TELL_OWNERS, telling.TELL_PERSON)
)


@actor(RAISE_LIMIT_ALARM, LimitReached)
async def raise_alarm(work: Work, reached: LimitReached) -> None:
    """Somebody came to the limit of fields within an hour."""
    async with work.finish() as session:
        await raise_limit_alarm(session, reached.account, reached.shown, at=reached.at)


@actor(LOOK_FOR_DECOYS, Touched)
async def look_for_decoys(work: Work, touched: Touched) -> None:
    """Alarm those who watch if a decoy is among the rows."""
    async with work.finish() as session:
        # Named from the account and not found as a person: somebody suspended since then touched it all the same.
        name = (await names_of(session, [touched.account])).get(touched.account, "")
        who = Actor(touched.account, name, "merchant" if touched.merchant else "agency", touched.merchant)
        rows = [UUID(row) for row in touched.rows.split()]
        await raise_decoy_alarms(session, touched.table, rows, Touch(touched.touch), who=who, at=touched.at)


@actor(REMIND_OF_OBJECTION, Due)
async def remind(work: Work, due: Due) -> None:
    """Remind of an objection that nobody answered in time."""
    async with work.finish() as session:
        await remind_of_objection(session, due.objection)
