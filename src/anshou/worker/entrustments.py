"""Contracts that ended: the return or deletion of their data begins."""

from datetime import timedelta

from anshou.privacy.entrustment.deadlines import begin_due_returns
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor


@actor("privacy.begin_due_returns", Nothing)
async def begin(work: Work, _: Nothing) -> None:
    """Begin what is due today."""
    async with work.finish() as session:
        await begin_due_returns(session, at=work.at)


EVERY_DAY = Schedule(
    name="privacy.begin_due_returns", actor=begin.name, every=timedelta(days=1), spread=timedelta(hours=1)
)
