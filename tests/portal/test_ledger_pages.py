"""The books in the portal: vouchers found and followed to their source, balances drilled down to entries."""

import io
from datetime import date

import openpyxl
import pytest
from litestar import Litestar
from sqlalchemy import select

from anshou.finance.attributing import attribute_costs
from billing.costs.items import CostItem
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.portal.statement_steps import Books
from tests.portal.test_cost_pages import submitted
from tests.portal.visitor import Visitor


@pytest.fixture
async def books(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> Books:
    """October with a charge of 123.45 yuan to 云杉."""
    books = Books(tenants, tenant, anhe)
    await books.charge(12_345)
    return books


async def booked(tenants: Tenants, tenant: Tenant, cost: str) -> None:
    """What the worker does once a cost at this address was verified."""
    async with tenants.session(tenant, AGENCY) as session:
        asked = select(CostItem).where(CostItem.number == cost.rpartition("/")[2])
        item = (await session.scalars(asked)).one()
        await attribute_costs(session, item.merchant_id, item.ticket_id, at=NOW)


async def test_a_voucher_is_found_and_leads_to_its_cost(
    manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    cost = await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs")
        await finance.send(f"{cost}/verify", back="/costs")
        await booked(tenants, tenant, cost)
        await finance.go("/ledger")
        for shown in ("待判定费用", "应付报销款", "¥1,280.00", "费用核实"):
            assert finance.says(shown), shown
        (voucher,) = finance.links("/ledger/vouchers/")
        await finance.go(voucher)
        assert cost in finance.text
        assert "/ledger/accounts/190101/detail?month=2026-11" in finance.text


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("month=2026-10", True),
        ("month=2026-11", False),
        ("account=1122", True),
        ("account=660101", False),
        ("account=9999", False),
        ("origin=allocation", True),
        ("origin=payment", False),
        ("q=归属", True),
        ("q=100%25", False),
        ("q=7", False),
        ("q=%00", True),
        ("q=99999999999999", False),
        ("ticket=FW2611-99999", False),
        ("merchant=not-one", True),
        ("before=nothing", True),
    ],
)
async def test_filters_narrow_the_vouchers(books: Books, visitor: Visitor, filters: str, found: bool) -> None:
    await visitor.sign_in("finance")
    await visitor.go(f"/ledger?{filters}")
    assert visitor.status == 200
    assert bool(visitor.links("/ledger/vouchers/")) is found
    assert visitor.says("没有符合条件的凭证") is not found


async def test_a_long_list_is_read_page_by_page(books: Books, visitor: Visitor) -> None:
    for number in range(60):
        await books.charge(100 + number, on=date(2026, 10, 1 + number % 28))
    await visitor.sign_in("auditor")
    await visitor.go("/ledger?origin=allocation")
    seen = visitor.links("/ledger/vouchers/")
    assert len(seen) == 50
    (following,) = [part.split('"')[0] for part in visitor.text.split('href="') if "before=" in part.split('"')[0]]
    await visitor.go(following.replace("&amp;", "&"))
    seen += visitor.links("/ledger/vouchers/")
    assert len(seen) == len(set(seen)) == 61


async def test_the_trial_balance_leads_to_an_accounts_entries(books: Books, visitor: Visitor) -> None:
    await books.charge(655, on=date(2026, 11, 3))
    await visitor.sign_in("auditor")
    await visitor.go("/ledger/balances?month=2026-11")
    assert visitor.says("借贷平衡")
    # A summary account shows what lies below it.
    for shown in ("1901", "待处理财产损溢", "¥123.45", "¥6.55", "¥130.00"):
        assert visitor.says(shown), shown
    await visitor.go("/ledger/accounts/1122/detail?month=2026-11")
    for shown in ("期初余额", "¥123.45", "费用归属 2", "¥130.00", "云杉"):
        assert visitor.says(shown), shown
    await visitor.go("/ledger/accounts/9999/detail?month=2026-11")
    assert visitor.status == 404


async def test_the_trial_balance_is_downloaded_with_exact_amounts(books: Books, visitor: Visitor) -> None:
    await visitor.sign_in("finance")
    answer = await visitor.client.get("/ledger/balances.xlsx?month=2026-10")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["CNY"]
    rows = {row[0]: row[2:] for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert rows["1122"] == (0, 0, 123.45, 0, 123.45, 0)
    assert rows["190101"] == rows["1901"] == (0, 0, 0, 123.45, 0, 123.45)
    assert rows[None] == (0, 0, 123.45, 123.45, 123.45, 123.45)


@pytest.mark.parametrize("login", ["manager", "executive", "admin", "yunshan-owner"])
async def test_the_books_are_for_finance_and_the_auditor(books: Books, visitor: Visitor, login: str) -> None:
    await visitor.sign_in(login)
    for address in ("/ledger", "/ledger/balances", "/ledger/balances.xlsx", "/ledger/accounts/1122/detail"):
        await visitor.go(address)
        assert visitor.status in (403, 404), address


async def test_before_anything_is_booked_the_pages_say_so(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("finance")
    await visitor.go("/ledger")
    assert visitor.says("账簿里还没有凭证")
    await visitor.go("/ledger/balances")
    assert visitor.says("到这个月还没有发生额")
