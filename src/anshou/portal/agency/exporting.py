"""A list with its columns and order as a spreadsheet, as the person who asks for it reads it; recorded.

Confidential content stays sealed: the list's rows hold none of it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from anshou.downloads import SPREADSHEET, disposition
from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.language import Language
from anshou.merchants.merchants import merchant_names
from anshou.merchants.shops import shop_names
from anshou.people.cards import names_of
from anshou.people.permissions import Permission
from anshou.portal.agency.places import authorize_at_desk
from anshou.portal.agency.queue import asked_of
from anshou.portal.agency.queue_asked import QueueAsked
from anshou.portal.agency.queue_sheet import Cell, QueueSheet
from anshou.portal.pages import language_of
from anshou.tickets.deeds import LIST_EXPORTED
from anshou.tickets.processes import PROCESSES
from anshou.tickets.queues import Line, list_tickets
from confidentiality.audit.leaves import record
from tenants.labels import Labelled
from tenants.refusals import N_

# More is a matter for the interface: nobody reads it in a spreadsheet.
MOST = 50_000

# Rows that are read and written at once.
PIECE = 1000

BYTES = 1 << 16


@dataclass(slots=True)
class Names:
    """The names beside the ids of the rows, as the person knows them."""

    merchants: Mapping[UUID, str]
    people: dict[UUID, str] = field(default_factory=dict)
    shops: dict[UUID, str] = field(default_factory=dict)

    async def learn(self, visit: Visit, lines: Sequence[Line]) -> None:
        """Find out those that are new."""
        owners = {line.owner_id for line in lines if line.owner_id} - self.people.keys()
        shops = {line.shop_id for line in lines if line.shop_id} - self.shops.keys()
        self.people |= await names_of(visit.session, owners) if owners else {}
        self.shops |= await shop_names(visit.session, shops)


@get("/tickets/export.xlsx")
async def export_list(request: Asked, visit: NamedDependency[Visit]) -> Stream:
    """The first rows of the list in its order, as many as a sheet gets."""
    authorize_at_desk(visit.person, Permission.READ_TICKET_SUMMARY)
    asked, language = await asked_of(request, visit), language_of(request)
    # Unlinked from the beginning: it is gone with the last reader, however the request ends.
    file = TemporaryFile()  # noqa: SIM115
    try:
        rows = await _write(file, visit, asked, language)
        said = {
            "tab": asked.tab.value,
            # By what it was narrowed; what for may be words of a ticket.
            "narrowed_by": ",".join(asked.filters.narrowing),
            "columns": ",".join(column.name for column in asked.columns),
            "rows": rows,
        }
        await record(visit.session, LIST_EXPORTED, actor=visit.person.actor(), at=visit.at, body=said)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    day = visit.at.astimezone(asked.zone)
    name = language.say(N_("工单-%(tab)s-%(day)s"), tab=language.say(asked.tab.label), day=f"{day:%Y%m%d-%H%M}")
    return Stream(
        _pieces(file),
        media_type=SPREADSHEET,
        headers={
            "Content-Disposition": disposition(f"{name}.xlsx", "attachment"),
            "Content-Length": str(size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


async def _write(file: IO[bytes], visit: Visit, asked: QueueAsked, language: Language) -> int:
    """Write the rows piece by piece in a thread, so that other requests go on; answers how many there were."""
    headings = [language.say(column.label) for column in asked.columns]
    title = language.say(asked.tab.label)
    sheet = await asyncio.to_thread(QueueSheet, file, title, asked.columns, headings)
    names, after = Names(await merchant_names(visit.session)), None
    while sheet.rows < MOST:
        shown = await list_tickets(
            visit.session,
            visit.person,
            asked.tab,
            asked.filters,
            at=visit.at,
            order=asked.order,
            after=after,
            limit=min(PIECE, MOST - sheet.rows),
        )
        await names.learn(visit, shown.lines)
        await asyncio.to_thread(sheet.write, [_cells(line, asked, names, language) for line in shown.lines])
        after = shown.after
        if after is None:
            break
    await asyncio.to_thread(sheet.end)
    file.seek(0, 2)
    return sheet.rows


def _cells(line: Line, asked: QueueAsked, names: Names, language: Language) -> list[Cell]:
    def said(label: Labelled | None) -> str | None:
        return language.say(label.label) if label is not None else None

    def wall(at: datetime | None) -> datetime | None:
        # A spreadsheet knows no time zones: the agency's own wall clock.
        return at.astimezone(asked.zone).replace(tzinfo=None) if at is not None else None

    values: dict[str, Cell] = {
        "number": line.number,
        "title": line.title,
        "merchant": names.merchants.get(line.merchant_id),
        "shop": names.shops.get(line.shop_id) if line.shop_id else None,
        "kind": said(line.kind),
        "category": said(line.category),
        "channel": said(line.channel),
        "step": language.say(PROCESSES[line.kind].step(line.step).label),
        "status": said(line.status),
        "urgency": said(line.urgency),
        "severity": said(line.severity),
        "level": said(line.level),
        "owner": names.people.get(line.owner_id) if line.owner_id else None,
        "department": said(line.department),
        "due": wall(line.next_due_at),
        "promised": wall(line.promised_at),
        "since": wall(line.step_since),
        "round": line.round,
        "outcome": said(line.outcome),
        "opened": wall(line.opened_at),
        "closed": wall(line.closed_at),
        "updated": wall(line.last_entry_at),
    }
    return [values[column.name] for column in asked.columns]


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, BYTES):
            yield piece
