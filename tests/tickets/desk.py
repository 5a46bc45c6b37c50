"""The desk of the ticket tests: people make moves one after the other, each in their own context, as time goes on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.tickets.agreements import find_agreement, signing_purpose
from anshou.tickets.entries import Entry
from anshou.tickets.kinds import Channel, Kind, Side
from anshou.tickets.moving import make_move, open_moves
from anshou.tickets.opening import open_ticket
from anshou.tickets.plans import find_plan, measures_of
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, attach_file
from tests.cast import Anhe
from tests.conftest import ActAs
from tests.tickets.samples import NOW, report, sample

STORED = StoredFile(
    name="转账回单.pdf", media_type="application/pdf", size=20_480, sha256="a" * 64, storage_key="2026/11/ab12"
)


@dataclass
class Desk:
    """Works on one ticket at a time: `number`. Each act happens five minutes after the one before."""

    session: AsyncSession
    act_as: ActAs
    cast: Anhe
    now: datetime = NOW
    number: str = ""
    entries: list[Entry] = field(default_factory=list)

    async def open(self, kind: Kind, by: Person, **changes: Any) -> Ticket:
        """Open a ticket of 云杉 and work on it from now on."""
        await self.act_as(by.context())
        given: dict[str, Any] = {"shop": self.cast.yunshan.shop_id}
        if not by.is_merchant:
            given |= {"merchant": self.cast.yunshan.id, "channel": Channel.PHONE}
        stated = report(kind, self.now, **(given | changes))
        ticket = await open_ticket(self.session, stated, by=by, at=self.now)
        self.number = ticket.number
        return ticket

    async def ticket(self, person: Person) -> Ticket:
        """The ticket as the person sees it."""
        await self.act_as(person.context())
        return await visible_ticket(self.session, person, self.number)

    async def act(self, person: Person, move: str, *, seen: int | None = None, **changes: Any) -> Ticket:
        """Make the move with a valid record, with these fields changed."""
        ticket = await self.ticket(person)
        self.now += timedelta(minutes=5)
        record = self.record(ticket, move, **changes)
        proof = None
        if ticket.process.move(move).signed:
            agreement = await find_agreement(self.session, ticket)
            assert agreement is not None
            record = msgspec.structs.replace(record, agreement=agreement.id, sha256=agreement.sha256)
            proof = self.proof(person, agreement.id)
        seen = ticket.version if seen is None else seen
        self.entries.append(
            await make_move(self.session, ticket, move, record, by=person, at=self.now, seen=seen, proof=proof)
        )
        return ticket

    def record(self, ticket: Ticket, move: str, **changes: Any) -> Any:
        """A valid record for the move that names people of the cast."""
        kind = ticket.process.move(move).record
        record = sample(kind, self.now)
        for name in ("owner", "responsible_person"):
            if name in kind.__struct_fields__ and getattr(record, name) is not None:
                record = msgspec.structs.replace(record, **{name: self.cast.specialist.id})
        for name in ("measures", "decisions"):
            if isinstance(getattr(record, name, None), tuple):
                given = tuple(
                    msgspec.structs.replace(each, owner=self.cast.specialist.id) for each in getattr(record, name)
                )
                record = msgspec.structs.replace(record, **{name: given})
        return msgspec.structs.replace(record, **changes)

    def proof(self, person: Person, agreement_id: UUID) -> Proof:
        """That the person signed in again just now to sign the agreement."""
        return Proof(
            account_id=person.id,
            session_id=uuid4(),
            purpose=signing_purpose(agreement_id),
            at=self.now,
            address="203.0.113.7",
            agent="test",
            second_factor=True,
        )

    async def finish_measures(self) -> None:
        """The specialist does every measure of the current plan."""
        ticket = await self.ticket(self.cast.specialist)
        plan = await find_plan(self.session, ticket)
        assert plan is not None
        for measure in [each.id for each in await measures_of(self.session, plan) if each.done_at is None]:
            await self.act(self.cast.specialist, "finish_measure", measure=measure)

    async def add_file(self, person: Person, audience: Side = Side.MERCHANT) -> UUID:
        """The person adds a file; returns the attachment's id."""
        ticket = await self.ticket(person)
        self.now += timedelta(minutes=5)
        attached = await attach_file(self.session, ticket, STORED, audience=audience, by=person, at=self.now)
        return attached.id

    async def refused(self, statement: str, person: Person) -> bool:
        """Whether the database refuses the statement in the person's context."""
        await self.act_as(person.context())
        try:
            async with self.session.begin_nested():
                await self.session.execute(text(statement))
        except DBAPIError:
            return True
        return False

    async def open_to(self, person: Person) -> set[str]:
        """The names of the moves that the person may make now."""
        ticket = await self.ticket(person)
        return {move.name for move in await open_moves(self.session, ticket, person, at=self.now)}
