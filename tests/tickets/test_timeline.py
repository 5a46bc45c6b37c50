"""The timeline: nothing is ever changed, and nothing internal ever reaches a merchant, whatever is asked."""

import asyncpg
import pytest
from sqlalchemy import select, text

from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from anshou.tickets.attachments import attachments_of, visible_attachment
from anshou.tickets.entries import Entry
from anshou.tickets.errors import AttachmentNotFound, EntryNotFound, NothingSaid, TicketClosed
from anshou.tickets.kinds import EntrySort, Kind, Side
from anshou.tickets.reading import read_timeline
from anshou.tickets.timeline import LONGEST, add_note, post_message
from tenants.chains import tenant_chain
from tests.conftest import ActAs
from tests.database import Database
from tests.tickets.desk import STORED, Desk

SECRET = "对商家保密的内部判断"

INSIDE = (
    "ticket_desk",
    "plan_review",
    "triage",
    "analysis",
    "factor",
    "hand_over",
    "escalation",
    "ticket_link",
    "meeting",
    "meeting_decision",
    "evidence_item",
    "point_at_issue",
    "improvement",
)


async def busy(desk: Desk) -> None:
    """A ticket about which much was said inside the agency."""
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis", cause=SECRET)
    await desk.act(cast.account_manager, "escalate", reason=SECRET)
    await desk.act(cast.specialist, "hold_meeting", discussion=SECRET)
    await desk.act(cast.specialist, "submit_plan", summary=SECRET)
    await desk.act(cast.supervisor, "send_back_plan", reason=SECRET)
    ticket = await desk.ticket(cast.specialist)
    await add_note(desk.session, ticket, SECRET, by=cast.specialist, at=desk.now, files=(STORED,))


async def test_a_merchant_reads_what_is_said_to_them_and_nothing_internal(desk: Desk) -> None:
    await busy(desk)
    told = await read_timeline(desk.session, desk.cast.owner, await desk.ticket(desk.cast.owner))
    assert [entry.move for entry in told] == ["open", "accept", "dispatch", "conclude_analysis"]
    assert SECRET not in str(told)
    assert all(entry.inner == {} and entry.inner_changes == {} for entry in told)
    # What the merchant is told of the dispatch; its severity is not among it.
    assert told[2].record["department"] == "operations"
    assert "severity" not in told[2].record


async def test_the_agency_reads_both_parts_of_an_entry_together(desk: Desk) -> None:
    await busy(desk)
    told = await read_timeline(desk.session, desk.cast.supervisor, await desk.ticket(desk.cast.supervisor))
    assert [entry.move for entry in told] == [
        "open", "accept", "dispatch", "conclude_analysis", "escalate", "hold_meeting", "submit_plan",
        "send_back_plan", None,
    ]  # fmt: skip
    by_move = {entry.move: entry for entry in told}
    assert by_move["dispatch"].inner == {"severity": "moderate"}
    assert by_move["dispatch"].inner_changes == {"severity": [None, "moderate"]}
    assert by_move["dispatch"].changes["step"] == ["accepted", "analysis"]
    assert by_move["escalate"].changes["level"] == [None, "supervisor"]
    assert [entry.label for entry in told][-2:] == ["退回修改", "内部备注"]
    assert told[-1].attachments[0].name == STORED.name


async def test_no_query_in_a_merchants_context_returns_anything_internal(desk: Desk, act_as: ActAs) -> None:
    """Raw SQL, as an injection on the merchant's behalf would ask it, over every table of this room."""
    await busy(desk)
    await act_as(desk.cast.owner.context())
    for table in INSIDE:
        assert (await desk.session.execute(text(f"SELECT * FROM {table}"))).all() == [], table
    for table in ("entry", "attachment", "plan", "measure"):
        rows = await desk.session.execute(text(f"SELECT audience, to_jsonb({table})::text FROM {table}"))
        for audience, everything in rows:
            assert audience == "merchant", table
            assert SECRET not in everything


async def test_no_statement_in_a_merchants_context_changes_what_is_internal(desk: Desk, act_as: ActAs) -> None:
    await busy(desk)
    await act_as(desk.cast.owner.context())
    for statement in (
        "UPDATE ticket_desk SET level = NULL",
        "UPDATE plan SET audience = 'merchant'",
        "UPDATE measure SET audience = 'merchant'",
        "UPDATE escalation SET reason = ''",
    ):
        assert (await desk.session.execute(text(statement))).rowcount == 0, statement


def test_every_internal_table_of_the_migrations_is_tried() -> None:
    """A table of this room that is kept inside the agency must be in the list above."""
    restrictive = {
        line.split(" ON ")[1].split()[0]
        for step in tenant_chain().revisions
        if step.name.startswith("0003_tickets")
        for line in step.sql.splitlines()
        if "AS RESTRICTIVE" in line and "_inside " in line
    }
    # A later revision told the merchant of determinations.
    told = {"determination", "determination_share"}
    assert restrictive - told == {*INSIDE, "entry", "attachment", "plan", "measure"}


@pytest.mark.parametrize("table", ["entry", "attachment"])
async def test_the_tenants_login_cannot_change_the_timeline(desk: Desk, table: str) -> None:
    await busy(desk)
    for person in (desk.cast.executive, desk.cast.owner):
        assert await desk.refused(f"UPDATE {table} SET audience = 'merchant'", person)
        assert await desk.refused(f"DELETE FROM {table}", person)
        assert await desk.refused(f"TRUNCATE {table}", person)


