"""A merchant objects to who is responsible, a supervisor reviews, and a general rule is tried: in a real browser."""

from datetime import date, timedelta

import pytest
from playwright.async_api import expect

from anshou.finance.ruling import RuleDraft, set_general_rule
from billing.parties import Party
from tenants.context import AGENCY, Context
from tests.browser import DESK, PHONE, picture
from tests.finance.counter import Counter
from tests.finance.test_attributing import determined, worked
from tests.finance.test_rules_applied import with_clause
from tests.finance.test_what_if import drafted, halved
from tests.journeys.company import Company, Screen
from tests.tickets.desk import Desk

SIZES = ((DESK, "desk"), (PHONE, "phone"))


async def _allocated(company: Company) -> str:
    """A cost that agency and platform bear; the ticket's number. A contract of 云杉 is drafted, a rule was set."""
    async with company.tenants.session(company.tenant, AGENCY) as session:

        async def act_as(context: Context) -> None:
            await company.tenants.switch(session, context)

        # A day before everybody's clock, for what happens takes its time.
        now = company.clock.now - timedelta(days=1)
        counter = Counter(Desk(session, act_as, company.anhe, now=now))
        await determined(counter, agency=7000, platform=3000)
        await counter.verify((await counter.submit(incurred_on=now.date())).number)
        await worked(counter)
        await drafted(counter, date(2026, 1, 1), halved(Party.AGENCY, "8.1"))
        draft = RuleDraft(valid_from=date(2026, 1, 1), clauses=with_clause(halved(Party.CARRIER, "G-7")))
        await set_general_rule(session, draft, by=company.anhe.finance, at=counter.desk.now)
        return counter.ticket_number


async def _shown(screen: Screen, address: str, said: str, name: str) -> None:
    for width, size in SIZES:
        await screen.page.set_viewport_size({"width": width, "height": 900})
        await screen.go(address)
        await screen.reads(said)
        await picture(screen.page, f"{name}-{size}")
        await screen.is_in_order()


@pytest.mark.timeout(300)
async def test_an_objection_goes_to_the_supervisor_and_the_merchant_reads_the_answer(company: Company) -> None:
    number = await _allocated(company)
    owner, supervisor = await company.screen("yunshan-owner"), await company.screen("supervisor")
    await _shown(owner, f"/my/tickets/{number}", "前可以提出异议", "determination-my")
    await owner.go(f"/my/tickets/{number}/moves/object_to_determination")
    await picture(owner.page, "objection-form")
    await owner.is_in_order()
    await owner.fill(reason="主图由平台裁切，不是贵方所说的原因")
    await owner.send()
    await owner.reads("异议复议中")
    await _shown(owner, f"/my/tickets/{number}", "异议复议中", "objection-my")
    await _shown(supervisor, f"/tickets/{number}", "异议复议中", "objection-desk")
    await supervisor.go(f"/tickets/{number}/moves/review_determination")
    await picture(supervisor.page, "objection-review")
    await supervisor.is_in_order()
    await supervisor.fill(outcome="upheld", reason="平台日志显示裁切在后")
    await supervisor.send()
    await _shown(supervisor, f"/tickets/{number}", "维持原判定", "objection-upheld")
    await owner.go(f"/my/tickets/{number}")
    await owner.reads("维持原判定")


@pytest.mark.timeout(300)
async def test_rules_are_read_and_tried_before_they_are_adopted(company: Company) -> None:
    await _allocated(company)
    finance = await company.screen("finance")
    await _shown(finance, "/attribution-rules", "现行一般规则", "rules")
    await _shown(finance, "/attribution-rules/trial", "合同草稿", "rules-trial-asked")
    options = finance.page.locator('select[name="draft"] option')
    value = await options.nth(1).get_attribute("value")
    await _shown(finance, f"/attribution-rules/trial?draft={value}", "试算结果", "rules-trial")
    await _shown(finance, "/attribution-rules/new", "先试算", "rules-new")
    await finance.press("试算")
    await expect(finance.page.locator("#trial")).to_contain_text("这几个月的费用归属不会改变")
    await picture(finance.page, "rules-tried")
    await finance.is_in_order()
