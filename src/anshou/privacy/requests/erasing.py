"""The worker's part in a request to erase: ordering the run, and noting when it is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM
from anshou.people.persons import find_person
from anshou.privacy.requests.handling import executed
from anshou.privacy.requests.kinds import State
from anshou.privacy.requests.reading import matched_records
from anshou.privacy.requests.rows import SubjectRequest
from anshou.privacy.retention.of_consumers import CONSUMER_RECORDS
from anshou.privacy.retention.runs import erase_subjects


async def begin_erasure(session: AsyncSession, request_id: UUID, by: UUID, *, at: datetime) -> None:
    """Order that the matched records are erased. In the agency's context; nothing happens if it is ordered already."""
    request = await session.get(SubjectRequest, request_id, with_for_update=True)
    if request is None or request.erasure_run is not None or request.state is not State.DECIDED:
        return
    person = await find_person(session, by)
    records = await matched_records(session, request)
    run = await erase_subjects(
        session,
        request.merchant_id,
        {CONSUMER_RECORDS.code: [record.origin_id for record in records]},
        by=SYSTEM if person is None else person,
        at=at,
    )
    request.erasure_run = run.id
    await session.flush()


async def erasure_is_over(session: AsyncSession, run_id: UUID, *, at: datetime) -> None:
    """The run has finished: whatever request ordered it is executed, with what stayed named in the run's report."""
    query = select(SubjectRequest).where(SubjectRequest.erasure_run == run_id).with_for_update()
    for request in await session.scalars(query):
        if request.state is State.DECIDED:
            await executed(session, request, detail=str(run_id), by=SYSTEM, at=at)
