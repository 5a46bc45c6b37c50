"""Disclosures in the browser: asked for at a desk, signed and withdrawn on a phone, exported in between."""

import pytest
from litestar import Litestar
from playwright.async_api import Page

from anshou.consumers.recording import add_record
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import NOW, PASSWORD, Anhe
from tests.consumers.samples import card
from tests.portal.test_merchant_phone import sign_in
from tests.portal.visitor import Visitor
from tests.tickets.samples import report


@pytest.fixture
async def number(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> str:
    """A ticket of 云杉 with a plain and a private consumer record."""
    manager = anhe.account_manager
    async with tenants.session(tenant, manager.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, merchant=anhe.yunshan.id, shop=anhe.yunshan.shop_id, channel="phone")
        ticket = await open_ticket(session, stated, by=manager, at=NOW)
        await add_record(session, ticket, card(), by=manager, at=NOW)
        await add_record(session, ticket, card(name="李静好", private=True), by=manager, at=NOW)
        return ticket.number


async def asked_for(visitor: Visitor, anhe: Anhe, number: str, **changes: str) -> str:
    """The account manager asks for names and phones; answers the disclosure's number."""
    await visitor.sign_in("manager")
    await visitor.go(f"/disclosures/new?ticket={number}&merchant={anhe.yunshan.id}")
    given = {
        "merchant": str(anhe.yunshan.id),
        "recipient_name": "安速物流",
        "recipient_kind": "carrier",
        "recipient_contact": "理赔部 400-000-0000",
        "purpose": "破损包裹理赔，核对收件人",
        "tickets": number,
        "fields": ["consumer_record.name", "consumer_record.phone"],
        "attachments": "no",
        "sensitive": "yes",
        "necessity": "承运商须核对收件人身份，否则不受理赔偿；仅提供姓名和电话，对个人影响有限。",
        "valid_from": visitor.value_of("valid_from"),
        "valid_until": visitor.value_of("valid_until"),
    }
    await visitor.send("/disclosures/new", **(given | changes))
    assert visitor.status == 200
    return visitor.path.rsplit("/", 1)[-1]


async def fine(page: Page, name: str) -> None:
    """Accessible, within the screen; and a picture of it."""
    await picture(page, name)
    assert [*await axe(page), *await overflows(page)] == []


async def test_what_waits_for_the_owner_is_signed_and_withdrawn_on_a_phone(
    app: Litestar, anhe: Anhe, number: str, visitor: Visitor
) -> None:
    disclosure = await asked_for(visitor, anhe, number)
    async with serve(app) as address, open_browser() as browser:
        page = await new_page(browser, address, width=PHONE)
        await sign_in(page, "yunshan-owner")
        await page.goto("/my/data/consents")
        await fine(page, "consents-phone")
        await page.get_by_role("link", name="阅读并签署").click()
        assert not await page.get_by_label("我单独同意提供上述敏感个人信息").is_checked()
        await fine(page, "consent-sign-phone")
        await page.get_by_label("我单独同意提供上述敏感个人信息").check()
        await page.get_by_label("当前密码").fill("not the password")
        await page.get_by_role("button", name="签署").click()
        await page.get_by_text("密码不正确").first.wait_for()
        assert await page.get_by_label("我单独同意提供上述敏感个人信息").is_checked()
        await page.get_by_label("当前密码").fill(PASSWORD)
        await page.get_by_role("button", name="签署").click()
        await page.get_by_text("已签署。您可以随时撤回。").wait_for()
        await fine(page, "consent-signed-phone")

        await visitor.go(f"/disclosures/{disclosure}")
        chosen = ["consumer_record.name", "consumer_record.phone"]
        await visitor.send(f"/disclosures/{disclosure}/exports", fields=chosen, tickets=number, format="csv")
        assert visitor.status == 422
        assert visitor.says("请从给出的选项里选择“文件格式”")
        await visitor.send(f"/disclosures/{disclosure}/exports", fields=chosen, tickets=number, format="json")
        assert visitor.page is not None
        assert visitor.page.headers["content-disposition"].startswith(f'attachment; filename="{disclosure}-01.json"')
        assert ("柳如丝" in visitor.text, "李静好" in visitor.text) == (True, True)

        await page.reload()
        await page.get_by_text(f"{disclosure}-01.json").wait_for()
        await page.get_by_role("button", name="只撤回单独同意").click()
        await page.get_by_role("button", name="确认撤回").first.click()
        await page.get_by_text("敏感信息未同意").wait_for()
        await page.get_by_role("button", name="撤回同意", exact=True).click()
        await fine(page, "consent-withdrawing-phone")
        await page.get_by_role("button", name="确认撤回").last.click()
        await page.get_by_text("已撤回，从现在起不能再据此导出。").wait_for()
        await fine(page, "consent-withdrawn-phone")
        await page.goto(f"/my/data/consents/{disclosure}/document")
        await fine(page, "consent-document-phone")

    await visitor.go("/disclosures")
    await visitor.send(f"/disclosures/{disclosure}/exports", fields=chosen, tickets=number, format="json")
    assert visitor.status == 403
    assert visitor.says("已撤回同意")
    assert "柳如丝" not in visitor.text


async def test_the_agencys_pages_are_in_order(app: Litestar, anhe: Anhe, number: str, visitor: Visitor) -> None:
    disclosure = await asked_for(visitor, anhe, number)
    async with serve(app) as address, open_browser() as browser:
        merchant = await new_page(browser, address, width=DESK)
        await sign_in(merchant, "yunshan-owner")
        await merchant.goto(f"/my/data/consents/{disclosure}/sign")
        await fine(merchant, "consent-sign-desk")
        await merchant.get_by_label("当前密码").fill(PASSWORD)
        await merchant.get_by_role("button", name="签署").click()
        await merchant.get_by_text("已签署").first.wait_for()
        page = await new_page(browser, address, width=DESK)
        await sign_in(page, "manager")
        for place, name in (
            ("/disclosures", "disclosures"),
            (f"/disclosures/new?ticket={number}", "disclosure-new"),
            (f"/disclosures/{disclosure}", "disclosure"),
            (f"/disclosures/{disclosure}/document", "disclosure-document"),
        ):
            await page.goto(place)
            await fine(page, name)


async def test_a_refusal_says_why_and_the_agency_reads_it(anhe: Anhe, number: str, visitor: Visitor) -> None:
    disclosure = await asked_for(visitor, anhe, number)
    await visitor.sign_in("yunshan-owner")
    await visitor.go(f"/my/data/consents/{disclosure}/refuse")
    await visitor.send(f"/my/data/consents/{disclosure}/refuse", reason="请先去掉电话")
    assert visitor.says("已拒绝")
    await visitor.sign_in("manager")
    await visitor.go(f"/disclosures/{disclosure}")
    assert visitor.says("请先去掉电话")


async def test_a_request_without_necessity_is_shown_again_with_all_that_was_typed(
    anhe: Anhe, number: str, visitor: Visitor
) -> None:
    await visitor.sign_in("manager")
    with pytest.raises(AssertionError):
        await asked_for(visitor, anhe, number, necessity="")
    assert visitor.status == 422
    assert visitor.says("须说明必要性")
    assert visitor.says("安速物流")


async def test_a_member_reads_but_does_not_sign(anhe: Anhe, number: str, visitor: Visitor) -> None:
    disclosure = await asked_for(visitor, anhe, number)
    await visitor.sign_in("yunshan-member")
    await visitor.go(f"/my/data/consents/{disclosure}")
    assert visitor.says("须由商家负责人签署")
    await visitor.go(f"/my/data/consents/{disclosure}/sign")
    assert visitor.status == 403


async def test_another_merchant_finds_nothing(anhe: Anhe, number: str, visitor: Visitor) -> None:
    disclosure = await asked_for(visitor, anhe, number)
    await visitor.sign_in("qinghe-owner")
    for below in ("", "/sign", "/refuse", "/document", "/documents/original"):
        await visitor.go(f"/my/data/consents/{disclosure}{below}")
        assert visitor.status == 404, below
