"""The agency's desk over HTTP, as somebody without scripts uses it: from a report to a closed ticket."""

import re
from html import unescape

import httpx
import pytest
from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import PASSWORD, Anhe
from tests.portal import stories
from tests.portal.clock import TestClock
from tests.portal.visitor import Visitor

REPORT = {
    "title": "主图与设计需求不符",
    "description": "上线的主图色差明显，与确认稿不一致。",
    "request": "请重新制作并当天上线。",
    "channel": "phone",
    "occurred_on": "2026-11-22",
    "urgency": "normal",
    "category": "page_design",
}


@pytest.fixture
async def manager(anhe: Anhe, visitor: Visitor) -> Visitor:
    """The account manager of 云杉, signed in."""
    await visitor.sign_in("manager")
    return visitor


async def open_report(visitor: Visitor, anhe: Anhe, **changes: str) -> str:
    """Take a service problem of 云杉 in; returns the ticket's number."""
    await visitor.go(f"/tickets/new/service_quality?merchant={anhe.yunshan.id}")
    await visitor.send(
        "/tickets/new/service_quality",
        merchant=str(anhe.yunshan.id),
        shop=str(anhe.yunshan.shop_id),
        **REPORT | changes,
    )
    found = re.fullmatch(r"/tickets/(FW\d{4}-\d{5})", visitor.path)
    assert found, visitor.text
    return found[1]


async def move(visitor: Visitor, number: str, name: str, **values: object) -> httpx.Response:
    """Open the move's form and send it with these values over what stands in it."""
    await visitor.go(f"/tickets/{number}/moves/{name}")
    assert visitor.status == 200, unescape(visitor.text)
    return await visitor.send(f"/tickets/{number}/moves/{name}", seen=visitor.value_of("seen"), **values)


