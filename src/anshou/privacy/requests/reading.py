"""Requests in reach, with their steps and the records they are about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.errors import ConsumerRecordNotFound
from anshou.consumers.records import ConsumerRecord
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.privacy.requests.errors import RequestNotFound
from anshou.privacy.requests.rows import RequestRecord, RequestStep, SubjectRequest


async def visible_request(session: AsyncSession, number: str, *, by: Person) -> SubjectRequest:
    """The request with this number, in the person's reach. Raises RequestNotFound, PermissionMissing."""
    _may_read(by)
    query = select(SubjectRequest).where(SubjectRequest.number == number, *_own(by))
    request = (await session.scalars(query)).one_or_none()
    if request is None:
        raise RequestNotFound
    return request


async def request_by_id(session: AsyncSession, request_id: UUID, *, by: Person) -> SubjectRequest:
    """The same by its id, as notices name it."""
    _may_read(by)
    query = select(SubjectRequest).where(SubjectRequest.id == request_id, *_own(by))
    request = (await session.scalars(query)).one_or_none()
    if request is None:
        raise RequestNotFound
    return request


async def list_requests(
    session: AsyncSession,
    *,
    by: Person,
    answered: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[SubjectRequest]:
    """Open requests, the one that is due first before the others; or answered ones, the latest first.

    `after` continues behind the last one's `due_at`, or `received_at` if answered, and id.
    """
    _may_read(by)
    query = select(SubjectRequest).where(*_own(by)).limit(limit)
    if answered:
        query = query.where(SubjectRequest.answered_at.is_not(None))
        query = query.order_by(SubjectRequest.received_at.desc(), SubjectRequest.id.desc())
        if after is not None:
            query = query.where(tuple_(SubjectRequest.received_at, SubjectRequest.id) < tuple_(*after))
    else:
        query = query.where(SubjectRequest.answered_at.is_(None)).order_by(SubjectRequest.due_at, SubjectRequest.id)
        if after is not None:
            query = query.where(tuple_(SubjectRequest.due_at, SubjectRequest.id) > tuple_(*after))
    return list(await session.scalars(query))


async def steps_of(session: AsyncSession, request: SubjectRequest) -> Sequence[RequestStep]:
    """What happened to it, in order."""
    query = select(RequestStep).where(
        RequestStep.merchant_id == request.merchant_id, RequestStep.request_id == request.id
    )
    return list(await session.scalars(query.order_by(RequestStep.at, RequestStep.id)))


async def matched_records(session: AsyncSession, request: SubjectRequest) -> Sequence[ConsumerRecord]:
    """The records it is about, as they stand; of one that was removed its last state."""
    origins = select(RequestRecord.origin_id).where(
        RequestRecord.merchant_id == request.merchant_id, RequestRecord.request_id == request.id
    )
    query = select(ConsumerRecord).where(
        ConsumerRecord.merchant_id == request.merchant_id, ConsumerRecord.origin_id.in_(origins)
    )
    rows = await session.scalars(query.order_by(ConsumerRecord.origin_id, ConsumerRecord.id))
    latest = {row.origin_id: row for row in rows}
    return list(latest.values())


async def record_by_origin(session: AsyncSession, merchant_id: UUID, origin_id: UUID) -> ConsumerRecord:
    """The merchant's record as it stands, in reach of the session. Raises ConsumerRecordNotFound."""
    query = select(ConsumerRecord).where(
        ConsumerRecord.merchant_id == merchant_id,
        ConsumerRecord.origin_id == origin_id,
        ConsumerRecord.ended_at.is_(None),
    )
    record = (await session.scalars(query)).one_or_none()
    if record is None:
        raise ConsumerRecordNotFound
    return record


def _may_read(by: Person) -> None:
    authorize(by, Permission.RECORD_CONSUMER if by.is_merchant else Permission.HANDLE_SUBJECT_REQUESTS)


def _own(by: Person) -> list[ColumnElement[bool]]:
    # Said here besides the policy: in the agency's context every merchant's requests are in reach.
    return [SubjectRequest.merchant_id == by.merchant_id] if by.merchant_id is not None else []
