"""That masked fields were shown in a list: one leaf for all of them, and decoys among them are looked for.

A mask tells a little, and a list of them tells whose records somebody went through. One leaf with the count and a
digest of the ids says so without growing with the list; the digest can be checked against rows that are suspected.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.privacy.actions import LIST_MASKED
from anshou.privacy.watching import Touch, look_for_decoys
from confidentiality.audit.leaves import Receipt, record


async def record_masked_list(
    session: AsyncSession,
    table: str,
    rows: Collection[UUID],
    *,
    merchant_id: UUID,
    ticket_id: UUID | None = None,
    found: bool = False,
    by: Person,
    at: datetime,
) -> Receipt | None:
    """Record that the person was shown these rows of a table masked; nothing when there is none.

    `found` says that they were searched for. Belongs into the transaction that reads the rows, before anything is
    rendered: what cannot be recorded is not shown.
    """
    if not rows:
        return None
    await look_for_decoys(session, table, rows, Touch.FOUND if found else Touch.LISTED, by=by, at=at)
    return await record(
        session,
        LIST_MASKED,
        actor=by.actor(),
        at=at,
        owner=merchant_id,
        ticket=ticket_id,
        body={"table": table, "count": len(set(rows)), "rows_sha256": digest_of(rows), "found": found},
    )


def digest_of(rows: Collection[UUID]) -> str:
    """SHA-256 in hex over the ids' 16 bytes each, every id once and in ascending order. Pure."""
    return hashlib.sha256(b"".join(sorted(row.bytes for row in set(rows)))).hexdigest()
