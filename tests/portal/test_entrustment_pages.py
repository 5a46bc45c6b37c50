"""The end of an entrustment through the pages of both desks, at a phone's width for the merchant."""

import json
import re
from datetime import date
from zipfile import ZipFile

import pytest
from litestar import Litestar
from playwright.async_api import Page
from sqlalchemy import select

from anshou.consumers.recording import add_record
from anshou.merchants.contracts import ContractVersion
from anshou.merchants.drafting import end_version
from anshou.privacy.retention.carrying_out import erase_next
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.privacy.retention.runs import ErasureRun
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import NOW, PASSWORD, Anhe
from tests.consumers.samples import card
from tests.portal.test_merchant_phone import sign_in
from tests.portal.visitor import Visitor
from tests.tickets.samples import report

GIVEN = {
    "purpose": "店铺售后服务",
    "duration": "合同有效期内",
    "method": "在线查询、联系消费者、制作工单",
    "data_kinds": "姓名\n电话\n地址\n订单号",
    "measures": "字段加密，按商家分密钥，查看留痕",
}
PASSED_ON = {"name": "云短信有限公司", "purpose": "发送取件短信", "data_kinds": "电话", "place": "浙江杭州"}


@pytest.fixture
async def ended(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Anhe:
    """云杉's contract has ended; a consumer record is left."""
    manager = anhe.account_manager
    async with tenants.session(tenant, manager.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, merchant=anhe.yunshan.id, shop=anhe.yunshan.shop_id, channel="phone")
        ticket = await open_ticket(session, stated, by=manager, at=NOW)
        await add_record(session, ticket, card(), by=manager, at=NOW)
    async with tenants.session(tenant, AGENCY) as session:
        version = await session.get_one(ContractVersion, anhe.yunshan.version_id)
        await end_version(session, version, date(2026, 11, 22), "不再续约", by=anhe.admin, at=NOW)
    return anhe


async def erased(tenants: Tenants, tenant: Tenant) -> None:
    """What the worker does."""
    storage, listing = open_storage("memory:"), ErasureList(open_storage("memory:"), secret=bytes(32))
    again = True
    while again:
        async with tenants.session(tenant, AGENCY) as session:
            run = (await session.scalars(select(ErasureRun))).one()
            again = await erase_next(session, storage, listing, run, at=NOW)


async def fine(page: Page, name: str) -> None:
    """Accessible, within the screen; and a picture of it."""
    await picture(page, name)
    assert [*await axe(page), *await overflows(page)] == []


async def test_from_the_record_to_the_certificate(
    app: Litestar, ended: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    here = f"/merchants/{ended.yunshan.id}/entrustment"
    contract = f"{here}/{ended.yunshan.contract_id}"
    await visitor.sign_in("admin")
    await visitor.go(contract)
    await visitor.send(contract, **GIVEN)
    await visitor.go(f"{contract}/subprocessors/new")
    await visitor.send(f"{contract}/subprocessors/new", **PASSED_ON)
    assert visitor.says("待商家决定")
    await visitor.send(f"{contract}/return")
    number = visitor.path.rsplit("/", 1)[-1]
    async with serve(app) as address, open_browser() as browser:
        merchant = await new_page(browser, address, width=PHONE)
        await sign_in(merchant, "yunshan-owner")
        await merchant.goto("/my/data/entrustment")
        await fine(merchant, "entrustment-phone")
        await merchant.get_by_role("button", name="同意", exact=True).click()
        await merchant.get_by_text("您的决定已记录。").wait_for()
        await merchant.get_by_role("link", name=number).click()
        await fine(merchant, "return-choose-phone")
        await merchant.get_by_role("button", name="返还给我，然后删除").click()
        await merchant.get_by_role("button", name="下载我的数据").wait_for()
        await fine(merchant, "return-file-phone")
        async with merchant.expect_download() as waiting:
            await merchant.get_by_role("button", name="下载我的数据").click()
        download = await waiting.value
        assert download.suggested_filename == f"{number}.zip"
        with ZipFile(await download.path()) as package:
            taken = json.loads(package.read("tables/001-consumer_record.json"))
        assert taken["tables"][0]["records"][0]["name"] == "柳如丝"

        desk = await new_page(browser, address, width=DESK)
        await sign_in(desk, "admin")
        await desk.goto(here)
        await fine(desk, "entrustment")
        await desk.goto(f"/returns/{number}")
        await desk.get_by_role("button", name="开始清除").first.click()
        await fine(desk, "return-erasing")
        await desk.get_by_role("button", name="开始清除").last.click()
        await desk.get_by_text("清除已开始").wait_for()
        await erased(tenants, tenant)

        supervisor = await new_page(browser, address, width=DESK)
        await sign_in(supervisor, "supervisor")
        await supervisor.goto(f"/returns/{number}")
        await fine(supervisor, "return-erased")
        await supervisor.get_by_role("link", name="出具证明").click()
        await fine(supervisor, "certificate-sign")
        await supervisor.get_by_label("当前密码").fill(PASSWORD)
        await supervisor.get_by_role("button", name="签署并出具").click()
        await supervisor.get_by_text("证明已出具").wait_for()
        await supervisor.goto(f"/returns/{number}/certificate")
        await fine(supervisor, "certificate")
        await merchant.goto(f"/my/data/returns/{number}")
        await merchant.get_by_role("link", name="返还删除证明").click()
        await fine(merchant, "certificate-phone")


async def test_another_merchant_finds_no_return(ended: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("admin")
    here = f"/merchants/{ended.yunshan.id}/entrustment"
    await visitor.go(here)
    await visitor.send(f"{here}/{ended.yunshan.contract_id}/return")
    number = visitor.path.rsplit("/", 1)[-1]
    await visitor.sign_in("qinghe-owner")
    for below in ("", "/certificate"):
        await visitor.go(f"/my/data/returns/{number}{below}")
        assert visitor.status == 404


@pytest.mark.parametrize("chosen", [{}, {"agreed": "nein"}, {"agreed": "true"}])
async def test_a_decision_that_nobody_made_is_not_recorded(
    app: Litestar, ended: Anhe, visitor: Visitor, chosen: dict[str, str]
) -> None:
    contract = f"/merchants/{ended.yunshan.id}/entrustment/{ended.yunshan.contract_id}"
    await visitor.sign_in("admin")
    await visitor.go(contract)
    await visitor.send(contract, **GIVEN)
    await visitor.go(f"{contract}/subprocessors/new")
    await visitor.send(f"{contract}/subprocessors/new", **PASSED_ON)
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go("/my/data/entrustment")
        assert owner.says("待您决定")
        (address,) = re.findall(r'action="(/my/data/entrustment/subprocessors/[^"]+)"', owner.text)
        await owner.send(address, **chosen)
        assert owner.status == 422
        assert owner.says("决定")
        await owner.go("/my/data/entrustment")
        assert owner.says("待您决定")
