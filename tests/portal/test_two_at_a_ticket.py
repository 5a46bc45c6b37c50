"""Two people at one ticket, by keyboard: each sees what the other does at once, and nobody loses what they typed."""

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, expect

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import ask_nothing_unasked, axe, new_page, picture, serve
from tests.cast import Anhe
from tests.portal.test_live import say
from tests.portal.test_ticket_page import browser, number, sign_in

__all__ = ["browser", "number"]

STANDS_AT = "entry => entry.getBoundingClientRect().top"


async def at(browser: Browser, address: str, login: str, number: str) -> Page:
    page = await new_page(browser, address)
    await ask_nothing_unasked(page)
    await sign_in(page, login)
    await page.goto(f"/tickets/{number}")
    await expect(page.locator("body[data-hears]")).to_have_count(1)
    return page


async def reclassify(page: Page, reason: str) -> None:
    """By keys alone."""
    await page.keyboard.press("t")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="紧急").press("Space")
    await dialog.get_by_label("调整原因").press_sequentially(reason)
    await page.keyboard.press("Control+Enter")


async def test_a_move_of_another_shows_and_takes_nothing_from_who_types(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        first = await at(browser, address, "manager", number)
        second = await at(browser, address, "agent", number)
        await expect(first.locator("[data-presence]")).to_contain_text("周敏")
        # The first one is half through a form, and has begun a note behind it.
        await first.keyboard.press("n")
        await first.keyboard.type("先核对确认稿")
        await first.get_by_label("内容").press("Escape")
        await first.get_by_label("内容").evaluate("field => field.blur()")
        await first.keyboard.press("t")
        reason = first.get_by_role("dialog").get_by_label("调整原因")
        await reason.press_sequentially("商家催促")
        await reclassify(second, "大促期间")
        await expect(second.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")

        await expect(first.locator("#thread")).to_contain_text("大促期间")
        await expect(first.locator(".ticket-head")).to_contain_text("紧急")
        await expect(reason).to_be_focused()
        await expect(reason).to_have_value("商家催促")
        await expect(first.get_by_label("内容")).to_have_value("先核对确认稿")

        # Decided on what is no longer so: refused with who changed what, and everything typed is still there.
        await first.keyboard.press("Control+Enter")
        dialog = first.get_by_role("dialog")
        await expect(dialog).to_contain_text("周敏 已于")
        await expect(dialog).to_contain_text("调整分类与紧急程度")
        await expect(reason).to_have_value("商家催促")
        await picture(first, "ticket-refused")
        await reason.focus()
        await first.keyboard.press("Control+Enter")
        await expect(first.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")
        await expect(first.get_by_label("内容")).to_have_value("先核对确认稿")


async def test_a_message_moves_neither_the_focus_nor_the_page(
    app: Litestar, number: str, browser: Browser, tenants: Tenants, tenant: Tenant, anhe: Anhe
) -> None:
    async with serve(app) as address:
        page = await at(browser, address, "manager", number)
        await page.set_viewport_size({"width": 1440, "height": 420})
        await page.keyboard.press("j")
        entry = page.locator("#thread .entry-item").first
        await expect(entry).to_be_focused()
        await page.evaluate("scrollTo({ top: 240, behavior: 'instant' })")
        # Where it stands on the screen: what changes far above it is made up for by the browser's scrolling.
        before = await entry.evaluate(STANDS_AT)
        await say(tenants, tenant, anhe, number, "主图已经换好")
        await expect(page.locator("#thread")).to_contain_text("主图已经换好")
        await expect(entry).to_be_focused()
        assert await entry.evaluate(STANDS_AT) == pytest.approx(before, abs=1)
        await page.keyboard.press("j")
        await expect(page.locator("#thread .entry-item").nth(1)).to_be_focused()
        assert await axe(page) == []


async def test_a_part_in_which_a_menu_is_open_waits(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        first = await at(browser, address, "manager", number)
        second = await at(browser, address, "agent", number)
        await first.keyboard.press(".")
        await expect(first.locator("#more")).to_be_visible()
        await reclassify(second, "大促期间")
        note = first.locator("#moved-note")
        await expect(note).to_contain_text("您正在填写的部分没有改动")
        await expect(first.locator("#more")).to_be_visible()
        await note.get_by_role("link", name="刷新页面").click()
        await expect(first.locator(".ticket-head")).to_contain_text("紧急")
