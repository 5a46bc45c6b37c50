"""A session that ends while its person types takes no word with it: after signing in they stand there again."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, Route, expect

from tests.browser import new_page, serve
from tests.cast import PASSWORD
from tests.portal.clock import TestClock
from tests.portal.test_ticket_page import browser, number
from tests.portal.test_ticket_page import sign_in as first_sign_in
from tests.portal.test_two_pages_of_one_person import note_of

WAITS_IN_THE_TAB = """async (words) => {
  while (!sessionStorage.getItem("anshou.unsent")?.includes(words)) await new Promise((done) => setTimeout(done, 50));
}"""

__all__ = ["browser", "number"]


@pytest.fixture
async def page(app: Litestar, number: str, browser: Browser) -> AsyncIterator[Page]:
    """The manager's, at the ticket."""
    async with serve(app) as address:
        opened = await new_page(browser, address)
        await first_sign_in(opened, "manager")
        await opened.goto(f"/tickets/{number}")
        yield opened


async def sign_in_again(page: Page, login: str = "manager") -> None:
    """On the sign-in page, where somebody was led."""
    await page.wait_for_url("**/sign-in*")
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.wait_for_url(lambda address: "/sign-in" not in address)


async def sign_in_beside(page: Page, number: str) -> None:
    """In another tab of the same browser."""
    other = await page.context.new_page()
    await other.goto(f"/tickets/{number}")
    await sign_in_again(other)


async def write_note(page: Page, words: str) -> None:
    await page.get_by_text("内部备注", exact=True).click()
    await note_of(page).fill(words)


