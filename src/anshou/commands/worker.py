"""`anshou worker`: one process that works jobs off, or the question whether they are."""

import argparse
import asyncio
import logging
import signal
from contextlib import suppress
from datetime import UTC, datetime

import asyncpg

from anshou.house.database import check_quiet, database_url
from anshou.house.root_secret import root_secret
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.settings import Settings
from anshou.vaults import open_vault
from anshou.worker.actors import ACTORS, SCHEDULES
from anshou.worker.broker import QUEUES
from anshou.worker.health import read_health
from anshou.worker.mail import open_mail
from anshou.worker.process import Plan, end_process, work
from anshou.worker.rounds import PAUSE
from anshou.worker.sealing import LATE as SEALING_LATE
from anshou.worker.work import Outside
from confidentiality.audit.publishing import CheckpointFiles
from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.errors import DatabaseUnavailable
from tenants.failures import LOST
from tenants.storage import open_storage

log = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which queues, or only a look."""
    parser.add_argument("--queues", nargs="+", choices=QUEUES, default=(), help="serve only these; all if not given")
    parser.add_argument("--check", action="store_true", help="say how the work goes; 0 if it goes well, else 1")


async def main(asked: argparse.Namespace, settings: Settings) -> int:
    """Work until SIGTERM or SIGINT, then end within two and a half seconds."""
    secret = root_secret(settings)
    if asked.check:
        return await _check(database_url(settings), secret)
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    if await _quiet(settings, stop):
        await work(_plan(settings, secret, frozenset(asked.queues)), stop)
        end_process(0)
    return 0


async def _quiet(settings: Settings, stop: asyncio.Event) -> bool:
    """Wait for the database to answer: True if it keeps quiet, False if told to stop before. Raises DatabaseTalks."""
    while not stop.is_set():
        try:
            await check_quiet(settings, database_url(settings))
        except DatabaseUnavailable:
            log.warning("no connection to the database")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE)
        else:
            return True
    return False


def _plan(settings: Settings, secret: bytes, queues: frozenset[str]) -> Plan:
    return Plan(
        database_url=database_url(settings),
        secret=secret,
        broker_url=settings.broker_url,
        actors=ACTORS,
        schedules=SCHEDULES,
        outside=Outside(
            mail=open_mail(settings.smtp_url, settings.data_dir / "mail"),
            mail_from=settings.mail_from,
            base_url=settings.base_url,
            secret=secret,
            storage=open_storage(settings.storage_url),
            erasures=ErasureList(open_storage(settings.erasures_url), secret=secret),
            webhooks_to_private=settings.webhooks_to_private,
            robot_hosts=settings.robot_hosts,
            mailbox_hosts=settings.mailbox_hosts,
            upload_limit=settings.upload_limit * 1024 * 1024,
            checkpoints_to=settings.checkpoint_mail,
        ),
        threads=settings.worker_threads,
        connections=settings.database_connections,
        queues=queues,
        vault=open_vault(settings, secret=secret, clock=lambda: datetime.now(UTC)),
        checkpoints=(CheckpointFiles(settings.checkpoint_dir),),
    )


async def _check(url: str, secret: bytes) -> int:
    address, credentials = DatabaseAddress.at(url), Credentials(secret)
    role = credentials.control_role(address.database)
    try:
        control = await asyncpg.connect(**address.login(role, credentials.password(role)))
    except (*LOST, asyncpg.PostgresError) as error:
        print(f"the database cannot be asked: {type(error).__name__}")
        return 1
    try:
        health = await read_health(control)
    finally:
        await control.close()
    seen = "never" if health.canary_age is None else f"{health.canary_age.total_seconds():.0f} s ago"
    print(f"last canary        {seen}")
    print(f"oldest due job     {health.job_lateness.total_seconds():.0f} s late")
    print(f"oldest due timer   {health.timer_lateness.total_seconds():.0f} s late")
    late = "  LATE" if health.sealing_lateness > SEALING_LATE else ""
    print(f"oldest unsealed    {health.sealing_lateness.total_seconds():.0f} s{late}")
    if health.unsealed_tenants:
        print(f"NOT SEALED         {health.unsealed_tenants} tenants, see control.audit_sealing")
    print(f"dead letters       {health.dead}")
    return 0 if health.well else 1
