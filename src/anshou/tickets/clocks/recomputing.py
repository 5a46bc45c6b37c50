"""All running clocks computed again after figures, calendars or days changed: at once if they are few, else as jobs.

A job works off one batch and leaves the next one behind, so that it never holds many tickets for long.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.clock_rows import IS_RUNNING, ChangeCause, ClockChange, ClockStop, TicketClock
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.retiming import due_under, retime_clock
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.running import stops_of
from anshou.tickets.clocks.scheduling import hold_tickets, note_next_due, schedule
from anshou.tickets.clocks.stages import next_event, settle
from tenants.jobs import enqueue

# The actor that calls `recompute_batch` and names itself again while there is more.
ACTOR = "tickets.recompute_clocks"

AT_ONCE = 200
BATCH = 500

# How many clocks a preview computes; more are only counted.
PREVIEWED = 5000

Where = Sequence[ColumnElement[bool]]


async def recompute_running(session: AsyncSession, *, cause: ChangeCause, at: datetime) -> None:
    """Compute all running clocks again now if they are at most AT_ONCE, otherwise in jobs."""
    some = select(TicketClock.id).where(*IS_RUNNING).limit(AT_ONCE + 1).subquery()
    running = await session.scalar(select(func.count()).select_from(some))
    if running and running > AT_ONCE:
        await enqueue(session, ACTOR, {"cause": cause.value})
    elif running:
        await recompute_batch(session, cause=cause, at=at)


async def recompute_batch(
    session: AsyncSession, *, cause: ChangeCause, at: datetime, after: UUID | None = None
) -> UUID | None:
    """Compute the next BATCH running clocks again, in the order of their ids; returns the last, None at the end.

    If there may be more, leaves a job for them. Doing a batch twice changes nothing the second time.
    """
    beyond = () if after is None else (TicketClock.id > after,)
    page = select(TicketClock.id, TicketClock.ticket_id).where(*IS_RUNNING, *beyond).order_by(TicketClock.id)
    rows = (await session.execute(page.limit(BATCH))).all()
    if not rows:
        return None
    await hold_tickets(session, {ticket_id for _, ticket_id in rows})
    await _recompute(session, [clock_id for clock_id, _ in rows], cause=cause, at=at)
    if len(rows) < BATCH:
        return None
    last: UUID = rows[-1][0]
    await enqueue(session, ACTOR, {"cause": cause.value, "after": str(last)})
    return last


async def count_changes(session: AsyncSession, rulebook: Rulebook, where: Where = ()) -> tuple[int, int]:
    """How many running clocks would get another due time under these rules, of how many; at most PREVIEWED.

    `where` narrows to the clocks that the change can touch.
    """
    unbreached = (TicketClock.breached_at.is_(None), *IS_RUNNING, *where)
    clocks = (await session.scalars(select(TicketClock).where(*unbreached).limit(PREVIEWED))).all()
    stops = await _stops(session, clocks)
    changed = 0
    for clock in clocks:
        due = due_under(clock, rulebook, stops_of(clock, stops[clock.ticket_id]))
        changed += (due and due.at) != clock.due_at
    return changed, len(clocks)


async def _recompute(session: AsyncSession, clock_ids: Sequence[UUID], *, cause: ChangeCause, at: datetime) -> None:
    query = select(TicketClock).where(TicketClock.id.in_(clock_ids), *IS_RUNNING).order_by(TicketClock.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    clocks = (await session.scalars(query)).all()
    rulebook, stops = await read_rulebook(session), await _stops(session, clocks)
    changes: list[ClockChange] = []
    moved: list[TicketClock] = []
    for clock in clocks:
        before = next_event(clock)
        settle(clock, at)
        if clock.breached_at is None:
            change = retime_clock(clock, rulebook, stops_of(clock, stops[clock.ticket_id]), at=at, cause=cause)
            changes += [] if change is None else [change]
        if next_event(clock) != before:
            moved.append(clock)
    session.add_all(changes)
    await schedule(session, moved)
    await note_next_due(session, {change.ticket_id for change in changes})


async def _stops(session: AsyncSession, clocks: Sequence[TicketClock]) -> Mapping[UUID, list[ClockStop]]:
    found: dict[UUID, list[ClockStop]] = defaultdict(list)
    query = select(ClockStop).where(
        ClockStop.merchant_id.in_({clock.merchant_id for clock in clocks}),
        ClockStop.ticket_id.in_({clock.ticket_id for clock in clocks}),
    )
    for stop in await session.scalars(query.order_by(ClockStop.since)):
        found[stop.ticket_id].append(stop)
    return found
