"""A supervisor's morning: the board by mouse and by keys, being second, and the specialist's day that comes of it."""

import re

from playwright.async_api import Locator, Page, expect

from anshou.people.roles import Department, Role
from anshou.tickets.kinds import Urgency
from tenants.context import AGENCY
from tests.browser import PHONE, illustrate, new_page
from tests.cast import staff
from tests.journeys.company import Company, Screen
from tests.portal.stories import Stories, reported
from tests.tickets.desk import Desk


async def _given(desk: Desk) -> None:
    """The specialist has it."""
    await reported(desk)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "dispatch", department=Department.OPERATIONS, urgency=Urgency.URGENT)


async def _nobodys(desk: Desk) -> None:
    """The department has it, and nobody in it."""
    await _given(desk)
    await desk.act(desk.cast.supervisor, "release")


def _column(page: Page, name: str) -> Locator:
    return page.locator(f'#board .column[data-name="{name}"]')


async def test_work_is_shared_out_by_mouse_and_by_keys_and_shows_in_the_day_of_whoever_gets_it(
    company: Company,
) -> None:
    stories = Stories(company.tenants, company.tenant, company.anhe, company.clock)
    async with company.tenants.session(company.tenant, AGENCY) as session:
        await staff(session, "陈思", "chensi", Role.SPECIALIST, departments=(Department.OPERATIONS,))
    first, free = await stories.tell(_given), await stories.tell(_nobodys)

    lead = await company.screen("supervisor")
    await lead.go("/board?department=operations")
    await expect(_column(lead.page, "唐磊")).to_contain_text(first)
    await expect(_column(lead.page, "未分派")).to_contain_text(free)
    await lead.is_in_order()
    await illustrate(lead.page, "board")

    # By mouse, and back.
    await lead.page.locator(f"#card-{free}").drag_to(_column(lead.page, "陈思"))
    await expect(lead.page.locator("#board-said")).to_contain_text(f"{free} 已交给 陈思。")
    await expect(_column(lead.page, "陈思")).to_contain_text(free)
    await lead.page.get_by_role("button", name="撤销这次指派").click()
    await expect(lead.page.locator("#board-said")).to_contain_text(f"{free} 已退回待分派。")
    await expect(_column(lead.page, "未分派")).to_contain_text(free)

    # By keys alone: from nobody's column to the next, m, the person, Enter.
    await lead.page.locator("body").press("j")
    await expect(lead.page.locator(f"#card-{free} .number")).to_be_focused()
    await lead.page.keyboard.press("l")
    await expect(lead.page.locator(f"#card-{first} .number")).to_be_focused()
    await lead.page.keyboard.press("h")
    await lead.page.keyboard.press("m")
    person = lead.page.locator("dialog[open] select")
    await expect(person).to_be_focused()
    await lead.is_in_order()
    await person.select_option(label="陈思（0）")
    await lead.page.keyboard.press("Tab")
    await lead.page.keyboard.press("Enter")
    await expect(lead.page.locator("#board-said")).to_contain_text(f"{free} 已交给 陈思。")
    await expect(lead.page.locator(f"#card-{free} .number")).to_be_focused()

    await _second_is_told(company, lead, first)
    await _the_day_that_comes_of_it(company, free)


async def _second_is_told(company: Company, lead: Screen, number: str) -> None:
    # What changes does not reach the supervisor's page for a while.
    await lead.page.route("**/board/columns*", lambda route: route.abort())
    boss = await company.screen("executive")
    await boss.go("/board?department=operations")
    await boss.page.locator(f"#card-{number}").drag_to(_column(boss.page, "韦华"))
    await expect(boss.page.locator("#board-said")).to_contain_text("已交给 韦华。")
    await lead.page.locator(f"#card-{number}").drag_to(_column(lead.page, "陈思"))
    await expect(lead.page.locator("#board-said")).to_contain_text("高远 已于")
    await lead.page.unroute("**/board/columns*")
    await lead.go("/board?department=operations")
    await expect(_column(lead.page, "韦华")).to_contain_text(number)


async def _the_day_that_comes_of_it(company: Company, number: str) -> None:
    await company.work_off()
    page = await new_page(company.browser, company.address, width=PHONE)
    small = Screen(page, "/tickets", company.tenant.code, "chensi")
    await small.go("/my-day")
    await small.reads("新交给我")
    await small.reads("待分析")
    await small.is_in_order()
    await illustrate(page, "my-day")
    await page.locator(".day-news").get_by_role("link").filter(has_text=number).click()
    await expect(page).to_have_url(re.compile(f"/tickets/{number}$"))
    await small.go("/my-day")
    await expect(page.locator("main")).not_to_contain_text("新交给我")


async def test_a_new_administrator_is_led_from_step_to_step(company: Company) -> None:
    admin = await company.screen("admin")
    await admin.go("/")
    await expect(admin.page).to_have_url(re.compile("/first-steps$"))
    await admin.reads("还缺：")
    await admin.is_in_order()
    await illustrate(admin.page, "first-steps")
    await admin.go("/people")
    await admin.page.get_by_role("link", name="查看清单").click()
    await admin.press("收起，不再提示")
    await expect(admin.page).to_have_url(re.compile("/people$"))
    await expect(admin.page.get_by_role("link", name="查看清单")).to_have_count(0)
