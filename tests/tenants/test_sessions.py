"""A session is one transaction as the tenant's own login, and only its edge ends it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.context import AGENCY, DOOR, Context
from tenants.errors import TenantNotFound, TenantSuspended, TransactionLost
from tenants.jobs import enqueue
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants
from tests.conftest import ActAs

COUNT_JOBS = text("SELECT count(*) FROM control.job")


async def jobs_left(tenants: Tenants) -> int:
    async with tenants.control() as control:
        return int((await control.execute(COUNT_JOBS)).scalar_one())


async def test_a_session_runs_as_the_tenants_own_login(session: AsyncSession, tenant: Tenant) -> None:
    row = (await session.execute(text("SELECT session_user, current_user, current_schema()"))).one()
    assert tuple(row) == (tenant.role, tenant.role, tenant.schema)


async def test_the_database_knows_the_context(session: AsyncSession, act_as: ActAs) -> None:
    person, merchant = uuid4(), uuid4()
    ask = text("SELECT control.ctx_scope(), control.ctx_person(), control.ctx_merchant()")
    assert tuple((await session.execute(ask)).one()) == ("agency", None, None)
    await act_as(Context("merchant", person, merchant))
    assert tuple((await session.execute(ask)).one()) == ("merchant", person, merchant)


@pytest.mark.usefixtures("wiped")
async def test_what_an_error_leaves_behind_is_nothing(tenants: Tenants, tenant: Tenant) -> None:
    with pytest.raises(ZeroDivisionError):
        async with tenants.session(tenant, AGENCY) as session:
            await enqueue(session, "tickets.tell", {"ticket": "1"})
            raise ZeroDivisionError
    assert await jobs_left(tenants) == 0
    async with tenants.session(tenant, AGENCY) as session:
        await enqueue(session, "tickets.tell", {"ticket": "2"})
    assert await jobs_left(tenants) == 1


@pytest.mark.usefixtures("wiped")
async def test_an_error_swallowed_without_a_savepoint_does_not_pass_for_success(
    tenants: Tenants, tenant: Tenant
) -> None:
    with pytest.raises(TransactionLost):
        async with tenants.session(tenant, AGENCY) as session:
            await enqueue(session, "tickets.tell", {"ticket": "1"})
            with pytest.raises(DBAPIError):
                await session.execute(text("SELECT 1/0"))
    assert await jobs_left(tenants) == 0


@pytest.mark.usefixtures("wiped")
async def test_an_error_in_a_savepoint_undoes_only_that_part(tenants: Tenants, tenant: Tenant) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        await enqueue(session, "tickets.tell", {"ticket": "1"})
        with pytest.raises(DBAPIError):
            async with session.begin_nested():
                await enqueue(session, "tickets.tell", {"ticket": "2"})
                await session.execute(text("SELECT 1/0"))
    assert await jobs_left(tenants) == 1


async def test_only_the_edge_ends_a_transaction(session: AsyncSession) -> None:
    with pytest.raises(RuntimeError, match="only the edge"):
        await session.commit()
    with pytest.raises(RuntimeError, match="raise an error"):
        await session.rollback()


@pytest.mark.usefixtures("wiped")
async def test_a_suspended_tenant_reads_signs_in_and_writes_nothing(tenants: Tenants, tenant: Tenant) -> None:
    suspended = replace(tenant, state=TenantState.SUSPENDED)
    async with tenants.session(suspended, AGENCY) as session:
        await session.execute(text("SELECT count(*) FROM merchant"))
    with pytest.raises(TenantSuspended, match="已暂停"):
        async with tenants.session(suspended, AGENCY) as session:
            await enqueue(session, "tickets.tell", {"ticket": "1"})
    async with tenants.session(suspended, DOOR) as session:
        await enqueue(session, "people.signed_in", {})
        await tenants.switch(session, AGENCY)
        await session.execute(text("SELECT count(*) FROM merchant"))
    with pytest.raises(TenantSuspended):
        async with tenants.session(suspended, DOOR) as session:
            await tenants.switch(session, AGENCY)
            await enqueue(session, "tickets.tell", {"ticket": "1"})
    assert await jobs_left(tenants) == 1


async def test_errors_of_the_database_show_no_values(session: AsyncSession) -> None:
    secret = "卡号-4417-private"
    failing = {
        "client": text("SELECT CAST(:value AS integer)"),
        "server": text("SELECT CAST(CAST(:value AS text) AS integer)"),
        "parameters": text("SELECT 1/0, CAST(:value AS text)"),
    }
    for name, statement in failing.items():
        with pytest.raises(DBAPIError) as raised:
            async with session.begin_nested():
                await session.execute(statement, {"value": secret})
        error: BaseException | None = raised.value
        while error is not None:
            assert secret not in f"{error!s} {error!r} {vars(error)}", name
            error = error.__cause__ or error.__context__


async def test_duplicate_keys_say_which_constraint_but_not_which_value(session: AsyncSession) -> None:
    insert = text(
        "INSERT INTO account (id, side, name, title, locale, created_at) "
        "VALUES ('00000000-0000-7000-8000-000000000001', 'staff', '保密姓名', '', 'zh-CN', now())"
    )
    await session.execute(insert)
    with pytest.raises(IntegrityError, match="pk_account") as raised:
        async with session.begin_nested():
            await session.execute(insert)
    assert "00000000-0000-7000" not in str(raised.value.orig)
    assert raised.value.orig is not None
    assert raised.value.orig.__cause__.constraint_name == "pk_account"  # type: ignore[union-attr]


async def test_tenants_are_found_by_code_and_by_id(tenants: Tenants, tenant: Tenant) -> None:
    assert await tenants.find(tenant.code) == tenant
    assert await tenants.by_id(tenant.id) == tenant
    assert await tenants.find("nobody") is None
    with pytest.raises(TenantNotFound):
        await tenants.by_id(uuid4())
