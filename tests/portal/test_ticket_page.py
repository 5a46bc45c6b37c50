"""The ticket page in a browser: the dialog of a move, the badge that explains itself, a phone, no script at all."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.kinds import Channel
from anshou.tickets.opening import open_ticket
from anshou.tickets.reports import ServiceReport
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import NOW, PASSWORD, Anhe


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened


@pytest.fixture
async def number(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> str:
    """The number of a ticket just reported for 云杉."""
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        return await report(session, anhe)


async def report(session: AsyncSession, anhe: Anhe) -> str:
    stated = ServiceReport(
        merchant=anhe.yunshan.id,
        channel=Channel.PHONE,
        shop=anhe.yunshan.shop_id,
        title="主图与设计需求不符",
        description="上线的主图色差明显，与确认稿不一致。",
        request="请重新制作并当天上线。",
        occurred_on=NOW.date(),
    )
    return (await open_ticket(session, stated, by=anhe.account_manager, at=NOW)).number


async def sign_in(page: Page, login: str) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("公司代码").fill("anhe")
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.wait_for_url(lambda address: "/sign-in" not in address)


async def test_a_move_is_made_in_the_dialog_and_told_where_it_is_wrong(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.get_by_role("button", name="更多操作").click()
        await page.get_by_role("link", name="调整分类与紧急程度").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="调整分类与紧急程度").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("请填写“调整原因”")
        assert await axe(page) == []
        await picture(page, "ticket-dialog")
        await dialog.get_by_text("紧急", exact=True).click()
        await dialog.get_by_label("调整原因").fill("大促期间")
        await dialog.get_by_role("button", name="调整分类与紧急程度").click()
        await expect(page.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")


async def test_rows_come_and_go_in_the_dialog(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}/moves/hold_meeting")
        decisions = page.locator("[data-repeat] .entry")
        await expect(decisions).to_have_count(1)
        await page.get_by_role("button", name="再加一项").click()
        await page.get_by_role("button", name="再加一项").click()
        await expect(decisions).to_have_count(3)
        await decisions.nth(1).get_by_role("button", name="去掉这一项").click()
        await decisions.nth(1).get_by_label("决议").fill("由业务部门牵头")
        await page.get_by_role("button", name="登记跨部门会议").click()
        await expect(decisions).to_have_count(1)
        await expect(decisions.first.get_by_label("决议")).to_have_value("由业务部门牵头")


async def test_the_deadline_explains_itself_when_it_is_pressed(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.locator(".ticket-head button.badge").click()
        await expect(page.locator(".explain:popover-open")).to_contain_text("计时起点")
        await picture(page, "ticket-deadline")


async def test_what_somebody_else_adds_appears_by_itself(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        first, second = await new_page(browser, address), await new_page(browser, address)
        await sign_in(first, "manager")
        await sign_in(second, "agent")
        await first.goto(f"/tickets/{number}")
        await second.goto(f"/tickets/{number}")
        await second.get_by_text("内部备注", exact=True).click()
        await second.get_by_label("内容").fill("我来跟进")
        await second.get_by_role("button", name="保存备注").click()
        await expect(first.locator("#thread")).to_contain_text("我来跟进")


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_the_pages_are_accessible_and_fit_the_screen(
    app: Litestar, number: str, browser: Browser, width: int
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address, width=width)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await page.goto("/sign-in")
        assert await axe(page) == []
        await sign_in(page, "manager")
        for path in (
            "/tickets",
            "/tickets?tab=closed",
            "/overdue",
            "/tickets/new",
            f"/tickets/{number}",
            f"/tickets/{number}/moves/accept",
            f"/tickets/{number}/moves/hold_meeting",
            "/account",
            "/account/password",
            "/account/second-factor",
        ):
            await page.goto(path)
            await picture(page, f"{path.replace('/', '_').partition('?')[0]}-{width}")
            assert await axe(page) == [], path
            assert await overflows(page) == [], path
        assert complaints == []


async def test_a_note_is_written_without_scripts(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address, scripts=False)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.get_by_text("内部备注", exact=True).click()
        await page.get_by_label("内容").fill("先核对确认稿")
        await picture(page, "ticket-note")
        await page.get_by_role("button", name="保存备注").click()
        await expect(page.locator(".entry-item.note")).to_contain_text("先核对确认稿")
