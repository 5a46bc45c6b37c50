"""A database of their own for the isolation tests, since they take it apart."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.database import new_database
from tests.isolation.world import World, make_world


@pytest.fixture(scope="package")
async def world(server: str) -> AsyncIterator[World]:
    """Two tenants with a row for each of two merchants in every table."""
    async with new_database(server) as database:
        yield await make_world(database)


@pytest.fixture(scope="package")
async def inside(world: World) -> AsyncIterator[asyncpg.Connection]:
    """A bare connection of the first tenant's login."""
    connection = await world.database.connect_as(world.tenant)
    yield connection
    await connection.close()


@pytest.fixture(scope="package")
async def abroad(world: World) -> AsyncIterator[asyncpg.Connection]:
    """A bare connection of the other tenant's login."""
    connection = await world.database.connect_as(world.other)
    yield connection
    await connection.close()
