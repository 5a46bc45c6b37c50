"""Sealing anew, in the background, what is sealed under an older data key: the same text, cell and seal version.

Batch by batch through every table that declares sealed fields, in the order of ids. Each batch is one transaction with
the place where the next begins, so a worker that is killed loses one batch at most. Rows that somebody is writing are
passed over (they are being sealed under the newest key, or are met in the next round), and an UPDATE matches the old
ciphertext, so no newer text is ever overwritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    Text,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from confidentiality.audit.actors import Actor
from confidentiality.audit.leaves import record
from confidentiality.keys.actions import RESEALED
from confidentiality.keys.key_rows import Purpose, VersionState, data_keys_of
from confidentiality.keys.swapping import swap_cells
from confidentiality.keys.vault import HOLD
from confidentiality.sealing.cells import note_column
from confidentiality.sealing.fields import all_sealed_models, sealed_fields
from confidentiality.sealing.ring import KeyRing, turned
from tenants.base import Base
from tenants.jobs import enqueue

RESEAL = "keys.reseal"
"""The actor that does a batch and leaves a job for the next one."""

BATCH = 1000

# A process that heard nothing of a rotation seals under the older version until its keys run out of time, and a
# transaction may take a while after that. Earlier than this no version counts as unused.
SETTLED_AFTER = timedelta(seconds=2 * HOLD)

# Locking the rows first would cost an eighth of the time, and seldom is one of them being written.
_IMPATIENT, _PATIENT = text("SET LOCAL lock_timeout = '200ms'"), text("SET LOCAL lock_timeout = DEFAULT")
_LOCKED = "55P03"

# Where the header of a sealed value holds the version of its data key: see `sealing/wire.py`.
_VERSION_AT, _VERSION_BYTES = 6, 4


class Resealing(Base):
    """How far an owner's re-sealing has come: to which version, in which table, how many rows. Times are UTC."""

    __tablename__ = "resealing"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    round: Mapped[int]
    at_table: Mapped[str | None]
    after_id: Mapped[UUID | None]
    rows_done: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch did: how many rows it sealed anew, and after which id the next begins, None at the table's end."""

    rows: int
    after: UUID | None


async def start_resealing(session: AsyncSession, owner: UUID, version: int, *, at: datetime) -> None:
    """Begin anew for this version; a job that still works on an older one ends by itself."""
    found = await session.get(Resealing, owner, with_for_update=True)
    if found is None:
        found = Resealing(owner_id=owner)
        session.add(found)
    found.version, found.round, found.rows_done = version, 1, 0
    found.at_table, found.after_id = None, None
    found.started_at, found.finished_at = at, None
    await _leave_job(session, found, at)


async def reseal_next(
    session: AsyncSession,
    ring: KeyRing,
    version: int,
    *,
    by: Actor,
    at: datetime,
    models: Sequence[Any] | None = None,
    limit: int = BATCH,
) -> Batch | None:
    """The next batch of the ring's owner, and a job for the one after it; None if there is nothing left to do.

    `version` is the one the job was left for. Does nothing if a later rotation has begun meanwhile. `models` are all
    that declare sealed fields, unless given.
    """
    owner = ring.owner
    state = await session.get(Resealing, owner, with_for_update=True)
    if state is None or state.version != version or state.finished_at is not None or ring.current != version:
        return None
    tables: list[Any] = [model for model in models or all_sealed_models(Base) if _holds(model, ring)]
    writable = [model for model in tables if await _may_update(session, model.__table__)]
    names = [model.__tablename__ for model in writable]
    place = names.index(state.at_table) if state.at_table in names else 0
    done = Batch(0, None)
    if place < len(writable):
        done = await reseal_batch(session, ring, writable[place], after=state.after_id, limit=limit)
        state.rows_done += done.rows
        if done.after is None:
            place += 1
    state.at_table, state.after_id = (names[place], done.after) if place < len(writable) else (None, None)
    if state.at_table is not None:
        await _leave_job(session, state, at)
    elif at < state.started_at + SETTLED_AFTER or [
        model for model in writable if await count_older(session, ring, model)
    ]:
        # Once more from the beginning, when whatever was written under the older version has been committed.
        state.round += 1
        await _leave_job(session, state, max(at + timedelta(seconds=HOLD / 4), state.started_at + SETTLED_AFTER))
    else:
        await _finish(session, state, by=by, at=at)
    return done


