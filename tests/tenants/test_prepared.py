"""Prepared statements behave as the session's own, only cheaper."""

import gc
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant
from anshou.merchants.shops import Platform, Shop
from tenants.base import new_id
from tenants.context import AGENCY, Context
from tenants.errors import TenantSuspended
from tenants.prepared import Prepared, among, change, entities, rows
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants
from tests.conftest import ActAs

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

MERCHANT = entities(select(Merchant).where(Merchant.id == bindparam("id")))
MERCHANTS = entities(select(Merchant).order_by(Merchant.name))
SHOPS = entities(select(Shop).where(Shop.platform == bindparam("platform")).order_by(Shop.name))
ON_TMALL = entities(select(Shop).where(Shop.platform == Platform.TMALL))


@dataclass(frozen=True, slots=True)
class Called:
    id: UUID
    name: str
    company: str = "—"


CALLED = rows(select(Merchant.id, Merchant.name).where(among(Merchant.id.expression, "ids")), Called)
RENAMED = change(update(Merchant).where(Merchant.id == bindparam("which")).values(name=bindparam("to")))


def merchant(name: str) -> Merchant:
    return Merchant(name=name, company="", created_at=AT)


def shop(of: Merchant, platform: Platform, name: str) -> Shop:
    return Shop(merchant_id=of.id, platform=platform, name=name, platform_number="", address="", opened_at=AT)


async def test_what_is_not_yet_written_is_written_before_it_is_read(session: AsyncSession) -> None:
    made = merchant("青禾")
    session.add(made)
    assert await MERCHANT.one(session, id=made.id) is made


async def test_an_entity_is_the_one_that_the_session_has(session: AsyncSession) -> None:
    made = merchant("青禾")
    session.add(made)
    await session.flush()
    session.expunge_all()
    first = await MERCHANT.one(session, id=made.id)
    assert first is not made
    assert await MERCHANT.one(session, id=made.id) is first
    assert await session.get(Merchant, made.id) is first


async def test_an_entity_that_was_read_so_is_kept_when_it_changes(session: AsyncSession) -> None:
    made = merchant("青禾")
    session.add(made)
    await session.flush()
    session.expunge_all()
    (await MERCHANT.one(session, id=made.id)).name = "青禾家居"
    await session.flush()
    session.expunge_all()
    assert await session.scalar(select(Merchant.name)) == "青禾家居"


async def test_what_has_expired_is_read_again(session: AsyncSession) -> None:
    made = merchant("青禾")
    session.add(made)
    await RENAMED.run(session, which=made.id, to="青禾家居")
    assert (await MERCHANT.one(session, id=made.id)).name == "青禾"
    session.expire(made, ["name"])
    assert (await MERCHANT.one(session, id=made.id)).name == "青禾家居"


async def test_labels_go_in_and_come_out_as_members(session: AsyncSession) -> None:
    owner = merchant("青禾")
    session.add(owner)
    await session.flush()
    session.add_all([shop(owner, Platform.TMALL, "旗舰店"), shop(owner, Platform.JD, "专营店")])
    await session.flush()
    session.expunge_all()
    found = await SHOPS.all(session, platform=Platform.JD)
    assert [(one.name, one.platform) for one in found] == [("专营店", Platform.JD)]
    assert [one.platform for one in await ON_TMALL.all(session)] == [Platform.TMALL]


async def test_rows_become_values_and_a_list_is_looked_for_at_once(session: AsyncSession) -> None:
    one, other, third = merchant("一"), merchant("二"), merchant("三")
    session.add_all([one, other, third])
    found = await CALLED.all(session, ids={one.id, third.id})
    assert {each.name for each in found} == {"一", "三"}
    assert found[0].company == "—"
    assert await CALLED.all(session, ids=()) == []


async def test_a_change_is_carried_out_in_the_sessions_transaction(session: AsyncSession) -> None:
    made = merchant("青禾")
    session.add(made)
    await RENAMED.run(session, which=made.id, to="青禾家居")
    session.expunge_all()
    assert (await MERCHANT.one(session, id=made.id)).name == "青禾家居"


async def test_a_merchants_context_reads_nothing_of_another(session: AsyncSession, act_as: ActAs) -> None:
    own, strange = merchant("青禾"), merchant("森语")
    session.add_all([own, strange])
    await act_as(Context("merchant", person=new_id(), merchant=own.id))
    assert [each.name for each in await MERCHANTS.all(session)] == ["青禾"]
    assert await MERCHANT.one_or_none(session, id=strange.id) is None


async def test_a_suspended_tenant_is_told_so_when_it_would_change_something(tenants: Tenants, tenant: Tenant) -> None:
    suspended = replace(tenant, state=TenantState.SUSPENDED)
    with pytest.raises(TenantSuspended):
        async with tenants.session(suspended, AGENCY) as session:
            await RENAMED.run(session, which=new_id(), to="x")


async def test_an_error_of_the_driver_does_not_show_the_value(session: AsyncSession) -> None:
    with pytest.raises(asyncpg.DataError) as refused:
        await MERCHANT.one(session, id="13812341234")
    assert "13812341234" not in str(refused.value)


def test_every_prepared_statement_of_the_product_can_be_compiled() -> None:
    import_module("anshou.main")
    found = [each for each in gc.get_objects() if isinstance(each, Prepared)]
    assert len(found) > 20
    for each in found:
        assert each.text


async def test_a_statement_that_does_not_fit_its_dataclass_is_refused_at_once() -> None:
    with pytest.raises(TypeError):
        rows(select(Merchant.id, Merchant.company), Called)


async def test_more_rows_than_one_are_not_passed_over(session: AsyncSession) -> None:
    session.add_all([merchant("一"), merchant("二")])
    with pytest.raises(ValueError, match="2 rows"):
        await MERCHANTS.one_or_none(session)
    with pytest.raises(ValueError, match="too many"):
        await MERCHANTS.one(session)
