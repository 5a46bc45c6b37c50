"""The search pages, over HTTP, as somebody without scripts uses them."""

import re

import pytest
from litestar import Litestar

from anshou.tickets.search.indexing import index_due
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.agency_steps import open_report
from tests.portal.visitor import Visitor


@pytest.fixture
async def number(manager: Visitor, anhe: Anhe, tenants: Tenants, tenant: Tenant) -> str:
    """A ticket whose words are indexed."""
    made = await open_report(manager, anhe)
    async with tenants.session(tenant, AGENCY) as session:
        assert not await index_due(session)
    return made


async def test_the_header_searches_and_what_is_found_is_marked(manager: Visitor, number: str) -> None:
    await manager.go("/tickets")
    assert 'action="/search"' in manager.text
    await manager.go("/search?q=设计需求")
    assert manager.says(f'href="/tickets/{number}"')
    assert manager.says("<mark>设计需求</mark>")
    await manager.go("/tickets?q=设计需求")
    assert manager.path.startswith("/search?q=")


async def test_a_whole_number_opens_the_ticket(manager: Visitor, number: str) -> None:
    await manager.go(f"/search?q={number.lower()}")
    assert manager.path == f"/tickets/{number}"


async def test_what_was_not_found_is_said_with_what_to_do(manager: Visitor, number: str) -> None:
    await manager.go("/search?q=没有这个词")
    assert manager.says("没有找到“没有这个词”")
    await manager.go("/search?q=词")
    assert manager.says("内容太短")
    await manager.go("/search")
    assert manager.says("搜索您能查看的全部工单")


async def test_filters_narrow_and_can_be_cleared(manager: Visitor, number: str, anhe: Anhe) -> None:
    for narrowing, is_found in {
        "kind=service_quality": True,
        "kind=contract_dispute": False,
        "status=closed": False,
        f"merchant={anhe.yunshan.id}": True,
        f"merchant={anhe.qinghe.id}": False,
        "until=2026-01-01": False,
        "since=2026-01-01": True,
        "kind=nonsense&merchant=nobody&since=soon": True,
    }.items():
        await manager.go(f"/search?q=设计需求&{narrowing}")
        assert manager.says(f'href="/tickets/{number}"') is is_found, narrowing
    assert manager.says("清除筛选")
    await manager.go("/search?q=设计需求&after=nonsense")
    assert manager.status == 422


async def test_a_merchants_people_search_their_own_desk(app: Litestar, number: str, anhe: Anhe) -> None:
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go("/my/search?q=设计需求")
        assert owner.says(f'href="/my/tickets/{number}"')
        await owner.go("/search?q=设计需求")
        assert owner.status == 404
    async with Visitor(app) as other:
        await other.sign_in("qinghe-owner")
        await other.go("/my/search?q=设计需求")
        assert not other.says(number)


async def keep(visitor: Visitor, search: str, name: str) -> str:
    """Save the search under the name; the id of what was saved."""
    root, _, asked = search.partition("?")
    await visitor.go(search)
    assert visitor.says(f"{root}/views/new?")
    await visitor.go(f"{root}/views/new?{asked}")
    await visitor.send(f"{root}/views", list=visitor.value_of("list"), name=name)
    (kept,) = {*re.findall(r"view=([0-9a-f-]{36})", visitor.path)}
    return str(kept)


async def test_a_search_is_saved_under_a_name_and_opened_again(manager: Visitor, number: str) -> None:
    kept = await keep(manager, "/search?q=设计需求&kind=service_quality", "等设计")
    assert manager.says("已保存搜索“等设计”")
    assert manager.says(f'href="/tickets/{number}"')
    await manager.go(f"/search?view={kept}")
    assert "kind=service_quality" in manager.path
    assert manager.says("<mark>设计需求</mark>")
    assert not manager.says("保存对搜索的更改")
    # Of the queue's views it is none.
    await manager.go("/tickets/views")
    assert manager.says("还没有保存的视图")


async def test_a_saved_search_is_changed_renamed_and_deleted(manager: Visitor, number: str) -> None:
    kept = await keep(manager, "/search?q=设计需求", "等设计")
    await manager.go(f"/search?view={kept}&q=设计需求&status=closed")
    assert manager.says("保存对搜索的更改")
    await manager.send(f"/search/views/{kept}/arrangement", list=manager.value_of("list"))
    await manager.go(f"/search?view={kept}")
    assert "status=closed" in manager.path
    await manager.go("/search/views")
    await manager.send(f"/search/views/{kept}", name="已关闭的设计", shared="nobody")
    assert manager.says("已关闭的设计")
    await manager.send(f"/search/views/{kept}/deletion")
    assert manager.says("还没有保存的搜索")
    # Whoever still has its address gets the search that stands in it.
    await manager.go(f"/search?view={kept}&q=设计需求")
    assert manager.says(f'href="/tickets/{number}"')


