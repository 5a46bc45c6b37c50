"""Reading what is returned, opened, page by page."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.entrustment.returnable import Returnable
from anshou.tickets.sealed_contents import CONTENTS, Content, SealedContent
from anshou.tickets.tickets import Ticket
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing
from tenants.labels import Labelled

# Rows held at a time.
PAGE = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A row with what it says, as text by column, and the number of its ticket, if it belongs to one."""

    row: Any
    ticket: str
    values: dict[str, str | None]


async def opened_rows(session: AsyncSession, one: Returnable, merchant_id: UUID) -> AsyncIterator[Opened]:
    """The merchant's rows that the context reads, in the order in which they were written.

    Raises KeyDestroyed, SealBroken.
    """
    model = one.model
    query = select(model).where(*one.of_merchant(merchant_id)).order_by(model.id).limit(PAGE)
    rows: Sequence[Any] = (await session.scalars(query)).all()
    while rows:
        ring = await open_keys(session, merchant_id)
        numbers = await _numbers(session, merchant_id, {_ticket_of(one, row) for row in rows} - {None})
        sealed = await _sealed(session, one, merchant_id, [row.id for row in rows], ring)
        for row in rows:
            said = sealed.get(row.id, {})
            values = {name: _text(said.get(name, getattr(row, name)), ring) for name in one.told}
            yield Opened(row, numbers.get(_ticket_of(one, row), ""), values)
        rows = (await session.scalars(query.where(model.id > rows[-1].id))).all()


def _ticket_of(one: Returnable, row: Any) -> UUID | None:
    if not one.hangs_on_tickets:
        return None
    ticket_id: UUID = row.id if isinstance(row, Ticket) else row.ticket_id
    return ticket_id


async def _numbers(
    session: AsyncSession, merchant_id: UUID, tickets: Collection[UUID | None]
) -> Mapping[UUID | None, str]:
    if not tickets:
        return {}
    query = select(Ticket.id, Ticket.number).where(Ticket.merchant_id == merchant_id, Ticket.id.in_(tickets))
    return {row.id: row.number for row in await session.execute(query)}


async def _sealed(
    session: AsyncSession, one: Returnable, merchant_id: UUID, ids: Sequence[UUID], ring: KeyRing
) -> Mapping[UUID, Content]:
    """What rows of confidential tickets say; they themselves hold placeholders."""
    if one.table not in CONTENTS:
        return {}
    query = select(SealedContent).where(
        SealedContent.merchant_id == merchant_id, SealedContent.of_table == one.table, SealedContent.id.in_(ids)
    )
    return {row.id: json.loads(ring.open(row.content)) for row in await session.scalars(query)}


def _text(value: Any, ring: KeyRing) -> str | None:
    match value:
        case None:
            return None
        case Sealed():
            return str(ring.open(value))
        case Labelled():
            return value.label
        case bool():
            return "是" if value else "否"
        case bytes():
            return value.decode()
        case datetime() | date():
            return value.isoformat()
        case dict() | list():
            return msgspec.json.encode(value, order="sorted").decode() if value else None
        case _:
            return str(value)
