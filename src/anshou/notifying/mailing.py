"""Owing letters as people wish them: at once, gathered, or not at all."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.notifying.hours import free_from, next_digest
from anshou.notifying.kinds import URGENT, kind_of
from anshou.notifying.wishes import Mailing, Wishes, wishes_of
from anshou.people.agency import read_settings
from anshou.people.letters import Letter, owe_letters
from anshou.people.notices import Notice
from anshou.tickets.clocks.figures import WORKING_HOURS
from anshou.tickets.clocks.reading import read_rulebook
from tenants.jobs import enqueue

SEND_LETTER = "people.send_letter"
SEND_DIGEST = "people.send_digest"


async def owe_mail(session: AsyncSession, notices: Sequence[Notice], *, at: datetime) -> None:
    """Owe letters about new notices, each as its person wishes. Needs the agency's context."""
    if not notices:
        return
    wishes = await wishes_of(session, {notice.account_id for notice in notices})
    wanted = [one for one in notices if wishes[one.account_id].mailing(kind_of(one.event)) is not Mailing.NEVER]
    waiting = await _waiting(session, wanted, wishes, at)
    urgent = {one.id for one in wanted if kind_of(one.event) in URGENT}
    owed = await owe_letters(session, wanted, at=at, gathered=waiting, urgent=urgent)
    for letter_id in owed:
        letter = await session.get_one(Letter, letter_id)
        if letter.due_at is None:
            await send_by_itself(session, letter_id, attempt=0, at=at)
        else:
            await send_gathered(session, letter.account_id, due_at=letter.due_at, attempt=0, at=letter.due_at)


async def send_by_itself(session: AsyncSession, letter_id: UUID, *, attempt: int, at: datetime) -> None:
    """Leave the job of one letter's attempt."""
    # With the instant: whoever tries a letter again begins with the first attempt anew.
    key = f"letter:{letter_id}:{at.isoformat()}"
    payload: dict[str, str | int] = {"letter": str(letter_id), "attempt": attempt}
    await enqueue(session, SEND_LETTER, payload, key=key, run_at=at)


async def send_gathered(
    session: AsyncSession, account_id: UUID, *, due_at: datetime, attempt: int, at: datetime
) -> None:
    """Leave the job of one digest's attempt: one for each person and slot."""
    key = f"digest:{account_id}:{due_at.isoformat()}:{attempt}"
    payload: dict[str, str | int] = {"account": str(account_id), "due_at": due_at.isoformat(), "attempt": attempt}
    await enqueue(session, SEND_DIGEST, payload, key=key, run_at=at)


async def workdays(session: AsyncSession) -> Callable[[date], bool]:
    """Whether a date is worked, by the agency's working hours."""
    calendar = (await read_rulebook(session)).calendar(WORKING_HOURS)
    return lambda day: bool(calendar.hours_on(day))


async def _waiting(
    session: AsyncSession, notices: Sequence[Notice], wishes: dict[UUID, Wishes], at: datetime
) -> dict[UUID, datetime]:
    """Which letters do not go at once, and when they go."""
    zone = (await read_settings(session)).zone
    is_workday = await workdays(session)
    waiting = {}
    for notice in notices:
        own, kind = wishes[notice.account_id], kind_of(notice.event)
        if own.mailing(kind) is Mailing.DIGEST:
            waiting[notice.id] = next_digest(at, own, zone=zone, is_workday=is_workday)
        elif not (kind in URGENT and own.urgent_anyway):
            free = free_from(at, own, zone=zone, is_workday=is_workday)
            if free > at:
                waiting[notice.id] = free
    return waiting
