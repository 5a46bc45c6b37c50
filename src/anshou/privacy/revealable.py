"""What can be revealed: which tables have sealed fields that people see masked, and how one of them is named.

A reference is `table.field:row`, e.g. `consumer_record.phone:0197…`. It says nothing of the content, so it may stand in
addresses and forms; everything else about a reveal travels in the body of a POST.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import ConsumerRecord
from anshou.merchants.accounts import SettlementAccount
from anshou.merchants.amounts import ContractAmount
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.privacy.errors import FieldNotFound
from anshou.tickets.sealed_contents import SealedContent
from confidentiality.sealing.fields import SealedField, sealed_fields


@dataclass(frozen=True, slots=True)
class FieldReference:
    """One field of one row."""

    table: str
    field: str
    row: UUID

    def __str__(self) -> str:
        return f"{self.table}.{self.field}:{self.row}"

    @classmethod
    def read(cls, text: str) -> "FieldReference":
        """The reference of its text. Raises FieldNotFound."""
        place, _, ident = text.partition(":")
        table, _, name = place.partition(".")
        try:
            return cls(table, name, UUID(ident))
        except ValueError:
            raise FieldNotFound from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealable:
    """A table whose sealed fields can be revealed.

    `ticket` names the column with the ticket that carries the row; None where a row belongs to the merchant and not to
    one matter (account numbers, contract amounts): any ticket of that merchant may then be at hand. `needs` is what
    somebody must be permitted beside revealing.
    """

    model: type[Any]
    ticket: str | None = "ticket_id"
    needs: Permission | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A row as revealing sees it. `ticket_id` is None where no single ticket carries it."""

    row: Any
    merchant_id: UUID
    ticket_id: UUID | None
    declared: SealedField


_REVEALABLE: dict[str, Revealable] = {}


def offer(revealable: Revealable) -> None:
    """Let the table's sealed fields be revealed. Raises ValueError for a table without any, or offered twice."""
    table = str(revealable.model.__tablename__)
    if not sealed_fields(revealable.model):
        raise ValueError(f"{table} has no sealed field")
    if _REVEALABLE.setdefault(table, revealable) != revealable:
        raise ValueError(f"{table} is offered twice")


def find_declared(table: str, field: str) -> SealedField | None:
    """What was declared about the field; None if this version has no such field."""
    revealable = _REVEALABLE.get(table)
    return sealed_fields(revealable.model).get(field) if revealable else None


async def held_for(session: AsyncSession, reference: FieldReference, *, by: Person) -> Held:
    """The row with the field, if the context and the person's permissions reach it. Raises FieldNotFound."""
    revealable, declared = _REVEALABLE.get(reference.table), find_declared(reference.table, reference.field)
    if revealable is None or declared is None:
        raise FieldNotFound
    if revealable.needs is not None and not allows(by, revealable.needs):
        raise FieldNotFound
    model = revealable.model
    row = (await session.scalars(select(model).where(model.id == reference.row))).one_or_none()
    # Row-level security has narrowed this already; said again, because here a mistake would show a plaintext.
    if row is None or (by.merchant_id is not None and row.merchant_id != by.merchant_id):
        raise FieldNotFound
    ticket_id = getattr(row, revealable.ticket) if revealable.ticket else None
    return Held(row, row.merchant_id, ticket_id, declared)


offer(Revealable(model=ConsumerRecord))
offer(Revealable(model=SealedContent))
offer(Revealable(model=SettlementAccount, ticket=None))
offer(Revealable(model=ContractAmount, ticket=None, needs=Permission.READ_CONTRACTS))
