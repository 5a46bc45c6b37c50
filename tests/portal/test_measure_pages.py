"""Measures in the portal: every figure opens exactly the tickets behind it."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from litestar import Litestar

from anshou.tickets.kinds import Kind
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.browser import DESK, PHONE, axe, new_page, open_browser, overflows, picture, serve
from tests.cast import PASSWORD, Anhe
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk

NOVEMBER = "from=2026-11-01&until=2026-11-30"
ROW = re.compile(r"<tr>\s*<td class=\"nowrap\">")


async def a_week(desk: Desk) -> None:
    """One ticket withdrawn and reopened, one that waits for the merchant, one refused, one that nobody answers."""
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept", message="已收到，正在核实。")
    await desk.act(cast.owner, "withdraw")
    await desk.act(cast.owner, "reopen")
    await desk.open(Kind.DATA_ANOMALY, cast.owner)
    await desk.act(cast.account_manager, "hold")
    desk.now += timedelta(hours=1)
    await desk.open(Kind.CONTRACT_DISPUTE, cast.account_manager)
    await desk.act(cast.account_manager, "refuse")
    await desk.open(Kind.SERVICE_QUALITY, cast.account_manager)


@pytest.fixture
async def week(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Anhe:
    """The week, committed."""
    async with tenants.session(tenant, AGENCY) as session:

        async def act_as(context: object) -> None:
            await tenants.switch(session, context)  # type: ignore[arg-type]

        await a_week(Desk(session, act_as, anhe))
    return anhe


@pytest.mark.parametrize("login", ["executive", "supervisor", "manager", "specialist", "finance", "auditor"])
async def test_every_figure_opens_as_many_rows_as_it_says(week: Anhe, visitor: Visitor, login: str) -> None:
    await visitor.sign_in(login)
    for by in ("merchant", "kind", "person"):
        await visitor.go(f"/measures?{NOVEMBER}&by={by}")
        assert visitor.status == 200
        counts = set(re.findall(r'<a href="(/measures/tickets\?[^"]+)"[^>]*>([\d,]+)</a>', visitor.text))
        for address, number in counts:
            if "unsatisfied" in address:
                continue
            await visitor.go(unescape(address))
            assert visitor.says(f"合计 {number}"), address
            assert len(ROW.findall(visitor.text)) == int(number), address


@pytest.mark.parametrize(
    ("login", "address"), [("executive", "/measures"), ("yunshan-owner", "/my/measures")], ids=["agency", "merchant"]
)
@pytest.mark.parametrize("width", [DESK, PHONE])
async def test_plots_are_drawn_and_pictures_download(
    app: Litestar, week: Anhe, width: int, login: str, address: str
) -> None:
    async with serve(app) as base, open_browser() as browser:
        page = await new_page(browser, base, width=width)
        await page.goto("/sign-in")
        for name, value in (("agency", "anhe"), ("login", login), ("password", PASSWORD)):
            await page.fill(f'input[name="{name}"]', value)
        await page.locator("form button.btn-primary").click()
        await page.locator("nav.side").wait_for(state="attached")
        await page.goto(f"{address}?{NOVEMBER}")
        await page.locator("figure[data-measures] canvas").first.wait_for()
        await picture(page, f"measures-{login}-{width}")
        assert await axe(page) == []
        assert await overflows(page) == []
        async with page.expect_download() as download:
            await page.locator("[data-picture]").first.click()
        assert (await download.value).suggested_filename.endswith(".png")


async def test_a_merchant_sees_its_own_figures_and_nothing_of_the_agencys_people(week: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("yunshan-owner")
    await visitor.go(f"/my/measures?{NOVEMBER}&by=person&department=operations")
    counts = set(re.findall(r'<a href="(/my/measures/tickets\?[^"]+)"[^>]*>([\d,]+)</a>', visitor.text))
    assert counts
    for secret in ("时限达成率", "每单费用", "按负责人", "高远", "唐磊"):
        assert not visitor.says(secret)
    for address, number in counts:
        await visitor.go(unescape(address))
        assert visitor.says(f"合计 {number}"), address
        assert len(ROW.findall(visitor.text)) == int(number), address
    await visitor.sign_in("qinghe-owner")
    await visitor.go(f"/my/measures?{NOVEMBER}&merchant={week.yunshan.id}")
    assert visitor.says("这段时间没有工单")


async def test_the_spreadsheet_says_the_same_in_numbers(week: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("executive")
    answer = await visitor.go(f"/measures/measures.xlsx?{NOVEMBER}")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    rows = list(book["服务指标"].iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if row[1] == "新建数")
    said = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (said["新建数"], said["结案数"], said["重新打开率"], said["首次响应中位数"]) == (4, 2, 0.5, 5)
    assert said["商家满意度"] is None
