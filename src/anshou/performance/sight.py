"""Whose measures a person may see (domain.md sections 1 and 5).

Executives, operations management, finance and the auditor: the whole agency. Supervisors: their departments. Whoever
works on tickets: those of the merchants assigned to them, of their departments and their own. Merchants: their own.
Of single persons executives and operations management see all, supervisors their own people, everybody themselves;
finance, the auditor and merchants nobody.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.grants import RoleGrant
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.person import Person
from anshou.people.roles import ASSIGNED_ROLES, Department, Role
from anshou.people.serving import assigned_to_query
from anshou.performance.asking import By
from anshou.tickets.reach import Reach


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees: `people` are the accounts whose own measures they see, None for everybody's."""

    person: Person
    whole: bool
    people: frozenset[UUID] | None
    costs: bool

    @property
    def is_merchant(self) -> bool:
        """Whether it is a merchant, who sees nothing of how the agency is organised."""
        return self.person.is_merchant

    @property
    def persons(self) -> bool:
        """Whether they see single persons at all, but themselves."""
        return self.people is None or bool(self.people)

    @property
    def dimensions(self) -> tuple[By, ...]:
        """By what they may lay out and narrow, besides time."""
        if self.is_merchant:
            return (By.SHOP, By.KIND, By.CATEGORY)
        return (By.MERCHANT, By.SHOP, By.KIND, By.CATEGORY, By.DEPARTMENT, *((By.PERSON,) if self.persons else ()))

    def sees(self, account_id: UUID) -> bool:
        """Whether they see this person's own measures."""
        return self.people is None or account_id in self.people

    def reached(self, row: Any) -> list[ColumnElement[bool]]:
        """The conditions on a row with a ticket's merchant, department and owner."""
        person, ways = self.person, []
        if person.is_merchant:
            # As below: without it a merchant of ten tickets would have those of all others looked through.
            return [row.merchant_id == person.merchant_id]
        if self.whole:
            return []
        if person.context().scope == "staff":
            # The fence alone says as much, but no index follows it.
            return [row.merchant_id.in_(assigned_to_query(person.id))]
        if not person.roles.isdisjoint(ASSIGNED_ROLES):
            ways.append(row.merchant_id.in_(assigned_to_query(person.id)))
        if person.departments:
            ways.append(row.department.in_(sorted(person.departments)))
        ways.append(row.owner_id == person.id)
        return [or_(false(), *ways)]


async def sight_of(session: AsyncSession, person: Person) -> Sight:
    """What the person sees. Raises PermissionMissing."""
    authorize(person, Permission.READ_TICKET_SUMMARY)
    if person.is_merchant:
        return Sight(person, whole=True, people=frozenset(), costs=False)
    directs = Reach.of(person).by == "everything"
    checks = person.has(Role.FINANCE, Role.AUDITOR)
    costs = allows(person, Permission.READ_COSTS)
    if directs:
        return Sight(person, whole=True, people=None, costs=costs)
    people = await _own_people(session, person.supervises) | {person.id}
    if checks and not allows(person, Permission.READ_TICKETS):
        people = frozenset()
    return Sight(person, whole=checks, people=people, costs=costs)


async def _own_people(session: AsyncSession, departments: frozenset[Department]) -> frozenset[UUID]:
    if not departments:
        return frozenset()
    held = select(RoleGrant.account_id).where(RoleGrant.department.in_(sorted(departments)))
    return frozenset(await session.scalars(held))
