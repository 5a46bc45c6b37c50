"""Finance begins the day with what waits: each matter a card, each thing a way to it."""

import pytest
from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.statement_steps import Books
from tests.portal.test_invoice_pages import asked, confirmed
from tests.portal.visitor import Visitor


@pytest.fixture
async def books(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Books:
    return Books(tenants, tenant, anhe)


async def test_finance_signs_in_to_what_waits_and_goes_from_there_to_each_of_it(
    visitor: Visitor, app: Litestar, books: Books
) -> None:
    await visitor.sign_in("finance")
    assert visitor.path == "/finance"
    assert visitor.says("没有等您处理的事项")
    await books.charge(12_345)
    await visitor.go("/finance")
    here = f"/statements/months/2026-10/{books.anhe.yunshan.id}"
    assert visitor.says("待编制的对账单")
    assert visitor.says("¥123.45")
    assert f'href="{here}"' in visitor.text
    await visitor.go(here)
    assert visitor.status == 200

    await confirmed(books, 10_000)
    async with Visitor(app) as owner:
        number = await asked(owner)
        await owner.go("/finance")
        assert owner.status == 404
    await visitor.go("/")
    assert visitor.says("待受理的开票申请")
    assert visitor.says("目前没有")
    assert f'href="/invoices/{number}"' in visitor.text
    assert 'href="/closing/2026-10"' in visitor.text


async def test_nobody_else_has_this_desk(visitor: Visitor, books: Books) -> None:
    for login in ("manager", "auditor", "executive"):
        visitor.client.cookies.clear()
        await visitor.sign_in(login)
        assert visitor.path != "/finance"
        await visitor.go("/finance")
        assert visitor.status == 403
