"""Drawing contracts up: drafts, putting a version in force, ending it early."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.amounts import forget_amounts, seal_amounts, without_amounts
from anshou.merchants.contracts import Contract, ContractVersion, day_before, find_overlap
from anshou.merchants.deeds import VERSION_ENDED, VERSION_IN_FORCE
from anshou.merchants.documents import forget_documents
from anshou.merchants.errors import (
    ContractNumberTaken,
    DatesInvalid,
    VersionInForce,
    VersionNotInForce,
    VersionsOverlap,
)
from anshou.merchants.merchants import Merchant
from anshou.merchants.terms import Terms
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from billing.attribution.asking import ask_rules
from confidentiality.audit.leaves import record
from tenants.refusals import N_


class ContractHead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a contract is called."""

    number: Annotated[str, Meta(min_length=1, max_length=60, title=N_("合同编号"))]
    title: Annotated[str, Meta(min_length=1, max_length=120, title=N_("合同名称"))]


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a version is to say. `valid_until` is the last day; None for an open-ended version."""

    valid_from: Annotated[date, Meta(title=N_("生效日期"))]
    valid_until: Annotated[date | None, Meta(title=N_("截止日期"))] = None
    terms: Annotated[Terms, Meta(title=N_("合同条款"))]


async def draw_up(
    session: AsyncSession, merchant: Merchant, head: ContractHead, *, by: Person, at: datetime
) -> Contract:
    """Begin a contract with the merchant; it says nothing until a version is in force. Raises ContractNumberTaken."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    await _hold(session, merchant.id)
    taken = await session.scalar(
        select(Contract.id).where(Contract.merchant_id == merchant.id, Contract.number == head.number)
    )
    if taken is not None:
        raise ContractNumberTaken
    contract = Contract(
        merchant_id=merchant.id, number=head.number, title=head.title, drawn_up_at=at, drawn_up_by=by.id
    )
    session.add(contract)
    await session.flush()
    return contract


async def add_draft(
    session: AsyncSession, contract: Contract, draft: Draft, *, by: Person, at: datetime
) -> ContractVersion:
    """Write the contract's next version as a draft. Raises DatesInvalid."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    _check_dates(draft)
    await _hold(session, contract.merchant_id)
    latest = await session.scalar(
        select(func.max(ContractVersion.version)).where(
            ContractVersion.merchant_id == contract.merchant_id, ContractVersion.contract_id == contract.id
        )
    )
    version = ContractVersion(
        merchant_id=contract.merchant_id,
        contract_id=contract.id,
        contract=contract,
        version=(latest or 0) + 1,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        terms=msgspec.to_builtins(without_amounts(draft.terms)),
        drafted_at=at,
        drafted_by=by.id,
    )
    session.add(version)
    await session.flush()
    await seal_amounts(session, version, draft.terms)
    return version


async def change_draft(session: AsyncSession, version: ContractVersion, draft: Draft, *, by: Person) -> None:
    """Change what a draft says. Raises VersionInForce and DatesInvalid."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    await _hold_draft(session, version)
    _check_dates(draft)
    version.valid_from, version.valid_until = draft.valid_from, draft.valid_until
    version.terms = msgspec.to_builtins(without_amounts(draft.terms))
    await session.flush()
    await seal_amounts(session, version, draft.terms)


async def discard_draft(session: AsyncSession, version: ContractVersion, *, by: Person) -> None:
    """Drop a draft. Raises VersionInForce."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    await _hold_draft(session, version)
    await forget_amounts(session, version)
    await forget_documents(session, version)
    await session.delete(version)
    await session.flush()


async def put_in_force(session: AsyncSession, version: ContractVersion, *, by: Person, at: datetime) -> None:
    """Let a draft decide on the days it names. Raises VersionInForce, and VersionsOverlap naming the other version."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    await _hold_draft(session, version)
    other = await find_overlap(session, version)
    if other is not None:
        raise VersionsOverlap(other.contract.number, other.version, other.valid_from, other.last_day)
    version.in_force_at, version.in_force_by = at, by.id
    await session.flush()
    said = {"version": version.version, "from": str(version.valid_from), "until": str(version.valid_until or "")}
    about = {"owner": version.merchant_id, "subject": version.id}
    await record(session, VERSION_IN_FORCE, actor=by.actor(), at=at, body=said, **about)
    await ask_rules(session, version.valid_from, version.merchant_id)


async def supersede(
    session: AsyncSession, former: ContractVersion, version: ContractVersion, *, by: Person, at: datetime
) -> None:
    """Let a draft take the place of a version in force: that one ends on the day before the draft begins.

    Raises VersionNotInForce when the former one would not end earlier by that, VersionInForce and VersionsOverlap.
    """
    await end_version(session, former, day_before(version.valid_from), N_("由新版本替代"), by=by, at=at)
    await put_in_force(session, version, by=by, at=at)


async def end_version(
    session: AsyncSession, version: ContractVersion, last_day: date, reason: str, *, by: Person, at: datetime
) -> None:
    """End a version early, once: `last_day` is the last day on which it is in force.

    The day before it begins says that it never took effect. Raises VersionNotInForce.
    """
    authorize(by, Permission.MANAGE_CONTRACTS)
    await _hold(session, version.merchant_id)
    await session.refresh(version, ["in_force_at", "ended_on"])
    earlier = version.valid_until is None or last_day < version.valid_until
    begun = last_day >= day_before(version.valid_from)
    if version.in_force_at is None or version.ended_on is not None or not earlier or not begun:
        raise VersionNotInForce
    version.ended_on, version.end_reason = last_day, reason
    version.ended_at, version.ended_by = at, by.id
    await session.flush()
    said = {"version": version.version, "last_day": str(last_day)}
    about = {"owner": version.merchant_id, "subject": version.id}
    await record(session, VERSION_ENDED, actor=by.actor(), at=at, body=said, **about)
    await ask_rules(session, last_day, version.merchant_id)


async def _hold(session: AsyncSession, merchant_id: UUID) -> None:
    """Let only one transaction at a time change the merchant's contracts. The database's own check takes this lock."""
    await session.execute(select(Merchant.id).where(Merchant.id == merchant_id).with_for_update(key_share=True))


async def _hold_draft(session: AsyncSession, version: ContractVersion) -> None:
    await _hold(session, version.merchant_id)
    await session.refresh(version, ["in_force_at"])
    if version.in_force_at is not None:
        raise VersionInForce


def _check_dates(draft: Draft) -> None:
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise DatesInvalid("valid_until")
