"""The clocks of one ticket: start, stop, resume, meet, end. Moves of a ticket do it, inside their transaction.

The caller has decided that the person may make the move and holds the ticket's row; nothing here asks again. Each of
the functions at the end does one thing; a move that does several loads `TicketClocks` once and saves once.
Whatever happens, a breach that has already come about is recorded first, so that what was late stays late.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Department
from anshou.tickets.clocks.clock_rows import IS_RUNNING, ChangeCause, ClockChange, ClockStop, TicketClock, kept
from anshou.tickets.clocks.due import Stop
from anshou.tickets.clocks.figures import Clause, channel_class
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.retiming import retime_clock, time_clock
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.scheduling import note_next_due, schedule
from anshou.tickets.clocks.stages import next_event, settle
from anshou.tickets.kinds import Channel, Clock, Urgency
from tenants.prepared import entities


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTicket:
    """What the clocks need to know of a ticket; `clauses` are the time limits of the contract in force."""

    id: UUID
    merchant_id: UUID
    urgency: Urgency
    channel: Channel
    department: Department | None = None
    clauses: tuple[Clause, ...] = ()

    def clause(self, clock: Clock) -> Clause | None:
        """What the contract says of a clock at this urgency."""
        return next((one for one in self.clauses if (one.clock, one.urgency) == (clock, self.urgency)), None)


@dataclass(kw_only=True)
class TicketClocks:
    """A ticket's running clocks and its stops, loaded; what the methods change is written by `save_clocks`."""

    ticket: TimedTicket
    rulebook: Rulebook
    clocks: list[TicketClock]
    stops: list[ClockStop]
    changes: list[ClockChange] = field(default_factory=list)
    scheduled: dict[UUID, datetime | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scheduled = {clock.id: next_event(clock) for clock in self.clocks}

    @property
    def running(self) -> list[TicketClock]:
        """What is still owed."""
        return [clock for clock in self.clocks if clock.is_running]

    @property
    def is_stopped(self) -> bool:
        """Whether the ticket waits for the merchant."""
        return any(stop.until is None for stop in self.stops)

    def start(self, clocks: Collection[Clock], at: datetime) -> list[TicketClock]:
        """Start these clocks, except those that run already; returns the new ones.

        A clock without a limit at the ticket's urgency stands by without a due time.
        """
        running = {clock.clock for clock in self.running}
        started = [self._new(clock, at) for clock in Clock if clock in clocks and clock not in running]
        self.clocks += started
        for clock in started:
            time_clock(clock, self.rulebook, self._stops_of(clock), at=at)
        return started

    def meet(self, clocks: Collection[Clock], at: datetime) -> list[TicketClock]:
        """What these clocks ask for was done, in time or late; returns those that ran."""
        met = [clock for clock in self.running if clock.clock in clocks]
        for clock in met:
            settle(clock, at)
            clock.met_at = at
        return met

    def restart(self, clock: Clock, at: datetime) -> None:
        """Meet a running clock and start it anew, as each progress message does; nothing if it does not run."""
        if self.meet((clock,), at):
            self.start((clock,), at)

    def stop(self, reason: str, at: datetime) -> None:
        """The ticket waits for the merchant: every clock stops but a first response still owed.

        `reason` is shown in explanations: a message id or what was asked for. A ticket that already waits goes on
        waiting for the first reason.
        """
        if self.is_stopped:
            return
        self.stops.append(
            ClockStop(
                merchant_id=self.ticket.merchant_id, ticket_id=self.ticket.id, since=at, until=None, reason=reason
            )
        )
        self._time_again(at)

    def resume(self, at: datetime) -> None:
        """The ticket no longer waits for the merchant; nothing if it did not."""
        if not self.is_stopped:
            return
        for stop in self.stops:
            if stop.until is None:
                stop.until = max(at, stop.since)
        self._time_again(at)

    def end(self, at: datetime) -> None:
        """The ticket is closed, withdrawn, refused or merged: what still ran ends, and a stop with it."""
        self.resume(at)
        for clock in self.running:
            settle(clock, at)
            clock.ended_at = at

    def recompute(self, cause: ChangeCause, at: datetime) -> None:
        """Compute again after a change of urgency, contract, department, settings or calendar.

        From the original start with the stops kept; old and new are recorded. A clock that was met or breached stays
        as recorded. One that stood by without a limit starts now.
        """
        for clock in self.running:
            settle(clock, at)
            if clock.breached_at is None:
                clock.urgency, clock.department = self.ticket.urgency, self.ticket.department
                clock.clause = kept(self.ticket.clause(clock.clock))
                change = retime_clock(clock, self.rulebook, self._stops_of(clock), at=at, cause=cause)
                self.changes += [] if change is None else [change]

    def _time_again(self, at: datetime) -> None:
        for clock in self.running:
            settle(clock, at)
            time_clock(clock, self.rulebook, self._stops_of(clock), at=at)

    def _stops_of(self, clock: TicketClock) -> list[Stop]:
        return stops_of(clock, self.stops)

    def _new(self, clock: Clock, at: datetime) -> TicketClock:
        return TicketClock(
            merchant_id=self.ticket.merchant_id,
            ticket_id=self.ticket.id,
            clock=clock,
            urgency=self.ticket.urgency,
            channels=channel_class(clock, self.ticket.channel),
            department=self.ticket.department,
            clause=kept(self.ticket.clause(clock)),
            started_at=at,
        )


def stops_of(clock: TicketClock, stops: Sequence[ClockStop]) -> list[Stop]:
    """The ticket's stops, as far as they stop this clock: a first response is owed whoever waits for whom."""
    return [] if clock.clock is Clock.FIRST_RESPONSE else [stop.as_stop() for stop in stops]


async def load_clocks(session: AsyncSession, ticket: TimedTicket) -> TicketClocks:
    """The ticket's running clocks, locked until the transaction ends, and its stops."""
    running = select(TicketClock).where(
        TicketClock.merchant_id == ticket.merchant_id, TicketClock.ticket_id == ticket.id, *IS_RUNNING
    )
    stops = select(ClockStop).where(ClockStop.merchant_id == ticket.merchant_id, ClockStop.ticket_id == ticket.id)
    return TicketClocks(
        ticket=ticket,
        rulebook=await read_rulebook(session),
        clocks=list(await session.scalars(running.order_by(TicketClock.id).with_for_update())),
        stops=list(await session.scalars(stops.order_by(ClockStop.since))),
    )


async def save_clocks(session: AsyncSession, loaded: TicketClocks) -> None:
    """Write the clocks, their timers and the ticket's next due time."""
    # A clock that was met goes before the one that takes its place: only one of a kind may run.
    await session.flush()
    session.add_all([*loaded.clocks, *loaded.stops])
    await session.flush()
    session.add_all(loaded.changes)
    moved = (clock for clock in loaded.clocks if next_event(clock) != loaded.scheduled.get(clock.id))
    await schedule(session, moved)
    await note_next_due(session, [loaded.ticket.id])


async def start_clocks(session: AsyncSession, ticket: TimedTicket, clocks: Collection[Clock], *, at: datetime) -> None:
    """Start these clocks, except those that run already."""
    loaded = await load_clocks(session, ticket)
    loaded.start(clocks, at)
    await save_clocks(session, loaded)


async def meet_clocks(session: AsyncSession, ticket: TimedTicket, clocks: Collection[Clock], *, at: datetime) -> None:
    """What these clocks ask for was done."""
    loaded = await load_clocks(session, ticket)
    loaded.meet(clocks, at)
    await save_clocks(session, loaded)


async def restart_clock(session: AsyncSession, ticket: TimedTicket, clock: Clock, *, at: datetime) -> None:
    """A progress message was sent: the clock is met and runs anew."""
    loaded = await load_clocks(session, ticket)
    loaded.restart(clock, at)
    await save_clocks(session, loaded)


async def stop_clocks(session: AsyncSession, ticket: TimedTicket, *, reason: str, at: datetime) -> None:
    """The ticket waits for the merchant."""
    loaded = await load_clocks(session, ticket)
    loaded.stop(reason, at)
    await save_clocks(session, loaded)


async def resume_clocks(session: AsyncSession, ticket: TimedTicket, *, at: datetime) -> None:
    """The ticket no longer waits for the merchant."""
    loaded = await load_clocks(session, ticket)
    loaded.resume(at)
    await save_clocks(session, loaded)


async def end_clocks(session: AsyncSession, ticket: TimedTicket, *, at: datetime) -> None:
    """The ticket is closed, withdrawn, refused or merged."""
    loaded = await load_clocks(session, ticket)
    loaded.end(at)
    await save_clocks(session, loaded)


async def recompute(session: AsyncSession, ticket: TimedTicket, *, cause: ChangeCause, at: datetime) -> None:
    """Urgency, contract or department changed: compute the ticket's clocks again."""
    loaded = await load_clocks(session, ticket)
    loaded.recompute(cause, at)
    await save_clocks(session, loaded)


_OF_TICKET = entities(
    select(TicketClock)
    .where(TicketClock.merchant_id == bindparam("merchant"), TicketClock.ticket_id == bindparam("ticket"))
    .order_by(TicketClock.started_at, TicketClock.id)
)


async def clocks_of(session: AsyncSession, merchant_id: UUID, ticket_id: UUID) -> Sequence[TicketClock]:
    """All clocks the ticket ever had, in the order in which they started."""
    return await _OF_TICKET.all(session, merchant=merchant_id, ticket=ticket_id)
