"""Timers that fire, clocks that are computed again, and the years of China's calendar that came with a new version."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.disclosures.consenting import expire
from anshou.privacy.disclosures.requesting import TIMER as DISCLOSURE_EXPIRY
from anshou.privacy.duties import breaches
from anshou.privacy.entrustment import deadlines, returning
from anshou.privacy.requests import clock as requests
from anshou.tickets.clocks.clock_rows import ChangeCause
from anshou.tickets.clocks.firing import fire
from anshou.tickets.clocks.recomputing import ACTOR as RECOMPUTE
from anshou.tickets.clocks.recomputing import recompute_batch
from anshou.tickets.clocks.scheduling import TIMER
from anshou.tickets.clocks.setting_days import take_in_published_years
from anshou.tickets.stage_telling import telling_at
from anshou.worker.schedules import Schedule
from anshou.worker.timers import FIRE_TIMER
from anshou.worker.work import Nothing, Work, actor
from confidentiality.keys.destruction import TIMER as KEY_DESTRUCTION_DUE
from confidentiality.keys.destruction import begin_destruction
from tenants.timers import fire_timer


class DueTimer(msgspec.Struct, frozen=True):
    """What the job of a timer says."""

    timer: UUID
    kind: str
    subject: UUID
    generation: int


class Recompute(msgspec.Struct, frozen=True):
    """Why clocks are computed again, and after which of them to go on."""

    cause: ChangeCause
    after: UUID | None = None


async def _fire_clock(session: AsyncSession, clock_id: UUID, at: datetime) -> None:
    await fire(session, clock_id, tell=telling_at(at), at=at)


# What each kind of timer does to its subject.
KINDS: dict[str, Callable[[AsyncSession, UUID, datetime], Awaitable[None]]] = {
    TIMER: _fire_clock,
    DISCLOSURE_EXPIRY: expire,
    breaches.TIMER: breaches.remind,
    returning.TIMER: deadlines.remind,
    KEY_DESTRUCTION_DUE: begin_destruction,
    requests.TIMER: requests.fire,
}


@actor(FIRE_TIMER, DueTimer)
async def fire_due(work: Work, due: DueTimer) -> None:
    """Do what the timer is for, unless it was set anew or cancelled since."""
    async with work.finish() as session:
        if await fire_timer(session, due.timer, due.generation):
            await KINDS[due.kind](session, due.subject, work.at)


@actor(RECOMPUTE, Recompute)
async def recompute(work: Work, left: Recompute) -> None:
    """Compute one batch of running clocks again; a job for the next one is left with it."""
    async with work.finish() as session:
        await recompute_batch(session, cause=left.cause, at=work.at, after=left.after)


@actor("tickets.take_in_published_years", Nothing)
async def take_in_years(work: Work, payload: Nothing) -> None:
    """Due times that were provisional are final once the year is published."""
    async with work.finish() as session:
        await take_in_published_years(session, at=work.at)


EVERY_DAY = Schedule(
    name="tickets.take_in_published_years",
    actor=take_in_years.name,
    every=timedelta(days=1),
    spread=timedelta(hours=1),
)
