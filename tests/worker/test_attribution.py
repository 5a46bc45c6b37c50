"""A determination and a verification reach the books through the worker."""

from datetime import UTC, datetime

from sqlalchemy import text

from anshou.worker.actors import ACTORS
from billing.attribution.asking import ATTRIBUTE_COSTS
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.finance.counter import Counter
from tests.finance.test_attributing import determined
from tests.tickets.desk import Desk
from tests.worker.workshop import Ledger, plan, until, working


async def test_what_was_verified_and_determined_is_allocated_behind_the_scenes(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    assert ATTRIBUTE_COSTS in {actor.name for actor in ACTORS}
    async with tenants.session(tenant, AGENCY) as session:

        async def act_as(context: Context) -> None:
            await tenants.switch(session, context)

        counter = Counter(Desk(session, act_as, await settle(session), now=datetime.now(UTC)))
        await determined(counter, agency=10_000)
        await counter.verify((await counter.submit()).number)
        await counter.desk.act_as(AGENCY)

    async def allocated() -> list[str]:
        async with tenants.session(tenant, AGENCY) as session:
            return list(await session.scalars(text("SELECT party FROM allocation_part")))

    async def is_allocated(expected: list[str]) -> bool:
        return await allocated() == expected

    async with working(plan(database, ACTORS)):
        await until(is_allocated, ["agency"])
