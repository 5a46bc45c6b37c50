"""An account manager with two hundred tickets: narrowing, a view, a selection across pages, and back from a ticket."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, expect

from anshou.tickets.kinds import Channel, Kind, Urgency
from anshou.tickets.opening import open_ticket
from tests.browser import DESK, PHONE, picture
from tests.journeys.company import Company
from tests.tickets.samples import report

TITLES = (
    "活动页主图与需求单不符，色差明显，需重新制作",
    "11 月大促坑位未按约定上线",
    "客服夜间回复超过十分钟，顾客流失",
    "详情页尺码表缺失",
    "商品标题错别字，影响搜索排名",
)


async def _two_hundred(company: Company) -> None:
    """Tickets of 云杉 of the last days, every fourth urgent."""
    manager = company.anhe.account_manager
    async with company.tenants.session(company.tenant, manager.context()) as session:
        for number in range(200):
            at = company.clock.now - timedelta(hours=number % 60)
            kind = Kind.DATA_ANOMALY if number % 3 == 0 else Kind.SERVICE_QUALITY
            stated = report(
                kind,
                at,
                merchant=company.anhe.yunshan.id,
                shop=company.anhe.yunshan.shop_id,
                title=TITLES[number % len(TITLES)],
                channel=Channel.PHONE,
                urgency=Urgency.URGENT if number % 4 == 0 else Urgency.NORMAL,
            )
            await open_ticket(session, stated, by=manager, at=at)


async def _heights(page: Page) -> set[float]:
    rows = page.locator("table.dense tbody tr")
    return {round(height, 1) for height in await rows.evaluate_all("all => all.map(one => one.offsetHeight)")}


@pytest.mark.timeout(300)
async def test_two_hundred_tickets_are_narrowed_kept_as_a_view_and_handed_to_a_colleague(company: Company) -> None:
    await _two_hundred(company)
    screen = await company.screen("manager")
    page = screen.page
    await page.set_viewport_size({"width": DESK, "height": 900})
    await screen.go("/tickets?tab=open")
    assert all(32 <= height <= 34 for height in await _heights(page)), await _heights(page)
    await picture(page, "queue-desk")
    await screen.is_in_order()

    # The heading stays while the list passes beneath it, also where more columns are chosen than fit.
    heading = page.locator("thead th").nth(1)
    for columns in (
        "",
        "&columns=number,title,merchant,shop,kind,category,channel,step,status,owner,due,opened,updated",
    ):
        await screen.go(f"/tickets?tab=open{columns}")
        before = await heading.bounding_box()
        await page.locator("tbody tr").last.scroll_into_view_if_needed()
        after = await heading.bounding_box()
        assert before is not None
        assert after is not None
        assert 0 <= after["y"] <= before["y"]
        await picture(page, f"queue-scrolled-desk{len(columns)}")
        await screen.is_in_order()
    await screen.go("/tickets?tab=open")

    # The panel opens in the dialog; what is not filled in stays out of the address.
    await page.keyboard.press("f")
    await expect(page.locator("dialog#dialog")).to_be_visible()
    await picture(page, "queue-panel-desk")
    await page.locator('dialog select[name="urgency"]').select_option("urgent")
    await page.get_by_role("button", name="应用筛选").click()
    await expect(page.locator(".chip", has_text="紧急程度：紧急")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"tab": ["open"], "urgency": ["urgent"]}
    await expect(page.locator("tbody tr")).to_have_count(50)
    await page.wait_for_load_state()

    await page.get_by_role("button", name="视图").click()
    await page.get_by_role("link", name="保存为视图").click()
    await page.locator('dialog input[name="name"]').fill("今日加急")
    await picture(page, "queue-new-view-desk")
    await page.locator("dialog").get_by_role("button", name="保存").click()
    await screen.reads("已保存视图“今日加急”")

    # Into a ticket by keys, and back on its row.
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    number = await page.evaluate("document.activeElement.textContent")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{company.address}/tickets/{number}")
    await page.go_back()
    await expect(page.locator("tr.was a.number")).to_have_text(number)

    # Two rows of one list; its order is turned, so that they stand on other places.
    await screen.go("/tickets?tab=open")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.get_by_role("link", name="下一页").click()
    await expect(page.get_by_role("link", name="回到首页")).to_be_visible()
    await screen.key("j", "x")
    await expect(page.locator("[data-chosen]")).to_have_text("已选 2")
    await picture(page, "queue-chosen-desk")
    await page.get_by_role("button", name="指派").click()
    await screen.reads("2 个工单")
    await page.locator('select[name="owner"]').select_option(label="周敏 · 售后客服")
    await picture(page, "queue-several-desk")
    await page.locator("main").get_by_role("button", name="指派").click()
    await screen.reads("完成 2 个，未完成 0 个。")
    await picture(page, "queue-several-done-desk")
    await screen.is_in_order()
    await page.locator("main").get_by_role("link", name="回到工单队列").click()
    await expect(page.locator("[data-chosen]")).not_to_have_text("已选 2")

    await screen.go("/tickets/views")
    await picture(page, "queue-views-desk")
    await screen.is_in_order()

    await page.set_viewport_size({"width": PHONE, "height": 844})
    for address, name in (
        ("/tickets?tab=open&urgency=urgent&opened_from=2026-01-01", "queue-phone"),
        ("/tickets/narrow?tab=open&urgency=urgent", "queue-panel-phone"),
        ("/tickets/columns?tab=open", "queue-columns-phone"),
        ("/tickets/views", "queue-views-phone"),
        ("/tickets?tab=open&status=closed", "queue-empty-phone"),
        ("/tickets?after=nowhere", "queue-broken-phone"),
    ):
        await page.goto(address)
        await picture(page, name)
        if name != "queue-broken-phone":
            await screen.is_in_order()
