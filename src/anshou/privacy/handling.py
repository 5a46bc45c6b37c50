"""Whether the agency may still handle what a merchant entrusted to it.

It may while a contract with the merchant is in force, and for the days that its rules grant for winding up: as long as
the contract's confidentiality clause still binds it, and until the merchant has chosen to have everything returned or
deleted, which ends the entrustment (PIPL arts. 21 and 59; domain.md section 7).
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import ContractVersion, find_contract_in_force
from anshou.people.agency import read_settings
from anshou.privacy.entrustment.rows import DataReturn, ReturnStep
from anshou.privacy.errors import HandlingEnded
from anshou.privacy.reveal_rules import read_reveal_rules


async def require_handling(session: AsyncSession, merchant_id: UUID, *, at: datetime) -> None:
    """Return while the agency may handle the merchant's confidential matters. Raises HandlingEnded."""
    today = at.astimezone((await read_settings(session)).zone).date()
    if await find_contract_in_force(session, merchant_id, today) is not None:
        return
    version = await _last_ended(session, merchant_id, today)
    ended_on = version.last_day if version is not None else None
    if version is None or ended_on is None:
        raise HandlingEnded(None)
    until = ended_on + timedelta(days=(await read_reveal_rules(session)).days_after_contract)
    months = version.agreed.confidentiality.months_after_end
    if months is not None:
        until = min(until, months_later(ended_on, months))
    if today > until or await _is_given_back(session, version):
        raise HandlingEnded(ended_on)


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months later, or that month's last (Civil Code art. 202). Pure."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


async def _is_given_back(session: AsyncSession, version: ContractVersion) -> bool:
    """Whether the merchant has chosen what becomes of its data at the end of this contract."""
    query = (
        select(ReturnStep.id)
        .join(DataReturn, (DataReturn.merchant_id == ReturnStep.merchant_id) & (DataReturn.id == ReturnStep.return_id))
        .where(DataReturn.merchant_id == version.merchant_id, DataReturn.contract_id == version.contract_id)
    )
    return await session.scalar(query.limit(1)) is not None


async def _last_ended(session: AsyncSession, merchant_id: UUID, today: date) -> ContractVersion | None:
    """The version that was in force last before today; None if there never was one."""
    last_day = func.least(ContractVersion.valid_until, ContractVersion.ended_on)
    query = (
        select(ContractVersion)
        .where(
            ContractVersion.merchant_id == merchant_id,
            ContractVersion.in_force_at.is_not(None),
            last_day < today,
            # Ended before it began: it never took effect.
            last_day >= ContractVersion.valid_from,
        )
        .order_by(last_day.desc())
        .limit(1)
    )
    return (await session.scalars(query)).first()
