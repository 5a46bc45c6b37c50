"""Budgets in a real browser: a bar for each, a page with its history, the form; in order on a desk and on a phone."""

from datetime import timedelta

import pytest

from anshou.finance.budgets import BudgetGiven, set_budget
from anshou.finance.watching_budgets import watch_budgets
from anshou.people.roles import Department
from billing.budgets.periods import Per
from billing.parties import CostCategory
from tenants.context import AGENCY, Context
from tests.browser import DESK, PHONE, picture
from tests.finance.counter import Counter
from tests.journeys.company import Company
from tests.tickets.desk import Desk


@pytest.mark.timeout(300)
async def test_budgets_that_are_kept_passed_and_untouched_stand_in_order(company: Company) -> None:
    # A day before everybody's clock, for what happens takes its time.
    now = company.clock.now - timedelta(days=1)
    today = now.date()
    async with company.tenants.session(company.tenant, AGENCY) as session:

        async def act_as(context: Context) -> None:
            await company.tenants.switch(session, context)

        counter = Counter(Desk(session, act_as, company.anhe, now=now))
        await counter.verify((await counter.submit(incurred_on=today)).number)
        await counter.desk.act_as(AGENCY)
        licences = CostCategory.MATERIAL_LICENCE
        for given in (
            BudgetGiven(category=licences, day=today, per=Per.YEAR, fen=2_000_000),
            BudgetGiven(category=licences, day=today, fen=150_000, reason="年度采购计划拆分"),
            BudgetGiven(department=Department.LOGISTICS, merchant=company.anhe.qinghe.id, day=today, fen=500_000),
            BudgetGiven(merchant=company.anhe.yunshan.id, day=today, per=Per.QUARTER, fen=100_000),
        ):
            budget = await set_budget(session, given, by=company.anhe.executive, at=counter.desk.now)
        await watch_budgets(session, at=counter.desk.now)
    executive = await company.screen("executive")
    for width, name in ((DESK, "desk"), (PHONE, "phone")):
        await executive.page.set_viewport_size({"width": width, "height": 900})
        for address, what, said in (
            ("/budgets", "list", "已用八成"),
            (f"/budgets/{budget.id}", "one", "已用完"),
            ("/budgets/new", "new", "周期内任一天"),
        ):
            await executive.go(address)
            await executive.reads(said)
            await picture(executive.page, f"budget-{what}-{name}")
            await executive.is_in_order()
