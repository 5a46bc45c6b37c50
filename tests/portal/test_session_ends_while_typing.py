"""A session that ends while its person types takes no word with it: after signing in they stand there again."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, expect

from tests.browser import new_page, serve
from tests.cast import PASSWORD
from tests.portal.clock import TestClock
from tests.portal.test_ticket_page import browser, number
from tests.portal.test_ticket_page import sign_in as first_sign_in
from tests.portal.test_two_pages_of_one_person import note_of

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
