"""A search that is asked every morning: saved from its page, found in the menu, changed; also on a merchant's phone."""

import pytest
from playwright.async_api import expect

from anshou.tickets.kinds import Channel, Kind
from anshou.tickets.opening import open_ticket
from anshou.tickets.search.indexing import index_due
from tenants.context import AGENCY
from tests.browser import DESK, PHONE, picture
from tests.journeys.company import Company
from tests.tickets.samples import report


async def _indexed_ticket(company: Company) -> None:
    anhe, at = company.anhe, company.clock.now
    async with company.tenants.session(company.tenant, anhe.account_manager.context()) as session:
        whose = {"merchant": anhe.yunshan.id, "shop": anhe.yunshan.shop_id}
        stated = report(Kind.SERVICE_QUALITY, at, channel=Channel.PHONE, **whose)
        await open_ticket(session, stated, by=anhe.account_manager, at=at)
    async with company.tenants.session(company.tenant, AGENCY) as session:
        await index_due(session)


@pytest.mark.timeout(300)
async def test_a_search_is_saved_opened_from_the_menu_and_changed(company: Company) -> None:
    await _indexed_ticket(company)
    screen = await company.screen("manager")
    page = screen.page
    await page.set_viewport_size({"width": DESK, "height": 900})
    await screen.go("/search?q=主图&kind=service_quality")
    await expect(page.locator(".hit")).to_have_count(1)
    await page.get_by_role("button", name="保存的搜索").click()
    await page.get_by_role("link", name="保存这次搜索").click()
    await page.locator('dialog input[name="name"]').fill("等主图")
    await picture(page, "search-new-desk")
    await page.locator("dialog").get_by_role("button", name="保存").click()
    await screen.reads("已保存搜索“等主图”")
    await page.get_by_role("button", name="保存的搜索").click()
    await expect(page.get_by_role("link", name="等主图")).to_have_attribute("aria-current", "page")
    await picture(page, "search-menu-desk")
    await page.keyboard.press("Escape")
    await screen.is_in_order()

    await page.locator('main select[name="status"]').select_option("closed")
    await page.locator("main form[role=search]").get_by_role("button", name="搜索").click()
    await page.get_by_role("button", name="保存对搜索的更改").click()
    await screen.reads("已保存搜索“等主图”")
    await expect(page.get_by_role("button", name="保存对搜索的更改")).to_have_count(0)
    await picture(page, "search-changed-desk")
    await screen.is_in_order()
    await screen.go("/search/views")
    await picture(page, "search-views-desk")
    await screen.is_in_order()
    await page.emulate_media(color_scheme="dark")
    await picture(page, "search-views-dark")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": PHONE, "height": 844})
    await picture(page, "search-views-phone")
    await screen.is_in_order()
    await screen.go("/search?q=主图")
    await picture(page, "search-phone")
    await screen.is_in_order()


@pytest.mark.timeout(300)
async def test_a_merchants_person_keeps_a_search_on_the_phone(company: Company) -> None:
    await _indexed_ticket(company)
    screen = await company.screen("yunshan-owner")
    page = screen.page
    await page.set_viewport_size({"width": PHONE, "height": 844})
    await screen.go("/my/search?q=主图")
    await page.get_by_role("button", name="保存的搜索").click()
    await picture(page, "my-search-menu-phone")
    await page.get_by_role("link", name="保存这次搜索").click()
    await page.locator('dialog input[name="name"]').fill("主图的事")
    await page.locator("dialog").get_by_role("button", name="保存").click()
    await screen.reads("已保存搜索“主图的事”")
    await screen.is_in_order()
    await screen.go("/my/search/views")
    await picture(page, "my-search-views-phone")
    await screen.is_in_order()
