"""What moves do to a ticket's clocks, as the policy's sentences say it (domain.md section 3)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from anshou.people.person import SYSTEM
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.firing import fire
from anshou.tickets.clocks.running import clocks_of
from anshou.tickets.entries import Entry
from anshou.tickets.kinds import Clock, EntrySort, Kind, Side, Urgency
from anshou.tickets.stage_telling import telling_at
from anshou.tickets.telling import Direction
from anshou.tickets.timeline import add_note, post_message
from anshou.tickets.timing import answers_first
from tests.tickets.desk import Desk


async def clock(desk: Desk, name: Clock) -> TicketClock | None:
    """The ticket's newest clock of that name."""
    ticket = await desk.ticket(desk.cast.executive)
    found = [one for one in await clocks_of(desk.session, ticket.merchant_id, ticket.id) if one.clock is name]
    return found[-1] if found else None


async def running(desk: Desk) -> set[Clock]:
    ticket = await desk.ticket(desk.cast.executive)
    clocks = await clocks_of(desk.session, ticket.merchant_id, ticket.id)
    return {one.clock for one in clocks if one.is_running and one.due_at is not None}


async def met_at(desk: Desk, name: Clock) -> datetime | None:
    found = await clock(desk, name)
    assert found is not None
    return found.met_at


async def dispatched(desk: Desk, urgency: Urgency = Urgency.NORMAL) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "dispatch", urgency=urgency)


async def test_a_report_starts_the_first_response_and_words_to_the_merchant_answer_it(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    assert await running(desk) == {Clock.FIRST_RESPONSE}
    ticket = await desk.ticket(cast.account_manager)
    await add_note(desk.session, ticket, "先看看", by=cast.account_manager, at=desk.now)
    await desk.act(cast.account_manager, "accept", message=None)
    assert await met_at(desk, Clock.FIRST_RESPONSE) is None
    ticket = await desk.ticket(cast.account_manager)
    await post_message(desk.session, ticket, "正在核实", by=cast.account_manager, at=desk.now)
    assert await met_at(desk, Clock.FIRST_RESPONSE) == ticket.last_entry_at


@pytest.mark.parametrize(
    ("move", "changes"),
    [
        ("accept", {}),
        ("report_progress", {}),
        ("hold", {}),
        ("refuse", {}),
        ("record_contact", {"show_merchant": True}),
    ],
)
async def test_any_word_to_the_merchant_is_a_first_response(desk: Desk, move: str, changes: dict[str, object]) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, move, **changes)
    assert await met_at(desk, Clock.FIRST_RESPONSE) == desk.now


async def test_a_call_from_the_merchant_is_no_first_response(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    called = Direction.FROM_MERCHANT
    await desk.act(desk.cast.account_manager, "record_contact", direction=called, show_merchant=True)
    assert await met_at(desk, Clock.FIRST_RESPONSE) is None


@pytest.mark.parametrize("move", ["record_contact", "escalate", "hold_meeting", "assign"])
async def test_what_stays_inside_the_agency_is_no_first_response(desk: Desk, move: str) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, move)
    assert await met_at(desk, Clock.FIRST_RESPONSE) is None


def test_an_automatic_acknowledgement_is_no_first_response() -> None:
    assert not answers_first(SYSTEM, said=True)


async def test_the_merchants_own_message_is_no_first_response(desk: Desk) -> None:
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await post_message(desk.session, ticket, "请尽快", by=desk.cast.member, at=desk.now)
    assert await met_at(desk, Clock.FIRST_RESPONSE) is None


async def test_analysis_and_plan_are_due_together_and_submitting_meets_it(desk: Desk) -> None:
    await dispatched(desk)
    assert await running(desk) == {Clock.PLAN_SUBMISSION, Clock.PROGRESS}
    started = await clock(desk, Clock.PLAN_SUBMISSION)
    assert started is not None
    # Clause 5.3 of the contract: one workday instead of the agency's two.
    assert started.source == "contract"
    await desk.act(desk.cast.specialist, "conclude_analysis")
    await desk.act(desk.cast.specialist, "submit_plan")
    assert await met_at(desk, Clock.PLAN_SUBMISSION) == desk.now
    # Sent back, the plan is owed again.
    await desk.act(desk.cast.supervisor, "send_back_plan")
    assert Clock.PLAN_SUBMISSION in await running(desk)


async def test_while_the_merchant_is_waited_for_every_clock_stops_but_the_first_response(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept", message=None)
    await desk.act(cast.account_manager, "dispatch", message=None)
    before = await clock(desk, Clock.PLAN_SUBMISSION)
    assert before is not None
    due = before.due_at
    assert due is not None
    await desk.act(cast.specialist, "conclude_analysis")
    ticket = await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "send_back_plan")
    ticket = await desk.act(cast.specialist, "hold", reason="请提供截图")
    stopped = await clock(desk, Clock.PLAN_SUBMISSION)
    assert stopped is not None
    assert stopped.is_running
    assert stopped.due_at is None
    first = await clock(desk, Clock.FIRST_RESPONSE)
    assert first is not None
    # The hold was itself a word to the merchant.
    assert first.met_at == desk.now
    desk.now += timedelta(hours=3)
    await desk.act(cast.specialist, "resume")
    resumed = await clock(desk, Clock.PLAN_SUBMISSION)
    assert resumed is not None
    assert resumed.due_at is not None
    assert resumed.due_at > due
    assert ticket.number == desk.number


