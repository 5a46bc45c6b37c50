"""`anshou run`: the whole product on one machine, from an empty directory to a page that answers.

The house knows processes only. What is done before the doors open are commands of `anshou`, each a child like the web
server and the worker, so that Ctrl-C ends a long one as it ends the others.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

from anshou.house import listening
from anshou.house.children import House, Part, PartFailed, Process, end, ended, how_it_ended
from anshou.house.database import cluster_of, owned
from anshou.house.root_secret import root_secret
from anshou.house.telling import say, step
from anshou.house.tether import die_with_parent
from anshou.settings import Settings

# How long a part may take until it is ready; a database that was killed replays its log first.
START_SECONDS = 60.0

# Whoever presses Ctrl-C waits at most 5 s: first the doors, the worker and what is being prepared, then the database.
APPLICATION_END = ((signal.SIGTERM, 2.5), (signal.SIGKILL, 0.3))
DATABASE_END = ((signal.SIGINT, 1.4), (signal.SIGQUIT, 0.4), (signal.SIGKILL, 0.2))

# A worker that cannot work ends at once; one that is still there after this can.
WORKER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """A command of `anshou` that is carried out before the doors open, or after."""

    what: str
    command: tuple[str, ...]
    needs_database: bool = True


async def run(settings: Settings, before: Sequence[Step], after: Sequence[Step]) -> int:
    """Start everything, keep it running until SIGINT or SIGTERM, and stop it; answers the exit code.

    Raises PortInUse, DataDirectoryInUse, ClusterFailed, PartFailed, SettingsInvalid.
    """
    house = House(say)
    asked_to_stop = _listen_to_signals(house)
    with owned(settings.data_dir, "run"), closing(listening.bind(settings.host, settings.port)) as door:
        stopping = asyncio.create_task(asked_to_stop.wait())
        starting = asyncio.create_task(_start(settings, house, door, before, after))
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                # Raises what kept the house from starting.
                starting.result()
                await stopping
            say("stopping …")
        finally:
            starting.cancel()
            await asyncio.wait({starting})
            await house.stop_all_but("database")
            await house.stop()
    say("stopped; the data stays")
    return 0


async def _start(
    settings: Settings, house: House, door: socket.socket, before: Sequence[Step], after: Sequence[Step]
) -> None:
    say(f"安售 Anshou starts; data in {settings.data_dir}")
    root_secret(settings)
    environment = dict(os.environ)
    async with _together() as tasks:
        for one in before:
            if not one.needs_database:
                tasks.create_task(_tell_and_carry_out(one, environment))
        if settings.embedded_database:
            environment["ANSHOU_DATABASE_URL"] = await _start_database(settings, house)
        for one in before:
            if one.needs_database:
                await _tell_and_carry_out(one, environment)
    with step("starting the web server and the worker"):
        async with _together() as tasks:
            for name in _web_names(settings):
                tasks.create_task(house.start(_web(name, environment, door)))
            tasks.create_task(house.start(_worker(environment)))
    say(f"ready: {settings.base_url}")
    for one in after:
        await _carry_out(one, environment)


@asynccontextmanager
async def _together() -> AsyncIterator[asyncio.TaskGroup]:
    """Tasks that end together; the first failure is raised as it is, and ends the others."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _start_database(settings: Settings, house: House) -> str:
    cluster = cluster_of(settings)
    with step("starting PostgreSQL" if cluster.made else "making a PostgreSQL cluster and starting it"):
        await asyncio.to_thread(cluster.make)
        for directory in cluster.opened:
            say(f"  {directory}: others may now pass through (o+x), because PostgreSQL does not run as root")
        await house.start(Part(name="database", start=cluster.start, ready=cluster.wait, end_with=DATABASE_END))
    return cluster.url


async def _tell_and_carry_out(one: Step, environment: Mapping[str, str]) -> None:
    with step(one.what):
        await _carry_out(one, environment)


async def _carry_out(one: Step, environment: Mapping[str, str]) -> None:
    process = _spawn(one.command, environment)
    try:
        await ended(process)
    finally:
        await end(process, *APPLICATION_END)
    if process.returncode != 0:
        raise PartFailed(f"{one.what}: `anshou {' '.join(one.command)}` {how_it_ended(process)}")


def _web(name: str, environment: Mapping[str, str], door: socket.socket) -> Part:
    async def start() -> Process:
        return _spawn(("web", "--fd", str(door.fileno())), environment, door)

    async def ready(_: Process) -> None:
        async with asyncio.timeout(START_SECONDS):
            await listening.answers(door)

    return Part(name=name, start=start, ready=ready, end_with=APPLICATION_END)


def _worker(environment: Mapping[str, str]) -> Part:
    async def start() -> Process:
        return _spawn(("worker",), environment)

    async def ready(_: Process) -> None:
        await asyncio.sleep(WORKER_SECONDS)

    return Part(name="worker", start=start, ready=ready, end_with=APPLICATION_END)


def _web_names(settings: Settings) -> list[str]:
    return ["web"] if settings.web_workers == 1 else [f"web {number + 1}" for number in range(settings.web_workers)]


def _spawn(command: Sequence[str], environment: Mapping[str, str], *inherited: socket.socket) -> Process:
    """A child that runs a command of ours; in a session of its own, so that Ctrl-C reaches us alone."""
    return subprocess.Popen(
        [sys.executable, "-m", "anshou.cli", *command],
        stdin=subprocess.DEVNULL,
        env=environment,
        pass_fds=[each.fileno() for each in inherited],
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    )


def _listen_to_signals(house: House) -> asyncio.Event:
    asked = asyncio.Event()

    def hear() -> None:
        if asked.is_set():
            house.kill()
        asked.set()

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(each, hear)
    return asked
