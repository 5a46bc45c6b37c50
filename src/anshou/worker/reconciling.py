"""A large desk of reconciliation is matched behind the pages."""

from datetime import timedelta
from uuid import UUID

import msgspec

from anshou.finance.match_runs import RECONCILE, carry_out, note_refusal, note_step
from anshou.worker.work import Work, actor
from billing.reconciliation.runs import Step
from tenants.refusals import Refusal


class OfRun(msgspec.Struct, frozen=True):
    """Which run."""

    run: UUID


@actor(RECONCILE, OfRun, attempts=3, time_limit=timedelta(minutes=20))
async def reconcile(work: Work, asked: OfRun) -> None:
    """Keep all certain matches or none, and say meanwhile how far it is."""

    async def tell(step: Step, stored: int, found: int) -> None:
        async with work.look() as session:
            await note_step(session, asked.run, step, stored, found)

    try:
        async with work.finish() as session:
            await carry_out(session, asked.run, tell=tell, at=work.at)
    except Refusal as refusal:
        async with work.finish() as session:
            await note_refusal(session, asked.run, refusal, at=work.at)
