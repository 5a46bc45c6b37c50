"""The parts of the pages as a browser shows them: accessible, within the screen, under the strict policy."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.portal.gallery import gallery_app


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
async def test_the_parts_are_accessible_and_fit_the_screen(width: int, locale: str) -> None:
    async with serve(gallery_app()) as address, open_browser() as browser:
        page = await new_page(browser, address, width=width, locale=locale)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await page.route("**/live?*", lambda route: route.fulfill(status=204))
        await page.goto("/gallery")
        await picture(page, f"gallery-{locale}-{width}")
        assert await axe(page) == []
        assert await overflows(page) == []
        assert complaints == []


async def test_a_long_term_leaves_room_for_its_value_on_a_phone() -> None:
    async with serve(gallery_app()) as address, open_browser() as browser:
        page = await new_page(browser, address, width=PHONE)
        await page.route("**/live?*", lambda route: route.fulfill(status=204))
        await page.goto("/gallery")
        value = page.locator("dd", has_text="¥345,678.00")
        lines = """dd => {
            const words = document.createRange();
            words.selectNodeContents(dd);
            return words.getClientRects().length;
        }"""
        assert await value.evaluate(lines) == 1


async def test_the_navigation_of_a_phone_opens_without_scripts() -> None:
    async with serve(gallery_app()) as address, open_browser() as browser:
        page = await new_page(browser, address, width=PHONE, scripts=False)
        await page.route("**/live?*", lambda route: route.fulfill(status=204))
        await page.goto("/gallery")
        queue = page.locator("nav.side").get_by_role("link", name="工单队列")
        assert not await queue.is_visible()
        await page.get_by_role("button", name="打开导航").click()
        await queue.wait_for(state="visible")
        await picture(page, "gallery-navigation")


async def test_a_form_opens_in_a_dialog_where_scripts_run() -> None:
    async with serve(gallery_app()) as address, open_browser() as browser:
        page = await new_page(browser, address)
        await page.route("**/live?*", lambda route: route.fulfill(status=204))
        await page.goto("/gallery")
        await page.get_by_role("link", name="移交部门").click()
        await page.get_by_role("dialog").get_by_label("原因").wait_for()
        await picture(page, "gallery-dialog")
        assert await axe(page) == []
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog").wait_for(state="hidden")


async def test_nothing_is_sent_while_the_network_is_gone_and_nothing_typed_is_lost() -> None:
    async with serve(gallery_app()) as address, open_browser() as browser:
        page = await new_page(browser, address)
        await page.route("**/live?*", lambda route: route.fulfill(status=204))
        await page.goto("/gallery")
        banner = page.get_by_role("status").filter(has_text="网络已断开")
        assert not await banner.is_visible()
        await page.context.set_offline(True)
        await banner.wait_for(state="visible")
        field = page.get_by_role("searchbox", name="搜索工单")
        await field.fill("色差明显")
        await field.press("Enter")
        await banner.get_by_text("仍保留在页面上").wait_for(state="visible")
        assert await field.input_value() == "色差明显"
        await picture(page, "gallery-offline")
        await page.context.set_offline(False)
        await banner.wait_for(state="hidden")


async def test_hovering_says_how_long_ago_it_was() -> None:
    async with serve(gallery_app()) as address, open_browser() as browser:
        page = await new_page(browser, address)
        await page.route("**/live?*", lambda route: route.fulfill(status=204))
        await page.goto("/gallery")
        time = page.locator("time[datetime]").first
        instant = datetime.now(UTC) - timedelta(hours=3, minutes=5)
        await time.evaluate("(time, at) => { time.dateTime = at; }", instant.isoformat())
        await time.hover()
        assert "3 小时前" in (await time.get_attribute("title") or "")
