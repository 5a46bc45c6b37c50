"""Notices in the portal: the bell counts them, they lead to their ticket, and looking at it reads them."""

from uuid import UUID, uuid4

import pytest
from litestar import Litestar

from anshou.people.notices import leave_notices
from anshou.people.roles import Role
from anshou.people.serving import Place, add_places
from anshou.tickets.reach import visible_ticket
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal import stories
from tests.portal.clock import TestClock
from tests.portal.stories import Stories
from tests.portal.visitor import Visitor


@pytest.fixture
async def number(tenants: Tenants, tenant: Tenant, anhe: Anhe, clock: TestClock) -> str:
    """A plan of 云杉's awaits its owner, who was told so."""
    number = await Stories(tenants, tenant, anhe, clock).tell(stories.awaiting_plan_word)
    await leave(tenants, tenant, anhe, number, clock)
    return number


async def leave(tenants: Tenants, tenant: Tenant, anhe: Anhe, number: str, clock: TestClock) -> UUID:
    """Leave a notice to 云杉's owner, and one to the account manager; answers the owner's."""
    async with tenants.session(tenant, AGENCY) as session:
        ticket = await visible_ticket(session, anhe.executive, number)
        told = {"source": uuid4(), "subject_id": ticket.id, "number": number, "at": clock.now}
        left = await leave_notices(
            session, [anhe.owner.id], event="approve_plan", acting_for=ticket.merchant_id, **told
        )
        await leave_notices(session, [anhe.account_manager.id], event="message", **told)
        return left[0].id


async def test_the_bell_counts_and_the_notice_leads_to_its_ticket(
    visitor: Visitor, anhe: Anhe, number: str, app: Litestar
) -> None:
    await visitor.sign_in("yunshan-owner")
    assert '<b id="n-notices" hx-swap-oob="innerHTML">1<' in (await visitor.client.get("/counts")).text
    await visitor.go("/notices")
    assert visitor.says("请确认处理方案")
    assert visitor.says("1 条未读")
    [address] = set(visitor.links("/notices/"))
    await visitor.go(address)
    assert visitor.path == f"/my/tickets/{number}"
    assert '<b id="n-notices" hx-swap-oob="innerHTML"></b>' in (await visitor.client.get("/counts")).text
    async with Visitor(app) as manager:
        await manager.sign_in("manager")
        await manager.go("/notices")
        assert manager.says("有新的消息")
        [address] = set(manager.links("/notices/"))
        await manager.go(address)
        assert manager.path == f"/tickets/{number}"


async def test_all_are_read_at_once(visitor: Visitor, anhe: Anhe, number: str) -> None:
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/notices")
    await visitor.send("/notices/read")
    assert not visitor.says("未读")
    assert visitor.says(number)


async def test_a_notice_is_nobody_elses(
    visitor: Visitor, tenants: Tenants, tenant: Tenant, anhe: Anhe, number: str, clock: TestClock
) -> None:
    notice = await leave(tenants, tenant, anhe, number, clock)
    await visitor.sign_in("yunshan-member")
    await visitor.go(f"/notices/{notice}")
    assert visitor.status == 404
    await visitor.go("/notices")
    assert visitor.says("还没有通知")


async def test_a_notice_of_another_merchant_asks_to_act_for_it_first(
    visitor: Visitor, tenants: Tenants, tenant: Tenant, anhe: Anhe, number: str, clock: TestClock
) -> None:
    notice = await leave(tenants, tenant, anhe, number, clock)
    async with tenants.session(tenant, AGENCY) as session:
        place = Place(merchant_id=anhe.qinghe.id, role=Role.MERCHANT_OWNER)
        add_places(session, anhe.owner.id, [place], admitted_by=None, at=clock.now)
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/account/acting-for")
    await visitor.send("/account/acting-for", merchant=str(anhe.qinghe.id))
    await visitor.go(f"/notices/{notice}")
    assert visitor.says("属于您的另一家商家“云杉户外”")
    await visitor.send(f"/notices/{notice}")
    assert visitor.path == f"/my/tickets/{number}"


async def test_the_bell_of_somebody_signed_out_stays_silent(visitor: Visitor, anhe: Anhe) -> None:
    assert (await visitor.client.get("/counts")).status_code == 204


async def test_a_broken_place_is_refused(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("yunshan-owner")
    await visitor.go("/notices?after=x")
    assert visitor.status == 422
