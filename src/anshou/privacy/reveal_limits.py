"""How many fields one person may see within an hour, and the alarm when they come to it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.privacy.errors import RevealLimitReached
from anshou.privacy.reveal_rules import RevealRules
from anshou.privacy.reveals import Reveal, RevealAlarm
from anshou.privacy.telling import LIMIT_REACHED, tell_roles
from tenants.jobs import enqueue

RAISE_LIMIT_ALARM = "privacy.raise_limit_alarm"

HOUR = timedelta(hours=1)


async def seen_within_limit(session: AsyncSession, rules: RevealRules, *, by: Person, at: datetime) -> int:
    """How many fields the person saw within the last hour. Raises RevealLimitReached.

    One reveal of a person at a time, until it commits: of two at once each would count without the other.
    """
    lock = func.hashtextextended(f"reveal {by.id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(lock)))
    query = select(func.count()).where(Reveal.viewer_id == by.id, Reveal.shown_at > at - HOUR)
    seen = await session.scalar(query) or 0
    if seen >= rules.per_hour:
        raise RevealLimitReached(rules.per_hour)
    return seen


async def leave_alarm(session: AsyncSession, shown: int, *, by: Person, at: datetime) -> None:
    """Have the worker raise the alarm, once in an hour by the clock: who reveals neither reads nor writes alarms."""
    payload: dict[str, str | int] = {"account": str(by.id), "shown": shown, "at": at.isoformat()}
    await enqueue(session, RAISE_LIMIT_ALARM, payload, key=f"reveal limit {by.id} {at:%Y-%m-%dT%H}")


async def raise_limit_alarm(session: AsyncSession, account_id: UUID, shown: int, *, at: datetime) -> RevealAlarm:
    """Write the alarm down and tell the supervisors. Needs the agency's context."""
    alarm = RevealAlarm(account_id=account_id, shown=shown, raised_at=at)
    session.add(alarm)
    await session.flush()
    await tell_roles(session, LIMIT_REACHED, Role.SUPERVISOR, subject=account_id)
    return alarm
