"""The sealer's work on one tenant: give leaves their places, extend the tree, sign what it is now.

A leaf is taken once no transaction can still commit before it in the order: its own transaction number lies below the
oldest one that runs. A watermark over ids or times would lose what commits late (docs/decisions).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.checkpoints import Checkpoint, CheckpointKey
from confidentiality.audit.errors import CheckpointInvalid, TreeTampered
from confidentiality.audit.merkle import Frontier
from confidentiality.audit.tree import KEPT_EVERY, AuditCheckpoint, AuditHash, newest_checkpoint

BATCH = 5000

# Transaction numbers as text and then as numbers: a type that neither driver nor ORM would have to know.
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")

# A leaf from beyond the newest transaction came with its tenant from another server, whose numbers were higher.
_PLACE = text(
    """
    WITH taken AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY xid, id) - 1 + :size AS seq, id, leaf_hash, xid FROM (
            SELECT id, leaf_hash, xid FROM audit_leaf
            WHERE xid >= :since
              AND (xid < :horizon OR xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
              AND NOT EXISTS (SELECT FROM audit_sequence WHERE leaf_id = audit_leaf.id)
            ORDER BY xid, id LIMIT :batch
        ) AS next
    ),
    placed AS (INSERT INTO audit_sequence (seq, leaf_id) SELECT seq, id FROM taken),
    hashed AS (INSERT INTO audit_hash (height, position, hash) SELECT 0, seq, leaf_hash FROM taken)
    SELECT leaf_hash, xid FROM taken ORDER BY seq
    """
).bindparams(*(bindparam(name, type_=BigInteger) for name in ("size", "since", "horizon", "batch")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What one batch brought: every leaf of a transaction numbered below `below` has its place now."""

    count: int
    below: int
    checkpoint: Checkpoint | None

    @property
    def more(self) -> bool:
        """Whether there may be more to seal at once."""
        return self.count == BATCH


async def seal_batch(session: AsyncSession, key: CheckpointKey, *, since: int, at: datetime) -> Sealed:
    """Seal up to `BATCH` leaves of transactions from number `since` on.

    Of two sealers at once the second fails at the first one's places and seals nothing. Raises TreeTampered.
    """
    last = await newest_checkpoint(session)
    frontier, previous = Frontier(), None
    if last is not None:
        frontier, previous = _signed_before(last, key)
    horizon = (await session.scalars(_HORIZON)).one()
    values = {"size": frontier.size, "since": since, "horizon": horizon, "batch": BATCH}
    rows = (await session.execute(_PLACE, values)).all()
    if not rows:
        return Sealed(count=0, below=horizon, checkpoint=None)
    complete = [made for row in rows for made in frontier.append(row.leaf_hash)]
    kept = [
        {"height": height, "position": position, "hash": root}
        for (height, position), root in complete
        if height % KEPT_EVERY == 0
    ]
    if kept:
        await session.execute(insert(AuditHash), kept)
    made = key.sign(size=frontier.size, root=frontier.root(), at=at, previous=previous)
    stored = {
        "size": made.size,
        "root": made.root,
        "made_at": made.at,
        "note": made.note,
        "frontier": frontier.packed(),
    }
    await session.execute(insert(AuditCheckpoint), [stored])
    below = horizon if len(rows) < BATCH else min(horizon, rows[-1].xid)
    return Sealed(count=len(rows), below=below, checkpoint=made)


def _signed_before(last: AuditCheckpoint, key: CheckpointKey) -> tuple[Frontier, Checkpoint]:
    """What to go on from, if it is what this key signed: nothing that was altered since is signed over again."""
    try:
        stated = key.verifying.read(last.note)
        frontier = Frontier.of(stated.size, last.frontier)
    except (CheckpointInvalid, ValueError) as error:
        raise TreeTampered(f"checkpoint {last.size}: {error}") from None
    if stated.size != last.size or frontier.root() != stated.root:
        raise TreeTampered(f"checkpoint {last.size}: the frontier is not that of the signed root")
    return frontier, stated
