"""A verified cost reaches those who watch its budget, through the worker."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from anshou.finance.budgets import BudgetGiven, set_budget
from anshou.finance.telling import BUDGET_FLAGGED
from anshou.finance.watching_budgets import WATCH_BUDGETS
from anshou.people.notices import Notice
from anshou.people.roles import Department, Role
from anshou.worker.actors import ACTORS, SCHEDULES
from billing.parties import CostCategory
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle, staff
from tests.database import Database
from tests.finance.counter import CLAIM, Counter
from tests.tickets.desk import Desk
from tests.worker.workshop import Ledger, plan, until, working


def test_budgets_are_watched_every_day() -> None:
    assert WATCH_BUDGETS in {schedule.actor for schedule in SCHEDULES}


async def test_finance_executives_and_the_supervisor_of_finance_hear_of_a_used_budget_and_nobody_else(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger
) -> None:
    async with tenants.session(tenant, AGENCY) as session:

        async def act_as(context: Context) -> None:
            await tenants.switch(session, context)

        counter = Counter(Desk(session, act_as, await settle(session), now=datetime.now(UTC)))
        head = await staff(session, "秦约", "head", Role.SUPERVISOR, departments=(Department.FINANCE,))
        by = counter.cast.executive
        given = BudgetGiven(category=CostCategory.MATERIAL_LICENCE, day=CLAIM.incurred_on, fen=CLAIM.fen)
        budget = await set_budget(session, given, by=by, at=counter.desk.now)
        await counter.verify((await counter.submit()).number)
        await counter.desk.act_as(AGENCY)

    async def heard(expected: set[tuple[str, UUID]]) -> bool:
        async with tenants.session(tenant, AGENCY) as session:
            query = select(Notice.event, Notice.account_id).where(Notice.subject_id == budget.id)
            return {(row.event, row.account_id) for row in await session.execute(query)} == expected

    async with working(plan(database, ACTORS)):
        await until(heard, {(BUDGET_FLAGGED, one.id) for one in (counter.cast.finance, by, head)})
