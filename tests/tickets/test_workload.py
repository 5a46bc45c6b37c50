"""What each of a team carries, as whoever leads it sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from anshou.people.errors import PermissionMissing
from anshou.people.roles import Department, Role
from anshou.people.teams import departments_led, team_of
from anshou.tickets.errors import DepartmentNotLed
from anshou.tickets.kinds import Kind, Urgency
from anshou.tickets.workload import Load, loads_of, most_pressing
from tests.cast import BOTH_DEPARTMENTS, staff
from tests.tickets.desk import Desk

OPERATIONS = (Department.OPERATIONS,)


async def dispatched(desk: Desk, **changes: object) -> str:
    """A ticket that the specialist has, in 业务部门."""
    number = (await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)).number
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "dispatch", department=Department.OPERATIONS, **changes)
    return number


async def test_each_carries_what_they_own_and_what_waits_for_the_merchant_weighs_nothing(desk: Desk) -> None:
    cast = desk.cast
    first = await dispatched(desk)
    await dispatched(desk, urgency=Urgency.URGENT)
    await dispatched(desk)
    await desk.act(cast.supervisor, "hold")
    await dispatched(desk)
    await desk.act(cast.supervisor, "release")
    await desk.act_as(cast.supervisor.context())
    loads = await loads_of(desk.session, OPERATIONS, by=cast.supervisor, at=desk.now)
    assert loads[cast.specialist.id] == Load(open=3, urgent=1, overdue=0, soon=0, awaiting=1, weight=3)
    assert loads[None] == Load(open=1, weight=1)
    later = await loads_of(desk.session, OPERATIONS, by=cast.supervisor, at=desk.now + timedelta(days=30))
    assert (later[cast.specialist.id].overdue, later[cast.specialist.id].soon) == (2, 0)
    cards = await most_pressing(desk.session, OPERATIONS, [cast.specialist.id], by=cast.supervisor, limit=2)
    # The urgent one is due first; the one on hold has no deadline and comes last.
    assert [card.urgency for card in cards[cast.specialist.id]] == [Urgency.URGENT, Urgency.NORMAL]
    assert cards[cast.specialist.id][1].number == first
    assert [card.owner_id for card in cards[None]] == [None]
    assert all(card.clock and card.warn_at for card in cards[cast.specialist.id])


async def test_a_limit_four_fifths_used_up_is_soon_and_not_overdue(desk: Desk) -> None:
    await dispatched(desk)
    cards = await most_pressing(desk.session, OPERATIONS, [desk.cast.specialist.id], by=desk.cast.supervisor, limit=1)
    (card,) = cards[desk.cast.specialist.id]
    assert card.warn_at
    loads = await loads_of(desk.session, OPERATIONS, by=desk.cast.supervisor, at=card.warn_at)
    assert (loads[desk.cast.specialist.id].soon, loads[desk.cast.specialist.id].overdue) == (1, 0)


async def test_only_whoever_leads_a_department_sees_its_board(desk: Desk) -> None:
    cast = desk.cast
    await dispatched(desk)
    await desk.act_as(cast.supervisor.context())
    with pytest.raises(DepartmentNotLed):
        await loads_of(desk.session, [Department.LOGISTICS], by=cast.supervisor, at=desk.now)
    with pytest.raises(DepartmentNotLed):
        await most_pressing(desk.session, [Department.LOGISTICS], [], by=cast.supervisor, limit=1)
    for person in (cast.specialist, cast.account_manager, cast.finance, cast.admin):
        with pytest.raises(PermissionMissing):
            await loads_of(desk.session, OPERATIONS, by=person, at=desk.now)
    assert departments_led(cast.supervisor) == BOTH_DEPARTMENTS
    assert departments_led(cast.executive) == tuple(Department)
    coordinating = replace(cast.supervisor, supervises=frozenset({Department.OPERATIONS_MANAGEMENT}))
    assert departments_led(coordinating) == tuple(Department)


async def test_what_nobody_has_dispatched_is_on_the_board_of_those_who_reach_it(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    desk_only = (Department.AFTER_SALES_SERVICE,)
    await desk.act_as(cast.executive.context())
    assert (await loads_of(desk.session, desk_only, by=cast.executive, at=desk.now))[None].open == 1
    leads_it = replace(cast.supervisor, supervises=frozenset(desk_only), departments=frozenset(desk_only))
    assert await loads_of(desk.session, desk_only, by=leads_it, at=desk.now) == {}


async def test_a_team_is_who_works_in_the_department_and_the_front_desk_is_one(desk: Desk) -> None:
    cast = desk.cast
    await desk.act_as(cast.admin.context())
    assert [member.name for member in await team_of(desk.session, OPERATIONS)] == ["唐磊", "韦华"]
    assert [member.leads for member in await team_of(desk.session, OPERATIONS)] == [False, True]
    await staff(desk.session, "陈思", "quality", Role.SPECIALIST, departments=(Department.QUALITY,))
    assert [member.name for member in await team_of(desk.session, [Department.QUALITY])] == ["陈思"]
    assert {member.name for member in await team_of(desk.session, [Department.AFTER_SALES_SERVICE])} == {"林悦", "周敏"}


async def test_giving_a_ticket_back_leaves_it_to_its_department(desk: Desk) -> None:
    cast = desk.cast
    await dispatched(desk)
    ticket = await desk.act(cast.supervisor, "release")
    assert (ticket.owner_id, ticket.department) == (None, Department.OPERATIONS)
    assert "claim" in await desk.open_to(cast.specialist)
    assert "release" not in await desk.open_to(cast.owner)
