"""Statements in the portal: prepared, reviewed and issued at finance's desk, answered at the merchant's."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from litestar import Litestar

from anshou.finance.telling import DISPUTE_ANSWERED, LINE_DISPUTED, STATEMENT_ISSUED
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.statement_steps import Books
from tests.portal.visitor import Visitor


@pytest.fixture
async def books(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Books:
    return Books(tenants, tenant, anhe)


async def test_the_last_month_stands_merchant_by_merchant(visitor: Visitor, books: Books) -> None:
    await books.charge(12_345)
    await visitor.sign_in("finance")
    await visitor.go("/statements")
    assert visitor.value_of("month") == "2026-10"
    assert visitor.says("云杉户外")
    assert visitor.says("¥123.45")
    assert visitor.says("未编制")
    await visitor.go("/statements?month=2026-09")
    assert not visitor.says("¥123.45")


async def test_both_desks_read_the_same_lines_and_a_stranger_none(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await books.charge(12_345)
    await books.charge(1_000_000)
    number = await books.issue()
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/my/statements")
    assert f'href="/my/statements/{number}"' in visitor.text
    await visitor.go(f"/my/statements/{number}")
    assert visitor.says("¥10,123.45")
    assert visitor.says("费用归属 1")
    assert visitor.says("待确认")
    await visitor.go(f"/statements/{number}")
    assert visitor.status == 404
    async with Visitor(app) as auditor:
        await auditor.sign_in("auditor")
        await auditor.go("/statements")
        assert auditor.says("已出具")
        await auditor.go(f"/statements/{number}")
        assert auditor.says("¥10,123.45")
        await auditor.go(f"/my/statements/{number}")
        assert auditor.status == 404
    async with Visitor(app) as stranger:
        await stranger.sign_in("qinghe-owner")
        await stranger.go(f"/my/statements/{number}")
        assert stranger.status == 404
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        await manager.go("/statements")
        assert manager.status == 403
        await manager.go(f"/statements/{number}/lines/1")
        assert manager.says("费用归属 1")
        assert not manager.says("账上依据")
        assert 'href="/statements/disputes"' in manager.text


async def test_a_long_statement_is_read_by_the_hundred(visitor: Visitor, books: Books) -> None:
    for fen in range(1, 103):
        await books.charge(fen)
    number = await books.issue()
    await visitor.sign_in("finance")
    await visitor.go(f"/statements/{number}")
    assert visitor.says("费用归属 100<")
    assert not visitor.says("费用归属 101<")
    await visitor.go(f"/statements/{number}?after=100")
    assert visitor.says("费用归属 102<")
    await visitor.go(f"/statements/{number}?after=-1x")
    assert visitor.says("费用归属 1<")


async def test_one_prepares_another_reviews_and_what_the_books_add_since_is_refused(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await books.charge(12_345)
    await books.colleague()
    here = f"/statements/months/2026-10/{books.anhe.yunshan.id}"
    await visitor.sign_in("finance")
    await visitor.go("/statements")
    assert f'href="{here}"' in visitor.text
    await visitor.go(here)
    assert visitor.says("费用归属 1")
    await visitor.send(f"{here}/prepare")
    assert visitor.says("等待另一位财务人员复核")
    mine = visitor.text
    assert "复核通过" not in mine
    async with Visitor(app) as colleague:
        await colleague.sign_in("finance2")
        await colleague.go(here)
        prepared = colleague.value_of("prepared")
        await books.charge(5)
        await colleague.send(f"{here}/review", prepared=prepared)
        assert colleague.status == 409
        assert colleague.says("请重新编制并复核")
        await colleague.send(f"{here}/prepare")
        assert colleague.says("已编制")
        await visitor.send(f"{here}/review", prepared=prepared)
        assert visitor.status == 409
        await visitor.go(here)
        await visitor.send(f"{here}/review", prepared=visitor.value_of("prepared"))
        assert visitor.says("已复核")
        await visitor.send(f"{here}/issue", prepared=visitor.value_of("prepared"))
        assert visitor.says("对账单已出具")
        assert visitor.says("¥123.50")
        await colleague.go(here)
        assert colleague.path == visitor.path


async def test_a_month_that_still_runs_is_refused_with_the_reason(visitor: Visitor, books: Books) -> None:
    here = f"/statements/months/2026-11/{books.anhe.yunshan.id}"
    await visitor.sign_in("finance")
    await visitor.go(here)
    await visitor.send(f"{here}/prepare")
    assert visitor.status == 422
    assert visitor.says("2026-11 尚未结束")
    await books.issue()
    await visitor.go(f"/statements/months/2026-09/{books.anhe.yunshan.id}")
    assert visitor.says("2026-10 的对账单已出具，之前月份不能再出")
    assert "/prepare" not in visitor.text
    await visitor.go(f"/statements/months/2026-1x/{books.anhe.yunshan.id}")
    assert visitor.status == 404


async def test_a_payment_is_recorded_once_and_shown_in_its_month(visitor: Visitor, books: Books) -> None:
    await books.charge(100_000)
    form = f"/statements/merchants/{books.anhe.yunshan.id}/payment"
    paid = {"fen": "400.00", "paid_on": "2026-10-20", "reference": "B-1"}
    await visitor.sign_in("finance")
    await visitor.go(form)
    await visitor.send(form, **{**paid, "fen": "四百"})
    assert visitor.status == 422
    assert visitor.value_of("reference") == "B-1"
    await visitor.send(form, **paid)
    assert visitor.says("付款已入账")
    assert visitor.says("¥600.00")
    await visitor.go(form)
    await visitor.send(form, **paid)
    assert visitor.says("没有重复入账")
    assert visitor.says("¥600.00")


async def test_the_merchant_confirms_disputes_and_finance_takes_a_part_off(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await books.charge(10_000)
    await books.charge(200)
    number = await books.issue()
    line = f"/my/statements/{number}/lines/1"
    await visitor.sign_in("yunshan-owner")
    await visitor.go(f"{line}/dispute")
    await visitor.send(f"{line}/dispute", reason=" ")
    assert visitor.status == 422
    await visitor.send(f"{line}/dispute", reason="运费按合同由物流承担")
    assert visitor.says("异议已提交")
    assert visitor.says("运费按合同由物流承担")
    await visitor.go(f"/my/statements/{number}")
    assert visitor.says("确认全部待确认的 1 行")
    await visitor.send(f"/my/statements/{number}/confirm")
    assert visitor.says("已确认 1 行")
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/statements")
        assert finance.says("有异议")
        answered = f"/statements/{number}/lines/1"
        await finance.go(answered)
        assert finance.says("运费按合同由物流承担")
        assert finance.says("账上依据")
        await finance.go(f"{answered}/accept")
        assert finance.value_of("fen") == "100"
        await finance.send(f"{answered}/accept", fen="100.01", reason="")
        assert finance.says("冲减金额不能超过这一行的金额")
        await finance.send(f"{answered}/accept", fen="25", reason="按物流条款")
        assert finance.says("异议成立")
        assert finance.says("¥25.00")
        await finance.go("/statements")
        assert finance.says("已确认")
        await finance.go("/statements?month=2026-11")
        assert finance.says("¥77.00")
    await visitor.go(line)
    assert visitor.says("按物流条款")


async def test_a_rejected_line_becomes_a_ticket_that_the_line_leads_to(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await books.charge(10_000)
    number = await books.issue()
    line = f"/my/statements/{number}/lines/1"
    await visitor.sign_in("yunshan-owner")
    await visitor.go(f"{line}/dispute")
    await visitor.send(f"{line}/dispute", reason="并非我方责任")
    await visitor.send(f"{line}/escalate")
    assert visitor.status == 409
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go(f"/statements/{number}/lines/1/reject")
        await finance.send(f"/statements/{number}/lines/1/reject", reason="见责任判定")
        assert finance.says("已答复")
    await visitor.go(line)
    assert visitor.says("见责任判定")
    await visitor.send(f"{line}/escalate")
    assert visitor.path.startswith("/my/tickets/")
    ticket = visitor.path
    await visitor.go(line)
    assert f'href="{ticket}"' in visitor.text
    await visitor.send(f"{line}/confirm")
    assert visitor.status == 409
    assert visitor.says("这一行的状态已变化")
    told = await books.told(number)
    assert [payload["event"] for payload in told] == [STATEMENT_ISSUED, LINE_DISPUTED, DISPUTE_ANSWERED]
    assert "并非我方责任" not in str(told)
    assert "10000" not in str(told)


async def test_a_member_reads_and_decides_nothing(visitor: Visitor, books: Books) -> None:
    await books.charge(10_000)
    number = await books.issue()
    await visitor.sign_in("yunshan-member")
    await visitor.go(f"/my/statements/{number}")
    assert not visitor.says("确认全部")
    await visitor.go(f"/my/statements/{number}/lines/1")
    assert not visitor.says("提出异议")
    await visitor.go(f"/my/statements/{number}/lines/1/dispute")
    assert visitor.status == 403
    await visitor.go(f"/my/statements/{number}/lines/7")
    assert visitor.status == 404


async def test_an_auditor_sees_what_a_line_rests_on_and_changes_nothing(visitor: Visitor, books: Books) -> None:
    await books.charge(10_000)
    number = await books.issue()
    await visitor.sign_in("auditor")
    await visitor.go(f"/statements/{number}/lines/1")
    assert visitor.says("账上依据")
    await visitor.send(f"/statements/{number}/remind")
    assert visitor.status == 403


async def test_the_spreadsheet_and_the_paper_hold_every_line_to_the_fen(visitor: Visitor, books: Books) -> None:
    await books.charge(12_345)
    await books.charge(1_000_005)
    number = await books.issue()
    await visitor.sign_in("yunshan-owner")
    sent = await visitor.go(f"/my/statements/{number}/statement.xlsx")
    with ZipFile(BytesIO(sent.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>123.45</v>" in sheet
    assert "<v>10000.05</v>" in sheet
    assert "<v>10123.5</v>" in sheet
    await visitor.go(f"/my/statements/{number}/print")
    assert visitor.says("¥10,000.05")
    assert visitor.says("费用归属 1")
    await visitor.go(f"/statements/{number}/statement.xlsx")
    assert visitor.status == 404
