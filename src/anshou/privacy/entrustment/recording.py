"""Recording what a merchant entrusts, and asking for consent before a part of it is passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import Contract
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.entrustment.errors import EntrustmentNotFound
from anshou.privacy.entrustment.rows import Entrustment, Subprocessor, SubprocessorDecision
from anshou.privacy.telling import tell_owners
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_

RECORDED = action("entrustment.recorded", N_("登记委托处理"))
PROPOSED = action("subprocessor.proposed", N_("提出转委托"))
DECIDED = action("subprocessor.decided", N_("答复转委托"))

SUBPROCESSOR_PROPOSED = "subprocessor_proposed"

Word = Annotated[str, Meta(min_length=1, max_length=60)]
Kinds = Annotated[tuple[Word, ...], Meta(title=N_("数据种类"), min_length=1, max_length=40, extra={"widget": "lines"})]


def _text(title: str, longest: int = 1000) -> Meta:
    return Meta(title=title, min_length=1, max_length=longest, pattern=r"\S", extra={"widget": "text"})


class EntrustmentGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is agreed about processing on the merchant's behalf (PIPL art. 21)."""

    purpose: Annotated[str, _text(N_("委托目的"))]
    duration: Annotated[str, Meta(title=N_("委托期限"), min_length=1, max_length=200, pattern=r"\S")]
    method: Annotated[str, _text(N_("处理方式"))]
    data_kinds: Kinds
    measures: Annotated[str, _text(N_("保护措施"), 2000)]


class SubprocessorGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody to whom a part would be passed on."""

    name: Annotated[str, Meta(title=N_("受托方名称"), min_length=1, max_length=120, pattern=r"\S")]
    purpose: Annotated[str, _text(N_("转委托目的"), 500)]
    data_kinds: Kinds
    place: Annotated[str, Meta(title=N_("处理地点"), min_length=1, max_length=120, pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class Passing:
    """A subprocessor with what the merchant said last."""

    subprocessor: Subprocessor
    decision: SubprocessorDecision | None

    @property
    def is_agreed(self) -> bool:
        """Whether something may be passed on to them."""
        return self.decision is not None and self.decision.agreed


async def record_entrustment(
    session: AsyncSession, contract: Contract, given: EntrustmentGiven, *, by: Person, at: datetime
) -> Entrustment:
    """Write down the next version of what is entrusted under the contract; earlier ones stay."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    earlier = await entrustments_of(session, contract.merchant_id, contract.id)
    made = Entrustment(
        merchant_id=contract.merchant_id,
        contract_id=contract.id,
        version=earlier[0].version + 1 if earlier else 1,
        purpose=given.purpose,
        duration=given.duration,
        method=given.method,
        data_kinds=list(given.data_kinds),
        measures=given.measures,
        recorded_by=by.id,
        recorded_at=at,
    )
    session.add(made)
    await session.flush()
    body = {"contract": contract.number, "version": made.version}
    await record(session, RECORDED, actor=by.actor(), at=at, owner=contract.merchant_id, subject=made.id, body=body)
    return made


async def entrustments_of(session: AsyncSession, merchant_id: UUID, contract_id: UUID) -> Sequence[Entrustment]:
    """The versions under a contract, the latest first."""
    query = select(Entrustment).where(Entrustment.merchant_id == merchant_id, Entrustment.contract_id == contract_id)
    return (await session.scalars(query.order_by(Entrustment.version.desc()))).all()


async def propose_subprocessor(
    session: AsyncSession, contract: Contract, given: SubprocessorGiven, *, by: Person, at: datetime
) -> Subprocessor:
    """Ask the merchant whether a part may be passed on."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    made = Subprocessor(
        merchant_id=contract.merchant_id,
        contract_id=contract.id,
        name=given.name.strip(),
        purpose=given.purpose,
        data_kinds=list(given.data_kinds),
        place=given.place,
        proposed_by=by.id,
        proposed_at=at,
    )
    session.add(made)
    await session.flush()
    body = {"contract": contract.number, "name": made.name}
    await record(session, PROPOSED, actor=by.actor(), at=at, owner=contract.merchant_id, subject=made.id, body=body)
    await tell_owners(session, SUBPROCESSOR_PROPOSED, contract.merchant_id, subject=made.id, number=contract.number)
    return made


async def decide_subprocessor(
    session: AsyncSession, subprocessor: Subprocessor, *, agreed: bool, reason: str, by: Person, at: datetime
) -> SubprocessorDecision:
    """The merchant agrees, or does not, or no longer: the latest word holds."""
    authorize(by, Permission.GIVE_CONSENT)
    made = SubprocessorDecision(
        merchant_id=subprocessor.merchant_id,
        subprocessor_id=subprocessor.id,
        agreed=agreed,
        reason=reason.strip(),
        decided_by=by.id,
        decided_at=at,
    )
    session.add(made)
    await session.flush()
    body = {"name": subprocessor.name, "agreed": agreed, "reason": made.reason}
    owner = subprocessor.merchant_id
    await record(session, DECIDED, actor=by.actor(), at=at, owner=owner, subject=subprocessor.id, body=body)
    return made


async def passings_of(session: AsyncSession, merchant_id: UUID, *, contract_id: UUID | None = None) -> list[Passing]:
    """Everybody to whom something is or would be passed on, the latest first."""
    query = select(Subprocessor).where(Subprocessor.merchant_id == merchant_id).order_by(Subprocessor.id.desc())
    if contract_id is not None:
        query = query.where(Subprocessor.contract_id == contract_id)
    found = (await session.scalars(query)).all()
    said = await session.scalars(
        select(SubprocessorDecision)
        .where(SubprocessorDecision.merchant_id == merchant_id)
        .order_by(SubprocessorDecision.decided_at, SubprocessorDecision.id)
    )
    latest = {decision.subprocessor_id: decision for decision in said}
    return [Passing(one, latest.get(one.id)) for one in found]


async def visible_subprocessor(session: AsyncSession, merchant_id: UUID, subprocessor_id: UUID) -> Subprocessor:
    """One of the merchant's. Raises EntrustmentNotFound."""
    found = await session.get(Subprocessor, subprocessor_id)
    if found is None or found.merchant_id != merchant_id:
        raise EntrustmentNotFound
    return found
