"""The first steps of a new agency: read from what there is, so each is done by doing it."""

from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.first_steps.steps import OwnSignIn, Step, read_steps
from anshou.merchants.shops import Platform
from anshou.people.errors import PermissionMissing
from anshou.people.roles import Department, Role
from anshou.tickets.kinds import Kind
from tests import cast
from tests.cast import NOW, Anhe
from tests.conftest import ActAs
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk

OWN = OwnSignIn(enrolled=False, codes_left=0)


async def done(session: AsyncSession, by: cast.Person) -> set[Step]:
    return {step for step, found in (await read_steps(session, by=by, at=NOW, own=OWN)).items() if found.is_done}


async def test_an_agency_of_one_has_everything_before_it(session: AsyncSession) -> None:
    admin = await cast.staff(session, "许静", "admin", Role.AGENCY_ADMIN)
    assert await done(session, admin) == {Step.CALENDAR}
    found = await read_steps(session, by=admin, at=NOW)
    assert Step.RECOVERY not in found
    assert not found[Step.SERVED].is_done, "of no merchant nothing is true"


async def test_each_step_is_done_by_doing_it(session: AsyncSession, act_as: ActAs) -> None:
    admin = await cast.staff(session, "许静", "admin", Role.AGENCY_ADMIN)
    merchant = await cast.merchant(session, "云杉户外", Platform.TMALL, valid_from=date(2026, 1, 1), by=admin)
    assert await done(session, admin) == {Step.CALENDAR, Step.MERCHANT, Step.CONTRACT, Step.LIMITS}
    found = await read_steps(session, by=admin, at=NOW)
    assert found[Step.SERVED].missing == ("云杉户外",)
    await cast.staff(session, "林悦", "manager", Role.ACCOUNT_MANAGER, merchants=(merchant.id,))
    assert {Step.PEOPLE, Step.SERVED} <= await done(session, admin)
    await cast.staff(session, "唐磊", "specialist", Role.SPECIALIST, departments=(Department.OPERATIONS,))
    found = await read_steps(session, by=admin, at=NOW)
    assert found[Step.HEADS].missing == (Department.OPERATIONS.label,)
    await cast.staff(session, "韦华", "supervisor", Role.SUPERVISOR, departments=(Department.OPERATIONS,))
    await cast.staff(session, "邹宁", "second", Role.AGENCY_ADMIN)
    await cast.of_merchant(session, "云飞", "owner", merchant.id, Role.MERCHANT_OWNER)
    now = await done(session, admin)
    assert {Step.HEADS, Step.SECOND_ADMIN, Step.CUSTOMERS} <= now
    assert set(Step) - now == {Step.RECOVERY, Step.CHANNELS, Step.IMPORT, Step.TICKET}
    own = OwnSignIn(enrolled=True, codes_left=10)
    assert (await read_steps(session, by=admin, at=NOW, own=own))[Step.RECOVERY].is_done
    # Another merchant without a contract or anybody who serves it: what was done is open again.
    await cast.merchant(session, "青禾食品", Platform.JD, valid_from=date(2027, 1, 1), by=admin)
    assert {Step.CONTRACT, Step.SERVED}.isdisjoint(await done(session, admin))


async def test_the_first_ticket_is_the_last_step(session: AsyncSession, act_as: ActAs) -> None:
    anhe = await cast.settle(session)
    desk = Desk(session, act_as, anhe)
    await desk.open(Kind.SERVICE_QUALITY, anhe.owner)
    await act_as(anhe.admin.context())
    assert Step.TICKET in await done(session, anhe.admin)
    with pytest.raises(PermissionMissing):
        await read_steps(session, by=anhe.account_manager, at=NOW)


async def test_the_administrator_begins_here_until_it_is_put_away(visitor: Visitor, anhe: Anhe) -> None:
    await visitor.sign_in("admin")
    assert visitor.path == "/first-steps"
    assert visitor.says("下一步")
    assert visitor.says("还缺：青禾食品")
    await visitor.go("/first-steps/left")
    assert visitor.says("还有")
    await visitor.go("/first-steps")
    await visitor.send("/first-steps/dismiss")
    assert visitor.path == "/people"
    await visitor.go("/first-steps/left")
    assert visitor.status == 204
    await visitor.go("/")
    assert visitor.path != "/first-steps"
    await visitor.go("/first-steps")
    await visitor.send("/first-steps/show")
    await visitor.go("/")
    assert visitor.path == "/first-steps"


async def test_every_step_leads_to_a_page_that_there_is(visitor: Visitor, anhe: Anhe) -> None:
    from anshou.portal.first_steps.places import WAYS

    assert set(WAYS) == set(Step)
    await visitor.sign_in("admin")
    for address in sorted({way.address for way in WAYS.values() if way.address}):
        await visitor.go(address)
        assert visitor.status == 200, address


@pytest.mark.parametrize("login", ["manager", "supervisor", "executive", "auditor", "yunshan-owner"])
async def test_nobody_else_is_asked_to_set_anything_up(visitor: Visitor, anhe: Anhe, login: str) -> None:
    await visitor.sign_in(login)
    assert visitor.path != "/first-steps"
    for address in ("/first-steps", "/first-steps/left"):
        await visitor.go(address)
        assert visitor.status in (403, 404)
