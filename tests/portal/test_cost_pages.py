"""Costs in the portal: claimed beside the ticket, proved, verified or returned at finance's desk."""

import html
import re
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select, text

from anshou.finance.attributing import attribute_costs
from anshou.portal.costs import queue
from billing.costs.items import CostItem
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.portal.agency_steps import open_report, planned
from tests.portal.visitor import Visitor

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CLAIM = {
    "category": "material_licence",
    "fen": "1,280.00",
    "tax_fen": "72.45",
    "incurred_on": "2026-11-20",
    "note": "数据恢复软件一年授权",
}


async def claimed(visitor: Visitor, anhe: Anhe, **changes: str) -> str:
    """Draft a cost on a new ticket; answers its page."""
    ticket = f"/tickets/{await open_report(visitor, anhe)}"
    await visitor.go(f"{ticket}/costs/new")
    await visitor.send(f"{ticket}/costs/new", **{**CLAIM, **changes})
    assert visitor.says("费用已登记为草稿"), visitor.text
    return visitor.path


async def proved(visitor: Visitor, page: str, content: bytes = PDF, name: str = "发票.pdf") -> None:
    """Upload a file to the cost."""
    data = {"_token": visitor.token()}
    files = {"files": (name, content, "application/pdf")}
    visitor.page = await visitor.client.post(f"{page}/evidence", data=data, files=files)
    assert visitor.says(name), visitor.text


async def submitted(visitor: Visitor, anhe: Anhe, **changes: str) -> str:
    """Claim, prove and submit; answers the cost's page."""
    page = await claimed(visitor, anhe, **changes)
    await proved(visitor, page)
    await visitor.send(f"{page}/submit")
    assert visitor.says("等待财务核实"), visitor.text
    return page


