"""Tickets to which anything may happen, by real moves of real people, at random but the same for the same seed."""

import random
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.tickets.acting import acting_as
from anshou.tickets.closures import Closure
from anshou.tickets.entries import new_entry
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.kinds import EntrySort, Kind, Outcome, Side, Status
from anshou.tickets.moving import open_moves
from anshou.tickets.process import Actor, AnyMove
from anshou.tickets.rules import rules_at
from anshou.tickets.tickets import Ticket
from tenants.refusals import Refusal
from tests.tickets.desk import Desk
from tests.tickets.samples import ANYTIME, heard, variants

# What leads nowhere is seldom tried, or no ticket would ever end.
SELDOM = ANYTIME - {"withdraw", "reopen", "hold", "resume", "reclassify"}
ENDING = frozenset({"refuse", "merge", "close_unanswered"})


class Wandering:
    """Several tickets at the same time."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance = desk, random.Random(seed)  # noqa: S311  Not for secrets.
        self.numbers: list[str] = []

    async def wander(self, tickets: int, moves: int) -> None:
        """Open so many tickets, and make so many moves on them."""
        for _ in range(tickets):
            await self._open()
        for _ in range(moves):
            self._time_passes()
            if self.chance.random() < 0.12:
                await self._open()
            self.desk.number = self.chance.choice(self.numbers)
            await self._move()
        for name in sorted(ENDING):
            await self._certainly(name)

    async def import_some(self, number: int) -> None:
        """Tickets of earlier years with their ends, written as rows, as an import does."""
        cast, session = self.desk.cast, self.desk.session
        await self.desk.act_as(cast.executive.context())
        for place in range(number):
            ticket = await self.desk.open(Kind.SERVICE_QUALITY, cast.service_agent)
            opened = self.desk.now - timedelta(days=self.chance.randint(20, 400), minutes=self.chance.randint(0, 999))
            closed = opened + timedelta(minutes=self.chance.randint(1, 40_000))
            old = Ticket(
                **{
                    name: getattr(ticket, name)
                    for name in Ticket.__mapper__.columns.keys()  # noqa: SIM118  Not a mapping of what is wanted here.
                    if name not in {"id", "number", "opened_at", "closed_at", "outcome", "status", "step"}
                },
                number=f"LS-{place:05}",
                opened_at=opened,
                closed_at=closed,
                outcome=Outcome.RESOLVED,
                status=Status.CLOSED,
                step="closed",
            )
            session.add(old)
            await session.flush()
            end = Closure(merchant_id=old.merchant_id, ticket_id=old.id, round=1, outcome=Outcome.RESOLVED)
            end.said, end.merged_into, end.closed_by, end.closed_at = None, None, cast.executive.id, closed
            session.add(end)
            for at, move in ((opened, "open"), (closed, "close")):
                session.add(new_entry(old, EntrySort.MOVE, Side.MERCHANT, by=cast.executive, at=at, move=move))
            await session.flush()
            self.numbers.append(ticket.number)

    def _time_passes(self) -> None:
        self.desk.now += timedelta(
            minutes=self.chance.choice((3, 20, 180, 900)), seconds=self.chance.randint(0, 119), microseconds=7
        )
        if self.chance.random() < 0.1:
            self.desk.now += timedelta(days=self.chance.randint(1, 9))

    async def _open(self) -> None:
        cast, kind = self.desk.cast, self.chance.choice(list(Kind))
        if self.chance.random() < 0.6:
            ticket = await self.desk.open(kind, cast.owner)
        else:
            merchant = self.chance.choice((cast.yunshan, cast.qinghe))
            ticket = await self.desk.open(kind, cast.service_agent, merchant=merchant.id, shop=merchant.shop_id)
        self.numbers.append(ticket.number)

    async def _certainly(self, name: str) -> None:
        """Once more, where it is possible."""
        for number in self.numbers:
            self.desk.number = number
            offers = [offer for offer in await self._offers() if offer[1].name == name]
            if offers:
                await self._try(offers)
                return

    async def _move(self) -> None:
        offers = await self._offers()
        usual = [offer for offer in offers if offer[1].name not in SELDOM]
        ending = [offer for offer in offers if offer[1].name in ENDING]
        which = self.chance.random()
        offers = ending if ending and which < 0.08 else usual if usual and which < 0.85 else offers
        if offers:
            await self._try(offers)

    async def _try(self, offers: list[tuple[Person, AnyMove, Actor]]) -> None:
        person, move, actor = self.chance.choice(offers)
        rules = await rules_at(self.desk.session, self.desk.now)
        record = self.chance.choice(variants(move.record, rules))
        others = [number for number in self.numbers if number != self.desk.number]
        changes = await self.desk.particulars(move.name, self.chance.choice(others) if others else "")
        if actor is Actor.FOR_MERCHANT:
            changes["heard"] = heard(self.desk.now)
        await self.desk.act_as(person.context())
        try:
            async with self.desk.session.begin_nested():
                await self.desk.act_with(person, move.name, self.desk.named(record, **changes))
        except (Refusal, SQLAlchemyError, TypeError):
            # What is refused has not happened.
            self.desk.session.expunge_all()

    async def _offers(self) -> list[tuple[Person, AnyMove, Actor]]:
        found = []
        for person in self.desk.cast.everybody.values():
            try:
                ticket = await self.desk.ticket(person)
            except (TicketNotFound, PermissionMissing):
                continue
            for move in await open_moves(self.desk.session, ticket, person, at=self.desk.now):
                actor = acting_as(move, person, ticket)
                if actor is not None and not move.signed:
                    found.append((person, move, actor))
        return found
