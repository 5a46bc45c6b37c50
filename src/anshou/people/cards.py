"""Cards as the pages need them: names beside ids, colleagues to choose from, the list of people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Credential, Locale, Side
from anshou.people.grants import Grant, RoleGrant
from anshou.people.permissions import Permission, authorize
from anshou.people.person import SYSTEM, Person
from anshou.people.roles import Department, Role
from anshou.people.serving import Assignment, Membership, Place
from tenants.prepared import among, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody to hand work to."""

    id: UUID
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a person's notices go, and in which language. `email` is None when they left none."""

    account_id: UUID
    name: str
    email: str | None
    locale: Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the list of people."""

    id: UUID
    side: Side
    name: str
    title: str
    login: str
    email: str | None
    created_at: datetime
    is_suspended: bool
    grants: tuple[Grant, ...]
    merchant_ids: tuple[UUID, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    id: UUID
    name: str


_NAMES = rows(select(Account.id, Account.name).where(among(Account.id.expression, "ids")), _Named)


async def names_of(session: AsyncSession, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those accounts that are in reach; the worker itself is named too."""
    named = await _NAMES.all(session, ids=set(account_ids))
    return {SYSTEM.id: SYSTEM.name} | {each.id: each.name for each in named}


async def colleagues(
    session: AsyncSession,
    *,
    role: Role | None = None,
    department: Department | None = None,
    merchant_id: UUID | None = None,
) -> list[Colleague]:
    """Those of the agency who can sign in, by name; narrowed to a role, a department, or who serves a merchant."""
    query = (
        select(Account.id, Account.name, Account.title)
        .where(Account.side == Side.STAFF, Account.suspended_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    if role is not None or department is not None:
        held = select(RoleGrant.account_id)
        held = held.where(RoleGrant.role == role) if role is not None else held
        held = held.where(RoleGrant.department == department) if department is not None else held
        query = query.where(Account.id.in_(held))
    if merchant_id is not None:
        query = query.where(Account.id.in_(select(Assignment.account_id).where(Assignment.merchant_id == merchant_id)))
    return [Colleague(id=row.id, name=row.name, title=row.title) for row in await session.execute(query)]


async def staff_among(session: AsyncSession, account_ids: Collection[UUID]) -> set[UUID]:
    """Those of the accounts that are the agency's and can sign in: whom work can be given to."""
    query = select(Account.id).where(
        Account.id.in_(set(account_ids)), Account.side == Side.STAFF, Account.suspended_at.is_(None)
    )
    return set(await session.scalars(query))


async def reach_of(session: AsyncSession, account_ids: Collection[UUID]) -> list[Reach]:
    """Where the notices of those go who can sign in. Needs the agency's context: nobody else reads addresses."""
    rows = await session.execute(
        select(Account.id, Account.name, Account.locale, Credential.email)
        .join(Credential, Credential.account_id == Account.id)
        .where(Account.id.in_(set(account_ids)), Account.suspended_at.is_(None))
        .order_by(Account.id)
    )
    return [Reach(account_id=row.id, name=row.name, email=row.email, locale=row.locale) for row in rows]


async def list_people(
    session: AsyncSession, side: Side, *, by: Person, after: tuple[str, UUID] | None = None, limit: int = 50
) -> list[Entry]:
    """A page of one side's people by name, for those who manage people; `after` is the last line's name and id."""
    authorize(by, Permission.MANAGE_PEOPLE)
    query = (
        select(Account, Credential)
        .join(Credential, Credential.account_id == Account.id)
        .where(Account.side == side)
        .order_by(Account.name, Account.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where((Account.name > after[0]) | ((Account.name == after[0]) & (Account.id > after[1])))
    found = (await session.execute(query)).all()
    ids = [account.id for account, _ in found]
    grants = list(await session.scalars(select(RoleGrant).where(RoleGrant.account_id.in_(ids))))
    assignments = list(await session.scalars(select(Assignment).where(Assignment.account_id.in_(ids))))
    places = list(await session.scalars(select(Membership).where(Membership.account_id.in_(ids))))
    return [
        Entry(
            id=account.id,
            side=account.side,
            name=account.name,
            title=account.title,
            login=credential.login,
            email=credential.email,
            created_at=account.created_at,
            is_suspended=account.is_suspended,
            grants=tuple(row.grant for row in grants if row.account_id == account.id),
            merchant_ids=tuple(row.merchant_id for row in assignments if row.account_id == account.id),
            places=tuple(
                Place(merchant_id=row.merchant_id, role=row.role) for row in places if row.account_id == account.id
            ),
        )
        for account, credential in found
    ]
