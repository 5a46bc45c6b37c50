"""Forgetting what sign-in no longer needs. Runs daily in the door's context."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.delays import forget_old_delays
from anshou.people.signing_in import forget_old_challenges
from anshou.people.web_sessions import forget_old_sessions

# Who signed in when and from where is a network log, kept for at least six months (网络安全法 art. 21 no. 3).
SESSIONS_KEPT = timedelta(days=190)


async def sweep(session: AsyncSession, *, at: datetime, kept: timedelta = SESSIONS_KEPT) -> int:
    """Drop delays and challenges that are over and sessions that ended long ago; returns how many rows."""
    return (
        await forget_old_delays(session, at=at)
        + await forget_old_challenges(session, at=at)
        + await forget_old_sessions(session, before=at - kept)
    )
