"""The sealer inside a worker: it finds who has leaves, publishes, and a worker that is killed loses nothing."""

import secrets
import signal
from dataclasses import replace
from pathlib import Path

import asyncpg

from anshou.worker import sealing
from anshou.worker.actors import ACTORS
from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.publishing import CheckpointFiles
from tenants.context import AGENCY
from tenants.jobs import enqueue
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.audit.sealers import leave, seal
from tests.database import Database
from tests.faults.test_killed_worker import start
from tests.worker.workshop import Kept, Ledger, outside, plan, until, working

KILLS = 4


async def test_a_worker_seals_and_publishes(
    tenants: Tenants, tenant: Tenant, other_tenant: Tenant, database: Database, ledger: Ledger, tmp_path: Path
) -> None:
    files = CheckpointFiles(tmp_path)
    key = CheckpointKey(database.secret, tenant.id).verifying

    async def published(size: int) -> bool:
        last = files.last(tenant.id)
        return last is not None and key.read(last).size == size and files.last(other_tenant.id) is not None

    async with working(plan(database, (), checkpoints=(files,))):
        await leave(tenants, tenant, 3)
        await leave(tenants, other_tenant)
        await until(published, 3)
        await leave(tenants, tenant, 2)
        await until(published, 5)


async def test_nobody_is_passed_over_when_more_wait_than_one_look_finds(
    tenants: Tenants, tenant: Tenant, other_tenant: Tenant, database: Database, ledger: Ledger
) -> None:
    sealer = sealing.Sealer(tenants, database.secret)
    before, sealing.MOST = sealing.MOST, 1
    try:
        await leave(tenants, tenant)
        await leave(tenants, other_tenant)
        assert await sealer.turn() == 2
    finally:
        sealing.MOST = before


async def test_a_worker_that_is_killed_while_it_seals_loses_no_leaf_and_places_none_twice(
    tenants: Tenants, tenant: Tenant, database: Database, ledger: Ledger
) -> None:
    superuser = await database.connect_as_superuser()
    left = 0
    for _ in range(KILLS):
        process = await start(database)
        for _ in range(6):
            await leave(tenants, tenant, 30)
            left += 30
            await _sometimes(superuser)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    process = await start(database)
    await until(_all_sealed, superuser, tenant, left)
    process.send_signal(signal.SIGTERM)
    await process.wait()
    places = f'SELECT count(*) = {left} AND max(seq) = {left - 1} FROM "{tenant.schema}".audit_sequence'
    assert await superuser.fetchval(places)
    await superuser.close()


async def _sometimes(superuser: asyncpg.Connection) -> None:
    await superuser.execute("SELECT pg_sleep($1)", secrets.randbelow(400) / 1000)


async def _all_sealed(superuser: asyncpg.Connection, tenant: Tenant, left: int) -> bool:
    sealed = await superuser.fetchval(f'SELECT max(size) FROM "{tenant.schema}".audit_checkpoint')
    return bool(sealed == left)


async def test_the_newest_checkpoint_is_mailed_to_who_keeps_it(
    tenants: Tenants, tenant: Tenant, database: Database, ledger: Ledger
) -> None:
    reach = replace(outside(), secret=database.secret, checkpoints_to=("archive@audit.example", "keeper@audit.example"))
    await leave(tenants, tenant, 3)
    await seal(tenants, database, tenant)
    async with working(plan(database, ACTORS, outside=reach)):
        async with tenants.session(tenant, AGENCY) as session:
            await enqueue(session, "audit.mail_checkpoint", {})
        await until(ledger.all_are, "done")
    assert isinstance(reach.mail, Kept)
    (letter,) = reach.mail.letters
    assert letter["To"] == "archive@audit.example, keeper@audit.example"
    (attached,) = letter.iter_attachments()
    assert CheckpointKey(database.secret, tenant.id).verifying.read(attached.get_content()).size == 3


async def test_nothing_is_mailed_where_nobody_keeps_it(
    tenants: Tenants, tenant: Tenant, database: Database, ledger: Ledger
) -> None:
    reach = outside()
    await leave(tenants, tenant, 3)
    await seal(tenants, database, tenant)
    async with working(plan(database, ACTORS, outside=reach)):
        async with tenants.session(tenant, AGENCY) as session:
            await enqueue(session, "audit.mail_checkpoint", {})
        await until(ledger.all_are, "done")
    assert isinstance(reach.mail, Kept)
    assert reach.mail.letters == []
