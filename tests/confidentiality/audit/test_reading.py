"""What a leaf says, who can open it, and that proofs hold whatever becomes of its key."""

import base64
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from confidentiality.audit.actions import action
from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.errors import CheckpointNotFound, LeafNotFound, LeafNotSealed
from confidentiality.audit.leaves import record
from confidentiality.audit.merkle import extends, includes
from confidentiality.audit.reading import (
    LeafFilter,
    list_checkpoints,
    list_leaves,
    prove_extension,
    prove_leaf,
    read_bodies,
    visible_leaf,
)
from confidentiality.audit.wire import read_leaf
from confidentiality.errors import SealBroken
from confidentiality.keys.vault import Vault
from tenants.base import new_id
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.audit.sealers import NOW, SOMEBODY, TRIED, leave, seal
from tests.database import Database

pytestmark = pytest.mark.usefixtures("wiped")

TOLD = action("tests.told", "说了什么")


async def tell(tenants: Tenants, tenant: Tenant, owner: UUID | None, **body: object) -> UUID:
    async with tenants.session(tenant, AGENCY) as session:
        return (await record(session, TOLD, actor=SOMEBODY, at=NOW, owner=owner, body=body)).leaf_id


async def test_a_body_is_sealed_for_the_merchant_and_read_by_the_agency_and_by_it(
    tenants: Tenants, tenant: Tenant
) -> None:
    merchant = new_id()
    leaf_id = await tell(tenants, tenant, merchant, why="退换货")
    for context in (AGENCY, Context("merchant", person=new_id(), merchant=merchant)):
        async with tenants.session(tenant, context) as session:
            leaf = await visible_leaf(session, leaf_id)
            assert leaf.sealed_for == merchant
            assert "退换货".encode() not in leaf.body
            assert await read_bodies(session, [leaf]) == {leaf_id: {"actor": "沈清", "why": "退换货"}}
    async with tenants.session(tenant, Context("merchant", person=new_id(), merchant=new_id())) as session:
        with pytest.raises(LeafNotFound):
            await visible_leaf(session, leaf_id)


async def test_what_concerns_no_merchant_is_sealed_for_the_agency(tenants: Tenants, tenant: Tenant) -> None:
    leaf_id = await tell(tenants, tenant, None, why="x")
    async with tenants.session(tenant, AGENCY) as session:
        assert (await visible_leaf(session, leaf_id)).sealed_for == tenant.id


async def test_a_body_moved_to_another_leaf_does_not_open(
    tenants: Tenants, tenant: Tenant, superuser: asyncpg.Connection
) -> None:
    merchant = new_id()
    one, other = await tell(tenants, tenant, merchant, n=1), await tell(tenants, tenant, merchant, n=2)
    await superuser.execute(
        "UPDATE audit_leaf SET body = (SELECT body FROM audit_leaf WHERE id = $1) WHERE id = $2", one, other
    )
    async with tenants.session(tenant, AGENCY) as session:
        leaf = await visible_leaf(session, other)
        with pytest.raises(SealBroken):
            await read_bodies(session, [leaf])


async def test_a_destroyed_key_takes_the_body_and_leaves_the_proof(
    tenants: Tenants, tenant: Tenant, database: Database, superuser: asyncpg.Connection, vault: Vault
) -> None:
    merchant = new_id()
    leaf_id = await tell(tenants, tenant, merchant, why="secret")
    await seal(tenants, database, tenant)
    await superuser.execute(
        "UPDATE merchant_key SET state = 'destroyed', wrapped = NULL, destroyed_at = now() WHERE owner_id = $1",
        merchant,
    )
    vault.forget(tenant.id, merchant, destroyed=True)
    after = await tell(tenants, tenant, merchant, why="key destroyed")
    async with tenants.session(tenant, AGENCY) as session:
        leaf = await visible_leaf(session, leaf_id)
        assert await read_bodies(session, [leaf]) == {leaf_id: None}
        proof = await prove_leaf(session, leaf)
        assert includes(leaf.leaf_hash, proof.seq, proof.checkpoint.size, proof.hashes, proof.checkpoint.root)
        later = await visible_leaf(session, after)
        assert later.sealed_for == tenant.id, "what is done afterwards is still recorded, under the agency's key"


