"""The close in the portal: the checklist, closing, reopening by two people, vouchers handed over."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from litestar import Litestar
from sqlalchemy import text

from anshou.people.roles import Role
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post
from billing.ledger.uses import AccountUse, Side
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, staff
from tests.portal.clock import TestClock
from tests.portal.test_cost_pages import submitted
from tests.portal.visitor import Visitor

MONTH = "/closing/2026-10"
MAPPING = {
    "prepared_by": "赵敏",
    "word": "记",
    "reversals": "swapped",
    "code.660101": "6601.01",
    "leaf.660101": "yes",
    "code.224101": "2241",
    "leaf.224101": "yes",
}


@pytest.fixture
async def books(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> Anhe:
    """October with a voucher between the agency's own accounts, and a second person of finance."""
    async with tenants.session(tenant, AGENCY) as session:
        await staff(session, "沈括", "finance2", Role.FINANCE, at=NOW)
        draft = Draft(
            booked_on=date(2026, 10, 20),
            summary="垫付运费",
            source="cost_item",
            source_id=new_id(),
            postings=(
                Posting(account=AccountUse.BORNE_BY_AGENCY, side=Side.DEBIT, fen=12_345),
                Posting(account=AccountUse.PAYABLE_TO_CLAIMANT, side=Side.CREDIT, fen=12_345),
            ),
        )
        await post(session, draft, idempotency_key="test:1", by=anhe.finance.id, at=NOW)
    return anhe


@pytest.fixture
async def finance(books: Anhe, app: Litestar) -> AsyncIterator[Visitor]:
    async with Visitor(app) as visitor:
        await visitor.sign_in("finance")
        yield visitor


async def closed(finance: Visitor) -> None:
    await finance.go(MONTH)
    await finance.send(f"{MONTH}/close")
    assert finance.says("已结账，凭证已编号"), finance.text


async def test_a_month_is_closed_from_its_checklist(finance: Visitor) -> None:
    await finance.go("/closing")
    assert f'href="{MONTH}"' in finance.text
    await finance.go(MONTH)
    assert finance.says("没有妨碍结账的事项")
    assert finance.says("仅提醒，不妨碍结账")
    await finance.send(f"{MONTH}/close")
    assert finance.path == MONTH
    assert finance.says("已结账")
    assert f'action="{MONTH}/close"' not in finance.text


async def test_a_month_that_is_not_over_shows_why_and_cannot_be_closed_by_hand(
    finance: Visitor, clock: TestClock
) -> None:
    clock.now = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
    await finance.sign_in("finance")
    await finance.go(MONTH)
    assert finance.says("尚未结束的月份")
    assert finance.says("还有 1 类事项未处理")
    assert f'action="{MONTH}/close"' not in finance.text
    await finance.send(f"{MONTH}/close")
    assert finance.status == 409
    assert finance.says("还不能结账")


async def test_what_is_open_is_carried_over_with_a_reason_that_stays_on_the_page(
    finance: Visitor, app: Litestar, books: Anhe
) -> None:
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        cost = await submitted(manager, books, incurred_on="2026-10-20")
    await finance.go(MONTH)
    assert finance.says("还有 1 类事项未处理")
    (page,) = re.findall(rf'href="({MONTH}/carry/[a-z]+)"', finance.text)
    await finance.go(page)
    assert f'href="{cost}"' in finance.text
    (subject,) = re.findall(r'name="subject" value="([0-9a-f-]+)"', finance.text)
    await finance.send(page, subject=subject, reason=" ")
    assert finance.status == 422
    assert finance.says("请填写“结转理由”")
    await finance.send(page, reason="等发票")
    assert finance.status == 409
    assert "等发票" in finance.text
    await finance.send(page, subject=subject, reason="等发票")
    for said in ("已将 1 项结转下月", "已结转 1 项", "没有妨碍结账的事项", "等发票"):
        assert finance.says(said), said
    await finance.go(page)
    assert finance.says("没有需要结转的事项")
    await finance.go(MONTH)
    await finance.send(f"{MONTH}/close")
    assert finance.says("已结账，凭证已编号")
    async with Visitor(app) as executive:
        await executive.sign_in("executive")
        await executive.go(MONTH)
        assert executive.says("等发票")
        await executive.go(page)
        assert executive.status == 403


@pytest.mark.parametrize("check", ["unstated", "earlier_open", "nothing"])
async def test_what_the_books_must_have_is_not_carried_over(finance: Visitor, check: str) -> None:
    await finance.go(f"{MONTH}/carry/{check}")
    assert finance.status in (404, 409)


