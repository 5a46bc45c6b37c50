"""Dead letters: jobs that failed too often. Read, tried again, or given up for good."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import FromPath
from msgspec import Meta, Struct

from anshou.api.answers import Listing, shown
from anshou.api.errors import DeadLetterMissing
from anshou.api.routing import delete, get, post
from anshou.api.visits import Visiting
from anshou.people.permissions import Permission, authorize
from tenants import jobs
from tenants.refusals import N_


class DeadLetter(Struct, frozen=True, kw_only=True):
    """A job that failed too often; `last_error` is the class of the error and nothing of its content."""

    id: UUID
    actor: Annotated[str, Meta(title=N_("任务"))]
    attempts: Annotated[int, Meta(title=N_("尝试次数"))]
    last_error: Annotated[str | None, Meta(title=N_("最近一次错误"))]
    created_at: Annotated[datetime, Meta(title=N_("创建时间"))]
    finished_at: Annotated[datetime | None, Meta(title=N_("放弃时间"))]


class Requeued(Struct, frozen=True, kw_only=True):
    """A job that will be tried again soon."""

    id: UUID


@get("/dead-letters", summary=N_("列出失败的后台任务"), operation_id="listDeadLetters")
async def list_dead_letters(visit: Visiting) -> Listing[DeadLetter]:
    authorize(visit.person, Permission.READ_JOBS)
    return Listing(items=[shown(DeadLetter, one) for one in await jobs.list_dead_jobs(visit.session)])


@post(
    "/dead-letters/{job_id:uuid}/retry",
    summary=N_("重试后台任务"),
    operation_id="retryDeadLetter",
    status_code=202,
)
async def retry_dead_letter(job_id: FromPath[UUID], visit: Visiting) -> Requeued:
    authorize(visit.person, Permission.RETRY_JOBS)
    if not await jobs.retry_job(visit.session, job_id):
        raise DeadLetterMissing
    return Requeued(id=job_id)


@delete("/dead-letters/{job_id:uuid}", summary=N_("放弃后台任务"), operation_id="discardDeadLetter")
async def discard_dead_letter(job_id: FromPath[UUID], visit: Visiting) -> None:
    authorize(visit.person, Permission.RETRY_JOBS)
    if not await jobs.discard_job(visit.session, job_id):
        raise DeadLetterMissing


router = Router("/", tags=[N_("后台任务")], route_handlers=[list_dead_letters, retry_dead_letter, discard_dead_letter])