async def test_a_leaf_is_proved_by_what_another_program_would_be_given(
    tenants: Tenants, tenant: Tenant, database: Database
) -> None:
    receipts = await leave(tenants, tenant, 300) + await leave(tenants, tenant, 270)
    await seal(tenants, database, tenant)
    receipts += await leave(tenants, tenant, 3)
    await seal(tenants, database, tenant)
    key = CheckpointKey(database.secret, tenant.id).verifying
    async with tenants.session(tenant, AGENCY) as session:
        for seq in (0, 1, 255, 256, 511, 512, 569, 570, 572):
            told = (await prove_leaf(session, await visible_leaf(session, receipts[seq].leaf_id))).told(
                tenant.id, str(key)
            )
            stated = key.read(told["checkpoint"])
            hashes = [base64.b64decode(one) for one in told["proof"]]
            computed = read_leaf(told["leaf"]).hash(UUID(told["tenant"]))
            assert computed == receipts[seq].leaf_hash
            assert told["seq"] == seq
            assert includes(computed, seq, stated.size, hashes, stated.root)


async def test_checkpoints_are_proved_to_extend_each_other(
    tenants: Tenants, tenant: Tenant, database: Database
) -> None:
    for count in (3, 260, 1, 300):
        await leave(tenants, tenant, count)
        await seal(tenants, database, tenant)
    key = CheckpointKey(database.secret, tenant.id).verifying
    async with tenants.session(tenant, AGENCY) as session:
        sizes = [one.size for one in reversed(await list_checkpoints(session))]
        assert sizes == [3, 263, 264, 564]
        for first in sizes:
            for second in sizes[sizes.index(first) :]:
                hashes, notes = await prove_extension(session, first, second)
                older, newer = (key.read(note) for note in notes)
                assert extends(first, second, hashes, older.root, newer.root)
        with pytest.raises(CheckpointNotFound):
            await prove_extension(session, 4, 264)


async def test_a_merchant_proves_its_own_leaf(tenants: Tenants, tenant: Tenant, database: Database) -> None:
    merchant = new_id()
    await leave(tenants, tenant, 5)
    (own,) = await leave(tenants, tenant, owner=merchant)
    await leave(tenants, tenant, 5)
    await seal(tenants, database, tenant)
    async with tenants.session(tenant, Context("merchant", person=new_id(), merchant=merchant)) as session:
        proof = await prove_leaf(session, await visible_leaf(session, own.leaf_id))
        assert proof.seq == 5
        assert includes(own.leaf_hash, 5, 11, proof.hashes, proof.checkpoint.root)


async def test_a_leaf_without_a_place_has_no_proof_yet(tenants: Tenants, tenant: Tenant) -> None:
    (receipt,) = await leave(tenants, tenant)
    async with tenants.session(tenant, AGENCY) as session:
        with pytest.raises(LeafNotSealed):
            await prove_leaf(session, await visible_leaf(session, receipt.leaf_id))


async def test_leaves_are_found_by_what_they_say(tenants: Tenants, tenant: Tenant) -> None:
    merchant, ticket, subject = new_id(), new_id(), new_id()
    (about,) = await leave(tenants, tenant, owner=merchant, ticket=ticket, subject=subject)
    told = await tell(tenants, tenant, None)
    many = await leave(tenants, tenant, 5)
    async with tenants.session(tenant, AGENCY) as session:

        async def found(wanted: LeafFilter, **page: object) -> list[UUID]:
            return [leaf.id for leaf in await list_leaves(session, wanted, **page)]  # type: ignore[arg-type]

        for one in (LeafFilter(merchant=merchant), LeafFilter(ticket=ticket), LeafFilter(subject=subject)):
            assert await found(one) == [about.leaf_id]
        assert await found(LeafFilter(action=TOLD.code)) == [told]
        assert len(await found(LeafFilter(actor=SOMEBODY.id, action=TRIED.code))) == 6
        assert await found(LeafFilter(actor=new_id())) == []
        assert await found(LeafFilter(since=NOW + timedelta(seconds=1))) == []
        assert await found(LeafFilter(until=NOW)) == []
        newest_first = [one.leaf_id for one in reversed(many)] + [told, about.leaf_id]
        assert await found(LeafFilter(since=NOW)) == newest_first
        assert await found(LeafFilter(), before=newest_first[2], limit=3) == newest_first[3:6]
