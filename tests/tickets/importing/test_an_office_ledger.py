"""A quarter of an office's ledger, from the upload to its tickets, uploaded again, gone on with, and taken back."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entries import Entry
from anshou.tickets.importing.batches import ImportFinding, Step
from anshou.tickets.importing.carrying_out import ask_for_import
from anshou.tickets.importing.dates import Rule
from anshou.tickets.importing.deciding import accept, retype, skip
from anshou.tickets.importing.errors import NothingToImport, StillOpen
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.found import count_open
from anshou.tickets.importing.intake import begin_import, columns_of, table_of
from anshou.tickets.importing.lines import Weight
from anshou.tickets.importing.undoing import undo_import
from anshou.tickets.tickets import Ticket
from tenants.storage import ObjectStorage
from tests.cast import NOW, Anhe
from tests.tickets.importing.ledgers import imported, mapped, nothing_private
from tests.tickets.importing.office import office_file, quarter

ZONE = ZoneInfo("Asia/Shanghai")


async def _days(session: AsyncSession) -> Counter[tuple[object, bool]]:
    return Counter(
        (one.opened_at.astimezone(ZONE).date(), one.is_closed) for one in await session.scalars(select(Ticket))
    )


async def test_every_column_is_suggested(session: AsyncSession, storage: ObjectStorage, anhe: Anhe) -> None:
    batch = await begin_import(session, storage, "台账.xlsx", office_file(quarter()), by=anhe.supervisor, at=NOW)
    table = await table_of(session, storage, batch)

    assert (batch.sheet, batch.header_line) == ("2026年台账", 3)
    suggested = [one.field for one in await columns_of(session, batch, table)]
    assert len(set(suggested)) == len(suggested) == 18
    assert Field.NONE not in suggested


async def test_a_quarter_is_decided_imported_once_and_undone(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    by = anhe.supervisor
    kept = quarter()
    twice, backwards = kept[20], kept[4]
    rows = [*kept[:31], twice, *kept[31:]]
    backwards.cells[13] = "2026-05-02"
    # Under the title, the note and the header; sums of months in between are lines too.
    content = office_file(rows)

    batch, table = await mapped(session, storage, by, content)
    findings = list(await session.scalars(select(ImportFinding)))
    assert {one.rule for one in findings} == {
        *(Rule.SERIAL, Rule.YEAR, Rule.WORDS, Rule.OFFSET, Rule.WRITTEN, Rule.MIDNIGHT, Rule.TITLE),
        *(Rule.AMOUNT, Rule.ABOUT, Rule.SUBTOTAL, Rule.TWICE, Rule.BACKWARDS),
    }
    assert [one.line for one in findings if one.weight is Weight.PROBLEM] == [8]
    assert sum(one.rule is Rule.SUBTOTAL for one in findings) == 3

    await accept(session, batch, by=by)
    assert await count_open(session, batch) == 1, "a problem is not accepted with the rest"
    with pytest.raises(StillOpen):
        await ask_for_import(session, storage, batch, is_private=nothing_private, by=by, at=NOW)
    await retype(session, batch, table, [8], Field.FINISHED, "2026-05-12", by=by, at=NOW)
    left_out = table.rows[-1][0]
    await skip(session, batch, table, [left_out], by=by, at=NOW)
    await accept(session, batch, by=by)
    await ask_for_import(session, storage, batch, is_private=nothing_private, by=by, at=NOW)

    wanted = kept[:-1]
    assert batch.step is Step.IMPORTED
    assert await _days(session) == Counter((one.opened_on, one.is_over) for one in wanted)
    first = (await session.scalars(select(Ticket).order_by(Ticket.opened_at, Ticket.number))).first()
    assert first is not None
    assert first.number[2:6] == "2605"

    # The same file again: only the row that was left out, and the one that was mended in the form but not in the file.
    again, _ = await mapped(session, storage, by, content)
    assert again.there_count == len(wanted) - 1 + 1
    assert again.ready_count == 1
    asked = list(await session.scalars(select(ImportFinding).where(ImportFinding.import_id == again.id)))
    rules = {one.line for one in asked if one.rule is not Rule.SUBTOTAL}
    assert rules == {8, left_out}, "nothing is asked again of rows that are tickets"
    backwards.cells[13] = "2026-05-12"
    more = quarter(62)
    complete, _ = await mapped(session, storage, by, office_file([*kept, *more[60:]]))
    assert (complete.there_count, complete.ready_count) == (len(wanted), 3)
    await accept(session, complete, by=by)
    await ask_for_import(session, storage, complete, is_private=nothing_private, by=by, at=NOW)
    assert await _days(session) == Counter((one.opened_on, one.is_over) for one in more)

    with pytest.raises(NothingToImport):
        await imported(session, storage, by, office_file(more))
    for one in (complete, batch):
        await session.refresh(one)
        await undo_import(session, one, by=by, at=NOW)
    assert await _days(session) == Counter()
    assert await session.scalar(select(func.count()).select_from(Entry)) == 0
    assert (await imported(session, storage, by, office_file(more))).ticket_count == 62
