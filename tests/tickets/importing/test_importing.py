"""A ledger becomes tickets, once, all of them or none."""

import json
from dataclasses import fields

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.merchants import Merchant
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.entries import Entry
from anshou.tickets.importing.batches import ImportFinding, ImportRow, Step
from anshou.tickets.importing.carrying_out import ask_for_import
from anshou.tickets.importing.deciding import accept
from anshou.tickets.importing.errors import NoLongerFits, NothingToImport, StillOpen, Touched
from anshou.tickets.importing.found import count_open
from anshou.tickets.importing.undoing import undo_import
from anshou.tickets.kinds import EntrySort, Kind, Outcome, Status
from anshou.tickets.recorded import entry_digest
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import add_note
from confidentiality.audit.encoding import LeafContent
from confidentiality.audit.leaves import AuditLeaf
from tenants.storage import ObjectStorage
from tests.cast import NOW, Anhe
from tests.tickets.importing.ledgers import SHOP, imported, mapped, nothing_private


def leaf_content(leaf: AuditLeaf) -> LeafContent:
    return LeafContent(**{field.name: getattr(leaf, field.name) for field in fields(LeafContent)})


async def _tickets(session: AsyncSession) -> list[Ticket]:
    return list(await session.scalars(select(Ticket).order_by(Ticket.opened_at, Ticket.number)))


async def test_a_ledger_becomes_tickets_that_stand_where_it_says(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    batch = await imported(session, storage, anhe.supervisor)

    tickets = await _tickets(session)
    assert batch.step is Step.IMPORTED
    assert batch.ticket_count == len(tickets) == 6
    closed = [one for one in tickets if one.is_closed]
    assert {one.outcome for one in closed} == {Outcome.RESOLVED}
    assert [f"{one.occurred_on}" for one in closed] == ["2026-08-06", "2026-08-09", "2026-08-10"]
    assert {one.status for one in tickets if one.kind is Kind.CONTRACT_DISPUTE} == {Status.AWAITING_CUSTOMER}
    assert all(one.number.startswith(("FW2608-", "SJ2608-", "JF2608-", "HT2608-")) for one in tickets)


async def test_nothing_is_imported_while_something_is_undecided(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    batch, _ = await mapped(session, storage, anhe.supervisor)

    assert await count_open(session, batch) > 0
    with pytest.raises(StillOpen):
        await ask_for_import(session, storage, batch, is_private=nothing_private, by=anhe.supervisor, at=NOW)
    assert await _tickets(session) == []


async def test_nothing_is_imported_once_a_row_does_not_fit_any_more(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    batch, _ = await mapped(session, storage, anhe.supervisor)
    await accept(session, batch, by=anhe.supervisor)
    await session.execute(
        update(Merchant).where(Merchant.name == SHOP).values(ended_at=NOW, ended_by=anhe.executive.id)
    )

    with pytest.raises(NoLongerFits, match="第 4 行"):
        await ask_for_import(session, storage, batch, is_private=nothing_private, by=anhe.supervisor, at=NOW)


async def test_numbers_follow_the_rows_of_the_file_and_go_on_from_stretch_to_stretch(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anshou.tickets.importing.carrying_out.STRETCH", 2)
    batch = await imported(session, storage, anhe.supervisor)

    of_rows = select(Ticket.number).join(ImportRow, ImportRow.ticket_id == Ticket.id).order_by(ImportRow.line)
    numbers = list(await session.scalars(of_rows))
    assert len(set(numbers)) == batch.ticket_count == 6
    for series in {one[:6] for one in numbers}:
        counted = [int(one[7:]) for one in numbers if one.startswith(series)]
        assert counted == list(range(1, len(counted) + 1))


async def test_the_same_file_again_adds_nothing(session: AsyncSession, storage: ObjectStorage, anhe: Anhe) -> None:
    await imported(session, storage, anhe.supervisor)
    again, _ = await mapped(session, storage, anhe.supervisor)
    await accept(session, again, by=anhe.supervisor)

    assert (again.ready_count, again.there_count) == (0, 7)
    with pytest.raises(NothingToImport):
        await ask_for_import(session, storage, again, is_private=nothing_private, by=anhe.supervisor, at=NOW)


async def test_open_tickets_have_clocks_from_now_on_and_closed_ones_none(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    await imported(session, storage, anhe.supervisor)

    clocks = list(await session.scalars(select(TicketClock)))
    open_ids = {one.id for one in await _tickets(session) if not one.is_closed}
    assert clocks
    assert {one.ticket_id for one in clocks} <= open_ids
    assert {one.started_at for one in clocks} == {NOW}
    assert all(one.due_at is None or one.due_at > NOW for one in clocks)


async def test_the_timeline_says_where_it_came_from_and_merchants_read_no_plan(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    await imported(session, storage, anhe.supervisor)

    first = (await _tickets(session))[0]
    entries = list(await session.scalars(select(Entry).where(Entry.ticket_id == first.id).order_by(Entry.at)))
    assert [one.sort for one in entries] == [EntrySort.SYSTEM, EntrySort.SYSTEM, EntrySort.NOTE]
    assert entries[1].record["file"] == "台账.xlsx"
    assert entries[1].record["line"] == "4"
    assert entries[1].record["amount"] == "350.00"
    assert [one.audience.value for one in entries] == ["merchant", "agency", "agency"]
    leaves = {
        one.subject_id: one for one in await session.scalars(select(AuditLeaf).where(AuditLeaf.ticket_id.is_not(None)))
    }
    for entry in await session.scalars(select(Entry)):
        leaf = leaves.pop(entry.id)
        assert json.loads(leaf.body)["digest"] == entry_digest(entry).hex()
        assert leaf_content(leaf).hash(session.info["tenant"].id) == leaf.leaf_hash
    assert leaves == {}


async def test_an_import_is_undone_as_one(session: AsyncSession, storage: ObjectStorage, anhe: Anhe) -> None:
    batch = await imported(session, storage, anhe.supervisor)
    await undo_import(session, batch, by=anhe.supervisor, at=NOW)

    assert batch.step is Step.UNDONE
    assert await _tickets(session) == []
    assert await session.scalar(select(func.count()).select_from(Entry)) == 0
    again = await imported(session, storage, anhe.supervisor)
    assert again.ticket_count == 6


async def test_an_import_stays_once_somebody_has_worked_on_it(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    batch = await imported(session, storage, anhe.supervisor)
    ticket = (await _tickets(session))[0]
    await add_note(session, ticket, "已核对", by=anhe.supervisor, at=NOW)

    with pytest.raises(Touched) as refused:
        await undo_import(session, batch, by=anhe.supervisor, at=NOW)
    assert ticket.number in str(refused.value)
    assert len(await _tickets(session)) == 6


async def test_findings_are_gone_after_the_import(session: AsyncSession, storage: ObjectStorage, anhe: Anhe) -> None:
    batch = await imported(session, storage, anhe.supervisor)

    assert batch.storage_key is None
    assert await session.scalar(select(func.count()).select_from(ImportFinding)) == 0
