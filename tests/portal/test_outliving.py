"""A page that outlives its session says so, keeps what was typed, and goes on when its person has signed in anew."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, expect

from tests.browser import PHONE, axe, new_page, picture, serve
from tests.cast import Anhe
from tests.portal.clock import TestClock
from tests.portal.test_session_ends_while_typing import sign_in_again
from tests.portal.test_ticket_page import browser, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser"]

# Longer than the page takes for granted what the server said last.
LONG = "03:00"


@pytest.fixture
async def page(app: Litestar, browser: Browser, anhe: Anhe) -> AsyncIterator[Page]:
    """A merchant's, who has written half a report on their phone."""
    async with serve(app) as address:
        opened = await new_page(browser, address, width=PHONE)
        await opened.clock.install()
        await sign_in(opened, "yunshan-owner")
        await opened.goto("/my/report?kind=service_quality")
        await opened.get_by_label("标题").fill("主图与设计需求不符")
        await opened.get_by_label("问题描述").fill("上线的主图色差明显。")
        await opened.get_by_label("诉求").fill("请重新制作。")
        yield opened


async def beside(page: Page, login: str) -> None:
    """Sign in anew in another tab of the same browser, and come back."""
    other = await page.context.new_page()
    await other.goto("/my/tickets")
    await sign_in_again(other, login)
    await other.close()


async def test_a_form_is_not_sent_into_the_sign_in_page(page: Page, clock: TestClock) -> None:
    clock.forward(days=30)
    await page.clock.fast_forward(LONG)
    await page.get_by_role("button", name="提交").click()
    told = page.get_by_role("alert").filter(has_text="登录已结束")
    await expect(told).to_be_focused()
    await expect(page.get_by_label("标题")).to_have_value("主图与设计需求不符")
    await picture(page, "phone-outlived")
    assert await axe(page) == []
    async with page.context.expect_page() as opening:
        await told.get_by_role("link", name="在新标签页登录").click()
    other = await opening.value
    await sign_in_again(other, "yunshan-owner")
    await other.close()
    await page.get_by_role("button", name="提交").click()
    await page.get_by_text("已收到，等待客服受理").first.wait_for()


async def test_a_page_looked_at_again_says_it_before_anything_is_typed(page: Page, clock: TestClock) -> None:
    clock.forward(days=30)
    await page.clock.fast_forward(LONG)
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    told = page.get_by_role("alert").filter(has_text="登录已结束")
    await expect(told).to_be_visible()
    await beside(page, "yunshan-owner")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(told).to_be_hidden()


async def test_it_is_said_in_the_language_of_the_page(page: Page) -> None:
    await page.evaluate("document.documentElement.lang = 'en'")
    await page.context.clear_cookies()
    await page.clock.fast_forward(LONG)
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.get_by_role("alert")).to_contain_text("You have been signed out")


async def test_who_signed_in_anew_beside_it_notices_nothing(page: Page, clock: TestClock) -> None:
    clock.forward(days=30)
    await beside(page, "yunshan-owner")
    await page.clock.fast_forward(LONG)
    await page.get_by_role("button", name="提交").click()
    await page.get_by_text("已收到，等待客服受理").first.wait_for()


async def test_nothing_is_sent_in_the_name_of_whoever_signed_in_instead(page: Page, clock: TestClock) -> None:
    clock.forward(days=30)
    await beside(page, "qinghe-owner")
    await page.clock.fast_forward(LONG)
    await page.get_by_role("button", name="提交").click()
    await expect(page.get_by_role("alert").filter(has_text="另一位用户")).to_be_focused()
    assert page.url.endswith("/my/report?kind=service_quality")


async def test_the_form_of_a_dialog_stays_too(app: Litestar, browser: Browser, anhe: Anhe, clock: TestClock) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto("/answers")
        await page.get_by_role("link", name="新建常用语").first.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("名称").fill("已收到")
        await dialog.get_by_label("内容").fill("您好，已收到。")
        clock.forward(days=30)
        await dialog.get_by_role("button", name="保存").click()
        await expect(dialog.get_by_role("alert").filter(has_text="登录已结束")).to_be_focused()
        await picture(page, "dialog-outlived")
        await beside(page, "manager")
        await expect(dialog.get_by_label("名称")).to_have_value("已收到")
        await dialog.get_by_role("button", name="保存").click()
        await expect(page.get_by_role("link", name="已收到")).to_be_visible()


async def test_a_page_learns_whether_its_own_person_is_signed_in(
    anhe: Anhe, visitor: Visitor, clock: TestClock
) -> None:
    def address(of: object) -> str:
        return f"/session?of={of}"

    mine = anhe.account_manager.id
    await visitor.sign_in("manager")
    assert f'data-of="{mine}"' in visitor.text
    answer = await visitor.go(address(mine))
    token = answer.headers["x-form-token"]
    assert (answer.status_code, answer.text) == (200, "")
    for other in ("", anhe.admin.id, f"{mine}/{anhe.yunshan.id}"):
        answer = await visitor.go(address(other))
        assert "x-form-token" not in answer.headers
        assert visitor.says("另一位用户")
    clock.forward(days=30)
    answer = await visitor.go(address(mine))
    assert "x-form-token" not in answer.headers
    assert visitor.says("登录已结束")
    await visitor.sign_in("manager")
    assert (await visitor.client.post("/sign-out", data={"_token": token})).status_code == 403
    token = (await visitor.go(address(mine))).headers["x-form-token"]
    visitor.client.follow_redirects = False
    assert (await visitor.client.post("/sign-out", data={"_token": token})).status_code == 303
