"""Consumer records as they are shown: masked. Nobody reads a plain text here; that is a reveal, with its own record."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import ConsumerRecord
from anshou.consumers.solutions import Solution
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from confidentiality.errors import KeyDestroyed, SealBroken
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.fields import sealed_fields
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.ring import KeyRing

log = logging.getLogger(__name__)

# Shown whole where the product is not private, to those who work with records.
OPEN_UNLESS_PRIVATE = frozenset({"product", "specification"})


@dataclass(frozen=True, slots=True)
class ShownField:
    """One sealed field as it is shown: its column, its Chinese label, its masked or open text."""

    column: str
    label: str
    text: str
    is_masked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A record without anything to reveal it by. `fields` has the sealed fields that were given and open, by column.

    `id` is the row's, by which a field is revealed; `origin_id` the record's. `is_readable` is false when the
    merchant's key was destroyed: then nobody reads it any more. `damaged` names columns whose bytes do not open there,
    because somebody changed them past the application: the rest is shown all the same.
    """

    id: UUID
    origin_id: UUID
    merchant_id: UUID
    ticket_id: UUID
    shop_id: UUID | None
    quantity: int
    is_private: bool
    wanted: Solution | None
    added_at: datetime
    added_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None
    fields: dict[str, ShownField]
    is_readable: bool = True
    damaged: tuple[str, ...] = ()

    def text(self, column: str) -> str:
        """What to show of a field; empty if it was not given."""
        return self.fields[column].text if column in self.fields else ""


async def show_records(
    session: AsyncSession, records: Iterable[ConsumerRecord], *, merchant_id: UUID, to: Person
) -> list[ShownRecord]:
    """One merchant's records masked, for a person. Raises what `open_keys` raises, but KeyDestroyed."""
    records = list(records)
    if not records:
        return []
    try:
        ring: KeyRing | None = await open_keys(session, merchant_id)
    except KeyDestroyed:
        ring = None
    works_with_them = allows(to, Permission.RECORD_CONSUMER)
    return [show(ring, record, opens=works_with_them) for record in records]


def show(ring: KeyRing | None, record: ConsumerRecord, *, opens: bool) -> ShownRecord:
    """One record masked; without keys nothing of it can be read. `opens` shows products that are not private."""
    fields: dict[str, ShownField] = {}
    damaged: list[str] = []
    for column, field in sealed_fields(ConsumerRecord).items():
        handle: Sealed[str] | None = getattr(record, column)
        if handle is None or ring is None:
            continue
        is_open = opens and not record.is_private and column in OPEN_UNLESS_PRIVATE
        try:
            text = ring.open(handle) if is_open else ring.masked(handle)
        except SealBroken:
            log.warning("consumer_record.%s of %s does not open", column, record.id)
            damaged.append(column)
            continue
        fields[column] = ShownField(column, field.label, text, not is_open)
    return ShownRecord(
        id=record.id,
        origin_id=record.origin_id,
        merchant_id=record.merchant_id,
        ticket_id=record.ticket_id,
        shop_id=record.shop_id,
        quantity=record.quantity,
        is_private=record.is_private,
        wanted=record.wanted,
        added_at=record.added_at,
        added_by=record.added_by,
        ended_at=record.ended_at,
        ended_by=record.ended_by,
        fields=fields,
        is_readable=ring is not None,
        damaged=tuple(damaged),
    )
