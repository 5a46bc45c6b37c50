"""The end of an entrustment: the merchant chooses and takes its data back, all is erased, and a paper says so.

PIPL art. 21: when a contract ends, the entrusted party returns what it was given or deletes it, and keeps nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.merchants.contracts import Contract, ContractVersion
from anshou.merchants.merchants import visible_merchant
from anshou.people.agency import read_settings
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy import key_keeping
from anshou.privacy.entrustment.errors import (
    ContractStillRuns,
    EntrustmentNotFound,
    ErasureRunning,
    ReturnUnderWay,
    StepNotOpen,
    WrittenSince,
)
from anshou.privacy.entrustment.packing import Package, ReturnMark, pack
from anshou.privacy.entrustment.returnables import RETURNABLES
from anshou.privacy.entrustment.rows import Certificate, DataReturn, ReturnStep, Step
from anshou.privacy.retention.runs import ErasureReport, erase_merchant, read_report
from anshou.privacy.telling import tell_owners
from anshou.tickets.numbering import next_number
from confidentiality.audit.actions import action
from confidentiality.audit.leaves import record
from tenants.refusals import N_
from tenants.storage import ObjectStorage
from tenants.timers import set_timer

PREFIX = "FH"
TIMER = "data_return.due"
LEFT = {step: action(f"return.{step.value}", step.label) for step in Step}
BEGUN = action("return.begun", N_("开始返还或删除"))

RETURN_BEGUN = "data_return_begun"
RETURN_LATE = "data_return_late"


@dataclass(frozen=True, slots=True)
class Procedure:
    """A return with its steps and its certificate, if it has come to that."""

    data_return: DataReturn
    steps: Sequence[ReturnStep]
    certificate: Certificate | None

    def step(self, *wanted: Step) -> ReturnStep | None:
        """The first of these steps that was taken."""
        return next((one for one in self.steps if one.step in wanted), None)

    @property
    def chosen(self) -> ReturnStep | None:
        """What the merchant chose, if it did."""
        return self.step(Step.CHOSEN_RETURN, Step.CHOSEN_DELETION)

    @property
    def returned(self) -> ReturnStep | None:
        """The last time that the merchant took its data back, if it did."""
        return next((one for one in reversed(self.steps) if one.step is Step.HANDED_OVER), None)

    @property
    def may_hand_over(self) -> bool:
        """Whether the merchant can take its data back now; again and again until the erasure begins."""
        return self.step(Step.CHOSEN_RETURN) is not None and self.step(Step.ERASING) is None

    @property
    def may_erase(self) -> bool:
        """Whether the erasure can begin now."""
        returned = self.step(Step.CHOSEN_DELETION, Step.HANDED_OVER) is not None
        return self.chosen is not None and returned and self.step(Step.ERASING) is None

    @property
    def run_id(self) -> UUID | None:
        """The run of the erasure."""
        erasing = self.step(Step.ERASING)
        return UUID(erasing.details["run"]) if erasing else None


async def begin_return(session: AsyncSession, contract: Contract, *, by: Person, at: datetime) -> DataReturn:
    """Begin the procedure of an ended contract; the merchant is asked to choose. Raises ContractStillRuns."""
    authorize(by, Permission.MANAGE_CONTRACTS)
    return await begin(session, contract, by=by, at=at)


async def begin(session: AsyncSession, contract: Contract, *, by: Person, at: datetime) -> DataReturn:
    """The same without asking who may: the worker begins it on the day after the contract's last one."""
    settings = await read_settings(session)
    today = at.astimezone(settings.zone).date()
    await _require_ended(session, contract.merchant_id, today)
    query = select(DataReturn.id).where(
        DataReturn.merchant_id == contract.merchant_id, DataReturn.contract_id == contract.id
    )
    if (await session.scalars(query.limit(1))).first() is not None:
        raise ReturnUnderWay
    made = DataReturn(
        merchant_id=contract.merchant_id,
        contract_id=contract.id,
        number=await next_number(session, PREFIX, today),
        due_at=at + timedelta(days=settings.return_days),
        begun_by=by.id,
        begun_at=at,
    )
    session.add(made)
    await session.flush()
    await set_timer(session, TIMER, made.id, made.due_at)
    body = {"number": made.number, "contract": contract.number}
    await record(session, BEGUN, actor=by.actor(), at=at, owner=made.merchant_id, subject=made.id, body=body)
    await tell_owners(session, RETURN_BEGUN, made.merchant_id, subject=made.id, number=made.number)
    return made


async def choose(session: AsyncSession, made: DataReturn, *, take_back: bool, by: Person, at: datetime) -> None:
    """The merchant chooses: its data back and then deleted, or deleted at once. Raises StepNotOpen."""
    authorize(by, Permission.GIVE_CONSENT)
    if (await hold(session, made)).chosen is not None:
        raise StepNotOpen
    await _take(session, made, Step.CHOSEN_RETURN if take_back else Step.CHOSEN_DELETION, {}, by=by, at=at)


async def hand_over(
    session: AsyncSession, storage: ObjectStorage, made: DataReturn, *, by: Person, at: datetime
) -> Package:
    """Everything of the merchant's that the erasure will take, packed for its owner, who may come for it again.

    In the owner's context. Commit before the content is sent. Raises StepNotOpen, KeyDestroyed, SealBroken.
    """
    authorize(by, Permission.GIVE_CONSENT)
    if not (await procedure_of(session, made)).may_hand_over:
        raise StepNotOpen
    merchant = await visible_merchant(session, made.merchant_id)
    mark = ReturnMark(
        recipient=merchant.company or merchant.name,
        purpose="委托终止返还",
        consent=made.number,
        exported_by=by.name,
        exported_at=at,
    )
    package = await pack(session, storage, made.merchant_id, mark)
    # Packing takes as long as there is much to pack; nobody waits for it, so the erasure may have begun meanwhile.
    if not (await hold(session, made)).may_hand_over:
        raise StepNotOpen
    await _take(session, made, Step.HANDED_OVER, package.details, by=by, at=at)
    return package


