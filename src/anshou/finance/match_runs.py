"""Matching a desk with many lines behind the pages: asked for by finance, worked off by a job, watched meanwhile."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.bench import Desk, count_side
from anshou.finance.errors import RunGoing
from anshou.finance.reconciling import Reconciled, reconcile
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.people.persons import find_person
from billing.reconciliation import runs
from billing.reconciliation.runs import MatchRun, Step
from tenants.jobs import enqueue
from tenants.refusals import Refusal

RECONCILE = "finance.reconcile"

# Lines of a side; more of them take longer than a person waits for a page.
MOST_AT_ONCE = 2_000

Tell = Callable[[Step, int, int], Awaitable[None]]
"""Called with how far a run is: the step, matches stored so far, matches found."""


async def run_desk(session: AsyncSession, desk: Desk, *, by: Person, at: datetime) -> Reconciled | MatchRun:
    """Match what is certain: at once, or by a job where the desk is large. Raises as `reconcile`, and RunGoing."""
    authorize(by, Permission.KEEP_BOOKS)
    going = await latest_run(session, desk, by=by)
    if going is not None and going.is_going(at):
        raise RunGoing
    if max([await count_side(session, desk, side, by=by) for side in ("external", "internal")]) <= MOST_AT_ONCE:
        return await reconcile(
            session, desk.source, first=desk.month, last=desk.last, account=desk.account, by=by, at=at
        )
    asked = MatchRun(
        source=desk.source,
        account=desk.account,
        first_on=desk.month,
        last_on=desk.last,
        asked_by=by.id,
        asked_at=at,
        step=Step.WAITING,
        stored=0,
        found=0,
        offered=0,
        refusal="",
        ended_at=None,
    )
    session.add(asked)
    await session.flush()
    await enqueue(session, RECONCILE, {"run": str(asked.id)}, key=f"{RECONCILE}:{asked.id}")
    return asked


async def latest_run(session: AsyncSession, desk: Desk, *, by: Person) -> MatchRun | None:
    """The last run of the desk that was left to a job. Raises PermissionMissing."""
    authorize(by, Permission.KEEP_BOOKS)
    return await runs.latest_run(session, desk.source, desk.account, first=desk.month, last=desk.last)


async def carry_out(session: AsyncSession, run_id: UUID, *, tell: Tell, at: datetime) -> None:
    """Work off a run in the name of who asked for it. Raises as `reconcile`; what is over already stays as it is."""
    run = await runs.get_run(session, run_id)
    by = await find_person(session, run.asked_by)
    if run.ended_at is not None or by is None:
        return
    done = await reconcile(
        session, run.source, first=run.first_on, last=run.last_on, account=run.account, by=by, at=at, tell=tell
    )
    # It was told in other transactions how far this is.
    await session.refresh(run)
    run.found = run.stored = len(done.matched)
    run.offered = len(done.suggestions)
    runs.end(run, Step.DONE, at=at)


async def note_step(session: AsyncSession, run_id: UUID, step: Step, stored: int, found: int) -> None:
    """Say how far a run is."""
    run = await runs.get_run(session, run_id)
    run.step, run.stored, run.found = step, stored, found


async def note_refusal(session: AsyncSession, run_id: UUID, refusal: Refusal, *, at: datetime) -> None:
    """Say why nothing of a run was kept."""
    runs.end(await runs.get_run(session, run_id), Step.REFUSED, at=at, refusal=refusal.text(str))
