"""The relay loses its process, its database or its broker in the middle of a turn."""

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from dramatiq.worker import ConsumerThread

from anshou.worker.relay import DueJob, Relay
from anshou.worker.work import Work
from tenants.addresses import DatabaseAddress
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import Database
from tests.worker.rabbit import Rabbit
from tests.worker.workshop import Effects, Ledger, Number, leave_effect, leave_jobs, plan, quick, until, working


class Crash(Exception):
    """Raised in place of the relay's death."""


async def count(work: Work, payload: Number) -> None:
    async with work.finish() as session:
        await leave_effect(session, payload.number)


@asynccontextmanager
async def control_login(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A bare connection of the control login, such as the relay has."""
    address = DatabaseAddress.at(database.url)
    role = database.credentials.control_role(address.database)
    connection = await asyncpg.connect(**address.login(role, database.credentials.password(role)))
    try:
        yield connection
    finally:
        await connection.close()


class Outbox:
    """A broker's stand-in at the seam: what the relay handed over, until it is told to crash after so many."""

    def __init__(self, crash_after: int | None = None) -> None:
        self.heard: list[UUID] = []
        self._crash_after = crash_after

    async def publish(self, jobs: Sequence[DueJob]) -> list[UUID]:
        for job in jobs:
            if self._crash_after is not None and len(self.heard) >= self._crash_after:
                raise Crash
            self.heard.append(job.id)
        return [job.id for job in jobs]


async def turns(relay: Relay, control: asyncpg.Connection) -> None:
    while await relay.turn(control):
        pass


@pytest.mark.parametrize("published", [0, 1, 3, 5])
async def test_a_relay_that_dies_between_publishing_and_marking_publishes_again(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, published: int
) -> None:
    ids = await leave_jobs(tenants, tenant, "test.count", range(5))
    dying = Outbox(crash_after=published) if published < 5 else CrashAtTheEnd()
    async with control_login(database) as control:
        with pytest.raises(Crash):
            await turns(Relay(dying.publish, ["test.count"], cap=10), control)
    assert len(dying.heard) == published
    assert await ledger.states() == {"queued": 5}
    outbox = Outbox()
    async with control_login(database) as control:
        await turns(Relay(outbox.publish, ["test.count"], cap=10), control)
    assert outbox.heard == ids
    assert await ledger.states() == {"published": 5}


class CrashAtTheEnd(Outbox):
    """Dies when everything has been handed over and nothing been marked."""

    async def publish(self, jobs: Sequence[DueJob]) -> list[UUID]:
        await super().publish(jobs)
        raise Crash


async def test_what_the_broker_did_not_take_stays_queued(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    await leave_jobs(tenants, tenant, "test.count", range(5))

    async def take_two(jobs: Sequence[DueJob]) -> list[UUID]:
        return [job.id for job in jobs[:2]]

    async with control_login(database) as control:
        assert not await Relay(take_two, ["test.count"], cap=10).turn(control)
    assert await ledger.states() == {"published": 2, "queued": 3}


async def test_two_relays_side_by_side_hand_each_job_over_once(
    database: Database, tenants: Tenants, tenant: Tenant, other_tenant: Tenant, ledger: Ledger
) -> None:
    for one in (tenant, other_tenant):
        await leave_jobs(tenants, one, "test.count", range(300))
    outbox = Outbox()

    async def slowly(jobs: Sequence[DueJob]) -> list[UUID]:
        await asyncio.sleep(0.01)
        return await outbox.publish(jobs)

    async with control_login(database) as one, control_login(database) as other:
        while await ledger.count("queued"):
            relays = [Relay(slowly, ["test.count"], cap=1000) for _ in range(2)]
            await asyncio.gather(turns(relays[0], one), turns(relays[1], other))
    assert len(outbox.heard) == len(set(outbox.heard)) == 600


async def test_a_worker_whose_connections_are_cut_goes_on_with_new_ones(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    superuser = await database.connect_as_superuser()
    actors = [quick("test.count", count, attempts=20, time_limit=timedelta(seconds=1))]
    async with working(plan(database, actors)):
        for start in range(0, 50, 10):
            await leave_jobs(tenants, tenant, "test.count", range(start, start + 10))
            await superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND usename <> current_user"
            )
            await until(_finished, ledger, start + 10)
    await superuser.close()
    assert await effects.of(tenant) == list(range(50))


async def _no_consumer_is_left() -> bool:
    return not any(isinstance(thread, ConsumerThread) for thread in threading.enumerate())


async def _finished(ledger: Ledger, number: int) -> bool:
    await ledger.hasten()
    return await ledger.count("done") == number


# pika leaves the sockets of a connection that was cut to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.rabbitmq
async def test_a_broker_that_comes_back_without_its_messages_costs_only_time(
    database: Database,
    tenants: Tenants,
    tenant: Tenant,
    ledger: Ledger,
    effects: Effects,
    rabbit: Rabbit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # What they log holds the broken connections, and pytest holds what they log.
    for name in ("pika", "dramatiq"):
        caplog.set_level(logging.CRITICAL + 1, logger=name)
    rabbit.empty()
    actors = [quick("test.count", count, attempts=20)]
    async with working(plan(database, actors, rabbit.url, published_for=timedelta(seconds=3))):
        await leave_jobs(tenants, tenant, "test.count", range(20))
        await until(ledger.all_are, "done")
        await asyncio.to_thread(rabbit.kill, forget=True)
        await leave_jobs(tenants, tenant, "test.count", range(20, 60))
        await asyncio.sleep(2)
        assert await ledger.count("done") == 20
        await asyncio.to_thread(rabbit.start)
        await until(ledger.all_are, "done")
    # A consumer that lost its connection sleeps before it looks up whether it should try again.
    await until(_no_consumer_is_left)
    gc.collect()
    assert await effects.of(tenant) == list(range(60))


@pytest.mark.rabbitmq
async def test_messages_that_a_broker_loses_are_published_again(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, rabbit: Rabbit
) -> None:
    rabbit.empty()
    await leave_jobs(tenants, tenant, "test.count", range(4))
    # Marked as if they had been handed over: no message anywhere says that they exist.
    await ledger.pretend("published", timedelta(seconds=1))
    async with working(plan(database, [quick("test.count", count)], rabbit.url)):
        await until(ledger.all_are, "done")
    assert await effects.of(tenant) == list(range(4))
