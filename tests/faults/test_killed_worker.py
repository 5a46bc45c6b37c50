"""The worker process is killed at moments that chance picks: nothing is lost, and nothing is done twice."""

import asyncio
import os
import secrets
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from anshou.people.notices import list_notices
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.worker.process import GRACE
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.rabbit import Rabbit
from tests.worker.test_mail import read_folder
from tests.worker.workshop import STOPS_WITHIN, Effects, Ledger, leave_jobs, until

JOBS = 240
KILLS = 5
TICKETS = 40


async def start(
    database: Database, broker_url: str = "", mail: Path = Path(os.devnull), end_takes: float = 0
) -> Process:
    told = {
        "TEST_DATABASE_URL": database.url,
        "TEST_SECRET": database.secret.hex(),
        "TEST_KEYS": str(database.keys),
        "TEST_BROKER_URL": broker_url,
        "TEST_MAIL": str(mail),
        "TEST_END_TAKES": str(end_takes),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.worker_process", env={**os.environ, **told}, stdout=DEVNULL, stderr=None
    )


async def hold_at_work(process: Process, ledger: Ledger) -> None:
    """Let the process stand still at a moment at which it has jobs in its hands."""
    async with asyncio.timeout(60):
        process.send_signal(signal.SIGSTOP)
        while not await ledger.count("running"):
            process.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.005)
            process.send_signal(signal.SIGSTOP)


async def test_jobs_survive_a_worker_that_is_killed_again_and_again(
    database: Database,
    tenants: Tenants,
    tenant: Tenant,
    other_tenant: Tenant,
    ledger: Ledger,
    effects: Effects,
    broker_url: str,
) -> None:
    await leave_jobs(tenants, tenant, "test.count", range(JOBS // 2))
    await leave_jobs(tenants, other_tenant, "test.count", range(JOBS // 2))
    for number in range(KILLS):
        process = await start(database, broker_url)
        done = await ledger.count("done")
        # Killed while it starts, or after it did a few jobs.
        await until(ledger.has_at_least, "done", done + secrets.randbelow(21))
        await asyncio.sleep(secrets.randbelow(100) / 1000)
        if number == 0:
            # Chance may spare the jobs, but not every time.
            await hold_at_work(process, ledger)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    process = await start(database, broker_url)
    await until(ledger.all_are, "done")
    process.send_signal(signal.SIGTERM)
    await process.wait()
    assert process.returncode == 0
    assert await effects.of(tenant) == list(range(JOBS // 2))
    assert await effects.of(other_tenant) == list(range(JOBS // 2))


async def test_of_every_ticket_everybody_is_told_once_although_the_worker_is_killed_meanwhile(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    async with tenants.session(tenant, cast.owner.context()) as session:
        # Just now, so that no limit runs out, of which others would be told as well.
        at = datetime.now(UTC)
        for number in range(TICKETS):
            stated = report(Kind.SERVICE_QUALITY, at, shop=cast.yunshan.shop_id, title=f"第 {number} 张")
            await open_ticket(session, stated, by=cast.owner, at=at)
    for _ in range(KILLS):
        process = await start(database, mail=tmp_path)
        await until(ledger.has_at_least, "done", await ledger.count("done") + secrets.randbelow(20))
        await asyncio.sleep(secrets.randbelow(100) / 1000)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    process = await start(database, mail=tmp_path)
    await until(ledger.all_are, "done")
    process.send_signal(signal.SIGTERM)
    await process.wait()
    for person in (cast.account_manager, cast.service_agent):
        async with tenants.session(tenant, person.context()) as session:
            told = [notice.number for notice in await list_notices(session, person, limit=2 * TICKETS)]
        assert len(told) == len(set(told)) == TICKETS
    letters = [(mail["To"], mail["Subject"]) for mail in read_folder(tmp_path)]
    assert len(letters) == len(set(letters)) == 2 * TICKETS


async def test_a_job_that_takes_its_worker_down_becomes_a_dead_letter(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects
) -> None:
    (job_id,) = await leave_jobs(tenants, tenant, "test.die", [1])
    for attempt in range(1, 4):
        process = await start(database)
        await process.wait()
        assert process.returncode == -signal.SIGKILL
        assert (await ledger.job(job_id))["attempts"] == attempt
    process = await start(database)
    await leave_jobs(tenants, tenant, "test.count", [2])
    await until(ledger.dead_or_done)
    process.send_signal(signal.SIGTERM)
    await process.wait()
    row = await ledger.job(job_id)
    assert (row["state"], row["last_error"]) == ("dead", "WorkerLost")
    assert await effects.of(tenant) == [2]


async def test_a_worker_that_is_told_to_stop_ends_in_time_and_puts_its_jobs_back(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, broker_url: str
) -> None:
    # More than are done in the time in which it must have stopped.
    await leave_jobs(tenants, tenant, "test.count", range(5_000))
    process = await start(database, broker_url)
    await until(ledger.has_at_least, "done", 20)
    began = monotonic()
    process.send_signal(signal.SIGTERM)
    await process.wait()
    assert monotonic() - began < STOPS_WITHIN
    assert process.returncode == 0
    states = await ledger.states()
    assert states["done"] == len(await effects.of(tenant))
    assert states.get("running", 0) == 0
    assert states["queued"] > 0
    assert sum(states.values()) == 5_000


@pytest.mark.rabbitmq
async def test_a_broker_that_answers_nothing_holds_jobs_up_but_neither_loses_them_nor_keeps_the_worker_from_stopping(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, rabbit: Rabbit
) -> None:
    rabbit.empty()
    process = await start(database, rabbit.url)
    await leave_jobs(tenants, tenant, "test.count", range(3))
    await until(ledger.all_are, "done")
    rabbit.freeze()
    try:
        await leave_jobs(tenants, tenant, "test.count", range(3, 6))
        await asyncio.sleep(1)
        began = monotonic()
        process.send_signal(signal.SIGTERM)
        await process.wait()
        assert monotonic() - began < STOPS_WITHIN
        assert process.returncode == 0
    finally:
        rabbit.thaw()
    process = await start(database, rabbit.url)
    await until(ledger.all_are, "done")
    process.send_signal(signal.SIGTERM)
    await process.wait()
    assert await effects.of(tenant) == list(range(6))


@pytest.mark.rabbitmq
@pytest.mark.parametrize("goes", ["before", "meanwhile"])
async def test_a_broker_that_is_gone_keeps_no_worker_from_stopping_in_time(
    database: Database, tenants: Tenants, tenant: Tenant, ledger: Ledger, effects: Effects, rabbit: Rabbit, goes: str
) -> None:
    rabbit.empty()
    # Longer than anybody waits: what the interpreter does at its end is not to be waited for, with threads beside it
    # that look for their broker.
    process = await start(database, rabbit.url, end_takes=30)
    await leave_jobs(tenants, tenant, "test.count", range(300))
    await until(ledger.has_at_least, "done", 10)
    try:
        if goes == "before":
            await asyncio.to_thread(rabbit.kill)
        began = monotonic()
        process.send_signal(signal.SIGTERM)
        if goes == "meanwhile":
            # Within the time that jobs get to end by themselves.
            await asyncio.sleep(GRACE / 2)
            await asyncio.to_thread(rabbit.kill)
        await process.wait()
        assert monotonic() - began < STOPS_WITHIN
        assert process.returncode == 0
        states = await ledger.states()
        assert states.get("running", 0) == 0
        assert states["done"] == len(await effects.of(tenant))
        assert sum(states.values()) == 300
    finally:
        await asyncio.to_thread(rabbit.kill)
        await asyncio.to_thread(rabbit.start)
