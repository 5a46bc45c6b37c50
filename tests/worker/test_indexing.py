"""The indexer inside a worker: what is said can be found soon after, and nothing is left over."""

from datetime import UTC, datetime

from sqlalchemy import text

from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.workshop import Ledger, plan, until, working


async def test_what_was_said_is_indexed_by_a_worker_and_no_hint_is_left(
    tenants: Tenants, tenant: Tenant, database: Database, ledger: Ledger
) -> None:
    async def indexed() -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            return bool(await session.scalar(text("SELECT EXISTS (SELECT FROM ticket_words)")))

    async def settled() -> bool:
        async with tenants.control() as control:
            return not (await control.execute(text("SELECT count(*) FROM control.search_hint"))).scalar_one()

    async with working(plan(database, ())):
        async with tenants.session(tenant, AGENCY) as session:
            anhe = await settle(session)
            await tenants.switch(session, anhe.owner.context())
            stated = report(Kind.SERVICE_QUALITY, datetime.now(UTC), shop=anhe.yunshan.shop_id)
            await open_ticket(session, stated, by=anhe.owner, at=datetime.now(UTC))
        await until(indexed)
        await until(settled)
