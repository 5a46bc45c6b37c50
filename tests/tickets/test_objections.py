"""A merchant objects to a determination, and the next level reviews it (domain.md section 6)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from anshou.people.agency import AgencySettings, change_settings
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.tickets.clocks.running import clocks_of
from anshou.tickets.determinations import Determination
from anshou.tickets.errors import (
    AttachmentNotFound,
    DeterminationReviewedByAuthor,
    MoveNotOpen,
    MoveNotYours,
    RecordInvalid,
    TicketChanged,
    TicketNotFound,
)
from anshou.tickets.kinds import Clock, EscalationLevel, Kind, Side
from anshou.tickets.moving import make_move
from anshou.tickets.objecting import ReviewOutcome
from anshou.tickets.objections import DeterminationReview, Responsibility, find_responsibility, under_objection
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.reading import read_timeline
from anshou.tickets.rules import rules_at
from billing.parties import Party
from billing.responsibility import Determination as Stated
from billing.shares import Share
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW, heard, report, sample

OBJECT, REVIEW, FINALLY = "object_to_determination", "review_determination", "review_determination_finally"
MERCHANT_BEARS = Stated(
    shares=(Share(party=Party.MERCHANT, basis_points=10_000),), basis="商家确认稿有误", clause="8.3"
)
UPHELD: dict[str, Any] = {"outcome": ReviewOutcome.UPHELD, "responsibility": None}


async def determined(desk: Desk) -> None:
    """The department says that the merchant is responsible."""
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis", responsibility=MERCHANT_BEARS)


async def objected(desk: Desk) -> None:
    await determined(desk)
    await desk.act(desk.cast.owner, OBJECT)


async def standing(desk: Desk, person: Person) -> Responsibility:
    ticket = await desk.ticket(person)
    found = await find_responsibility(desk.session, ticket, await rules_at(desk.session, desk.now))
    assert found is not None
    return found


async def bears(desk: Desk) -> dict[Party, int]:
    return {one.party: one.basis_points for one in (await standing(desk, desk.cast.owner)).shares}


async def test_the_merchant_reads_who_is_responsible_on_what_basis_and_until_when_to_object(desk: Desk) -> None:
    await determined(desk)
    found = await standing(desk, desk.cast.owner)
    assert [(one.party, one.basis_points) for one in found.shares] == [(Party.MERCHANT, 10_000)]
    assert (found.determination.basis, found.determination.clause) == ("商家确认稿有误", "8.3")
    assert found.until == found.determination.determined_at + timedelta(days=15)
    told = await read_timeline(desk.session, desk.cast.owner, await desk.ticket(desk.cast.owner))
    assert told[-1].record["responsibility"]["basis"] == "商家确认稿有误"
    assert "cause" not in told[-1].record


async def test_an_objection_is_read_by_both_sides_and_runs_a_clock_of_five_workdays(desk: Desk) -> None:
    await objected(desk)
    for person in (desk.cast.owner, desk.cast.supervisor, desk.cast.account_manager):
        found = await standing(desk, person)
        assert found.is_under_objection
        ((objection, review),) = found.objections
        assert (objection.level, objection.reason, review) == (
            EscalationLevel.SUPERVISOR,
            "主图由平台裁切，不是贵方所说的原因",
            None,
        )
    ticket = await desk.ticket(desk.cast.executive)
    assert await under_objection(desk.session, {ticket.id}) == {ticket.id}
    clocks = await clocks_of(desk.session, ticket.merchant_id, ticket.id)
    (clock,) = [one for one in clocks if one.clock is Clock.OBJECTION]
    # Objected on Monday 23 November; the fifth workday after it is Monday the 30th.
    assert clock.due_at is not None
    assert (clock.due_at - timedelta(hours=-8)).strftime("%m-%d %H:%M") == "11-30 18:00"
    await desk.act(desk.cast.supervisor, REVIEW, **UPHELD)
    clocks = await clocks_of(desk.session, ticket.merchant_id, ticket.id)
    assert [one.met_at for one in clocks if one.clock is Clock.OBJECTION] == [desk.now]


async def test_a_determination_that_is_upheld_stays_and_the_reason_is_told(desk: Desk) -> None:
    await objected(desk)
    before = (await standing(desk, desk.cast.owner)).determination.id
    await desk.act(desk.cast.supervisor, REVIEW, **UPHELD)
    found = await standing(desk, desk.cast.owner)
    assert (found.determination.id, found.is_under_objection) == (before, False)
    ((_, review),) = found.objections
    assert review is not None
    assert (review.outcome, review.reason) == (ReviewOutcome.UPHELD, "平台日志显示裁切在先")
    told = await read_timeline(desk.session, desk.cast.owner, await desk.ticket(desk.cast.owner))
    assert [entry.move for entry in told[-2:]] == [OBJECT, REVIEW]


async def test_a_review_that_replaces_leaves_the_former_determination_as_it_was(desk: Desk) -> None:
    await objected(desk)
    before = (await standing(desk, desk.cast.owner)).determination
    await desk.act(desk.cast.supervisor, REVIEW)
    found = await standing(desk, desk.cast.owner)
    assert found.determination.replaces_id == before.id
    assert await bears(desk) == {Party.AGENCY: 7000, Party.PLATFORM: 3000}
    kept = await desk.session.get(Determination, before.id, populate_existing=True)
    assert kept is not None
    assert (kept.basis, kept.level) == ("商家确认稿有误", None)
    ((_, review),) = found.objections
    assert review is not None
    assert review.determination_id == found.determination.id


async def test_the_next_objection_goes_to_the_executive_whose_word_is_the_last(desk: Desk) -> None:
    cast = desk.cast
    await objected(desk)
    await desk.act(cast.supervisor, REVIEW, **UPHELD)
    await desk.act(cast.owner, OBJECT)
    assert (await standing(desk, cast.owner)).objections[0][0].level is EscalationLevel.EXECUTIVE
    for move in (REVIEW, FINALLY):
        with pytest.raises((MoveNotYours, MoveNotOpen)):
            await desk.act(cast.supervisor, move)
    await desk.act(cast.executive, FINALLY)
    assert await bears(desk) == {Party.AGENCY: 7000, Party.PLATFORM: 3000}
    found = await standing(desk, cast.owner)
    assert found.until is None
    assert len(found.objections) == 2
    with pytest.raises(MoveNotOpen, match="最终判定"):
        await desk.act(cast.owner, OBJECT)


async def test_what_a_supervisor_determined_goes_to_the_executive_at_once(desk: Desk) -> None:
    await determined(desk)
    await desk.act(desk.cast.supervisor, "determine", responsibility=MERCHANT_BEARS)
    await desk.act(desk.cast.owner, OBJECT)
    assert (await standing(desk, desk.cast.owner)).objections[0][0].level is EscalationLevel.EXECUTIVE
    with pytest.raises(MoveNotYours):
        await desk.act(desk.cast.supervisor, FINALLY)


async def test_nobody_reviews_what_they_determined_though_they_rose_since(desk: Desk) -> None:
    await objected(desk)
    risen = replace(
        desk.cast.specialist, roles=frozenset({Role.SUPERVISOR}), supervises=desk.cast.specialist.departments
    )
    with pytest.raises(DeterminationReviewedByAuthor):
        await desk.act(risen, REVIEW)
    assert (await standing(desk, desk.cast.owner)).is_under_objection


@pytest.mark.parametrize(("days", "late"), [(15, False), (16, True)])
async def test_an_objection_comes_within_the_agencys_days(desk: Desk, days: int, late: bool) -> None:
    await determined(desk)
    desk.now += timedelta(days=days) - timedelta(minutes=5)
    assert (OBJECT in await desk.open_to(desk.cast.owner)) is not late
    if late:
        with pytest.raises(MoveNotOpen, match="已超过可提出异议的期限"):
            await desk.act(desk.cast.owner, OBJECT)
    else:
        await desk.act(desk.cast.owner, OBJECT)


async def test_the_days_are_a_setting_of_the_agency(desk: Desk) -> None:
    await desk.act_as(desk.cast.admin.context())
    await change_settings(desk.session, AgencySettings(objection_days=3), by=desk.cast.admin, at=desk.now)
    await determined(desk)
    assert OBJECT in await desk.open_to(desk.cast.owner)
    desk.now += timedelta(days=3, hours=1)
    assert OBJECT not in await desk.open_to(desk.cast.owner)


async def test_before_a_determination_there_is_nothing_to_object_to_and_one_objection_is_enough(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    with pytest.raises(MoveNotOpen, match="还没有责任判定"):
        await desk.act(cast.owner, OBJECT)
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.owner, OBJECT)
    with pytest.raises(MoveNotOpen, match="正在复议"):
        await desk.act(cast.owner, OBJECT)


async def test_nothing_passes_an_open_objection_over(desk: Desk) -> None:
    cast = desk.cast
    await objected(desk)
    for person, move in (
        (cast.supervisor, "determine"),
        (cast.specialist, "determine"),
        (cast.supervisor, "refuse"),
        (cast.account_manager, "refuse"),
    ):
        with pytest.raises(MoveNotOpen, match="正在复议"):
            await desk.act(person, move)
    await desk.act(cast.supervisor, "reanalyse")
    with pytest.raises(MoveNotOpen, match="正在复议"):
        await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.supervisor, REVIEW, **UPHELD)
    await desk.act(cast.specialist, "conclude_analysis")


async def test_an_objection_outlives_the_merchants_withdrawal_and_is_still_answered(desk: Desk) -> None:
    await objected(desk)
    await desk.act(desk.cast.owner, "withdraw")
    assert REVIEW in await desk.open_to(desk.cast.supervisor)
    await desk.act(desk.cast.supervisor, REVIEW)
    assert await bears(desk) == {Party.AGENCY: 7000, Party.PLATFORM: 3000}
    assert OBJECT not in await desk.open_to(desk.cast.owner)


async def test_the_work_goes_on_and_a_new_round_keeps_the_objection(desk: Desk) -> None:
    cast = desk.cast
    await objected(desk)
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")
    ticket = await desk.act(cast.owner, "reject_plan")
    assert ticket.round == 2
    assert REVIEW in await desk.open_to(cast.supervisor)


async def test_an_objection_heard_by_telephone_says_from_whom(desk: Desk) -> None:
    await determined(desk)
    with pytest.raises(RecordInvalid):
        await desk.act(desk.cast.account_manager, OBJECT)
    await desk.act(desk.cast.account_manager, OBJECT, heard=heard(desk.now))
    ((objection, _),) = (await standing(desk, desk.cast.owner)).objections
    assert objection.heard is not None
    assert objection.heard["told_by"] == "张敏"


async def test_the_file_named_is_one_of_the_ticket_that_the_merchant_reads(desk: Desk) -> None:
    await determined(desk)
    inside = await desk.add_file(desk.cast.account_manager, Side.AGENCY)
    with pytest.raises(AttachmentNotFound):
        await desk.act(desk.cast.owner, OBJECT, attachment=inside)
    own = await desk.add_file(desk.cast.owner)
    await desk.act(desk.cast.owner, OBJECT, attachment=own)
    assert (await standing(desk, desk.cast.supervisor)).objections[0][0].attachment_id == own


async def test_only_the_owner_objects_and_only_those_above_review(desk: Desk) -> None:
    await objected(desk)
    by_permission = {
        permission: {role for role, person in desk.cast.everybody.items() if allows(person, permission)}
        for permission in (Permission.OBJECT_TO_DETERMINATION, Permission.REVIEW_DETERMINATION)
    }
    assert by_permission == {
        Permission.OBJECT_TO_DETERMINATION: {Role.MERCHANT_OWNER},
        Permission.REVIEW_DETERMINATION: {Role.SUPERVISOR, Role.EXECUTIVE},
    }
    for person in (desk.cast.owner, desk.cast.member, desk.cast.account_manager, desk.cast.specialist):
        with pytest.raises(MoveNotYours):
            await desk.act(person, REVIEW)
    elsewhere = replace(desk.cast.supervisor, departments=frozenset())
    with pytest.raises((MoveNotYours, TicketNotFound)):
        await desk.act(elsewhere, REVIEW)
    await desk.act(desk.cast.supervisor, REVIEW, **UPHELD)
    with pytest.raises(MoveNotYours):
        await desk.act(desk.cast.member, OBJECT)


async def test_another_merchant_finds_neither_ticket_nor_objection(desk: Desk) -> None:
    await objected(desk)
    ticket = await desk.ticket(desk.cast.executive)
    with pytest.raises(TicketNotFound):
        await desk.act(desk.cast.other_owner, OBJECT)
    await desk.act_as(desk.cast.other_owner.context())
    assert await under_objection(desk.session, {ticket.id}) == set()
    assert await desk.session.scalar(select(func.count()).select_from(Determination)) == 0


async def test_neither_objection_nor_review_is_ever_changed(desk: Desk) -> None:
    await objected(desk)
    await desk.act(desk.cast.supervisor, REVIEW)
    for table in ("determination_objection", "determination_review"):
        for person in (desk.cast.owner, desk.cast.executive):
            assert await desk.refused(f"UPDATE {table} SET reason = 'x'", person)
            assert await desk.refused(f"DELETE FROM {table}", person)


@pytest.mark.usefixtures("wiped")
async def test_of_two_reviews_at_once_one_counts_and_the_other_is_told(tenants: Tenants, tenant: Tenant) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)

    both_looked = asyncio.Barrier(2)

    async def act(person: Person, move: str, *, together: bool = False, **changes: Any) -> None:
        async with tenants.session(tenant, person.context()) as session:
            ticket = await visible_ticket(session, person, number)
            record = Desk(session, None, cast).named(sample(ticket.process.move(move).record, NOW), **changes)  # type: ignore[arg-type]
            seen = ticket.version
            if together:
                await both_looked.wait()
            await make_move(session, ticket, move, record, by=person, at=NOW, seen=seen)

    async with tenants.session(tenant, cast.owner.context()) as session:
        number = (await open_ticket(session, report(Kind.SERVICE_QUALITY), by=cast.owner, at=NOW)).number
    await act(cast.account_manager, "accept")
    await act(cast.account_manager, "dispatch")
    await act(cast.specialist, "conclude_analysis", responsibility=MERCHANT_BEARS)
    await act(cast.owner, OBJECT)
    answers = await asyncio.gather(
        act(cast.supervisor, REVIEW, together=True),
        act(cast.executive, REVIEW, together=True, **UPHELD),
        return_exceptions=True,
    )
    assert [type(one) for one in answers if one is not None] == [TicketChanged]
    async with tenants.session(tenant, AGENCY) as session:
        assert await session.scalar(select(func.count()).select_from(DeterminationReview)) == 1
