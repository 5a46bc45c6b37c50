"""The row of a consumer record, and loading one.

A record is corrected by a row that takes its place: what stood before is kept, sealed, as long as the record itself.
All rows of one record have the same `origin_id`, by which people and programs know it; one of them at most is current.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.consumers.errors import ConsumerRecordNotFound
from anshou.consumers.solutions import Solution
from anshou.tickets.tickets import Ticket
from confidentiality.sealing import masks
from confidentiality.sealing.fields import SealedRow, sealed
from confidentiality.sealing.finding import exact, last
from confidentiality.sealing.handles import Sealed
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.prepared import entities
from tenants.refusals import N_


class Ending(Labelled):
    """Why a row is not the record's current one."""

    CORRECTED = "corrected", N_("已更正")
    REMOVED = "removed", N_("已移除")


class ConsumerRecord(MerchantRow, SealedRow, Base):
    """One state of one consumer's case on a ticket. `origin_id` is the id of the record's first row.

    `address` holds two lines: province, city and district; the rest. `usage` is how the product was used. Instants are
    UTC.
    """

    __tablename__ = "consumer_record"

    ticket_id: Mapped[UUID]
    origin_id: Mapped[UUID]
    shop_id: Mapped[UUID | None]
    quantity: Mapped[int]
    is_private: Mapped[bool]
    wanted: Mapped[Solution | None]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]
    ending: Mapped[Ending | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    name: Mapped[Sealed[str] | None] = sealed(mask=masks.name, pad=32, label=N_("姓名"))
    phone: Mapped[Sealed[str] | None] = sealed(find=(exact(), last(4)), mask=masks.phone, pad=32, label=N_("电话"))
    address: Mapped[Sealed[str] | None] = sealed(mask=masks.address, pad=128, label=N_("地址"))
    order_number: Mapped[Sealed[str] | None] = sealed(
        find=(exact(),), mask=masks.order_number, pad=32, label=N_("平台订单号")
    )
    product: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=64, label=N_("商品名称"))
    specification: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=32, label=N_("规格"))
    usage: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=128, label=N_("使用情况"))
    happened: Mapped[Sealed[str] | None] = sealed(mask=masks.text, pad=128, label=N_("问题经过"))


_CURRENT = entities(
    select(ConsumerRecord)
    .where(
        ConsumerRecord.merchant_id == bindparam("merchant"),
        ConsumerRecord.ticket_id == bindparam("ticket"),
        ConsumerRecord.ended_at.is_(None),
    )
    .order_by(ConsumerRecord.origin_id)
)


async def records_of(session: AsyncSession, ticket: Ticket) -> Sequence[ConsumerRecord]:
    """The ticket's current records, in the order in which they were first added."""
    return await _CURRENT.all(session, merchant=ticket.merchant_id, ticket=ticket.id)


async def visible_record(session: AsyncSession, ticket: Ticket, origin_id: UUID) -> ConsumerRecord:
    """The current state of the ticket's record. Raises ConsumerRecordNotFound, also for one that was removed."""
    query = select(ConsumerRecord).where(
        *_on(ticket), ConsumerRecord.origin_id == origin_id, ConsumerRecord.ended_at.is_(None)
    )
    record = (await session.scalars(query)).one_or_none()
    if record is None:
        raise ConsumerRecordNotFound
    return record


async def earlier_states(session: AsyncSession, record: ConsumerRecord) -> Sequence[ConsumerRecord]:
    """What the record said before it was corrected, the latest first."""
    query = select(ConsumerRecord).where(
        ConsumerRecord.merchant_id == record.merchant_id,
        ConsumerRecord.ticket_id == record.ticket_id,
        ConsumerRecord.origin_id == record.origin_id,
        ConsumerRecord.id != record.id,
    )
    return (await session.scalars(query.order_by(ConsumerRecord.id.desc()))).all()


async def carries_private(session: AsyncSession, ticket: Ticket) -> bool:
    """Whether the ticket has, or ever had, a record of a private product: then its names outside are discreet."""
    query = select(ConsumerRecord.id).where(*_on(ticket), ConsumerRecord.is_private).limit(1)
    return await session.scalar(query) is not None


async def private_among(session: AsyncSession, merchant_id: UUID, tickets: Collection[UUID | None]) -> set[UUID]:
    """Those of a merchant's tickets of which the names outside are discreet."""
    asked = select(ConsumerRecord.ticket_id).where(
        ConsumerRecord.merchant_id == merchant_id,
        ConsumerRecord.ticket_id.in_({one for one in tickets if one is not None}),
        ConsumerRecord.is_private,
    )
    return set(await session.scalars(asked.distinct()))


def _on(ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    return (ConsumerRecord.merchant_id == ticket.merchant_id, ConsumerRecord.ticket_id == ticket.id)
