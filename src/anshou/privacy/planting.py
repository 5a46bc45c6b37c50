"""Planting a decoy: a consumer record about nobody, on a real ticket.

To whoever works on the ticket it is a record like any other, entered by whoever opened the ticket: a name that gave it
away would make it useless. Who really planted it stands in the table of decoys and in the audit record.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.cards import ConsumerCard, sealed_part
from anshou.consumers.numbers import is_phone
from anshou.consumers.records import ConsumerRecord
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.decoys import Decoy, Note, plant_decoy
from anshou.tickets.errors import TicketNotFound
from anshou.tickets.tickets import Ticket
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class DecoyCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the decoy says it is. The number should be one that the agency itself answers, so that a call tells too."""

    ticket: Annotated[str, Meta(min_length=1, max_length=40, title=N_("工单号"), extra={"widget": "ticket"})]
    name: Annotated[str, Meta(min_length=1, max_length=40, title=N_("姓名"))]
    phone: Annotated[str, Meta(min_length=4, max_length=40, title=N_("电话"))]
    order_number: Annotated[str, Meta(max_length=60, title=N_("平台订单号"))] = ""
    note: Note = ""

    def __post_init__(self) -> None:
        """Refuse a phone number that is none: it would be seen through."""
        if not is_phone(self.phone):
            raise Unfit(Message(N_("请填写正确的电话号码")), "phone")


async def plant_consumer(session: AsyncSession, card: DecoyCard, *, by: Person, at: datetime) -> Decoy:
    """Put a consumer who does not exist on the ticket and watch over the record. Raises TicketNotFound."""
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    number = card.ticket.strip().upper()
    ticket = (await session.scalars(select(Ticket).where(Ticket.number == number))).one_or_none()
    if ticket is None:
        raise TicketNotFound(number)
    row_id = new_id()
    row = ConsumerRecord(
        id=row_id,
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        origin_id=row_id,
        shop_id=ticket.shop_id,
        quantity=1,
        is_private=False,
        wanted=None,
        added_at=ticket.opened_at,
        added_by=ticket.opened_by,
        ending=None,
        ended_at=None,
        ended_by=None,
    )
    said = ConsumerCard(name=card.name, phone=card.phone, order_number=card.order_number)
    (await open_keys(session, ticket.merchant_id)).seal(row, **sealed_part(said))
    session.add(row)
    await session.flush()
    return await plant_decoy(
        session, ConsumerRecord.__tablename__, row_id, ticket.merchant_id, note=card.note, by=by, at=at
    )


async def tickets_of_decoys(session: AsyncSession, decoys: Collection[Decoy]) -> dict[UUID, str]:
    """The number of the ticket that each decoy's record is on, by the decoy's id."""
    rows = {decoy.row_id: decoy.id for decoy in decoys if decoy.subject_table == ConsumerRecord.__tablename__}
    query = (
        select(ConsumerRecord.id, Ticket.number)
        .join(Ticket, (Ticket.merchant_id == ConsumerRecord.merchant_id) & (Ticket.id == ConsumerRecord.ticket_id))
        .where(ConsumerRecord.id.in_(rows))
    )
    return {rows[row.id]: row.number for row in await session.execute(query)}
