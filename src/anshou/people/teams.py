"""Teams: who works in a department, as its supervisor looks after them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Side
from anshou.people.grants import RoleGrant
from anshou.people.person import Person
from anshou.people.roles import ASSIGNED_ROLES, Department, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of a team. `leads` when they supervise one of the departments that were asked for."""

    id: UUID
    name: str
    title: str
    leads: bool


def departments_led(person: Person) -> tuple[Department, ...]:
    """The departments whose work the person looks after, in the order of the list of departments.

    Whoever coordinates all departments and the executive stand in for any supervisor (as in `tickets.acting`).
    """
    if person.has(Role.EXECUTIVE) or Department.OPERATIONS_MANAGEMENT in person.supervises:
        return tuple(Department)
    return tuple(department for department in Department if department in person.supervises)


async def team_of(session: AsyncSession, departments: Collection[Department]) -> list[Member]:
    """Those of the departments who can sign in, by name, whoever leads them last: work is given to the others.

    The front desk holds its roles for merchants and not for a department: it is the team of 售后客服部.
    """
    of_departments = RoleGrant.department.in_(sorted(departments))
    counts = (
        or_(of_departments, RoleGrant.role.in_(sorted(ASSIGNED_ROLES))) if _has_desk(departments) else of_departments
    )
    leads = func.bool_or(and_(RoleGrant.role == Role.SUPERVISOR, of_departments))
    query = (
        select(Account.id, Account.name, Account.title, leads.label("leads"))
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.side == Side.STAFF, Account.suspended_at.is_(None), counts)
        .group_by(Account.id, Account.name, Account.title)
        .order_by(leads, Account.name, Account.id)
    )
    return [Member(**row._mapping) for row in await session.execute(query)]


def _has_desk(departments: Collection[Department]) -> bool:
    return Department.AFTER_SALES_SERVICE in departments
