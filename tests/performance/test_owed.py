"""The courses of an imported ledger are counted after the import, and pages say so until they are."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.categories import Category
from anshou.tickets.courses.counting_all import is_counted
from anshou.tickets.courses.owed import MEASURE, count_owed, owe_courses
from anshou.tickets.courses.recounting import recount
from anshou.tickets.courses.rows import Course
from anshou.tickets.importing.batches import visible_import
from anshou.tickets.importing.undoing import undo_import
from anshou.tickets.kinds import Kind
from anshou.tickets.tickets import Ticket
from tenants.prepared import fetch
from tenants.storage import open_storage
from tests.cast import NOW
from tests.tickets.desk import Desk
from tests.tickets.importing.ledgers import imported


async def courses(session: AsyncSession) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in await session.execute(select(*Course.__table__.columns))}


async def count_all_owed(session: AsyncSession) -> None:
    while await count_owed(session):
        pass


async def test_an_import_owes_the_courses_of_its_tickets_and_a_job_counts_them(desk: Desk) -> None:
    session, cast = desk.session, desk.cast
    assert await is_counted(session)
    batch = await imported(session, open_storage("memory:"), cast.supervisor)

    assert not await is_counted(session)
    assert await session.scalar(select(func.count()).select_from(Course)) == 0
    await count_all_owed(session)
    assert await is_counted(session)
    kept = await courses(session)
    assert len(kept) == batch.ticket_count
    await recount(session, list(await session.scalars(select(Ticket.id))))
    assert await courses(session) == kept


async def test_merchants_are_told_of_their_own_only(desk: Desk) -> None:
    session, cast = desk.session, desk.cast
    await desk.act_as(cast.executive.context())
    await owe_courses(session, {cast.yunshan.id: [UUID(int=1)]})

    await desk.act_as(cast.owner.context())
    assert cast.owner.merchant_id == cast.yunshan.id
    assert not await is_counted(session)
    await desk.act_as(cast.executive.context())
    await count_all_owed(session)
    await owe_courses(session, {cast.qinghe.id: [UUID(int=1)]})
    await desk.act_as(cast.owner.context())
    assert await is_counted(session)


async def test_what_was_a_repetition_of_an_imported_ticket_is_none_once_it_is_taken_back(desk: Desk) -> None:
    session, cast = desk.session, desk.cast
    batch = await imported(session, open_storage("memory:"), cast.supervisor)
    await count_all_owed(session)
    closed = (await session.scalars(select(Ticket).where(Ticket.closed_at.is_not(None)))).all()
    assert closed
    repeated = max(closed, key=lambda ticket: ticket.closed_at)
    # The same again, some days later.
    later = await desk.open(Kind.SERVICE_QUALITY, cast.service_agent, merchant=repeated.merchant_id, shop=None)
    await desk.act_as(cast.executive.context())
    both = [repeated.id, later.id]
    await session.execute(update(Ticket).where(Ticket.id.in_(both)).values(category=Category.SHOP_OPERATION))
    await recount(session, both)
    like = select(Course.like_ended_at).where(Course.ticket_id == later.id)
    assert await session.scalar(like) is not None

    await undo_import(session, await visible_import(session, batch.id, by=cast.supervisor), by=cast.supervisor, at=NOW)
    assert not await is_counted(session)
    await count_all_owed(session)
    assert await session.scalar(like) is None
    assert await session.scalar(select(func.count()).select_from(Course)) == 1


async def test_a_job_is_left_with_what_is_owed(desk: Desk) -> None:
    await imported(desk.session, open_storage("memory:"), desk.cast.supervisor)
    await owe_courses(desk.session, {})
    rows = await fetch(desk.session, "SELECT cardinality(tickets) FROM course_owed")
    assert sum(row[0] for row in rows) == 6
    assert MEASURE == "performance.measure"
