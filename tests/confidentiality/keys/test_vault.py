"""The way from an owner to their key ring, on real rows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.errors import KeyDestroyed, KeysClosed, SealBroken
from confidentiality.keys.errors import KeyStoreWrong
from confidentiality.keys.key_rows import DataKey, OwnerKey
from confidentiality.keys.memory_kms import MemoryKms
from confidentiality.keys.vault import CARRIED_AS, Vault, open_keys
from tenants.base import new_id
from tenants.context import AGENCY, Context
from tenants.errors import TenantSuspended
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants
from tests.database import Database

PLACE = {"table": "consumer", "column": "phone", "row": UUID(int=7)}
ActAs = Callable[[Context], Awaitable[None]]


@pytest.fixture
async def elsewhere(database: Database) -> AsyncIterator[Tenants]:
    """Another process with the same store of keys."""
    opened = Tenants(database.url, secret=database.secret, carry={CARRIED_AS: database.open_vault()})
    yield opened
    await opened.close()


async def test_the_first_use_makes_the_keys_and_every_process_opens_with_them(
    session: AsyncSession, elsewhere: Tenants, tenant: Tenant
) -> None:
    merchant = new_id()
    sealed = (await open_keys(session, merchant)).seal_bytes(b"13812341234", **PLACE)
    async with elsewhere.session(tenant, AGENCY) as other:
        assert (await open_keys(other, merchant)).open_bytes(sealed, **PLACE) == b"13812341234"


async def test_keys_outlive_the_transaction_that_first_asked_for_them(tenants: Tenants, tenant: Tenant) -> None:
    merchant = new_id()
    with pytest.raises(ZeroDivisionError):
        async with tenants.session(tenant, AGENCY) as session:
            await open_keys(session, merchant)
            raise ZeroDivisionError
    async with tenants.session(tenant, AGENCY) as session:
        kept = await session.scalar(select(func.count()).where(OwnerKey.owner_id == merchant))
        assert kept == 1


async def test_many_at_once_in_two_processes_make_one_key(
    tenants: Tenants, elsewhere: Tenants, tenant: Tenant, database: Database
) -> None:
    merchant = new_id()
    before = len(list((database.keys / "store").glob("*.key")))

    async def sealed_by(these: Tenants) -> bytes:
        async with these.session(tenant, AGENCY) as session:
            return (await open_keys(session, merchant)).seal_bytes(b"text", **PLACE)

    texts = await asyncio.gather(*(sealed_by(these) for these in (tenants, elsewhere) * 4))
    async with tenants.session(tenant, AGENCY) as session:
        ring = await open_keys(session, merchant)
        assert {ring.open_bytes(sealed, **PLACE) for sealed in texts} == {b"text"}
        assert await session.scalar(select(func.count()).where(DataKey.owner_id == merchant)) == 2
    # What the slower one had made is gone again.
    assert len(list((database.keys / "store").glob("*.key"))) == before + 1


async def test_two_owners_keys_do_not_open_each_others(session: AsyncSession, tenant: Tenant) -> None:
    first, second = await open_keys(session, new_id()), await open_keys(session, new_id())
    own = await open_keys(session, tenant.id)
    sealed = first.seal_bytes(b"text", **PLACE)
    for ring in (second, own):
        with pytest.raises(SealBroken):
            ring.open_bytes(sealed, **PLACE)


async def test_keys_are_kept_in_memory_for_a_while_only(database: Database, tenant: Tenant) -> None:
    merchant = new_id()
    brief = Vault(database.open_vault().kms, clock=database.now, hold=2)
    processes = Tenants(database.url, secret=database.secret, carry={CARRIED_AS: brief})
    async with processes.session(tenant, AGENCY) as session:
        first = await open_keys(session, merchant)
        assert await open_keys(session, merchant) is first
        await asyncio.sleep(2.1)
        assert await open_keys(session, merchant) is not first
    await processes.close()


async def test_no_other_context_reaches_the_wrapped_keys(session: AsyncSession, act_as: ActAs) -> None:
    merchant = new_id()
    await act_as(Context("merchant", person=new_id(), merchant=merchant))
    await open_keys(session, merchant)
    for table in ("merchant_key", "data_key"):
        assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    await act_as(Context("staff", person=new_id()))
    for table in ("merchant_key", "data_key"):
        assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_a_merchants_transaction_opens_no_other_merchants_keys(
    session: AsyncSession, act_as: ActAs, tenant: Tenant
) -> None:
    await act_as(Context("merchant", person=new_id(), merchant=new_id()))
    with pytest.raises(KeysClosed):
        await open_keys(session, new_id())
    await open_keys(session, tenant.id)


@pytest.mark.usefixtures("wiped")
@pytest.mark.parametrize("table", [OwnerKey, DataKey], ids=["owner keys", "data keys"])
async def test_wrapped_keys_swapped_between_merchants_do_not_open(
    tenants: Tenants, tenant: Tenant, vault: Vault, table: type[OwnerKey | DataKey]
) -> None:
    ours, theirs = new_id(), new_id()
    async with tenants.session(tenant, AGENCY) as session:
        for merchant in (ours, theirs):
            await open_keys(session, merchant)
        rows = {row.id: row for row in (await session.scalars(select(table).order_by(table.id))).all()}
        own = [row for row in rows.values() if row.owner_id == ours]
        other = [row for row in rows.values() if row.owner_id == theirs]
        for one, another in zip(own, other, strict=True):
            taken = {"wrapped": another.wrapped}
            await session.execute(update(table).where(table.id == one.id).values(taken))
    for merchant in (ours, theirs):
        vault.forget(tenant.id, merchant)
    async with tenants.session(tenant, AGENCY) as session:
        with pytest.raises(SealBroken):
            await open_keys(session, ours)
        await open_keys(session, theirs)


@pytest.mark.usefixtures("wiped")
async def test_a_whole_row_under_another_merchants_name_does_not_open(
    tenants: Tenants, tenant: Tenant, vault: Vault
) -> None:
    ours, theirs = new_id(), new_id()
    async with tenants.session(tenant, AGENCY) as session:
        await open_keys(session, theirs)
        for sql in (
            "INSERT INTO merchant_key SELECT gen_random_uuid(), :ours, handle || '-', kms, suite, wrapped, state, "
            "made_at, wrapped_at, destroyed_at FROM merchant_key WHERE owner_id = :theirs",
            "UPDATE merchant_key SET handle = handle || '+' WHERE owner_id = :theirs",
            "UPDATE merchant_key SET handle = rtrim(handle, '-') WHERE owner_id = :ours",
            "INSERT INTO data_key SELECT gen_random_uuid(), :ours, purpose, version, wrapped, state, made_at, "
            "retired_at FROM data_key WHERE owner_id = :theirs",
        ):
            names = {name: value for name, value in {"ours": ours, "theirs": theirs}.items() if f":{name}" in sql}
            await session.execute(text(sql), names)
    async with tenants.session(tenant, AGENCY) as session:
        with pytest.raises(SealBroken):
            await open_keys(session, ours)


async def test_keys_of_another_key_store_are_told_apart_from_destroyed_ones(
    session: AsyncSession, database: Database, tenant: Tenant
) -> None:
    merchant = new_id()
    await open_keys(session, merchant)
    moved = Tenants(database.url, secret=database.secret, carry={CARRIED_AS: Vault(MemoryKms(), clock=database.now)})
    async with moved.session(tenant, AGENCY) as other:
        with pytest.raises(KeyStoreWrong):
            await open_keys(other, merchant)
    await moved.close()


async def test_a_key_that_the_key_store_lost_opens_nothing(session: AsyncSession, vault: Vault, tenant: Tenant) -> None:
    merchant = new_id()
    await open_keys(session, merchant)
    handle = await session.scalar(select(OwnerKey.handle).where(OwnerKey.owner_id == merchant))
    await vault.kms.destroy(handle)
    vault.forget(tenant.id, merchant)
    with pytest.raises(KeyDestroyed):
        await open_keys(session, merchant)


async def test_a_suspended_tenants_keys_open_and_none_are_made(
    session: AsyncSession, tenants: Tenants, tenant: Tenant, vault: Vault
) -> None:
    merchant = new_id()
    await open_keys(session, merchant)
    suspended = Tenant(tenant.id, tenant.code, tenant.name, tenant.schema, tenant.role, TenantState.SUSPENDED)
    vault.forget(tenant.id, merchant)
    await vault.open(tenants, suspended, merchant)
    with pytest.raises(TenantSuspended):
        await vault.open(tenants, suspended, new_id())
