"""Killed in the middle, erasing goes on where it stopped; a restored backup loses again what was erased since."""

from argparse import Namespace
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from anshou.commands import erasures
from anshou.privacy.retention.carrying_out import erase_next
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.privacy.retention.errors import ErasureListBroken
from anshou.privacy.retention.reapplying import Reapplied, reapply, reapply_tenant
from anshou.privacy.retention.runs import RunCause, begin_daily_run, find_open_run, order
from anshou.settings import read_settings
from anshou.worker import retention
from tenants.context import AGENCY
from tenants.erasing import ERASED
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants
from tenants.storage import ObjectMissing, ObjectStorage, open_storage
from tests.cast import settle
from tests.conftest import ActAs
from tests.database import Database
from tests.privacy.retention.eraser import GOES, SAID, Eraser
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW
from tests.worker.workshop import outside, plan, until, working

LATE = NOW + timedelta(days=4 * 366)

# What a backup of a tenant holds, for this test: the tables that erasing changes.
TABLES = ("ticket", "entry", "attachment", "erasure", "erasure_head", "erasure_run", "erasure_line", "erasure_skip")


@pytest.fixture
async def superuser(database: Database, wiped: None) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect_as_superuser()
    yield connection
    await connection.close()


@pytest.fixture
async def kept(
    tenants: Tenants, tenant: Tenant, storage: ObjectStorage, listing: ErasureList, superuser: asyncpg.Connection
) -> None:
    """Two tickets of long ago, committed."""
    async with tenants.session(tenant, AGENCY) as session:

        async def switch(context: Any) -> None:
            await tenants.switch(session, context)

        act_as: ActAs = switch
        eraser = Eraser(Desk(session, act_as, await settle(session)), storage, listing)
        for _ in range(2):
            await eraser.closed_ticket()


async def erase_all(tenants: Tenants, tenant: Tenant, storage: ObjectStorage, listing: ErasureList) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        run_id = (await begin_daily_run(session, at=LATE)).id
    again = True
    while again:
        async with tenants.session(tenant, AGENCY) as session:
            run = await find_open_run(session, run_id)
            assert run is not None
            again = await erase_next(session, storage, listing, run, at=LATE)


async def said(tenants: Tenants, tenant: Tenant) -> set[str]:
    async with tenants.session(tenant, AGENCY) as session:
        return set(await session.scalars(text("SELECT body FROM entry WHERE sort = 'message'")))


async def back_up(superuser: asyncpg.Connection, tenant: Tenant) -> dict[str, list[asyncpg.Record]]:
    return {table: await superuser.fetch(f'SELECT * FROM "{tenant.schema}".{table}') for table in TABLES}


async def restore(superuser: asyncpg.Connection, tenant: Tenant, backup: dict[str, list[asyncpg.Record]]) -> None:
    """As a superuser's restore does it: past every trigger and policy."""
    async with superuser.transaction():
        await superuser.execute("SET LOCAL session_replication_role = replica")
        for table, rows in backup.items():
            name = f'"{tenant.schema}".{table}'
            await superuser.execute(f"DELETE FROM {name}")
            for row in rows:
                values = ", ".join(f"${number}" for number in range(1, len(row) + 1))
                await superuser.execute(f"INSERT INTO {name} VALUES ({values})", *row.values())


async def test_what_was_erased_is_erased_again_after_a_backup_was_restored(
    tenants: Tenants,
    tenant: Tenant,
    storage: ObjectStorage,
    listing: ErasureList,
    kept: None,
    superuser: asyncpg.Connection,
) -> None:
    backup = await back_up(superuser, tenant)
    await erase_all(tenants, tenant, storage, listing)
    assert await said(tenants, tenant) == {ERASED}
    await restore(superuser, tenant, backup)
    assert await said(tenants, tenant) == {SAID}

    told: list[Reapplied] = []
    await reapply(tenants, [tenant], storage, listing, tell=told.append)
    assert [(one.batches, one.lost) for one in told] == [(len(GOES), False)]
    assert await said(tenants, tenant) == {ERASED}
    async with tenants.session(tenant, AGENCY) as session:
        causes = list(await session.scalars(text("SELECT DISTINCT cause FROM erasure_run")))
        assert causes == [RunCause.RESTORED.value]
        assert set(await session.scalars(text("SELECT name FROM attachment"))) == {ERASED}

    await reapply(tenants, [tenant], storage, listing, tell=told.append)
    assert len(told) == 1


async def test_a_suspended_agencys_people_do_not_read_it_again_either(
    tenants: Tenants,
    tenant: Tenant,
    storage: ObjectStorage,
    listing: ErasureList,
    kept: None,
    superuser: asyncpg.Connection,
) -> None:
    backup = await back_up(superuser, tenant)
    await erase_all(tenants, tenant, storage, listing)
    await restore(superuser, tenant, backup)
    suspended = Tenant(**{**{name: getattr(tenant, name) for name in tenant.__slots__}, "state": TenantState.SUSPENDED})
    assert (await reapply_tenant(tenants, suspended, storage, listing)).batches == len(GOES)
    assert await said(tenants, tenant) == {ERASED}


class Killed(Exception):
    """Raised where the process would have died."""


class Deadly(ErasureList):
    """Writes the batch, and that is the last thing that happens."""

    async def write(self, batch: Any) -> str:
        await super().write(batch)
        raise Killed


