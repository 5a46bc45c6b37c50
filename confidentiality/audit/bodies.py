"""Bodies of leaves: sealed under the key of the merchant they are about, else under the agency's."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.encoding import body_bytes
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.registry import Tenant

_TABLE, _COLUMN = "audit_leaf", "body"


@dataclass(frozen=True, slots=True)
class ClosedBody:
    """The bytes of a body and whose key they are sealed with; None if they are readable."""

    content: bytes
    sealed_for: UUID | None


def plain_body(body: Mapping[str, Any]) -> ClosedBody:
    """A body that says nothing to be sealed."""
    return ClosedBody(body_bytes(body), None)


async def seal_body(session: AsyncSession, body: Mapping[str, Any], *, leaf: UUID, owner: UUID | None) -> ClosedBody:
    """Seal a body for the leaf. What is done after a merchant's key was destroyed is sealed under the agency's key.

    Raises what `open_keys` raises: what cannot be recorded must not happen.
    """
    tenant: Tenant = session.info["tenant"]
    try:
        ring = await open_keys(session, owner or tenant.id)
    except KeyDestroyed:
        ring = await open_keys(session, tenant.id)
    return ClosedBody(ring.seal_bytes(body_bytes(body), table=_TABLE, column=_COLUMN, row=leaf), ring.owner)


async def open_bodies(
    session: AsyncSession, leaves: Iterable[tuple[UUID, UUID | None, bytes]]
) -> dict[UUID, dict[str, Any] | None]:
    """The bodies of leaves given as id, owner of the key and bytes; None where the key was destroyed."""
    rings: dict[UUID, KeyRing | None] = {}
    bodies: dict[UUID, dict[str, Any] | None] = {}
    for leaf_id, sealed_for, content in leaves:
        if sealed_for is None:
            bodies[leaf_id] = json.loads(content)
            continue
        if sealed_for not in rings:
            rings[sealed_for] = await _ring(session, sealed_for)
        ring = rings[sealed_for]
        if ring is None:
            bodies[leaf_id] = None
            continue
        opened = ring.open_bytes(content, table=_TABLE, column=_COLUMN, row=leaf_id)
        bodies[leaf_id] = json.loads(opened)
    return bodies


async def count_bodies(session: AsyncSession, owner: UUID) -> dict[int, int]:
    """How many bodies are sealed under each version of the owner's data key. Reads the owner's whole record."""
    query = text(
        "SELECT substring(body FROM 6 FOR 4) AS version, count(*) AS leaves FROM audit_leaf "
        "WHERE sealed_for = :owner GROUP BY 1"
    ).bindparams(bindparam("owner", type_=Uuid))
    counted = query.columns(version=LargeBinary, leaves=BigInteger)
    return {int.from_bytes(row.version, "big"): row.leaves for row in await session.execute(counted, {"owner": owner})}


async def _ring(session: AsyncSession, owner: UUID) -> KeyRing | None:
    try:
        return await open_keys(session, owner)
    except KeyDestroyed:
        return None
