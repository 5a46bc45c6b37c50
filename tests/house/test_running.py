"""`anshou run` as a person meets it: it starts, survives what is done to it, and stops when told."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from anshou.house.cluster import Cluster
from tests.house.running_house import RunningHouse
from tests.ports import free_port

# docs/operating.md promises five. Where other tests crowd the machine all of it takes longer; what waits for a visitor,
# or for a part that is deaf, takes for ever.
STOP_SECONDS = 20.0
# What docs/operating.md promises.
SECOND_START_SECONDS = 10.0
# Four processes load their libraries (the web server, the worker, the supervisor and its migration): measured 7, and
# 13 once where other tests crowded the one and not the other.
SECOND_START_WEIGHS = 18

Start = Callable[..., RunningHouse]


@pytest.fixture
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="anshou-test-") as made:
        yield Path(made)


@pytest.fixture
def start(directory: Path) -> Iterator[Start]:
    houses: list[RunningHouse] = []

    def begin(port: int | None = None, **environment: str) -> RunningHouse:
        houses.append(RunningHouse(directory, port or free_port(), **environment))
        return houses[-1]

    yield begin
    for house in houses:
        house.clean_up()


async def test_it_survives_the_kill_of_each_part_stops_in_time_and_starts_again_quickly(
    start: Start, directory: Path
) -> None:
    house = start()
    house.wait_for("ready: http://127.0.0.1:")
    assert house.said[0] == f"安售 Anshou starts; data in {directory}"
    assert house.status("/health/ready") == 200
    url = Cluster(directory / "postgres").url
    owner = await asyncpg.connect(url)
    await owner.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    await owner.close()

    web, worker, database = (house.part(name) for name in ("web", "worker", "database"))
    web.kill()
    # Asked at once: the visitor waits at the open door until the next web process takes over.
    assert house.status() == 200
    worker.kill()
    house.wait_for("worker runs again")
    database.kill()
    house.wait_for("database runs again")
    assert house.part("web").pid != web.pid
    assert house.part("worker").pid != worker.pid
    house.until(lambda: house.status("/health/ready") == 200, "ready")

    assert house.stop() < STOP_SECONDS
    assert house.process.returncode == 0
    assert house.said[-1] == "stopped; the data stays"
    assert house.left() == []

    again = start()
    took = again.wait_for("ready: ")
    # A machine that is slow, or busy with other tests, takes longer over everything: so the work is weighed, not timed.
    work = again.work()
    assert took < SECOND_START_SECONDS or work < SECOND_START_WEIGHS * _loading_the_libraries()
    owner = await asyncpg.connect(url)
    assert await owner.fetchval("SELECT n FROM kept") == 7
    await owner.close()
    assert again.stop(signal.SIGTERM) < STOP_SECONDS


def test_a_visitor_who_holds_the_line_does_not_hold_up_the_end(start: Start) -> None:
    house = start()
    house.wait_for("ready: ")
    with socket.create_connection(("127.0.0.1", house.port)) as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
        assert house.stop() < STOP_SECONDS
    assert house.left() == []


def test_when_the_supervisor_is_killed_nothing_is_left_and_the_next_start_works(start: Start) -> None:
    house = start()
    house.wait_for("ready: ")
    house.remember_family()
    house.process.kill()
    house.process.wait()
    until = time.monotonic() + 15
    while house.left() and time.monotonic() < until:
        time.sleep(0.05)
    assert house.left() == []
    start().wait_for("ready: ")


def test_one_that_is_told_to_stop_while_it_starts_stops_in_time(start: Start) -> None:
    house = start()
    house.wait_for("  bringing the database")
    assert house.stop() < STOP_SECONDS
    assert not any(line.startswith("ready") for line in house.said)
    assert house.left() == []


def test_a_port_that_is_taken_is_said_before_anything_is_started(start: Start, directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        house = start(port)
        assert house.process.wait(30) == 1
        house.stop_listening()
    assert house.said == [
        f"anshou run: cannot listen on 127.0.0.1:{port}: Address already in use by process {os.getpid()} "
        f"({_own_name()}); end it, or set ANSHOU_PORT"
    ]
    assert not (directory / "postgres").exists()


def test_a_second_run_on_the_same_data_is_refused_and_the_first_goes_on(start: Start, directory: Path) -> None:
    first = start()
    first.wait_for("ready: ")
    second = start()
    assert second.process.wait(30) == 1
    second.stop_listening()
    pid = first.process.pid
    assert second.said == [f"anshou run: {directory} is in use by another anshou (run process {pid})"]
    assert first.status() == 200


def test_a_wrong_setting_is_refused_with_its_name_and_what_was_expected(start: Start) -> None:
    house = start(ANSHOU_WEB_WORKERS="none")
    assert house.process.wait(30) == 78
    house.stop_listening()
    assert house.said == [
        "anshou cannot start with these settings:",
        "  ANSHOU_WEB_WORKERS: expected a whole number from 1 to 64, got 'none'",
    ]


def _own_name() -> str:
    return psutil.Process().name()


def _loading_the_libraries() -> float:
    """CPU seconds that a process needs here and now before any line of ours runs."""
    before = os.times()
    libraries = "import alembic.command, asyncpg, jinja2, litestar, numpy, sqlalchemy.ext.asyncio"
    subprocess.run([sys.executable, "-c", libraries], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
