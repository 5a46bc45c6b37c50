"""Fixtures of the audit's tests: whoever can do anything to the tables."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tenants.registry import Tenant
from tests.database import Database


@pytest.fixture
async def superuser(database: Database, tenant: Tenant) -> AsyncIterator[asyncpg.Connection]:
    """The database's administrator at work in the tenant's tables, past triggers and foreign keys."""
    connection = await database.connect_as_superuser()
    await connection.execute(f'SET search_path = "{tenant.schema}"; SET session_replication_role = replica')
    yield connection
    await connection.close()
