"""Statements by the calendar: merchants are reminded in time, and silence counts where the contract says so."""

from datetime import timedelta

from anshou.finance.disputing_lines import let_silence_speak
from anshou.finance.minding_statements import remind_before_time_is_up
from anshou.worker.schedules import Schedule
from anshou.worker.work import Nothing, Work, actor


@actor("finance.mind_statements", Nothing)
async def mind(work: Work, _: Nothing) -> None:
    """Remind of what is due soon, and confirm what nobody answered."""
    async with work.finish() as session:
        await let_silence_speak(session, at=work.at)
        await remind_before_time_is_up(session, at=work.at)


EVERY_DAY = Schedule(
    name="finance.mind_statements", actor=mind.name, every=timedelta(days=1), spread=timedelta(hours=1)
)
