"""Reports in the portal: every figure opens the entries behind it, the spreadsheet says the same."""

import re
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from litestar import Litestar
from sqlalchemy import text

from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.finance.counter import Counter
from tests.finance.test_reporting import a_month
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk

NOVEMBER = "from=2026-11&until=2026-11"


@pytest.fixture
async def november(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> None:
    """A month of costs in the books."""
    async with tenants.session(tenant, AGENCY) as session:

        async def act_as(context: object) -> None:
            await tenants.switch(session, context)  # type: ignore[arg-type]

        await a_month(Counter(Desk(session, act_as, anhe)))


@pytest.fixture
async def finance(visitor: Visitor, november: None) -> Visitor:
    await visitor.sign_in("finance")
    return visitor


async def test_every_figure_opens_entries_that_add_up_to_it(finance: Visitor) -> None:
    await finance.go(f"/reports/finance?{NOVEMBER}&by=cause")
    figures = re.findall(r'<a class="[^"]*" href="(/reports/finance/entries[^"]+)">([^<]+)</a>', finance.text)
    assert len(figures) > 8
    for address, amount in figures:
        await finance.go(unescape(address))
        assert finance.says(f"合计 {amount}"), address
        lines = re.findall(r'class="end nowrap far[^"]*">(-?)¥([\d,.]+)<', finance.text)
        assert sum(int(sign + re.sub(r"\D", "", fen)) for sign, fen in lines) == int(re.sub(r"[^-\d]", "", amount))


@pytest.mark.parametrize(
    "page", ["finance/recovery?", "finance/recovery?by=cause&", "finance/debts?", "finance/agreement?", "?"]
)
async def test_every_other_page_opens_what_is_behind_its_figures_too(finance: Visitor, page: str) -> None:
    await finance.go(f"/reports/{page}{NOVEMBER}".replace("/?", "?"))
    figures = set(re.findall(r'<a class="[^"]*" href="(/reports/finance/entries[^"]+)">([^<]+)</a>', finance.text))
    assert figures, page
    for address, amount in figures:
        await finance.go(unescape(address))
        # What came in stands on the other side of the account.
        assert finance.says(f"合计 {amount}") or finance.says(f"合计 -{amount}"), (address, amount)


@pytest.mark.parametrize("sheet", ["recovery/recovery.xlsx", "debts/debts.xlsx"])
async def test_the_other_tables_are_spreadsheets_too(finance: Visitor, sheet: str) -> None:
    answer = await finance.client.get(f"/reports/finance/{sheet}?{NOVEMBER}")
    rows = [row for row in openpyxl.load_workbook(BytesIO(answer.content)).active.values if any(row)]
    assert rows[-1][0] == "合计"
    assert sum(row[1] for row in rows[-2:-1]) <= rows[-1][1]


async def test_the_entries_behind_a_figure_are_handed_out_with_it(finance: Visitor) -> None:
    asked = f"{NOVEMBER}&bearer=outside&sort=settled"
    await finance.go(f"/reports/finance/entries?{asked}")
    assert finance.says("合计 -¥100.00")
    answer = await finance.client.get(f"/reports/finance/entries/entries.xlsx?{asked}")
    rows = [row for row in openpyxl.load_workbook(BytesIO(answer.content)).active.values if any(row)]
    assert ("承担方", "外部责任方") in [row[:2] for row in rows]
    (line, total) = rows[-2:]
    assert (line[2], line[3], line[4]) == ("平台", -100, "云杉户外")
    assert line[6].startswith("FY")
    assert (total[0], total[3]) == ("合计", -100)


async def test_the_executive_begins_with_what_poor_service_costs(visitor: Visitor, november: None) -> None:
    await visitor.sign_in("executive")
    assert visitor.path == "/reports"
    assert visitor.says("¥1,383.34")


async def test_an_entry_leads_to_its_cost(finance: Visitor) -> None:
    await finance.go(f"/reports/finance/entries?{NOVEMBER}&bearer=outside")
    costs = re.findall(r'href="(/costs/FY[^"]+)"', finance.text)
    await finance.go(costs[0])
    assert finance.status == 200


async def test_the_spreadsheet_says_what_the_page_says(finance: Visitor) -> None:
    asked = f"{NOVEMBER}&by=category&kind=service_quality"
    await finance.go(f"/reports/finance?{asked}")
    answer = await finance.client.get(f"/reports/finance/costs.xlsx?{asked}")
    assert "attachment" in answer.headers["content-disposition"]
    rows = [row for row in openpyxl.load_workbook(BytesIO(answer.content)).active.values if any(row)]
    assert rows[0][:2] == ("期间", "2026-11")
    assert ("工单类型", "服务质量问题") in [row[:2] for row in rows]
    heads = next(at for at, row in enumerate(rows) if row[0] == "费用类别")
    assert rows[heads][1:] == ("费用合计", "代运营方承担", "商家承担", "外部责任方承担", "待判定")
    for name, *amounts in rows[heads + 1 :]:
        assert finance.says(str(name))
        for amount in amounts:
            assert finance.says(f"¥{amount:,.2f}")
    assert rows[-1][:2] == ("合计", 1383.34)


async def test_a_name_that_begins_like_a_formula_stays_a_name(
    finance: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        await session.execute(text("UPDATE merchant SET name = '=1+1</script><b>' WHERE name LIKE '云杉%'"))
    await finance.go(f"/reports/finance?{NOVEMBER}")
    assert "</script><b>" not in finance.text
    answer = await finance.client.get(f"/reports/finance/costs.xlsx?{NOVEMBER}")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    (cell,) = [cell for row in sheet.rows for cell in row if str(cell.value).startswith("=")]
    assert cell.data_type == "s"


async def test_a_supervisor_is_told_that_only_their_departments_count(visitor: Visitor, november: None) -> None:
    await visitor.sign_in("supervisor")
    await visitor.go(f"/reports/finance?{NOVEMBER}")
    assert visitor.says("只统计贵部门的费用：业务部门、技术支持部")
    assert visitor.says("¥1,383.34")


@pytest.mark.parametrize(
    ("login", "status"),
    [("auditor", 200), ("executive", 200), ("specialist", 403), ("manager", 403), ("yunshan-owner", 404)],
)
async def test_who_reads_reports(visitor: Visitor, anhe: Anhe, app: Litestar, login: str, status: int) -> None:
    await visitor.sign_in(login)
    await visitor.go("/reports/finance?from=x&until=9999-99&by=nothing&merchant=1&kind=2&bearer=3&after=4")
    assert visitor.status == status
