"""Child processes: kept alive while the house runs, ended in order and in time."""

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Process = subprocess.Popen[bytes]

# How often a child is looked at. Cheaper than a thread per child, and far below what a person notices.
LOOK_SECONDS = 0.05

# The pause before a child is started again doubles up to the longest, and is forgotten once it has lived this long.
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 15.0
SETTLED_SECONDS = 30.0


class PartFailed(Exception):
    """Raised when a part of the house ends before it was ever ready; says how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One child: how it is started, when it counts as ready, how it is told to end and how long that may take."""

    name: str
    start: Callable[[], Awaitable[Process]]
    ready: Callable[[Process], Awaitable[None]]
    end_with: tuple[tuple[signal.Signals, float], ...]


@dataclass(slots=True)
class _Running:
    part: Part
    process: Process
    keeping: asyncio.Task[None] | None = None


class House:
    """The parts that run."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._running: list[_Running] = []

    async def start(self, part: Part) -> None:
        """Start a part, wait until it is ready, and from then on start it again whenever it ends.

        Raises whatever its readiness raises, and PartFailed when it ends before.
        """
        running = _Running(part, await part.start())
        self._running.append(running)
        await _ready_or_ended(part, running.process)
        running.keeping = asyncio.create_task(self._keep(running), name=part.name)

    async def stop(self) -> None:
        """End everything."""
        await self._stop(self._running)

    async def stop_all_but(self, name: str) -> None:
        """End every part, all together, but the one that the others need to end well."""
        await self._stop([running for running in self._running if running.part.name != name])

    def kill(self) -> None:
        """Kill everything at once, for a person who has lost patience. The data survives it."""
        for running in self._running:
            if running.process.poll() is None:
                running.process.kill()

    async def _stop(self, chosen: Sequence[_Running]) -> None:
        """A part that is just being started again is not started any more."""
        for running in chosen:
            if running.keeping is not None:
                running.keeping.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await running.keeping
        await asyncio.gather(*(end(running.process, *running.part.end_with) for running in chosen))
        self._running = [running for running in self._running if running not in chosen]

    async def _keep(self, running: _Running) -> None:
        part = running.part
        failures = 0
        while True:
            began = time.monotonic()
            await ended(running.process)
            failures = 0 if time.monotonic() - began > SETTLED_SECONDS else failures + 1
            pause = min(FIRST_PAUSE_SECONDS * 2 ** max(failures - 1, 0), LONGEST_PAUSE_SECONDS)
            self._say(f"{part.name} {how_it_ended(running.process)}; starting it again in {pause:.2g} s")
            await asyncio.sleep(pause)
            try:
                running.process = await part.start()
                await _ready_or_ended(part, running.process)
            except Exception as failure:
                # Whatever is wrong now may be right at the next try: the house keeps trying, and says so each time.
                self._say(f"{part.name}: {failure}")
                await end(running.process, (signal.SIGKILL, 1))
            else:
                self._say(f"{part.name} runs again")


async def _ready_or_ended(part: Part, process: Process) -> None:
    """Wait until ready. Raises PartFailed if the process ends first."""
    getting_ready = asyncio.ensure_future(part.ready(process))
    ending = asyncio.ensure_future(ended(process))
    try:
        await asyncio.wait({getting_ready, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not getting_ready.done():
            raise PartFailed(f"{part.name} {how_it_ended(process)} before it was ready")
        getting_ready.result()
    finally:
        for waiting in (getting_ready, ending):
            waiting.cancel()


async def ended(process: Process) -> None:
    """Wait until the process has ended."""
    # Of all systems only Linux could tell asyncio about a child's end without a thread for each.
    while process.poll() is None:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)


async def end(process: Process, *told: tuple[signal.Signals, float]) -> None:
    """Send one signal after the other until the process has ended, each with its seconds of patience."""
    for word, seconds in told:
        if process.poll() is not None:
            return
        process.send_signal(word)
        # Not wait_for: in Python 3.11 it may swallow a cancellation that comes just as the process ends.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await ended(process)


def how_it_ended(process: Process) -> str:
    """In words: "was killed (SIGKILL)" or "ended with exit code 3"."""
    code = process.returncode
    if code is None:
        return "still runs"
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
