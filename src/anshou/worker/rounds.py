"""The worker's rounds: on one connection it looks for timers, expired leases, schedules and due jobs, in turn.

Every duty finds its work by an index over all tenants, so an idle worker asks the database as often with a thousand
tenants as with ten.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg

from anshou.worker.line import ControlLine, LineBroken

log = logging.getLogger(__name__)

# Seconds between two looks when nobody said that there is something.
POLL = 1.0

# Seconds before a broken connection is opened anew, and after a refusal of the database.
PAUSE = 1.0

# Seconds to let hints arrive together: jobs that end within a moment make room for one batch, not for many small ones.
GATHER = 0.004


@dataclass(slots=True)
class Duty:
    """Something done on the line every so many seconds, and on a hint if it is about new jobs.

    What it answers, as a truth value, is whether there may be more to do at once, by itself or by another duty.
    """

    do: Callable[[asyncpg.Connection], Awaitable[object]]
    every: float
    on_hint: bool = False
    next_at: float = 0.0


class Rounds:
    """Does the duties in order, each when its time has come, until it is told to stop."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._hint = asyncio.Event()
        self._stopped = asyncio.Event()

    def hint(self) -> None:
        """There may be something to do: begin the next round at once. For the loop's own thread."""
        self._hint.set()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopped.set()
        self._hint.set()

    async def run(self, line: ControlLine) -> None:
        """Go round until stopped. A broken connection and refusals of the database are waited out."""
        while not self._stopped.is_set():
            try:
                async with line.use() as control:
                    again = await self._round(control)
            except LineBroken as broken:
                log.warning("no connection to the database: %s", broken)
                await self._pause()
            except asyncpg.PostgresError as refusal:
                # Its text may quote a value.
                log.error("the database refused: %s (%s)", type(refusal).__name__, refusal.sqlstate)
                await self._pause()
            else:
                if not again:
                    await self._wait()

    async def _round(self, control: asyncpg.Connection) -> bool:
        now = asyncio.get_running_loop().time
        hinted = self._hint.is_set()
        self._hint.clear()
        for duty in self._duties:
            if duty.next_at <= now() or (hinted and duty.on_hint):
                more = await duty.do(control)
                duty.next_at = now() + (0.0 if more else duty.every)
                if more:
                    self._hint.set()
        return self._hint.is_set()

    async def _wait(self) -> None:
        """Until the next duty is due or a hint comes."""
        soonest = min(duty.next_at for duty in self._duties) - asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hint.wait(), max(0.0, soonest))
            await asyncio.sleep(GATHER)

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), PAUSE)
