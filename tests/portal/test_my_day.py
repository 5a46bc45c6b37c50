"""My day over HTTP: the page a day begins with, and that each line leads to where the thing is done."""

import re

import pytest

from anshou.people.roles import Department
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe
from tests.portal.clock import TestClock
from tests.portal.stories import Stories, awaiting_rating, reported
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk


@pytest.fixture
async def told(tenants: Tenants, tenant: Tenant, anhe: Anhe, clock: TestClock) -> Stories:
    return Stories(tenants, tenant, anhe, clock)


async def given(desk: Desk) -> None:
    """The specialist has it."""
    await reported(desk)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "dispatch", department=Department.OPERATIONS)


async def to_visit(desk: Desk) -> None:
    """The merchant is satisfied; a return visit is owed."""
    await awaiting_rating(desk)
    await desk.act(desk.cast.owner, "rate")


@pytest.mark.parametrize("login", ["manager", "agent", "specialist", "supervisor"])
async def test_a_day_begins_here_and_is_pleasant_when_nothing_waits(visitor: Visitor, anhe: Anhe, login: str) -> None:
    await visitor.sign_in(login)
    assert visitor.path == "/my-day"
    assert visitor.says("都安排妥当了")
    assert visitor.says("早上好")


async def test_what_is_due_stands_by_its_hour_and_what_is_late_before_it(
    visitor: Visitor, told: Stories, clock: TestClock
) -> None:
    number = await told.tell(given)
    clock.forward(days=3)
    await visitor.sign_in("specialist")
    assert visitor.says("已超时")
    assert f'href="/tickets/{number}"' in visitor.text
    assert visitor.says("待分析")


async def test_a_return_visit_leads_to_its_form(visitor: Visitor, told: Stories) -> None:
    number = await told.tell(to_visit)
    await visitor.sign_in("manager")
    assert visitor.says("待回访")
    address = f"/tickets/{number}/moves/return_visit"
    assert f'href="{address}"' in visitor.text
    await visitor.go(address)
    assert visitor.status == 200


async def test_all_of_a_matter_is_a_queue_that_narrows_to_it(visitor: Visitor, told: Stories) -> None:
    numbers = [await told.tell(reported) for _ in range(6)]
    await visitor.sign_in("manager")
    assert visitor.says("待受理")
    found = re.search(r'href="(/tickets\?[^"]*status=pending[^"]*)"', visitor.text)
    assert found
    await visitor.go(found[1].replace("&amp;", "&"))
    assert all(number in visitor.text for number in numbers)


async def test_it_comes_again_only_when_something_changed(visitor: Visitor, told: Stories) -> None:
    await told.tell(reported)
    await visitor.sign_in("manager")
    seen = visitor.value_of("seen")
    await visitor.go(f"/my-day/now?seen={seen}")
    assert visitor.status == 204
    number = await told.tell(reported)
    await visitor.go(f"/my-day/now?seen={seen}")
    assert visitor.status == 200
    assert number in visitor.text
    assert "<html" not in visitor.text


@pytest.mark.parametrize("login", ["finance", "admin", "auditor", "yunshan-owner"])
async def test_who_works_on_no_ticket_has_no_such_day(visitor: Visitor, told: Stories, login: str) -> None:
    number = await told.tell(reported)
    await visitor.sign_in(login)
    assert visitor.path != "/my-day"
    for address in ("/my-day", "/my-day/now"):
        await visitor.go(address)
        assert visitor.status in (403, 404)
        assert number not in visitor.text
