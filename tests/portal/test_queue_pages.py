"""The queue's lists, views and deeds on several tickets, as somebody without scripts uses them."""

import re
from datetime import datetime
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
from tests.portal.agency_steps import REPORT, open_report
from tests.portal.visitor import Visitor


def shown(visitor: Visitor) -> list[str]:
    """The numbers on the page, in order."""
    return re.findall(r'<a class="number" href="/tickets/([A-Z]{2}\d{4}-\d{5})"', visitor.text)


async def test_everything_that_narrows_is_a_chip_that_takes_it_away(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe, urgency="urgent")
    other = await open_report(manager, anhe)
    await manager.go(f"/tickets?tab=open&urgency=urgent&merchant={anhe.yunshan.id}&opened_from=2026-11-01")
    assert shown(manager) == [number]
    for words in ("紧急程度：紧急", "商家：云杉户外", "提交时间：2026-11-01 起"):
        assert manager.says(words), words
    chip = re.search(r'class="chip" href="([^"]+)"[^>]*>紧急程度', manager.text)
    assert chip
    await manager.go(unescape(chip[1]))
    assert {*shown(manager)} == {number, other}
    assert manager.says("商家：云杉户外")
    assert "urgency" not in manager.path
    await manager.go("/tickets?tab=open&urgency=urgent&status=closed")
    assert manager.says("没有符合条件的工单")


async def test_the_panel_offers_everything_and_keeps_what_is_chosen(manager: Visitor, anhe: Anhe) -> None:
    await open_report(manager, anhe)
    await manager.go(f"/tickets/narrow?tab=open&channel=phone&merchant={anhe.yunshan.id}&sort=-opened")
    for words in ("保密工单", "超过的时限", "商家评价", "多轮处理", "关闭时间"):
        assert manager.says(words), words
    assert '<option value="phone" selected>' in manager.text
    assert 'name="sort" value="-opened"' in manager.text
    assert re.search(r'name="shop">\s*<option value="">不限</option>\s*<option value="[0-9a-f-]{36}">', manager.text)


async def test_columns_are_chosen_and_sorted_by(manager: Visitor, anhe: Anhe) -> None:
    first = await open_report(manager, anhe)
    second = await open_report(manager, anhe)
    await manager.go("/tickets/columns?tab=open")
    assert manager.text.count('name="columns"') >= 14
    await manager.go("/tickets?tab=open&columns=opened&columns=&columns=channel&columns=nothing")
    headings = re.sub(r"<[^>]+>", " ", manager.text[manager.text.index("<thead>") : manager.text.index("</thead>")])
    assert headings.split()[-3:] == ["工单号", "提交时间", "反馈渠道"]
    assert manager.says("电话")
    await manager.go("/tickets?tab=open&sort=-opened")
    assert shown(manager) == [second, first]
    assert manager.says("按提交时间 ↓")
    await manager.go("/tickets?tab=open&sort=opened&columns=opened")
    assert shown(manager) == [first, second]
    assert 'aria-sort="ascending"' in manager.text


async def test_a_view_is_saved_opened_shared_and_deleted(manager: Visitor, anhe: Anhe, app: Litestar) -> None:
    number = await open_report(manager, anhe, urgency="urgent")
    await open_report(manager, anhe)
    await manager.go("/tickets/views/new?tab=open&urgency=urgent&columns=number,channel")
    await manager.send("/tickets/views", list=manager.value_of("list"), name="")
    assert manager.says("请填写名称")
    await manager.send("/tickets/views", list=manager.value_of("list"), name="今日加急")
    assert manager.says("已保存视图“今日加急”")
    assert shown(manager) == [number]
    assert manager.says("反馈渠道")
    await manager.go("/tickets/views")
    (address,) = {*re.findall(r'action="(/tickets/views/[0-9a-f-]{36})"', manager.text)}
    view = address.rpartition("/")[2]
    await manager.go(f"/tickets?view={view}")
    assert "urgency=urgent" in manager.path
    async with Visitor(app) as agent:
        await agent.sign_in("agent")
        await agent.go("/tickets/views")
        assert not agent.says("今日加急")
        await manager.go("/tickets/views")
        await manager.send(address, name="加急", shared="department:after_sales_service")
        await agent.go("/tickets")
        assert agent.says("加急")
        await agent.go("/tickets/views")
        await agent.send(f"{address}/start")
        await agent.go("/")
        assert "urgency=urgent" in agent.path
        await agent.go("/tickets/views")
        await agent.send(address, name="改名", shared="nobody")
        assert agent.status == 403
        await agent.go("/tickets/views")
        await agent.send(f"{address}/deletion")
        assert agent.status == 403
    await manager.go("/tickets/views")
    await manager.send(f"{address}/deletion")
    assert manager.says("还没有保存的视图")


