"""Revealing as a browser shows it, on a desk and on a phone: the dialog, the watermark, copying, the field's end."""

import pytest
from litestar import Litestar

from anshou.consumers.cards import ConsumerCard
from anshou.consumers.recording import add_record
from anshou.privacy.decoys import raise_decoy_alarms
from anshou.privacy.planting import DecoyCard, plant_consumer
from anshou.privacy.watching import Touch
from anshou.tickets.reach import visible_ticket
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, new_page, open_browser, serve
from tests.cast import NOW, Anhe
from tests.portal.agency_steps import open_report
from tests.portal.test_merchant_phone import fine, sign_in
from tests.portal.visitor import Visitor
from tests.privacy.secrets import RevealDesk

NUMBER = "10000001234"
CARD = ConsumerCard(
    name="柳如丝",
    phone=NUMBER,
    region="广东省深圳市南山区",
    address="松树街八十八号静安花园三期十二幢二单元一八零三室",
    order_number="DD-2611-000077",
    product="静音筋膜枪",
    private=True,
    happened="第二次使用就不转了，\n充电时有焦味。",
)


@pytest.fixture
async def record(manager: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant) -> str:
    """The path of a consumer record below a desk's tickets: number and record."""
    number = await open_report(manager, anhe)
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        ticket = await visible_ticket(session, anhe.account_manager, number)
        kept = await add_record(session, ticket, CARD, by=anhe.account_manager, at=NOW)
    return f"{number}/consumers/{kept.origin_id}"


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_a_field_is_revealed_copied_and_gone(
    app: Litestar, record: str, anhe: Anhe, tenants: Tenants, tenant: Tenant, width: int
) -> None:
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=width)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await sign_in(page, "manager")
        await page.clock.install()
        await page.goto(f"/tickets/{record}")
        await fine(page, f"{width}-record-masked")
        # By keyboard: the eye is a link among others.
        await page.get_by_role("link", name="查看电话").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").get_by_text("核实订单").wait_for()
        await fine(page, f"{width}-purpose")
        await page.get_by_label("核实订单").check()
        await page.get_by_role("dialog").get_by_role("button", name="查看").click()
        await page.get_by_text(NUMBER).wait_for()
        await fine(page, f"{width}-revealed")
        assert NUMBER not in page.url
        watermark = page.locator(".watermark span").first
        assert "林悦 manager" in str(await watermark.get_attribute("data-mark"))
        chosen = "getComputedStyle(document.querySelector('.secret-text')).userSelect"
        assert await page.evaluate(chosen) == "none"
        await page.get_by_role("button", name="复制").click()
        await page.locator("[data-clipboard]").wait_for()
        # The browser writes it behind the scenes.
        await page.evaluate("async (text) => { while (await navigator.clipboard.readText() !== text); }", NUMBER)
        await fine(page, f"{width}-copied")
        await page.clock.fast_forward(59_000)
        await page.clock.run_for(2_000)
        await page.get_by_role("dialog").wait_for(state="hidden")
        assert NUMBER not in await page.content()
    desk = RevealDesk(tenants, tenant, anhe)
    assert await desk.actions("reveal.") == [
        "reveal.list_masked",
        "reveal.shown",
        "reveal.copied",
    ]


async def test_without_scripts_the_page_leads_back_by_itself(app: Litestar, record: str) -> None:
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, scripts=False)
        await sign_in(page, "manager")
        await page.goto(f"/tickets/{record}")
        await page.get_by_role("link", name="查看电话").click()
        await page.get_by_label("联系消费者").check()
        await page.locator("main button", has_text="查看").click()
        await page.locator("main").get_by_text(NUMBER).wait_for()
        back = await page.locator("meta[http-equiv=refresh]").get_attribute("content")
        assert back == f"60;url=/tickets/{record}"
        await page.get_by_role("button", name="复制").click()
        assert await page.locator("textarea").input_value() == NUMBER


@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_the_lists_of_both_desks_are_in_order(
    app: Litestar, record: str, anhe: Anhe, tenants: Tenants, tenant: Tenant, width: int
) -> None:
    desk = RevealDesk(tenants, tenant, anhe, number=record.split("/")[0])
    row = record.rsplit("/", 1)[-1]
    for field, purpose in (("phone", "verify_order"), ("address", "return_exchange"), ("name", "legal")):
        await desk.reveal(anhe.account_manager, field=f"consumer_record.{field}:{row}", purpose=purpose)
    await desk.reveal(anhe.member, field=f"consumer_record.phone:{row}")
    async with serve(app) as address, open_browser() as browser:
        owner = await new_page(browser, address, width=width)
        await sign_in(owner, "yunshan-owner")
        await owner.goto("/my/data")
        await fine(owner, f"{width}-my-data")
        await owner.get_by_role("link", name="提出异议").first.click()
        await owner.get_by_label("异议理由").fill("姓名与本单无关，为什么查看？")
        await fine(owner, f"{width}-objecting")
        await owner.get_by_role("button", name="提交异议").click()
        await owner.get_by_text("前答复").wait_for()
        await fine(owner, f"{width}-my-reveal")
        supervisor = await new_page(browser, address, width=width)
        await sign_in(supervisor, "supervisor")
        await supervisor.goto("/reveals")
        await fine(supervisor, f"{width}-reveals")
        await supervisor.get_by_role("link", name="异议待答复", exact=True).last.click()
        await fine(supervisor, f"{width}-objection")
        await supervisor.get_by_text("异议成立", exact=True).click()
        await supervisor.get_by_label("说明").fill("查看没有必要，已提醒当事人。")
        await supervisor.get_by_role("button", name="答复商家").click()
        await supervisor.get_by_text("异议已答复").wait_for()
        await fine(supervisor, f"{width}-answered")
        admin = await new_page(browser, address, width=width)
        await sign_in(admin, "admin")
        await admin.goto("/settings/reveals")
        await fine(admin, f"{width}-rules")
        card = DecoyCard(ticket=desk.number, name="白素贞", phone="10000009999", note="十一月抽查")
        async with desk.begin(anhe.admin)() as session:
            decoy = await plant_consumer(session, card, by=anhe.admin, at=NOW)
            await raise_decoy_alarms(
                session, "consumer_record", [decoy.row_id], Touch.FOUND, who=anhe.account_manager.actor(), at=NOW
            )
        await admin.goto("/decoys")
        await fine(admin, f"{width}-decoys")
    assert len(await desk.actions("reveal.objection")) == 2
