"""What is sent a second time: said once, also when both come at the same time or the words lie sealed."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from anshou.people.person import Person
from anshou.tickets.entries import Entry
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.moving import make_move, was_made
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.repeats import SHORTLY, was_just_said, was_just_stated
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, add_note, attach_file, post_message
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.tickets.desk import STORED, Desk
from tests.tickets.samples import NOW, report, sample

LATER = timedelta(seconds=20)
OTHER = StoredFile(
    name=STORED.name, media_type=STORED.media_type, size=STORED.size, sha256="b" * 64, storage_key="2026/11/cd34"
)
RENAMED = StoredFile(
    name="别的.pdf", media_type=STORED.media_type, size=STORED.size, sha256=STORED.sha256, storage_key="2026/11/ef56"
)

both = pytest.mark.parametrize("confidential", [False, True])


async def say(ticket: Ticket, desk: Desk, by: Person, body: str, *, files: Sequence[StoredFile] = ()) -> None:
    await post_message(desk.session, ticket, body, by=by, at=desk.now, files=files)


def again(
    desk: Desk,
    ticket: Ticket,
    body: str,
    *,
    by: Person,
    to: Side = Side.MERCHANT,
    after: timedelta = LATER,
    files: Sequence[StoredFile] = (),
) -> Awaitable[bool]:
    return was_just_said(desk.session, ticket, body, to=to, by=by, at=desk.now + after, files=files)


@both
async def test_the_same_words_of_the_same_person_to_the_same_readers_are_a_repeat(
    desk: Desk, confidential: bool
) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner, confidential=confidential)
    for person in (desk.cast.owner, desk.cast.account_manager):
        ticket = await desk.ticket(person)
        assert not await again(desk, ticket, "好的", by=person)
        await say(ticket, desk, person, " 好的\n")
        assert await again(desk, ticket, "好的 ", by=person)
        assert not await again(desk, ticket, "好", by=person)
        assert not await again(desk, ticket, "好的", by=person, to=Side.AGENCY)
        assert not await again(desk, ticket, "好的", by=person, files=[STORED])


@both
async def test_the_same_words_an_hour_later_or_after_somebody_else_are_said_anew(
    desk: Desk, confidential: bool
) -> None:
    manager, agent = desk.cast.account_manager, desk.cast.service_agent
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner, confidential=confidential)
    ticket = await desk.ticket(manager)
    await add_note(desk.session, ticket, "好的", by=manager, at=desk.now)
    assert await again(desk, ticket, "好的", by=manager, to=Side.AGENCY, after=SHORTLY)
    assert not await again(desk, ticket, "好的", by=manager, to=Side.AGENCY, after=SHORTLY + LATER)
    assert not await again(desk, ticket, "好的", by=agent, to=Side.AGENCY)
    ticket = await desk.ticket(desk.cast.owner)
    await say(ticket, desk, desk.cast.owner, "还在吗？")
    ticket = await desk.ticket(manager)
    assert not await again(desk, ticket, "好的", by=manager, to=Side.AGENCY)


async def test_what_one_writes_oneself_in_between_counts_too(desk: Desk) -> None:
    manager = desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    ticket = await desk.ticket(manager)
    await say(ticket, desk, manager, "好的")
    await add_note(desk.session, ticket, "已答复", by=manager, at=desk.now)
    assert not await again(desk, ticket, "好的", by=manager)


async def test_a_merchants_repeat_does_not_tell_them_of_a_note_in_between(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    ticket = await desk.ticket(desk.cast.owner)
    await say(ticket, desk, desk.cast.owner, "好的")
    ticket = await desk.ticket(desk.cast.account_manager)
    await add_note(desk.session, ticket, "商家着急", by=desk.cast.account_manager, at=desk.now)
    ticket = await desk.ticket(desk.cast.owner)
    assert await again(desk, ticket, "好的", by=desk.cast.owner)


async def test_an_answer_that_ends_a_hold_is_a_repeat_all_the_same(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    await desk.act(desk.cast.account_manager, "accept")
    await desk.act(desk.cast.account_manager, "hold")
    ticket = await desk.ticket(desk.cast.owner)
    await say(ticket, desk, desk.cast.owner, "这是订单号")
    assert not ticket.on_hold
    assert await again(desk, ticket, "这是订单号", by=desk.cast.owner)


@both
async def test_files_count_by_their_names_and_contents(desk: Desk, confidential: bool) -> None:
    manager = desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner, confidential=confidential)
    ticket = await desk.ticket(manager)
    await say(ticket, desk, manager, "", files=[STORED, OTHER])
    assert await again(desk, ticket, "", by=manager, files=[OTHER, STORED])
    for files in ([], [STORED], [STORED, STORED], [STORED, OTHER, OTHER], [RENAMED, OTHER]):
        assert not await again(desk, ticket, "", by=manager, files=files), files


@both
async def test_progress_is_a_repeat_with_the_files_that_follow_it(desk: Desk, confidential: bool) -> None:
    manager = desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner, confidential=confidential)
    ticket = await desk.ticket(manager)
    move = ticket.process.move("report_progress")
    record, other = sample(move.record, desk.now), sample(move.record, desk.now, message="已换上新图")
    await make_move(desk.session, ticket, move.name, record, by=manager, at=desk.now, seen=ticket.version)
    for stored in (STORED, OTHER):
        await attach_file(desk.session, ticket, stored, audience=Side.MERCHANT, by=manager, at=desk.now)
    at = desk.now + LATER
    assert await was_just_stated(desk.session, ticket, move, record, by=manager, at=at, files=[STORED, OTHER])
    assert not await was_just_stated(desk.session, ticket, move, record, by=manager, at=at, files=[STORED])
    assert not await was_just_stated(desk.session, ticket, move, record, by=manager, at=at)
    assert not await was_just_stated(desk.session, ticket, move, other, by=manager, at=at, files=[STORED, OTHER])
    assert not await was_just_said(desk.session, ticket, "", to=Side.MERCHANT, by=manager, at=at, files=[OTHER])


@both
@pytest.mark.parametrize("name", ["record_contact", "hold_meeting"])
async def test_what_only_adds_a_row_is_known_by_all_that_it_states(desk: Desk, name: str, confidential: bool) -> None:
    manager = desk.cast.account_manager
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner, confidential=confidential)
    await desk.act(manager, "accept")
    ticket = await desk.ticket(manager)
    move = ticket.process.move(name)
    record = desk.named(sample(move.record, desk.now))
    assert not await was_just_stated(desk.session, ticket, move, record, by=manager, at=desk.now)
    await make_move(desk.session, ticket, name, record, by=manager, at=desk.now, seen=ticket.version)
    assert await was_just_stated(desk.session, ticket, move, record, by=manager, at=desk.now + LATER)
    changed = desk.named(sample(move.record, desk.now), people="张三、李四")
    assert not await was_just_stated(desk.session, ticket, move, changed, by=manager, at=desk.now + LATER)


@both
async def test_a_plan_that_was_submitted_is_known_with_its_measures(desk: Desk, confidential: bool) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner, confidential=confidential)
    for person, move in (
        (cast.account_manager, "accept"),
        (cast.account_manager, "dispatch"),
        (cast.specialist, "conclude_analysis"),
    ):
        await desk.act(person, move)
    ticket = await desk.ticket(cast.specialist)
    seen = ticket.version
    record = desk.named(sample(ticket.process.move("submit_plan").record, desk.now))
    assert record.measures
    ticket = await desk.act_with(cast.specialist, "submit_plan", record)
    assert await was_made(desk.session, ticket, "submit_plan", record, by=cast.specialist, seen=seen)
    other = desk.named(record, measures=record.measures * 2)
    assert not await was_made(desk.session, ticket, "submit_plan", other, by=cast.specialist, seen=seen)


@pytest.mark.usefixtures("wiped")
@both
@pytest.mark.parametrize("to", Side)
async def test_of_two_that_come_at_the_same_time_one_is_said(
    tenants: Tenants, tenant: Tenant, to: Side, confidential: bool
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    async with tenants.session(tenant, cast.owner.context()) as session:
        given = report(Kind.SERVICE_QUALITY, confidential=confidential)
        number = (await open_ticket(session, given, by=cast.owner, at=NOW)).number
    manager, write = cast.account_manager, post_message if to is Side.MERCHANT else add_note
    both_looked, first_holds = asyncio.Barrier(2), asyncio.Event()

    async def send(*, is_first: bool) -> bool:
        """One request on a connection of its own; whether it found that it was said already."""
        async with tenants.session(tenant, manager.context()) as session:
            ticket = await visible_ticket(session, manager, number)
            await both_looked.wait()
            if not is_first:
                await first_holds.wait()
            repeat = await was_just_said(session, ticket, "好的", to=to, by=manager, at=NOW)
            first_holds.set()
            if not repeat:
                # The other one runs into the lock before this one has written and committed.
                await asyncio.sleep(0.2)
                await write(session, ticket, "好的", by=manager, at=NOW)
            return repeat

    first, second = await asyncio.gather(send(is_first=True), send(is_first=False))
    assert not first
    assert second
    async with tenants.session(tenant, AGENCY) as session:
        mine = select(func.count()).select_from(Entry).where(Entry.author_id == manager.id)
        assert await session.scalar(mine) == 1
