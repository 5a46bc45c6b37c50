"""Retention in the portal: periods with their laws and a preview, holds, and the runs of erasures."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from sqlalchemy import text

from anshou.privacy.retention.carrying_out import erase_next
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.privacy.retention.periods import period_of
from anshou.privacy.retention.registry import kind_of
from anshou.privacy.retention.runs import begin_daily_run, erase_merchant, find_open_run
from anshou.tickets.kinds import Kind
from anshou.tickets.timeline import post_message
from tenants.context import AGENCY, Context
from tenants.erasing import ERASED
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.cast import NOW, Anhe
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk

DOCUMENTS = "/settings/retention/kinds/contract_documents"


@pytest.fixture
async def admin(app: Litestar, anhe: Anhe) -> AsyncIterator[Visitor]:
    """The administrator, signed in."""
    async with Visitor(app) as opened:
        await opened.sign_in("admin")
        yield opened


async def test_a_period_below_the_law_comes_back_with_the_law_and_one_above_is_kept(
    admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    await admin.go("/settings/retention")
    assert admin.says("合同文件")
    assert admin.says("《网络安全法》第二十一条第三项")
    await admin.send(DOCUMENTS, value="12")
    assert admin.status == 422
    assert admin.says("不得少于 36 个月：《网络数据安全管理条例》第十二条")
    await admin.send(DOCUMENTS, value="60", _preview="yes")
    assert admin.says("预览：尚未保存")
    await admin.send(DOCUMENTS, value="60")
    assert admin.says("保留期限已保存")
    async with tenants.session(tenant, AGENCY) as session:
        assert (await period_of(session, kind_of("contract_documents"))).value == 60
    await admin.go(DOCUMENTS)
    assert admin.says("60 个月")
    await admin.send(f"{DOCUMENTS}/reset")
    assert admin.says("已恢复默认保留期限")


async def test_a_merchant_is_put_on_hold_and_let_go(admin: Visitor, anhe: Anhe) -> None:
    new = "/settings/retention/holds/new"
    await admin.send(new, merchant=str(anhe.yunshan.id), cause="litigation", reason="法院要求", ticket="FW0000-00000")
    assert admin.status == 422
    assert admin.says("该商家没有这个编号的工单")
    await admin.send(new, merchant=str(anhe.yunshan.id), cause="litigation", reason="法院要求", ticket="")
    assert admin.says("已设置法律保全")
    assert admin.says("法院要求")
    await admin.send(new, merchant=str(anhe.yunshan.id), cause="litigation", reason="法院要求", ticket="")
    assert admin.says("它已在法律保全中")


async def test_a_run_is_listed_and_read(admin: Visitor, tenants: Tenants, tenant: Tenant) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        run = await begin_daily_run(session, at=NOW)
    await admin.go("/settings/retention/runs")
    assert admin.says("每日到期清除")
    await admin.go(f"/settings/retention/runs/{run.id}")
    assert admin.says("没有到期的数据")


async def test_a_ticket_whose_content_is_gone_can_still_be_opened_by_both_sides(
    app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    storage, listing = open_storage("memory:"), ErasureList(open_storage("memory:"), secret=bytes(32))
    numbers = []
    async with tenants.session(tenant, AGENCY) as session:

        async def switch(context: Context) -> None:
            await tenants.switch(session, context)

        desk = Desk(session, switch, anhe)
        for kind in Kind:
            ticket = await desk.open(kind, anhe.owner)
            await post_message(session, ticket, "买家手机 13812341234", by=anhe.owner, at=desk.now)
            numbers.append(ticket.number)
        await desk.act_as(AGENCY)
        run = await erase_merchant(session, anhe.yunshan.id, by=anhe.admin, at=desk.now)
        # The dispute among them would hold everything.
        await session.execute(
            text(
                "UPDATE ticket SET step = 'closed', status = 'closed', outcome = 'resolved', closed_at = :at "
                "WHERE kind = 'contract_dispute'"
            ),
            {"at": desk.now},
        )
        run_id = run.id
        while (found := await find_open_run(session, run_id)) is not None:
            await erase_next(session, storage, listing, found, at=desk.now)
        assert await session.scalar(text("SELECT count(*) FROM ticket WHERE title = :t"), {"t": ERASED}) == len(numbers)
    for login, root in (("manager", "/tickets"), ("yunshan-owner", "/my/tickets")):
        async with Visitor(app) as somebody:
            await somebody.sign_in(login)
            for number in numbers:
                await somebody.go(f"{root}/{number}")
                assert somebody.status == 200, (login, number)
                assert somebody.says(ERASED)
                assert not somebody.says("13812341234")
