"""Whatever the database's administrator does to the record is found, and named by place and leaf."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from confidentiality.audit.checkpoints import CheckpointKey, VerifyingKey
from confidentiality.audit.exporting import export_lines
from confidentiality.audit.leaves import Receipt
from confidentiality.audit.publishing import CheckpointFiles
from confidentiality.audit.verifying import Fault, Finding, Verdict, verify
from confidentiality.audit.wire import read_leaf
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.audit.sealers import leave, seal
from tests.database import Database

pytestmark = pytest.mark.usefixtures("wiped")

FORGED = "decode(repeat('ab', 32), 'hex')"


class Desk:
    """A record of ten leaves under two checkpoints, both published, and whoever checks it."""

    def __init__(self, tenants: Tenants, database: Database, tenant: Tenant, files: CheckpointFiles) -> None:
        self._tenants = tenants
        self._database = database
        self._tenant = tenant
        self.files = files
        self.receipts: list[Receipt] = []

    @property
    def key(self) -> VerifyingKey:
        return CheckpointKey(self._database.secret, self._tenant.id).verifying

    @property
    def published(self) -> list[str]:
        return self.files.notes(self._tenant.id)

    async def leave(self, count: int) -> None:
        self.receipts += await leave(self._tenants, self._tenant, count)
        await seal(self._tenants, self._database, self._tenant, self.files)

    async def export(self) -> list[str]:
        async with self._tenants.session(self._tenant, AGENCY) as session:
            return [line async for line in export_lines(session, str(self.key))]

    async def check(self, published: Sequence[str] = ()) -> Verdict:
        lines = await self.export()
        return verify(lambda: iter(lines), published=published, key=self.key)

    async def found(self, published: Sequence[str] = ()) -> Finding:
        finding = (await self.check(published)).finding
        assert finding is not None
        return finding

    def id(self, seq: int) -> UUID:
        return self.receipts[seq].leaf_id


@pytest.fixture
async def desk(tenants: Tenants, database: Database, tenant: Tenant, tmp_path: Path) -> Desk:
    made = Desk(tenants, database, tenant, CheckpointFiles(tmp_path))
    await made.leave(6)
    await made.leave(4)
    return made


async def test_a_record_that_nobody_touched_is_sound(desk: Desk) -> None:
    verdict = await desk.check(desk.published)
    assert verdict.finding is None
    assert (verdict.size, verdict.checkpoints, verdict.outside) == (10, 2, 2)


@pytest.mark.parametrize(
    "change",
    [
        'body = convert_to(\'{"actor":"","n":7}\', \'UTF8\')',
        "at = at + interval '1 microsecond'",
        "action = 'tests.another'",
        "actor_id = gen_random_uuid()",
        "actor_side = 'merchant'",
        "merchant_id = gen_random_uuid()",
        "subject_id = gen_random_uuid()",
        "ticket_id = gen_random_uuid()",
        "sealed_for = gen_random_uuid()",
        f"leaf_hash = {FORGED}",
    ],
)
async def test_an_altered_leaf_is_named(desk: Desk, superuser: asyncpg.Connection, change: str) -> None:
    await superuser.execute(f"UPDATE audit_leaf SET {change} WHERE id = $1", desk.id(7))
    finding = await desk.found()
    assert (finding.fault, finding.seq, finding.leaf_id) == (Fault.ALTERED, 7, desk.id(7))


async def test_the_first_of_several_altered_leaves_is_named(desk: Desk, superuser: asyncpg.Connection) -> None:
    await superuser.execute("UPDATE audit_leaf SET action = 'x' WHERE id IN ($1, $2)", desk.id(8), desk.id(3))
    assert (await desk.found()).seq == 3


async def test_a_removed_leaf_is_named(desk: Desk, superuser: asyncpg.Connection) -> None:
    await superuser.execute("DELETE FROM audit_leaf WHERE id = $1", desk.id(4))
    finding = await desk.found()
    assert (finding.fault, finding.seq, finding.leaf_id) == (Fault.REMOVED, 4, desk.id(4))


async def test_a_leaf_removed_with_its_place_is_named(desk: Desk, superuser: asyncpg.Connection) -> None:
    await superuser.execute("DELETE FROM audit_leaf WHERE id = $1", desk.id(4))
    await superuser.execute("DELETE FROM audit_sequence WHERE seq = 4")
    assert (await desk.found()).fault is Fault.REMOVED
    await superuser.execute("DELETE FROM audit_hash WHERE height = 0 AND position = 4")
    finding = await desk.found()
    assert (finding.fault, finding.seq) == (Fault.REMOVED, 4)


async def test_a_removed_leaf_is_named_although_the_others_moved_up(desk: Desk, superuser: asyncpg.Connection) -> None:
    await superuser.execute("DELETE FROM audit_leaf WHERE id = $1", desk.id(4))
    await superuser.execute("DELETE FROM audit_sequence WHERE seq = 4")
    for seq in range(5, 10):
        await superuser.execute("UPDATE audit_sequence SET seq = seq - 1 WHERE seq = $1", seq)
    finding = await desk.found()
    assert (finding.fault, finding.seq) == (Fault.REMOVED, 4)


async def test_an_inserted_leaf_is_named(desk: Desk, superuser: asyncpg.Connection) -> None:
    for seq in range(9, 4, -1):
        await superuser.execute("UPDATE audit_sequence SET seq = seq + 1 WHERE seq = $1", seq)
    made = UUID(int=7)
    await superuser.execute(
        "INSERT INTO audit_leaf (id, at, action, actor_id, actor_side, body, leaf_hash) "
        "SELECT $1, at, action, actor_id, actor_side, body, leaf_hash FROM audit_leaf WHERE id = $2",
        made,
        desk.id(5),
    )
    await superuser.execute("INSERT INTO audit_sequence VALUES (5, $1)", made)
    finding = await desk.found()
    assert (finding.fault, finding.seq, finding.leaf_id) == (Fault.INSERTED, 5, made)


async def test_reordered_leaves_are_named(desk: Desk, superuser: asyncpg.Connection) -> None:
    await superuser.execute("DELETE FROM audit_sequence WHERE seq IN (2, 8)")
    await superuser.execute("INSERT INTO audit_sequence VALUES (2, $1), (8, $2)", desk.id(8), desk.id(2))
    finding = await desk.found()
    assert (finding.fault, finding.seq, finding.leaf_id) == (Fault.REORDERED, 2, desk.id(8))
    assert "seq 8" in finding.told


async def test_a_record_written_anew_throughout_meets_its_own_signature(
    desk: Desk, superuser: asyncpg.Connection, tenant: Tenant
) -> None:
    """Leaf, its hash and the tree agree; only the checkpoint says that something else was there."""
    lines = await desk.export()
    place = next(line for line in map(json.loads, lines) if line.get("seq") == 8)
    content = replace(read_leaf(place["leaf"]), action="tests.another")
    hashed = content.hash(tenant.id)
    await superuser.execute(
        "UPDATE audit_leaf SET action = $2, leaf_hash = $3 WHERE id = $1", desk.id(8), content.action, hashed
    )
    await superuser.execute("UPDATE audit_hash SET hash = $1 WHERE height = 0 AND position = 8", hashed)
    finding = await desk.found()
    assert (finding.fault, finding.seq) == (Fault.REWRITTEN, 6)
    assert "from seq 6 to 9" in finding.told


async def test_a_cut_off_end_is_seen_by_what_was_published(desk: Desk, superuser: asyncpg.Connection) -> None:
    published = desk.published
    await superuser.execute(
        "DELETE FROM audit_checkpoint WHERE size = 10; DELETE FROM audit_sequence WHERE seq >= 6;"
        "DELETE FROM audit_hash WHERE position >= 6 AND height = 0;"
        "DELETE FROM audit_leaf WHERE id NOT IN (SELECT leaf_id FROM audit_sequence)"
    )
    assert (await desk.check()).sound, "a restored older state is sound in itself"
    finding = await desk.found(published)
    assert (finding.fault, finding.seq) == (Fault.ROLLED_BACK, 6)


async def test_a_restored_state_that_went_on_is_seen_as_a_fork(desk: Desk, superuser: asyncpg.Connection) -> None:
    published = desk.published
    await superuser.execute(
        "DELETE FROM audit_checkpoint WHERE size = 10; DELETE FROM audit_sequence WHERE seq >= 6;"
        "DELETE FROM audit_hash WHERE position >= 6 AND height = 0;"
        "DELETE FROM audit_leaf WHERE id NOT IN (SELECT leaf_id FROM audit_sequence)"
    )
    await desk.leave(6)
    assert (await desk.check()).sound
    finding = await desk.found(published)
    assert (finding.fault, finding.seq) == (Fault.FORKED, 6)


async def test_a_removed_or_altered_checkpoint_is_seen(desk: Desk, superuser: asyncpg.Connection) -> None:
    kept = await superuser.fetchrow("SELECT * FROM audit_checkpoint WHERE size = 6")
    await superuser.execute("DELETE FROM audit_checkpoint WHERE size = 6")
    assert (await desk.found()).fault is Fault.CHECKPOINT
    await superuser.execute("INSERT INTO audit_checkpoint VALUES ($1, $2, $3, $4, $5)", *kept)
    assert (await desk.check()).sound
    await superuser.execute("UPDATE audit_checkpoint SET note = replace(note, 'time 20', 'time 19')")
    assert (await desk.found()).fault is Fault.CHECKPOINT


async def test_a_truncated_or_garbled_export_is_not_sound(desk: Desk) -> None:
    lines = await desk.export()
    for broken in (lines[:-1], lines[:5], lines[1:], [], [*lines, lines[3]], [*lines[:4], "{", *lines[4:]]):
        assert not verify(lambda broken=broken: iter(broken)).sound  # type: ignore[misc]
    for dropped in range(1, len(lines)):
        assert not verify(lambda at=dropped: iter([*lines[:at], *lines[at + 1 :]])).sound  # type: ignore[misc]


async def test_an_export_under_another_key_is_not_believed(desk: Desk) -> None:
    lines = await desk.export()
    other = CheckpointKey(bytes(32), UUID(int=1)).verifying
    finding = verify(lambda: iter(lines), key=other).finding
    assert finding is not None
    assert finding.fault is Fault.CHECKPOINT
