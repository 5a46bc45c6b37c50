"""Under which versions of the data key the sealed fields of rows lie, by the headers of what stands there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Table, func, literal, literal_column, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.sealing.fields import sealed_fields
from confidentiality.sealing.ring import KeyRing

# Where the header of a sealed value holds the version of its data key: see `sealing/wire.py`.
_VERSION_AT, _VERSION_BYTES = 6, 4


async def count_versions(session: AsyncSession, model: Any, owner: UUID | None) -> dict[int, int]:
    """How many of the owner's rows (None: the agency's own) hold something under each version of the data key.

    A row counts under the oldest version that one of its fields is sealed under. Reads the whole table.
    """
    table: Table = model.__table__
    fields = sealed_fields(model)
    oldest = (
        func.least(*(version_in(table, name) for name in fields))
        if len(fields) > 1
        else (version_in(table, next(iter(fields))))
    )
    query = select(oldest.label("version"), func.count().label("rows")).where(oldest.is_not(None)).group_by("version")
    if "merchant_id" in table.c:
        query = query.where(table.c.merchant_id.is_(None) if owner is None else table.c.merchant_id == owner)
    elif owner is not None:
        return {}
    return {int.from_bytes(row.version, "big"): row.rows for row in await session.execute(query)}


async def count_older(session: AsyncSession, ring: KeyRing, model: Any) -> bool:
    """Whether a row of the owner still holds something under an older version."""
    table: Table = model.__table__
    query = (
        select(table.c.id).where(older_than(table, sealed_fields(model), ring.current), *rows_of(table, ring)).limit(1)
    )
    return (await session.scalar(query)) is not None


def rows_of(table: Table, ring: KeyRing) -> list[ColumnElement[bool]]:
    """Conditions for the owner's rows."""
    if "merchant_id" not in table.c:
        return []
    return [table.c.merchant_id.is_(None) if ring.owner == ring.tenant else table.c.merchant_id == ring.owner]


def version_in(table: Table, name: str) -> ColumnElement[bytes]:
    """The bytes of a sealed value that hold the version."""
    raw = type_coerce(table.c[name], LargeBinary)
    return func.substring(raw, literal_column(str(_VERSION_AT)), literal_column(str(_VERSION_BYTES)))


def older_than(table: Table, fields: Sequence[str] | Any, version: int) -> ColumnElement[bool]:
    """Whether one of the fields lies under a version before this one."""
    newest = literal(version.to_bytes(_VERSION_BYTES, "big"), LargeBinary)
    return or_(*(version_in(table, name) < newest for name in fields))
