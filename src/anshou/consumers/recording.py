"""Adding, correcting and removing consumer records.

Each leaves an entry on the ticket's timeline that says that it happened and nothing of the content, and an audit leaf.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.cards import ConsumerCard, Correction, corrected, sealed_part
from anshou.consumers.errors import (
    NothingCorrected,
    RecordDamaged,
    RecordLeftEmpty,
    RecordSuperseded,
    TooManyRecords,
)
from anshou.consumers.private_products import is_private, private_rules
from anshou.consumers.records import ConsumerRecord, Ending
from anshou.merchants.shops import visible_shop
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.entries import new_entry, next_instant
from anshou.tickets.entry_labels import CONSUMER_ADDED, CONSUMER_CORRECTED, CONSUMER_REMOVED
from anshou.tickets.errors import TicketClosed
from anshou.tickets.events import announce, tidings_for_carriers
from anshou.tickets.kinds import EntrySort, Side
from anshou.tickets.resuming import resume_on_answer
from anshou.tickets.tickets import Ticket, lock_ticket
from confidentiality.audit.actions import Action, action
from confidentiality.audit.leaves import record as leave_leaf
from confidentiality.errors import SealBroken
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.base import new_id
from tenants.refusals import N_
from tenants.shapes import Unfit

MOST = 50

ADDED = action("consumer.added", N_("添加消费者记录"), plain=True)
CORRECTED = action("consumer.corrected", N_("更正消费者记录"), plain=True)
REMOVED = action("consumer.removed", N_("移除消费者记录"), plain=True)


async def add_record(
    session: AsyncSession, ticket: Ticket, card: ConsumerCard, *, by: Person, at: datetime
) -> ConsumerRecord:
    """Record a consumer's case on the ticket. Nobody having decided, the merchant's rules say whether it is private.

    A merchant's record ends a hold, as their message does. Raises PermissionMissing, TicketClosed, TooManyRecords,
    ShopNotFound, and what `open_keys` raises.
    """
    authorize(by, Permission.RECORD_CONSUMER)
    await lock_ticket(session, ticket)
    if ticket.is_closed:
        raise TicketClosed
    await _require_room(session, ticket)
    ring = await open_keys(session, ticket.merchant_id)
    row_id = new_id()
    row = await _row(session, ring, ticket, card, row_id, row_id, by=by, at=at)
    await _tell(session, ticket, row, CONSUMER_ADDED, ADDED, by=by, at=at)
    return row


async def correct_record(
    session: AsyncSession, ticket: Ticket, record: ConsumerRecord, correction: Correction, *, by: Person, at: datetime
) -> ConsumerRecord:
    """Put the record right by a row that takes its place; also on a closed ticket, by the agency.

    Whoever corrects a field needs not see the others: what stays is carried over without being shown. Raises
    PermissionMissing, TicketClosed, NothingCorrected, RecordLeftEmpty, RecordDamaged, RecordSuperseded, ShopNotFound.
    """
    authorize(by, Permission.RECORD_CONSUMER)
    if correction.says_nothing:
        raise NothingCorrected
    await _lock(session, ticket, record, by)
    ring = await open_keys(session, ticket.merchant_id)
    try:
        card = corrected(_card(ring, record, but=correction), correction)
    except Unfit as unfit:
        raise RecordLeftEmpty(unfit.message) from None
    except SealBroken:
        raise RecordDamaged from None
    _end(record, Ending.CORRECTED, by=by, at=at)
    await session.flush()
    row = await _row(session, ring, ticket, card, new_id(), record.origin_id, by=by, at=at)
    await _tell(session, ticket, row, CONSUMER_CORRECTED, CORRECTED, by=by, at=at)
    return row


async def remove_record(
    session: AsyncSession, ticket: Ticket, record: ConsumerRecord, *, by: Person, at: datetime
) -> None:
    """Take the record off the ticket; what it said is kept, sealed, until its time is over.

    Raises PermissionMissing, TicketClosed, RecordSuperseded.
    """
    authorize(by, Permission.RECORD_CONSUMER)
    await _lock(session, ticket, record, by)
    _end(record, Ending.REMOVED, by=by, at=at)
    await session.flush()
    await _tell(session, ticket, record, CONSUMER_REMOVED, REMOVED, by=by, at=at)


async def _require_room(session: AsyncSession, ticket: Ticket) -> None:
    query = select(func.count()).where(
        ConsumerRecord.merchant_id == ticket.merchant_id,
        ConsumerRecord.ticket_id == ticket.id,
        ConsumerRecord.ended_at.is_(None),
    )
    if (await session.scalar(query) or 0) >= MOST:
        raise TooManyRecords(MOST)


async def _lock(session: AsyncSession, ticket: Ticket, record: ConsumerRecord, by: Person) -> None:
    """Wait for whoever is changing the ticket; refuse if the record was changed meanwhile."""
    await lock_ticket(session, ticket)
    if ticket.is_closed and by.is_merchant:
        raise TicketClosed
    await session.refresh(record, ["ended_at"])
    if record.ended_at is not None:
        raise RecordSuperseded


async def _row(
    session: AsyncSession,
    ring: KeyRing,
    ticket: Ticket,
    card: ConsumerCard,
    row_id: UUID,
    origin_id: UUID,
    *,
    by: Person,
    at: datetime,
) -> ConsumerRecord:
    if card.shop is not None:
        await visible_shop(session, ticket.merchant_id, card.shop)
    private = card.private
    if private is None:
        rules = await private_rules(session, ticket.merchant_id)
        private = is_private(rules, shop_id=card.shop or ticket.shop_id, product=card.product)
    row = ConsumerRecord(
        id=row_id,
        merchant_id=ticket.merchant_id,
        ticket_id=ticket.id,
        origin_id=origin_id,
        shop_id=card.shop,
        quantity=card.quantity,
        is_private=private,
        wanted=card.wanted,
        added_at=at,
        added_by=by.id,
        ending=None,
        ended_at=None,
        ended_by=None,
    )
    ring.seal(row, **sealed_part(card))
    session.add(row)
    await session.flush()
    return row


def _card(ring: KeyRing, record: ConsumerRecord, *, but: Correction) -> ConsumerCard:
    """What the record says, to be sealed again under its next row; never shown.

    What is corrected whole is not opened, so a cell that no longer opens can be put right. Others raise SealBroken.
    """
    said: dict[str, Any] = {}
    for name in ("name", "phone", "address", "order_number", "product", "specification", "usage", "happened"):
        handle = getattr(record, name)
        said[name] = "" if handle is None or but.replaces(name) else ring.open(handle)
    said["region"], _, said["address"] = said["address"].partition("\n")
    return ConsumerCard(
        shop=record.shop_id, quantity=record.quantity, private=record.is_private, wanted=record.wanted, **said
    )


def _end(record: ConsumerRecord, ending: Ending, *, by: Person, at: datetime) -> None:
    record.ending, record.ended_at, record.ended_by = ending, at, by.id


async def _tell(
    session: AsyncSession,
    ticket: Ticket,
    record: ConsumerRecord,
    event: str,
    done: Action,
    *,
    by: Person,
    at: datetime,
) -> None:
    """An entry that both sides read, without content, and a leaf; what a merchant adds ends a hold and is told on."""
    at = next_instant(ticket, at)
    known_as = {"consumer_record": str(record.origin_id)}
    entry = new_entry(ticket, EntrySort.SYSTEM, Side.MERCHANT, by=by, at=at, move=event, record=known_as)
    ticket.last_entry_at = at
    session.add(entry)
    await session.flush()
    if by.is_merchant:
        await resume_on_answer(session, ticket, by=by)
    await announce(session, ticket, entry, tidings_for_carriers(ticket, event, by) if by.is_merchant else ())
    await leave_leaf(
        session, done, actor=by.actor(), at=at, owner=ticket.merchant_id, subject=record.origin_id, ticket=ticket.id
    )
