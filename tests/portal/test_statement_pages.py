"""Statements in the portal: prepared, reviewed and issued at finance's desk, answered at the merchant's."""

import pytest
from litestar import Litestar

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
