"""Measures: courses of tickets that came in bulk or are older, and the months that are kept.

A little at a time, and on while there is more. One job of a tenant measures; one that comes meanwhile does not wait
for it, because waiting takes a worker from everybody: it leaves a job for soon and ends.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.agency import read_settings
from anshou.performance.months import measure_month, months_to_measure
from anshou.tickets.courses.counting_all import count_on
from anshou.tickets.courses.owed import MEASURE, count_owed
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor
from tenants.jobs import enqueue

_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0)), clock_timestamp()")

# Seconds between two looks whether whoever measures has ended.
SOON = 3


@actor(MEASURE, Nothing)
async def measure(work: Work, _: Nothing) -> None:
    """Count what is owed, or the next merchant's courses, or measure the next month; leave a job for the rest."""
    async with work.finish() as session:
        # Two would count the same merchant, or measure the same month.
        alone, now = (await session.execute(_ALONE, {"key": f"{work.tenant.schema}:measures"})).one()
        if not alone:
            # Whoever measures may have looked before what this job is for was there.
            await _come_again(session, now)
            return
        if await count_owed(session) or await count_on(session, at=work.at):
            await enqueue(session, MEASURE, {}, queue="bulk")
            return
        today = work.at.astimezone((await read_settings(session)).zone).date()
        months = await months_to_measure(session, today, limit=2)
        for month in months[:1]:
            await measure_month(session, month, at=work.at)
        if len(months) > 1:
            await enqueue(session, MEASURE, {}, queue="bulk")


async def _come_again(session: AsyncSession, now: datetime) -> None:
    """Leave a job for soon, one however many ask.

    It begins after all that they are for was committed, because its time, by the database's clock, is still to come.
    """
    turn = int(now.timestamp()) // SOON + 1
    at = datetime.fromtimestamp(turn * SOON, UTC)
    await enqueue(session, MEASURE, {}, key=f"{MEASURE}:{turn}", queue="bulk", run_at=at)


EVERY_HALF_HOUR = Schedule(name=MEASURE, actor=measure.name, every=timedelta(minutes=30), spread=timedelta(minutes=10))
