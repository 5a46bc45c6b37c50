"""The worker's own line to `control`: one connection, opened anew when it breaks, that also hears of new jobs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.failures import LOST

log = logging.getLogger(__name__)

# What `control.enqueue` notifies. A hint that saves waiting for the next look, never the only way to learn of a job.
CHANNEL = "anshou_job"

# Seconds after which a statement counts as lost, and the connection with it.
_PATIENCE = 15

_SESSION = {
    # What is written here can all be done again: a mark lost in a crash of the server publishes twice, at worst.
    "synchronous_commit": "off",
    "lock_timeout": "5s",
    # A relay that was stopped in mid-transaction must not keep its rows from the others.
    "idle_in_transaction_session_timeout": "60s",
}


class LineBroken(Exception):
    """Raised when there is no connection to the database, or none any more. Whatever was under way is rolled back."""


class ControlLine:
    """A connection of the control login. Belongs to one task."""

    def __init__(self, address: DatabaseAddress, credentials: Credentials, *, heard: Callable[[], None]) -> None:
        role = credentials.control_role(address.database)
        self._arguments = address.login(role, credentials.password(role))
        self._heard = heard
        self._connection: asyncpg.Connection | None = None

    @asynccontextmanager
    async def use(self) -> AsyncIterator[asyncpg.Connection]:
        """The connection for one round of work. Raises LineBroken; the next use begins with a new connection."""
        try:
            if self._connection is None:
                self._connection = await self._open()
            yield self._connection
        except LOST as error:
            self._drop()
            raise LineBroken(type(error).__name__) from None
        except asyncio.CancelledError:
            # In the middle of a statement, perhaps: the connection cannot be used for another one.
            self._drop()
            raise

    async def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close(timeout=1)

    async def _open(self) -> asyncpg.Connection:
        settings: dict[str, str] = {**self._arguments.get("server_settings", {}), **_SESSION}
        connection = await asyncpg.connect(
            **{**self._arguments, "server_settings": settings, "command_timeout": _PATIENCE}
        )
        try:
            await connection.add_listener(CHANNEL, self._on_notification)
        except BaseException:
            connection.terminate()
            raise
        log.info("connected to the control schema")
        return connection

    def _on_notification(self, *_: Any) -> None:
        self._heard()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
