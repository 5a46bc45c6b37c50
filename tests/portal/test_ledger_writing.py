"""Vouchers written and taken back by hand, each fault beside its line; and the proof."""

import re

import pytest
from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.statement_steps import Books
from tests.portal.test_cost_pages import submitted
from tests.portal.test_ledger_pages import booked
from tests.portal.visitor import Visitor

NEW = "/ledger/vouchers/new"


@pytest.fixture
async def finance(anhe: Anhe, tenants: Tenants, tenant: Tenant, app: Litestar) -> object:
    """At finance's desk, with something in the books."""
    await Books(tenants, tenant, anhe).charge(12_345)
    async with Visitor(app) as visitor:
        await visitor.sign_in("finance")
        yield visitor


def line(number: int, account: str, **values: str) -> dict[str, str]:
    return {f"entries[{number}].{name}": value for name, value in {"account": account, **values}.items()}


RENT = {
    "booked_on": "2026-11-20",
    "summary": "银行手续费",
    **line(0, "660301", debit="1,200.50"),
    **line(3, "1002", credit="1200.5"),
}


async def test_a_voucher_is_written_posted_once_and_taken_back_with_a_reason(finance: Visitor) -> None:
    await finance.go("/ledger")
    assert NEW in finance.text
    await finance.go(NEW)
    key = finance.value_of("key")
    token = finance.token()
    await finance.send(NEW, key=key, **RENT)
    assert finance.says("凭证已过账"), finance.text
    page = finance.path
    for shown in ("手工凭证", "银行手续费", "¥1,200.50", "银行存款"):
        assert finance.says(shown), shown

    again = await finance.client.post(NEW, data={"_token": token, "key": key, **RENT})
    assert again.url.path == page
    await finance.go(f"{page}/reverse")
    await finance.send(f"{page}/reverse", reason=" ")
    assert finance.says("请填写“冲销理由”")
    await finance.send(f"{page}/reverse", reason="记错账户")
    assert finance.path == page
    assert finance.says("已冲销")
    (reversal,) = set(finance.links("/ledger/vouchers/"))
    assert f"{page}/reverse" not in finance.text
    await finance.go(reversal)
    assert finance.says("记错账户")
    assert page in finance.text
    await finance.go(f"{page}/reverse")
    await finance.send(f"{page}/reverse", reason="再来")
    assert finance.status == 409
    assert finance.says("再来")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (line(3, "1002", credit="1200"), "借方合计 1,200.50，贷方合计 1,200.00，相差 0.50"),
        (line(3, "1002", credit="1200.505"), "须为金额"),
        (line(3, "1002", credit="1200.5", debit="1"), "借方、贷方须填且只填一项"),
        (line(3, "1002", credit=""), "借方、贷方须填且只填一项"),
        (line(3, "1221", credit="1200.5"), "汇总科目不能记账"),
        (line(3, "9999", credit="1200.5"), "科目表中没有这个科目"),
        (line(3, "190101", credit="1200.5"), "待判定费用随费用的核实与归属自动记账"),
        (line(3, "1122", credit="1200.5"), "该科目须选择商家"),
        ({"booked_on": "2026-12-01"}, "不能晚于本月末 2026-11-30"),
        ({"booked_on": "1999-01-01"}, "不能早于账簿启用的 2026-10-01"),
        ({"booked_on": "昨天"}, "记账日期"),
        ({"summary": ""}, "请填写“摘要”"),
    ],
)
async def test_every_fault_stands_beside_its_line_and_nothing_typed_is_lost(
    finance: Visitor, changes: dict[str, str], said: str
) -> None:
    await finance.go(NEW)
    await finance.send(NEW, key=finance.value_of("key"), **{**RENT, **changes})
    assert finance.status == 422
    assert finance.says(said), re.sub(r"<[^>]+>", " ", finance.text)
    assert finance.value_of("entries[0].debit") == "1,200.50"
    assert re.search(r'<option value="660301" selected', finance.text)
    if "entries[3].credit" in changes:
        # What was left blank between them is gone, and the lines are numbered anew.
        assert finance.value_of("entries[1].credit") == changes["entries[3].credit"]


async def test_another_line_is_asked_for_without_scripts(finance: Visitor) -> None:
    await finance.go(NEW)
    assert "entries[3].account" in finance.text
    assert "entries[4].account" not in finance.text
    await finance.send(NEW, key=finance.value_of("key"), _more="entries", **RENT)
    assert finance.status == 200
    assert "entries[2].account" in finance.text
    assert finance.value_of("entries[1].credit") == "1200.5"


async def test_what_a_cost_posted_is_not_taken_back_by_hand(
    manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    cost = await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs")
        await finance.send(f"{cost}/verify", back="/costs")
        await booked(tenants, tenant, cost)
        await finance.go("/ledger?origin=cost_item")
        (voucher,) = finance.links("/ledger/vouchers/")
        await finance.go(voucher)
        assert f"{voucher}/reverse" not in finance.text
        await finance.go(f"{voucher}/reverse")
        await finance.send(f"{voucher}/reverse", reason="不对")
        assert finance.status == 409
        assert finance.says("请在来源处更正")


async def test_the_auditor_reads_and_writes_nothing(finance: Visitor, app: Litestar) -> None:
    async with Visitor(app) as auditor:
        await auditor.sign_in("auditor")
        await auditor.go("/ledger")
        assert NEW not in auditor.text
        await auditor.go(NEW)
        assert auditor.status == 403


async def test_the_books_are_proved_at_the_press_of_a_button(finance: Visitor) -> None:
    await finance.go("/ledger/proof")
    assert finance.says("开始校验")
    assert not finance.says("账簿无误")
    await finance.go("/ledger/proof?run=yes")
    assert finance.says("账簿无误：已核对 1 张凭证、2 条分录")


async def test_an_english_reader_reads_the_softwares_own_words_and_is_told_what_is_chinese(finance: Visitor) -> None:
    await finance.go(NEW)
    await finance.send(NEW, key=finance.value_of("key"), **RENT)
    await finance.send("/language", language="en", back=finance.path)
    assert '<span lang="zh-CN">银行手续费</span>' in finance.text
    assert "· 银行手续费" in finance.text
    assert '<span class="number">1002</span> Bank</a>' in finance.text
    await finance.go("/ledger")
    assert '<span lang="zh-CN">银行手续费</span>' in finance.text
    assert "Costs pending determination" in finance.text
    await finance.go(NEW)
    assert '<option value="1002">1002 Bank</option>' in finance.text
