"""Objecting to a determination on the merchant's page of a ticket, reviewing it on the agency's."""

import re

from litestar import Litestar

from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.agency_steps import move, planned
from tests.portal.test_cost_pages import allocated
from tests.portal.visitor import Visitor

OBJECT, REVIEW = "object_to_determination", "review_determination"


async def objected(app: Litestar, number: str) -> None:
    """The merchant's owner objects."""
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}")
        for shown in ("责任判定", "66.5 %", "比对", "前可以提出异议", "提出异议"):
            assert owner.says(shown), shown
        await owner.go(f"/my/tickets/{number}/moves/{OBJECT}")
        seen = owner.value_of("seen")
        await owner.send(f"/my/tickets/{number}/moves/{OBJECT}", seen=seen, reason="")
        assert owner.says("请填写“异议理由”")
        await owner.send(f"/my/tickets/{number}/moves/{OBJECT}", seen=seen, reason="裁切由平台完成")
        assert owner.says("异议复议中"), owner.text
        assert not owner.says("提出异议</a>")


async def test_an_objection_goes_from_the_merchants_page_to_the_supervisors_and_back(
    manager: Visitor, app: Litestar, anhe: Anhe
) -> None:
    number = await planned(manager, anhe)
    await objected(app, number)
    async with Visitor(app) as supervisor:
        await supervisor.sign_in("supervisor")
        await supervisor.go(f"/tickets/{number}")
        for shown in ("异议复议中", "裁切由平台完成", "复议责任判定"):
            assert supervisor.says(shown), shown
        await move(supervisor, number, REVIEW, outcome="replaced", reason="平台日志显示裁切在先")
        assert supervisor.says("改判时，须写明新的责任判定")
        await move(
            supervisor,
            number,
            REVIEW,
            outcome="replaced",
            reason="平台日志显示裁切在先",
            **{
                "responsibility.shares[0].party": "platform",
                "responsibility.shares[0].basis_points": "100",
                "responsibility.basis": "平台日志",
            },
        )
        assert supervisor.says("已完成：复议责任判定")
    async with Visitor(app) as owner:
        await owner.sign_in("yunshan-owner")
        await owner.go(f"/my/tickets/{number}")
        for shown in ("100 %", "平台日志", "改判", "平台日志显示裁切在先"):
            assert owner.says(shown), shown
        assert not owner.says("异议复议中")


async def test_a_member_reads_the_determination_and_cannot_object(manager: Visitor, app: Litestar, anhe: Anhe) -> None:
    number = await planned(manager, anhe)
    async with Visitor(app) as member:
        await member.sign_in("yunshan-member")
        await member.go(f"/my/tickets/{number}")
        assert member.says("66.5 %")
        assert OBJECT not in member.text
        await member.go(f"/my/tickets/{number}/moves/{OBJECT}")
        assert member.status == 403


async def test_a_cost_says_that_its_responsibility_is_under_objection(
    manager: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    page = await allocated(manager, app, anhe, tenants, tenant)
    await manager.go(page)
    (number,) = set(re.findall(r"FW\d{4}-\d{5}", manager.text))
    assert not manager.says("责任异议复议中")
    await objected(app, number)
    await manager.go(page)
    assert manager.says("责任异议复议中")