async def erase(session: AsyncSession, made: DataReturn, *, by: Person, at: datetime) -> None:
    """Order the erasure of all that is confidential of the merchant.

    Raises StepNotOpen, WrittenSince, ContractStillRuns.
    """
    authorize(by, Permission.MANAGE_CONFIDENTIALITY)
    procedure = await hold(session, made)
    if not procedure.may_erase:
        raise StepNotOpen
    if procedure.returned is not None and await _written_since(session, made.merchant_id, procedure.returned.done_at):
        raise WrittenSince
    # A new contract may have come into force since the procedure began.
    await _require_ended(session, made.merchant_id, at.astimezone((await read_settings(session)).zone).date())
    run = await erase_merchant(session, made.merchant_id, by=by, at=at)
    await _take(session, made, Step.ERASING, {"run": str(run.id)}, by=by, at=at)


async def propose_key_destruction(session: AsyncSession, made: DataReturn, *, by: Person, at: datetime) -> None:
    """Propose to destroy the merchant's key, after the erasure: backups do not open any more either.

    Somebody else has to approve it. Raises StepNotOpen, ErasureRunning, NoKeys, DestructionUnderWay.
    """
    authorize(by, Permission.MANAGE_KEYS)
    procedure = await hold(session, made)
    if procedure.step(Step.DESTRUCTION_PROPOSED) is not None:
        raise StepNotOpen
    await finished_report(session, procedure)
    request = key_keeping.DestructionRequest(reason=f"委托终止 {made.number}")
    proposed = await key_keeping.propose_destruction(session, made.merchant_id, request, by=by, at=at)
    await _take(session, made, Step.DESTRUCTION_PROPOSED, {"destruction": str(proposed.id)}, by=by, at=at)


async def finished_report(session: AsyncSession, procedure: Procedure) -> ErasureReport:
    """What was erased and what stayed. Raises StepNotOpen before the erasure, ErasureRunning until it is done."""
    if procedure.run_id is None:
        raise StepNotOpen
    report = await read_report(session, procedure.run_id)
    if report.run.finished_at is None:
        raise ErasureRunning
    return report


async def hold(session: AsyncSession, made: DataReturn) -> Procedure:
    """Wait for whoever takes a step, and read what they left."""
    query = select(DataReturn.id).where(DataReturn.merchant_id == made.merchant_id, DataReturn.id == made.id)
    await session.execute(query.with_for_update(key_share=True))
    return await procedure_of(session, made)


async def procedure_of(session: AsyncSession, made: DataReturn) -> Procedure:
    """The return with all that belongs to it."""
    steps = select(ReturnStep).where(ReturnStep.merchant_id == made.merchant_id, ReturnStep.return_id == made.id)
    paper = select(Certificate).where(Certificate.merchant_id == made.merchant_id, Certificate.return_id == made.id)
    taken = (await session.scalars(steps.order_by(ReturnStep.id))).all()
    return Procedure(made, taken, (await session.scalars(paper)).one_or_none())


async def returns_of(session: AsyncSession, merchant_id: UUID) -> list[Procedure]:
    """Every return of the merchant, the latest first."""
    query = select(DataReturn).where(DataReturn.merchant_id == merchant_id).order_by(DataReturn.id.desc())
    return [await procedure_of(session, made) for made in await session.scalars(query)]


async def visible_return(session: AsyncSession, number: str, *, by: Person) -> DataReturn:
    """The return of that number, if the person reaches it. Raises EntrustmentNotFound, PermissionMissing."""
    authorize(by, Permission.READ_DISCLOSURES if by.is_merchant else Permission.READ_CONTRACTS)
    query = select(DataReturn).where(DataReturn.number == number)
    if by.merchant_id is not None:
        query = query.where(DataReturn.merchant_id == by.merchant_id)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise EntrustmentNotFound
    return found


async def _require_ended(session: AsyncSession, merchant_id: UUID, today: date) -> None:
    last_day = func.least(ContractVersion.valid_until, ContractVersion.ended_on)
    running = select(ContractVersion.id).where(
        ContractVersion.merchant_id == merchant_id,
        ContractVersion.in_force_at.is_not(None),
        or_(last_day.is_(None), last_day >= today),
    )
    if (await session.scalars(running.limit(1))).first() is not None:
        raise ContractStillRuns


async def _written_since(session: AsyncSession, merchant_id: UUID, returned_at: datetime) -> bool:
    """Whether something came that the erasure would take and the merchant has not got."""
    for one in RETURNABLES:
        if one.written:
            newer = select(one.model.id).where(
                *one.of_merchant(merchant_id), getattr(one.model, one.written) > returned_at
            )
            if (await session.scalars(newer.limit(1))).first() is not None:
                return True
    return False


async def _take(
    session: AsyncSession, made: DataReturn, step: Step, details: dict[str, Any], *, by: Person, at: datetime
) -> None:
    taken = ReturnStep(
        merchant_id=made.merchant_id, return_id=made.id, step=step, details=details, done_by=by.id, done_at=at
    )
    session.add(taken)
    await session.flush()
    body = {"number": made.number, **details}
    await record(session, LEFT[step], actor=by.actor(), at=at, owner=made.merchant_id, subject=made.id, body=body)
