"""Telling those who watch: a job with ids and nothing else, left in the transaction of what happened.

The actors' names are frozen: old jobs meet new workers. Which events there are, and where each leads, stands in the
portal's notices.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.cards import colleagues
from anshou.people.roles import Department, Role
from anshou.people.serving import working_for
from tenants.base import new_id
from tenants.jobs import enqueue

TELL_ROLES = "privacy.tell_roles"
TELL_OWNERS = "privacy.tell_owners"
TELL_PERSON = "privacy.tell_person"

# Somebody came to the limit of what may be seen in an hour.
LIMIT_REACHED = "reveal_limit"
OBJECTION_RAISED = "reveal_objection"
OBJECTION_OVERDUE = "reveal_objection_overdue"
OBJECTION_ANSWERED = "reveal_objection_answered"
DECOY_TOUCHED = "decoy_touched"


async def tell_roles(
    session: AsyncSession,
    event: str,
    *roles: Role,
    subject: UUID,
    number: str = "",
    department: Department | None = None,
) -> None:
    """Tell everybody of the agency who holds one of the roles when the job is done.

    With a `department` those who hold the role for it are told, if there are any. `number` is the ticket that the
    notice names, empty for what is about no ticket.
    """
    payload = {
        "source": str(new_id()),
        "event": event,
        "subject": str(subject),
        "number": number,
        "roles": " ".join(roles),
    }
    if department is not None:
        payload["department"] = department.value
    await enqueue(session, TELL_ROLES, payload)


async def tell_owners(session: AsyncSession, event: str, merchant_id: UUID, *, subject: UUID, number: str) -> None:
    """Tell the owners of the merchant."""
    payload = {
        "source": str(new_id()),
        "event": event,
        "subject": str(subject),
        "number": number,
        "merchant": str(merchant_id),
    }
    await enqueue(session, TELL_OWNERS, payload)


async def tell_person(session: AsyncSession, event: str, account_id: UUID, *, subject: UUID, number: str) -> None:
    """Tell one person of the agency."""
    payload = {
        "source": str(new_id()),
        "event": event,
        "subject": str(subject),
        "number": number,
        "person": str(account_id),
    }
    await enqueue(session, TELL_PERSON, payload)


async def told_by(session: AsyncSession, actor: str, payload: Mapping[str, str]) -> list[UUID]:
    """The accounts that a job of these actors means at this moment. Needs the agency's context."""
    if actor == TELL_OWNERS:
        owners = await working_for(session, UUID(payload["merchant"]), Role.MERCHANT_OWNER)
        return [account.id for account in owners]
    if actor == TELL_PERSON:
        return [UUID(payload["person"])]
    roles = [Role(role) for role in payload["roles"].split()]
    department = Department(payload["department"]) if payload.get("department") else None
    found: list[UUID] = []
    for role in roles:
        held = await colleagues(session, role=role, department=department) if department else []
        found += [each.id for each in held or await colleagues(session, role=role)]
    return found