async def test_a_report_appears_in_the_queue_and_is_found_by_its_number(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    assert manager.says(f"工单 {number} 已创建")
    await manager.go("/tickets")
    assert manager.says("主图与设计需求不符")
    assert manager.says("首次响应")
    await manager.go(f"/tickets?q={number.lower()}")
    assert manager.path == f"/tickets/{number}"
    await manager.go("/tickets?q=设计需求")
    assert manager.says(number)
    await manager.go("/tickets?q=没有这个词")
    assert manager.says("没有符合条件的工单")


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


async def test_a_service_problem_goes_from_report_to_close_through_forms(
    manager: Visitor, anhe: Anhe, app: Litestar, clock: TestClock
) -> None:
    number = await open_report(manager, anhe)
    await move(manager, number, "accept", message="您好，问题已受理，我们马上安排。")
    assert manager.says("已完成：受理")
    await move(
        manager,
        number,
        "dispatch",
        category="page_design",
        urgency="normal",
        severity="moderate",
        department="operations",
        owner=str(anhe.specialist.id),
        promised_at="2026-11-24T18:00",
    )
    async with Visitor(app) as specialist, Visitor(app) as supervisor:
        await specialist.sign_in("specialist")
        await supervisor.sign_in("supervisor")
        await move(
            specialist,
            number,
            "conclude_analysis",
            cause="设计师使用了旧版确认稿",
            responsible_department="operations",
            responsible_person=str(anhe.specialist.id),
            **{
                "responsibility.shares[0].party": "agency",
                "responsibility.shares[0].basis_points": "100",
                "responsibility.basis": "确认稿与上线页面比对",
            },
        )
        assert specialist.says("设计师使用了旧版确认稿")
        await move(
            specialist,
            number,
            "submit_plan",
            summary="重做主图，当天上线",
            **{
                "measures[0].action": "重做主图",
                "measures[0].owner": str(anhe.specialist.id),
                "measures[0].deadline": "2026-11-24T12:00",
            },
        )
        await move(supervisor, number, "approve_plan")
        await move(
            manager,
            number,
            "accept_plan",
            **{"heard.channel": "phone", "heard.told_by": "云飞", "heard.told_at": "2026-11-23T10:01"},
        )
        assert manager.says("代商家登记的依据")
        await specialist.go(f"/tickets/{number}/moves/finish_measure")
        found = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>重做主图', specialist.text)
        assert found
        await move(
            specialist, number, "finish_measure", measure=found[1], result="新主图已上线", done_at="2026-11-23T10:00"
        )
        await move(specialist, number, "finish_execution", summary="新主图已上线并经复核。")
    heard = {"heard.channel": "phone", "heard.told_by": "云飞", "heard.told_at": "2026-11-23T10:01"}
    await move(manager, number, "rate", score="5", satisfied="yes", **heard)
    await move(
        manager,
        number,
        "return_visit",
        visited_at="2026-11-23T10:00",
        channel="phone",
        spoke_with="云飞",
        back_to_normal="yes",
        recurred="no",
    )
    await move(manager, number, "close", summary="主图已按确认稿重做，商家满意。")
    assert manager.says("已解决")
    await manager.go("/tickets?tab=closed")
    assert manager.says(number)


async def test_rows_are_added_to_a_form_without_scripts(manager: Visitor, anhe: Anhe, app: Litestar) -> None:
    number = await planned(manager, anhe)
    async with Visitor(app) as specialist:
        await specialist.sign_in("specialist")
        await move(
            specialist, number, "submit_plan", summary="两步走", _more="measures", **{"measures[0].action": "第一步"}
        )
        assert specialist.status == 200
        assert specialist.says("第一步")
        assert 'name="measures[1].action"' in specialist.text
        await move(specialist, number, "submit_plan", summary="两步走", **{"measures[0].action": "第一步"})
        assert specialist.status == 422
        assert specialist.says("请填写“执行人”")


async def planned(visitor: Visitor, anhe: Anhe) -> str:
    """A ticket of the specialist's, at planning."""
    number = await open_report(visitor, anhe)
    await move(visitor, number, "accept")
    await move(
        visitor,
        number,
        "dispatch",
        category="page_design",
        urgency="urgent",
        severity="major",
        department="operations",
        owner=str(anhe.specialist.id),
        promised_at="2026-11-24T18:00",
    )
    assert visitor.says("已完成：分派")
    async with Visitor(visitor.client._transport.app) as specialist:  # type: ignore[attr-defined]
        await specialist.sign_in("specialist")
        await move(
            specialist,
            number,
            "conclude_analysis",
            cause="旧版稿件",
            responsible_department="operations",
            responsible_person=str(anhe.specialist.id),
            **{
                "responsibility.shares[0].party": "agency",
                "responsibility.shares[0].basis_points": "66.5",
                "responsibility.shares[1].party": "platform",
                "responsibility.shares[1].basis_points": "33.5",
                "responsibility.basis": "比对",
            },
        )
        assert specialist.says("33.5 %")
    return number


async def test_who_comes_second_is_told_who_did_what_and_keeps_what_they_typed(
    manager: Visitor, anhe: Anhe, app: Litestar
) -> None:
    number = await open_report(manager, anhe)
    async with Visitor(app) as agent:
        await agent.sign_in("agent")
        await agent.go(f"/tickets/{number}/moves/refuse")
        seen = agent.value_of("seen")
        await move(manager, number, "reclassify", urgency="urgent", reason="大促期间")
        answer = await agent.send(f"/tickets/{number}/moves/refuse", seen=seen, explanation="这不在服务范围内")
        assert answer.status_code == 409
        assert agent.says("林悦")
        assert agent.says("调整分类与紧急程度")
        assert agent.says("这不在服务范围内")
        # Sent once more from the page that told of the change, it is meant.
        await agent.send(f"/tickets/{number}/moves/refuse", seen=agent.value_of("seen"), explanation="这不在服务范围内")
        assert agent.path == f"/tickets/{number}"
        assert agent.says("不予受理")


async def test_a_move_that_is_not_open_any_more_says_why(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}/moves/close")
    assert manager.status == 409
    assert manager.says("工单处于“商家反馈”环节")
    await manager.go(f"/tickets/{number}/moves/approve_plan")
    assert manager.status == 403
    await manager.go(f"/tickets/{number}/moves/nothing")
    assert manager.status == 404


async def test_notes_look_different_from_messages_and_say_so(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="note", body="商家情绪激动，注意措辞")
    await manager.send(f"/tickets/{number}/entries", audience="message", body="您好，已收到您的反馈")
    assert re.search(r'class="entry-item note[^"]*inside', manager.text)
    assert manager.says("内部备注 · 商家看不到")
    assert re.search(r'class="entry-item message"', manager.text)


async def test_nothing_said_is_refused_and_what_was_typed_is_kept(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.send(f"/tickets/{number}/entries", audience="message", body="   ")
    assert manager.status == 422
    await manager.go(f"/tickets/{number}")
    token = manager.token()
    files = [("files", ("bad.exe", b"MZ\x90\x00" + b"\x00" * 100, "application/octet-stream"))]
    manager.page = await manager.client.post(
        f"/tickets/{number}/entries", data={"_token": token, "audience": "note", "body": "看附件"}, files=files
    )
    assert manager.status == 422
    assert manager.says("不支持上传")
    assert manager.says("看附件")
    await manager.go(f"/tickets/{number}")
    assert not manager.says("看附件")


async def test_a_picture_is_attached_shown_and_handed_out(manager: Visitor, anhe: Anhe, app: Litestar) -> None:
    number = await open_report(manager, anhe)
    files = [("files", ("截图.png", PIXEL, "image/png")), ("files", ("说明.txt", "色差说明".encode(), "text/plain"))]
    manager.page = await manager.client.post(
        f"/tickets/{number}/entries",
        data={"_token": manager.token(), "audience": "note", "body": ""},
        files=files,
    )
    assert manager.status == 200, manager.text
    links = re.findall(rf'href="(/tickets/{number}/attachments/[^"]+)"', manager.text)
    assert len(links) == 2
    picture = await manager.client.get(links[0])
    assert picture.content == PIXEL
    assert picture.headers["content-disposition"].startswith("inline")
    assert picture.headers["content-security-policy"].startswith("sandbox")
    text = await manager.client.get(links[1])
    assert text.headers["content-disposition"].startswith("attachment")
    async with Visitor(app) as stranger:
        await stranger.sign_in("finance")
        assert (await stranger.go(links[0])).status_code in (403, 404)


async def test_the_thread_asks_for_itself_only_when_something_was_added(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    await manager.go(f"/tickets/{number}")
    found = re.search(r'hx-get="(/tickets/[^"]+/thread\?[^"]+)"', manager.text)
    assert found
    address = unescape(found[1])
    assert (await manager.client.get(address)).status_code == 204
    await manager.send(f"/tickets/{number}/entries", audience="note", body="新的一条")
    answer = await manager.client.get(address)
    assert answer.status_code == 200
    assert "新的一条" in answer.text


async def test_the_tabs_count_what_they_hold(manager: Visitor, anhe: Anhe, clock: TestClock) -> None:
    await open_report(manager, anhe)
    clock.forward(hours=30)
    await manager.sign_in("manager")
    await manager.go("/tickets/counts?tab=mine")
    assert re.search(r'我的\s*<span class="count">1</span>', manager.text)
    assert re.search(r'已超时\s*<span class="count hot">1</span>', manager.text)
    await manager.go("/overdue")
    assert manager.says("首次响应")
    assert manager.says("超时")


async def test_several_tickets_are_given_to_one_colleague(manager: Visitor, anhe: Anhe) -> None:
    numbers = [await open_report(manager, anhe), await open_report(manager, anhe)]
    await manager.go("/tickets?tab=open")
    await manager.send(
        "/tickets/assign", number=[*numbers, "FW2611-99999"], owner=str(anhe.service_agent.id), back="/tickets?tab=open"
    )
    assert manager.path == "/tickets?tab=open"
    assert manager.says("已指派 2 个工单。")
    assert manager.says("没有找到工单 FW2611-99999")
    assert manager.text.count("周敏</td>") == 2
    await manager.send("/tickets/assign", number=numbers, owner="", back="/tickets")
    assert manager.status == 422


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
            "/tickets/counts",
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


STORIES = [
    stories.reported,
    stories.on_hold,
    stories.awaiting_plan_word,
    stories.awaiting_rating,
    stories.closed,
    stories.explained,
    stories.negotiating,
    stories.to_be_signed,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_every_move_that_is_offered_has_a_form(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant, clock: TestClock, story: stories.Story
) -> None:
    """Whatever stage a ticket is at: its page, and the form of each move that somebody is offered there."""
    number = await stories.Stories(tenants, tenant, anhe, clock).tell(story)
    for login in ("manager", "specialist", "supervisor", "executive"):
        visitor.client.cookies.clear()
        await visitor.sign_in(login)
        await visitor.go(f"/tickets/{number}")
        if visitor.status == 404 and login in ("specialist", "supervisor"):
            # Not handed to their department yet.
            continue
        assert visitor.status == 200, login
        for address in sorted(set(re.findall(rf'href="(/tickets/{number}/(?:moves/\w+|sign))"', visitor.text))):
            answer = await visitor.client.get(address)
            assert answer.status_code == 200, (login, address)
            fragment = await visitor.client.get(address, headers={"x-fragment": "dialog"})
            assert fragment.status_code == 200, (login, address)
            assert "<html" not in fragment.text or address.endswith("/sign"), (login, address)


async def test_the_agency_signs_by_signing_in_again(
    anhe: Anhe, visitor: Visitor, tenants: Tenants, tenant: Tenant, clock: TestClock
) -> None:
    number = await stories.Stories(tenants, tenant, anhe, clock).tell(stories.to_be_signed)
    await visitor.sign_in("executive")
    await visitor.go(f"/tickets/{number}/sign")
    said = {"seen": visitor.value_of("seen"), "sha256": visitor.value_of("sha256")}
    await visitor.send(f"/tickets/{number}/sign", **said, present_password="wrong")
    assert visitor.says("密码不正确")
    await visitor.send(f"/tickets/{number}/sign", **said, present_password=PASSWORD)
    assert visitor.path == f"/tickets/{number}"
    assert visitor.says("协议已签署。")
    await visitor.go(f"/tickets/{number}/sign")
    assert visitor.status == 403


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
