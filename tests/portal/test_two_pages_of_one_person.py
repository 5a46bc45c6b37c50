"""The same form open twice: the page that is behind is told so, and neither loses what was typed into it."""

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import axe, new_page, picture, serve
from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.clock import TestClock
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number"]


def note_of(page: Page) -> Locator:
    return page.locator("form.composer textarea")


async def write_note(page: Page, clock: TestClock, words: str) -> None:
    """Write it, and wait until it is kept."""
    # Savings are told apart by their instant.
    clock.forward(seconds=1)
    await page.get_by_text("内部备注", exact=True).click()
    await note_of(page).fill(words)
    await is_kept(page)


async def is_kept(page: Page) -> None:
    await expect(page.locator("form.composer[data-changed]")).to_have_count(0)
    await expect(page.locator("[data-draft-said]")).to_contain_text("草稿已保存")


async def write_in_vain(page: Page, clock: TestClock, words: str) -> None:
    """Write it, and wait until the page says that newer words stand elsewhere."""
    clock.forward(seconds=1)
    await note_of(page).fill(words)
    await expect(page.locator("[data-draft-said]")).to_contain_text("您在另一个页面里也填写了这里")
    await expect(page.locator("form.composer[data-changed]")).to_have_count(1)


async def test_the_older_page_is_told_of_the_newer_words_and_decides(
    app: Litestar, number: str, browser: Browser, clock: TestClock
) -> None:
    async with serve(app) as address:
        older = await new_page(browser, address)
        await sign_in(older, "manager")
        await older.goto(f"/tickets/{number}")
        newer = await older.context.new_page()
        await newer.goto(f"/tickets/{number}")
        await write_note(older, clock, "先核对")
        await older.reload()
        await newer.reload()
        await write_note(newer, clock, "先核对确认稿")

        await write_in_vain(older, clock, "先问美工")
        await picture(older, "ticket-draft-elsewhere")
        assert await axe(older) == []
        await newer.reload()
        await expect(note_of(newer)).to_have_value("先核对确认稿")

        clock.forward(seconds=1)
        await older.get_by_role("button", name="以这里的为准").click()
        await is_kept(older)
        await write_in_vain(newer, clock, "先核对确认稿再说")
        await write_note(older, clock, "先问美工，再答复")


async def test_one_page_goes_on_keeping_what_is_typed_into_it(
    app: Litestar, number: str, browser: Browser, clock: TestClock
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        for words in ("先", "先核对", "先核对确认稿"):
            await write_note(page, clock, words)
        await page.reload()
        await expect(note_of(page)).to_have_value("先核对确认稿")
        await write_note(page, clock, "先核对确认稿，再答复")
        await page.get_by_role("button", name="保存备注").click()
        await expect(page.locator(".entry-item.note")).to_contain_text("先核对确认稿，再答复")
        await expect(note_of(page)).to_have_value("")


@pytest.mark.parametrize("seen", ["", "2026-11-22", "nonsense"])
async def test_an_answer_that_is_sent_leaves_the_words_of_another_page(
    manager: Visitor, anhe: Anhe, clock: TestClock, seen: str
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="先问美工", _page="newer")
    given = {"audience": "note", "body": "今天答复", "_page": "older", "_kept_at": seen}
    await manager.send(f"/tickets/{number}/drafts/entry", **given)
    assert manager.says("您在另一个页面里也填写了这里")
    await manager.send(f"/tickets/{number}/entries", **given)
    await manager.go(f"/tickets/{number}")
    assert manager.says("先问美工</textarea>")
    given["_kept_at"] = manager.value_of("_kept_at")
    await manager.send(f"/tickets/{number}/entries", **given)
    assert not manager.says("先问美工</textarea>")


async def test_a_refused_form_goes_on_from_its_own_draft(manager: Visitor, anhe: Anhe, clock: TestClock) -> None:
    number = await open_report(manager, anhe)
    form = f"/tickets/{number}/moves/reclassify"
    await manager.go(form)
    await manager.send(form, reason="大促期间", urgency="urgent", seen="99", _page="first")
    assert manager.status == 409
    clock.forward(seconds=1)
    again = {"reason": "大促期间，商家催促", "_page": "second", "_kept_at": manager.value_of("_kept_at")}
    await manager.send(f"/tickets/{number}/drafts/reclassify", **again)
    assert manager.says("草稿已保存")
