"""Which roles the agency's people hold. A merchant's people hold theirs by membership (`serving.py`)."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.accounts import Account, Side
from anshou.people.deeds import ROLES_CHANGED
from anshou.people.errors import LastAdministrator, WrongSide
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import AGENCY_ROLES, DEPARTMENT_ROLES, Department, Role
from confidentiality.audit.leaves import record
from tenants.base import Base, Row
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Grant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role of the agency, for one department where the role is held by department."""

    role: Annotated[Role, Meta(title=N_("角色"))]
    department: Annotated[Department | None, Meta(title=N_("部门"))] = None

    def __post_init__(self) -> None:
        """Refuse a merchant's role, and a department that is missing or out of place."""
        if self.role not in AGENCY_ROLES:
            raise Unfit(Message(N_("“%(role)s”不是代运营方的角色"), role=self.role), "role")
        if (self.role in DEPARTMENT_ROLES) != (self.department is not None):
            expected = N_("请选择部门") if self.department is None else N_("这个角色不分部门")
            raise Unfit(Message(expected), "department")


class RoleGrant(Row, Base):
    """That a person of the agency holds a role."""

    __tablename__ = "role_grant"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role]
    department: Mapped[Department | None]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]

    @property
    def grant(self) -> Grant:
        """The grant as a value."""
        return Grant(role=self.role, department=self.department)


async def grants_of(session: AsyncSession, account_id: UUID) -> frozenset[Grant]:
    """What the person holds."""
    rows = await session.scalars(select(RoleGrant).where(RoleGrant.account_id == account_id))
    return frozenset(row.grant for row in rows)


async def holders(session: AsyncSession, role: Role, department: Department | None = None) -> list[UUID]:
    """The accounts that hold the role and can sign in, those of one department if it is named; oldest first."""
    query = (
        select(Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == role, Account.suspended_at.is_(None))
        .order_by(Account.id)
        .distinct()
    )
    if department is not None:
        query = query.where(RoleGrant.department == department)
    return list(await session.scalars(query))


async def set_grants(
    session: AsyncSession, account: Account, wanted: Collection[Grant], *, by: Person, at: datetime
) -> None:
    """Make these the person's roles. Any change ends their open sessions, so that they sign in with the new ones.

    Raises WrongSide for a merchant's person and LastAdministrator.
    """
    authorize(by, Permission.MANAGE_PEOPLE)
    if account.side is not Side.STAFF:
        raise WrongSide
    await hold_administrators(session)
    held = await grants_of(session, account.id)
    if held == frozenset(wanted):
        return
    for lost in held - frozenset(wanted):
        await session.execute(
            delete(RoleGrant).where(
                RoleGrant.account_id == account.id,
                RoleGrant.role == lost.role,
                RoleGrant.department.is_not_distinct_from(lost.department),
            )
        )
    add_grants(session, account.id, frozenset(wanted) - held, granted_by=by.id, at=at)
    account.privileges_changed_at = at
    await keep_an_administrator(session)
    said = {"held": _listed(held), "holds": _listed(wanted)}
    await record(session, ROLES_CHANGED, actor=by.actor(), at=at, subject=account.id, body=said)


def add_grants(
    session: AsyncSession, account_id: UUID, grants: Collection[Grant], *, granted_by: UUID | None, at: datetime
) -> None:
    """Write grants without asking who may; for invitations, which were permitted when they were made."""
    for grant in grants:
        session.add(
            RoleGrant(
                account_id=account_id,
                role=grant.role,
                department=grant.department,
                granted_at=at,
                granted_by=granted_by,
            )
        )


def _listed(grants: Collection[Grant]) -> list[str]:
    return sorted(grant.role.value + (f":{grant.department.value}" if grant.department else "") for grant in grants)


async def hold_administrators(session: AsyncSession) -> None:
    """Let only one transaction at a time change who administers, or two administrators could remove each other."""
    await session.execute(
        select(RoleGrant.id).where(RoleGrant.role == Role.AGENCY_ADMIN).order_by(RoleGrant.id).with_for_update()
    )


async def keep_an_administrator(session: AsyncSession) -> None:
    """Raise LastAdministrator when nobody is left who administers and can sign in. Call `hold_administrators` first."""
    await session.flush()
    if not await holders(session, Role.AGENCY_ADMIN):
        raise LastAdministrator
