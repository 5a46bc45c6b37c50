"""Sealing what was said, and sent, on a ticket before it was marked confidential."""

from datetime import timedelta
from uuid import UUID

import msgspec

from anshou.tickets.marking import SEAL_TICKET, seal_what_was_said
from anshou.tickets.sealed_files import seal_in_place
from anshou.worker.work import Work, actor
from confidentiality.keys.file_places import look_again
from confidentiality.keys.vault import open_keys


class Marked(msgspec.Struct, frozen=True):
    """Which ticket."""

    ticket: UUID


@actor(SEAL_TICKET, Marked, time_limit=timedelta(minutes=10))
async def seal_contents(work: Work, marked: Marked) -> None:
    """Rows first, so that no list shows them any more; then the files, which only a sealed row still names."""
    async with work.look() as session:
        sealed = await seal_what_was_said(session, marked.ticket)
        ring = await open_keys(session, sealed.merchant_id) if sealed else None
    keys = sealed.storage_keys if sealed else ()
    if ring:
        for key in keys:
            await seal_in_place(work.outside.storage, key, ring)
    async with work.finish() as session:
        # Whoever sealed files anew meanwhile found these in plain.
        await look_again(session, list(keys))
