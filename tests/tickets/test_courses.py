"""Courses follow what happens to tickets."""

from sqlalchemy import select

from anshou.tickets.courses.rows import Course
from anshou.tickets.kinds import Kind, Outcome
from tests.tickets.desk import Desk


async def courses(desk: Desk) -> list[Course]:
    ticket = await desk.ticket(desk.cast.executive)
    found = await desk.session.scalars(
        select(Course)
        .where(Course.ticket_id == ticket.id)
        .order_by(Course.position)
        .execution_options(populate_existing=True)
    )
    return list(found)


async def test_a_reopened_ticket_has_a_course_for_each_time_it_was_open(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    (course,) = await courses(desk)
    assert (course.ended_at, course.responded_at, course.reopened) == (None, None, False)
    await desk.act(desk.cast.account_manager, "accept", message="已收到，正在核实。")
    await desk.act(desk.cast.owner, "withdraw")
    (course,) = await courses(desk)
    assert course.outcome is Outcome.WITHDRAWN
    assert (course.response_minutes, course.handling_minutes) == (5, 10)
    await desk.act(desk.cast.owner, "reopen")
    first, second = await courses(desk)
    assert first.reopened
    assert not second.reopened
    assert second.started_at == desk.now
    assert second.responded_at is None