async def test_a_cost_is_claimed_proved_submitted_and_verified_with_the_next_at_hand(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    page = await submitted(manager, anhe)
    assert manager.says("¥1,280.00")
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs")
        assert finance.says("数据恢复软件一年授权")
        assert finance.says("云杉户外")
        (file,) = set(re.findall(rf'href="({page}/evidence/[0-9a-f-]+)"', finance.text))
        sent = await finance.client.get(file)
        assert sent.content == PDF
        assert "attachment" in sent.headers["content-disposition"]
        await finance.send(f"{page}/verify", back="/costs")
        assert finance.path == "/costs"
        assert finance.says("费用已核实")
        assert finance.says("没有待核实的费用")
    await manager.go(page)
    assert manager.says("已核实")


async def test_a_returned_cost_says_why_and_its_claimant_is_told(manager: Visitor, app: Litestar, anhe: Anhe) -> None:
    page = await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(f"{page}/return")
        await finance.send(f"{page}/return", reason="")
        assert finance.says("请填写“退回原因”")
        await finance.send(f"{page}/return", reason="发票抬头不是本公司")
        assert finance.says("已退回")
    await manager.go(page)
    assert manager.says("发票抬头不是本公司")
    await manager.send(f"{page}/change", **{**CLAIM, "fen": "￥１，２８０.5元"})
    assert manager.says("¥1,280.50")
    await manager.send(f"{page}/submit")
    assert manager.says("等待财务核实")


async def test_a_verification_is_taken_back_with_its_reason_and_its_claimant_is_told(
    manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants
) -> None:
    page = await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(page)
        await finance.send(f"{page}/verify")
        assert finance.says("撤销核实")
        await finance.go(f"{page}/take-back")
        await finance.send(f"{page}/take-back", reason="")
        assert finance.says("请填写“撤销核实的原因”")
        await finance.send(f"{page}/take-back", reason="发票与供应商不符")
        assert finance.path == page
        assert finance.says("核实已撤销，登记人会收到通知")
        await finance.go(f"{page}/take-back")
        await finance.send(f"{page}/take-back", reason="再撤销一次")
        assert finance.says("不能进行这项操作")
    await manager.go(page)
    assert manager.says("发票与供应商不符")
    assert not manager.says("确认撤销核实")
    async with tenants.control() as control:
        told = text(
            "SELECT count(*) FROM control.job WHERE payload->>'event' = 'cost_returned' "
            "AND payload->>'number' = :number AND payload->>'person' = :person"
        )
        of = {"number": page.rsplit("/", 1)[1], "person": str(anhe.account_manager.id)}
        assert await control.scalar(told, of) == 1
    await manager.send(f"{page}/submit")
    assert manager.says("等待财务核实")


@pytest.mark.parametrize("typed", ["12.345", "1,28", "一百", "1e3x"])
async def test_an_amount_that_cannot_be_read_is_named_and_nothing_typed_is_lost(
    manager: Visitor, anhe: Anhe, typed: str
) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    await manager.go(f"{ticket}/costs/new")
    await manager.send(f"{ticket}/costs/new", **{**CLAIM, "fen": typed})
    assert manager.status == 422
    assert manager.says("“金额（含税）”须为金额，如 1,234.50，最多两位小数")
    assert manager.value_of("fen") == typed
    assert manager.value_of("note") == CLAIM["note"]


async def test_nothing_is_submitted_without_proof(manager: Visitor, anhe: Anhe) -> None:
    page = await claimed(manager, anhe)
    await manager.send(f"{page}/submit")
    assert manager.status == 422
    assert manager.says("提交前请至少添加一份凭证")
    assert manager.says("草稿")


async def test_the_same_file_twice_stands_flagged_beside_it(manager: Visitor, app: Litestar, anhe: Anhe) -> None:
    first, second = await submitted(manager, anhe), await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(second)
        assert finance.says("重复凭证")
        assert f'href="{first}"' in finance.text


async def test_rates_make_time_an_amount_that_shows_its_calculation(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    ticket = f"/tickets/{await open_report(manager, anhe)}"
    worked = {"work": "labour_overtime", "worked_on": "2026-11-21", "minutes": "90", "note": "周末修复详情页"}
    await manager.go(f"{ticket}/costs/time")
    await manager.send(f"{ticket}/costs/time", **worked, person=str(anhe.specialist.id))
    assert manager.says("没有工时费率")
    assert manager.value_of("minutes") == "90"
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs/settings/rates/new")
        await finance.send("/costs/settings/rates/new", role="specialist", fen_per_hour="60", valid_from="2026-01-01")
        assert finance.says("费率已保存")
        await finance.send("/costs/settings/rules", four_eyes_fen="", workday_percent="150", rest_day_percent="150")
        assert finance.says("休息日不得低于 200%")
        await finance.send(
            "/costs/settings/rules",
            four_eyes_fen="",
            workday_percent="150",
            rest_day_percent="200",
            holiday_percent="300",
        )
        assert finance.says("不要求")
    await manager.go(f"{ticket}/costs/time")
    await manager.send(f"{ticket}/costs/time", **worked, person=str(anhe.specialist.id))
    assert manager.says("90 分钟 × ¥60.00/小时 × 200% = ¥180.00")
    await manager.send(f"{manager.path}/submit")
    assert manager.says("等待财务核实")


async def test_the_tickets_page_leads_to_its_costs(manager: Visitor, anhe: Anhe) -> None:
    page = await claimed(manager, anhe)
    await manager.go(page)
    (ticket,) = set(re.findall(r'href="(/tickets/[A-Z0-9-]+)/costs"', manager.text))
    await manager.go(ticket)
    assert f'href="{ticket}/costs"' in manager.text
    await manager.go(f"{ticket}/costs/count")
    assert manager.text.startswith("1<")
    await manager.go(f"{ticket}/costs")
    assert manager.says("合计")
    assert manager.says("¥1,280.00")


async def test_the_list_is_filtered(manager: Visitor, anhe: Anhe) -> None:
    page = await claimed(manager, anhe)
    number = page.rpartition("/")[2]
    await manager.go("/costs/all?state=draft&category=material_licence")
    assert manager.says(number)
    await manager.go("/costs/all?state=verified")
    assert not manager.says(number)
    assert manager.says("没有符合条件的费用")


@pytest.mark.parametrize("login", ["yunshan-owner", "qinghe-owner"])
async def test_no_merchant_gets_in(manager: Visitor, app: Litestar, anhe: Anhe, login: str) -> None:
    page = await submitted(manager, anhe)
    async with Visitor(app) as owner:
        await owner.sign_in(login)
        for address in ("/costs", "/costs/all", "/costs/settings", page, f"{page}/return"):
            await owner.go(address)
            assert owner.status == 404, address


@pytest.mark.parametrize(
    ("login", "status"), [("auditor", 200), ("executive", 200), ("supervisor", 200), ("admin", 403)]
)
async def test_who_reads_costs_and_who_does_not(
    manager: Visitor, app: Litestar, anhe: Anhe, login: str, status: int
) -> None:
    await submitted(manager, anhe)
    async with Visitor(app) as somebody:
        await somebody.sign_in(login)
        await somebody.go("/costs/all")
        assert somebody.status == status
        await somebody.go("/costs/settings")
        assert somebody.status == 403


async def test_a_spreadsheet_is_imported_whole_or_its_faults_are_listed(manager: Visitor, anhe: Anhe) -> None:
    ticket = await open_report(manager, anhe)
    await manager.go("/costs/import")
    template = await manager.client.get("/costs/import/template")
    head = template.content.decode("utf-8-sig").splitlines()[0]

    async def send(*rows: str) -> None:
        files = {"file": ("费用.csv", "\n".join((head, *rows)).encode(), "text/csv")}
        manager.page = await manager.client.post("/costs/import", data={"_token": manager.token()}, files=files)

    await send(f"{ticket},软件授权,一百,,2026-11-20,授权", f"{ticket},话费,1,,2026-11-20,")
    assert manager.status == 422
    assert manager.says("一百")
    assert manager.says("须为以元计的金额")
    assert manager.says("须为以下之一")
    await send(f"{ticket},软件授权,100.5,,2026-11-20,授权", f"{ticket},通讯,1,,2026-11-20,")
    assert manager.says("已登记 2 笔草稿")
    assert manager.says("¥100.50")


async def allocated(manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant) -> str:
    """A verified cost of a ticket whose responsibility is determined, allocated; answers its page."""
    ticket = f"/tickets/{await planned(manager, anhe)}"
    await manager.go(f"{ticket}/costs/new")
    await manager.send(f"{ticket}/costs/new", **CLAIM)
    page = manager.path
    await proved(manager, page)
    await manager.send(f"{page}/submit")
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.send(f"{page}/verify")
        await finance.go("/costs/pending")
        assert finance.says(page.rpartition("/")[2])
        assert finance.says("归属计算")
    async with tenants.session(tenant, AGENCY) as session:
        of_ticket = (await session.execute(select(CostItem.merchant_id, CostItem.ticket_id))).one()
        await attribute_costs(session, *of_ticket, at=NOW + timedelta(hours=1))
    return page


async def test_an_allocated_cost_tells_who_bears_it_and_its_claim_is_concluded(
    manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    page = await allocated(manager, app, anhe, tenants, tenant)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs/pending")
        assert finance.says("没有待判定的费用")
        await finance.go(page)
        assert finance.says("代运营方承担 851.20 元：代运营方责任 66.5%，按合同条款“8.1”")
        assert finance.says("须向平台索赔 ¥428.80")
        assert f'href="{page}/claims/2"' in finance.text
        await finance.go(f"{page}/claims/2")
        await finance.send(f"{page}/claims/2", received="428.81")
        assert finance.says("实收金额须在零与索赔金额之间")
        await finance.send(f"{page}/claims/2", received="400.00")
        assert finance.says("部分赔付")
        assert finance.says("其余 ¥28.80 由代运营方承担")
        await finance.go(f"{page}/claims/2")
        assert finance.status == 409
    await manager.go(page)
    assert manager.says("部分赔付")
    await manager.go(f"{page}/claims/2")
    assert manager.status == 403


async def test_the_queue_goes_on_behind_its_first_page(
    manager: Visitor, app: Litestar, anhe: Anhe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "WAITING_SHOWN", 2)
    numbers = [(await submitted(manager, anhe)).rpartition("/")[2] for _ in range(3)]
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs")
        assert re.findall(r"item=(FY[0-9-]+)", finance.text) == numbers[:2]
        (following,) = re.findall(r'href="([^"]+)" rel="next"', finance.text)
        await finance.go(html.unescape(following))
        assert re.findall(r"item=(FY[0-9-]+)", finance.text) == numbers[2:]
        await finance.go(html.unescape(following) + f"&item={numbers[2]}")
        assert finance.says("核实")
        await finance.send(f"/costs/{numbers[2]}/verify", back="/costs")
        await finance.go(html.unescape(following))
        assert finance.says("这一页的费用都已处理")
        assert 'href="/costs"' in finance.text
        await finance.go("/costs?after=nonsense")
        assert 400 <= finance.status < 500
