"""The migration runner leaves every tenant at the newest revision, or as it was."""

import asyncio
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tenants.addresses import DatabaseAddress
from tenants.chains import Chain, Revision
from tenants.errors import MigrationUnderWay
from tenants.migrating import Outcome, Pace, migrate_all
from tenants.registry import Tenant
from tenants.snapshots import Snapshot
from tests.database import Database, new_database

FIRST = Revision("0001", "CREATE TABLE note (n integer PRIMARY KEY); INSERT INTO note VALUES (1);")
SECOND = Revision("0002", "ALTER TABLE note ADD COLUMN text text; UPDATE note SET text = 'moved', n = n + 1;")
# Fails where a tenant has a row that does not suit it.
STRICT = Revision("0003", "ALTER TABLE note ADD CHECK (n < 100);")
CODES = ["anhe", "boyuan", "chenxi", "dingsheng", "enhui", "fuda"]


@pytest.fixture
async def database(server: str) -> AsyncIterator[Database]:
    async with new_database(server) as made:
        yield made


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect_as_owner()
    yield connection
    await connection.close()


@pytest.fixture
async def tenants(database: Database) -> list[Tenant]:
    """Six tenants at the first revision."""
    snapshot = Snapshot.replaying(Chain((FIRST,)))
    return [await database.create_tenant(code, code, snapshot=snapshot) for code in CODES]


async def migrate(database: Database, *steps: Revision, pace: Pace | None = None) -> Outcome:
    return await migrate_all(
        DatabaseAddress.at(database.url), database.credentials, chain=Chain((FIRST, *steps)), pace=pace
    )


async def notes(owner: asyncpg.Connection, tenants: list[Tenant]) -> dict[str, int]:
    return {t.code: await owner.fetchval(f'SELECT n FROM "{t.schema}".note') for t in tenants}


async def revisions(owner: asyncpg.Connection) -> dict[str, str]:
    return dict(await owner.fetch("SELECT code, revision FROM control.tenant"))


async def spoil(owner: asyncpg.Connection, *tenants: Tenant) -> None:
    for tenant in tenants:
        await owner.execute(f'UPDATE "{tenant.schema}".note SET n = 100')


async def waits_for(owner: asyncpg.Connection, tenant: Tenant, *, waits: bool = True) -> None:
    """Until somebody waits for the tenant's table, or nobody does any more; the server tells nobody when."""
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass)"
    async with asyncio.timeout(60):
        while await owner.fetchval(waiting, f'"{tenant.schema}".note') is not waits:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_every_tenant_gets_what_it_lacks_once(
    database: Database, owner: asyncpg.Connection, tenants: list[Tenant]
) -> None:
    assert (await migrate(database, SECOND)).complete
    assert set((await notes(owner, tenants)).values()) == {2}
    again = await migrate(database, SECOND)
    assert (again.complete, again.total) == (True, 0)
    assert set((await notes(owner, tenants)).values()) == {2}
    states = await owner.fetch("SELECT DISTINCT state, attempt, from_revision FROM control.tenant_migration")
    assert [tuple(row) for row in states] == [("done", 1, "0001")]


async def test_one_tenants_failure_leaves_the_others_done(
    database: Database, owner: asyncpg.Connection, tenants: list[Tenant]
) -> None:
    await spoil(owner, tenants[3])
    outcome = await migrate(database, SECOND, STRICT)
    assert list(outcome.failed) == ["dingsheng"]
    assert not outcome.stopped
    # The failed one is whole: the step before the failing one is undone as well.
    assert (await revisions(owner))["dingsheng"] == "0001"
    assert (await notes(owner, tenants))["dingsheng"] == 100
    assert {code for code, revision in (await revisions(owner)).items() if revision == "0003"} == {*CODES} - {
        "dingsheng"
    }
    state, error = await owner.fetchrow("SELECT state, error FROM control.tenant_migration WHERE state <> 'done'")
    assert state == "failed"
    assert "check constraint" in error

    await owner.execute(f'UPDATE "{tenants[3].schema}".note SET n = 1')
    repaired = await migrate(database, SECOND, STRICT)
    assert (repaired.done, repaired.complete) == (["dingsheng"], True)