async def test_a_reopening_is_asked_for_with_a_reason_and_approved_by_another(finance: Visitor, app: Litestar) -> None:
    await closed(finance)
    await finance.go(f"{MONTH}/reopen")
    await finance.send(f"{MONTH}/reopen", reason="")
    assert finance.says("请填写“理由”")
    await finance.send(f"{MONTH}/reopen", reason="漏记物流账单")
    assert finance.says("等待另一位财务人员批准")
    assert f'action="{MONTH}/reopen/approve"' not in finance.text
    await finance.go(f"{MONTH}/refuse")
    async with Visitor(app) as colleague:
        await colleague.sign_in("finance2")
        await colleague.go(MONTH)
        assert colleague.says("漏记物流账单")
        await colleague.send(f"{MONTH}/reopen/approve")
        assert colleague.says("已反结账，可以继续记账")
    await finance.send(f"{MONTH}/refuse", reason="不需要了")
    assert finance.status == 409


async def test_nobody_approves_their_own_request(finance: Visitor) -> None:
    await closed(finance)
    await finance.go(f"{MONTH}/reopen")
    await finance.send(f"{MONTH}/reopen", reason="漏记")
    await finance.go(f"{MONTH}/refuse")
    await finance.send(f"{MONTH}/reopen/approve")
    assert finance.status == 409
    assert finance.says("须由申请人以外的另一人批准")
    await finance.go(f"{MONTH}/refuse")
    await finance.send(f"{MONTH}/refuse", reason="撤回")
    assert finance.says("期间保持已结账")


async def test_vouchers_are_mapped_exported_and_the_file_is_the_same_again(finance: Visitor) -> None:
    await finance.go(f"{MONTH}/export")
    assert finance.says("尚未结账")
    await closed(finance)
    await finance.go(f"{MONTH}/export")
    assert finance.says("还没有设置科目对应")
    await finance.go("/closing/accounts/u8")
    wrong = {**MAPPING, "code.660101": "销售"}
    await finance.send("/closing/accounts/u8", **wrong)
    assert finance.status == 422
    assert finance.value_of("code.660101") == "销售"
    await finance.send("/closing/accounts/u8", **{**MAPPING, "code.224101": ""})
    await finance.go(f"{MONTH}/export")
    assert finance.says("科目 224101 应付报销款 没有对应的目标科目")
    await finance.go("/closing/accounts/u8")
    assert finance.value_of("code.660101") == "6601.01"
    await finance.send("/closing/accounts/u8", **MAPPING)
    await finance.go(f"{MONTH}/export")
    await finance.send(f"{MONTH}/export/u8")
    assert finance.says("已导出 1 张凭证"), finance.text
    (file,) = re.findall(r'href="(/closing/exports/[0-9a-f-]{36}/file)"', finance.text)

    first, again = await finance.client.get(file), await finance.client.get(file)

    assert first.content == again.content
    assert "6601.01,123.45,0.00" in first.content.decode("gbk")
    assert ".txt" in first.headers["content-disposition"]
    await finance.go("/closing/accounts/u8")
    await finance.send(f"{MONTH}/export/u8")
    assert finance.status == 422
    assert finance.says("没有待导出的凭证")


async def test_two_who_export_at_once_make_one_export(finance: Visitor, app: Litestar) -> None:
    await closed(finance)
    await finance.go("/closing/accounts/u8")
    await finance.send("/closing/accounts/u8", **MAPPING)
    async with Visitor(app) as colleague:
        await colleague.sign_in("finance2")
        for visitor in (finance, colleague):
            await visitor.go(f"{MONTH}/export")
        await asyncio.gather(finance.send(f"{MONTH}/export/u8"), colleague.send(f"{MONTH}/export/u8"))
        assert sorted((finance.status, colleague.status)) == [200, 422]
        await finance.go(f"{MONTH}/export")
    assert len(re.findall(r'href="/closing/exports/[0-9a-f-]{36}/file"', finance.text)) == 1


async def test_the_executive_reads_and_changes_nothing(finance: Visitor, app: Litestar) -> None:
    await closed(finance)
    async with Visitor(app) as executive:
        await executive.sign_in("executive")
        await executive.go(f"{MONTH}/export")
        assert executive.status == 200
        assert "科目对应</a>" not in executive.text
        await executive.go(MONTH)
        assert f"{MONTH}/reopen" not in executive.text
        await executive.go("/closing/accounts/u8")
        assert executive.status == 403


@pytest.mark.parametrize("login", ["yunshan-owner", "manager"])
async def test_the_close_is_no_merchants_and_no_front_desks_page(books: Anhe, app: Litestar, login: str) -> None:
    async with Visitor(app) as visitor:
        await visitor.sign_in(login)
        for address in ("/closing", MONTH, f"{MONTH}/export", "/closing/accounts/u8"):
            await visitor.go(address)
            assert visitor.status in (403, 404), address


@pytest.mark.parametrize("address", ["/closing/2026-13", "/closing/x", "/closing/2031-01", "/closing/accounts/sap"])
async def test_what_is_no_month_and_no_target_is_not_found(finance: Visitor, address: str) -> None:
    await finance.go(address)
    assert finance.status == 404


async def test_another_agency_has_books_of_its_own(finance: Visitor, tenants: Tenants, other_tenant: Tenant) -> None:
    await closed(finance)
    async with tenants.session(other_tenant, AGENCY) as session:
        assert (await session.execute(text("SELECT count(*) FROM ledger_period"))).scalar_one() == 0
