"""Contracts and their versions, and which one is in force on a day.

A merchant has at most one version in force on any day, over all its contracts: tickets, limits and costs ask for *the*
contract of a day, and there must be one answer or none. The database refuses an overlap (migration 0002_merchants).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKeyConstraint, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, joinedload, relationship
from sqlalchemy.orm.attributes import set_committed_value

from anshou.merchants.errors import ContractNotFound, NoContractInForce
from anshou.merchants.terms import Terms
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.prepared import entities
from tenants.refusals import N_


class Standing(Labelled):
    """Where a version stands on a given day."""

    DRAFT = "draft", N_("草稿")
    UPCOMING = "upcoming", N_("待生效")
    IN_FORCE = "in_force", N_("生效中")
    EXPIRED = "expired", N_("已到期")
    ENDED = "ended", N_("已终止")


class Contract(MerchantRow, Base):
    """The paper contract with a merchant, under its number."""

    __tablename__ = "contract"

    number: Mapped[str]
    title: Mapped[str]
    drawn_up_at: Mapped[datetime]
    drawn_up_by: Mapped[UUID | None]


class ContractVersion(MerchantRow, Base):
    """What was agreed for a period: from `valid_from` to `valid_until`, both days included, or open-ended.

    A draft until `in_force_at`. `ended_on` is the last day after an early end; the day before `valid_from` says that it
    never took effect.
    """

    __tablename__ = "contract_version"
    __table_args__ = (ForeignKeyConstraint(["merchant_id", "contract_id"], ["contract.merchant_id", "contract.id"]),)

    contract_id: Mapped[UUID]
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    terms: Mapped[dict[str, Any]]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[UUID | None]
    in_force_at: Mapped[datetime | None]
    in_force_by: Mapped[UUID | None]
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None]

    contract: Mapped[Contract] = relationship(lazy="raise")

    @property
    def agreed(self) -> Terms:
        """The terms as a value."""
        return msgspec.convert(self.terms, Terms)

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force; None while open-ended."""
        return min((day for day in (self.valid_until, self.ended_on) if day is not None), default=None)

    def covers(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return (
            self.in_force_at is not None and self.valid_from <= day and (self.last_day is None or day <= self.last_day)
        )

    def standing(self, on: date) -> Standing:
        """Where it stands on that day."""
        if self.in_force_at is None:
            return Standing.DRAFT
        if self.covers(on):
            return Standing.IN_FORCE
        if on < self.valid_from and (self.last_day is None or self.last_day >= self.valid_from):
            return Standing.UPCOMING
        return Standing.EXPIRED if self.ended_on is None else Standing.ENDED


_CONTRACT = entities(
    select(Contract).where(Contract.merchant_id == bindparam("merchant"), Contract.id == bindparam("id"))
)
_VERSION = entities(
    select(ContractVersion).where(
        ContractVersion.merchant_id == bindparam("merchant"), ContractVersion.id == bindparam("id")
    )
)


async def find_contract_in_force(session: AsyncSession, merchant_id: UUID, on: date) -> ContractVersion | None:
    """The version of the merchant's contract that is in force on that day, with its contract, or None."""
    last_day = func.least(ContractVersion.valid_until, ContractVersion.ended_on)
    found = await session.scalars(
        select(ContractVersion)
        .where(
            ContractVersion.merchant_id == merchant_id,
            ContractVersion.in_force_at.is_not(None),
            ContractVersion.valid_from <= on,
            or_(last_day.is_(None), last_day >= on),
        )
        .options(joinedload(ContractVersion.contract))
    )
    return found.one_or_none()


async def contract_in_force(session: AsyncSession, merchant_id: UUID, on: date) -> ContractVersion:
    """The version of the merchant's contract that is in force on that day, with its contract.

    Raises NoContractInForce. `on` is a day in the agency's time zone.
    """
    version = await find_contract_in_force(session, merchant_id, on)
    if version is None:
        raise NoContractInForce(on)
    return version


async def visible_contract(session: AsyncSession, merchant_id: UUID, contract_id: UUID, *, by: Person) -> Contract:
    """One of the merchant's contracts. Raises ContractNotFound."""
    authorize(by, Permission.READ_CONTRACTS)
    contract = await _CONTRACT.one_or_none(session, merchant=merchant_id, id=contract_id)
    if contract is None:
        raise ContractNotFound
    return contract


async def visible_version(session: AsyncSession, merchant_id: UUID, version_id: UUID, *, by: Person) -> ContractVersion:
    """One of the versions of the merchant's contracts, with its contract; a merchant sees no drafts.

    Raises ContractNotFound.
    """
    authorize(by, Permission.READ_CONTRACTS)
    version = await _VERSION.one_or_none(session, merchant=merchant_id, id=version_id)
    if version is None or (by.is_merchant and version.in_force_at is None):
        raise ContractNotFound
    set_committed_value(version, "contract", await visible_contract(session, merchant_id, version.contract_id, by=by))
    return version


async def contracts_of(session: AsyncSession, merchant_id: UUID, *, by: Person) -> Sequence[Contract]:
    """The merchant's contracts, the latest first."""
    authorize(by, Permission.READ_CONTRACTS)
    rows = await session.scalars(
        select(Contract).where(Contract.merchant_id == merchant_id).order_by(Contract.id.desc())
    )
    return rows.all()


async def versions_of(session: AsyncSession, merchant_id: UUID, *, by: Person) -> Sequence[ContractVersion]:
    """The versions of all the merchant's contracts, the latest period first; a merchant sees no drafts."""
    authorize(by, Permission.READ_CONTRACTS)
    query = (
        select(ContractVersion)
        .where(ContractVersion.merchant_id == merchant_id)
        .options(joinedload(ContractVersion.contract))
        .order_by(ContractVersion.valid_from.desc(), ContractVersion.id.desc())
    )
    if by.is_merchant:
        query = query.where(ContractVersion.in_force_at.is_not(None))
    return (await session.scalars(query)).all()


async def drafts(session: AsyncSession, *, by: Person) -> Sequence[ContractVersion]:
    """The drafts of all merchants with their contracts, the latest first. Raises PermissionMissing."""
    authorize(by, Permission.SET_ATTRIBUTION_RULES)
    query = select(ContractVersion).where(ContractVersion.in_force_at.is_(None))
    query = query.options(joinedload(ContractVersion.contract)).order_by(ContractVersion.id.desc())
    return (await session.scalars(query)).all()


async def find_overlap(session: AsyncSession, version: ContractVersion) -> ContractVersion | None:
    """A version in force, with its contract, that shares a day with this one; None if there is none."""
    last_day = func.least(ContractVersion.valid_until, ContractVersion.ended_on)
    own_last_day = version.last_day
    found = await session.scalars(
        select(ContractVersion)
        .where(
            ContractVersion.merchant_id == version.merchant_id,
            ContractVersion.id != version.id,
            ContractVersion.in_force_at.is_not(None),
            or_(
                last_day.is_(None),
                # A version that ended before it began has no day to share.
                and_(last_day >= version.valid_from, last_day >= ContractVersion.valid_from),
            ),
            *([] if own_last_day is None else [ContractVersion.valid_from <= own_last_day]),
        )
        .options(joinedload(ContractVersion.contract))
        .order_by(ContractVersion.valid_from)
        .limit(1)
    )
    return found.first()


def day_before(day: date) -> date:
    """The last day of what gives way to something that begins on `day`."""
    return day - timedelta(days=1)
