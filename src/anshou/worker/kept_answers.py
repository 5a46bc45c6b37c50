"""Clearing away what the API kept for requests that might come again."""

from datetime import timedelta

from anshou.gate.kept_answers import forget_old_answers
from anshou.privacy.retention.of_upkeep import API_ANSWERS
from anshou.privacy.retention.periods import time_kept
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor


@actor("api.forget_old_answers", Nothing)
async def forget(work: Work, _: Nothing) -> None:
    """Forget the answers that were kept long enough."""
    async with work.finish() as session:
        await forget_old_answers(session, at=work.at, kept=await time_kept(session, API_ANSWERS))


EVERY_SIX_HOURS = Schedule(
    name="api.forget_old_answers",
    actor=forget.name,
    every=timedelta(hours=6),
    spread=timedelta(hours=1),
)
