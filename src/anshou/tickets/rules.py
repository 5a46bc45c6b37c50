"""The tenant's figures that decide when a move opens, as they are now."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.agency import read_settings
from anshou.tickets.situation import Rules


async def rules_at(session: AsyncSession, at: datetime) -> Rules:
    """The agency's settings as the processes need them, at the instant `at` (UTC)."""
    settings = await read_settings(session)
    return Rules(
        now=at,
        zone=settings.zone,
        reopen_days=settings.reopen_days,
        normal_days=settings.metric_normal_days,
        answer_days=settings.answer_days,
        objection_days=settings.objection_days,
    )
