"""The runs of erasures: what went, what stayed and why."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit
from anshou.merchants.merchants import merchant_names
from anshou.people.cards import names_of
from anshou.people.permissions import Permission, authorize
from anshou.portal.notices.pages import seen
from anshou.portal.pages import page
from anshou.privacy.retention.due import SkipReason
from anshou.privacy.retention.holds import hold_reasons
from anshou.privacy.retention.registry import KINDS
from anshou.privacy.retention.runs import RunCause, list_runs, read_report

# A tenant's runs of a month, and a few that were ordered.
MOST = 40

TONES = {RunCause.DAILY: "", RunCause.MERCHANT: "amber", RunCause.REQUEST: "blue", RunCause.RESTORED: "violet"}


@get("/settings/retention/runs")
async def runs_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """The latest first."""
    authorize(visit.person, Permission.READ_SETTINGS)
    reports = await list_runs(visit.session, by=visit.person, limit=MOST)
    return page(
        request,
        "retention/runs.html",
        reports=reports,
        tones=TONES,
        merchants=await merchant_names(visit.session),
    )


@get("/settings/retention/runs/{run_id:uuid}")
async def run_page(run_id: FromPath[UUID], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """One run, kind by kind."""
    authorize(visit.person, Permission.READ_SETTINGS)
    report = await read_report(visit.session, run_id)
    await seen(visit, run_id)
    holds = [UUID(skip.example) for skip in report.skips if skip.reason is SkipReason.HOLD]
    return page(
        request,
        "retention/run.html",
        report=report,
        tones=TONES,
        kinds=KINDS,
        merchants=await merchant_names(visit.session),
        reasons=await hold_reasons(visit.session, holds),
        names=await names_of(visit.session, {report.run.started_by} if report.run.started_by else set()),
    )
