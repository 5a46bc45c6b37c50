"""服务质量问题 on real rows: the whole way, and every way back."""

from dataclasses import replace
from uuid import uuid4

import pytest

from anshou.people.roles import Department, Role
from anshou.tickets.determinations import find_determination
from anshou.tickets.errors import (
    ColleagueUnknown,
    MeasureNotOpen,
    MoveNotOpen,
    MoveNotYours,
    RecordInvalid,
    ReviewedByAuthor,
)
from anshou.tickets.kinds import Kind, Outcome, Status
from anshou.tickets.plans import PlanState, find_plan, measures_of
from tests.tickets.desk import Desk
from tests.tickets.samples import heard


async def planned(desk: Desk) -> None:
    """Report to a plan that awaits the merchant's word."""
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")


async def carried_out(desk: Desk) -> None:
    """A plan in execution until the merchant is asked for a rating."""
    await desk.finish_measures()
    await desk.act(desk.cast.specialist, "finish_execution")


async def test_a_ticket_goes_from_report_to_closed(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    assert (await desk.ticket(cast.owner)).status is Status.AWAITING_CUSTOMER
    await desk.act(cast.owner, "accept_plan")
    await carried_out(desk)
    await desk.act(cast.owner, "rate")
    assert (await desk.ticket(cast.owner)).status is Status.DONE
    await desk.act(cast.account_manager, "return_visit")
    ticket = await desk.act(cast.account_manager, "close")
    assert (ticket.step, ticket.status, ticket.outcome) == ("closed", Status.CLOSED, Outcome.RESOLVED)
    assert ticket.closed_at == desk.now
    assert ticket.next_due_at is None


async def test_a_rejected_plan_returns_to_planning_and_counts_a_round(desk: Desk) -> None:
    await planned(desk)
    ticket = await desk.act(desk.cast.owner, "reject_plan")
    assert (ticket.step, ticket.round, ticket.status) == ("planning", 2, Status.IN_PROGRESS)
    await desk.act(desk.cast.specialist, "submit_plan", summary="补投两周流量")
    await desk.act(desk.cast.supervisor, "approve_plan")
    ticket = await desk.act(desk.cast.owner, "accept_plan")
    assert (ticket.step, ticket.round) == ("execution", 2)


async def test_a_plan_sent_back_is_written_anew_in_the_same_round(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    for person, move in (
        (cast.account_manager, "accept"),
        (cast.account_manager, "dispatch"),
        (cast.specialist, "conclude_analysis"),
        (cast.specialist, "submit_plan"),
    ):
        await desk.act(person, move)
    ticket = await desk.act(cast.supervisor, "send_back_plan")
    assert (ticket.step, ticket.round) == ("planning", 1)
    await desk.act(cast.specialist, "submit_plan")
    ticket = await desk.act(cast.supervisor, "approve_plan")
    assert (ticket.step, ticket.round) == ("plan_confirmation", 1)


async def test_unsatisfied_merchants_are_planned_for_again_until_they_are_satisfied(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    for round_ in (1, 2, 3):
        await desk.act(cast.owner, "accept_plan")
        await carried_out(desk)
        if round_ == 3:
            break
        ticket = await desk.act(cast.member, "rate", score=2, satisfied=False, comment="颜色还是不对")
        assert (ticket.step, ticket.round) == ("planning", round_ + 1)
        if round_ == 2:
            # The department finds that the cause was another.
            await desk.act(cast.specialist, "reanalyse")
            await desk.act(cast.specialist, "conclude_analysis")
        await desk.act(cast.specialist, "submit_plan")
        await desk.act(cast.supervisor, "approve_plan")
    ticket = await desk.act(cast.member, "rate")
    assert (ticket.step, ticket.round, ticket.status) == ("tracking", 3, Status.DONE)


@pytest.mark.parametrize(("back_to_normal", "recurred"), [(False, False), (True, True)])
async def test_a_visit_that_finds_the_trouble_back_leads_to_analysis(
    desk: Desk, back_to_normal: bool, recurred: bool
) -> None:
    cast = desk.cast
    await planned(desk)
    await desk.act(cast.owner, "accept_plan")
    await carried_out(desk)
    await desk.act(cast.owner, "rate")
    ticket = await desk.act(cast.account_manager, "return_visit", back_to_normal=back_to_normal, recurred=recurred)
    assert (ticket.step, ticket.round) == ("analysis", 2)
    assert "close" not in await desk.open_to(cast.account_manager)


async def test_a_plan_that_proves_unworkable_is_adjusted_and_confirmed_anew(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    await desk.act(cast.owner, "accept_plan")
    ticket = await desk.act(cast.specialist, "revise_plan")
    assert (ticket.step, ticket.round) == ("planning", 1)
    await desk.act(cast.specialist, "submit_plan")
    ticket = await desk.act(cast.supervisor, "approve_plan")
    assert ticket.step == "plan_confirmation"


async def test_execution_is_not_over_before_every_measure_is_done(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    await desk.act(cast.owner, "accept_plan")
    with pytest.raises(MoveNotOpen, match="还有措施没有完成"):
        await desk.act(cast.specialist, "finish_execution")
    await desk.finish_measures()
    await desk.act(cast.specialist, "finish_execution")


async def test_a_measure_is_done_once_and_belongs_to_the_current_plan(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    await desk.act(cast.owner, "accept_plan")
    ticket = await desk.ticket(cast.specialist)
    plan = await find_plan(desk.session, ticket)
    assert plan is not None
    first, second = [measure.id for measure in await measures_of(desk.session, plan)]
    await desk.act(cast.specialist, "finish_measure", measure=first)
    for measure in (first, plan.id):
        with pytest.raises(MeasureNotOpen):
            await desk.act(cast.specialist, "finish_measure", measure=measure)
    await desk.act(cast.specialist, "finish_measure", measure=second)
    with pytest.raises(MoveNotOpen, match="措施都已完成"):
        await desk.act(cast.specialist, "finish_measure", measure=second)


async def test_a_ticket_is_closed_only_after_a_return_visit(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    await desk.act(cast.owner, "accept_plan")
    await carried_out(desk)
    await desk.act(cast.owner, "rate")
    with pytest.raises(MoveNotOpen, match="还没有回访"):
        await desk.act(cast.account_manager, "close")


async def test_nobody_approves_their_own_plan(desk: Desk) -> None:
    cast = desk.cast
    both = replace(cast.supervisor, roles=frozenset({Role.SUPERVISOR, Role.SPECIALIST}))
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(both, "submit_plan")
    with pytest.raises(ReviewedByAuthor):
        await desk.act(both, "approve_plan")
    ticket = await desk.act(cast.executive, "approve_plan")
    assert ticket.step == "plan_confirmation"


async def test_what_the_merchant_said_on_the_phone_is_taken_down_with_its_source(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    with pytest.raises(RecordInvalid) as refused:
        await desk.act(cast.account_manager, "accept_plan")
    assert list(refused.value.fields) == ["heard"]
    with pytest.raises(RecordInvalid):
        await desk.act(cast.owner, "accept_plan", heard=heard(desk.now))
    ticket = await desk.act(cast.account_manager, "accept_plan", heard=heard(desk.now))
    assert ticket.step == "execution"
    assert desk.entries[-1].record["heard"]["told_by"] == "张敏"


async def test_only_the_department_in_charge_or_the_owner_works_on_it(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", department=Department.LOGISTICS, owner=cast.specialist.id)
    # The specialist belongs to other departments, but owns the ticket.
    assert "conclude_analysis" in await desk.open_to(cast.specialist)
    await desk.act(cast.account_manager, "assign", owner=cast.service_agent.id)
    carried_once = replace(cast.specialist, departments=frozenset({Department.OPERATIONS_MANAGEMENT}))
    assert "conclude_analysis" not in await desk.open_to(carried_once)
    with pytest.raises(MoveNotYours):
        await desk.act(carried_once, "conclude_analysis")


async def test_another_departments_supervisor_does_not_review(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.specialist, "hand_over", department=Department.QUALITY)
    with pytest.raises(MoveNotYours):
        await desk.act(cast.supervisor, "approve_plan")
    coordinating = replace(cast.supervisor, supervises=frozenset({Department.OPERATIONS_MANAGEMENT}))
    written_here = replace(cast.supervisor, departments=frozenset({Department.QUALITY}))
    assert "approve_plan" not in await desk.open_to(written_here)
    assert "approve_plan" in await desk.open_to(coordinating)


async def test_work_is_given_to_colleagues_who_can_sign_in(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    for stranger in (cast.owner.id, uuid4()):
        with pytest.raises(ColleagueUnknown) as refused:
            await desk.act(cast.account_manager, "dispatch", owner=stranger)
        assert list(refused.value.fields) == ["owner"]


async def test_a_plan_is_the_agencys_until_it_is_approved(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    assert await find_plan(desk.session, await desk.ticket(cast.owner)) is None
    await desk.act(cast.supervisor, "approve_plan")
    plan = await find_plan(desk.session, await desk.ticket(cast.owner))
    assert plan is not None
    assert plan.state is PlanState.APPROVED
    assert len(await measures_of(desk.session, plan)) == 2


async def test_the_determination_that_replaces_another_leaves_it_as_it_was(desk: Desk) -> None:
    cast = desk.cast
    await planned(desk)
    first = await find_determination(desk.session, await desk.ticket(cast.supervisor))
    await desk.act(cast.supervisor, "determine")
    second = await find_determination(desk.session, await desk.ticket(cast.supervisor))
    assert first is not None
    assert second is not None
    assert second.replaces_id == first.id
    assert second.reason == "商家补充了聊天记录"