async def reseal_batch(
    session: AsyncSession, ring: KeyRing, model: Any, *, after: UUID | None = None, limit: int = BATCH
) -> Batch:
    """Seal anew what the owner's next rows of one table hold under older versions."""
    fields = sealed_fields(model)
    table: Table = model.__table__
    cells = [type_coerce(table.c[name], LargeBinary).label(name) for name in fields]
    columns = [table.c.id, table.c.seal_version, *cells]
    query = select(*columns).where(_older(table, fields, ring.current), *_owned(table, ring))
    if after is not None:
        query = query.where(table.c.id > after)
    query = query.order_by(table.c.id).limit(limit)
    try:
        async with session.begin_nested():
            await session.execute(_IMPATIENT)
            held, new, swapped = await _swapped(session, ring, model, query)
            await session.execute(_PATIENT)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCKED:
            raise
        # Somebody is writing one of the rows: only now is it worth locking them, to know which.
        held, new, swapped = await _swapped(session, ring, model, query.with_for_update(skip_locked=True))
    if not held:
        return Batch(0, None)
    # The audit trail knows each cell by the digest of its bytes, which are others now.
    merchant = None if ring.owner == ring.tenant else ring.owner
    ids, versions = held["id"], held["seal_version"]
    count, last = len(ids), ids[-1]
    if len(swapped) < count:
        changed = [row in swapped for row in ids]
        ids, versions = list(compress(ids, changed)), list(compress(versions, changed))
        new = {name: list(compress(ciphertexts, changed)) for name, ciphertexts in new.items()}
    for name, ciphertexts in new.items():
        note_column(session.sync_session, fields[name], ids, versions, ciphertexts, merchant)
    return Batch(len(swapped), last if count == limit else None)


async def _swapped(
    session: AsyncSession, ring: KeyRing, model: Any, query: Select[Any]
) -> tuple[Mapping[str, Sequence[Any]], dict[str, list[bytes | None]], set[UUID]]:
    """The rows by column, none if there are none, their new ciphertexts by column, and the ids of those changed."""
    rows = (await session.execute(query)).all()
    if not rows:
        return {}, {}, set()
    held = turned(rows)
    new = ring.reseal_columns(held, sealed_fields(model).values())
    return held, new, await swap_cells(session, model.__table__, held, new)


async def count_versions(session: AsyncSession, model: Any, owner: UUID | None) -> dict[int, int]:
    """How many of the owner's rows (None: the agency's own) hold something under each version of the data key.

    A row counts under the oldest version that one of its fields is sealed under. Reads the whole table.
    """
    table: Table = model.__table__
    fields = sealed_fields(model)
    oldest = (
        func.least(*(_version_of(table, name) for name in fields))
        if len(fields) > 1
        else (_version_of(table, next(iter(fields))))
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
    query = select(table.c.id).where(_older(table, sealed_fields(model), ring.current), *_owned(table, ring)).limit(1)
    return (await session.scalar(query)) is not None


async def find_resealing(session: AsyncSession, owner: UUID) -> Resealing | None:
    """How far it has come; None if the owner's keys were never rotated."""
    return await session.get(Resealing, owner)


def _holds(model: Any, ring: KeyRing) -> bool:
    """Whether the table can hold rows of the owner: without merchants it is the agency's own."""
    column = model.__table__.c.get("merchant_id")
    if ring.owner == ring.tenant:
        return column is None or bool(column.nullable)
    return column is not None


def _owned(table: Table, ring: KeyRing) -> list[ColumnElement[bool]]:
    if "merchant_id" not in table.c:
        return []
    return [table.c.merchant_id.is_(None) if ring.owner == ring.tenant else table.c.merchant_id == ring.owner]


def _version_of(table: Table, name: str) -> ColumnElement[bytes]:
    raw = type_coerce(table.c[name], LargeBinary)
    return func.substring(raw, literal_column(str(_VERSION_AT)), literal_column(str(_VERSION_BYTES)))


def _older(table: Table, fields: Sequence[str] | Any, version: int) -> ColumnElement[bool]:
    newest = literal(version.to_bytes(_VERSION_BYTES, "big"), LargeBinary)
    return or_(*(_version_of(table, name) < newest for name in fields))


async def _may_update(session: AsyncSession, table: Table) -> bool:
    """Whether the table's rows ever change: an append-only record stays under the key that it was sealed with."""
    asked = func.has_table_privilege(literal(table.name, Text), literal("UPDATE", Text))
    return bool(await session.scalar(select(asked)))


async def _finish(session: AsyncSession, state: Resealing, *, by: Actor, at: datetime) -> None:
    state.finished_at = at
    for key in await data_keys_of(session, state.owner_id):
        if key.purpose is Purpose.DATA and key.state is VersionState.OPENING and key.version < state.version:
            key.state, key.retired_at = VersionState.RETIRED, at
    told = {"version": state.version, "rows": state.rows_done}
    await record(session, RESEALED, actor=by, at=at, subject=state.owner_id, body=told)


async def _leave_job(session: AsyncSession, state: Resealing, at: datetime) -> None:
    await session.flush()
    payload: dict[str, str | int] = {"owner": str(state.owner_id), "version": state.version}
    await enqueue(session, RESEAL, payload, queue="bulk", priority=-1, run_at=at)