async def test_a_saved_search_is_shared_and_everybody_finds_what_is_theirs(
    app: Litestar, manager: Visitor, number: str
) -> None:
    kept = await keep(manager, "/search?q=设计需求", "等设计")
    async with Visitor(app) as agent:
        await agent.sign_in("agent")
        await agent.go("/search")
        assert not agent.says("等设计")
        await manager.go("/search/views")
        await manager.send(f"/search/views/{kept}", name="等设计", shared="department:after_sales_service")
        await agent.go("/search")
        assert agent.says("等设计")
        await agent.go(f"/search?view={kept}")
        assert "q=" in agent.path
        await agent.send(f"/search/views/{kept}", name="别人的")
        assert agent.status == 403


async def test_a_search_without_a_question_a_name_or_a_new_name_is_not_saved(manager: Visitor, number: str) -> None:
    await keep(manager, "/search?q=设计需求", "等设计")
    await manager.go("/search/views/new?q=主图")
    await manager.send("/search/views", list=manager.value_of("list"), name=" ")
    assert manager.says("请填写名称")
    await manager.send("/search/views", list=manager.value_of("list"), name="等设计")
    assert manager.says("您已用过这个名称")
    assert manager.value_of("list") == "/search?q=%E4%B8%BB%E5%9B%BE"
    await manager.go("/search/views/new?q=%20%20主图&status=%20")
    assert manager.value_of("list") == "/search?q=%E4%B8%BB%E5%9B%BE"
    await manager.send("/search/views", list="/search", name="空的")
    assert manager.says("请先搜索，再保存")


async def test_a_view_of_the_queue_is_not_changed_as_a_search(manager: Visitor, number: str) -> None:
    kept = await keep(manager, "/search?q=设计需求", "等设计")
    await manager.go("/search?q=设计需求")
    await manager.send(f"/tickets/views/{kept}/deletion")
    assert manager.status == 404
    await manager.go("/search")
    assert manager.says("等设计")


async def test_a_merchants_person_keeps_searches_that_nobody_else_sees(
    app: Litestar, manager: Visitor, number: str
) -> None:
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        kept = await keep(owner, "/my/search?q=设计需求", "设计的事")
        assert owner.says(f'href="/my/tickets/{number}"')
        await owner.go("/my/search/views")
        assert owner.says("设计的事")
        assert not owner.says("共享给")
        await owner.send(f"/my/search/views/{kept}", name="设计", shared="agency")
        assert owner.status == 403
        await owner.go("/my/search/views")
        await owner.send(f"/my/search/views/{kept}", name="设计")
        assert owner.says("已保存搜索“设计”")
        await owner.go("/search/views")
        assert owner.status == 404
        await manager.go("/search/views")
        assert manager.says("还没有保存的搜索")
        await manager.go("/my/search/views")
        assert manager.status == 404
        await owner.go("/my/search/views")
        await owner.send(f"/my/search/views/{kept}/deletion")
        assert owner.says("还没有保存的搜索")


async def test_a_search_for_a_persons_number_is_answered_and_not_saved(manager: Visitor, number: str) -> None:
    address, why = "/search?q=%2B86+138-0000-1234", "搜索词中似有手机号，请去掉后再保存"
    await manager.go(address)
    assert manager.status == 200
    assert manager.says('value="+86 138-0000-1234"')
    await manager.go(address.replace("?", "/views/new?"))
    await manager.send("/search/views", list=manager.value_of("list"), name="老客户")
    assert manager.says(why)
    # What was typed is there still, and leads back to the search as it is.
    assert manager.value_of("list") == address
    assert manager.value_of("name") == "老客户"
    kept = await keep(manager, "/search?q=设计需求", "等设计")
    await manager.send(f"/search/views/{kept}/arrangement", list=address)
    assert manager.says(why)
    assert manager.path == f"{address}&view={kept}"
    assert manager.says('value="+86 138-0000-1234"')
    await manager.go(f"/search?view={kept}")
    assert "138" not in manager.path


@pytest.mark.parametrize("typed", ["找 １３８００００１２３４", " "])
async def test_a_name_that_cannot_be_kept_stands_beside_its_reason(manager: Visitor, number: str, typed: str) -> None:
    kept = await keep(manager, "/search?q=设计需求", "等设计")
    await manager.go("/search/views")
    await manager.send(f"/search/views/{kept}", name=typed, shared="department:after_sales_service")
    assert manager.status == 422
    assert manager.says("请填写名称" if typed == " " else "名称中似有手机号，请去掉后再保存")
    assert manager.value_of("name") == typed
    await manager.go("/search/views")
    assert manager.value_of("name") == "等设计"
    assert not manager.says('<span class="badge green"')


async def test_a_view_of_the_queue_holds_no_persons_number_either(manager: Visitor, number: str) -> None:
    address = "/tickets?tab=all&q=13800001234"
    await manager.go(address.replace("?", "/views/new?"))
    await manager.send("/tickets/views", list=manager.value_of("list"), name="老客户")
    assert manager.says("搜索词中似有手机号，请去掉后再保存")
    assert manager.value_of("list") == address
    await manager.go("/tickets/views")
    assert manager.says("还没有保存的视图")
