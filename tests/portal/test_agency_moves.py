"""Moves through their forms at the agency's desk: from a report to a closed ticket, without any script."""

import re

import pytest
from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import PASSWORD, Anhe
from tests.portal import stories
from tests.portal.agency_steps import move, open_report, planned
from tests.portal.clock import TestClock
from tests.portal.visitor import Visitor


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


async def test_what_only_adds_to_a_ticket_is_added_once_when_its_form_comes_twice(manager: Visitor, anhe: Anhe) -> None:
    number = await open_report(manager, anhe)
    told = {"held_at": "2026-11-23T09:30", "channel": "phone", "direction": "to_merchant", "people": "店长"}
    for content in ("说明了处理进度", "说明了处理进度", "约定明天回电"):
        await move(manager, number, "record_contact", **told, content=content)
        assert manager.path == f"/tickets/{number}"
        assert manager.says("已完成：登记沟通记录")
    assert [manager.text.count(words) for words in ("说明了处理进度", "约定明天回电")] == [1, 1]


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
