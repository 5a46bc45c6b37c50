"""What time does to entrustments: the end of one begins when it is due, and lateness is told to who is responsible."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import Contract, ContractVersion
from anshou.people.agency import read_settings
from anshou.people.person import SYSTEM
from anshou.people.roles import Role
from anshou.privacy.entrustment.errors import ContractStillRuns, ReturnUnderWay
from anshou.privacy.entrustment.returning import RETURN_LATE, begin, procedure_of
from anshou.privacy.entrustment.rows import DataReturn
from anshou.privacy.telling import tell_roles

# Contracts looked at in one run; what is left over begins on the next day.
MOST = 200


async def begin_due_returns(session: AsyncSession, *, at: datetime) -> int:
    """Begin the procedure of contracts whose last day is over, where nothing else runs with the merchant; how many."""
    today = at.astimezone((await read_settings(session)).zone).date()
    begun = select(DataReturn.id).where(
        DataReturn.merchant_id == Contract.merchant_id, DataReturn.contract_id == Contract.id
    )
    over = (
        select(Contract)
        .join(
            ContractVersion,
            (ContractVersion.merchant_id == Contract.merchant_id) & (ContractVersion.contract_id == Contract.id),
        )
        .where(ContractVersion.in_force_at.is_not(None), ~begun.exists())
        .group_by(Contract.id)
        .having(func.bool_and(func.least(ContractVersion.valid_until, ContractVersion.ended_on) < today))
        .order_by(Contract.id)
        .limit(MOST)
    )
    count = 0
    for contract in (await session.scalars(over)).all():
        try:
            await begin(session, contract, by=SYSTEM, at=at)
        except (ContractStillRuns, ReturnUnderWay):
            # Another contract with the merchant took its place.
            continue
        count += 1
    return count


async def remind(session: AsyncSession, return_id: UUID, at: datetime) -> None:
    """What the timer does when the time for a return is over and no certificate was issued."""
    made = await session.get(DataReturn, return_id)
    if made is not None and (await procedure_of(session, made)).certificate is None:
        roles = (Role.AGENCY_ADMIN, Role.EXECUTIVE)
        await tell_roles(session, RETURN_LATE, *roles, subject=made.id, number=made.number)