async def test_a_view_that_was_changed_is_kept_anew(manager: Visitor, anhe: Anhe) -> None:
    await manager.go("/tickets/views/new?tab=open")
    await manager.send("/tickets/views", list=manager.value_of("list"), name="我的视图")
    view = re.search(r"view=([0-9a-f-]{36})", manager.path)
    assert view
    assert not manager.says("保存对视图的更改")
    await manager.go(f"/tickets?tab=open&urgency=urgent&view={view[1]}")
    assert manager.says("保存对视图的更改")
    await manager.send(f"/tickets/views/{view[1]}/arrangement", list=manager.value_of("list"))
    await manager.go(f"/tickets?view={view[1]}")
    assert "urgency=urgent" in manager.path


async def test_a_shared_view_shows_nobody_what_they_may_not_see(anhe: Anhe, manager: Visitor, app: Litestar) -> None:
    """The view names a merchant that its reader does not serve: neither its tickets nor its name are shown."""
    async with Visitor(app) as agent:
        await agent.sign_in("agent")
        await agent.go(f"/tickets/new/service_quality?merchant={anhe.qinghe.id}")
        await agent.send(
            "/tickets/new/service_quality",
            merchant=str(anhe.qinghe.id),
            **REPORT | {"title": "青禾的事", "occurred_on": "2026-11-22"},
        )
        await agent.go(f"/tickets/views/new?tab=all&merchant={anhe.qinghe.id}")
        await agent.send("/tickets/views", list=agent.value_of("list"), name="青禾全部")
        assert agent.says("青禾的事")
        await agent.go("/tickets/views")
        (address,) = {*re.findall(r'action="(/tickets/views/[0-9a-f-]{36})"', agent.text)}
        await agent.send(address, name="全部", shared="department:after_sales_service")
    await manager.go(f"/tickets?view={address.rpartition('/')[2]}")
    assert manager.says("没有符合条件的工单")
    assert not manager.says("青禾")


async def test_several_tickets_are_given_to_one_colleague(manager: Visitor, anhe: Anhe) -> None:
    numbers = [await open_report(manager, anhe), await open_report(manager, anhe)]
    await manager.go("/tickets?tab=open")
    await manager.send("/tickets/several", deed="assign", number=[*numbers, "FW2611-99999"], back="/tickets?tab=open")
    assert manager.says("3 个工单")
    await manager.send(
        "/tickets/several/assign",
        number=[*numbers, "FW2611-99999"],
        owner=str(anhe.service_agent.id),
        back="/tickets?tab=open",
    )
    assert manager.says("完成 2 个，未完成 1 个。")
    assert manager.says("没有找到工单 FW2611-99999")
    await manager.go("/tickets?tab=open")
    assert manager.text.count("周敏</td>") == 2


