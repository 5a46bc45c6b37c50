"""The desk of the ticket tests: people make moves one after the other, each in their own context, as time goes on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.proving import Proof
from anshou.tickets.agreements import find_agreement, signing_purpose
from anshou.tickets.entries import Entry
from anshou.tickets.kinds import Channel, Kind, Side
from anshou.tickets.moving import make_move, open_moves
from anshou.tickets.obligations import Obligation
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


# How long after one act the next one happens.
STEP = timedelta(minutes=5)


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
        kind = ticket.process.move(move).record
        record = self.named(sample(kind, self.now + STEP), **changes)
        if ticket.process.move(move).signed:
            record = msgspec.structs.replace(record, **await self.particulars(move))
        return await self.act_with(person, move, record, seen=seen)

    async def act_with(self, person: Person, move: str, record: Any, *, seen: int | None = None) -> Ticket:
        """Make the move with this record."""
        ticket = await self.ticket(person)
        self.now += STEP
        proof = self.proof(person, record.agreement) if ticket.process.move(move).signed else None
        seen = ticket.version if seen is None else seen
        self.entries.append(
            await make_move(self.session, ticket, move, record, by=person, at=self.now, seen=seen, proof=proof)
        )
        return ticket

    def named(self, record: Any, **changes: Any) -> Any:
        """The record with the cast's specialist wherever it names a colleague, and these fields changed."""
        given: dict[str, Any] = {}
        for name in ("owner", "responsible_person"):
            if getattr(record, name, None) is not None:
                given[name] = self.cast.specialist.id
        for name in ("measures", "decisions"):
            if isinstance(rows := getattr(record, name, None), tuple):
                given[name] = tuple(msgspec.structs.replace(each, owner=self.cast.specialist.id) for each in rows)
        return msgspec.structs.replace(record, **(given | changes))

    async def particulars(self, move: str, other: str = "") -> dict[str, Any]:
        """The ids that a record for this move has to name now; `other` is the number of another ticket."""
        match move:
            case "finish_measure":
                return {"measure": (await self.open_measures())[0]}
            case "sign_for_merchant" | "sign_for_agency":
                agreement = await find_agreement(self.session, await self.ticket(self.cast.executive))
                assert agreement is not None
                return {"agreement": agreement.id, "sha256": agreement.sha256}
            case "perform_obligation":
                proof = await self.add_file(self.cast.account_manager)
                return {"obligation": (await self.open_obligations())[0], "proof": proof}
            case "link":
                return {"number": other}
            case "merge":
                return {"into": other}
            case _:
                return {}

    async def open_measures(self) -> list[UUID]:
        """The measures of the current plan that are not done."""
        plan = await find_plan(self.session, await self.ticket(self.cast.specialist))
        assert plan is not None
        return [each.id for each in await measures_of(self.session, plan) if each.done_at is None]

    async def open_obligations(self) -> list[UUID]:
        """The obligations that bind and are not performed."""
        await self.act_as(self.cast.account_manager.context())
        query = select(Obligation.id).where(Obligation.superseded.is_(False), Obligation.performed_on.is_(None))
        return list(await self.session.scalars(query.order_by(Obligation.position)))

    async def wrote_the_plan(self, person: Person) -> bool:
        """Whether the person submitted the current plan."""
        plan = await find_plan(self.session, await self.ticket(self.cast.executive))
        return plan is not None and plan.submitted_by == person.id

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
        for measure in await self.open_measures():
            await self.act(self.cast.specialist, "finish_measure", measure=measure)

    async def add_file(self, person: Person, audience: Side = Side.MERCHANT) -> UUID:
        """The person adds a file; returns the attachment's id."""
        ticket = await self.ticket(person)
        self.now += STEP
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
