"""Merchants: the agency's clients."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from anshou.merchants.errors import MerchantEnded, MerchantNotFound, NameTaken
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, Row
from tenants.prepared import among, entities, plain
from tenants.refusals import N_


class Merchant(Row, Base):
    """A client of the agency. `company` is the contracting party's legal name. Ended when the agency serves it no more.

    Its id is the `merchant_id` of all its rows.
    """

    __tablename__ = "merchant"

    name: Mapped[str]
    company: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of a merchant. The merchant's own people can read it."""

    name: Annotated[str, Meta(min_length=1, max_length=60, title=N_("商家名称"))]
    company: Annotated[str, Meta(max_length=120, title=N_("公司全称"))] = ""


_BY_ID = entities(select(Merchant).where(Merchant.id == bindparam("id")))


async def visible_merchant(session: AsyncSession, merchant_id: UUID) -> Merchant:
    """The merchant, if the context reaches it. Raises MerchantNotFound."""
    merchant = await _BY_ID.one_or_none(session, id=merchant_id)
    if merchant is None:
        raise MerchantNotFound
    return merchant


async def list_merchants(session: AsyncSession, *, ended: bool = False) -> Sequence[Merchant]:
    """The merchants in reach by name: those served at present, or those whose service has ended."""
    rows = await session.scalars(
        select(Merchant).where(Merchant.ended_at.is_not(None) == ended).order_by(Merchant.name, Merchant.id)
    )
    return rows.all()


_ALL_NAMES = plain(select(Merchant.id, Merchant.name))
_NAMES = plain(select(Merchant.id, Merchant.name).where(among(Merchant.id.expression, "ids")))


async def merchant_names(session: AsyncSession, among_these: Collection[UUID] | None = None) -> dict[UUID, str]:
    """The names of the merchants in reach: of all, or of those that are named by their ids."""
    if among_these is None:
        found = await _ALL_NAMES.all(session)
    else:
        found = await _NAMES.all(session, ids=among_these)
    return {row["id"]: row["name"] for row in found}


async def add_merchant(session: AsyncSession, profile: Profile, *, by: Person, at: datetime) -> Merchant:
    """Serve another merchant. Raises NameTaken."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    await _check_name(session, profile.name)
    merchant = Merchant(name=profile.name, company=profile.company, created_at=at, created_by=by.id)
    session.add(merchant)
    await session.flush()
    return merchant


async def change_profile(session: AsyncSession, merchant: Merchant, profile: Profile, *, by: Person) -> None:
    """Change what is kept of the merchant. Raises NameTaken."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    await _check_name(session, profile.name, but=merchant.id)
    merchant.name, merchant.company = profile.name, profile.company


def end_service(merchant: Merchant, *, by: Person, at: datetime) -> None:
    """Begin nothing new for the merchant; what is open goes on."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    if merchant.ended_at is None:
        merchant.ended_at, merchant.ended_by = at, by.id


def resume_service(merchant: Merchant, *, by: Person) -> None:
    """Serve the merchant again."""
    authorize(by, Permission.MANAGE_MERCHANTS)
    merchant.ended_at = merchant.ended_by = None


def require_served(merchant: Merchant) -> None:
    """Raise MerchantEnded when the agency no longer serves the merchant."""
    if merchant.ended_at is not None:
        raise MerchantEnded


async def _check_name(session: AsyncSession, name: str, *, but: UUID | None = None) -> None:
    # No unique constraint: the name would tell one merchant that another exists.
    holder = await session.scalar(select(Merchant.id).where(Merchant.name == name))
    if holder not in {None, but}:
        raise NameTaken
