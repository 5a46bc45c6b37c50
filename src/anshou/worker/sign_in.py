"""What recurs around sign-in: forgetting what it no longer needs."""

from datetime import timedelta

from anshou.people.sweeping import sweep
from anshou.privacy.retention.of_upkeep import SIGN_INS
from anshou.privacy.retention.periods import time_kept
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor
from tenants.context import DOOR


@actor("people.forget_old_sign_ins", Nothing)
async def forget(work: Work, payload: Nothing) -> None:
    """Drop delays and challenges that are over, and sessions from long ago."""
    async with work.finish() as session:
        # Only the door reaches these rows.
        await work.tenants.switch(session, DOOR)
        await sweep(session, at=work.at, kept=await time_kept(session, SIGN_INS))


EVERY_DAY = Schedule(
    name="people.forget_old_sign_ins",
    actor=forget.name,
    every=timedelta(days=1),
    spread=timedelta(hours=1),
)
