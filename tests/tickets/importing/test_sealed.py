"""What the rows of a confidential merchant say lies sealed from the first moment."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entries import Entry
from anshou.tickets.holds import Hold
from anshou.tickets.importing.carrying_out import ask_for_import
from anshou.tickets.importing.deciding import accept
from anshou.tickets.importing.undoing import undo_import
from anshou.tickets.sealed_contents import PLACEHOLDER, contents_of
from anshou.tickets.tickets import Ticket
from tenants.storage import ObjectStorage
from tests.cast import NOW, Anhe
from tests.tickets.importing.ledgers import mapped


async def test_confidential_rows_are_sealed_and_can_be_taken_back(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe
) -> None:
    batch, _ = await mapped(session, storage, anhe.supervisor)
    await accept(session, batch, by=anhe.supervisor)
    await ask_for_import(session, storage, batch, is_private=lambda *_: True, by=anhe.supervisor, at=NOW)

    tickets = list(await session.scalars(select(Ticket).order_by(Ticket.opened_at, Ticket.number)))
    assert len(tickets) == 6
    assert {one.title for one in tickets} | {one.description for one in tickets} == {PLACEHOLDER}
    entries = list(await session.scalars(select(Entry)))
    assert all(one.record == {} and one.body in (None, PLACEHOLDER) for one in entries)
    holds = list(await session.scalars(select(Hold)))
    assert [one.reason for one in holds] == [PLACEHOLDER]
    said = await contents_of(session, tickets[0])
    assert said[tickets[0].id]["title"] == "帐篷主图色差明显"
    assert any(one.get("body") == "处理方案：重拍主图" for one in said.values())

    await undo_import(session, batch, by=anhe.supervisor, at=NOW)
    assert list(await session.scalars(select(Ticket))) == []
