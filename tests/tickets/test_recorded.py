"""Every entry of a timeline is in the audit record by its digest, whoever may read it."""

import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.entries import Entry
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.opening import open_ticket
from anshou.tickets.recorded import entry_digest, record_entries
from anshou.tickets.timeline import add_note, post_message
from confidentiality.audit.leaves import AuditLeaf
from tests.cast import NOW, settle
from tests.tickets.samples import report


async def test_the_history_of_a_ticket_is_in_the_record(session: AsyncSession) -> None:
    anhe = await settle(session)
    ticket = await open_ticket(session, report(Kind.SERVICE_QUALITY), by=anhe.owner, at=NOW)
    await post_message(session, ticket, "在处理", by=anhe.account_manager, at=NOW)
    await add_note(session, ticket, "内部意见", by=anhe.account_manager, at=NOW)
    await record_entries(session)
    session.expunge_all()
    entries = {entry.id: entry for entry in await session.scalars(select(Entry))}
    found = await session.scalars(select(AuditLeaf).where(AuditLeaf.action == "ticket.entry"))
    leaves = {leaf.subject_id: leaf for leaf in found}
    assert len(entries) >= 3
    assert leaves.keys() == entries.keys()
    for entry_id, leaf in leaves.items():
        entry = entries[entry_id]
        said = json.loads(leaf.body)
        assert said["digest"] == entry_digest(entry).hex()
        assert (leaf.ticket_id, leaf.actor_id) == (ticket.id, entry.author_id)
        assert leaf.merchant_id == (anhe.yunshan.id if entry.audience is Side.MERCHANT else None)
        assert b"\xe5\x86\x85\xe9\x83\xa8" not in leaf.body, "no text in the record"
