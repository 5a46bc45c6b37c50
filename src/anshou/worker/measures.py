"""Measures: courses of older tickets, and the months that are kept. A little at a time, and on while there is more."""

from datetime import timedelta

from anshou.people.agency import read_settings
from anshou.performance.months import measure_month, months_to_measure
from anshou.tickets.courses.counting_all import count_on
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor
from tenants.jobs import enqueue

MEASURE = "performance.measure"


@actor(MEASURE, Nothing)
async def measure(work: Work, _: Nothing) -> None:
    """Count the next merchant's courses, or measure the next month, and leave a job for the rest."""
    async with work.finish() as session:
        if await count_on(session, at=work.at):
            await enqueue(session, MEASURE, {}, queue="bulk")
            return
        today = work.at.astimezone((await read_settings(session)).zone).date()
        months = await months_to_measure(session, today, limit=2)
        for month in months[:1]:
            await measure_month(session, month, at=work.at)
        if len(months) > 1:
            await enqueue(session, MEASURE, {}, queue="bulk")


EVERY_HALF_HOUR = Schedule(name=MEASURE, actor=measure.name, every=timedelta(minutes=30), spread=timedelta(minutes=10))
