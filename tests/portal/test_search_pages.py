"""The search pages, over HTTP, as somebody without scripts uses them."""

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
