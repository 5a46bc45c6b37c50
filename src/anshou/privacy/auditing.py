"""Reading the audit record: auditors browse it, prove a leaf of it, and take it with them.

Merchants read their own leaves, as the database lets them, to prove them; checkpoints are everybody's who is bound by
them.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.tickets.tickets import Ticket
from confidentiality.audit import reading
from confidentiality.audit.checkpoints import VerifyingKey
from confidentiality.audit.errors import LeafNotFound, LeafNotSealed
from confidentiality.audit.exporting import export_lines
from confidentiality.audit.leaves import AuditLeaf, record
from confidentiality.audit.own_actions import EXPORTED
from confidentiality.audit.reading import InclusionProof, LeafFilter
from confidentiality.audit.tree import AuditCheckpoint, count_unsealed, newest_checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLeaf:
    """A leaf as its reader sees it. `body` is None when its key was destroyed, `proof` while it has no place yet."""

    leaf: AuditLeaf
    body: dict[str, Any] | None
    proof: InclusionProof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the record is sealed: the newest checkpoint, how many leaves wait, and since when the oldest (UTC)."""

    newest: AuditCheckpoint | None
    waiting: int
    oldest: datetime | None


async def browse(
    session: AsyncSession, wanted: LeafFilter, *, by: Person, before: UUID | None = None, limit: int = 50
) -> Sequence[tuple[AuditLeaf, dict[str, Any] | None]]:
    """The latest leaves with their bodies, from the one before `before` on."""
    authorize(by, Permission.READ_AUDIT)
    leaves = await reading.list_leaves(session, wanted, before=before, limit=limit)
    bodies = await reading.read_bodies(session, leaves)
    return [(leaf, bodies[leaf.id]) for leaf in leaves]


async def read_leaf(session: AsyncSession, leaf_id: UUID, *, by: Person) -> ReadLeaf:
    """One leaf, with its proof against the newest checkpoint. Raises LeafNotFound."""
    authorize(by, Permission.READ_AUDIT)
    leaf = await reading.visible_leaf(session, leaf_id)
    bodies = await reading.read_bodies(session, [leaf])
    return ReadLeaf(leaf=leaf, body=bodies[leaf.id], proof=await _proof(session, leaf))


async def prove_leaf(session: AsyncSession, leaf_id: UUID, *, by: Person) -> InclusionProof:
    """The proof of a leaf: for auditors of any, for a merchant's people of their merchant's own.

    Raises LeafNotFound and LeafNotSealed.
    """
    if not by.is_merchant:
        authorize(by, Permission.READ_AUDIT)
    leaf = await reading.visible_leaf(session, leaf_id)
    if by.is_merchant and leaf.merchant_id != by.merchant_id:
        raise LeafNotFound
    return await reading.prove_leaf(session, leaf)


async def standing(session: AsyncSession, *, by: Person) -> Standing:
    """How far the record is sealed."""
    authorize(by, Permission.READ_AUDIT)
    waiting, oldest = await count_unsealed(session)
    return Standing(newest=await newest_checkpoint(session), waiting=waiting, oldest=oldest)


async def list_checkpoints(
    session: AsyncSession, *, by: Person, below: int | None = None, limit: int = 50
) -> Sequence[AuditCheckpoint]:
    """Checkpoints, the newest first: for auditors, and for a merchant's people, to be kept outside this house."""
    _authorize_checkpoints(by)
    return await reading.list_checkpoints(session, below=below, limit=limit)


async def prove_extension(
    session: AsyncSession, first: int, second: int, *, by: Person
) -> tuple[list[bytes], Sequence[str]]:
    """That the later of two checkpoints continues the earlier one, and both notes. Raises CheckpointNotFound."""
    _authorize_checkpoints(by)
    return await reading.prove_extension(session, first, second)


async def export(session: AsyncSession, key: VerifyingKey, *, by: Person, at: datetime) -> AsyncIterator[str]:
    """The whole record, line by line; that it was taken is in the record too."""
    authorize(by, Permission.READ_AUDIT)
    await record(session, EXPORTED, actor=by.actor(), at=at)
    async for line in export_lines(session, str(key)):
        yield line


async def find_ticket(session: AsyncSession, number: str) -> UUID | None:
    """The ticket with this number, or None."""
    found: UUID | None = await session.scalar(select(Ticket.id).where(Ticket.number == number))
    return found


async def number_of(session: AsyncSession, ticket_id: UUID) -> str | None:
    """The ticket's number, or None if it is gone or out of reach."""
    found: str | None = await session.scalar(select(Ticket.number).where(Ticket.id == ticket_id))
    return found


def _authorize_checkpoints(by: Person) -> None:
    if not (by.is_merchant and allows(by, Permission.READ_REVEALS)):
        authorize(by, Permission.READ_AUDIT)


async def _proof(session: AsyncSession, leaf: AuditLeaf) -> InclusionProof | None:
    try:
        return await reading.prove_leaf(session, leaf)
    except LeafNotSealed:
        return None
