"""Budgets in the portal: set with typed amounts, seen as bars, changed, retired, and refused to whom they are not."""

import re

import pytest
from litestar import Litestar
from sqlalchemy import text

from anshou.people.roles import Department, Role
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe, staff
from tests.portal.test_cost_pages import submitted
from tests.portal.visitor import Visitor

GIVEN = {"category": "material_licence", "per": "month", "day": "2026-11-20", "fen": "1,600.00", "reason": "年度计划"}


async def budgeted(visitor: Visitor, **changes: str) -> str:
    """Set a budget as the executive; answers its page."""
    await visitor.sign_in("executive")
    await visitor.go("/budgets/new")
    await visitor.send("/budgets/new", **{**GIVEN, **changes})
    assert visitor.says("预算已设置"), visitor.text
    return visitor.path


async def test_a_budget_shows_what_is_used_and_leads_to_its_costs(manager: Visitor, app: Litestar, anhe: Anhe) -> None:
    cost = await submitted(manager, anhe)
    async with Visitor(app) as finance:
        await finance.sign_in("finance")
        await finance.go("/costs")
        await finance.send(f"{cost}/verify", back="/costs")
    async with Visitor(app) as executive:
        page = await budgeted(executive)
        assert executive.says("¥1,600.00")
        await executive.go("/budgets")
        for shown in ("物料：软件授权", "¥1,280.00", "80 %", "已用八成"):
            assert executive.says(shown), shown
        (costs,) = re.findall(r'href="(/costs/all\?[^"]+)"', executive.text)
        await executive.go(costs.replace("&amp;", "&"))
        assert cost in executive.text
        await executive.go(f"{page}/change")
        assert executive.value_of("fen") == "1600.00"
        await executive.send(f"{page}/change", version="1", fen="1,280", reason="压缩")
        assert executive.says("预算已修改")
        assert executive.says("已用完")
        await executive.send(f"{page}/retire", reason="")
        assert executive.says("请填写“停用原因”")
        await executive.send(f"{page}/retire", reason="并入季度预算")
        assert executive.says("预算已停用")
        assert executive.says("并入季度预算")
        await executive.go("/budgets")
        assert executive.says("这个月没有预算")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fen": "12.345"}, "“预算金额”须为金额"),
        ({"fen": "0"}, "金额须在 0.01 元到 100 亿元之间"),
        ({"category": ""}, "部门、商家、费用类别至少选择一项"),
        ({"day": "2026-13-01"}, "周期内任一天"),
        ({"merchant": "0192f7a0-0000-7000-8000-000000000000"}, "没有找到这个商家"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    visitor: Visitor, anhe: Anhe, changes: dict[str, str], said: str
) -> None:
    await visitor.sign_in("executive")
    await visitor.go("/budgets/new")
    typed = {**GIVEN, **changes}
    await visitor.send("/budgets/new", **typed)
    assert visitor.status == 422
    assert visitor.says(said)
    assert visitor.value_of("fen") == typed["fen"]
    assert visitor.value_of("reason") == "年度计划"


async def test_the_same_again_and_a_change_that_was_overtaken_are_told(visitor: Visitor, anhe: Anhe) -> None:
    page = await budgeted(visitor)
    await visitor.go("/budgets/new")
    await visitor.send("/budgets/new", **GIVEN)
    assert visitor.status == 422
    assert visitor.says("2026-11 已有相同范围的预算")
    await visitor.go(f"{page}/change")
    await visitor.send(f"{page}/change", version="1", fen="5")
    await visitor.go(f"{page}/change")
    await visitor.send(f"{page}/change", version="1", fen="7")
    assert visitor.status == 409
    assert visitor.says("刚被他人修改")
    assert visitor.value_of("fen") == "7"


async def test_the_list_goes_by_months_and_a_strange_month_is_this_one(visitor: Visitor, anhe: Anhe) -> None:
    await budgeted(visitor, per="quarter")
    for address, is_there in (
        ("/budgets?month=2026-12", True),
        ("/budgets?month=2027-01", False),
        ("/budgets?month=soon", True),
        ("/budgets?month=9999-12", True),
        ("/budgets?month=0001-01", True),
    ):
        await visitor.go(address)
        assert visitor.says("物料：软件授权") is is_there, address


async def test_a_supervisor_of_another_department_reads_their_own_and_sets_none(
    visitor: Visitor, app: Litestar, anhe: Anhe, tenants: Tenants, tenant: Tenant
) -> None:
    licences = await budgeted(visitor)
    async with Visitor(app) as executive:
        own = await budgeted(executive, category="", department="operations")
    async with Visitor(app) as supervisor:
        await supervisor.sign_in("supervisor")
        await supervisor.go("/budgets")
        assert supervisor.says("业务部门")
        assert "/budgets/new" not in supervisor.text
        assert not supervisor.says("物料：软件授权")
        for address, status in (("/budgets/new", 403), (f"{own}/change", 403), (licences, 404), (own, 200)):
            await supervisor.go(address)
            assert supervisor.status == status, address
    async with tenants.session(tenant, AGENCY) as session:
        await staff(session, "秦约", "head", Role.SUPERVISOR, departments=(Department.FINANCE,))
    async with Visitor(app) as head:
        await head.sign_in("head")
        await head.go("/budgets/new")
        await head.send("/budgets/new", **{**GIVEN, "per": "year"})
        assert head.says("预算已设置")
    async with tenants.session(tenant, AGENCY) as session:
        assert await session.scalar(text("SELECT count(*) FROM budget")) == 3


@pytest.mark.parametrize("login", ["manager", "agent", "specialist", "admin", "yunshan-owner"])
async def test_who_has_no_part_in_budgets_finds_none(visitor: Visitor, anhe: Anhe, login: str) -> None:
    await visitor.sign_in(login)
    assert 'href="/budgets"' not in visitor.text
    for address in ("/budgets", "/budgets/new"):
        await visitor.go(address)
        assert visitor.status in (403, 404)
