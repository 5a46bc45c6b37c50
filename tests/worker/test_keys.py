"""The worker seals anew after a rotation, and destroys a key when its time has come."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from anshou.consumers.reading import show_records
from anshou.consumers.recording import add_record
from anshou.consumers.records import ConsumerRecord
from anshou.privacy.key_keeping import (
    DestructionRequest,
    approve_destruction,
    propose_destruction,
    rotate_keys,
)
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.worker.actors import ACTORS
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.key_rows import KeyState, OwnerKey
from confidentiality.keys.row_versions import count_versions
from confidentiality.keys.vault import Vault, open_keys
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.consumers.samples import card
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.workshop import Ledger, plan, until, working

RECORDS = 3


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """安和 with a ticket that carries consumer records, committed."""
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    async with tenants.session(tenant, cast.owner.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, shop=cast.yunshan.shop_id)
        ticket = await open_ticket(session, stated, by=cast.owner, at=NOW)
        for _ in range(RECORDS):
            await add_record(session, ticket, card(), by=cast.owner, at=NOW)
    return cast


async def test_after_a_rotation_the_worker_seals_every_record_anew(
    anhe: Anhe, tenants: Tenants, tenant: Tenant, database: Database, vault: Vault, ledger: Ledger
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        await rotate_keys(session, anhe.yunshan.id, by=anhe.admin, at=datetime.now(UTC))

    async def all_anew() -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            return await count_versions(session, ConsumerRecord, anhe.yunshan.id) == {2: RECORDS}

    async with working(plan(database, ACTORS)):
        await until(all_anew)
    vault.forget(tenant.id, anhe.yunshan.id)
    async with tenants.session(tenant, AGENCY) as session:
        ring = await open_keys(session, anhe.yunshan.id)
        for record in await session.scalars(select(ConsumerRecord)):
            assert record.phone is not None
            assert ring.open(record.phone) == card().phone


async def test_a_destruction_is_carried_out_when_its_time_has_come(
    anhe: Anhe, tenants: Tenants, tenant: Tenant, database: Database, vault: Vault, ledger: Ledger
) -> None:
    merchant, approved_at = anhe.yunshan.id, datetime.now(UTC) - timedelta(days=7, seconds=1)
    async with tenants.session(tenant, AGENCY) as session:
        request = DestructionRequest(reason="合同终止，商家来函要求销毁")
        made = await propose_destruction(session, merchant, request, by=anhe.admin, at=approved_at)
        await session.flush()
        await approve_destruction(session, made.id, by=anhe.executive, at=approved_at)

    async def is_destroyed() -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            state = await session.scalar(select(OwnerKey.state).where(OwnerKey.owner_id == merchant))
            return state is KeyState.DESTROYED

    async with working(plan(database, ACTORS)):
        await until(is_destroyed)
    vault.forget(tenant.id, merchant)
    async with tenants.session(tenant, AGENCY) as session:
        with pytest.raises(KeyDestroyed):
            await open_keys(session, merchant)
        records = list(await session.scalars(select(ConsumerRecord)))
        shown = await show_records(session, records, merchant_id=merchant, to=anhe.account_manager)
        assert [one.is_readable for one in shown] == [False] * RECORDS
        said = await session.scalars(text("SELECT action FROM audit_leaf WHERE action LIKE 'keys.d%' ORDER BY id"))
        assert list(said) == ["keys.destruction_proposed", "keys.destruction_approved", "keys.destroyed"]
