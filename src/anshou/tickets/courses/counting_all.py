"""All courses counted: of tickets that are older than courses, and again after calendars have changed."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.courses.owed import is_owed
from anshou.tickets.courses.recounting import recount
from tenants.prepared import fetch


async def is_counted(session: AsyncSession) -> bool:
    """Whether the courses that the context reaches are all there, counted under the calendars of now."""
    if await is_owed(session):
        return False
    rows = await fetch(session, "SELECT calendars, finished_at FROM course_count")
    if not rows:
        # The job has never run: there is nothing to do for it unless tickets are older than courses.
        return not (await fetch(session, _SOME_WITHOUT))[0][0]
    return rows[0][1] is not None and rows[0][0] == _digest(await read_rulebook(session))


async def count_on(session: AsyncSession, *, at: datetime) -> bool:
    """Count the courses of the next merchant; whether there may be more. In the agency's context."""
    digest = _digest(await read_rulebook(session))
    rows = await fetch(session, "SELECT calendars, reached, finished_at FROM course_count FOR UPDATE")
    if not rows or rows[0][0] != digest:
        await fetch(session, _BEGIN, digest)
        reached = None
    elif rows[0][2] is not None:
        return False
    else:
        reached = rows[0][1]
    merchants = await fetch(session, _NEXT, reached)
    if not merchants:
        await fetch(session, "UPDATE course_count SET finished_at = $1", at)
        return False
    merchant_id = merchants[0][0]
    tickets = await fetch(session, "SELECT id FROM ticket WHERE merchant_id = $1 ORDER BY id", merchant_id)
    await recount(session, [row[0] for row in tickets])
    await fetch(session, "UPDATE course_count SET reached = $1", merchant_id)
    return True


def _digest(rulebook: Rulebook) -> str:
    """What of the rules open time depends on, and what is made for each ticket."""
    said = (
        "courses and limits",
        sorted(map(repr, rulebook.calendars.values())),
        sorted(rulebook.china_changes),
        sorted(rulebook.entered_years),
        sorted((code, sorted(days)) for code, days in rulebook.own_days.items()),
    )
    return sha256(repr(said).encode()).hexdigest()


_BEGIN = """
INSERT INTO course_count (calendars) VALUES ($1)
ON CONFLICT (only_one) DO UPDATE SET calendars = EXCLUDED.calendars, reached = NULL, finished_at = NULL
"""
_NEXT = "SELECT id FROM merchant WHERE $1::uuid IS NULL OR id > $1::uuid ORDER BY id LIMIT 1"
_SOME_WITHOUT = """
SELECT EXISTS (SELECT FROM ticket AS t WHERE NOT EXISTS (
    SELECT FROM ticket_course AS c WHERE c.merchant_id = t.merchant_id AND c.ticket_id = t.id AND c.position = 0
))
"""
