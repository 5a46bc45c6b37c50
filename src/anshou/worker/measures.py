"""Measures: courses of tickets that came in bulk or are older, and the months that are kept.

A little at a time, and on while there is more.
"""

from datetime import timedelta

from sqlalchemy import text

from anshou.people.agency import read_settings
from anshou.performance.months import measure_month, months_to_measure
from anshou.tickets.courses.counting_all import count_on
from anshou.tickets.courses.owed import MEASURE, count_owed
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor
from tenants.jobs import enqueue

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@actor(MEASURE, Nothing)
async def measure(work: Work, _: Nothing) -> None:
    """Count what is owed, or the next merchant's courses, or measure the next month; leave a job for the rest."""
    async with work.finish() as session:
        # Two would count the same merchant, or measure the same month.
        await session.execute(_ONE_AT_A_TIME, {"key": f"{work.tenant.schema}:measures"})
        if await count_owed(session) or await count_on(session, at=work.at):
            await enqueue(session, MEASURE, {}, queue="bulk")
            return
        today = work.at.astimezone((await read_settings(session)).zone).date()
        months = await months_to_measure(session, today, limit=2)
        for month in months[:1]:
            await measure_month(session, month, at=work.at)
        if len(months) > 1:
            await enqueue(session, MEASURE, {}, queue="bulk")


EVERY_HALF_HOUR = Schedule(name=MEASURE, actor=measure.name, every=timedelta(minutes=30), spread=timedelta(minutes=10))
