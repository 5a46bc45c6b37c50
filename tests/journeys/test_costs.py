"""A cost's way in a real browser: claimed beside the ticket, returned, put right, verified by two with one key each."""

from pathlib import Path
from random import Random

import pytest
from playwright.async_api import expect

from anshou.demo.pictures import picture as drawn
from anshou.people.roles import Role
from tenants.context import AGENCY
from tests.browser import PHONE, new_page, picture
from tests.cast import NOW, staff
from tests.journeys.company import Company, Screen

LARGE = {"category": "material_equipment", "fen": "￥6,800.00", "incurred_on": "2026-11-20", "note": "存储服务器硬盘"}


@pytest.mark.timeout(300)
async def test_a_cost_from_the_ticket_to_the_second_pair_of_eyes(company: Company, tmp_path: Path) -> None:
    async with company.tenants.session(company.tenant, AGENCY) as session:
        await staff(session, "沈括", "finance2", Role.FINANCE, at=NOW)
    invoice = tmp_path / "硬盘发票.png"
    invoice.write_bytes(drawn(Random(7)))  # noqa: S311  A picture.
    manager = await company.screen("manager")
    await manager.go(f"/tickets/new/service_quality?merchant={company.anhe.yunshan.id}")
    await manager.fill(
        channel="phone", title="主图丢失", description="素材盘损坏", request="恢复", occurred_on=company.today()
    )
    await manager.send()
    await manager.reads("主图丢失")
    ticket = manager.page.url.rpartition("/")[2].partition("?")[0]
    for _ in range(2):
        await manager.go(f"/tickets/{ticket}/costs/new")
        await manager.fill(**LARGE)
        await manager.send()
        await manager.reads("¥6,800.00")
        await manager.page.locator('input[type="file"]').set_input_files(invoice)
        await manager.page.get_by_role("button", name="添加凭证").click()
        await manager.reads("硬盘发票.png")
        await picture(manager.page, "cost-draft")
        await manager.is_in_order()
        await manager.page.get_by_role("button", name="提交核实").click()
        await manager.reads("待核实")
    await manager.go(f"/tickets/{ticket}/costs")
    await picture(manager.page, "cost-of-ticket")
    await manager.is_in_order()
    await manager.open(ticket)
    await expect(manager.page.locator(f'a[href="/tickets/{ticket}/costs"] .count')).to_contain_text("2")
    await picture(manager.page, "cost-ticket")
    finance = await company.screen("finance")
    await finance.go("/costs")
    await finance.reads("重复凭证")
    await picture(finance.page, "cost-queue")
    await finance.is_in_order()
    await finance.key("r")
    await finance.page.locator("dialog textarea").fill("发票抬头不是本公司")
    await picture(finance.page, "cost-return")
    await finance.page.locator("dialog button.btn-primary").click()
    await expect(finance.page.locator(".waiting li")).to_have_count(1)
    await finance.key("v")
    await finance.reads("须由其他财务人员核实")
    second = await company.screen("finance2")
    await second.go("/costs")
    await second.reads("待复核")
    await second.key("v")
    await second.reads("没有待核实的费用")
    await picture(second.page, "cost-queue-empty")
    await second.go("/costs/settings")
    await picture(second.page, "cost-settings")
    await second.go("/costs/all")
    await picture(second.page, "cost-list")
    await second.is_in_order()
    phone = await new_page(company.browser, company.address, width=PHONE)
    small = Screen(phone, "/tickets", company.tenant.code, "manager")
    await small.go("/costs/all")
    await picture(phone, "cost-phone-list")
    await small.is_in_order()
    await phone.locator("table.list a.number").last.click()
    await small.reads("硬盘发票.png")
    await picture(phone, "cost-phone-item")
    await small.is_in_order()
    await small.go(f"/tickets/{ticket}/costs")
    await picture(phone, "cost-phone-ticket")
    await small.is_in_order()