async def test_killed_after_the_list_and_before_the_rows_the_batch_is_carried_out_first(
    tenants: Tenants, tenant: Tenant, storage: ObjectStorage, kept: None
) -> None:
    places = open_storage("memory:")
    with pytest.raises(Killed):
        await erase_all(tenants, tenant, storage, Deadly(places, secret=bytes(32)))
    assert await said(tenants, tenant) == {SAID}
    await erase_all(tenants, tenant, storage, ErasureList(places, secret=bytes(32)))
    assert await said(tenants, tenant) == {ERASED}
    async with tenants.session(tenant, AGENCY) as session:
        numbers = list(await session.scalars(text("SELECT DISTINCT number FROM erasure ORDER BY 1")))
        twice = await session.scalar(
            text("SELECT count(*) FROM (SELECT FROM erasure GROUP BY subject_id, kind HAVING count(*) > 1) AS twice")
        )
    assert (numbers, twice) == (list(range(1, len(GOES) + 1)), 0)


class Failing:
    """A storage that cannot delete yet."""

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage
        self.read, self.put = storage.read, storage.put

    async def delete(self, key: str) -> None:
        raise Killed


async def test_no_file_outlives_its_row(
    tenants: Tenants, tenant: Tenant, storage: ObjectStorage, listing: ErasureList, kept: None
) -> None:
    with pytest.raises(Killed):
        await erase_all(tenants, tenant, Failing(storage), listing)
    async with tenants.session(tenant, AGENCY) as session:
        keys = list(await session.scalars(text("SELECT storage_key FROM attachment")))
        assert ERASED not in set(await session.scalars(text("SELECT name FROM attachment")))
    await erase_all(tenants, tenant, storage, listing)
    for key in keys:
        with pytest.raises(ObjectMissing):
            [piece async for piece in storage.read(key)]


async def test_a_list_that_was_altered_or_is_anothers_is_not_believed(
    tenants: Tenants, tenant: Tenant, storage: ObjectStorage, kept: None, superuser: asyncpg.Connection
) -> None:
    places = open_storage("memory:")
    listing = ErasureList(places, secret=bytes(32))
    backup = await back_up(superuser, tenant)
    await erase_all(tenants, tenant, storage, listing)
    await restore(superuser, tenant, backup)
    with pytest.raises(ErasureListBroken):
        await reapply_tenant(tenants, tenant, storage, ErasureList(places, secret=b"\1" * 32))
    key = f"{tenant.id}/{1:012d}"
    whole = b"".join([piece async for piece in places.read(key)])

    async def altered() -> AsyncIterator[bytes]:
        yield whole.replace(b"ticket_texts", b"attachments ")

    await places.put(key, altered())
    with pytest.raises(ErasureListBroken):
        await reapply_tenant(tenants, tenant, storage, listing)
    assert await said(tenants, tenant) == {SAID}


async def test_a_list_that_ends_before_the_database_is_told_of(
    tenants: Tenants, tenant: Tenant, storage: ObjectStorage, listing: ErasureList, kept: None
) -> None:
    await erase_all(tenants, tenant, storage, listing)
    empty = ErasureList(open_storage("memory:"), secret=bytes(32))
    assert (await reapply_tenant(tenants, tenant, storage, empty)).lost


async def test_the_worker_erases_in_jobs_one_batch_each(
    database: Database, tenants: Tenants, tenant: Tenant, kept: None
) -> None:
    at = datetime.now().astimezone()
    async with tenants.session(tenant, AGENCY) as session:
        # As long ago as the longest period.
        await session.execute(text("UPDATE ticket SET closed_at = :at"), {"at": at - timedelta(days=366 * 11)})
        run = await begin_daily_run(session, at=at)
        await order(session, run.id)

    async def finished() -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            return await session.scalar(text("SELECT finished_at IS NOT NULL FROM erasure_run")) is True

    async with working(plan(database, [retention.erase], outside=outside())):
        await until(finished)
    assert await said(tenants, tenant) == {ERASED}


async def test_the_command_does_it_before_the_doors_open_and_keeps_them_shut_over_an_altered_list(
    database: Database,
    tenants: Tenants,
    tenant: Tenant,
    storage: ObjectStorage,
    kept: None,
    superuser: asyncpg.Connection,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "secret").write_text(database.secret.hex() + "\n")
    (tmp_path / "secret").chmod(0o600)
    settings = read_settings({"ANSHOU_DATA_DIR": str(tmp_path), "ANSHOU_DATABASE_URL": database.url})
    backup = await back_up(superuser, tenant)
    await erase_all(tenants, tenant, storage, ErasureList(open_storage(settings.erasures_url), secret=database.secret))
    await restore(superuser, tenant, backup)
    assert await erasures.main(Namespace(verb="reapply"), settings) == 0
    assert f"anhe: {len(GOES)} batches" in capsys.readouterr().out
    assert await said(tenants, tenant) == {ERASED}

    await restore(superuser, tenant, backup)
    first = tmp_path / "erasures" / str(tenant.id) / f"{1:012d}"
    first.write_text(first.read_text().replace("ticket_texts", "attachments "))
    assert await erasures.main(Namespace(verb="reapply"), settings) == 1
    assert "cannot be trusted" in capsys.readouterr().err
