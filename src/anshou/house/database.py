"""The database of this process, wherever it is: an existing one, or the embedded one of the data directory."""

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from anshou.house.cluster import Cluster
from anshou.settings import Settings
from tenants.addresses import DatabaseAddress
from tenants.quiet import DatabaseTalks, talking_settings, travels_openly

log = logging.getLogger(__name__)

Purpose = Literal["run", "command"]

# How long a command waits for another one, or for a run that is just starting its database.
PATIENCE_SECONDS = 60.0


class DataDirectoryInUse(Exception):
    """Raised when another process owns the data directory; says which."""


def cluster_of(settings: Settings) -> Cluster:
    """The embedded cluster of the data directory, running or not."""
    return Cluster(settings.data_dir / "postgres")


def database_url(settings: Settings) -> str:
    """Where the database is, given or embedded; starts nothing."""
    return settings.database_url or cluster_of(settings).url


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a database that answers and keeps quiet, for one command.

    An embedded one that `anshou run` has started is used as it is; otherwise it runs for as long as the block does.
    Raises ClusterFailed, DataDirectoryInUse, DatabaseTalks, DatabaseUnavailable.
    """
    async with unchecked_database(settings) as url:
        await check_quiet(settings, url)
        yield url


async def check_quiet(settings: Settings, url: str) -> None:
    """Refuse a database whose log or whose line would show what is confidential, see `tenants.quiet`.

    Raises DatabaseTalks, unless the settings tolerate what is found; then it is a warning. Raises DatabaseUnavailable.
    """
    address = DatabaseAddress.at(url)
    found: list[tuple[str, str]] = []
    if travels_openly(address):
        found.append(("plain-text", "ANSHOU_DATABASE_URL: a server elsewhere needs ?sslmode=verify-full (or require)"))
        if "plain-text" not in settings.database_tolerate:
            # Not even the password is sent there.
            raise DatabaseTalks(tuple(told for _, told in found))
    owner = await address.connect()
    try:
        found += [("log", str(talking)) for talking in await talking_settings(owner)]
    finally:
        await owner.close()
    if refused := tuple(told for what, told in found if what not in settings.database_tolerate):
        raise DatabaseTalks(refused)
    for what, told in found:
        log.warning("tolerated by ANSHOU_DATABASE_TOLERATE=%s: %s", what, told)


@asynccontextmanager
async def unchecked_database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a database that answers, whatever its log shows: for what tells how to change that."""
    if not settings.embedded_database:
        yield settings.database_url
        return
    cluster = cluster_of(settings)
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE_SECONDS
    async with AsyncExitStack() as held:
        while True:
            try:
                held.enter_context(owned(settings.data_dir, "command"))
            except DataDirectoryInUse:
                # The owner may still be starting; one that is a command stops it again, so only a run's is shared.
                if _purpose(settings.data_dir) == "run" and await cluster.answers():
                    break
                if clock() > until:
                    raise
                await asyncio.sleep(0.2)
            else:
                await held.enter_async_context(cluster.running())
                break
        yield cluster.url


@asynccontextmanager
async def with_database(settings: Settings) -> AsyncIterator[Settings]:
    """The same settings with the URL of a database that answers; what a command does its work with."""
    async with database(settings) as url:
        yield replace(settings, database_url=url)


@contextmanager
def owned(data_dir: Path, purpose: Purpose) -> Iterator[None]:
    """Own the data directory: one process at a time, until the block or the process ends.

    Raises DataDirectoryInUse.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    # Held by the open file, so it goes when we do, even by SIGKILL.
    with _lock_file(data_dir).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            told = " ".join(file.read().split()) or "unknown"
            raise DataDirectoryInUse(f"{data_dir} is in use by another anshou ({told})") from None
        file.truncate(0)
        file.write(f"{purpose} process {os.getpid()}\n")
        file.flush()
        yield


def _purpose(data_dir: Path) -> str:
    return _lock_file(data_dir).read_text("utf-8").partition(" ")[0]


def _lock_file(data_dir: Path) -> Path:
    return data_dir / "owner"
