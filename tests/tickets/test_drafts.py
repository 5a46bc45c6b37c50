"""What is typed and not sent is kept for its author alone, and not of what is confidential."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.privacy.retention.sweeping import sweep_old
from anshou.tickets.drafts import ENTRY, MOST_FIELDS, Basis, Draft, discard_draft, drafts_on, save_draft
from anshou.tickets.errors import DraftElsewhere, DraftNotKept, DraftTooLong, MoveUnknown
from anshou.tickets.kinds import Kind
from anshou.tickets.marking import mark_confidential, seal_what_was_said
from anshou.tickets.tickets import Ticket
from tenants.context import AGENCY
from tenants.storage import open_storage
from tests.conftest import ActAs
from tests.tickets.desk import Desk
from tests.tickets.samples import NOW

SAID = {"body": ["我们今天下午"], "audience": ["message"]}


async def reported(desk: Desk) -> Ticket:
    return await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)


async def keep(desk: Desk, person: Person, form: str = ENTRY) -> Ticket:
    ticket = await desk.ticket(person)
    await save_draft(desk.session, ticket, form, SAID, by=person, at=NOW)
    return ticket


async def test_a_draft_is_kept_by_form_and_replaced_by_what_was_typed_later(desk: Desk) -> None:
    await reported(desk)
    person = desk.cast.account_manager
    ticket = await keep(desk, person)
    later = NOW + timedelta(minutes=3)
    await save_draft(desk.session, ticket, ENTRY, {"body": ["换了一句"]}, by=person, at=later)
    await save_draft(desk.session, ticket, "assign", {"owner": ["x"]}, by=person, at=NOW)
    found = await drafts_on(desk.session, await desk.ticket(person), person)
    assert {form: draft.fields for form, draft in found.items()} == {
        ENTRY: {"body": ["换了一句"]},
        "assign": {"owner": ["x"]},
    }
    assert found[ENTRY].saved_at == later
    await discard_draft(desk.session, ticket, ENTRY, by=person)
    assert set(await drafts_on(desk.session, await desk.ticket(person), person)) == {"assign"}


async def test_a_page_writes_over_what_it_knows_and_over_nothing_else(desk: Desk) -> None:
    await reported(desk)
    person, ticket = desk.cast.account_manager, await desk.ticket(desk.cast.account_manager)

    async def keep_from(page: str, seen: datetime | None, body: str, *, minutes: int) -> datetime:
        at = NOW + timedelta(minutes=minutes)
        said = {"body": [body]}
        await save_draft(desk.session, ticket, ENTRY, said, by=person, at=at, basis=Basis(page, seen))
        return at

    first = await keep_from("older", None, "先问美工", minutes=1)
    await keep_from("older", None, "先问美工，", minutes=2)
    with pytest.raises(DraftElsewhere):
        await keep_from("newer", first, "今天答复", minutes=3)
    seen = await keep_from("older", first, "先问美工，再答复", minutes=4)
    newer = await keep_from("newer", seen, "今天答复", minutes=5)
    with pytest.raises(DraftElsewhere):
        await keep_from("older", seen, "先问美工，再答复商家", minutes=6)
    # The same words are no loss, and who says that they know what stands there may.
    await keep_from("third", None, "今天答复", minutes=7)
    with pytest.raises(DraftElsewhere):
        await keep_from("newer", newer, "今天下午答复", minutes=8)
    kept = (await drafts_on(desk.session, ticket, person))[ENTRY]
    assert kept.fields == {"body": ["今天答复"]}
    await keep_from("older", kept.saved_at, "先问美工，再答复商家", minutes=9)
    assert await desk.session.scalar(select(Draft.page)) == "older"


async def test_what_a_page_sends_takes_no_words_of_another_page_with_it(desk: Desk) -> None:
    await reported(desk)
    person, ticket = desk.cast.account_manager, await desk.ticket(desk.cast.account_manager)
    await save_draft(desk.session, ticket, ENTRY, SAID, by=person, at=NOW, basis=Basis("newer", None))
    await discard_draft(desk.session, ticket, ENTRY, by=person, basis=Basis("older", None))
    await discard_draft(desk.session, ticket, ENTRY, by=person, basis=Basis("older", NOW - timedelta(minutes=1)))
    assert set(await drafts_on(desk.session, ticket, person)) == {ENTRY}
    await discard_draft(desk.session, ticket, ENTRY, by=person, basis=Basis("older", NOW))
    assert await drafts_on(desk.session, ticket, person) == {}


async def test_nobody_else_reads_it_not_even_in_the_agencys_context(desk: Desk, act_as: ActAs) -> None:
    await reported(desk)
    await keep(desk, desk.cast.account_manager)
    for other in (desk.cast.service_agent, desk.cast.executive, desk.cast.owner, desk.cast.member):
        await act_as(other.context())
        assert await desk.session.scalar(select(func.count()).select_from(Draft)) == 0, other.name
    await act_as(desk.cast.account_manager.context())
    assert await desk.session.scalar(select(func.count()).select_from(Draft)) == 1


async def test_nobody_keeps_a_draft_in_anothers_name(desk: Desk, act_as: ActAs) -> None:
    await reported(desk)
    await keep(desk, desk.cast.account_manager)
    await act_as(desk.cast.executive.context())
    with pytest.raises(DBAPIError, match="row-level security"):
        await desk.session.execute(
            text(
                "INSERT INTO ticket_draft SELECT gen_random_uuid(), merchant_id, id, :account, 'entry', '{}', now() "
                "FROM ticket"
            ),
            {"account": desk.cast.service_agent.id},
        )


async def test_nothing_is_kept_of_a_confidential_ticket_and_what_was_there_goes(desk: Desk, act_as: ActAs) -> None:
    await reported(desk)
    person = desk.cast.account_manager
    ticket = await keep(desk, person)
    await mark_confidential(desk.session, ticket, by=person, at=NOW)
    assert await drafts_on(desk.session, ticket, person) == {}
    with pytest.raises(DraftNotKept):
        await save_draft(desk.session, ticket, ENTRY, SAID, by=person, at=NOW)
    await act_as(AGENCY)
    await seal_what_was_said(desk.session, ticket.id)
    assert await desk.session.scalar(select(func.count()).select_from(Draft)) == 0


async def test_the_database_refuses_a_draft_of_a_confidential_ticket(desk: Desk, session: AsyncSession) -> None:
    await reported(desk)
    person = desk.cast.account_manager
    ticket = await desk.ticket(person)
    await mark_confidential(session, ticket, by=person, at=NOW)
    with pytest.raises(DBAPIError, match="content of a confidential ticket"):
        await session.execute(
            text("INSERT INTO ticket_draft VALUES (gen_random_uuid(), :merchant, :ticket, :person, 'e', '{}', now())"),
            {"merchant": ticket.merchant_id, "ticket": ticket.id, "person": person.id},
        )


async def test_a_form_that_there_is_not_and_one_too_long_are_refused(desk: Desk) -> None:
    await reported(desk)
    person = desk.cast.account_manager
    ticket = await desk.ticket(person)
    with pytest.raises(MoveUnknown):
        await save_draft(desk.session, ticket, "fly", SAID, by=person, at=NOW)
    with pytest.raises(DraftTooLong):
        await save_draft(desk.session, ticket, ENTRY, {"body": ["长" * 70_000]}, by=person, at=NOW)
    with pytest.raises(DraftTooLong):
        await save_draft(desk.session, ticket, ENTRY, {"body": ["x"] * (MOST_FIELDS + 1)}, by=person, at=NOW)


async def test_what_nobody_goes_on_with_is_swept(desk: Desk, act_as: ActAs) -> None:
    await reported(desk)
    person = desk.cast.account_manager
    ticket = await keep(desk, person)
    await save_draft(desk.session, ticket, "assign", SAID, by=person, at=NOW + timedelta(days=20))
    await act_as(AGENCY)
    await sweep_old(desk.session, open_storage("memory:"), at=NOW + timedelta(days=31))
    assert list(await desk.session.scalars(select(Draft.form))) == ["assign"]
