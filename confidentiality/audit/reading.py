"""Reading the record: leaves by what they say, and what proves one of them."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.bodies import open_bodies
from confidentiality.audit.errors import CheckpointNotFound, LeafNotFound, LeafNotSealed
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from confidentiality.audit.merkle import consistency, inclusion
from confidentiality.audit.tree import AuditCheckpoint, find_checkpoint, find_seq, newest_checkpoint, prove
from confidentiality.audit.wire import leaf_fields
from tenants.registry import Tenant

PROOF_FORMAT = "anshou.audit.proof.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafFilter:
    """Which leaves are wanted; None wants all. `since` is included, `until` is not (UTC)."""

    action: str | None = None
    actor: UUID | None = None
    merchant: UUID | None = None
    ticket: UUID | None = None
    subject: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That a leaf stands at `seq` of the tree that the checkpoint signed."""

    leaf: AuditLeaf
    seq: int
    hashes: tuple[bytes, ...]
    checkpoint: AuditCheckpoint

    def told(self, tenant: UUID, verifying_key: str) -> dict[str, Any]:
        """All that another program needs to check it, for JSON: docs/audit-format.md."""
        return {
            "format": PROOF_FORMAT,
            "tenant": str(tenant),
            "key": verifying_key,
            "leaf": leaf_fields(self.leaf),
            "seq": self.seq,
            "proof": [base64.b64encode(one).decode() for one in self.hashes],
            "checkpoint": self.checkpoint.note,
        }


async def list_leaves(
    session: AsyncSession, wanted: LeafFilter, *, before: UUID | None = None, limit: int = 50
) -> Sequence[AuditLeaf]:
    """The latest leaves first, from the one before `before` on."""
    await write_leaves(session)
    conditions = [
        *([AuditLeaf.action == wanted.action] if wanted.action else []),
        *([AuditLeaf.actor_id == wanted.actor] if wanted.actor else []),
        *([AuditLeaf.merchant_id == wanted.merchant] if wanted.merchant else []),
        *([AuditLeaf.ticket_id == wanted.ticket] if wanted.ticket else []),
        *([AuditLeaf.subject_id == wanted.subject] if wanted.subject else []),
        *([AuditLeaf.at >= wanted.since] if wanted.since else []),
        *([AuditLeaf.at < wanted.until] if wanted.until else []),
        *([AuditLeaf.id < before] if before else []),
    ]
    found = await session.scalars(select(AuditLeaf).where(*conditions).order_by(AuditLeaf.id.desc()).limit(limit))
    return found.all()


async def visible_leaf(session: AsyncSession, leaf_id: UUID) -> AuditLeaf:
    """The leaf, if this context may read it. Raises LeafNotFound."""
    await write_leaves(session)
    leaf = await session.get(AuditLeaf, leaf_id)
    if leaf is None:
        raise LeafNotFound
    return leaf


async def read_bodies(session: AsyncSession, leaves: Sequence[AuditLeaf]) -> dict[UUID, dict[str, Any] | None]:
    """What the leaves say, by their ids; None where the key was destroyed."""
    return await open_bodies(session, [(leaf.id, leaf.sealed_for, leaf.body) for leaf in leaves])


async def prove_leaf(session: AsyncSession, leaf: AuditLeaf) -> InclusionProof:
    """The leaf's proof against the newest checkpoint. Raises LeafNotSealed while no checkpoint covers it."""
    seq = await find_seq(session, leaf.id)
    newest = await newest_checkpoint(session)
    if seq is None or newest is None or seq >= newest.size:
        raise LeafNotSealed
    hashes = await prove(session, inclusion(seq, newest.size))
    return InclusionProof(leaf=leaf, seq=seq, hashes=tuple(hashes), checkpoint=newest)


async def prove_extension(session: AsyncSession, first: int, second: int) -> tuple[list[bytes], Sequence[str]]:
    """The consistency proof between two checkpoints, by their sizes, and both notes. Raises CheckpointNotFound."""
    older, newer = await find_checkpoint(session, first), await find_checkpoint(session, second)
    if older is None or newer is None or first > second:
        raise CheckpointNotFound
    return await prove(session, consistency(first, second)), (older.note, newer.note)


async def list_checkpoints(
    session: AsyncSession, *, below: int | None = None, limit: int = 50
) -> Sequence[AuditCheckpoint]:
    """The largest first, from those smaller than `below` on."""
    query = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(limit)
    if below is not None:
        query = query.where(AuditCheckpoint.size < below)
    return (await session.scalars(query)).all()


def tenant_of(session: AsyncSession) -> Tenant:
    """Whose record the session reads."""
    tenant: Tenant = session.info["tenant"]
    return tenant
