"""What can be done with a ticket at any step."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from anshou.people.roles import Department, Role
from anshou.tickets.closing import ImprovementDraft
from anshou.tickets.closures import Closure, Improvement, Reopening
from anshou.tickets.errors import (
    LinkRefused,
    MoveNotOpen,
    MoveNotYours,
    MoveUnknown,
    RecordInvalid,
    TicketChanged,
    TicketNotFound,
)
from anshou.tickets.escalations import Escalation
from anshou.tickets.hand_overs import HandOver
from anshou.tickets.holds import Hold
from anshou.tickets.kinds import EscalationLevel, Kind, Outcome, Relation, Severity, Side, Status, Urgency
from anshou.tickets.links import TicketLink
from anshou.tickets.meetings import MeetingDecision
from anshou.tickets.moving import make_move
from anshou.tickets.tickets import TicketDesk
from anshou.tickets.timeline import post_message
from tests.tickets.desk import Desk
from tests.tickets.samples import heard, report, sample


async def analysing(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "dispatch")


async def only(desk: Desk, rows: type[Any]) -> Any:
    """The one row of that table that the executive reads."""
    await desk.act_as(desk.cast.executive.context())
    return (await desk.session.scalars(select(rows))).one()


async def test_on_hold_the_merchant_is_waited_for_and_the_agencys_work_stands_still(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    ticket = await desk.act(cast.specialist, "hold", reason="请提供后台截图")
    assert (ticket.on_hold, ticket.status, ticket.next_due_at) == (True, Status.AWAITING_CUSTOMER, None)
    assert (await only(desk, Hold)).reason == "请提供后台截图"
    with pytest.raises(MoveNotOpen, match="正等待商家答复"):
        await desk.act(cast.specialist, "conclude_analysis")
    with pytest.raises(MoveNotOpen, match="正等待商家答复"):
        await desk.act(cast.specialist, "hold")
    ticket = await desk.act(cast.specialist, "resume")
    assert (ticket.on_hold, ticket.status) == (False, Status.IN_PROGRESS)
    assert ticket.next_due_at is not None
    hold = await only(desk, Hold)
    assert (hold.ended_by, hold.ended_at) == (cast.specialist.id, desk.now)


async def test_the_merchants_answer_ends_a_hold(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    held = await desk.act(cast.specialist, "hold")
    ticket = await desk.ticket(cast.member)
    await post_message(desk.session, ticket, "截图已上传", by=cast.member, at=desk.now)
    assert (ticket.on_hold, ticket.status, ticket.version) == (False, Status.IN_PROGRESS, held.version + 1)
    assert ticket.next_due_at is not None
    assert (await only(desk, Hold)).ended_by == cast.member.id
    # Who looked before the answer is told of it.
    with pytest.raises(TicketChanged, match="商家已答复"):
        await desk.act(cast.specialist, "conclude_analysis", seen=held.version)


async def test_a_file_from_the_merchant_ends_a_hold_too(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.specialist, "hold")
    await desk.add_file(cast.owner)
    assert not (await desk.ticket(cast.owner)).on_hold


async def test_a_ticket_that_already_waits_for_the_merchant_is_not_held(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")
    assert "hold" not in await desk.open_to(cast.specialist)


async def test_escalation_rises_to_the_supervisor_then_to_the_executive_until_it_is_decided(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.account_manager, "escalate")
    assert (await only(desk, TicketDesk)).level is EscalationLevel.SUPERVISOR
    await desk.act(cast.supervisor, "escalate")
    assert (await only(desk, TicketDesk)).level is EscalationLevel.EXECUTIVE
    with pytest.raises(MoveNotOpen, match="最高一级"):
        await desk.act(cast.account_manager, "escalate")
    with pytest.raises(MoveNotYours):
        await desk.act(cast.account_manager, "decide_escalation")
    await desk.act(cast.executive, "decide_escalation", decision="由运营一组接手")
    assert (await only(desk, TicketDesk)).level is None
    calls = (await desk.session.scalars(select(Escalation).order_by(Escalation.escalated_at))).all()
    assert [(call.level, call.decision) for call in calls] == [
        (EscalationLevel.SUPERVISOR, "由运营一组接手"),
        (EscalationLevel.EXECUTIVE, "由运营一组接手"),
    ]


async def test_a_hand_over_keeps_from_where_to_where_and_why(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    ticket = await desk.act(cast.specialist, "hand_over", department=Department.TECHNICAL_SUPPORT, reason="接口问题")
    assert (ticket.department, ticket.owner_id) == (Department.TECHNICAL_SUPPORT, None)
    await desk.act_as(cast.executive.context())
    ways = (await desk.session.scalars(select(HandOver).order_by(HandOver.handed_at))).all()
    assert [(way.from_department, way.to_department, way.reason) for way in ways] == [
        (None, Department.OPERATIONS, None),
        (Department.OPERATIONS, Department.TECHNICAL_SUPPORT, "接口问题"),
    ]
    ticket = await desk.act(cast.specialist, "claim")
    assert ticket.owner_id == cast.specialist.id


async def test_only_a_ticket_that_has_a_department_is_handed_over(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "accept")
    with pytest.raises(MoveNotOpen, match="还没有分派"):
        await desk.act(desk.cast.account_manager, "hand_over")


async def test_reclassifying_changes_what_is_stated_and_leaves_the_rest(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    ticket = await desk.act(cast.supervisor, "reclassify", urgency=Urgency.URGENT, severity=Severity.CRITICAL)
    assert ticket.urgency is Urgency.URGENT
    assert (await only(desk, TicketDesk)).severity is Severity.CRITICAL
    promised = desk.now + timedelta(days=1)
    ticket = await desk.act(cast.account_manager, "promise", promised_at=promised)
    assert (ticket.promised_at, ticket.urgency) == (promised, Urgency.URGENT)
    with pytest.raises(RecordInvalid) as refused:
        await desk.act(cast.account_manager, "promise", promised_at=desk.now)
    assert list(refused.value.fields) == ["promised_at"]


async def test_a_severity_alone_is_not_the_merchants_to_know(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.supervisor, "reclassify", urgency=None, severity=Severity.MAJOR)
    assert desk.entries[-1].audience is Side.AGENCY
    await desk.act(cast.supervisor, "reclassify", urgency=Urgency.URGENT)
    assert desk.entries[-1].audience is Side.MERCHANT
    assert "reason" not in desk.entries[-1].record


async def test_the_merchant_withdraws_at_any_step(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.specialist, "hold")
    with pytest.raises(MoveNotYours):
        await desk.act(cast.specialist, "refuse")
    ticket = await desk.act(cast.owner, "withdraw")
    assert (ticket.outcome, ticket.status, ticket.on_hold) == (Outcome.WITHDRAWN, Status.CLOSED, False)
    assert (await only(desk, Closure)).outcome is Outcome.WITHDRAWN
    assert (await only(desk, Hold)).ended_at == desk.now


async def test_a_withdrawal_by_phone_names_who_called(desk: Desk) -> None:
    await analysing(desk)
    ticket = await desk.act(desk.cast.account_manager, "withdraw", heard=heard(desk.now))
    assert ticket.outcome is Outcome.WITHDRAWN


async def test_a_matter_out_of_scope_is_refused_with_an_explanation_that_the_merchant_reads(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    ticket = await desk.act(cast.account_manager, "refuse", explanation="合同未包含物流服务")
    assert ticket.outcome is Outcome.REFUSED
    await desk.act_as(cast.owner.context())
    assert (await desk.session.scalars(select(Closure.said))).one() == "合同未包含物流服务"


async def test_a_duplicate_goes_on_in_the_other_ticket(desk: Desk) -> None:
    cast = desk.cast
    first = await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    duplicate = await desk.act(cast.account_manager, "merge", into=first.number)
    assert duplicate.outcome is Outcome.MERGED
    assert (await only(desk, Closure)).merged_into == first.id
    assert (await only(desk, TicketLink)).relation is Relation.DUPLICATES
    with pytest.raises(LinkRefused, match="已关闭"):
        number, desk.number = desk.number, first.number
        await desk.act(cast.account_manager, "merge", into=number)
    with pytest.raises(LinkRefused, match="自身"):
        await desk.act(cast.account_manager, "merge", into=first.number)


async def test_tickets_of_different_merchants_are_never_linked(desk: Desk) -> None:
    """Whoever sees both must not let one merchant's ticket name the other's."""
    cast = desk.cast
    theirs = await desk.open(Kind.SERVICE_QUALITY, cast.other_owner, shop=None)
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    for move, field in (("link", "number"), ("merge", "into")):
        with pytest.raises(TicketNotFound):
            await desk.act(cast.service_agent, move, **{field: theirs.number})


async def test_a_link_is_made_once(desk: Desk) -> None:
    cast = desk.cast
    first = await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.open(Kind.DATA_ANOMALY, cast.owner)
    await desk.act(cast.account_manager, "link", number=first.number, relation=Relation.CAUSED_BY)
    with pytest.raises(LinkRefused, match="已经这样关联"):
        await desk.act(cast.account_manager, "link", number=first.number, relation=Relation.CAUSED_BY)


@pytest.mark.parametrize("role", [Role.MERCHANT_OWNER, Role.ACCOUNT_MANAGER])
async def test_a_closed_ticket_is_reopened_within_the_days_of_the_agencys_settings(desk: Desk, role: Role) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.owner, "withdraw")
    desk.now += timedelta(days=14, hours=23)
    ticket = await desk.act(cast.everybody[role], "reopen")
    assert (ticket.step, ticket.round, ticket.outcome, ticket.closed_at) == ("analysis", 2, None, None)
    assert ticket.next_due_at is not None
    assert (await only(desk, Reopening)).round == 2


async def test_a_ticket_closed_too_long_ago_stays_closed(desk: Desk) -> None:
    await analysing(desk)
    await desk.act(desk.cast.owner, "withdraw")
    desk.now += timedelta(days=15, minutes=1)
    with pytest.raises(MoveNotOpen, match="可重新打开的期限"):
        await desk.act(desk.cast.owner, "reopen")


async def test_a_ticket_that_never_had_a_department_is_reopened_at_the_beginning(desk: Desk) -> None:
    await desk.open(Kind.DATA_ANOMALY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "refuse")
    ticket = await desk.act(desk.cast.owner, "reopen")
    assert (ticket.step, ticket.status, ticket.round) == ("detected", Status.PENDING, 2)


async def test_a_merchant_who_never_answers_is_waited_for_before_the_ticket_is_closed(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    with pytest.raises(MoveNotOpen, match="不需要商家答复"):
        await desk.act(cast.account_manager, "close_unanswered")
    await desk.act(cast.specialist, "hold")
    desk.now += timedelta(days=14)
    with pytest.raises(MoveNotOpen, match="答复期限还没有过"):
        await desk.act(cast.account_manager, "close_unanswered")
    desk.now += timedelta(days=1)
    ticket = await desk.act(cast.account_manager, "close_unanswered")
    assert ticket.outcome is Outcome.UNANSWERED
    ticket = await desk.act(cast.owner, "reopen")
    assert ticket.step == "analysis"


async def test_a_meeting_keeps_its_decisions(desk: Desk) -> None:
    await analysing(desk)
    await desk.act(desk.cast.specialist, "hold_meeting")
    decision = await only(desk, MeetingDecision)
    assert (decision.decision, decision.owner_id) == ("上线前双人复核", desk.cast.specialist.id)


async def test_improvements_are_kept_with_owner_and_deadline(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.CONTRACT_DISPUTE, cast.owner)
    for move in ("start_procedure", "conclude_investigation", "record_round", "declare_no_agreement"):
        await desk.act(cast.account_manager, move)
    await desk.act(cast.account_manager, "record_outcome", obligations=())
    improvement = ImprovementDraft(
        action="费用变更须书面确认", owner=cast.supervisor.id, deadline=desk.now + timedelta(days=30)
    )
    await desk.act(cast.account_manager, "close", improvements=(improvement,))
    kept = await only(desk, Improvement)
    assert (kept.action, kept.owner_id) == ("费用变更须书面确认", cast.supervisor.id)


async def test_a_closed_ticket_takes_no_move_but_reopening_linking_and_records_of_talks(desk: Desk) -> None:
    cast = desk.cast
    await analysing(desk)
    await desk.act(cast.owner, "withdraw")
    assert await desk.open_to(cast.account_manager) == {"link", "record_contact", "reopen"}
    assert await desk.open_to(cast.owner) == {"reopen"}


async def test_a_move_takes_its_own_record_and_no_other(desk: Desk) -> None:
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    by, version = desk.cast.owner, ticket.version
    wrong = sample(ticket.process.move("withdraw").record)
    with pytest.raises(TypeError, match="takes Acceptance"):
        await make_move(desk.session, ticket, "accept", wrong, by=by, at=desk.now, seen=version)
    with pytest.raises(MoveUnknown):
        await make_move(desk.session, ticket, "explode", wrong, by=by, at=desk.now, seen=version)


async def test_only_the_merchant_of_the_ticket_reports_for_itself(desk: Desk) -> None:
    cast = desk.cast
    for changes in ({"merchant": cast.qinghe.id}, {"channel": "phone"}):
        with pytest.raises(RecordInvalid) as refused:
            await desk.open(Kind.SERVICE_QUALITY, cast.owner, **changes)
        assert list(refused.value.fields) == list(changes)
    with pytest.raises(RecordInvalid):
        await desk.open(Kind.SERVICE_QUALITY, cast.account_manager, merchant=None)


async def test_the_contract_of_the_day_on_which_the_problem_occurred_is_kept(desk: Desk) -> None:
    cast = desk.cast
    in_force = await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    before = await desk.open(
        Kind.SERVICE_QUALITY, cast.owner, occurred_on=report(Kind.SERVICE_QUALITY).occurred_on.replace(year=2025)
    )
    assert in_force.contract_version_id == cast.yunshan.version_id
    assert before.contract_version_id is None


async def test_numbers_count_by_kind_and_month(desk: Desk) -> None:
    cast = desk.cast
    numbers = [(await desk.open(kind, cast.owner)).number for kind in (*Kind, Kind.SERVICE_QUALITY)]
    assert numbers == ["FW2611-00001", "SJ2611-00001", "JF2611-00001", "FW2611-00002"]
    # Half past midnight on 1 December in Shanghai.
    desk.now = desk.now.replace(day=30, hour=16, minute=30)
    assert (await desk.open(Kind.SERVICE_QUALITY, cast.owner)).number == "FW2612-00001"