async def test_what_must_be_stated_is_asked_for_again_and_nothing_is_done(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go("/tickets?tab=open")
    await manager.send("/tickets/several/assign", number=number, owner="", back="/tickets")
    assert manager.status == 422
    assert manager.value_of("number") == number
    await manager.send("/tickets/several", deed="assign", back="/tickets")
    assert manager.status == 422
    assert manager.says("请先在列表里选中工单。")
    await manager.go("/tickets?tab=open")
    await manager.send("/tickets/several", deed="erase", number=number, back="/tickets")
    assert manager.status == 404


async def test_the_whole_list_is_chosen_as_it_is_narrowed(manager: Visitor, anhe: Anhe) -> None:
    urgent = await open_report(manager, anhe, urgency="urgent")
    normal = await open_report(manager, anhe)
    await manager.go("/tickets/matching?tab=open&urgency=urgent")
    assert manager.text == "1"
    await manager.go("/tickets?tab=open&urgency=urgent")
    await manager.send("/tickets/several", deed="remind", whole="yes", back="/tickets?tab=open&urgency=urgent")
    assert manager.says(urgent)
    assert not manager.says(normal)


async def test_duplicates_are_closed_into_one_with_a_result_for_each(manager: Visitor, anhe: Anhe) -> None:
    first, second, kept = [await open_report(manager, anhe) for _ in range(3)]
    await manager.go("/tickets?tab=open")
    await manager.send("/tickets/several/merge", number=[first, second, kept], into=kept, back="/tickets?tab=open")
    assert manager.says("完成 2 个，未完成 1 个。")
    await manager.go("/tickets?tab=open")
    assert shown(manager) == [kept]


async def test_a_number_in_what_is_stated_for_several_is_asked_about_before_anything_is_done(
    manager: Visitor, anhe: Anhe
) -> None:
    number = await open_report(manager, anhe)
    owner = str(anhe.service_agent.id)
    await manager.go("/tickets?tab=open")
    given = {"number": number, "owner": owner, "reason": "买家 13812341234 在等", "back": "/tickets"}
    await manager.send("/tickets/several/assign", **given)
    assert manager.says("内容中似有")
    assert manager.says("13812341234")
    assert not manager.says("完成 1 个")
    await manager.send("/tickets/several/assign", **given, slips="mask")
    assert manager.says("完成 1 个，未完成 0 个。")
    await manager.go(f"/tickets/{number}")
    assert manager.says("在等")
    assert not manager.says("13812341234")


async def test_a_handover_says_of_each_why_it_was_refused(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go("/tickets?tab=open")
    await manager.send(
        "/tickets/several/hand_over", number=number, department="quality", reason="需要检测", back="/tickets"
    )
    assert manager.says("完成 0 个，未完成 1 个。")
    assert manager.says("不能“移交部门”")


@pytest.mark.parametrize(("login", "status"), [("finance", 403), ("auditor", 403), ("specialist", 403)])
async def test_deeds_ask_for_the_permission_of_the_single_move(
    anhe: Anhe, manager: Visitor, app: Litestar, login: str, status: int
) -> None:
    number = await open_report(manager, anhe)
    async with Visitor(app) as other:
        await other.sign_in(login)
        await other.go("/account")
        await other.send("/tickets/several/assign", number=number, owner=str(anhe.specialist.id), back="/tickets")
        assert other.status == status


@pytest.mark.parametrize(
    "query", ["opened_from=0001-01-01", "due_to=9999-12-31", "overdue=x", "step=nowhere", "sort=-x", "columns=x,,"]
)
async def test_what_means_nothing_narrows_nothing(manager: Visitor, anhe: Anhe, query: str) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets?tab=open&{query}")
    assert shown(manager) == [number]


async def test_a_supervisor_has_the_tabs_of_a_department(anhe: Anhe, visitor: Visitor) -> None:
    await visitor.sign_in("supervisor")
    await visitor.go("/tickets")
    for words in ("本部门", "我的组员", "升级给我"):
        assert visitor.says(words)
    await visitor.go("/tickets?tab=escalated")
    assert visitor.says("没有升级给您的工单")


async def test_a_list_is_exported_with_real_dates_and_harmless_texts(
    manager: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    number = await open_report(manager, anhe, title="=HYPERLINK(1)", urgency="urgent")
    await open_report(manager, anhe)
    await manager.go("/tickets/export.xlsx?tab=open&urgency=urgent&columns=number,title,opened,due,round,merchant")
    assert manager.page is not None
    assert manager.page.headers["content-type"].startswith("application/vnd.openxmlformats")
    book = openpyxl.load_workbook(BytesIO(manager.page.content))
    head, *rows = book.active.iter_rows()
    assert [cell.value for cell in head] == ["工单号", "问题", "提交时间", "时限", "轮次", "商家"]
    ((ticket, title, opened, due, turn, merchant),) = rows
    assert (ticket.value, title.value, merchant.value) == (number, "=HYPERLINK(1)", "云杉户外")
    assert title.data_type == "s"
    assert isinstance(opened.value, datetime)
    assert isinstance(due.value, datetime)
    assert due.value > opened.value
    assert turn.value == 1
    async with tenants.session(tenant, AGENCY) as session:
        leaf = (await session.execute(text("SELECT body FROM audit_leaf WHERE action = 'ticket.list_exported'"))).one()
    assert b'"rows":1' in bytes(leaf.body)
    assert b"urgency" in bytes(leaf.body)


async def test_what_is_confidential_stays_sealed_in_an_export(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe, title="云杉的秘密配方")
    await manager.go(f"/tickets/{number}/confidential/mark")
    await manager.send(f"/tickets/{number}/confidential/mark", reason="商业秘密")
    await manager.go("/tickets?tab=open&confidential=yes")
    assert shown(manager) == [number]
    await manager.go("/tickets/export.xlsx?tab=open")
    assert manager.page is not None
    row = list(openpyxl.load_workbook(BytesIO(manager.page.content)).active.values)[1]
    assert row[:2] == (number, "【保密内容】")
