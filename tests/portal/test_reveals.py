"""Revealing in the portal, without scripts: the purpose form, the field for a while, copying, who saw what."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from litestar import Litestar

from anshou.privacy.reveal_rules import RevealRules, change_reveal_rules
from anshou.worker.actors import ACTORS
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.database import Database
from tests.portal.clock import TestClock
from tests.portal.visitor import Visitor
from tests.privacy.secrets import PHONE, RevealDesk, secret_table
from tests.worker.workshop import plan, until, working

BACK = "/tickets?tab=all"


@pytest.fixture
async def desk(
    tenants: Tenants, tenant: Tenant, database: Database, anhe: Anhe, clock: TestClock
) -> AsyncIterator[RevealDesk]:
    """A ticket of 云杉 with a sealed row."""
    async with secret_table(database, tenant):
        desk = RevealDesk(tenants, tenant, anhe)
        await desk.settle()
        yield desk


def way_to(desk: RevealDesk, **changes: str) -> str:
    """The address behind a masked field."""
    given = {"field": f"trial_secret.phone:{desk.row}", "ticket": desk.number, "back": BACK}
    return "/reveals/new?" + urlencode(given | changes)


def action_of(visitor: Visitor, beginning: str) -> str:
    """Where the form on the page is sent."""
    found = re.search(rf'action="({re.escape(beginning)}[^"]*)"', visitor.text)
    assert found, visitor.text
    return unescape(found[1])


async def show(visitor: Visitor, desk: RevealDesk, **typed: str) -> None:
    """Through the form."""
    await visitor.go(way_to(desk))
    await visitor.send(action_of(visitor, "/reveals?"), **({"purpose": "verify_order"} | typed))


async def test_a_field_is_shown_after_a_purpose_and_goes_by_itself(manager: Visitor, desk: RevealDesk) -> None:
    await manager.go(way_to(desk))
    assert PHONE not in manager.text
    assert manager.says("商家可以看到这次查看")
    await manager.send(action_of(manager, "/reveals?"), purpose="verify_order")
    assert manager.status == 200
    assert manager.text.count(PHONE) == 1
    assert manager.page.headers["cache-control"] == "no-store"
    assert 'http-equiv="refresh" content="60;url=/tickets?tab=all"' in unescape(manager.text)
    assert manager.says("林悦 manager 2026-11-23")
    assert PHONE not in str(manager.page.url)
    assert PHONE not in str(dict(manager.page.headers))
    assert all(PHONE not in str(cookie.value) for cookie in manager.client.cookies.jar)
    assert await desk.actions() == ["reveal.shown"]


async def test_a_dialog_gets_the_field_as_a_fragment(manager: Visitor, desk: RevealDesk) -> None:
    await manager.go(way_to(desk))
    await manager.send(action_of(manager, "/reveals?"), purpose="verify_order", headers={"x-fragment": "dialog"})
    assert manager.page.headers["x-fragment"] == "yes"
    assert "<html" not in manager.text
    assert 'data-remask="60"' in manager.text
    assert PHONE in manager.text


async def test_without_a_purpose_nothing_is_shown(manager: Visitor, desk: RevealDesk) -> None:
    await show(manager, desk, purpose="")
    assert manager.status == 422
    assert manager.says("请填写“查看目的”") or manager.says("查看目的")
    assert PHONE not in manager.text
    assert await desk.reveals() == []


async def test_a_field_is_never_shown_to_a_get(manager: Visitor, desk: RevealDesk) -> None:
    await show(manager, desk)
    (seen,) = await desk.reveals()
    for address in (f"/reveals/{seen.id}", f"/reveals/{seen.id}/copy", way_to(desk)):
        await manager.go(address)
        assert PHONE not in manager.text


async def test_copying_is_a_form_that_leaves_a_leaf_and_gives_a_selectable_field(
    manager: Visitor, desk: RevealDesk, clock: TestClock
) -> None:
    await show(manager, desk)
    assert "<textarea" not in manager.text
    await manager.send(action_of(manager, "/reveals/"))
    assert manager.status == 200
    assert re.search(r"<textarea[^>]*readonly[^>]*>13812341234</textarea>", manager.text)
    assert await desk.actions() == ["reveal.shown", "reveal.copied"]


async def test_a_copy_after_the_time_shows_nothing(manager: Visitor, desk: RevealDesk, clock: TestClock) -> None:
    await show(manager, desk)
    copying = action_of(manager, "/reveals/")
    clock.now += timedelta(minutes=2)
    await manager.send(copying)
    assert manager.status == 409
    assert PHONE not in manager.text
    assert manager.says("显示时间已过")


async def test_at_the_limit_the_form_says_so(manager: Visitor, desk: RevealDesk) -> None:
    async with desk.begin(desk.cast.admin)() as session:
        await change_reveal_rules(session, RevealRules(per_hour=1), by=desk.cast.admin, at=NOW)
    await show(manager, desk)
    await show(manager, desk)
    assert manager.status == 403
    assert manager.says("现已达到上限并已告知主管")
    assert PHONE not in manager.text


async def test_whoever_may_not_reveal_gets_no_form(visitor: Visitor, desk: RevealDesk) -> None:
    for login in ("executive", "auditor", "admin"):
        await visitor.sign_in(login)
        await visitor.go(way_to(desk))
        assert visitor.status == 403
        visitor.client.cookies.clear()


async def test_another_merchant_finds_no_such_field(visitor: Visitor, desk: RevealDesk) -> None:
    await visitor.sign_in("qinghe-owner")
    await visitor.go(way_to(desk))
    assert visitor.status == 404
    await visitor.send("/reveals?" + way_to(desk).partition("?")[2], purpose="verify_order")
    assert visitor.status == 404
    assert PHONE not in visitor.text


async def test_where_cancelling_leads_is_inside_the_portal(manager: Visitor, desk: RevealDesk) -> None:
    await manager.go(way_to(desk, back="//evil.example/"))
    assert "evil.example" not in re.sub(r'name="back" value="[^"]*"', "", manager.text).replace(
        "back=%2F%2Fevil.example", ""
    )


async def test_the_merchant_reads_who_saw_what_and_objects_and_reads_the_answer(
    app: Litestar, desk: RevealDesk, clock: TestClock
) -> None:
    async with Visitor(app) as manager, Visitor(app) as owner, Visitor(app) as supervisor:
        await manager.sign_in("manager")
        await show(manager, desk)
        await owner.sign_in("yunshan-owner")
        await owner.go("/my/data")
        assert owner.says("林悦")
        assert owner.says("客户经理")
        assert owner.says("核实订单")
        assert owner.says(desk.number)
        assert PHONE not in owner.text
        (address,) = set(owner.links("/my/data/"))
        await owner.go(f"{address}/objection")
        await owner.send(f"{address}/objection", reason="为什么要看电话？")
        assert owner.path == address
        assert owner.says("主管应在 2026-11-26 18:00 前答复")
        await supervisor.sign_in("supervisor")
        await supervisor.go("/reveals?tab=unanswered")
        (objection,) = set(supervisor.links("/reveals/objections/"))
        await supervisor.go(objection)
        assert supervisor.says("为什么要看电话？")
        await supervisor.send(objection, outcome="upheld", explanation="查看没有必要，已提醒。")
        assert supervisor.says("异议已答复")
        await owner.go(address)
        assert owner.says("异议成立")
        assert owner.says("查看没有必要，已提醒。")
        assert owner.says("韦华")


async def test_those_who_watch_filter_the_list(visitor: Visitor, manager: Visitor, desk: RevealDesk) -> None:
    await show(manager, desk)
    await visitor.sign_in("auditor")
    await visitor.go("/reveals")
    assert visitor.says("林悦")
    # An auditor reads no ticket whole, so nothing leads there.
    assert f'href="/tickets/{desk.number}"' not in visitor.text
    await visitor.go(f"/reveals?viewer={desk.cast.service_agent.id}")
    assert visitor.says("没有符合条件的查看记录")
    await visitor.go("/reveals?since=2026-11-23&until=2026-11-23&ticket=" + desk.number)
    assert visitor.says("核实订单")
    await visitor.go("/reveals?until=2026-11-22")
    assert visitor.says("没有符合条件的查看记录")
    await visitor.go("/reveals?after=nonsense")
    assert visitor.status == 422


async def test_who_may_read_what(visitor: Visitor, desk: RevealDesk) -> None:
    expected = {
        "manager": (403, 404),
        "specialist": (403, 404),
        "finance": (403, 404),
        "executive": (403, 404),
        "supervisor": (200, 404),
        "auditor": (200, 404),
        "admin": (200, 404),
        "yunshan-owner": (404, 200),
        "yunshan-member": (404, 200),
    }
    found = {}
    for login in expected:
        await visitor.sign_in(login)
        agency, merchant = await visitor.go("/reveals"), await visitor.go("/my/data")
        found[login] = (agency.status_code, merchant.status_code)
        visitor.client.cookies.clear()
    assert found == expected


async def test_the_administrator_keeps_figures_and_purposes(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("admin")
    await visitor.go("/settings/reveals")
    assert visitor.value_of("per_hour") == "30"
    await visitor.send(
        "/settings/reveals",
        per_hour="12",
        shown_seconds="45",
        days_after_close="7",
        days_after_contract="0",
        answer_workdays="2",
    )
    assert visitor.says("查看规则已保存")
    assert visitor.value_of("per_hour") == "12"
    await visitor.go("/settings/reveals/purposes/new")
    await visitor.send("/settings/reveals/purposes/new", label="平台抽检")
    assert visitor.says("查看目的已添加")
    await visitor.send("/settings/reveals/purposes/claim/retire")
    assert visitor.says("停用“理赔”")
    await visitor.send("/settings/reveals", per_hour="0")
    assert visitor.status == 422
    visitor.client.cookies.clear()
    await visitor.sign_in("auditor")
    await visitor.go("/settings/reveals")
    assert visitor.says("平台抽检")
    assert 'name="per_hour"' not in visitor.text


async def test_a_decoy_is_planted_looks_real_and_tells_on_whoever_reveals_it(
    app: Litestar, desk: RevealDesk, database: Database
) -> None:
    async with Visitor(app) as admin, Visitor(app) as manager, Visitor(app) as auditor:
        await admin.sign_in("admin")
        await admin.go("/decoys/new")
        await admin.send("/decoys/new", ticket=desk.number, name="白素贞", phone="12", note="试探")
        assert admin.status == 422
        await admin.send("/decoys/new", ticket=desk.number, name="白素贞", phone="10000009999", note="试探")
        assert admin.says("诱饵记录已设置")
        await manager.sign_in("manager")
        await manager.go(f"/tickets/{desk.number}")
        assert manager.says("白*")
        assert not manager.says("诱饵")
        (record,) = set(manager.links(f"/tickets/{desk.number}/consumers/"))
        await manager.go(record)
        way = re.search(r'href="(/reveals/new[^"]*phone[^"]*)"', manager.text)
        assert way is not None
        await manager.go(unescape(way[1]))
        await manager.send(action_of(manager, "/reveals?"), purpose="claim")
        assert manager.says("10000009999")
        assert (await manager.go("/decoys")).status_code == 403

        async def alarmed() -> bool:
            await auditor.go("/decoys")
            return auditor.says("被查看")

        await auditor.sign_in("auditor")
        async with working(plan(database, ACTORS)):
            await until(alarmed)
        assert auditor.says("林悦")
        assert auditor.says("出现在列表中")
        assert 'href="/decoys/new"' not in auditor.text
        (lifting,) = set(re.findall(r'action="(/decoys/[0-9a-f-]+/lift)"', (await admin.go("/decoys")).text))
        await admin.send(lifting)
        assert admin.says("已停止监视")
