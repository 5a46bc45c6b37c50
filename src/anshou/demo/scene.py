"""One demo ticket as it is played: who takes part, what time it is, and the moves made for real.

A story is told until the present, or until the step at which its ticket is to stand; either ends it by `Ended`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.people.roles import Department
from anshou.tickets.agreements import find_agreement, signing_purpose
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.firing import fire
from anshou.tickets.clocks.stages import next_event
from anshou.tickets.disputing import Performance, Signature
from anshou.tickets.moving import make_move
from anshou.tickets.obligations import Obligation
from anshou.tickets.plans import find_plan, measures_of
from anshou.tickets.records import Record
from anshou.tickets.situation import SHANGHAI
from anshou.tickets.stage_telling import telling_at
from anshou.tickets.steering import Resumption
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import add_note, post_message
from tenants.base import new_id

OPENS, CLOSES = 9, 18


class Ended(Exception):
    """Raised when the story has come to the present, or to the step where it is to stand."""


@dataclass(slots=True)
class Troupe:
    """Who takes part in a ticket's story."""

    agent: Person
    coordinator: Person
    specialist: Person
    engineer: Person
    supervisor: Person
    signatory: Person
    owner: Person


Proving = Callable[["Scene"], Awaitable[UUID]]


@dataclass(slots=True)
class Scene:
    """A ticket on its way. `now` is the story's time in UTC, `present` the time at which every story ends."""

    session: AsyncSession
    ticket: Ticket
    troupe: Troupe
    now: datetime
    present: datetime
    rng: Random
    serial: int
    prove_performance: Proving
    until: str | None = None
    departments: tuple[Department, ...] = field(
        default=(Department.AFTER_SALES_SERVICE, Department.OPERATIONS, Department.TECHNICAL_SUPPORT)
    )

    @property
    def agent(self) -> Person:
        """Who takes in, informs and closes."""
        return self.troupe.agent

    @property
    def coordinator(self) -> Person:
        """Who coordinates a dispute."""
        return self.troupe.coordinator

    @property
    def specialist(self) -> Person:
        """Who analyses, plans and carries out."""
        return self.troupe.specialist

    @property
    def engineer(self) -> Person:
        """Who triages a departing metric."""
        return self.troupe.engineer

    @property
    def supervisor(self) -> Person:
        """Who reviews plans and decides escalations."""
        return self.troupe.supervisor

    @property
    def signatory(self) -> Person:
        """Who signs for the agency."""
        return self.troupe.signatory

    @property
    def owner(self) -> Person:
        """Who answers for the merchant."""
        return self.troupe.owner

    @property
    def today(self) -> date:
        """The story's day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    def today_in(self, span: timedelta) -> date:
        """The day in Shanghai after a span."""
        return (self.now + span).astimezone(SHANGHAI).date()

    async def pass_time(self, span: timedelta) -> None:
        """Let time pass, a little more or less than told, into the next office hours; clocks fire on the way."""
        wanted = self.now + span * self.rng.uniform(0.8, 1.25)
        then = _into_office_hours(wanted, self.rng)
        if then > self.present:
            await self._fire_clocks(self.present)
            raise Ended
        await self._fire_clocks(then)
        self.now = then

    async def move(self, name: str, record: Record, *, by: Person, after: timedelta | None = None) -> None:
        """Make a move, after a while."""
        if after is not None:
            await self.pass_time(after)
        self._stand_here()
        await make_move(self.session, self.ticket, name, record, by=by, at=self.now, seen=self.ticket.version)

    async def note(self, body: str, *, by: Person, after: timedelta) -> None:
        """Write an internal note, after a while."""
        await self.pass_time(after)
        self._stand_here()
        await add_note(self.session, self.ticket, body, by=by, at=self.now)

    async def merchant_says(self, body: str, *, after: timedelta) -> None:
        """Let the merchant answer, after a while."""
        await self.pass_time(after)
        self._stand_here()
        await post_message(self.session, self.ticket, body, by=self.owner, at=self.now)

    async def open_measures(self) -> list[UUID]:
        """The measures of the current plan that are not done, in their order."""
        plan = await find_plan(self.session, self.ticket)
        if plan is None:
            raise LookupError("there is no plan to carry out")
        return [measure.id for measure in await measures_of(self.session, plan) if measure.done_at is None]

    async def resume(self, *, after: timedelta) -> None:
        """Take the ticket off hold, unless the merchant's answer did."""
        if self.ticket.on_hold:
            await self.move("resume", Resumption(reason="商家已补充材料，继续处理。"), by=self.agent, after=after)

    async def sign(self, name: str, *, by: Person, after: timedelta) -> None:
        """Sign the newest agreement, having signed in again for it."""
        await self.pass_time(after)
        self._stand_here()
        agreement = await find_agreement(self.session, self.ticket)
        if agreement is None:
            raise LookupError("there is no agreement to sign")
        proof = Proof(
            account_id=by.id,
            session_id=new_id(),
            purpose=signing_purpose(agreement.id),
            address="127.0.0.1",
            agent="",
            second_factor=False,
            at=self.now,
        )
        record = Signature(agreement=agreement.id, sha256=agreement.sha256)
        await make_move(
            self.session, self.ticket, name, record, by=by, at=self.now, seen=self.ticket.version, proof=proof
        )

    async def perform_obligations(self, notes: str, *, after: timedelta) -> None:
        """Every open obligation performed, each with its proof."""
        await self.pass_time(after)
        self._stand_here()
        open_ones = select(Obligation.id).where(
            Obligation.merchant_id == self.ticket.merchant_id,
            Obligation.ticket_id == self.ticket.id,
            Obligation.performed_on.is_(None),
            Obligation.superseded.is_(False),
        )
        for obligation in (await self.session.scalars(open_ones)).all():
            proof = await self.prove_performance(self)
            record = Performance(obligation=obligation, performed_on=self.today, proof=proof, notes=notes)
            await self.move("perform_obligation", record, by=self.coordinator)

    def _stand_here(self) -> None:
        if self.until is not None and self.ticket.step == self.until:
            raise Ended

    async def _fire_clocks(self, until: datetime) -> None:
        """Fire what falls due on the way, in its order, as the worker would have."""
        while True:
            query = select(TicketClock).where(
                TicketClock.merchant_id == self.ticket.merchant_id,
                TicketClock.ticket_id == self.ticket.id,
            )
            due = [
                (at, clock.id) for clock in await self.session.scalars(query) if (at := next_event(clock)) is not None
            ]
            if not due or min(due)[0] > until:
                return
            at, clock_id = min(due)
            await fire(self.session, clock_id, tell=telling_at(at), at=at)


def _into_office_hours(instant: datetime, rng: Random) -> datetime:
    """The instant itself, or some minutes after the office opens next."""
    local = instant.astimezone(SHANGHAI)
    if local.hour < OPENS:
        local = local.replace(hour=OPENS, minute=rng.randrange(3, 50))
    elif local.hour >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS, minute=rng.randrange(3, 50))
    return local.astimezone(UTC)
