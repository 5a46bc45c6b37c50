"""Writing the tickets of an import: whole stretches of rows in one statement for each table, in one transaction.

Policies, checks, foreign keys and triggers hold as for any other row, and every entry leaves its leaf.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.scheduling import TIMER
from anshou.tickets.importing.drafting import Draft, sealed_json
from anshou.tickets.importing.stretches import Stretch
from anshou.tickets.importing.tables import AFTER_SEALED, INSERTIONS, TICKET
from anshou.tickets.numbering import next_numbers
from anshou.tickets.sealed_contents import SealedContent
from confidentiality.audit.leaves import leave_marked
from confidentiality.keys.vault import open_keys
from tenants.columns import Joined, joined, write_joined
from tenants.timers import set_timers


async def write_stretch(session: AsyncSession, stretch: Stretch) -> None:
    """Its tickets with desks, entries, closures, clocks, sealed contents, rows of the import, leaves and timers."""
    if not stretch.drafts:
        return
    numbers = joined([await next_numbers(session, stretch.series)])
    tickets = stretch.texts[TICKET]
    numbered = Joined((*tickets.texts, *numbers.texts), (*tickets.alike, *numbers.alike))
    await write_joined(session, INSERTIONS[TICKET], numbered)
    # Before the rows that are checked against it.
    await _seal(session, stretch.drafts)
    for table in AFTER_SEALED:
        await _write(session, table, stretch)
    await leave_marked(session, stretch.leaves)
    if stretch.events:
        await set_timers(session, TIMER, stretch.events)


async def _write(session: AsyncSession, table: str, stretch: Stretch) -> None:
    if table in stretch.texts:
        await write_joined(session, INSERTIONS[table], stretch.texts[table])


async def _seal(session: AsyncSession, drafts: Iterable[Draft]) -> None:
    by_merchant: dict[UUID, list[dict[str, Any]]] = {}
    for draft in drafts:
        for table, row, said in draft.sealed:
            by_merchant.setdefault(draft.line.merchant, []).append(
                {
                    "id": row,
                    "merchant_id": draft.line.merchant,
                    "ticket_id": draft.id,
                    "of_table": table,
                    "content": sealed_json(said),
                    "title": said.get("title") if table == "ticket" else None,
                }
            )
    for merchant, rows in by_merchant.items():
        ring = await open_keys(session, merchant)
        await session.execute(insert(SealedContent), ring.seal_rows(SealedContent, rows))
