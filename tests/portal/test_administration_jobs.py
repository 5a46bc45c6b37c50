"""Dead letters in the administration pages: seen, tried again, given up."""

from uuid import UUID

import pytest

from tenants.context import AGENCY
from tenants.jobs import enqueue, list_dead_jobs
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.database import Database
from tests.portal.visitor import Visitor


@pytest.fixture
async def dead(database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe) -> list[UUID]:
    """Two jobs that failed too often."""
    async with tenants.session(tenant, AGENCY) as session:
        jobs = [await enqueue(session, "notices.mail", {"number": number}) for number in (1, 2)]
    superuser = await database.connect_as_superuser()
    await superuser.execute(
        "UPDATE control.job SET state = 'dead', attempts = 10, finished_at = now(),"
        " last_error = 'ConnectionRefusedError' WHERE id = ANY($1)",
        jobs,
    )
    await superuser.close()
    return jobs


async def left(tenants: Tenants, tenant: Tenant) -> set[UUID]:
    async with tenants.session(tenant, AGENCY) as session:
        return {job.id for job in await list_dead_jobs(session)}


async def test_a_dead_letter_shows_its_reason_and_is_tried_again_or_given_up(
    visitor: Visitor, dead: list[UUID], tenants: Tenants, tenant: Tenant
) -> None:
    await visitor.sign_in("admin")
    await visitor.go("/jobs")
    assert visitor.says("ConnectionRefusedError")
    assert visitor.says("notices.mail · 2")
    await visitor.send(f"/jobs/{dead[0]}/retry")
    assert await left(tenants, tenant) == {dead[1]}
    await visitor.send(f"/jobs/{dead[1]}/discard")
    assert await left(tenants, tenant) == set()
    assert visitor.says("没有失败的任务")


async def test_a_job_that_somebody_else_decided_on_is_said_to_be_so(visitor: Visitor, dead: list[UUID]) -> None:
    await visitor.sign_in("admin")
    await visitor.go("/jobs")
    await visitor.send("/jobs/retry")
    assert visitor.says("2 个任务已重新排队")
    await visitor.go("/account")
    await visitor.send(f"/jobs/{dead[0]}/discard")
    assert visitor.status == 409


async def test_an_auditor_reads_the_dead_letters_and_decides_nothing(
    visitor: Visitor, dead: list[UUID], tenants: Tenants, tenant: Tenant
) -> None:
    await visitor.sign_in("auditor")
    await visitor.go("/jobs")
    assert visitor.says("notices.mail")
    assert not visitor.says("全部重试")
    await visitor.send(f"/jobs/{dead[0]}/retry")
    assert visitor.status == 403
    assert len(await left(tenants, tenant)) == 2
