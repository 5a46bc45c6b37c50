"""News of keys, from the transaction that changes them to every process that holds them in memory.

PostgreSQL's NOTIFY brings them within moments of the commit. It may be missed while a connection is down: so a process
forgets everything whenever it listens anew, and keys are kept for a minute at most in any case.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.keys.vault import Vault
from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.failures import LOST

log = logging.getLogger(__name__)

CHANNEL = "anshou_keys"

# Seconds between two questions whether the connection is still there, and for the answer.
_PULSE = 15.0
_PATIENCE = 10.0

# Seconds before a connection that broke is opened anew.
_PAUSE = 1.0

_CHANGED, _DESTROYED = "changed", "destroyed"


async def tell_changed(session: AsyncSession, owner: UUID) -> None:
    """With this transaction's commit, have every process read the owner's keys anew."""
    await _tell(session, owner, _CHANGED)


async def tell_destroyed(session: AsyncSession, owner: UUID) -> None:
    """With this transaction's commit, have every process refuse what it still holds open of the owner."""
    await _tell(session, owner, _DESTROYED)


async def _tell(session: AsyncSession, owner: UUID, what: str) -> None:
    # Ids only. Any login of the database could send this: all that it can bring about is that keys are read anew.
    news = f"{session.info['tenant'].id}:{owner}:{what}"
    await session.execute(select(func.pg_notify(CHANNEL, news)))


class KeyNews:
    """Listens for one process, on a connection of its own that is opened anew whenever it breaks."""

    def __init__(self, database_url: str, secret: bytes, vault: Vault) -> None:
        address, credentials = DatabaseAddress.at(database_url), Credentials(secret)
        role = credentials.control_role(address.database)
        self._arguments: dict[str, Any] = address.login(role, credentials.password(role))
        self._vault = vault
        self._listening: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen; goes on until `stop`."""
        self._listening = asyncio.get_running_loop().create_task(self._listen(), name="keys.news")

    async def stop(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except (*LOST, asyncpg.PostgresError) as error:
                log.warning("no news of keys while there is no connection: %s", type(error).__name__)
            self.connected.clear()
            await asyncio.sleep(_PAUSE)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(**{**self._arguments, "command_timeout": _PATIENCE})
        try:
            await connection.add_listener(CHANNEL, self._heard)
            # What was told while nobody listened is not told again.
            self._vault.forget_all()
            self.connected.set()
            broken = asyncio.Event()
            connection.add_termination_listener(lambda _: broken.set())
            while not broken.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(broken.wait(), _PULSE)
                if not broken.is_set():
                    await connection.execute("SELECT 1")
        finally:
            connection.terminate()

    def _heard(self, connection: object, pid: int, channel: str, news: str) -> None:
        try:
            tenant, owner, what = news.split(":")
            self._vault.forget(UUID(tenant), UUID(owner), destroyed=what == _DESTROYED)
        except ValueError:
            log.warning("news of keys that nobody understands")
