"""The chart of accounts in the portal: begun, added to, renamed, given uses, retired, and kept in another currency."""

import pytest
from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.statement_steps import Books
from tests.portal.visitor import Visitor

CHART = "/ledger/accounts"


@pytest.fixture
async def finance(anhe: Anhe, visitor: Visitor) -> Visitor:
    await visitor.sign_in("finance")
    await visitor.go(CHART)
    assert visitor.says("还没有科目")
    await visitor.send(f"{CHART}/start")
    assert visitor.says("已启用默认科目")
    return visitor


def row_of(visitor: Visitor, code: str) -> str:
    """The account's row of the chart."""
    (found,) = [row for row in visitor.text.split("<tr") if f'<span class="number">{code}</span>' in row]
    return found


async def test_an_account_is_added_below_another_renamed_used_and_retired(finance: Visitor) -> None:
    await finance.go(f"{CHART}/new?parent=1221")
    assert finance.value_of("code") == "1221"
    given = {"parent": "1221", "code": "122105", "name": "备用金", "normal_side": "debit", "kept": "CNY"}
    await finance.send(f"{CHART}/new", **{**given, "code": "9999"})
    assert finance.status == 422
    assert finance.says("下级编码以上级编码开头")
    assert finance.value_of("name") == "备用金"
    await finance.send(f"{CHART}/new", **given)
    assert finance.says("已增加科目 122105")
    await finance.go(f"{CHART}/new")
    await finance.send(f"{CHART}/new", **given)
    assert finance.says("该科目编码已存在")

    await finance.send(f"{CHART}/new", **{**given, "parent": "", "code": "1405", "name": "库存商品", "kept": "summary"})
    assert "汇总" in row_of(finance, "1405")

    change = f"{CHART}/122105/change"
    await finance.go(change)
    await finance.send(change, name="员工备用金", use="claim_on_consumer")
    assert "应收消费者" in row_of(finance, "122105")
    assert "应收消费者</td>" not in row_of(finance, "122104")
    # What has a use is not retired, and the use goes by giving it to another.
    await finance.send(f"{CHART}/122105/retire")
    assert finance.status == 422
    await finance.go(CHART)
    await finance.send(f"{CHART}/122104/retire")
    assert finance.says("科目已停用")
    assert "已停用" in row_of(finance, "122104")


async def test_an_account_in_which_something_stands_is_not_retired(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await Books(tenants, tenant, anhe).charge(500)
    await visitor.sign_in("finance")
    await visitor.go(f"{CHART}/new")
    given = {"parent": "", "code": "112299", "name": "应收账款新", "normal_side": "debit", "kept": "CNY"}
    await visitor.send(f"{CHART}/new", **given)
    await visitor.go(f"{CHART}/112299/change")
    await visitor.send(f"{CHART}/112299/change", name="应收账款新", use="receivable_from_merchant")
    await visitor.send(f"{CHART}/1122/retire")
    assert visitor.status == 422
    assert visitor.says("余额不为零的科目不能停用")


async def test_another_currency_gets_accounts_for_all_that_is_posted(finance: Visitor) -> None:
    await finance.go(f"{CHART}/currency")
    await finance.send(f"{CHART}/currency", currency="CNY")
    assert finance.status == 422
    await finance.send(f"{CHART}/currency", currency="USD")
    assert finance.says("已为 USD 增加 17 个科目"), finance.text
    assert "应收账款（美元）" in row_of(finance, "1122.840")
    assert "应收商家" in row_of(finance, "1122.840")
    await finance.go(f"{CHART}/currency")
    await finance.send(f"{CHART}/currency", currency="USD")
    assert finance.says("已为 USD 增加 0 个科目")
    await finance.go(f"{CHART}/1122.840/detail")
    assert finance.status == 200


async def test_the_auditor_reads_the_chart_and_changes_nothing(finance: Visitor, app: Litestar) -> None:
    async with Visitor(app) as auditor:
        await auditor.sign_in("auditor")
        await auditor.go(CHART)
        assert auditor.says("应收账款")
        assert "/change" not in auditor.text
        for address in (f"{CHART}/new", f"{CHART}/currency", f"{CHART}/1122/change"):
            await auditor.go(address)
            assert auditor.status == 403, address
