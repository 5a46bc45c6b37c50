"""A ticket without a mouse: keys of what the page offers, on to the next of the queue, pictures, copies, paper."""

from datetime import timedelta

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, expect

from anshou.tickets.kinds import Channel
from anshou.tickets.opening import open_ticket
from anshou.tickets.reports import ServiceReport
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, overflows, picture, serve
from tests.cast import NOW, Anhe
from tests.portal.agency_steps import open_report
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number"]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc00000030101000fad8c670000000049454e44ae426082"
)


@pytest.fixture
async def three(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> list[str]:
    """Tickets of 云杉, in the order in which they were reported."""
    made = []
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        for at in range(3):
            stated = ServiceReport(
                merchant=anhe.yunshan.id,
                channel=Channel.PHONE,
                shop=anhe.yunshan.shop_id,
                title=f"第 {at + 1} 个问题",
                description="上线的主图色差明显",
                request="请更换",
                occurred_on=NOW.date(),
            )
            when = NOW + timedelta(minutes=at)
            made.append((await open_ticket(session, stated, by=anhe.account_manager, at=when)).number)
    return made


async def in_queue(page: Page) -> list[str]:
    return await page.locator("table.list a.number").all_inner_texts()


async def test_a_queue_is_worked_through_by_keys_alone(app: Litestar, three: list[str], browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto("/tickets?tab=all&kind=service_quality")
        order = await in_queue(page)
        assert sorted(order) == sorted(three)
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/tickets/{order[0]}")
        await page.keyboard.press("n")
        await page.keyboard.type("jk?a 都是文字")
        await expect(page.get_by_label("内容")).to_have_value("jk?a 都是文字")
        await page.keyboard.press("Control+Shift+Enter")
        await page.wait_for_url(f"**/tickets/{order[1]}?from=*")
        await expect(page.get_by_role("status").first).to_contain_text(order[0])
        await page.keyboard.press("a")
        await page.get_by_role("dialog").get_by_label("负责人").select_option(index=1)
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").first).to_contain_text("已完成：指定负责人")
        assert "from=" in page.url
        await page.wait_for_load_state()
        await page.keyboard.press("]")
        await page.wait_for_url(f"**/tickets/{order[2]}?from=*")
        await page.keyboard.press("[")
        await page.wait_for_url(f"**/tickets/{order[1]}?from=*")
        await page.keyboard.press("u")
        await page.wait_for_url("**/tickets?tab=all&kind=service_quality")


async def test_the_sheet_names_what_the_page_offers(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.keyboard.press("?")
        sheet = page.locator("#keys")
        for words in ("写回复", "写内部备注", "指定负责人", "下一条、上一条记录", "复制工单号", "打印"):
            await expect(sheet).to_contain_text(words)
        await expect(sheet).not_to_contain_text("队列的下一个工单")
        assert await axe(page) == []
        await picture(page, "ticket-keys")
        await page.keyboard.press("Escape")
        await expect(sheet).not_to_be_visible()
        await page.goto("/tickets?tab=all")
        await page.keyboard.press("?")
        await expect(sheet).to_contain_text("列表中的下一行、上一行")
        await expect(sheet).not_to_contain_text("写内部备注")


async def test_keys_go_through_the_thread_and_keep_a_written_note_a_note(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.keyboard.press("k")
        await expect(page.locator("#thread .entry-item").last).to_be_focused()
        await page.keyboard.press("n")
        await page.keyboard.type("只给同事")
        await page.get_by_label("内容").evaluate("field => field.blur()")
        await page.keyboard.press("r")
        await expect(page.get_by_label("内容")).to_be_focused()
        await expect(page.get_by_role("radio", name="内部备注")).to_be_checked()


async def test_a_move_that_asks_for_nothing_waits_for_a_second_key(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.keyboard.press("c")
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("确认执行")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_contain_text("已完成：认领")


async def test_a_key_that_an_input_method_has_is_not_ours(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.evaluate(
            """() => {
                for (const extra of [{ isComposing: true }, { keyCode: 229 }]) {
                    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true, ...extra }));
                }
            }"""
        )
        assert not await page.locator("#keys").is_visible()
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_be_visible()


async def test_the_number_and_the_link_are_copied(app: Litestar, number: str, browser: Browser) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}?from=tab%3Dall")
        await page.keyboard.press("y")
        await expect(page.locator("#said")).to_contain_text(f"已复制 {number}")
        assert await page.evaluate("navigator.clipboard.readText()") == number
        await page.keyboard.press("Shift+Y")
        await expect(page.locator("#said")).to_contain_text(f"/tickets/{number}")
        assert await page.evaluate("navigator.clipboard.readText()") == f"{address}/tickets/{number}"


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_pictures_open_large_and_are_left_by_keys(
    app: Litestar, anhe: Anhe, manager: Visitor, browser: Browser, width: int
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    files = [("files", (f"图{at}.png", PNG, "image/png")) for at in (1, 2)]
    await manager.client.post(
        f"/tickets/{number}/entries", data={"_token": manager.token(), "audience": "note", "body": "看图"}, files=files
    )
    async with serve(app) as address:
        page = await new_page(browser, address, width=width)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.locator("a[data-picture]").first.click()
        viewer = page.locator("#viewer")
        await expect(viewer).to_contain_text("图1.png　1 / 2")
        await page.keyboard.press("ArrowRight")
        await expect(viewer).to_contain_text("图2.png　2 / 2")
        await page.keyboard.press("+")
        await expect(viewer).to_have_class("viewer zoomed")
        assert await axe(page) == []
        await picture(page, f"ticket-viewer-{width}")
        await page.keyboard.press("Escape")
        await expect(viewer).not_to_be_visible()
        assert await overflows(page) == []


async def test_what_prints_is_without_notes_unless_they_are_chosen(
    app: Litestar, manager: Visitor, anhe: Anhe, browser: Browser
) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="note", body="商家情绪激动，注意措辞")
    await manager.send(f"/tickets/{number}/entries", audience="message", body="已收到您的反馈")
    await manager.go(f"/tickets/{number}/print")
    assert manager.says("已收到您的反馈")
    assert not manager.says("情绪激动")
    await manager.go(f"/tickets/{number}/print?inside=true")
    assert manager.says("情绪激动")
    assert manager.says("请勿交给商家")
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}/print?inside=true")
        assert owner.says("已收到您的反馈")
        assert not owner.says("情绪激动")
        await owner.go(f"/tickets/{number}/print?inside=true")
        assert owner.status == 404
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}/print")
        await page.emulate_media(media="print")
        await expect(page.locator("nav.side")).not_to_be_visible()
        await picture(page, "ticket-print")


async def test_on_without_a_queue_leads_nowhere_else(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}?from=tab%3Dall%26after%3Dnonsense")
    await manager.go(f"/tickets/{number}/next?from=tab%3Dall%26after%3Dnonsense")
    assert manager.status == 422 or manager.says("队列里没有下一个工单了。")
    await manager.go(f"/tickets/{number}/next?from=tab%3Dall")
    assert manager.says("队列里没有下一个工单了。")
    assert manager.path == "/tickets?tab=all"
