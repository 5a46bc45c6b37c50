"""A tenant made from the committed snapshot is the same as one that went through every migration."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tenants.addresses import DatabaseAddress
from tenants.chains import Chain, tenant_chain
from tenants.migrating import migrate_all
from tenants.snapshots import Snapshot, read_snapshot
from tests.catalog import describe
from tests.database import Database, new_database


@pytest.fixture(scope="module")
async def database(server: str) -> AsyncIterator[Database]:
    async with new_database(server) as made:
        yield made


@pytest.fixture
async def superuser(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect_as_superuser()
    yield connection
    await connection.close()


def test_the_committed_snapshot_is_made_of_the_present_migrations() -> None:
    # If this fails: `make snapshot`, look at the difference, commit it with the migration.
    assert read_snapshot().revision == tenant_chain().head


async def test_the_snapshot_equals_a_replay(database: Database, superuser: asyncpg.Connection) -> None:
    replayed = await database.create_tenant("replayed", "重放", snapshot=Snapshot.replaying(tenant_chain()))
    provisioned = await database.create_tenant("provisioned", "快照", snapshot=read_snapshot())
    expected = await describe(superuser, replayed.schema)
    assert len(expected) > 50
    assert await describe(superuser, provisioned.schema) == expected


async def test_a_tenant_of_every_revision_migrates_to_the_same(
    database: Database, superuser: asyncpg.Connection
) -> None:
    chain = tenant_chain()
    early = [
        await database.create_tenant(
            f"at-{count}", f"第 {count} 版", snapshot=Snapshot.replaying(Chain(chain.revisions[:count]))
        )
        for count in range(1, len(chain.revisions))
    ]
    assert (await migrate_all(DatabaseAddress.at(database.url), database.credentials)).complete
    provisioned = await database.create_tenant("newest", "最新", snapshot=read_snapshot())
    expected = await describe(superuser, provisioned.schema)
    for tenant in early:
        assert await describe(superuser, tenant.schema) == expected
