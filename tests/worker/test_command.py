"""`anshou worker`: a process that works, stops when it is told to, and can be asked how it goes."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from time import monotonic

import pytest

from tests.database import Database
from tests.worker.workshop import STOPS_WITHIN, Ledger, until


@pytest.fixture
def environment(database: Database, tmp_path: Path) -> dict[str, str]:
    """The settings of a worker at the test's database."""
    secret = tmp_path / "secret"
    secret.write_text(database.secret.hex())
    secret.chmod(0o600)
    return {
        **os.environ,
        "ANSHOU_DATA_DIR": str(tmp_path),
        "ANSHOU_DATABASE_URL": database.url,
        "ANSHOU_SECRET_FILE": str(secret),
    }


async def anshou_worker(environment: dict[str, str], *words: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "anshou.cli", "worker", *words, env=environment, stdout=PIPE, stderr=PIPE
    )


async def check(environment: dict[str, str]) -> tuple[int | None, str]:
    process = await anshou_worker(environment, "--check")
    said, _ = await process.communicate()
    return process.returncode, said.decode()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_the_command_works_until_it_is_told_to_stop_and_says_meanwhile_that_all_is_well(
    environment: dict[str, str], ledger: Ledger, told: signal.Signals
) -> None:
    await ledger.forget_canary()
    code, said = await check(environment)
    assert code == 1
    assert "never" in said

    async def is_well() -> bool:
        return (await check(environment))[0] == 0

    process = await anshou_worker(environment)
    await until(is_well)
    began = monotonic()
    process.send_signal(told)
    _, logged = await process.communicate()
    assert monotonic() - began < STOPS_WITHIN
    assert process.returncode == 0
    assert b"Traceback" not in logged


async def test_a_worker_without_a_database_waits_for_it_and_can_still_be_stopped(environment: dict[str, str]) -> None:
    nowhere = environment | {"ANSHOU_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert (await check(nowhere))[0] == 1
    process = await anshou_worker(nowhere)
    assert process.stderr is not None
    for _ in range(2):
        await process.stderr.readuntil(b"no connection to the database")
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


async def test_a_queue_that_does_not_exist_is_refused(environment: dict[str, str]) -> None:
    process = await anshou_worker(environment, "--queues", "urgent")
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"critical" in said
