"""Finding consumer records by phone, its last four digits and order number.

Always within one merchant: blind indexes are keyed per merchant, so a search over several runs merchant by merchant,
each with its own key, over those that the searcher reaches. Neither the number of hits nor the time tells anything of a
merchant out of reach, because nothing of it is asked. Candidates of the index are opened and the false ones dropped.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.cards import Discreet
from anshou.consumers.errors import NothingSought
from anshou.consumers.numbers import is_last_digits
from anshou.consumers.reading import ShownRecord, show
from anshou.consumers.records import ConsumerRecord
from anshou.merchants.errors import MerchantNotFound
from anshou.merchants.merchants import Merchant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.reach import reached_by
from anshou.tickets.tickets import Ticket
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record as leave_leaf
from confidentiality.errors import KeyDestroyed, SealBroken
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.refusals import N_

log = logging.getLogger(__name__)

SEARCHED = action("consumer.searched", N_("查找消费者"), plain=True)

# Merchants of one search; more are asked for by choosing one.
MOST_MERCHANTS = 20
PAGE = 50
# Candidates that are opened at once: enough for a page whose index answers are mostly right.
_BATCH = 200


class Sought(Discreet, frozen=True, kw_only=True):
    """What is looked for; what is given must all fit. `phone` is a whole number or its last four digits."""

    phone: Annotated[str, Meta(max_length=40, title=N_("电话或后四位"))] = ""
    order_number: Annotated[str, Meta(max_length=60, title=N_("平台订单号"))] = ""
    shop: Annotated[UUID, Meta(title=N_("店铺"))] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that fits, masked, and the number of its ticket."""

    record: ShownRecord
    number: str


@dataclass(frozen=True, slots=True)
class HitPage:
    """Hits, the newest record of each merchant first; `after` continues behind the last one, None at the end.

    `left_out` counts merchants beyond the bound, which were not searched.
    """

    hits: tuple[Hit, ...]
    after: tuple[UUID, UUID] | None
    left_out: int = 0


async def search_consumers(
    session: AsyncSession,
    sought: Sought,
    *,
    merchants: Sequence[UUID],
    by: Person,
    at: datetime,
    after: tuple[UUID, UUID] | None = None,
    limit: int = PAGE,
) -> HitPage:
    """The records that fit, of the merchants in their order; `after` is merchant and row id of the last hit shown.

    Only records of tickets that the person reaches. Leaves one audit leaf for each merchant searched. Raises
    PermissionMissing, NothingSought, MerchantNotFound, and what `open_keys` raises, but KeyDestroyed.
    """
    authorize(by, Permission.SEARCH_CONSUMERS)
    if not sought.phone.strip() and not sought.order_number.strip():
        raise NothingSought
    asked = list(merchants)[:MOST_MERCHANTS]
    # Row-level security shows only what is in reach; nobody else's keys are even asked for.
    reached = await session.scalars(select(Merchant.id).where(Merchant.id.in_(asked)))
    if set(asked) - set(reached):
        raise MerchantNotFound
    begin = asked.index(after[0]) if after is not None and after[0] in asked else 0
    hits: list[Hit] = []
    for merchant_id in asked[begin:]:
        behind = after[1] if after is not None and after[0] == merchant_id else None
        found = await _within(session, sought, merchant_id, by, behind, limit + 1 - len(hits))
        hits += found
        await _leave(session, sought, merchant_id, len(found), by=by, at=at)
        if len(hits) > limit:
            break
    shown = tuple(hits[:limit])
    more = (shown[-1].record.merchant_id, shown[-1].record.id) if len(hits) > limit else None
    return HitPage(shown, more, left_out=len(merchants) - len(asked))


async def _within(
    session: AsyncSession, sought: Sought, merchant_id: UUID, by: Person, behind: UUID | None, wanted: int
) -> list[Hit]:
    """At most `wanted` hits of one merchant, the newest first."""
    if (
        await session.scalar(select(ConsumerRecord.id).where(ConsumerRecord.merchant_id == merchant_id).limit(1))
        is None
    ):
        # Keys are made when something is sealed, not because somebody looks for it.
        return []
    try:
        ring = await open_keys(session, merchant_id)
    except KeyDestroyed:
        # Nothing sealed of the merchant is read again, so nothing is found either.
        return []
    hits: list[Hit] = []
    while len(hits) < wanted:
        rows = (await session.execute(candidates(ring, sought, by, behind).limit(_BATCH))).all()
        for record, number in rows:
            behind = record.id
            if _fits(ring, record, sought) and len(hits) < wanted:
                hits.append(Hit(show(ring, record, opens=True), number))
        if len(rows) < _BATCH:
            break
    return hits


def candidates(ring: KeyRing, sought: Sought, by: Person, behind: UUID | None = None) -> Select[ConsumerRecord, str]:
    """The statement that asks the blind indexes: current records on tickets in reach, the newest first."""
    conditions: list[ColumnElement[bool]] = []
    if sought.phone.strip():
        phone = ConsumerRecord.phone
        by_end = is_last_digits(sought.phone)
        conditions.append(phone.matches_last(ring, sought.phone) if by_end else phone.matches(ring, sought.phone))
    if sought.order_number.strip():
        conditions.append(ConsumerRecord.order_number.matches(ring, sought.order_number))
    if sought.shop is not None:
        conditions.append(ConsumerRecord.shop_id == sought.shop)
    if behind is not None:
        conditions.append(ConsumerRecord.id < behind)
    return (
        select(ConsumerRecord, Ticket.number)
        .join(Ticket, (Ticket.merchant_id == ConsumerRecord.merchant_id) & (Ticket.id == ConsumerRecord.ticket_id))
        .where(ConsumerRecord.merchant_id == ring.owner, ConsumerRecord.ended_at.is_(None), *conditions)
        .where(reached_by(by))
        .order_by(ConsumerRecord.id.desc())
    )


def _fits(ring: KeyRing, record: ConsumerRecord, sought: Sought) -> bool:
    """Whether a candidate is a hit: an index value is shared by several texts, and changed bytes hold none."""
    try:
        if sought.phone.strip():
            confirms = ring.confirms_last if is_last_digits(sought.phone) else ring.confirms
            if not confirms(record.phone, sought.phone):
                return False
        return not sought.order_number.strip() or ring.confirms(record.order_number, sought.order_number)
    except SealBroken:
        log.warning("a candidate of a search does not open: consumer_record %s", record.id)
        return False


async def _leave(
    session: AsyncSession, sought: Sought, merchant_id: UUID, hits: int, *, by: Person, at: datetime
) -> None:
    """By what was sought and how much was found; never the terms, which are a consumer's phone and order."""
    terms = [
        name
        for name, given in (
            ("phone", bool(sought.phone.strip()) and not is_last_digits(sought.phone)),
            ("phone_end", is_last_digits(sought.phone)),
            ("order_number", bool(sought.order_number.strip())),
            ("shop", sought.shop is not None),
        )
        if given
    ]
    body = {"by": terms, "hits": hits}
    await leave_leaf(session, SEARCHED, actor=by.actor(), at=at, owner=merchant_id, body=body)
