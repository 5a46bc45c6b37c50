"""What runs is kept running, and is ended in time."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from anshou.house.children import House, Part, PartFailed, Process

END = ((signal.SIGTERM, 0.5), (signal.SIGKILL, 1.0))
SLEEPS = "import time; time.sleep(600)"
IS_DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)
FAILS = "raise SystemExit(3)"


class Stage:
    """A house, what it said, and every process that it started."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.started: list[Process] = []
        self.house = House(self.said.append)

    def part(self, program: str, ready: Callable[[Process], Awaitable[None]] | None = None) -> Part:
        async def start() -> Process:
            self.started.append(subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE))
            return self.started[-1]

        async def at_once(_: Process) -> None:
            return

        return Part(name="part", start=start, ready=ready or at_once, end_with=END)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(90):
            while not holds():  # noqa: ASYNC110  What it waits for is another process's end.
                await asyncio.sleep(0.02)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    yield stage
    await stage.house.stop()
    for process in stage.started:
        process.kill()
        process.communicate()


async def test_a_part_that_is_killed_is_started_again_and_that_is_said(stage: Stage) -> None:
    await stage.house.start(stage.part(SLEEPS))
    stage.started[0].kill()
    await stage.until(lambda: stage.said[-1:] == ["part runs again"])
    assert stage.said[0] == "part was ended by SIGKILL; starting it again in 0.25 s"
    assert stage.started[1].poll() is None


async def test_each_pause_is_twice_the_one_before(stage: Stage) -> None:
    await stage.house.start(stage.part(SLEEPS))
    for times in (1, 2, 3):
        stage.started[-1].kill()
        await stage.until(lambda times=times: stage.said.count("part runs again") == times)
    assert [line.split()[-2] for line in stage.said if "starting" in line] == ["0.25", "0.5", "1"]


async def test_a_part_that_ends_before_it_is_ready_stops_the_start(stage: Stage) -> None:
    async def never(_: Process) -> None:
        await asyncio.Event().wait()

    with pytest.raises(PartFailed, match="part ended with exit code 3 before it was ready"):
        await stage.house.start(stage.part(FAILS, never))


async def test_a_part_that_was_restarted_but_never_gets_ready_is_not_left_hanging(stage: Stage) -> None:
    async def only_the_first_time(process: Process) -> None:
        if process is not stage.started[0]:
            raise TimeoutError("not ready")

    await stage.house.start(stage.part(SLEEPS, only_the_first_time))
    stage.started[0].kill()
    await stage.until(lambda: len(stage.started) == 3)
    assert stage.started[1].poll() == -signal.SIGKILL
    assert "part: not ready" in stage.said


async def test_a_deaf_part_is_killed_when_its_patience_is_over(stage: Stage) -> None:
    await stage.house.start(stage.part(IS_DEAF))
    assert stage.started[0].stdout is not None
    assert stage.started[0].stdout.readline() == b"deaf\n"
    began = time.monotonic()
    await stage.house.stop()
    assert stage.started[0].returncode == -signal.SIGKILL
    assert time.monotonic() - began >= END[0][1]


async def test_what_is_stopped_is_not_started_again(stage: Stage) -> None:
    await stage.house.start(stage.part(SLEEPS))
    stage.started[0].kill()
    await stage.until(lambda: bool(stage.said))
    await stage.house.stop()
    await asyncio.sleep(0.5)
    assert all(process.poll() is not None for process in stage.started)
