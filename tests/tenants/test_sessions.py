"""A session is one transaction as the tenant's own login."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tenants import jobs
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.conftest import ActAs


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
async def test_a_job_exists_exactly_if_its_transaction_commits(tenants: Tenants, tenant: Tenant) -> None:
    with pytest.raises(ZeroDivisionError):
        async with tenants.session(tenant, AGENCY) as session:
            await jobs.enqueue(session, "tickets.tell", {"ticket": "1"})
            raise ZeroDivisionError
    async with tenants.session(tenant, AGENCY) as session:
        kept = await jobs.enqueue(session, "tickets.tell", {"ticket": "2"})
    async with tenants.control() as control:
        found = (await control.execute(text("SELECT id, tenant_id, payload, state FROM control.job"))).all()
    assert [tuple(row) for row in found] == [(kept, tenant.id, {"ticket": "2"}, "queued")]
