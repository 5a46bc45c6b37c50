"""Handling a request, step by step: which records are meant, who asks, what becomes of it, what they are told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import ConsumerRecord
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.requests.clock import set_clock
from anshou.privacy.requests.errors import ErasureRunning, GroundNeeded, NothingMatched, RequestElsewhere
from anshou.privacy.requests.kinds import Decision, State, Step, Through
from anshou.privacy.requests.reading import matched_records
from anshou.privacy.requests.recording import noted
from anshou.privacy.requests.rows import RequestRecord, SubjectRequest
from anshou.privacy.requests.shapes import AnswerGiven, DecisionGiven, Identification
from anshou.privacy.requests.telling import ANSWERED
from anshou.privacy.telling import tell_owners
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tenants.jobs import enqueue
from tenants.refusals import Message

BEGIN_ERASURE = "privacy.begin_requested_erasure"
"""The actor that orders what a request has to erase; the name is frozen."""


async def match_record(
    session: AsyncSession, request: SubjectRequest, record: ConsumerRecord, *, by: Person, at: datetime
) -> None:
    """The record is about whoever asks. It must be the same merchant's."""
    await _begin(session, request, by, State.RECEIVED, State.IDENTIFIED)
    if record.merchant_id != request.merchant_id:
        raise NothingMatched
    row = insert(RequestRecord).values(
        id=new_id(),
        merchant_id=request.merchant_id,
        request_id=request.id,
        origin_id=record.origin_id,
        ticket_id=record.ticket_id,
        matched_at=at,
        matched_by=by.id,
    )
    added = row.on_conflict_do_nothing().returning(RequestRecord.id)
    if await session.scalar(added) is not None:
        await noted(session, request, Step.MATCHED, detail=str(record.origin_id), by=by, at=at)
    await session.flush()


async def unmatch_record(
    session: AsyncSession, request: SubjectRequest, origin_id: UUID, *, by: Person, at: datetime
) -> None:
    """The record is about somebody else after all."""
    await _begin(session, request, by, State.RECEIVED, State.IDENTIFIED)
    gone = delete(RequestRecord).where(
        RequestRecord.merchant_id == request.merchant_id,
        RequestRecord.request_id == request.id,
        RequestRecord.origin_id == origin_id,
    )
    if await session.scalar(gone.returning(RequestRecord.id)) is not None:
        await noted(session, request, Step.UNMATCHED, detail=str(origin_id), by=by, at=at)
    await session.flush()


async def identify(
    session: AsyncSession, request: SubjectRequest, given: Identification, *, by: Person, at: datetime
) -> None:
    """Whoever asks is who the records are about. Raises RequestElsewhere."""
    await _begin(session, request, by, State.RECEIVED)
    request.identified_through, request.state = given.through, State.IDENTIFIED
    await noted(session, request, Step.IDENTIFIED, detail=given.through.value, by=by, at=at)
    await session.flush()


async def decide(
    session: AsyncSession, request: SubjectRequest, given: DecisionGiven, *, by: Person, at: datetime
) -> None:
    """Grant or refuse. A refusal may come before somebody is identified, for want of it; a grant may not.

    Raises RequestElsewhere, GroundNeeded, NothingMatched.
    """
    refuses = given.decision is Decision.REFUSED
    await _begin(session, request, by, State.IDENTIFIED, *((State.RECEIVED,) if refuses else ()))
    if (given.decision is Decision.GRANTED) != (given.ground is None):
        raise GroundNeeded
    if not refuses and not await matched_records(session, request):
        raise NothingMatched
    request.decision, request.ground, request.state = given.decision, given.ground, State.DECIDED
    if given.explanation.strip():
        ring = await open_keys(session, request.merchant_id)
        ring.seal(request, explanation=given.explanation.strip())
    detail = given.decision.value if given.ground is None else f"{given.decision.value} {given.ground.value}"
    await noted(session, request, Step.DECIDED, detail=detail, by=by, at=at)
    await session.flush()


async def execute(session: AsyncSession, request: SubjectRequest, *, by: Person, at: datetime) -> None:
    """Carry out what was granted. What is to be erased the worker erases, and the request is executed when it is gone;
    the rest was done by the person: a copy handed out, a record put right.

    Raises RequestElsewhere.
    """
    await _begin(session, request, by, State.DECIDED)
    if request.decision is Decision.REFUSED:
        raise RequestElsewhere(Message(request.decision.label))
    if request.asks_for.erases:
        payload = {"request": str(request.id), "by": str(by.id)}
        await enqueue(session, BEGIN_ERASURE, payload, key=f"erase request:{request.id}")
        return
    await executed(session, request, detail=request.asks_for.value, by=by, at=at)


async def executed(session: AsyncSession, request: SubjectRequest, *, detail: str, by: Person, at: datetime) -> None:
    """Note that it is done."""
    request.state = State.EXECUTED
    await noted(session, request, Step.EXECUTED, detail=detail, by=by, at=at)
    await session.flush()


async def answer(
    session: AsyncSession, request: SubjectRequest, given: AnswerGiven, *, by: Person, at: datetime
) -> None:
    """Whoever asks was told. Ends the clock. Raises RequestElsewhere, ErasureRunning."""
    authorize(by, Permission.HANDLE_SUBJECT_REQUESTS)
    await session.refresh(request, with_for_update=True)
    refused = request.state is State.DECIDED and request.decision is Decision.REFUSED
    if request.state is State.DECIDED and request.asks_for.erases and not refused:
        raise ErasureRunning
    if request.state is not State.EXECUTED and not refused:
        raise RequestElsewhere(Message(request.state.label))
    ring = await open_keys(session, request.merchant_id)
    ring.seal(request, answer=given.answer.strip())
    request.state, request.answered_at = State.ANSWERED, at
    await noted(session, request, Step.ANSWERED, detail="", by=by, at=at)
    await session.flush()
    await set_clock(session, request)
    if request.through is Through.MERCHANT:
        await tell_owners(session, ANSWERED, request.merchant_id, subject=request.id, number=request.number)


async def _begin(session: AsyncSession, request: SubjectRequest, by: Person, *states: State) -> None:
    authorize(by, Permission.HANDLE_SUBJECT_REQUESTS)
    await session.refresh(request, with_for_update=True)
    if request.state not in states:
        raise RequestElsewhere(Message(request.state.label))
