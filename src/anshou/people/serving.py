"""Who of the agency serves which merchants, and who works for a merchant itself.

Row-level security reads both tables: an assignment lets a person of the front desk see the merchant's rows, a
membership is what lets a merchant's person act for it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import ColumnElement, ForeignKey, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anshou.people.accounts import Account, Side
from anshou.people.deeds import ASSIGNMENTS_CHANGED, PLACES_CHANGED
from anshou.people.errors import WrongSide
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.roles import MERCHANT_ROLES, Role
from confidentiality.audit.leaves import record
from tenants.base import Base
from tenants.refusals import N_, Message
from tenants.shapes import Unfit


class Assignment(Base):
    """That a person of the agency serves a merchant."""

    __tablename__ = "assignment"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[UUID | None]


class Membership(Base):
    """That a person works for a merchant, as its owner or as a member."""

    __tablename__ = "membership"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[Role]
    joined_at: Mapped[datetime]
    admitted_by: Mapped[UUID | None]


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place at a merchant, as its owner or as a member."""

    merchant_id: Annotated[UUID, Meta(title=N_("商家"))]
    role: Annotated[Role, Meta(title=N_("角色"))] = Role.MERCHANT_MEMBER

    def __post_init__(self) -> None:
        """Refuse a role of the agency."""
        if self.role not in MERCHANT_ROLES:
            raise Unfit(Message(N_("“%(role)s”不是商家的角色"), role=self.role), "role")


async def set_assignments(
    session: AsyncSession, account: Account, merchant_ids: Collection[UUID], *, by: Person, at: datetime
) -> None:
    """Make these the merchants that the person serves. Raises WrongSide for a merchant's person."""
    authorize(by, Permission.MANAGE_ASSIGNMENTS)
    if account.side is not Side.STAFF:
        raise WrongSide
    held = set(await session.scalars(select(Assignment.merchant_id).where(Assignment.account_id == account.id)))
    lost = held - set(merchant_ids)
    if lost:
        await session.execute(
            delete(Assignment).where(Assignment.account_id == account.id, Assignment.merchant_id.in_(lost))
        )
    gained = set(merchant_ids) - held
    add_assignments(session, account.id, gained, assigned_by=by.id, at=at)
    await session.flush()
    if lost or gained:
        said = {"lost": sorted(map(str, lost)), "gained": sorted(map(str, gained))}
        await record(session, ASSIGNMENTS_CHANGED, actor=by.actor(), at=at, subject=account.id, body=said)


async def set_places(
    session: AsyncSession, account: Account, places: Collection[Place], *, by: Person, at: datetime
) -> None:
    """Make these the person's places at merchants. A lost place or another role ends their open sessions.

    Raises WrongSide for a person of the agency.
    """
    authorize(by, Permission.MANAGE_PEOPLE)
    if account.side is not Side.MERCHANT:
        raise WrongSide
    wanted = frozenset({place.merchant_id: place for place in places}.values())
    held = frozenset(await places_of(session, account.id))
    gone = held - wanted
    if gone:
        await session.execute(
            delete(Membership).where(
                Membership.account_id == account.id, Membership.merchant_id.in_([place.merchant_id for place in gone])
            )
        )
        account.privileges_changed_at = at
    add_places(session, account.id, wanted - held, admitted_by=by.id, at=at)
    await session.flush()
    if wanted != held:
        said = {"held": _listed(held), "holds": _listed(wanted)}
        await record(session, PLACES_CHANGED, actor=by.actor(), at=at, subject=account.id, body=said)


def _listed(places: Collection[Place]) -> list[str]:
    return sorted(f"{place.role.value}:{place.merchant_id}" for place in places)


def add_assignments(
    session: AsyncSession, account_id: UUID, merchant_ids: Collection[UUID], *, assigned_by: UUID | None, at: datetime
) -> None:
    """Write assignments without asking who may; for invitations, which were permitted when they were made."""
    for merchant_id in merchant_ids:
        session.add(Assignment(merchant_id=merchant_id, account_id=account_id, assigned_at=at, assigned_by=assigned_by))


def add_places(
    session: AsyncSession, account_id: UUID, places: Collection[Place], *, admitted_by: UUID | None, at: datetime
) -> None:
    """Write places without asking who may; for invitations, which were permitted when they were made."""
    for place in places:
        session.add(
            Membership(
                merchant_id=place.merchant_id,
                account_id=account_id,
                role=place.role,
                joined_at=at,
                admitted_by=admitted_by,
            )
        )


async def places_of(session: AsyncSession, account_id: UUID) -> list[Place]:
    """The person's places at merchants, the oldest first: it is the one they begin with after signing in."""
    rows = await session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id)
        .order_by(Membership.joined_at, Membership.merchant_id)
    )
    return [Place(merchant_id=row.merchant_id, role=row.role) for row in rows]


async def serving(session: AsyncSession, merchant_id: UUID) -> list[Account]:
    """The cards of those of the agency who serve the merchant and can sign in, by name."""
    return list(
        await session.scalars(
            select(Account)
            .join(Assignment, Assignment.account_id == Account.id)
            .where(Assignment.merchant_id == merchant_id, Account.suspended_at.is_(None))
            .order_by(Account.name, Account.id)
        )
    )


async def working_for(session: AsyncSession, merchant_id: UUID, *roles: Role) -> list[Account]:
    """The cards of the merchant's own people who can sign in, those with one of `roles` if any is named, by name."""
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.merchant_id == merchant_id, Account.suspended_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return list(await session.scalars(query.where(Membership.role.in_(roles)) if roles else query))


def assigned_to_query(account_id: UUID | ColumnElement[Any]) -> Select[UUID]:
    """The ids of the merchants that the person of the agency serves, as a part of another query."""
    return select(Assignment.merchant_id).where(Assignment.account_id == account_id)


async def assigned_to(session: AsyncSession, account_id: UUID) -> list[UUID]:
    """The merchants that the person of the agency serves."""
    return list(await session.scalars(assigned_to_query(account_id).order_by(Assignment.merchant_id)))
