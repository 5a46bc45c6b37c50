"""A worker in a process of its own, to be killed: `python -m tests.faults.worker_process`, told by its environment.

It has the product's actors and two of its own. One takes a moment between effect and commit, so that a kill finds it
in the middle; the other takes the process down. The interpreter's own end takes as long as TEST_END_TAKES says, as on a
machine that has much else to do.
"""

import asyncio
import atexit
import os
import secrets
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from anshou.worker.actors import ACTORS
from anshou.worker.mail import FolderMail
from anshou.worker.process import Plan, end_process, work
from anshou.worker.work import Work, actor
from tests.database import Database
from tests.worker.workshop import Number, leave_effect, outside


@actor("test.count", Number, attempts=50, time_limit=timedelta(seconds=2))
async def count(work: Work, payload: Number) -> None:
    """Leave one row, not at once."""
    async with work.finish() as session:
        await leave_effect(session, payload.number)
        await asyncio.sleep(secrets.randbelow(50) / 1000)


@actor("test.die", Number, attempts=3, time_limit=timedelta(seconds=0.1))
async def die(work: Work, payload: Number) -> None:
    """Take the process down, as a job does that needs more memory than there is."""
    os.kill(os.getpid(), signal.SIGKILL)


def plan() -> Plan:
    """What the environment says."""
    url, secret = os.environ["TEST_DATABASE_URL"], bytes.fromhex(os.environ["TEST_SECRET"])
    database = Database(url=url, superuser_url=url, secret=secret, keys=Path(os.environ["TEST_KEYS"]))
    return Plan(
        database_url=url,
        secret=secret,
        vault=database.open_vault(),
        broker_url=os.environ["TEST_BROKER_URL"],
        actors=(*ACTORS, count, die),
        schedules=(),
        outside=replace(outside(), mail=FolderMail(Path(os.environ["TEST_MAIL"]))),
        connections=12,
        published_for=timedelta(seconds=3),
    )


async def main() -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await work(plan(), stop)
    end_process(0)


if __name__ == "__main__":
    atexit.register(time.sleep, float(os.environ.get("TEST_END_TAKES", "0")))
    asyncio.run(main())