async def test_the_merchants_confirmation_is_not_on_the_agencys_clock(desk: Desk) -> None:
    cast = desk.cast
    await dispatched(desk)
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    ticket = await desk.act(cast.supervisor, "approve_plan")
    assert ticket.next_due_at is None
    ticket = await desk.act(cast.owner, "accept_plan")
    assert await running(desk) == {Clock.PLAN_EXECUTION, Clock.PROGRESS}
    assert ticket.next_due_at is not None


async def test_the_progress_clock_restarts_with_each_progress_message(desk: Desk) -> None:
    await dispatched(desk)
    first = await clock(desk, Clock.PROGRESS)
    desk.now += timedelta(hours=5)
    await desk.act(desk.cast.specialist, "report_progress")
    second = await clock(desk, Clock.PROGRESS)
    assert first is not None
    assert second is not None
    assert second.id != first.id
    assert second.started_at == desk.now


async def test_an_urgent_matter_owes_coordination_and_restoration_besides(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner, urgency=Urgency.URGENT)
    assert await running(desk) == {Clock.FIRST_RESPONSE, Clock.COORDINATION, Clock.RESTORATION}
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch", urgency=Urgency.URGENT)
    assert await met_at(desk, Clock.COORDINATION) == desk.now
    assert Clock.RESTORATION in await running(desk)
    await desk.act(cast.specialist, "report_progress")
    assert await met_at(desk, Clock.RESTORATION) == desk.now


async def test_a_matter_that_becomes_urgent_is_counted_by_the_urgent_limits(desk: Desk) -> None:
    cast = desk.cast
    await dispatched(desk)
    normal = await clock(desk, Clock.PLAN_SUBMISSION)
    assert normal is not None
    due = normal.due_at
    await desk.act(cast.supervisor, "reclassify", urgency=Urgency.URGENT)
    urgent = await clock(desk, Clock.PLAN_SUBMISSION)
    assert urgent is not None
    assert urgent.due_at == urgent.started_at + timedelta(hours=4)
    assert due is not None
    assert urgent.due_at < due
    assert {Clock.COORDINATION, Clock.RESTORATION} <= await running(desk)
    await desk.act(cast.specialist, "hold_meeting")
    assert await met_at(desk, Clock.COORDINATION) == desk.now


async def test_a_return_visit_is_owed_after_completion(desk: Desk) -> None:
    cast = desk.cast
    await dispatched(desk)
    await desk.act(cast.specialist, "conclude_analysis")
    await desk.act(cast.specialist, "submit_plan")
    await desk.act(cast.supervisor, "approve_plan")
    await desk.act(cast.owner, "accept_plan")
    await desk.finish_measures()
    ticket = await desk.act(cast.specialist, "finish_execution")
    assert await met_at(desk, Clock.PLAN_EXECUTION) == desk.now
    assert ticket.next_due_at is None
    await desk.act(cast.owner, "rate")
    assert await running(desk) == {Clock.RETURN_VISIT}
    await desk.act(cast.account_manager, "return_visit")
    assert await met_at(desk, Clock.RETURN_VISIT) == desk.now
    assert await running(desk) == set()


async def test_closing_ends_what_still_ran_and_reopening_starts_new_clocks(desk: Desk) -> None:
    cast = desk.cast
    await dispatched(desk)
    old = await clock(desk, Clock.PLAN_SUBMISSION)
    assert old is not None
    ticket = await desk.act(cast.owner, "withdraw")
    ended = await clock(desk, Clock.PLAN_SUBMISSION)
    assert ended is not None
    assert (ended.ended_at, ended.met_at) == (desk.now, None)
    assert ticket.next_due_at is None
    await desk.act(cast.owner, "reopen")
    new = await clock(desk, Clock.PLAN_SUBMISSION)
    assert new is not None
    assert new.id != old.id
    assert new.started_at == desk.now


async def test_a_clock_that_fires_leaves_an_internal_entry(desk: Desk) -> None:
    await dispatched(desk)
    started = await clock(desk, Clock.PLAN_SUBMISSION)
    assert started is not None
    assert started.due_at is not None
    late = started.due_at + timedelta(minutes=1)
    await desk.act_as(desk.cast.executive.context())
    await fire(desk.session, started.id, tell=telling_at(late), at=late)
    query = select(Entry).where(Entry.sort == EntrySort.SYSTEM)
    entry = (await desk.session.scalars(query)).one()
    assert (entry.move, entry.audience, entry.author_name) == ("clock_breach", Side.AGENCY, "系统")
    assert entry.record["clock"] == "plan_submission"
