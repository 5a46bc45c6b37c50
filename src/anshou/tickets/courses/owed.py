"""Courses that are counted behind the pages: of tickets that came in bulk, and of merchants whose tickets went in bulk.

What is owed is written in the transaction of the import, so that whoever sees its tickets also sees that they are not
counted yet, and is counted by a job, a part of one merchant's at a time.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.courses.recounting import recount, relate
from tenants.jobs import enqueue
from tenants.prepared import fetch

MEASURE = "performance.measure"

# As many tickets stand in one row, and so many rows are counted in one go.
_LOT, _LOTS = 1000, 5


async def owe_courses(session: AsyncSession, tickets: Mapping[UUID, Collection[UUID]]) -> None:
    """Have the courses of these tickets, by merchant, counted by a job.

    A merchant without tickets: which of its tickets are repetitions is looked at anew, e.g. after some were taken away.
    """
    rows = [
        {"merchant_id": str(merchant), "tickets": [str(one) for one in lot]}
        for merchant, ids in tickets.items()
        for lot in _lots(sorted(ids))
    ]
    if rows:
        await fetch(session, _OWE, msgspec.json.encode(rows).decode())
        await enqueue(session, MEASURE, {}, queue="bulk")


async def is_owed(session: AsyncSession) -> bool:
    """Whether courses are owed to tickets that the context reaches."""
    return bool((await fetch(session, "SELECT EXISTS (SELECT FROM course_owed)"))[0][0])


async def count_owed(session: AsyncSession) -> bool:
    """Count some of what is owed; whether there was anything. In the agency's context."""
    rows = await fetch(session, _TAKE, _LOTS)
    if not rows:
        return False
    # Tickets that are gone meanwhile have no history to make courses of.
    if tickets := [UUID(one) for _, lot in rows if lot for one in lot.split(",")]:
        await recount(session, tickets)
    if not all(lot for _, lot in rows):
        await relate(session, {rows[0][0]})
    return True


def _lots(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[start : start + _LOT] for start in range(0, len(ids), _LOT)] or [[]]


_OWE = """
INSERT INTO course_owed (merchant_id, id, tickets)
SELECT n.merchant_id, gen_random_uuid(), n.tickets
FROM jsonb_to_recordset($1::jsonb) AS n (merchant_id uuid, tickets uuid[])
"""
_TAKE = """
DELETE FROM course_owed WHERE (merchant_id, id) IN (
    SELECT merchant_id, id FROM course_owed
    WHERE merchant_id = (SELECT merchant_id FROM course_owed ORDER BY merchant_id LIMIT 1)
    ORDER BY id LIMIT $1
) RETURNING merchant_id, array_to_string(tickets, ',')
"""
