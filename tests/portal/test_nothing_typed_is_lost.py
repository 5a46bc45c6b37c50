"""What was typed a moment ago outlives whatever leads away from it: another form, a refusal, a lost line, Escape."""

import asyncio

from litestar import Litestar
from playwright.async_api import Browser, Page, Route, expect

from tests.browser import axe, new_page, picture, serve
from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number"]

# Longer than anything else on the way takes, so that what does not wait for a draft comes before it.
SLOW = 1.0


async def slowly(route: Route) -> None:
    await asyncio.sleep(SLOW)
    await route.continue_()


async def ticket_of(browser: Browser, address: str, number: str) -> Page:
    page = await new_page(browser, address)
    await sign_in(page, "manager")
    await page.goto(f"/tickets/{number}")
    return page


async def write_note(page: Page, words: str) -> None:
    await page.keyboard.press("n")
    await page.keyboard.type(words)
    await page.get_by_label("内容").evaluate("field => field.blur()")


async def reclassify(page: Page, reason: str) -> None:
    await page.keyboard.press("t")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="紧急").press("Space")
    await dialog.get_by_label("调整原因").fill(reason)


async def test_a_note_just_begun_stands_there_after_a_move_made_in_the_dialog(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await ticket_of(browser, address, number)
        await page.route("**/drafts/entry", slowly)
        await write_note(page, "先核对确认稿")
        await reclassify(page, "大促期间")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")
        await expect(page.get_by_label("内容")).to_have_value("先核对确认稿")


async def test_another_form_or_a_link_of_the_page_waits_for_what_is_being_typed(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await ticket_of(browser, address, number)
        await page.route("**/drafts/entry", slowly)
        await write_note(page, "先核对确认稿")
        await page.get_by_role("button", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        note = page.locator("form.composer textarea")
        await expect(note).to_have_value("先核对确认稿")
        await page.wait_for_load_state()
        await note.press("Control+End")
        await page.keyboard.type("，再答复")
        await page.evaluate(
            "Object.assign(document.body.appendChild(document.createElement('a')), {href: location.pathname}).click()"
        )
        await expect(page.locator("[data-draft-said] .draft-said")).to_be_visible()
        await expect(note).to_have_value("先核对确认稿，再答复")


async def test_a_page_that_is_left_while_a_draft_is_on_its_way_still_sends_the_rest(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await ticket_of(browser, address, number)
        line = await page.context.new_cdp_session(page)
        await line.send("Network.enable")
        slow = {"offline": False, "latency": SLOW * 1000, "downloadThroughput": -1, "uploadThroughput": -1}
        await line.send("Network.emulateNetworkConditions", slow)
        note = page.get_by_label("内容")
        async with page.expect_request("**/drafts/entry"):
            await write_note(page, "先核对")
        await note.press("Control+End")
        await page.keyboard.type("确认稿")
        await page.goto("/tickets")
        await page.goto(f"/tickets/{number}")
        await expect(note).to_have_value("先核对确认稿")


async def test_a_form_that_does_not_arrive_stays_as_it_is_and_says_so(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await ticket_of(browser, address, number)
        await page.route(
            "**/moves/reclassify", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        await reclassify(page, "大促期间")
        await page.keyboard.press("Control+Enter")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("alert")).to_contain_text("填写的内容仍在这里")
        await expect(dialog.get_by_label("调整原因")).to_have_value("大促期间")
        await picture(page, "ticket-unsent")
        assert await axe(page) == []
        await page.unroute_all()
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")


async def test_a_form_of_the_dialog_that_is_on_its_way_is_not_sent_again(
    app: Litestar, number: str, browser: Browser
) -> None:
    sent: list[str] = []

    async def counted(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            await asyncio.sleep(SLOW)
        await route.continue_()

    async with serve(app) as address:
        page = await ticket_of(browser, address, number)
        await page.route("**/moves/reclassify", counted)
        await reclassify(page, "大促期间")
        await page.keyboard.press("Control+Enter")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").first).to_contain_text("已完成：调整分类与紧急程度")
        assert len(sent) == 1


async def test_a_form_of_a_confidential_ticket_closed_by_mistake_opens_as_it_was(
    app: Litestar, manager: Visitor, anhe: Anhe, browser: Browser
) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/confidential/mark")
    async with serve(app) as address:
        page = await ticket_of(browser, address, number)
        await reclassify(page, "大促期间")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        # It is out of sight a moment before it is told that it was closed, and puts its form aside.
        await expect(page.locator("#dialog-content")).to_be_empty()
        await page.keyboard.press("t")
        await expect(page.get_by_role("dialog").get_by_label("调整原因")).to_have_value("大促期间")


async def test_what_is_refused_is_kept_as_its_draft(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/entries", audience="note", body="请 {对接人} 先核对")
    assert manager.status == 422
    await manager.go(f"/tickets/{number}")
    assert manager.says("请 {对接人} 先核对</textarea>")
    form = f"/tickets/{number}/moves/reclassify"
    await manager.go(form)
    await manager.send(form, reason="大促期间", urgency="urgent", seen="99")
    assert manager.status == 409
    await manager.go(form)
    assert manager.says("大促期间")


async def test_what_holds_somebodys_number_is_not_kept_and_the_browser_asks_before_it_goes(
    manager: Visitor, anhe: Anhe
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/entries", audience="note", body="买家 13812341234")
    assert manager.says("data-keep data-changed")
    await manager.go(f"/tickets/{number}")
    assert not manager.says("13812341234")
