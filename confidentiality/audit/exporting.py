"""A tenant's whole record as JSON lines, for whoever checks it without the database."""

import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.tree import newest_checkpoint
from confidentiality.audit.wire import FORMAT, leaf_line
from tenants.registry import Tenant

_AT_ONCE = 1000

_BOUNDS = bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)

# A place without a leaf, a leaf hash without a place and the other way round are shown as they are found. A number of
# places is bound, not an OFFSET: every batch costs the same.
_PLACES = text(
    """
    SELECT coalesce(place.seq, tree.position) AS seq, place.leaf_id, tree.hash AS tree_hash,
        leaf.id, leaf.at, leaf.action, leaf.actor_id, leaf.actor_side, leaf.merchant_id, leaf.subject_id,
        leaf.ticket_id, leaf.sealed_for, leaf.body, leaf.leaf_hash
    FROM (SELECT seq, leaf_id FROM audit_sequence WHERE seq >= :first AND seq < :last) AS place
    FULL JOIN (SELECT position, hash FROM audit_hash WHERE height = 0 AND position >= :first AND position < :last)
        AS tree ON tree.position = place.seq
    LEFT JOIN audit_leaf AS leaf ON leaf.id = place.leaf_id
    ORDER BY 1
    """
).bindparams(*_BOUNDS)
_CHECKPOINTS = text(
    "SELECT size, note FROM audit_checkpoint WHERE size > :first AND size <= :last ORDER BY size"
).bindparams(*_BOUNDS)
_UNPLACED = text(
    "SELECT count(*) FROM audit_leaf WHERE NOT EXISTS (SELECT FROM audit_sequence WHERE leaf_id = audit_leaf.id)"
)


async def export_lines(session: AsyncSession, verifying_key: str) -> AsyncIterator[str]:
    """The record up to its newest checkpoint, line by line: a head, leaves in their places with checkpoints after the
    leaf that they cover last, and an end. Bodies stay sealed. In the agency's context.
    """
    tenant: Tenant = session.info["tenant"]
    newest = await newest_checkpoint(session)
    size = newest.size if newest is not None else 0
    yield _line({"format": FORMAT, "tenant": str(tenant.id), "size": size, "key": verifying_key})
    for first in range(0, size, _AT_ONCE):
        async for line in _batch(session, first, min(first + _AT_ONCE, size)):
            yield line
    unplaced = (await session.scalars(_UNPLACED)).one()
    yield _line({"end": size, "unplaced": unplaced})


async def _batch(session: AsyncSession, first: int, last: int) -> AsyncIterator[str]:
    bounds = {"first": first, "last": last}
    checkpoints = list(await session.execute(_CHECKPOINTS, bounds))
    for row in await session.execute(_PLACES, bounds):
        while checkpoints and checkpoints[0].size <= row.seq:
            yield _line({"checkpoint": checkpoints.pop(0).note})
        yield _line(leaf_line(row))
    for checkpoint in checkpoints:
        yield _line({"checkpoint": checkpoint.note})


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
