"""The sealer: every leaf gets a place, late ones too, and what was signed is never signed over when it was altered."""

import asyncio
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from anshou.worker.sealing import Sealer
from confidentiality.audit import sealing
from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.errors import TreeTampered
from confidentiality.audit.leaves import AuditLeaf, record, write_leaves
from confidentiality.audit.merkle import root_of
from confidentiality.audit.own_actions import HISTORY_FORKED
from confidentiality.audit.publishing import CheckpointFiles
from confidentiality.audit.sealing import seal_batch
from confidentiality.audit.tree import AuditCheckpoint, AuditHash, AuditSequence
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.audit.sealers import NOW, PATIENCE_SECONDS, SOMEBODY, TRIED, leave, once, seal
from tests.database import Database

pytestmark = pytest.mark.usefixtures("wiped")


async def sequence(tenants: Tenants, tenant: Tenant) -> list[UUID]:
    """The ids of the leaves in their places; fails on a gap."""
    async with tenants.session(tenant, AGENCY) as session:
        rows = (await session.execute(select(AuditSequence.seq, AuditSequence.leaf_id).order_by("seq"))).all()
    assert [row.seq for row in rows] == list(range(len(rows)))
    return [row.leaf_id for row in rows]


async def checkpoints(tenants: Tenants, tenant: Tenant) -> list[AuditCheckpoint]:
    async with tenants.session(tenant, AGENCY) as session:
        return list(await session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.size)))


async def settled(database: Database) -> None:
    """Wait until no transaction of the server, of other tests' databases either, is older than now."""
    connection = await database.connect_as_superuser()
    try:
        mine = await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        async with asyncio.timeout(PATIENCE_SECONDS):
            oldest = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            # Nothing on the server tells when a transaction ends.
            while await connection.fetchval(oldest) < mine:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


async def hints(superuser: asyncpg.Connection) -> int:
    count: int = await superuser.fetchval("SELECT count(*) FROM control.audit_hint")
    return count


async def test_leaves_get_places_and_a_signed_root(
    tenants: Tenants, database: Database, tenant: Tenant, superuser: asyncpg.Connection
) -> None:
    receipts = await leave(tenants, tenant, 3) + await leave(tenants, tenant, 300)
    await seal(tenants, database, tenant)
    assert await sequence(tenants, tenant) == [receipt.leaf_id for receipt in receipts]
    (made,) = await checkpoints(tenants, tenant)
    stated = CheckpointKey(database.secret, tenant.id).verifying.read(made.note)
    assert (stated.size, stated.root) == (303, root_of(receipt.leaf_hash for receipt in receipts))
    async with tenants.session(tenant, AGENCY) as session:
        above = (await session.scalars(select(AuditHash).where(AuditHash.height > 0))).one()
    assert (above.height, above.position) == (8, 0)
    assert above.hash == root_of(receipt.leaf_hash for receipt in receipts[:256])
    assert await hints(superuser) == 0


async def test_the_tree_grows_from_what_was_signed_before(tenants: Tenants, database: Database, tenant: Tenant) -> None:
    receipts = []
    for _ in range(4):
        receipts += await leave(tenants, tenant, 3)
        await seal(tenants, database, tenant)
    made = await checkpoints(tenants, tenant)
    assert [one.size for one in made] == [3, 6, 9, 12]
    key = CheckpointKey(database.secret, tenant.id).verifying
    read = [key.read(one.note) for one in made]
    assert [one.previous for one in read[1:]] == [one.digest() for one in read[:-1]]
    for one in read:
        assert one.root == root_of(receipt.leaf_hash for receipt in receipts[: one.size])


async def test_many_leaves_are_sealed_in_batches(
    tenants: Tenants, database: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 7)
    receipts = await leave(tenants, tenant, 10) + await leave(tenants, tenant, 10)
    await seal(tenants, database, tenant)
    assert await sequence(tenants, tenant) == [receipt.leaf_id for receipt in receipts]
    assert [one.size for one in await checkpoints(tenants, tenant)] == [7, 14, 20]


async def test_what_commits_late_is_not_lost(
    tenants: Tenants, database: Database, tenant: Tenant, superuser: asyncpg.Connection
) -> None:
    """A transaction that wrote its leaf first and commits last holds the others back, and all get places."""
    written, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> UUID:
        async with tenants.session(tenant, AGENCY) as session:
            receipt = await record(session, TRIED, actor=SOMEBODY, at=NOW)
            await write_leaves(session)
            written.set()
            await go_on.wait()
        return receipt.leaf_id

    early = await leave(tenants, tenant)
    await seal(tenants, database, tenant)
    running = asyncio.create_task(slow())
    await written.wait()
    meanwhile = await leave(tenants, tenant, 2)
    await once(tenants, database, tenant)
    assert await sequence(tenants, tenant) == [early[0].leaf_id]
    assert await hints(superuser) > 0, "the hint of what waits behind the open transaction must stay"
    go_on.set()
    late = await running
    await seal(tenants, database, tenant)
    assert await sequence(tenants, tenant) == [early[0].leaf_id, late, *(one.leaf_id for one in meanwhile)]
    assert await hints(superuser) == 0


