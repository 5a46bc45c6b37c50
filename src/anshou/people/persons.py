"""From an account to the Person who acts: one row of one query, because every request begins with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.accounts import Account, Credential, Locale, Side, normal_login
from anshou.people.grants import RoleGrant
from anshou.people.person import Person
from anshou.people.roles import Department, Role, Scope
from anshou.people.serving import Membership

_grants = (
    select(func.jsonb_agg(func.jsonb_build_array(RoleGrant.role, RoleGrant.department), type_=JSONB))
    .where(RoleGrant.account_id == Account.id)
    .correlate(Account)
    .scalar_subquery()
)
# In the order of `serving.places_of`: the first is where a person begins.
_place = aggregate_order_by(
    func.jsonb_build_array(Membership.merchant_id, Membership.role), Membership.joined_at, Membership.merchant_id
)
_places = (
    select(func.jsonb_agg(_place, type_=JSONB))
    .where(Membership.account_id == Account.id)
    .correlate(Account)
    .scalar_subquery()
)

PERSON_COLUMNS = (
    Account.id.label("account_id"),
    Account.side,
    Account.name,
    Account.locale,
    Account.suspended_at,
    Account.privileges_changed_at,
    _grants.label("grants"),
    _places.label("places"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """PERSON_COLUMNS as a prepared statement returns them, together with others in a class that inherits this one."""

    account_id: UUID
    side: Side
    name: str
    locale: Locale
    suspended_at: datetime | None
    privileges_changed_at: datetime | None
    grants: list[Any] | None
    places: list[Any] | None


def person_of(
    row: Row[Any] | PersonRow, *, acting_for: UUID | None, scopes: frozenset[Scope] | None = None
) -> Person | None:
    """The person of a row with PERSON_COLUMNS, or None if they may not act at present.

    A merchant's person acts for `acting_for` if they still have a place there, else for the first of their merchants;
    without any place they may not act: only a merchant id keeps them inside their merchant's fence.
    """
    if row.suspended_at is not None:
        return None
    if row.side is Side.MERCHANT:
        places = places_in(row)
        if not places:
            return None
        merchant_id = acting_for if acting_for in places else next(iter(places))
        return Person(
            id=row.account_id,
            name=row.name,
            roles=frozenset({places[merchant_id]}),
            merchant_id=merchant_id,
            locale=row.locale,
            scopes=scopes,
        )
    grants = row.grants or []
    return Person(
        id=row.account_id,
        name=row.name,
        roles=frozenset(Role(role) for role, _ in grants),
        departments=frozenset(Department(department) for _, department in grants if department),
        supervises=frozenset(
            Department(department) for role, department in grants if department and role == Role.SUPERVISOR
        ),
        locale=row.locale,
        scopes=scopes,
    )


def places_in(row: Row[Any] | PersonRow) -> dict[UUID, Role]:
    """The merchants of a row with PERSON_COLUMNS, and the person's role at each."""
    return {UUID(merchant_id): Role(role) for merchant_id, role in row.places or []}


async def find_person_by_login(session: AsyncSession, login: str) -> Person | None:
    """The person who signs in by this name, or None. In the door's context, for the operator's commands."""
    query = select(Credential.account_id).where(Credential.login == normal_login(login))
    account_id = await session.scalar(query)
    return None if account_id is None else await find_person(session, account_id)


async def find_person(session: AsyncSession, account_id: UUID, *, acting_for: UUID | None = None) -> Person | None:
    """The person of an account, or None if there is none or they may not act. For the door, and for the worker."""
    row = (await session.execute(select(*PERSON_COLUMNS).where(Account.id == account_id))).one_or_none()
    return None if row is None else person_of(row, acting_for=acting_for)
