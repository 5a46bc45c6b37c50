"""The merchants as a list shows them: shops, contract and who serves them, in two statements for all."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import Contract, ContractVersion
from anshou.merchants.merchants import Merchant
from anshou.merchants.shops import Shop
from anshou.people.accounts import Account
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.serving import Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantLine:
    """A merchant of the list. `contract` is the number of the one in force, `until` its last day if it has one."""

    id: UUID
    name: str
    company: str
    shops: int
    contract: str | None
    until: date | None
    served_by: tuple[str, ...]


async def merchant_lines(
    session: AsyncSession,
    *,
    by: Person,
    on: date,
    words: str = "",
    ended: bool = False,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[MerchantLine]:
    """A page of the merchants in reach by name, those whose name or company holds `words`.

    `on` is the day, in the agency's time zone, on which a contract counts as in force. `after` is the last line's name
    and id.
    """
    authorize(by, Permission.READ_MERCHANTS)
    last_day = func.least(ContractVersion.valid_until, ContractVersion.ended_on)
    shops = select(func.count()).where(Shop.merchant_id == Merchant.id, Shop.closed_at.is_(None)).scalar_subquery()
    query = (
        select(
            Merchant.id, Merchant.name, Merchant.company, shops.label("shops"), Contract.number, last_day.label("until")
        )
        .outerjoin(
            ContractVersion,
            (ContractVersion.merchant_id == Merchant.id)
            & ContractVersion.in_force_at.is_not(None)
            & (ContractVersion.valid_from <= on)
            & or_(last_day.is_(None), last_day >= on),
        )
        .outerjoin(
            Contract,
            (Contract.merchant_id == ContractVersion.merchant_id) & (Contract.id == ContractVersion.contract_id),
        )
        .where(Merchant.ended_at.is_not(None) == ended)
        .order_by(Merchant.name, Merchant.id)
        .limit(limit)
    )
    if words:
        query = query.where(
            or_(Merchant.name.icontains(words, autoescape=True), Merchant.company.icontains(words, autoescape=True))
        )
    if after is not None:
        query = query.where((Merchant.name > after[0]) | ((Merchant.name == after[0]) & (Merchant.id > after[1])))
    rows = (await session.execute(query)).all()
    served = await _served_by(session, [row.id for row in rows])
    return [
        MerchantLine(
            id=row.id,
            name=row.name,
            company=row.company,
            shops=row.shops,
            contract=row.number,
            until=row.until,
            served_by=tuple(served[row.id]),
        )
        for row in rows
    ]


async def _served_by(session: AsyncSession, merchant_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = await session.execute(
        select(Assignment.merchant_id, Account.name)
        .join(Account, Account.id == Assignment.account_id)
        .where(Assignment.merchant_id.in_(merchant_ids), Account.suspended_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    names = defaultdict(list)
    for row in rows:
        names[row.merchant_id].append(row.name)
    return names