async def test_a_note_sent_after_the_session_ended_stands_there_after_signing_in(
    page: Page, number: str, clock: TestClock
) -> None:
    clock.forward(days=30)
    await write_note(page, "先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await sign_in_again(page)
    await page.wait_for_url(f"**/tickets/{number}*")
    await expect(note_of(page)).to_have_value("先核对确认稿")
    await expect(page.get_by_role("radio", name="内部备注")).to_be_checked()
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿已保存")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.locator(".entry-item.note")).to_contain_text("先核对确认稿")
    await expect(note_of(page)).to_have_value("")


async def test_what_the_page_itself_asked_meanwhile_leads_its_form_nowhere_else(
    page: Page, number: str, clock: TestClock
) -> None:
    clock.forward(days=30)
    async with page.expect_response(f"**/tickets/{number}/presence"):
        await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    await write_note(page, "先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await sign_in_again(page)
    await page.wait_for_url(f"**/tickets/{number}*")
    await expect(note_of(page)).to_have_value("先核对确认稿")


async def test_a_page_from_before_signing_in_anew_is_refused_and_leads_back_to_its_words(
    page: Page, number: str, clock: TestClock
) -> None:
    """Where the page cannot find out by itself."""
    await page.route("**/session?*", lambda route: route.abort())
    clock.forward(days=30)
    await sign_in_beside(page, number)
    await write_note(page, "先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.get_by_role("heading", name="页面已过期")).to_be_attached()
    await page.get_by_role("link", name="回到原来的页面").click()
    await page.wait_for_url(f"**/tickets/{number}")
    await expect(note_of(page)).to_have_value("先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.locator(".entry-item.note")).to_contain_text("先核对确认稿")


async def test_who_signs_in_at_one_of_many_tickets_writes_on_at_the_others(
    page: Page, number: str, clock: TestClock
) -> None:
    clock.forward(days=30)
    await sign_in_beside(page, number)
    await write_note(page, "先核对确认稿")
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿已保存")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.locator(".entry-item.note")).to_contain_text("先核对确认稿")


async def test_words_that_could_not_be_kept_stand_there_when_the_ticket_is_opened_again(
    page: Page, number: str, clock: TestClock
) -> None:
    clock.forward(days=30)
    await write_note(page, "先核对确认稿")
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿没有保存")
    page.on("dialog", lambda asked: asked.accept())
    await page.goto(f"/tickets/{number}")
    await sign_in_again(page)
    await expect(note_of(page)).to_have_value("先核对确认稿")


async def test_the_form_of_a_dialog_opens_again_as_it_was(page: Page, number: str, clock: TestClock) -> None:
    await page.keyboard.press("t")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="紧急").press("Space")
    clock.forward(days=30)
    await dialog.get_by_label("调整原因").fill("大促期间")
    await page.keyboard.press("Control+Enter")
    await sign_in_again(page)
    await page.wait_for_url(f"**/tickets/{number}*")
    await page.keyboard.press("t")
    await expect(dialog.get_by_label("调整原因")).to_have_value("大促期间")
    await expect(dialog.get_by_role("radio", name="紧急")).to_be_checked()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")


async def test_a_note_that_was_asked_about_before_it_was_sent_waits_too(
    page: Page, number: str, clock: TestClock
) -> None:
    await write_note(page, "买家 13812341234")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.get_by_role("heading", name="发送前请看一眼")).to_be_visible()
    clock.forward(days=30)
    await note_of(page).fill("买家 13812341234，先核对")
    await page.get_by_role("button", name="打码后发送").click()
    await sign_in_again(page)
    await page.wait_for_url(f"**/tickets/{number}*")
    await expect(note_of(page)).to_have_value("买家 13812341234，先核对")
    await expect(page.get_by_role("radio", name="内部备注")).to_be_checked()


async def test_who_comes_back_from_a_page_that_never_came_finds_the_words(page: Page, number: str) -> None:
    async def answers_for_us(route: Route) -> None:
        await route.fulfill(status=502, body="Bad Gateway", content_type="text/plain")

    for address in ("**/entries", "**/drafts/entry"):
        await page.route(address, answers_for_us)
    await write_note(page, "先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.locator("body")).to_have_text("Bad Gateway")
    await page.unroute_all()
    await page.go_back()
    await expect(note_of(page)).to_have_value("先核对确认稿")
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿已保存")


async def test_who_does_not_sign_out_after_all_goes_on_writing_safely(page: Page) -> None:
    await page.route("**/drafts/entry", lambda route: route.abort())
    await write_note(page, "先核对")
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿没有保存")
    page.on("dialog", lambda asked: asked.dismiss())
    async with page.expect_event("dialog"):
        await page.get_by_role("button", name="我的账号").click()
        await page.get_by_role("button", name="退出登录").click()
    await note_of(page).press("End")
    await page.keyboard.insert_text("确认稿")
    async with asyncio.timeout(30):
        await page.evaluate(WAITS_IN_THE_TAB, "先核对确认稿")


async def test_whoever_signs_in_instead_sees_nothing_of_it(page: Page, number: str, clock: TestClock) -> None:
    clock.forward(days=30)
    await write_note(page, "先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await sign_in_again(page, "agent")
    await page.wait_for_url(f"**/tickets/{number}*")
    await expect(note_of(page)).to_have_value("")
    assert await page.evaluate("sessionStorage.getItem('anshou.unsent')") is None


async def test_what_has_arrived_and_who_has_signed_out_leave_nothing_in_the_tab(
    page: Page, number: str, clock: TestClock
) -> None:
    await write_note(page, "先核对确认稿")
    await page.get_by_role("button", name="保存备注").click()
    await expect(page.locator(".entry-item.note")).to_contain_text("先核对确认稿")
    await page.wait_for_load_state()
    assert await page.evaluate("sessionStorage.getItem('anshou.unsent')") is None
    await page.route("**/drafts/entry", lambda route: route.abort())
    await write_note(page, "再问一次")
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿没有保存")
    assert "再问一次" in await page.evaluate("sessionStorage.getItem('anshou.unsent')")
    page.on("dialog", lambda asked: asked.accept())
    await page.get_by_role("button", name="我的账号").click()
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url("**/sign-in*")
    assert await page.evaluate("sessionStorage.getItem('anshou.unsent')") is None
