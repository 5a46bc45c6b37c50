"""The auditor's pages: browsed, narrowed, proved, exported; a merchant keeps checkpoints and proves its own."""

import base64
import json
from uuid import UUID

import pytest
from sqlalchemy import select

from confidentiality.audit.checkpoints import CheckpointKey
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.audit.merkle import includes
from confidentiality.audit.tree import newest_checkpoint
from confidentiality.audit.verifying import verify
from confidentiality.audit.wire import read_leaf
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.confidentiality.audit.sealers import seal
from tests.database import Database
from tests.portal.visitor import Visitor


@pytest.fixture
async def sealed(anhe: Anhe, tenants: Tenants, tenant: Tenant, database: Database) -> None:
    """What settling the cast left in the record has its places."""
    await seal(tenants, database, tenant)


async def of_action(tenants: Tenants, tenant: Tenant, action: str) -> list[AuditLeaf]:
    async with tenants.session(tenant, AGENCY) as session:
        return list(await session.scalars(select(AuditLeaf).where(AuditLeaf.action == action).order_by(AuditLeaf.id)))


async def test_an_auditor_browses_and_narrows_the_record(visitor: Visitor, sealed: None, anhe: Anhe) -> None:
    await visitor.sign_in("auditor")
    await visitor.go("/audit")
    assert visitor.says("登录成功")
    assert visitor.says("合同版本生效")
    await visitor.go(f"/audit?action=contract.version_in_force&merchant={anhe.qinghe.id}")
    assert visitor.says("青禾食品")
    assert not visitor.says("203.0.113")
    await visitor.go("/audit?ticket=NOSUCH-1")
    assert visitor.says("没有符合条件的审计记录")


async def test_a_leaf_is_shown_with_its_proof_which_holds(
    visitor: Visitor, sealed: None, tenants: Tenants, tenant: Tenant, database: Database
) -> None:
    leaf = (await of_action(tenants, tenant, "contract.version_in_force"))[0]
    await visitor.sign_in("auditor")
    await visitor.go(f"/audit/{leaf.id}")
    assert visitor.says("已封存")
    assert visitor.says(leaf.leaf_hash.hex())
    await visitor.go(f"/audit/{leaf.id}/proof")
    told = json.loads(visitor.text)
    stated = CheckpointKey(database.secret, tenant.id).verifying.read(told["checkpoint"])
    computed = read_leaf(told["leaf"]).hash(UUID(told["tenant"]))
    hashes = [base64.b64decode(one) for one in told["proof"]]
    assert includes(computed, told["seq"], stated.size, hashes, stated.root)


async def test_a_leaf_that_waits_for_its_place_says_so(
    visitor: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    leaf = (await of_action(tenants, tenant, "contract.version_in_force"))[0]
    await visitor.sign_in("auditor")
    await visitor.go(f"/audit/{leaf.id}")
    assert visitor.says("等待封存")
    await visitor.go(f"/audit/{leaf.id}/proof")
    assert visitor.status == 404


async def test_the_export_is_sound_and_is_recorded_itself(
    visitor: Visitor, sealed: None, tenants: Tenants, tenant: Tenant
) -> None:
    await visitor.sign_in("auditor")
    await visitor.go("/audit/export")
    lines = visitor.text.splitlines()
    verdict = verify(lambda: iter(lines))
    assert verdict.finding is None
    assert verdict.size > 0
    assert len(await of_action(tenants, tenant, "audit.exported")) == 1


@pytest.mark.parametrize(
    ("login", "address"), [("auditor", "/audit/checkpoints"), ("yunshan-owner", "/my/data/checkpoints")]
)
async def test_checkpoints_are_taken_along_by_auditors_and_merchants(
    visitor: Visitor, sealed: None, tenant: Tenant, database: Database, tenants: Tenants, login: str, address: str
) -> None:
    key = CheckpointKey(database.secret, tenant.id).verifying
    async with tenants.session(tenant, AGENCY) as session:
        newest = await newest_checkpoint(session)
    assert newest is not None
    await visitor.sign_in(login)
    await visitor.go(address)
    assert visitor.says(str(key))
    await visitor.go(f"/audit/checkpoints/{newest.size}")
    assert key.read(visitor.text).size == newest.size
    await visitor.go(f"/audit/checkpoints/{newest.size + 1}")
    assert visitor.status == 404


async def test_a_merchant_proves_its_own_leaf_and_no_other(
    visitor: Visitor, sealed: None, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    leaves = {leaf.merchant_id: leaf for leaf in await of_action(tenants, tenant, "contract.version_in_force")}
    await visitor.sign_in("yunshan-owner")
    await visitor.go(f"/audit/{leaves[anhe.yunshan.id].id}/proof")
    assert visitor.status == 200
    await visitor.go(f"/audit/{leaves[anhe.qinghe.id].id}/proof")
    assert visitor.status == 404


@pytest.mark.parametrize("login", ["manager", "specialist", "supervisor", "finance", "admin", "yunshan-owner"])
async def test_nobody_else_reads_the_record(
    visitor: Visitor, sealed: None, login: str, tenants: Tenants, tenant: Tenant
) -> None:
    leaf = (await of_action(tenants, tenant, "contract.version_in_force"))[0]
    await visitor.sign_in(login)
    for address in ("/audit", f"/audit/{leaf.id}", "/audit/export"):
        await visitor.go(address)
        assert visitor.status == 403, address
