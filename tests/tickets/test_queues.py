"""Queues: who finds which tickets, in which order, and what the tabs and filters hold."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from anshou.people.errors import PermissionMissing
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.categories import Category
from anshou.tickets.errors import CursorInvalid, TicketNotFound
from anshou.tickets.kinds import Channel, Clock, EscalationLevel, Kind, Severity, Urgency
from anshou.tickets.opening import open_ticket
from anshou.tickets.queue_filters import NO_FILTERS, Filters, Rated
from anshou.tickets.queue_orders import Cursor, Order, Sort
from anshou.tickets.queue_tabs import Tab, order_of, sorts_of, tabs_of
from anshou.tickets.queues import count_tabs, count_tickets, list_tickets, numbers_of
from anshou.tickets.reach import visible_ticket
from tests.tickets.desk import Desk
from tests.tickets.samples import report


async def numbers(desk: Desk, person: Person, tab: Tab, filters: Filters = NO_FILTERS) -> list[str]:
    await desk.act_as(person.context())
    page = await list_tickets(desk.session, person, tab, filters, at=desk.now)
    return [line.number for line in page.lines]


async def of_qinghe(desk: Desk) -> str:
    """A ticket of the merchant whom only the service agent serves."""
    agent = desk.cast.service_agent
    await desk.act_as(agent.context())
    stated = report(Kind.SERVICE_QUALITY, merchant=desk.cast.qinghe.id, channel=Channel.PHONE)
    return (await open_ticket(desk.session, stated, by=agent, at=desk.now)).number


async def test_the_front_desk_finds_the_tickets_of_its_merchants_only(desk: Desk) -> None:
    ours = (await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)).number
    theirs = await of_qinghe(desk)
    assert set(await numbers(desk, desk.cast.service_agent, Tab.ALL)) == {ours, theirs}
    assert await numbers(desk, desk.cast.account_manager, Tab.ALL) == [ours]
    with pytest.raises(TicketNotFound):
        await visible_ticket(desk.session, desk.cast.account_manager, theirs)


async def test_whoever_also_works_in_a_department_still_finds_only_what_either_role_reaches(desk: Desk) -> None:
    """Row-level security lets them through for the department's sake; the front desk's limits hold by the query."""
    theirs = await of_qinghe(desk)
    both = replace(desk.cast.account_manager, roles=frozenset({Role.ACCOUNT_MANAGER, Role.SPECIALIST}))
    both = replace(both, departments=frozenset({Department.LOGISTICS}))
    assert both.context().scope == "agency"
    assert await numbers(desk, both, Tab.ALL) == []
    with pytest.raises(TicketNotFound):
        await visible_ticket(desk.session, both, theirs)


async def test_a_merchant_finds_its_own_tickets_only(desk: Desk) -> None:
    ours = (await desk.open(Kind.SERVICE_QUALITY, desk.cast.account_manager)).number
    theirs = await of_qinghe(desk)
    assert await numbers(desk, desk.cast.member, Tab.OPEN) == [ours]
    assert await numbers(desk, desk.cast.other_owner, Tab.OPEN) == [theirs]


async def test_a_department_finds_what_it_carries_and_what_it_carried(desk: Desk) -> None:
    cast = desk.cast
    number = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    assert await numbers(desk, cast.specialist, Tab.ALL) == []
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", department=Department.OPERATIONS)
    assert await numbers(desk, cast.specialist, Tab.ALL) == [number]
    await desk.act(cast.specialist, "hand_over", department=Department.QUALITY)
    only_operations = replace(cast.supervisor, departments=frozenset({Department.OPERATIONS}))
    elsewhere = replace(cast.supervisor, departments=frozenset({Department.LOGISTICS}))
    assert await numbers(desk, only_operations, Tab.ALL) == [number]
    assert await numbers(desk, elsewhere, Tab.ALL) == []
    coordinating = replace(cast.supervisor, departments=frozenset({Department.OPERATIONS_MANAGEMENT}))
    assert await numbers(desk, coordinating, Tab.ALL) == [number]


async def test_whoever_opened_a_ticket_goes_on_finding_it(desk: Desk) -> None:
    specialist = desk.cast.specialist
    number = (await desk.open(Kind.DATA_ANOMALY, specialist)).number
    assert await numbers(desk, specialist, Tab.ALL) == [number]
    assert "dispatch" in await desk.open_to(specialist)


async def test_finance_and_the_auditor_read_summaries_and_no_ticket(desk: Desk) -> None:
    number = (await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)).number
    for person in (desk.cast.finance, desk.cast.auditor):
        assert await numbers(desk, person, Tab.ALL) == [number]
        with pytest.raises(PermissionMissing):
            await visible_ticket(desk.session, person, number)
    with pytest.raises(PermissionMissing):
        await numbers(desk, desk.cast.admin, Tab.ALL)
    assert not allows(desk.cast.admin, Permission.READ_TICKET_SUMMARY)


async def test_open_tickets_come_by_next_deadline_and_pages_neither_repeat_nor_skip(desk: Desk) -> None:
    cast = desk.cast
    opened = []
    for minutes, urgency in ((0, Urgency.NORMAL), (60, Urgency.URGENT), (30, Urgency.NORMAL), (90, Urgency.NORMAL)):
        at = desk.now + timedelta(minutes=minutes)
        await desk.act_as(cast.owner.context())
        ticket = await open_ticket(
            desk.session, report(Kind.SERVICE_QUALITY, at, urgency=urgency), by=cast.owner, at=at
        )
        opened.append((ticket.next_due_at, ticket.number))
    # One waits for the merchant: it has no deadline and comes last.
    await desk.act_as(cast.account_manager.context())
    desk.number = opened[0][1]
    await desk.act(cast.account_manager, "accept")
    held = await desk.act(cast.account_manager, "hold")
    assert held.next_due_at is None
    in_order = [number for _, number in sorted(opened[1:])] + [opened[0][1]]
    assert await numbers(desk, cast.account_manager, Tab.OPEN) == in_order
    found: list[str] = []
    after = None
    while True:
        page = await list_tickets(desk.session, cast.account_manager, Tab.OPEN, at=desk.now, after=after, limit=1)
        found += [line.number for line in page.lines]
        after = page.after
        if after is None:
            break
        assert Cursor.read(str(after)) == after
    assert found == in_order


async def test_tabs_hold_what_they_say_and_are_counted(desk: Desk) -> None:
    cast = desk.cast
    first = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    second = (await desk.open(Kind.CONTRACT_DISPUTE, cast.account_manager)).number
    assert await numbers(desk, cast.account_manager, Tab.MINE) == [second]
    assert await numbers(desk, cast.account_manager, Tab.UNASSIGNED) == [first]
    assert await numbers(desk, cast.account_manager, Tab.OVERDUE) == []
    # The merchant reported through the portal: ten minutes of service hours to answer.
    desk.now += timedelta(minutes=9)
    assert await numbers(desk, cast.account_manager, Tab.ABOUT_TO_BREACH) == [first]
    assert (await count_tabs(desk.session, cast.account_manager, at=desk.now))[Tab.ABOUT_TO_BREACH] == 1
    desk.now += timedelta(minutes=2)
    assert await numbers(desk, cast.account_manager, Tab.ABOUT_TO_BREACH) == []
    assert await numbers(desk, cast.account_manager, Tab.OVERDUE) == [first]
    counts = await count_tabs(desk.session, cast.account_manager, at=desk.now)
    assert counts == {
        Tab.MINE: 1,
        Tab.UNASSIGNED: 1,
        Tab.AWAITING_CUSTOMER: 0,
        Tab.ABOUT_TO_BREACH: 0,
        Tab.OVERDUE: 1,
        Tab.OPEN: 2,
    }
    await desk.act(cast.owner, "withdraw")
    assert await numbers(desk, cast.owner, Tab.CLOSED) == [second]
    assert await count_tabs(desk.session, cast.owner, at=desk.now) == {Tab.AWAITING_CUSTOMER: 0, Tab.OPEN: 1}


async def test_filters_narrow(desk: Desk) -> None:
    cast, begun = desk.cast, desk.now
    service = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    anomaly = (await desk.open(Kind.DATA_ANOMALY, cast.owner, urgency=Urgency.URGENT)).number
    await desk.act(cast.account_manager, "escalate")

    async def found(**filters: object) -> list[str]:
        return await numbers(desk, cast.account_manager, Tab.OPEN, Filters(**filters))  # type: ignore[arg-type]

    assert await found(kind=Kind.DATA_ANOMALY) == [anomaly]
    assert await found(urgency=Urgency.NORMAL) == [service]
    assert await found(step="detected") == [anomaly]
    assert await found(escalated=True) == [anomaly]
    assert await found(escalated=False) == [service]
    assert await found(text=service.lower()) == [service]
    assert await found(text="访客数") == [anomaly]
    assert await found(text="100%_") == []
    assert set(await found(shop=cast.yunshan.shop_id)) == {service, anomaly}
    assert await found(owner=cast.specialist.id) == []
    assert set(await found(owned=False)) == {service, anomaly}
    assert await found(owned=True) == []
    assert await found(channel=Channel.PHONE) == []
    assert set(await found(channel=Channel.PORTAL)) == {service, anomaly}
    assert await found(level=EscalationLevel.SUPERVISOR) == [anomaly]
    assert await found(level=EscalationLevel.EXECUTIVE) == []
    assert await found(confidential=True) == []
    assert set(await found(again=False)) == {service, anomaly}
    assert await found(again=True) == []
    assert set(await found(rated=Rated.NOT_RATED)) == {service, anomaly}
    assert await found(rated=Rated.SATISFIED) == []
    assert await found(overdue=Clock.PLAN_SUBMISSION) == []
    day = timedelta(days=1)
    assert set(await found(opened_since=begun, opened_before=begun + day)) == {service, anomaly}
    assert await found(opened_since=begun + day) == []
    assert await found(opened_before=begun) == []
    assert await found(updated_before=begun - day) == []
    assert await found(due_before=begun - day) == []
    assert await found(closed_since=begun - day) == []


async def test_what_was_dispatched_is_found_by_category_severity_and_hold(desk: Desk) -> None:
    cast = desk.cast
    number = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", severity=Severity.MAJOR, category=Category.PAGE_DESIGN)

    async def found(**filters: object) -> list[str]:
        return await numbers(desk, cast.supervisor, Tab.OPEN, Filters(**filters))  # type: ignore[arg-type]

    assert await found(severity=Severity.MAJOR) == [number]
    assert await found(severity=Severity.MINOR) == []
    assert await found(category=Category.PAGE_DESIGN) == [number]
    assert await found(category=Category.TRAFFIC) == []
    assert await found(on_hold=True) == []
    await desk.act(cast.account_manager, "hold")
    assert await found(on_hold=True) == [number]
    assert await found(on_hold=False) == []


async def test_a_missed_limit_is_found_by_its_name_before_and_after_the_ticket_is_answered(desk: Desk) -> None:
    cast = desk.cast
    number = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    desk.now += timedelta(hours=2)
    late = Filters(overdue=Clock.FIRST_RESPONSE)
    assert await numbers(desk, cast.account_manager, Tab.OPEN, late) == [number]
    assert await numbers(desk, cast.account_manager, Tab.OPEN, Filters(overdue=Clock.PLAN_SUBMISSION)) == []
    await desk.act(cast.account_manager, "accept", message="已收到")
    assert await numbers(desk, cast.account_manager, Tab.ALL, late) == [number]


async def test_whoever_reads_summaries_alone_learns_nothing_of_the_inside_by_a_filter(desk: Desk) -> None:
    cast = desk.cast
    number = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    await desk.act(cast.account_manager, "escalate")
    for inside in (Filters(escalated=False), Filters(severity=Severity.MAJOR), Filters(confidential=True)):
        assert await numbers(desk, cast.finance, Tab.OPEN, inside) == [number]
        assert await numbers(desk, cast.account_manager, Tab.OPEN, inside) == []
        assert await numbers(desk, cast.owner, Tab.OPEN, inside) == [number]


async def test_departments_and_supervisors_have_tabs_of_their_own(desk: Desk) -> None:
    cast = desk.cast
    number = (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number
    assert Tab.DEPARTMENT not in tabs_of(cast.account_manager)
    assert {Tab.DEPARTMENT, Tab.TEAM, Tab.ESCALATED} <= {*tabs_of(cast.supervisor)}
    assert Tab.TEAM not in tabs_of(cast.specialist)
    assert Tab.ESCALATED in tabs_of(cast.executive)
    assert await numbers(desk, cast.supervisor, Tab.DEPARTMENT) == []
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", department=Department.OPERATIONS, owner=cast.specialist.id)
    assert await numbers(desk, cast.specialist, Tab.DEPARTMENT) == [number]
    assert await numbers(desk, cast.supervisor, Tab.TEAM) == [number]
    assert await numbers(desk, cast.supervisor, Tab.ESCALATED) == []
    await desk.act(cast.specialist, "escalate")
    assert await numbers(desk, cast.supervisor, Tab.ESCALATED) == [number]
    elsewhere = replace(cast.supervisor, supervises=frozenset({Department.LOGISTICS}))
    assert await numbers(desk, elsewhere, Tab.ESCALATED) == []
    assert await numbers(desk, elsewhere, Tab.TEAM) == []
    assert await numbers(desk, cast.executive, Tab.ESCALATED) == []
    await desk.act(cast.supervisor, "escalate")
    assert await numbers(desk, cast.executive, Tab.ESCALATED) == [number]
    assert await numbers(desk, cast.supervisor, Tab.ESCALATED) == []
    # Whoever has no such tab finds nothing in it.
    assert await numbers(desk, cast.account_manager, Tab.TEAM) == []


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("tab", [Tab.OPEN, Tab.CLOSED, Tab.ALL])
async def test_every_order_pages_without_repeating_or_skipping(desk: Desk, tab: Tab, falling: bool) -> None:
    cast = desk.cast
    for minutes in (0, 7, 7, 3, 0):
        desk.now += timedelta(minutes=minutes)
        await desk.open(Kind.SERVICE_QUALITY, cast.owner)
        if tab is Tab.CLOSED:
            await desk.act(cast.owner, "withdraw")
    await desk.act_as(cast.account_manager.context())
    for sort in sorts_of(tab):
        found: list[str] = []
        keys: list[datetime | None] = []
        after = None
        while True:
            page = await list_tickets(
                desk.session,
                cast.account_manager,
                tab,
                at=desk.now,
                order=Order(sort, falling),
                after=after and Cursor.read(str(after)),
                limit=2,
            )
            found += [line.number for line in page.lines]
            keys += [Order(sort).cursor(line).key for line in page.lines]
            after = page.after
            if after is None:
                break
        assert len(found) == len({*found}) == 5, sort
        known = [key for key in keys if key is not None]
        assert known == sorted(known, reverse=falling), sort


def test_an_order_that_a_tab_does_not_have_is_its_usual_one() -> None:
    assert order_of(Tab.ALL, Order(Sort.DUE)) == Order(Sort.OPENED, falling=True)
    assert order_of(Tab.OPEN, Order(Sort.CLOSED)) == Order(Sort.DUE)
    assert order_of(Tab.CLOSED, Order(Sort.OPENED)) == Order(Sort.OPENED)
    assert Order.find("-opened") == Order(Sort.OPENED, falling=True)
    assert Order.find("nothing") is None


async def test_a_count_and_the_numbers_are_those_of_the_list(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    urgent = (await desk.open(Kind.DATA_ANOMALY, cast.owner, urgency=Urgency.URGENT)).number
    await of_qinghe(desk)
    await desk.act_as(cast.account_manager.context())
    only = Filters(urgency=Urgency.URGENT)
    manager, at = cast.account_manager, desk.now
    assert await count_tickets(desk.session, manager, Tab.OPEN, at=at) == 2
    assert await count_tickets(desk.session, manager, Tab.OPEN, only, at=at) == 1
    assert await numbers_of(desk.session, manager, Tab.OPEN, only, at=at, limit=10) == [urgent]
    assert len(await numbers_of(desk.session, manager, Tab.OPEN, at=at, limit=1)) == 1


async def test_a_merchants_lines_hold_nothing_internal(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "escalate")
    await desk.act_as(desk.cast.owner.context())
    page = await list_tickets(desk.session, desk.cast.owner, Tab.OPEN, at=desk.now)
    assert [(line.severity, line.level) for line in page.lines] == [(None, None)]


@pytest.mark.parametrize("text", ["", "~", "x~y", "2026-11-23T02:00:00~0198", "2026-11-23T02:00:00~" + "0" * 32])
def test_a_cursor_that_no_page_gave_is_refused(text: str) -> None:
    with pytest.raises(CursorInvalid):
        Cursor.read(text)
