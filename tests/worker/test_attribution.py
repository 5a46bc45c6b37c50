"""A determination and a verification reach the books through the worker."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from anshou.finance.ruling import RuleDraft, set_general_rule
from anshou.worker.actors import ACTORS
from billing.attribution.asking import ATTRIBUTE_COSTS
from billing.parties import Party
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.finance.counter import Counter
from tests.finance.test_attributing import determined, worked
from tests.finance.test_rules_applied import with_clause
from tests.finance.test_what_if import halved
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


async def test_a_rule_of_a_past_day_reaches_what_is_allocated_behind_the_scenes(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    async with tenants.session(tenant, AGENCY) as session:

        async def act_as(context: Context) -> None:
            await tenants.switch(session, context)

        counter = Counter(Desk(session, act_as, await settle(session), now=datetime.now(UTC)))
        await determined(counter, platform=10_000)
        await counter.verify((await counter.submit()).number)
        await worked(counter)
        draft = RuleDraft(valid_from=date(2026, 1, 1), clauses=with_clause(halved(Party.PLATFORM, "G-9")))
        await set_general_rule(session, draft, by=counter.cast.finance, at=counter.desk.now)

    async def is_allocated(expected: list[str]) -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            return list(await session.scalars(text("SELECT party FROM allocation_part ORDER BY id"))) == expected

    async with working(plan(database, ACTORS)):
        await until(is_allocated, ["platform", "agency", "merchant"])
