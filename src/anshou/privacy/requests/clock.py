"""The clock of a request: calendar days from the day it came, counted around the clock.

Fifteen days unless the agency sets fewer or more, and thirty at most (GB/T 35273-2020 section 8.7).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM
from anshou.people.roles import Role
from anshou.privacy.requests.kinds import Step
from anshou.privacy.requests.recording import noted
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.requests.telling import LATE, WARNED
from anshou.privacy.telling import tell_person, tell_roles
from tenants.timers import cancel_timer, set_timer

TIMER = "privacy.request"


def start_clock(at: datetime, days: int) -> tuple[datetime, datetime]:
    """When to warn, at 80 % of the time, and when the answer is due."""
    whole = timedelta(days=days)
    return at + whole * 4 / 5, at + whole


async def set_clock(session: AsyncSession, request: SubjectRequest) -> None:
    """Make the next of its two instants due; none once it is answered."""
    if request.answered_at is not None or request.breached_at is not None:
        await cancel_timer(session, TIMER, request.id)
    else:
        await set_timer(session, TIMER, request.id, request.warn_at if request.warned_at is None else request.due_at)


async def fire(session: AsyncSession, request_id: UUID, at: datetime) -> None:
    """The timer is due: warn who took it in and the supervisors, then record the breach for good and tell them."""
    request = await session.get(SubjectRequest, request_id, with_for_update=True)
    if request is None or request.answered_at is not None:
        return
    if request.warned_at is None and at < request.due_at:
        request.warned_at = at
        step, event = Step.WARNED, WARNED
    elif request.breached_at is None and at >= request.due_at:
        request.warned_at = request.warned_at or at
        request.breached_at = at
        step, event = Step.BREACHED, LATE
    else:
        return
    await noted(session, request, step, detail="", by=SYSTEM, at=at)
    await tell_roles(session, event, Role.SUPERVISOR, subject=request.id, number=request.number)
    if request.through.value == "agency":
        await tell_person(session, event, request.received_by, subject=request.id, number=request.number)
    await session.flush()
    await set_clock(session, request)
