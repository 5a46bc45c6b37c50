"""Two people at once, in two real transactions: one wins, the other is told who changed what and when."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.errors import TicketChanged
from anshou.tickets.kinds import Kind
from anshou.tickets.moving import make_move
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe, settle
from tests.tickets.samples import NOW, report, sample

pytestmark = pytest.mark.usefixtures("wiped")

Work = Callable[[AsyncSession, Ticket], Awaitable[None]]


class House:
    """The agency with one ticket, everything committed."""

    def __init__(self, tenants: Tenants, tenant: Tenant, cast: Anhe, number: str) -> None:
        self.tenants, self.tenant, self.cast, self.number = tenants, tenant, cast, number

    async def at_work(self, person: Person, work: Work, started: asyncio.Event | None = None) -> None:
        """One request of the person: their ticket, their work, one commit."""
        async with self.tenants.session(self.tenant, person.context()) as session:
            ticket = await visible_ticket(session, person, self.number)
            if started:
                started.set()
            await work(session, ticket)


@pytest.fixture
async def house(tenants: Tenants, tenant: Tenant) -> House:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    async with tenants.session(tenant, cast.owner.context()) as session:
        ticket = await open_ticket(session, report(Kind.SERVICE_QUALITY), by=cast.owner, at=NOW)
    return House(tenants, tenant, cast, ticket.number)


def moving(person: Person, move: str, **changes: object) -> Work:
    async def work(session: AsyncSession, ticket: Ticket) -> None:
        record = sample(ticket.process.move(move).record, NOW, **changes)
        await make_move(session, ticket, move, record, by=person, at=NOW, seen=ticket.version)

    return work


async def test_of_two_moves_at_once_one_is_made_and_the_other_told(house: House) -> None:
    manager, owner = house.cast.account_manager, house.cast.owner
    looked, first_holds, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def accept_slowly(session: AsyncSession, ticket: Ticket) -> None:
        await moving(manager, "accept")(session, ticket)
        first_holds.set()
        await go_on.wait()

    async def withdraw_after_looking(session: AsyncSession, ticket: Ticket) -> None:
        seen = ticket.version
        looked.set()
        await first_holds.wait()
        record = sample(ticket.process.move("withdraw").record)
        await make_move(session, ticket, "withdraw", record, by=owner, at=NOW, seen=seen)

    first = asyncio.create_task(house.at_work(manager, accept_slowly))
    second = asyncio.create_task(house.at_work(owner, withdraw_after_looking))
    await looked.wait()
    await first_holds.wait()
    await asyncio.sleep(0.2)
    # The second waits at the ticket's row for what the first will have done.
    assert not second.done()
    go_on.set()
    await first
    with pytest.raises(TicketChanged, match="林悦 已于 2026-11-23 10:00 执行“受理”"):
        await second


async def test_of_many_at_once_exactly_one_wins(house: House) -> None:
    people = [house.cast.account_manager, house.cast.service_agent] * 2
    done = await asyncio.gather(
        *(house.at_work(person, moving(person, "accept")) for person in people), return_exceptions=True
    )
    refused = [result for result in done if result is not None]
    assert len(refused) == len(people) - 1
    # Who came after the commit sees the new version at once, and that it is no longer open.
    assert {type(result).__name__ for result in refused} <= {"TicketChanged", "MoveNotOpen"}


async def test_a_merchant_is_not_told_of_what_only_the_agency_may_know(house: House) -> None:
    async with house.tenants.session(house.tenant, house.cast.owner.context()) as session:
        seen = (await visible_ticket(session, house.cast.owner, house.number)).version
    await house.at_work(house.cast.account_manager, moving(house.cast.account_manager, "escalate"))

    async def withdraw(session: AsyncSession, ticket: Ticket) -> None:
        record = sample(ticket.process.move("withdraw").record)
        await make_move(session, ticket, "withdraw", record, by=house.cast.owner, at=NOW, seen=seen)

    with pytest.raises(TicketChanged) as refused:
        await house.at_work(house.cast.owner, withdraw)
    assert "升级" not in str(refused.value)
    assert "代运营方" in str(refused.value)


async def test_numbers_given_at_once_are_all_different(house: House) -> None:
    async def report_one(session: AsyncSession, _: Ticket) -> None:
        await open_ticket(session, report(Kind.SERVICE_QUALITY), by=house.cast.owner, at=NOW)

    await asyncio.gather(*(house.at_work(house.cast.owner, report_one) for _ in range(4)))
    async with house.tenants.session(house.tenant, AGENCY) as session:
        found = list(await session.scalars(select(Ticket.number)))
    assert sorted(found) == [f"FW2611-0000{count}" for count in range(1, 6)]
