"""Background jobs that failed too often: the dead letters, to be tried again or given up."""

from collections import Counter
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.people.permissions import Permission, allows, authorize
from anshou.portal.pages import Notice, go_to, language_of, page
from tenants.jobs import discard_job, list_dead_jobs, retry_job
from tenants.refusals import N_, Conflict

# More than a person reads; the page says so when there are more.
MOST = 200


class JobNotDead(Conflict):
    """Raised when a dead letter was decided on by somebody else meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("这个任务已被处理，请刷新后查看。"))


@get("/jobs")
async def jobs_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The dead letters, newest first, and how many there are of each kind."""
    authorize(visit.person, Permission.READ_JOBS)
    jobs = await list_dead_jobs(visit.session, limit=MOST + 1)
    return page(
        request,
        "administration/jobs.html",
        jobs=jobs[:MOST],
        more=len(jobs) > MOST,
        most=MOST,
        by_kind=Counter(job.actor for job in jobs[:MOST]).most_common(),
        may_decide=allows(visit.person, Permission.RETRY_JOBS),
    )


@post("/jobs/{job_id:uuid}/retry", status_code=303)
async def retry(job_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Put one back into the queue."""
    authorize(visit.person, Permission.RETRY_JOBS)
    if not await retry_job(visit.session, job_id):
        raise JobNotDead
    return go_to(request, "/jobs", Notice(language_of(request).say(N_("任务已重新排队。"))))


@post("/jobs/retry", status_code=303)
async def retry_all(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Put all of them back into the queue, e.g. after the mail server works again."""
    authorize(visit.person, Permission.RETRY_JOBS)
    queued = [await retry_job(visit.session, job.id) for job in await list_dead_jobs(visit.session, limit=MOST)]
    said = language_of(request).say(N_("%(count)s 个任务已重新排队。"), count=sum(queued))
    return go_to(request, "/jobs", Notice(said))


@post("/jobs/{job_id:uuid}/discard", status_code=303)
async def discard(job_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Give one up for good."""
    authorize(visit.person, Permission.RETRY_JOBS)
    if not await discard_job(visit.session, job_id):
        raise JobNotDead
    return go_to(request, "/jobs", Notice(language_of(request).say(N_("任务已放弃。"))))
