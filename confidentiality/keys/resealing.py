"""Sealing anew, in the background, what is sealed under an older data key: the same text, cell and seal version.

Batch by batch through every table that declares sealed fields, in the order of ids, then the files (`file_resealing`).
Each batch is one transaction with the place where the next begins, so a worker that is killed loses one batch at most.
Rows that somebody is writing are passed over (they are being sealed under the newest key, or are met in the next
round), and an UPDATE matches the old ciphertext, so no newer text is ever overwritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    Select,
    Table,
    Text,
    func,
    literal,
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
from confidentiality.keys.file_resealing import broken_versions, older_files
from confidentiality.keys.key_rows import Purpose, VersionState, data_keys_of
from confidentiality.keys.row_versions import count_older, older_than, rows_of
from confidentiality.keys.swapping import swap_cells
from confidentiality.keys.vault import HOLD
from confidentiality.sealing.cells import note_column
from confidentiality.sealing.fields import all_sealed_models, sealed_fields
from confidentiality.sealing.ring import KeyRing, turned
from tenants.base import Base
from tenants.jobs import enqueue

RESEAL, RESEAL_FILES = "keys.reseal", "keys.reseal_files"
"""The actors that do a batch of rows, or of files, and leave a job for the next one."""

FILES = "file_place"
"""Where a round is when it has come to the files."""

BATCH = 1000

# A process that heard nothing of a rotation seals under the older version until its keys run out of time, and a
# transaction may take a while after that. Earlier than this no version counts as unused.
SETTLED_AFTER = timedelta(seconds=2 * HOLD)

# Locking the rows first would cost an eighth of the time, and seldom is one of them being written.
_IMPATIENT, _PATIENT = text("SET LOCAL lock_timeout = '200ms'"), text("SET LOCAL lock_timeout = DEFAULT")
_LOCKED = "55P03"


class Resealing(Base):
    """How far an owner's re-sealing has come: to which version, in which table, how many rows and files.

    Times are UTC.
    """

    __tablename__ = "resealing"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    round: Mapped[int]
    at_table: Mapped[str | None]
    after_id: Mapped[UUID | None]
    rows_done: Mapped[int] = mapped_column(BigInteger)
    files_done: Mapped[int] = mapped_column(BigInteger)
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
    found.version, found.round, found.rows_done, found.files_done = version, 1, 0, 0
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
    if state.at_table == FILES:
        # What is left of this round is another actor's.
        return None
    writable = await _writable(session, ring, models)
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
    elif await older_files(session, owner, version, most=1):
        state.at_table = FILES
        await _leave_job(session, state, at, actor=RESEAL_FILES)
    else:
        await _end_round(session, ring, state, writable, by=by, at=at)
    return done


async def after_files(
    session: AsyncSession,
    ring: KeyRing,
    version: int,
    *,
    done: int,
    more: bool,
    by: Actor,
    at: datetime,
    models: Sequence[Any] | None = None,
) -> None:
    """So many files were sealed anew: a job for `more` of them, or the end of the round."""
    state = await session.get(Resealing, ring.owner, with_for_update=True)
    if state is None or state.version != version or state.at_table != FILES:
        return
    state.files_done += done
    if more:
        await _leave_job(session, state, at, actor=RESEAL_FILES)
        return
    state.at_table = None
    await _end_round(session, ring, state, await _writable(session, ring, models), by=by, at=at)


async def _end_round(
    session: AsyncSession, ring: KeyRing, state: Resealing, writable: Sequence[Any], *, by: Actor, at: datetime
) -> None:
    """Once more from the beginning, or never again."""
    left = [model for model in writable if await count_older(session, ring, model)]
    if at < state.started_at + SETTLED_AFTER or left:
        # When whatever was written under the older version has been committed.
        state.round += 1
        await _leave_job(session, state, max(at + timedelta(seconds=HOLD / 4), state.started_at + SETTLED_AFTER))
    else:
        await _finish(session, state, by=by, at=at)


async def _writable(session: AsyncSession, ring: KeyRing, models: Sequence[Any] | None) -> list[Any]:
    """The tables to seal anew: those that can hold rows of the owner, and whose rows may change."""
    tables: list[Any] = [model for model in models or all_sealed_models(Base) if _holds(model, ring)]
    return [model for model in tables if await _may_update(session, model.__table__)]


async def reseal_batch(
    session: AsyncSession, ring: KeyRing, model: Any, *, after: UUID | None = None, limit: int = BATCH
) -> Batch:
    """Seal anew what the owner's next rows of one table hold under older versions."""
    fields = sealed_fields(model)
    table: Table = model.__table__
    cells = [type_coerce(table.c[name], LargeBinary).label(name) for name in fields]
    columns = [table.c.id, table.c.seal_version, *cells]
    query = select(*columns).where(older_than(table, fields, ring.current), *rows_of(table, ring))
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


async def find_resealing(session: AsyncSession, owner: UUID) -> Resealing | None:
    """How far it has come; None if the owner's keys were never rotated."""
    return await session.get(Resealing, owner)


def _holds(model: Any, ring: KeyRing) -> bool:
    """Whether the table can hold rows of the owner: without merchants it is the agency's own."""
    column = model.__table__.c.get("merchant_id")
    if ring.owner == ring.tenant:
        return column is None or bool(column.nullable)
    return column is not None


async def _may_update(session: AsyncSession, table: Table) -> bool:
    """Whether the table's rows ever change: an append-only record stays under the key that it was sealed with."""
    asked = func.has_table_privilege(literal(table.name, Text), literal("UPDATE", Text))
    return bool(await session.scalar(select(asked)))


async def _finish(session: AsyncSession, state: Resealing, *, by: Actor, at: datetime) -> None:
    state.finished_at = at
    damaged = await broken_versions(session, state.owner_id)
    for key in await data_keys_of(session, state.owner_id):
        of_data = key.purpose is Purpose.DATA and key.state is VersionState.OPENING
        if of_data and key.version < state.version and key.version not in damaged:
            key.state, key.retired_at = VersionState.RETIRED, at
    told = {"version": state.version, "rows": state.rows_done, "files": state.files_done}
    await record(session, RESEALED, actor=by, at=at, subject=state.owner_id, body=told)


async def _leave_job(session: AsyncSession, state: Resealing, at: datetime, *, actor: str = RESEAL) -> None:
    await session.flush()
    payload: dict[str, str | int] = {"owner": str(state.owner_id), "version": state.version}
    await enqueue(session, actor, payload, queue="bulk", priority=-1, run_at=at)
