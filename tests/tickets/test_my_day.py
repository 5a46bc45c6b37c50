"""Somebody's day: what is due of their own, what they have not read, what waits for them by the process."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from anshou.people.errors import PermissionMissing
from anshou.people.notices import leave_notices, mark_read
from anshou.people.person import Person
from anshou.people.roles import Department
from anshou.tickets.kinds import Kind, Urgency
from anshou.tickets.my_day import News, count_own, due_before, sort_of, unread_news
from anshou.tickets.waiting import MOST, Matter, waiting_for
from tenants.context import AGENCY
from tests.portal import stories
from tests.tickets.desk import Desk

SHANGHAI = ZoneInfo("Asia/Shanghai")
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


async def waits(desk: Desk, person: Person) -> dict[Matter, int]:
    """How much waits for the person."""
    await desk.act_as(person.context())
    return {one.matter: one.count for one in await waiting_for(desk.session, person, zone=SHANGHAI)}


async def test_what_is_due_is_my_own_by_deadline_and_nothing_beyond_the_day(desk: Desk) -> None:
    cast = desk.cast
    numbers = []
    for urgency in (Urgency.NORMAL, Urgency.URGENT):
        await stories.reported(desk)
        numbers.append(desk.number)
        await desk.act(cast.account_manager, "accept")
        await desk.act(cast.account_manager, "dispatch", urgency=urgency)
    await desk.act_as(cast.specialist.context())
    cards = await due_before(desk.session, cast.specialist, FOREVER, limit=10)
    assert [card.number for card in cards] == [numbers[1], numbers[0]]
    assert cards[0].clock
    assert cards[0].next_due_at
    only = await due_before(desk.session, cast.specialist, cards[0].next_due_at + timedelta(seconds=1), limit=10)
    assert [card.number for card in only] == [numbers[1]]
    assert await count_own(desk.session, cast.specialist) == 2
    await desk.act_as(cast.account_manager.context())
    assert await due_before(desk.session, cast.account_manager, FOREVER, limit=10) == []
    with pytest.raises(PermissionMissing):
        await due_before(desk.session, cast.finance, FOREVER, limit=10)


async def test_what_waits_goes_with_the_ticket_from_desk_to_department_to_supervisor(desk: Desk) -> None:
    cast = desk.cast
    await stories.reported(desk)
    assert await waits(desk, cast.account_manager) == {Matter.ACCEPT: 1}
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", department=Department.OPERATIONS)
    assert await waits(desk, cast.account_manager) == {}
    assert await waits(desk, cast.specialist) == {Matter.ANALYSE: 1}
    await desk.act(cast.specialist, "conclude_analysis")
    assert await waits(desk, cast.specialist) == {Matter.PLAN: 1}
    await desk.act(cast.specialist, "submit_plan")
    assert await waits(desk, cast.specialist) == {}
    assert await waits(desk, cast.supervisor) == {Matter.REVIEW_PLAN: 1}
    # The executive may review it too, but nobody waits for them.
    assert await waits(desk, cast.executive) == {}
    await desk.act(cast.supervisor, "approve_plan")
    assert await waits(desk, cast.supervisor) == {}
    await desk.act(cast.owner, "accept_plan")
    assert await waits(desk, cast.specialist) == {Matter.MEASURE: 2}
    await stories.carried_out(desk)
    assert await waits(desk, cast.specialist) == {}
    await desk.act(cast.owner, "rate")
    assert await waits(desk, cast.account_manager) == {Matter.VISIT: 1}
    await desk.act(cast.account_manager, "return_visit")
    assert await waits(desk, cast.account_manager) == {}


async def test_what_has_risen_waits_for_its_level(desk: Desk) -> None:
    cast = desk.cast
    await stories.reported(desk)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", department=Department.OPERATIONS)
    await desk.act(cast.account_manager, "escalate")
    assert (await waits(desk, cast.supervisor))[Matter.DECIDE_ESCALATION] == 1
    assert Matter.DECIDE_ESCALATION not in await waits(desk, cast.executive)
    await desk.act(cast.account_manager, "escalate")
    assert Matter.DECIDE_ESCALATION not in await waits(desk, cast.supervisor)
    assert (await waits(desk, cast.executive))[Matter.DECIDE_ESCALATION] == 1


async def test_an_objection_waits_for_the_supervisor_until_it_is_reviewed(desk: Desk) -> None:
    await stories.awaiting_plan_word(desk)
    await desk.act(desk.cast.owner, "object_to_determination")
    assert (await waits(desk, desk.cast.supervisor))[Matter.REVIEW_OBJECTION] == 1
    await desk.act(desk.cast.supervisor, "review_determination")
    assert Matter.REVIEW_OBJECTION not in await waits(desk, desk.cast.supervisor)


async def test_an_agreement_waits_for_a_signature_and_then_for_its_duties(desk: Desk) -> None:
    cast = desk.cast
    await stories.to_be_signed(desk)
    assert Matter.SIGN not in await waits(desk, cast.supervisor)
    await desk.act(cast.owner, "sign_for_merchant")
    assert await waits(desk, cast.supervisor) == {Matter.SIGN: 1}
    await desk.act(cast.executive, "sign_for_agency")
    owner = (await desk.ticket(cast.executive)).owner_id
    (carrier,) = (person for person in (cast.specialist, cast.account_manager) if person.id == owner)
    assert (await waits(desk, carrier))[Matter.OBLIGATION] >= 1


async def test_counts_end_and_only_the_first_are_named(desk: Desk) -> None:
    for _ in range(6):
        await stories.reported(desk)
    await desk.act_as(desk.cast.account_manager.context())
    (one,) = await waiting_for(desk.session, desk.cast.account_manager, zone=SHANGHAI)
    assert (one.count, len(one.first)) == (6, 4)
    assert one.count < MOST


async def test_news_is_a_line_a_ticket_until_it_is_looked_at(desk: Desk) -> None:
    cast = desk.cast
    await stories.reported(desk)
    ticket = await desk.ticket(cast.account_manager)
    for event, minutes in (("message", 1), ("message", 2), ("assigned", 3)):
        await leave_notices(
            desk.session,
            [cast.account_manager.id],
            source=uuid4(),
            event=event,
            subject_id=ticket.id,
            number=ticket.number,
            at=desk.now + timedelta(minutes=minutes),
        )
    told = await unread_news(desk.session, cast.account_manager)
    assert [(one.sort, one.count) for one in told] == [(News.ANSWERED, 2)]
    assert told[0].at == desk.now + timedelta(minutes=2)
    assert await unread_news(desk.session, cast.service_agent) == []
    await mark_read(desk.session, cast.account_manager, subject_id=ticket.id, at=desk.now)
    assert await unread_news(desk.session, cast.account_manager) == []


def test_every_move_of_a_merchant_is_an_answer() -> None:
    answers = ("message", "accept_plan", "reject_plan", "rate", "sign_for_merchant", "withdraw", "reopen")
    assert {sort_of(event) for event in answers} == {News.ANSWERED}
    assert sort_of("assigned") is News.GIVEN
    assert sort_of("no event of ours") is News.OTHER


async def test_what_is_told_of_a_ticket_out_of_reach_has_no_title(desk: Desk) -> None:
    """Somebody who lost a merchant still has the notice, and nothing of the ticket."""
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.service_agent)
    ticket = await desk.ticket(cast.service_agent)
    await desk.act_as(AGENCY)
    await leave_notices(
        desk.session,
        [cast.specialist.id],
        source=uuid4(),
        event="message",
        subject_id=ticket.id,
        number=ticket.number,
        at=desk.now,
    )
    await desk.act_as(cast.specialist.context())
    assert await unread_news(desk.session, cast.specialist) == []
