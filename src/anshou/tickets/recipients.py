"""Whose accounts a tiding means. Asked by the worker when it says it, so that the people of that moment are told."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.cards import colleagues
from anshou.people.roles import Department, Role
from anshou.people.serving import serving, working_for
from anshou.tickets.events import (
    ASK_RATING,
    TELL_DEPARTMENT,
    TELL_EXECUTIVE,
    TELL_FRONT_DESK,
    TELL_MERCHANT,
    TELL_PERSON,
    TELL_SUPERVISOR,
)


async def recipients(session: AsyncSession, actor: str, payload: Mapping[str, str]) -> list[UUID]:
    """The accounts to tell, in the agency's context. Where nobody holds the place meant, the next one up is told."""
    department = Department(payload["department"]) if "department" in payload else None
    if actor == TELL_PERSON:
        return [UUID(payload["person"])]
    if actor in (TELL_MERCHANT, ASK_RATING):
        return [account.id for account in await working_for(session, UUID(payload["merchant"]))]
    if actor == TELL_FRONT_DESK:
        served = [account.id for account in await serving(session, UUID(payload["merchant"]))]
        return served or await _supervisors(session, Department.AFTER_SALES_SERVICE)
    if actor == TELL_DEPARTMENT:
        return await _holding(session, Role.SPECIALIST, department) or await _supervisors(session, department)
    if actor == TELL_SUPERVISOR:
        return await _supervisors(session, department)
    if actor == TELL_EXECUTIVE:
        return await _holding(session, Role.EXECUTIVE, None)
    raise ValueError(f"no tiding is told by {actor!r}")


async def _supervisors(session: AsyncSession, department: Department | None) -> list[UUID]:
    own = await _holding(session, Role.SUPERVISOR, department or Department.AFTER_SALES_SERVICE)
    coordinating = own or await _holding(session, Role.SUPERVISOR, Department.OPERATIONS_MANAGEMENT)
    return coordinating or await _holding(session, Role.EXECUTIVE, None)


async def _holding(session: AsyncSession, role: Role, department: Department | None) -> list[UUID]:
    return [colleague.id for colleague in await colleagues(session, role=role, department=department)]
