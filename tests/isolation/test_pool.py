"""Connections are lent between requests and never between tenants, whatever happens to them."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.context import AGENCY, DOOR, Context
from tenants.errors import DatabaseUnavailable
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.isolation.world import World

WHO = text("SELECT session_user, current_user, current_schema(), current_setting('role'), control.ctx_scope()")
PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def one(world: World) -> AsyncIterator[Tenants]:
    """A pool with room for a single connection."""
    limits = PoolLimits(per_tenant=1, total=1, wait_seconds=10)
    opened = Tenants(world.database.url, secret=world.database.secret, pool=limits)
    yield opened
    await opened.close()


@pytest.fixture
async def superuser(world: World) -> AsyncIterator[asyncpg.Connection]:
    connection = await world.database.connect_as_superuser()
    yield connection
    await connection.close()


async def pid_of(session: AsyncSession) -> int:
    return int((await session.execute(PID)).scalar_one())


async def none_is_left(superuser: asyncpg.Connection, such: str, about: object) -> None:
    """Wait until the server has no such connection; nothing tells when it ends."""
    async with asyncio.timeout(60):
        while await superuser.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {such}", about):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_two_tenants_share_a_pool_of_one_connection_and_nothing_else(world: World, one: Tenants) -> None:
    async def work(tenant: Tenant, context: Context, turn: int) -> None:
        async with one.session(tenant, context) as session:
            seen = (await session.execute(WHO)).one()
            assert tuple(seen) == (tenant.role, tenant.role, tenant.schema, "none", context.scope)
            await asyncio.sleep(0)
            merchants = (await session.execute(text("SELECT count(*) FROM merchant"))).scalar_one()
            assert merchants == (2 if context == AGENCY else 0)
            if turn % 3 == 0:
                raise LookupError

    turns = [
        work(tenant, context, turn)
        for turn in range(12)
        for tenant in (world.tenant, world.other)
        for context in (AGENCY, DOOR)
    ]
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {type(None), LookupError}
    assert sum(outcome is None for outcome in outcomes) == 32


async def test_a_tenants_connection_is_used_again(world: World, one: Tenants) -> None:
    async with one.session(world.tenant, AGENCY) as session:
        first = await pid_of(session)
    async with one.session(world.tenant, DOOR) as session:
        assert await pid_of(session) == first
    async with one.session(world.other, AGENCY) as session:
        assert await pid_of(session) != first


async def test_whoever_finds_no_room_waits_and_is_told_when_it_takes_too_long(world: World) -> None:
    limits = PoolLimits(per_tenant=1, total=1, wait_seconds=0.2)
    crowded = Tenants(world.database.url, secret=world.database.secret, pool=limits)
    async with crowded.session(world.tenant, AGENCY):
        with pytest.raises(DatabaseUnavailable, match="in time"):
            async with crowded.session(world.other, AGENCY):
                pass
    async with crowded.session(world.other, AGENCY) as session:
        assert (await session.execute(WHO)).one()[0] == world.other.role
    await crowded.close()


async def test_a_backend_killed_inside_a_transaction_is_an_honest_failure(
    world: World, one: Tenants, superuser: asyncpg.Connection
) -> None:
    with pytest.raises(DatabaseUnavailable) as lost:
        async with one.session(world.tenant, AGENCY) as session:
            await session.execute(text("DELETE FROM shop"))
            await superuser.fetchval("SELECT pg_terminate_backend($1)", await pid_of(session))
            await session.execute(WHO)
    assert not lost.value.outcome_unknown
    async with one.session(world.tenant, AGENCY) as session:
        assert (await session.execute(text("SELECT count(*) FROM shop"))).scalar_one() == 2


async def test_a_connection_that_died_in_the_pool_is_replaced_unnoticed(
    world: World, one: Tenants, superuser: asyncpg.Connection
) -> None:
    async with one.session(world.tenant, AGENCY) as session:
        first = await pid_of(session)
    assert await superuser.fetchval("SELECT pg_terminate_backend($1, 5000)", first)
    async with one.session(world.tenant, AGENCY) as session:
        assert await pid_of(session) != first


async def test_a_request_cancelled_inside_a_statement_leaves_no_transaction_behind(
    world: World, one: Tenants, superuser: asyncpg.Connection
) -> None:
    started = asyncio.Event()

    async def request() -> None:
        async with one.session(world.tenant, AGENCY) as session:
            await session.execute(text("DELETE FROM shop"))
            started.set()
            await session.execute(text("SELECT pg_sleep(30)"))

    task = asyncio.create_task(request())
    await started.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with one.session(world.tenant, AGENCY) as session:
        assert (await session.execute(text("SELECT count(*) FROM shop"))).scalar_one() == 2
    # The server takes a moment to end what was broken off.
    await none_is_left(superuser, "usename = $1 AND state <> 'idle'", world.tenant.role)


async def test_waiting_callers_who_give_up_do_not_use_up_the_pool(world: World, one: Tenants) -> None:
    async def request() -> None:
        async with one.session(world.other, AGENCY) as session:
            await session.execute(WHO)

    async with one.session(world.tenant, AGENCY):
        waiting = [asyncio.create_task(request()) for _ in range(5)]
        await asyncio.sleep(0.01)
        for task in waiting[:4]:
            task.cancel()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 4 + [type(None)]
    async with one.session(world.tenant, AGENCY) as session:
        await session.execute(WHO)


async def test_idle_connections_are_closed(world: World, superuser: asyncpg.Connection) -> None:
    limits = PoolLimits(per_tenant=2, total=4, idle_seconds=0.1)
    brief = Tenants(world.database.url, secret=world.database.secret, pool=limits)
    async with brief.session(world.tenant, AGENCY) as session:
        pid = await pid_of(session)
    await none_is_left(superuser, "pid = $1", pid)
    async with brief.session(world.tenant, AGENCY) as session:
        assert await pid_of(session) != pid
    await brief.close()


async def test_a_server_that_is_not_there_is_said_so(world: World) -> None:
    nowhere = Tenants("postgresql://nobody@127.0.0.1:1/none", secret=world.database.secret)
    with pytest.raises(DatabaseUnavailable):
        await nowhere.find("anhe")
    with pytest.raises(DatabaseUnavailable):
        async with nowhere.session(world.tenant, AGENCY):
            pass
    await nowhere.close()


async def test_a_server_without_a_free_connection_is_said_so(
    world: World, one: Tenants, superuser: asyncpg.Connection
) -> None:
    await superuser.execute(f'ALTER ROLE "{world.tenant.role}" CONNECTION LIMIT 0')
    try:
        with pytest.raises(DatabaseUnavailable):
            async with one.session(world.tenant, AGENCY):
                pass
    finally:
        await superuser.execute(f'ALTER ROLE "{world.tenant.role}" CONNECTION LIMIT -1')
    async with one.session(world.tenant, AGENCY) as session:
        await session.execute(WHO)


async def test_errors_of_others_inside_a_transaction_of_control_stay_theirs(one: Tenants) -> None:
    with pytest.raises(ConnectionResetError):
        async with one.control():
            raise ConnectionResetError


async def test_a_connection_lent_while_the_pool_closes_is_closed_when_it_comes_back(
    world: World, superuser: asyncpg.Connection
) -> None:
    closing = Tenants(world.database.url, secret=world.database.secret)
    async with closing.session(world.tenant, AGENCY) as session:
        pid = await pid_of(session)
        await closing.close()
        assert await pid_of(session) == pid
    await none_is_left(superuser, "pid = $1", pid)