async def test_a_failing_canary_stops_the_run_before_the_others(
    database: Database, owner: asyncpg.Connection, tenants: list[Tenant]
) -> None:
    await spoil(owner, tenants[2])
    outcome = await migrate(database, STRICT, pace=Pace(canaries=["chenxi"]))
    assert outcome.stopped
    assert outcome.done == []
    assert set((await revisions(owner)).values()) == {"0001"}


async def test_too_many_failures_stop_the_run(
    database: Database, owner: asyncpg.Connection, tenants: list[Tenant]
) -> None:
    await spoil(owner, *tenants[1:])
    outcome = await migrate(database, STRICT, pace=Pace(workers=1, failures_allowed=1))
    assert outcome.stopped
    assert len(outcome.failed) == 2
    assert outcome.done == ["anhe"]


async def test_a_locked_table_is_tried_again(
    database: Database, owner: asyncpg.Connection, tenants: list[Tenant]
) -> None:
    async with owner.transaction():
        await owner.execute(f'LOCK TABLE "{tenants[0].schema}".note IN ACCESS SHARE MODE')
        run = asyncio.create_task(migrate(database, SECOND, pace=Pace(lock_timeout_ms=500)))
        await waits_for(owner, tenants[0])
        await waits_for(owner, tenants[0], waits=False)
        assert not run.done()
    assert (await run).complete
    attempts = await owner.fetchval("SELECT max(attempt) FROM control.tenant_migration")
    assert attempts > 1


async def test_two_runs_do_not_meet(database: Database, owner: asyncpg.Connection, tenants: list[Tenant]) -> None:
    async with owner.transaction():
        await owner.execute(f'LOCK TABLE "{tenants[0].schema}".note IN ACCESS SHARE MODE')
        first = asyncio.create_task(migrate(database, SECOND))
        await waits_for(owner, tenants[0])
        with pytest.raises(MigrationUnderWay):
            await migrate(database, SECOND)
    assert (await first).complete


@pytest.mark.usefixtures("tenants")
async def test_a_revision_of_a_newer_version_is_not_guessed_at(database: Database, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE control.tenant SET revision = '0099' WHERE code = 'anhe'")
    with pytest.raises(LookupError, match="0099"):
        await migrate(database, SECOND)


KILLED_RUN = """
import asyncio, sys
from tenants.addresses import DatabaseAddress
from tenants.chains import Chain, Revision
from tenants.credentials import Credentials
from tenants.migrating import Pace, migrate_all
url, secret, first, second = sys.argv[1:]
chain = Chain((Revision("0001", first), Revision("0002", second + "SELECT pg_sleep(2);")))
asyncio.run(migrate_all(
    DatabaseAddress.at(url), Credentials(bytes.fromhex(secret)), chain=chain, pace=Pace(workers=2),
    progress=lambda outcome: print(len(outcome.done), flush=True),
))
"""


async def test_a_killed_run_is_finished_by_the_next(
    database: Database, owner: asyncpg.Connection, tenants: list[Tenant]
) -> None:
    arguments = (KILLED_RUN, database.url, database.secret.hex(), FIRST.sql, SECOND.sql)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    process.kill()
    await process.wait()
    before = [code for code, revision in (await revisions(owner)).items() if revision == "0002"]
    assert 0 < len(before) < len(CODES)

    while True:
        try:
            outcome = await migrate(database, SECOND)
            break
        except MigrationUnderWay:
            # The server notices the killed run's end when it next writes to it.
            await asyncio.sleep(0.1)
    assert outcome.complete
    assert set((await notes(owner, tenants)).values()) == {2}
