"""The tree as stored, and proofs from it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from confidentiality.audit.leaves import AuditLeaf
from confidentiality.audit.merkle import Proof, Subtree, root_of
from tenants.base import Base

KEPT_EVERY = 8
"""Only subtrees whose height is a multiple of this are kept; what lies between is computed from at most 2^8 of them."""


class AuditSequence(Base):
    """The place of a leaf in the record, counted from 0 without gaps."""

    __tablename__ = "audit_sequence"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    leaf_id: Mapped[UUID]


class AuditHash(Base):
    """The root of a complete subtree; at height 0, of a leaf."""

    __tablename__ = "audit_hash"

    height: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpoint(Base):
    """A checkpoint as stored; the note is what counts, the rest repeats it."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    note: Mapped[str]
    frontier: Mapped[bytes] = mapped_column(LargeBinary)


async def newest_checkpoint(session: AsyncSession) -> AuditCheckpoint | None:
    """The checkpoint that covers most, or None before the first."""
    found: AuditCheckpoint | None = await session.scalar(
        select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)
    )
    return found


async def find_checkpoint(session: AsyncSession, size: int) -> AuditCheckpoint | None:
    """The checkpoint that covers exactly so many leaves, or None."""
    return await session.get(AuditCheckpoint, size)


async def find_seq(session: AsyncSession, leaf_id: UUID) -> int | None:
    """The leaf's place, or None if it has none yet."""
    found: int | None = await session.scalar(select(AuditSequence.seq).where(AuditSequence.leaf_id == leaf_id))
    return found


async def prove(session: AsyncSession, proof: Proof) -> list[bytes]:
    """The hashes of a proof about what is in the tree."""
    return proof.hashes(await _roots(session, proof.needs()))


async def _roots(session: AsyncSession, wanted: set[Subtree]) -> dict[Subtree, bytes]:
    """The roots of complete subtrees, each computed from the kept ones below it, all read in one statement."""
    sources = {subtree: _kept_below(subtree) for subtree in wanted}
    kept = await _read(session, sources.values())
    return {
        subtree: root_of(kept[height, position] for position in positions)
        for subtree, (height, positions) in sources.items()
    }


def _kept_below(subtree: Subtree) -> tuple[int, range]:
    height, position = subtree
    above = height % KEPT_EVERY
    return height - above, range(position << above, (position + 1) << above)


async def _read(session: AsyncSession, sources: Iterable[tuple[int, range]]) -> dict[Subtree, bytes]:
    conditions = [
        and_(
            AuditHash.height == height,
            AuditHash.position >= positions.start,
            AuditHash.position < positions.stop,
        )
        for height, positions in sources
    ]
    if not conditions:
        return {}
    found = await session.execute(select(AuditHash.height, AuditHash.position, AuditHash.hash).where(or_(*conditions)))
    return {(row.height, row.position): row.hash for row in found}


async def count_unsealed(session: AsyncSession, *, at_most: int = 1000) -> tuple[int, datetime | None]:
    """How many of the latest leaves have no place yet, at most so many, and when the oldest of them was left."""
    latest = select(AuditLeaf.id, AuditLeaf.at).order_by(AuditLeaf.id.desc()).limit(at_most).subquery()
    placed = select(AuditSequence.seq).where(AuditSequence.leaf_id == latest.c.id).exists()
    count, oldest = (await session.execute(select(func.count(), func.min(latest.c.at)).where(~placed))).one()
    return count, oldest
