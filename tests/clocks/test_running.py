"""The clocks of a ticket as rows: what starts, stops, meets and ends them, and what stays for good."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Department
from anshou.tickets.clocks.clock_rows import ChangeCause, ClockChange
from anshou.tickets.clocks.explaining import SourceKind
from anshou.tickets.clocks.figures import AROUND_THE_CLOCK, WORKING_HOURS, Clause, Figure
from anshou.tickets.clocks.limits import hours, workdays
from anshou.tickets.clocks.running import (
    end_clocks,
    load_clocks,
    meet_clocks,
    recompute,
    restart_clock,
    resume_clocks,
    save_clocks,
    start_clocks,
    stop_clocks,
)
from anshou.tickets.kinds import Channel, Clock, Urgency
from tests.clocks.desk import MONDAY, all_clocks, new_ticket, next_due, the_clock, urgent
from tests.clocks.shanghai import shanghai, shown

PLAN = (Clock.PLAN_SUBMISSION,)
ALL_OF_THEM = (Clock.FIRST_RESPONSE, Clock.PLAN_SUBMISSION, Clock.PROGRESS)


async def test_a_clock_starts_with_the_limit_of_its_urgency_and_explains_itself(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert clock.figure == Figure(workdays(2), WORKING_HOURS)
    assert shown(clock.due_at) == "2026-11-18 18:00"
    assert clock.source is SourceKind.SETTING
    assert clock.why is not None
    assert clock.why.due_at == clock.due_at
    assert clock.why.counted[-1].ends == clock.due_at


async def test_the_first_response_has_ten_minutes_in_a_chat_and_two_hours_on_the_phone(session: AsyncSession) -> None:
    chat, phone = await new_ticket(session, channel=Channel.ONLINE_CHAT), await new_ticket(session)
    await start_clocks(session, chat, (Clock.FIRST_RESPONSE,), at=MONDAY)
    await start_clocks(session, phone, (Clock.FIRST_RESPONSE,), at=MONDAY)
    assert shown((await the_clock(session, chat, Clock.FIRST_RESPONSE)).due_at) == "2026-11-16 10:10"
    assert shown((await the_clock(session, phone, Clock.FIRST_RESPONSE)).due_at) == "2026-11-16 12:00"


async def test_a_clock_that_runs_is_not_started_again(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await start_clocks(session, ticket, PLAN, at=shanghai("2026-11-17 10:00"))
    assert [clock.started_at for clock in await all_clocks(session, ticket)] == [MONDAY]


async def test_waiting_for_the_merchant_stops_every_clock_but_a_first_response_still_owed(
    session: AsyncSession,
) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, ALL_OF_THEM, at=MONDAY)
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-16 11:00"))
    due = {clock.clock: clock.due_at for clock in await all_clocks(session, ticket)}
    assert shown(due[Clock.FIRST_RESPONSE]) == "2026-11-16 12:00"
    assert due[Clock.PLAN_SUBMISSION] is None
    assert due[Clock.PROGRESS] is None
    assert await next_due(session, ticket) == due[Clock.FIRST_RESPONSE]


async def test_three_open_hours_of_waiting_move_wednesday_18_00_to_thursday_12_00(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-17 14:00"))
    await resume_clocks(session, ticket, at=shanghai("2026-11-17 17:00"))
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.due_at) == "2026-11-19 12:00"
    assert await next_due(session, ticket) == clock.due_at
    assert clock.why is not None
    assert [(stop.reason, stop.moved_seconds) for stop in clock.why.stops] == [("等待商家补充材料", 3 * 3600)]


async def test_stopping_twice_and_resuming_twice_is_one_stop(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-17 14:00"))
    await stop_clocks(session, ticket, reason="等待商家确认方案", at=shanghai("2026-11-17 15:00"))
    await resume_clocks(session, ticket, at=shanghai("2026-11-17 17:00"))
    await resume_clocks(session, ticket, at=shanghai("2026-11-18 17:00"))
    assert shown((await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).due_at) == "2026-11-19 12:00"


async def test_a_clock_started_while_the_ticket_waits_counts_from_when_it_no_longer_does(
    session: AsyncSession,
) -> None:
    ticket = await new_ticket(session, urgency=Urgency.URGENT)
    await stop_clocks(session, ticket, reason="等待商家确认方案", at=MONDAY)
    await start_clocks(session, ticket, (Clock.PLAN_EXECUTION,), at=shanghai("2026-11-16 12:00"))
    assert (await the_clock(session, ticket, Clock.PLAN_EXECUTION)).due_at is None
    await resume_clocks(session, ticket, at=shanghai("2026-11-16 15:00"))
    assert shown((await the_clock(session, ticket, Clock.PLAN_EXECUTION)).due_at) == "2026-11-17 15:00"


async def test_a_clock_met_in_time_is_no_breach_and_stays_as_it_ended(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    in_time = shanghai("2026-11-18 18:00")
    await meet_clocks(session, ticket, PLAN, at=in_time)
    await recompute(session, urgent(ticket), cause=ChangeCause.URGENCY, at=shanghai("2026-11-18 19:00"))
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert clock.met_at == in_time
    assert clock.breached_at is None
    assert shown(clock.due_at) == "2026-11-18 18:00"
    assert await next_due(session, ticket) is None


async def test_a_clock_met_late_is_a_breach_even_before_its_timer_fires(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await meet_clocks(session, ticket, PLAN, at=shanghai("2026-11-18 18:01"))
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.breached_at) == "2026-11-18 18:00"
    assert shown(clock.met_at) == "2026-11-18 18:01"


async def test_a_breach_before_a_stop_stays_and_only_its_150_percent_moves(session: AsyncSession) -> None:
    ticket = await new_ticket(session, urgency=Urgency.URGENT)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    late = shanghai("2026-11-16 14:30")
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=late)
    stopped = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(stopped.breached_at) == "2026-11-16 14:00"
    assert shown(stopped.due_at) == "2026-11-16 14:00"
    assert stopped.late_at is None
    await resume_clocks(session, ticket, at=shanghai("2026-11-16 15:30"))
    assert shown((await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).late_at) == "2026-11-16 17:00"


async def test_each_progress_message_restarts_the_progress_clock(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, (Clock.PROGRESS,), at=MONDAY)
    told = shanghai("2026-11-17 15:00")
    await restart_clock(session, ticket, Clock.PROGRESS, at=told)
    first, second = await all_clocks(session, ticket)
    assert first.met_at == told
    assert second.started_at == told
    assert shown(second.due_at) == "2026-11-19 18:00"


async def test_a_progress_message_starts_no_clock_that_did_not_run(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await restart_clock(session, ticket, Clock.PROGRESS, at=MONDAY)
    assert await all_clocks(session, ticket) == []


async def test_closing_ends_what_still_runs_and_reopening_starts_new_clocks(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-16 11:00"))
    closed, reopened = shanghai("2026-11-17 09:00"), shanghai("2026-11-20 09:00")
    await end_clocks(session, ticket, at=closed)
    assert await next_due(session, ticket) is None
    await start_clocks(session, ticket, PLAN, at=reopened)
    old, new = await all_clocks(session, ticket)
    assert (old.ended_at, old.met_at, old.breached_at) == (closed, None, None)
    assert shown(new.due_at) == "2026-11-24 18:00"


async def test_more_urgent_computes_again_from_the_original_start_and_records_old_and_new(
    session: AsyncSession,
) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await stop_clocks(session, ticket, reason="等待商家补充材料", at=shanghai("2026-11-16 10:30"))
    await resume_clocks(session, ticket, at=shanghai("2026-11-16 11:30"))
    changed = shanghai("2026-11-16 12:00")
    await recompute(session, urgent(ticket), cause=ChangeCause.URGENCY, at=changed)
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert clock.started_at == MONDAY
    assert shown(clock.due_at) == "2026-11-16 15:00"
    change = (await session.scalars(select(ClockChange).where(ClockChange.clock_id == clock.id))).one()
    assert (change.cause, change.at) == (ChangeCause.URGENCY, changed)
    assert shown(change.old_due_at) == "2026-11-19 10:00"
    assert shown(change.new_due_at) == "2026-11-16 15:00"
    assert change.old_limit == {"limit": {"value": 2, "unit": "workdays"}, "calendar": WORKING_HOURS}
    assert change.new_limit == {"limit": {"value": 4, "unit": "hours"}, "calendar": AROUND_THE_CLOCK}


async def test_what_only_urgent_tickets_owe_stands_by_and_starts_when_the_ticket_becomes_urgent(
    session: AsyncSession,
) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, (Clock.COORDINATION,), at=MONDAY)
    standing_by = await the_clock(session, ticket, Clock.COORDINATION)
    assert (standing_by.figure, standing_by.due_at, standing_by.why) == (None, None, None)
    became_urgent = shanghai("2026-11-17 16:00")
    await recompute(session, urgent(ticket), cause=ChangeCause.URGENCY, at=became_urgent)
    started = await the_clock(session, ticket, Clock.COORDINATION)
    assert started.started_at == became_urgent
    assert shown(started.due_at) == "2026-11-17 18:00"
    await recompute(session, ticket, cause=ChangeCause.URGENCY, at=shanghai("2026-11-17 16:30"))
    calmed = await the_clock(session, ticket, Clock.COORDINATION)
    assert (calmed.figure, calmed.due_at, calmed.breached_at) == (None, None, None)


async def test_a_contract_tightens_a_limit_and_the_explanation_names_it(session: AsyncSession) -> None:
    clause = Clause(Clock.PLAN_SUBMISSION, Urgency.NORMAL, Figure(hours(6), WORKING_HOURS), "HT-2026-018", "7")
    ticket = await new_ticket(session, clauses=(clause,))
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.due_at) == "2026-11-16 17:30"
    assert clock.source is SourceKind.CONTRACT
    assert clock.why is not None
    assert (clock.why.source.contract, clock.why.source.clause) == ("HT-2026-018", "7")
    await recompute(session, replace(ticket, clauses=()), cause=ChangeCause.CONTRACT, at=shanghai("2026-11-16 12:00"))
    assert shown((await the_clock(session, ticket, Clock.PLAN_SUBMISSION)).due_at) == "2026-11-18 18:00"


async def test_a_breached_clock_stays_as_recorded_whatever_changes(session: AsyncSession) -> None:
    ticket = await new_ticket(session, urgency=Urgency.URGENT)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    calmer = replace(ticket, urgency=Urgency.NORMAL)
    await recompute(session, calmer, cause=ChangeCause.URGENCY, at=shanghai("2026-11-16 15:00"))
    clock = await the_clock(session, ticket, Clock.PLAN_SUBMISSION)
    assert shown(clock.breached_at) == "2026-11-16 14:00"
    assert shown(clock.due_at) == "2026-11-16 14:00"
    assert clock.urgency is Urgency.URGENT


async def test_several_things_at_once_load_and_save_once(session: AsyncSession) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, (Clock.FIRST_RESPONSE,), at=MONDAY)
    accepted = shanghai("2026-11-16 10:20")
    loaded = await load_clocks(session, replace(ticket, department=Department.OPERATIONS))
    loaded.meet((Clock.FIRST_RESPONSE,), accepted)
    loaded.start((Clock.PROGRESS, Clock.PLAN_SUBMISSION), accepted)
    loaded.stop("等待商家补充材料", accepted)
    await save_clocks(session, loaded)
    clocks = await all_clocks(session, ticket)
    assert [(clock.clock, clock.is_running) for clock in clocks] == [
        (Clock.FIRST_RESPONSE, False),
        (Clock.PLAN_SUBMISSION, True),
        (Clock.PROGRESS, True),
    ]
    assert await next_due(session, ticket) is None


@pytest.mark.parametrize(
    "change",
    ["breached_at = NULL", "met_at = NULL", "due_at = due_at + interval '1 day'", "started_at = now()"],
)
async def test_the_database_refuses_to_correct_a_clock_on_record(session: AsyncSession, change: str) -> None:
    ticket = await new_ticket(session)
    await start_clocks(session, ticket, PLAN, at=MONDAY)
    await meet_clocks(session, ticket, PLAN, at=shanghai("2026-11-20 09:00"))
    with pytest.raises(DBAPIError, match="kept as it was"):
        async with session.begin_nested():
            await session.execute(text(f"UPDATE ticket_clock SET {change}"))


async def test_the_database_refuses_to_delete_clocks_and_to_change_what_was_recorded(session: AsyncSession) -> None:
    for statement in ("DELETE FROM ticket_clock", "DELETE FROM clock_stop", "UPDATE clock_change SET at = now()"):
        with pytest.raises(DBAPIError, match="denied"):
            async with session.begin_nested():
                await session.execute(text(statement))