async def test_leaves_of_a_tenant_that_came_from_another_server_get_places(
    tenants: Tenants, database: Database, tenant: Tenant, superuser: asyncpg.Connection
) -> None:
    """Numbers of transactions begin elsewhere there: some are beyond what this server has come to."""
    far = 2**40
    (moved,) = await leave(tenants, tenant)
    await superuser.execute("UPDATE audit_leaf SET xid = $1", far)
    await superuser.execute("UPDATE control.audit_hint SET xid = $1", far)
    (own,) = await leave(tenants, tenant)
    await seal(tenants, database, tenant)
    assert set(await sequence(tenants, tenant)) == {moved.leaf_id, own.leaf_id}


async def test_of_two_sealers_one_seals_and_the_other_passes_by(
    tenants: Tenants, database: Database, tenant: Tenant
) -> None:
    for _ in range(5):
        await leave(tenants, tenant, 40)
        await asyncio.gather(*(once(tenants, database, tenant) for _ in range(3)))
    await seal(tenants, database, tenant)
    assert len(await sequence(tenants, tenant)) == 200
    assert (await checkpoints(tenants, tenant))[-1].size == 200


async def test_even_without_the_lock_two_sealers_give_no_place_twice(
    tenants: Tenants, database: Database, tenant: Tenant
) -> None:
    await leave(tenants, tenant, 50)
    await settled(database)
    key = CheckpointKey(database.secret, tenant.id)

    async def at_once() -> None:
        async with tenants.session(tenant, AGENCY) as session:
            await seal_batch(session, key, since=0, at=NOW)

    outcomes = await asyncio.gather(at_once(), at_once(), return_exceptions=True)
    assert [type(one) for one in outcomes if one is not None] in ([], [IntegrityError])
    assert len(await sequence(tenants, tenant)) == 50
    assert [one.size for one in await checkpoints(tenants, tenant)] == [50]


async def test_a_sealer_that_dies_leaves_nothing_half_done(
    tenants: Tenants, database: Database, tenant: Tenant, superuser: asyncpg.Connection
) -> None:
    await leave(tenants, tenant, 5)
    await settled(database)
    key = CheckpointKey(database.secret, tenant.id)
    with pytest.raises(KeyboardInterrupt):
        async with tenants.session(tenant, AGENCY) as session:
            assert (await seal_batch(session, key, since=0, at=NOW)).count == 5
            raise KeyboardInterrupt
    assert await sequence(tenants, tenant) == []
    # And one that dies after the tree was committed, before the hints were taken away.
    async with tenants.session(tenant, AGENCY) as session:
        await seal_batch(session, key, since=0, at=NOW)
    assert await hints(superuser) > 0
    await seal(tenants, database, tenant)
    assert len(await sequence(tenants, tenant)) == 5
    assert await hints(superuser) == 0


async def test_the_worker_finds_the_tenants_that_have_leaves(
    tenants: Tenants, database: Database, tenant: Tenant, other_tenant: Tenant
) -> None:
    await leave(tenants, tenant)
    await leave(tenants, other_tenant)
    sealer = Sealer(tenants, database.secret)
    await settled(database)
    assert await sealer.turn() == 2
    assert await sealer.turn() == 0
    assert len(await sequence(tenants, tenant)) == len(await sequence(tenants, other_tenant)) == 1


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE audit_checkpoint SET frontier = decode(repeat('ab', 32), 'hex')",
        "UPDATE audit_checkpoint SET note = replace(note, 'time 20', 'time 19')",
    ],
)
async def test_what_was_altered_behind_it_is_not_signed_again(
    tenants: Tenants, database: Database, tenant: Tenant, superuser: asyncpg.Connection, forged: str
) -> None:
    await leave(tenants, tenant)
    await seal(tenants, database, tenant)
    await superuser.execute(forged)
    await leave(tenants, tenant)
    await settled(database)
    with pytest.raises(TreeTampered):
        await seal(tenants, database, tenant)
    sealer = Sealer(tenants, database.secret)
    await sealer.turn()
    assert await superuser.fetchval("SELECT failure FROM control.audit_sealing") == "TreeTampered"


async def test_checkpoints_are_published_outside_the_database(
    tenants: Tenants, database: Database, tenant: Tenant, tmp_path: Path
) -> None:
    files = CheckpointFiles(tmp_path)
    for _ in range(3):
        await leave(tenants, tenant)
        await seal(tenants, database, tenant, files)
    assert files.notes(tenant.id) == [one.note for one in await checkpoints(tenants, tenant)]
    assert files.last(tenant.id) == files.notes(tenant.id)[-1]


async def test_a_restored_older_state_is_noticed_and_recorded_as_a_fork(
    tenants: Tenants, database: Database, tenant: Tenant, superuser: asyncpg.Connection, tmp_path: Path
) -> None:
    files = CheckpointFiles(tmp_path)
    await leave(tenants, tenant, 2)
    await seal(tenants, database, tenant, files)
    await leave(tenants, tenant, 2)
    await seal(tenants, database, tenant, files)
    await superuser.execute(
        "DELETE FROM audit_checkpoint WHERE size = 4; DELETE FROM audit_sequence WHERE seq >= 2;"
        "DELETE FROM audit_hash WHERE position >= 2; DELETE FROM audit_leaf WHERE id NOT IN "
        "(SELECT leaf_id FROM audit_sequence)"
    )
    await leave(tenants, tenant)
    await seal(tenants, database, tenant, files)
    async with tenants.session(tenant, AGENCY) as session:
        forked = await session.scalars(select(AuditLeaf).where(AuditLeaf.action == HISTORY_FORKED.code))
        assert b'"size":4' in forked.one().body
