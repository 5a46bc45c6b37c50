"""Canned answers and mentions in what is written on a ticket, with scripts and without."""

import json

from litestar import Litestar
from playwright.async_api import Browser, expect
from sqlalchemy import text

from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, overflows, picture, serve
from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.test_ticket_page import browser, number, sign_in
from tests.portal.visitor import Visitor

__all__ = ["browser", "number"]

BODY = "{商家}您好，工单 {工单号} 由{负责人}跟进，{时限} 前答复。"


async def keep(visitor: Visitor, title: str = "收到反馈", body: str = BODY) -> None:
    await visitor.go("/answers/new")
    await visitor.send("/answers/new", title=title, whose="own", body=body)
    assert visitor.says("常用语已保存。")


async def test_answers_are_kept_changed_and_taken_away(manager: Visitor) -> None:
    await keep(manager)
    (address,) = set(manager.links("/answers/"))
    await manager.go(address)
    assert manager.says("{商家}")
    await manager.send(address, title="收到", whose="own", body="{商户名}")
    assert manager.status == 422
    assert manager.says("没有名为“商户名”的占位符")
    await manager.send(address, title="收到", whose="agency", body="好的")
    assert manager.status in (403, 422)
    await manager.go("/answers")
    await manager.send(f"{address}/delete")
    assert manager.says("常用语已删除。")
    assert not manager.says("收到反馈")


async def test_without_scripts_an_answer_is_put_behind_what_is_typed(manager: Visitor, anhe: Anhe) -> None:
    await keep(manager)
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    await manager.send(f"/tickets/{number}/answers", audience="message", body="先说一句")
    assert manager.says("云杉户外您好")
    assert manager.says("缺 时限")
    action = manager.text.split(f'action="/tickets/{number}/answers/')[1].split('"')[0]
    await manager.send(f"/tickets/{number}/answers/{action}", audience="message")
    assert manager.path.startswith(f"/tickets/{number}")
    assert manager.says(f"先说一句\n云杉户外您好，工单 {number} 由林悦跟进，{{时限}} 前答复。</textarea>")
    # The deadline is still to be filled in.
    body = f"工单 {number}，{{时限}} 前答复"
    await manager.send(f"/tickets/{number}/entries", audience="message", body=body)
    assert manager.status == 422
    assert manager.says("占位符还没有填写：{时限}")
    assert manager.says(body)


async def test_a_note_may_hold_the_internal_deadline_and_department_and_a_message_may_not(
    manager: Visitor, anhe: Anhe
) -> None:
    await keep(manager, body="{时限} {责任部门}")
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}/answers?audience=message", **{"x-fragment": "offers"})
    assert manager.says("{时限} {责任部门}")
    await manager.go(f"/tickets/{number}/answers?audience=note", **{"x-fragment": "offers"})
    assert manager.says("2026-11-23 ")
    assert not manager.says("{时限}")


async def test_an_answer_of_somebody_else_cannot_be_used(app: Litestar, manager: Visitor, anhe: Anhe) -> None:
    await keep(manager)
    (address,) = set(manager.links("/answers/"))
    number = await open_report(manager, anhe)
    async with Visitor(app) as agent:
        await agent.sign_in("agent")
        assert (await agent.go(address)).status_code == 404
        await agent.go(f"/tickets/{number}")
        await agent.send(f"/tickets/{number}/answers/{address.rpartition('/')[2]}", audience="note")
        assert agent.status == 404


async def test_the_mentioned_are_told_and_the_author_hears_who_cannot_be(
    manager: Visitor, anhe: Anhe, tenants: Tenants
) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="note", body="@周敏 @方萍 请看")
    assert manager.says("已通知 周敏。")
    assert manager.says("方萍 无权查看这个工单，没有通知。")
    assert '<span class="mention">@周敏</span>' in manager.text
    assert '<span class="mention">@方萍</span>' not in manager.text
    async with tenants.control() as control:
        jobs = (await control.execute(text("SELECT actor, payload::text AS payload FROM control.job"))).all()
    told = [json.loads(job.payload) for job in jobs if job.actor == "tickets.tell_person"]
    assert [one["person"] for one in told if one["event"] == "mentioned"] == [str(anhe.service_agent.id)]
    assert "请看" not in "".join(job.payload for job in jobs)


async def test_a_merchant_reads_a_name_and_no_mention(app: Litestar, manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="message", body="由@周敏联系您")
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}")
        assert owner.says("由周敏联系您")
        assert not owner.says("@周敏")


async def test_a_slash_offers_answers_and_a_sign_colleagues(
    app: Litestar, number: str, manager: Visitor, browser: Browser
) -> None:
    await keep(manager)
    await keep(manager, title="致歉", body="很抱歉给您带来不便。")
    async with serve(app) as address:
        page = await new_page(browser, address)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{number}")
        field = page.get_by_label("内容")
        await page.keyboard.press("r")
        await page.keyboard.type("/")
        options = page.locator("[data-offer-list] [role=option]")
        await expect(options).to_have_count(2)
        await picture(page, "ticket-offers")
        assert await axe(page) == []
        await field.focus()
        await page.keyboard.type("致")
        await expect(options).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(field).to_have_value("很抱歉给您带来不便。")
        await page.keyboard.type(" @周")
        await expect(options).to_have_count(0)
        await field.fill("")
        await page.get_by_text("内部备注", exact=True).click()
        await field.focus()
        await page.keyboard.type("请@周")
        await expect(options).to_have_count(1)
        await page.keyboard.press("Tab")
        await expect(field).to_have_value("请@周敏 ")
        await page.keyboard.type("1/2 处理")
        await expect(options).to_have_count(0)
        assert complaints == []


async def test_the_page_of_answers_is_accessible_and_fits(app: Litestar, manager: Visitor, browser: Browser) -> None:
    await keep(manager)
    async with serve(app) as address:
        for width in (DESK, PHONE):
            page = await new_page(browser, address, width=width)
            await sign_in(page, "manager")
            for path in ("/answers", "/answers/new"):
                await page.goto(path)
                await picture(page, f"{path.replace('/', '_')}-{width}")
                assert await axe(page) == [], path
                assert await overflows(page) == [], path
