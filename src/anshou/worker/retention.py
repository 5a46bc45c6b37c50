"""What is kept long enough goes: once a day, and whenever a run was ordered."""

from datetime import timedelta
from uuid import UUID

import msgspec

from anshou.privacy.requests.erasing import begin_erasure, erasure_is_over
from anshou.privacy.requests.handling import BEGIN_ERASURE
from anshou.privacy.retention.carrying_out import erase_next
from anshou.privacy.retention.runs import ERASE, begin_daily_run, find_open_run, order
from anshou.privacy.retention.sweeping import sweep_old
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor


class Ordered(msgspec.Struct, frozen=True):
    """Which run, and how many of its batches are done."""

    run: UUID
    batch: int = 0


@actor("privacy.erase_due", Nothing)
async def begin(work: Work, _: Nothing) -> None:
    """Begin the day's run. It exists before its first batch, so that a batch on the list outside names a run."""
    async with work.finish() as session:
        await sweep_old(session, work.outside.storage, at=work.at)
        run = await begin_daily_run(session, at=work.at)
        await order(session, run.id)


@actor(ERASE, Ordered, time_limit=timedelta(minutes=2))
async def erase(work: Work, ordered: Ordered) -> None:
    """One batch; a job for the next one is left with it."""
    async with work.finish() as session:
        run = await find_open_run(session, ordered.run)
        if run is None:
            return
        if await erase_next(session, work.outside.storage, work.outside.erasures, run, at=work.at):
            await order(session, ordered.run, batch=ordered.batch + 1)
        else:
            await erasure_is_over(session, ordered.run, at=work.at)


class Requested(msgspec.Struct, frozen=True):
    """Which request, and who carries it out."""

    request: UUID
    by: UUID


@actor(BEGIN_ERASURE, Requested)
async def begin_requested(work: Work, asked: Requested) -> None:
    """Order what a person's request has to erase, in the agency's context: who handles it may see less."""
    async with work.finish() as session:
        await begin_erasure(session, asked.request, asked.by, at=work.at)


EVERY_DAY = Schedule(
    name="privacy.erase_due",
    actor=begin.name,
    every=timedelta(days=1),
    spread=timedelta(hours=2),
)
