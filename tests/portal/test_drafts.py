"""Drafts on the pages: kept by a button or by themselves, restored on any device, gone when they are sent."""

import re
from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from playwright.async_api import Browser, expect

from tests.browser import axe, new_page, picture, serve
from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number"]


@pytest.fixture
async def second_device(app: Litestar) -> AsyncIterator[Visitor]:
    async with Visitor(app) as opened:
        await opened.sign_in("manager")
        yield opened


async def test_a_draft_goes_on_on_another_device_until_it_is_sent(
    manager: Visitor, second_device: Visitor, anhe: Anhe
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="先问美工")
    assert manager.says("草稿已保存")
    await second_device.go(f"/tickets/{number}")
    assert second_device.says("先问美工</textarea>")
    assert re.search(r'name="audience"[^>]* value="note"[^>]* checked', second_device.text)
    await second_device.send(f"/tickets/{number}/entries", audience="note", body="先问美工，再答复")
    await manager.go(f"/tickets/{number}")
    assert not manager.says("先问美工</textarea>")
    assert not manager.says("草稿已保存")


async def test_the_form_of_a_move_is_kept_too_and_goes_when_it_is_made(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    form = f"/tickets/{number}/moves/reclassify"
    await manager.go(form)
    await manager.send(f"/tickets/{number}/drafts/reclassify", reason="大促期间", urgency="urgent", seen="1")
    await manager.go(form)
    assert manager.says("大促期间")
    await manager.send(form, reason="大促期间", urgency="urgent", seen=manager.value_of("seen"))
    assert manager.says("已完成：调整分类与紧急程度")
    await manager.go(form)
    assert not manager.says("大促期间")


async def test_a_draft_is_given_up_or_emptied(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="不要了")
    await manager.send(f"/tickets/{number}/drafts/entry/discard", body="不要了")
    assert manager.says("草稿已删除。")
    assert not manager.says("不要了")
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="又一次")
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="  ")
    assert not manager.says("又一次")


async def test_somebodys_number_is_not_kept_before_its_author_has_decided(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="买家 13812341234")
    assert manager.status == 422
    assert manager.says("草稿没有保存")
    assert manager.says("买家 13812341234</textarea>")
    assert re.search(r'name="audience"[^>]* value="note"[^>]* checked', manager.text)
    await manager.go(f"/tickets/{number}")
    assert not manager.says("13812341234")


@pytest.mark.parametrize("form", ["entry", "reclassify"])
async def test_without_scripts_what_may_not_be_kept_stands_in_its_form_again(
    manager: Visitor, anhe: Anhe, form: str
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}/moves/reclassify")
    at = f"/tickets/{number}/drafts/{form}"
    field = "body" if form == "entry" else "reason"
    said = {"audience": "note", field: "买家 13812341234", "seen": "1"}
    await manager.send(at, **said)
    assert (manager.status, manager.path) == (422, at)
    assert manager.says("内容中似有他人号码")
    assert manager.says("买家 13812341234</textarea>")
    await manager.send(at, **{**said, field: "先问美工" * 20_000})
    assert manager.status == 422
    assert manager.says("60000")
    # By the time that it is sent the ticket may have become one of which nothing is kept.
    await manager.send(f"/tickets/{number}/confidential/mark")
    await manager.send(at, **said)
    assert manager.status == 409
    assert manager.says("保密工单不保存草稿。")
    assert manager.says("买家 13812341234</textarea>")
    # A page's script has the form before it, and wants to know no more than that nothing was kept.
    kept = await manager.send(at, headers={"x-fragment": "draft"}, **said)
    assert kept.status_code == 409


async def test_what_was_written_before_a_canned_answer_is_asked_for_is_not_lost_either(
    manager: Visitor, anhe: Anhe
) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/answers", audience="message", body="买家 13812341234")
    assert manager.status == 422
    assert manager.says("买家 13812341234</textarea>")


async def test_without_scripts_a_merchants_words_stand_there_again_too(
    app: Litestar, manager: Visitor, anhe: Anhe
) -> None:
    number = await open_report(manager, anhe)
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}")
        await owner.send(f"/my/tickets/{number}/drafts/entry", body="买家 13812341234")
        assert owner.status == 422
        assert owner.says("买家 13812341234</textarea>")


async def test_a_move_that_is_sent_twice_is_made_once_and_leaves_no_draft(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    form = f"/tickets/{number}/moves/reclassify"
    await manager.go(form)
    said = {"reason": "大促期间", "urgency": "urgent", "seen": manager.value_of("seen")}
    await manager.send(form, **said)
    await manager.go(form)
    await manager.send(form, **said)
    assert manager.says("已完成：调整分类与紧急程度")
    assert manager.text.count("大促期间") == 1
    await manager.go(form)
    assert not manager.says("大促期间")
    # Something else that was decided on the same page is refused as before, and kept.
    await manager.send(form, **{**said, "reason": "商家催促"})
    assert manager.status == 409
    await manager.go(form)
    assert manager.says("商家催促")


async def test_a_merchants_draft_is_theirs_and_the_agency_sees_nothing_of_it(
    app: Litestar, manager: Visitor, anhe: Anhe
) -> None:
    number = await open_report(manager, anhe)
    async with Visitor(app) as owner, Visitor(app) as member:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}")
        await owner.send(f"/my/tickets/{number}/drafts/entry", body="我们再看看")
        assert owner.says("我们再看看</textarea>")
        await member.sign_in("yunshan-member")
        await member.go(f"/my/tickets/{number}")
        assert not member.says("我们再看看")
    await manager.go(f"/tickets/{number}")
    assert not manager.says("我们再看看")


async def test_on_a_confidential_ticket_the_page_says_that_nothing_is_kept(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/confidential/mark")
    await manager.go(f"/tickets/{number}")
    assert manager.says("保密工单不保存草稿。")
    assert "data-draft=" not in manager.text
    await manager.send(f"/tickets/{number}/drafts/entry", audience="note", body="只有我们知道")
    assert manager.status == 409


async def test_what_is_typed_is_saved_by_itself_and_stands_there_again(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        await page.get_by_text("内部备注", exact=True).click()
        await page.get_by_label("内容").fill("写到一半")
        await expect(page.locator("[data-draft-said]")).to_contain_text("草稿已保存")
        await picture(page, "ticket-draft")
        assert await axe(page) == []
        await page.goto("/tickets")
        await page.goto(f"/tickets/{number}")
        await expect(page.get_by_label("内容")).to_have_value("写到一半")
        await expect(page.get_by_role("radio", name="内部备注")).to_be_checked()
        await page.get_by_role("button", name="保存备注").click()
        await expect(page.locator(".entry-item.note")).to_contain_text("写到一半")
        await expect(page.get_by_label("内容")).to_have_value("")


async def test_a_dialog_that_is_closed_half_way_keeps_what_was_typed(
    app: Litestar, number: str, browser: Browser
) -> None:
    async with serve(app) as address:
        page = await new_page(browser, address)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")

        async def open_form() -> None:
            await page.get_by_role("button", name="更多操作").click()
            await page.get_by_role("link", name="调整分类与紧急程度").click()

        await open_form()
        reason = page.get_by_role("dialog").get_by_label("调整原因")
        # Kept by closing, or by itself before that where the machine is slow.
        async with page.expect_response("**/drafts/reclassify"):
            await reason.fill("大促")
            await page.keyboard.press("Escape")
        await open_form()
        await expect(reason).to_have_value("大促")