@pytest.mark.parametrize("table", ["entry", "attachment", "rating", "signature", "closure"])
async def test_not_even_the_tables_owner_can_change_the_timeline(database: Database, desk: Desk, table: str) -> None:
    owner = await database.connect_as_owner()
    try:
        await owner.execute(f"SET search_path = {desk.session.info['tenant'].schema}")
        for change in (
            f"UPDATE {table} SET ticket_id = ticket_id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                await owner.execute(change)
    finally:
        await owner.close()


async def test_messages_are_for_both_sides_and_notes_for_the_agency(desk: Desk) -> None:
    cast = desk.cast
    ticket = await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    ticket = await desk.ticket(cast.account_manager)
    said = await post_message(desk.session, ticket, " 已收到 ", by=cast.account_manager, at=desk.now)
    noted = await add_note(desk.session, ticket, "先查设计稿", by=cast.account_manager, at=desk.now)
    assert (said.sort, said.audience, said.body) == (EntrySort.MESSAGE, Side.MERCHANT, "已收到")
    assert (noted.sort, noted.audience) == (EntrySort.NOTE, Side.AGENCY)
    # The clock stood still, the timeline did not.
    assert said.at < noted.at == ticket.last_entry_at
    with pytest.raises(PermissionMissing):
        await add_note(desk.session, ticket, "我也看看", by=cast.owner, at=desk.now)
    for person in (cast.finance, cast.auditor, cast.admin):
        with pytest.raises(PermissionMissing):
            await post_message(desk.session, ticket, "您好", by=person, at=desk.now)


@pytest.mark.parametrize("body", ["", "  \n", "长" * (LONGEST + 1)])
async def test_a_message_says_something_and_not_too_much(desk: Desk, body: str) -> None:
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    with pytest.raises(NothingSaid):
        await post_message(desk.session, ticket, body, by=desk.cast.owner, at=desk.now)


async def test_pictures_need_no_words(desk: Desk) -> None:
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    said = await post_message(desk.session, ticket, "", by=desk.cast.owner, at=desk.now, files=(STORED, STORED))
    assert [file.entry_id for file in await attachments_of(desk.session, ticket)] == [said.id, said.id]


async def test_a_correction_is_a_new_entry_that_names_the_one_it_puts_right(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    ticket = await desk.ticket(cast.account_manager)
    said = await post_message(desk.session, ticket, "周五前完成", by=cast.account_manager, at=desk.now)
    noted = await add_note(desk.session, ticket, "其实要下周", by=cast.account_manager, at=desk.now)
    right = await post_message(
        desk.session, ticket, "更正：下周一前完成", by=cast.account_manager, at=desk.now, corrects=said.id
    )
    assert right.corrects == said.id
    assert (await desk.session.scalar(select(Entry.body).where(Entry.id == said.id))) == "周五前完成"
    with pytest.raises(EntryNotFound):
        await post_message(desk.session, ticket, "更正", by=cast.account_manager, at=desk.now, corrects=noted.id)
    await desk.act_as(cast.owner.context())
    ticket = await desk.ticket(cast.owner)
    with pytest.raises(EntryNotFound):
        await post_message(desk.session, ticket, "更正", by=cast.owner, at=desk.now, corrects=said.id)


async def test_nothing_more_is_said_to_the_other_side_on_a_closed_ticket(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.owner, "withdraw")
    for person in (cast.owner, cast.account_manager):
        ticket = await desk.ticket(person)
        with pytest.raises(TicketClosed):
            await post_message(desk.session, ticket, "还有问题", by=person, at=desk.now)
    noted = await add_note(desk.session, ticket, "回访时再问", by=cast.account_manager, at=desk.now)
    assert noted.sort is EntrySort.NOTE


async def test_a_file_of_the_agencys_own_is_not_there_for_the_merchant(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    inside = await desk.add_file(cast.account_manager, Side.AGENCY)
    shown = await desk.add_file(cast.account_manager, Side.MERCHANT)
    theirs = await desk.add_file(cast.member, Side.AGENCY)
    ticket = await desk.ticket(cast.owner)
    assert [file.id for file in await attachments_of(desk.session, ticket)] == [shown, theirs]
    with pytest.raises(AttachmentNotFound):
        await visible_attachment(desk.session, ticket, inside)


async def test_a_communication_record_is_shown_when_it_is_marked_so(desk: Desk) -> None:
    cast = desk.cast
    await desk.open(Kind.SERVICE_QUALITY, cast.owner)
    await desk.act(cast.account_manager, "record_contact", content=SECRET)
    await desk.act(cast.account_manager, "record_contact", content="已电话说明进度", show_merchant=True)
    told = await read_timeline(desk.session, cast.owner, await desk.ticket(cast.owner))
    assert [(entry.sort, entry.record.get("content")) for entry in told[1:]] == [(EntrySort.CONTACT, "已电话说明进度")]


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.AGENCY_ADMIN])
async def test_who_reads_no_tickets_reads_no_timeline(desk: Desk, role: Role) -> None:
    ticket = await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    with pytest.raises(PermissionMissing):
        await read_timeline(desk.session, desk.cast.staff[role], ticket)
