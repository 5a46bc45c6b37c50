"""The tests of isolation fail when isolation does: each policy dropped or opened is noticed.

Each mutation is made and undone in one transaction of the superuser, who becomes the tenant's login within it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.isolation.probes import OPERATIONS, observe
from tests.isolation.test_cross_product import TABLES, blocks, leaks, reached
from tests.isolation.world import SIDES, Table, World

Access = dict[tuple[str, str, str], bool]


@pytest.fixture(scope="module")
async def superuser(world: World) -> AsyncIterator[asyncpg.Connection]:
    connection = await world.database.connect_as_superuser()
    yield connection
    await connection.close()


@asynccontextmanager
async def mutated(superuser: asyncpg.Connection, world: World, mutation: str) -> AsyncIterator[None]:
    transaction = superuser.transaction()
    await transaction.start()
    try:
        await superuser.execute(f'SET LOCAL search_path = "{world.tenant.schema}"')
        await superuser.execute(mutation)
        await superuser.execute(f'SET LOCAL SESSION AUTHORIZATION "{world.tenant.role}"')
        yield
    finally:
        await transaction.rollback()


async def access(world: World, connection: asyncpg.Connection, table: Table) -> Access:
    """Who gets past the table's fence, with which operation, to which side."""
    return {
        (actor, operation, side): reached(await observe(world, connection, table, actor, side, operation))
        for actor in world.actors
        for operation in OPERATIONS
        for side in SIDES
    }


async def policies(superuser: asyncpg.Connection, world: World, table: str) -> list[asyncpg.Record]:
    """The table's policies: policyname, cmd, and permissive or restrictive."""
    return list(
        await superuser.fetch(
            "SELECT policyname, cmd, permissive FROM pg_policies WHERE schemaname = $1 AND tablename = $2",
            world.tenant.schema,
            table,
        )
    )


@pytest.mark.parametrize("name", TABLES)
async def test_dropping_any_policy_changes_who_may_do_what(
    world: World, superuser: asyncpg.Connection, name: str
) -> None:
    table = world.tables[name]
    async with mutated(superuser, world, "SELECT"):
        intact = await access(world, superuser, table)
    for policy in await policies(superuser, world, name):
        async with mutated(superuser, world, f"DROP POLICY {policy['policyname']} ON {name}"):
            assert await access(world, superuser, table) != intact, f"{policy['policyname']} makes no difference"


@pytest.mark.parametrize("name", TABLES)
async def test_opening_any_policy_turns_the_cross_product_red(
    world: World, superuser: asyncpg.Connection, name: str
) -> None:
    table = world.tables[name]
    async with mutated(superuser, world, "SELECT"):
        assert await leaks(world, superuser, table) == []
        intact = await access(world, superuser, table)
    for policy in await policies(superuser, world, name):
        opened = {"SELECT": "USING (true)", "DELETE": "USING (true)", "INSERT": "WITH CHECK (true)"}.get(
            policy["cmd"], "USING (true) WITH CHECK (true)"
        )
        async with mutated(superuser, world, f"ALTER POLICY {policy['policyname']} ON {name} {opened}"):
            if policy["permissive"] == "PERMISSIVE":
                noticed = bool(await leaks(world, superuser, table))
            else:
                # It narrows what others allow, so no stranger gets in; but somebody sees more of their own.
                noticed = await access(world, superuser, table) != intact
            assert noticed, f"{policy['policyname']} could be open unnoticed"


@pytest.mark.parametrize("name", TABLES)
async def test_a_table_without_its_policies_turns_the_cross_product_red(
    world: World, superuser: asyncpg.Connection, name: str
) -> None:
    async with mutated(superuser, world, f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY"):
        assert await leaks(world, superuser, world.tables[name])
    names = [policy["policyname"] for policy in await policies(superuser, world, name)]
    async with mutated(superuser, world, ";".join(f"DROP POLICY {policy} ON {name}" for policy in names)):
        assert await blocks(world, superuser, world.tables[name])
