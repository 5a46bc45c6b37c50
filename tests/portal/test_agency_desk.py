"""The agency's lists and taking in, over HTTP, as somebody without scripts uses them."""

import pytest
from litestar import Litestar

from tests.cast import Anhe
from tests.portal.agency_steps import REPORT, open_report
from tests.portal.clock import TestClock
from tests.portal.visitor import Visitor


async def test_a_report_appears_in_the_queue_and_is_found_by_its_number(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    assert manager.says(f"工单 {number} 已创建")
    await manager.go("/tickets")
    assert manager.says("主图与设计需求不符")
    assert manager.says("首次响应")
    await manager.go(f"/tickets?q={number.lower()}")
    assert manager.path == f"/tickets/{number}"


async def test_what_is_wrong_with_a_report_is_said_and_everything_typed_is_kept(manager: Visitor, anhe: Anhe) -> None:
    await manager.go(f"/tickets/new/service_quality?merchant={anhe.yunshan.id}")
    await manager.send(
        "/tickets/new/service_quality",
        merchant=str(anhe.yunshan.id),
        title="",
        description="色差明显",
        request="重做",
        occurred_on="2026-12-01",
        channel="phone",
    )
    assert manager.status == 422
    assert manager.says("请填写“标题”")
    assert manager.says("色差明显")
    await manager.send(
        "/tickets/new/service_quality", merchant=str(anhe.yunshan.id), **REPORT | {"occurred_on": "2026-12-24"}
    )
    assert manager.status == 422
    assert manager.says("不能晚于现在")
    assert manager.value_of("title") == REPORT["title"]


async def test_the_tabs_count_what_they_hold(manager: Visitor, anhe: Anhe, clock: TestClock) -> None:
    await open_report(manager, anhe)
    clock.forward(hours=30)
    await manager.sign_in("manager")
    await manager.go("/counts?tab=mine")
    assert '<span id="n-mine" class="count" hx-swap-oob="outerHTML">1</span>' in manager.text
    assert '<span id="n-overdue" class="count hot" hx-swap-oob="outerHTML">1</span>' in manager.text
    await manager.go("/overdue")
    assert manager.says("首次响应")
    assert manager.says("超时")


@pytest.mark.parametrize("login", ["finance", "auditor", "admin"])
async def test_who_reads_no_tickets_reaches_none(anhe: Anhe, manager: Visitor, app: Litestar, login: str) -> None:
    number = await open_report(manager, anhe)
    async with Visitor(app) as other:
        await other.sign_in(login)
        for address in (f"/tickets/{number}", f"/tickets/{number}/thread", f"/tickets/{number}/moves/close"):
            await other.go(address)
            assert other.status in (403, 404)
            assert not other.says(REPORT["title"])


async def test_a_merchants_people_have_no_business_at_the_agencys_desk(
    anhe: Anhe, manager: Visitor, app: Litestar
) -> None:
    number = await open_report(manager, anhe)
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        for address in (
            f"/tickets/{number}",
            f"/tickets/{number}/thread",
            f"/tickets/{number}/moves/rate",
            "/tickets",
            "/overdue",
            "/tickets/new",
        ):
            await owner.go(address)
            assert owner.status in (403, 404), address


async def test_the_front_desk_sees_only_the_merchants_assigned_to_it(anhe: Anhe, manager: Visitor) -> None:
    await manager.go(f"/tickets/new/service_quality?merchant={anhe.qinghe.id}")
    assert manager.status == 404
    await manager.go("/tickets/new")
    assert manager.says("云杉户外")
    assert not manager.says("青禾食品")


@pytest.mark.parametrize("query", ["tab=nothing", "kind=x", "merchant=x", "owner=1", "escalated=maybe"])
async def test_an_unknown_filter_narrows_nothing(anhe: Anhe, manager: Visitor, query: str) -> None:
    await open_report(manager, anhe)
    await manager.go(f"/tickets?{query}")
    assert manager.status == 200
    assert manager.says(REPORT["title"])


async def test_a_broken_cursor_is_refused(anhe: Anhe, manager: Visitor) -> None:
    await manager.go("/tickets?after=x")
    assert manager.status == 422
