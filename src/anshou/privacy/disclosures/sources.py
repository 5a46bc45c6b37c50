"""A sealed table as something that can be handed out, and loading its records."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A sealed table. `fields` are its sealed columns with their labels, in the order of an export's columns.

    `model` has `merchant_id` and, where its records belong to tickets, `ticket_id`; `identity` names the column that
    stays the same when a record is corrected, `only` narrows the rows to the present states. `sensitive` names the
    columns that are sensitive on every record (identity numbers, bank accounts); `is_sensitive` tells of a record
    whether all of it is (private products).
    """

    model: Any
    label: str
    fields: Mapping[str, str]
    identity: str = "id"
    only: tuple[ColumnElement[bool], ...] = ()
    sensitive: frozenset[str] = frozenset()
    is_sensitive: Callable[[Any], bool] = lambda row: False

    @property
    def table(self) -> str:
        """The table's name, which stands in requests and in signed texts."""
        return str(self.model.__tablename__)

    @property
    def hangs_on_tickets(self) -> bool:
        """Whether a record belongs to a ticket, and not to the merchant as such."""
        return hasattr(self.model, "ticket_id")

    def record_of(self, row: Any) -> UUID:
        """Which record the row is the present state of."""
        record: UUID = getattr(row, self.identity)
        return record


async def rows_on_tickets(
    session: AsyncSession, source: Source, merchant_id: UUID, tickets: Collection[UUID]
) -> Sequence[Any]:
    """The records on these tickets of the merchant; of a table that hangs on no ticket, all of the merchant's."""
    narrowed = (source.model.ticket_id.in_(tickets),) if source.hangs_on_tickets else ()
    return await _rows(session, source, merchant_id, *narrowed)


async def rows_by_id(session: AsyncSession, source: Source, merchant_id: UUID, ids: Collection[UUID]) -> Sequence[Any]:
    """Those of these records of the merchant that are still there."""
    return await _rows(session, source, merchant_id, getattr(source.model, source.identity).in_(ids))


async def _rows(
    session: AsyncSession, source: Source, merchant_id: UUID, *conditions: ColumnElement[bool]
) -> Sequence[Any]:
    model = source.model
    query = (
        select(model)
        .where(model.merchant_id == merchant_id, *source.only, *conditions)
        .order_by(getattr(model, source.identity))
    )
    return (await session.scalars(query)).all()
