"""One process's ear for notifications of the database, on a connection of its own that is opened anew when it breaks.

A notification leaves with the commit and arrives within moments, but what was told while the connection was down is
not told again: so whoever listens learns each time that listening has begun `anew`, and asks for itself what it missed.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import asyncpg

from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.failures import LOST

log = logging.getLogger(__name__)

# Seconds between two questions whether the connection is still there, and for the answer.
_PULSE = 15.0
_PATIENCE = 10.0

# Seconds before a connection that broke is opened anew.
_PAUSE = 1.0


def control_login(address: DatabaseAddress, credentials: Credentials) -> dict[str, Any]:
    """How asyncpg signs in as the control login."""
    role = credentials.control_role(address.database)
    return address.login(role, credentials.password(role))


class Listener:
    """Listens to one channel, by a login as `control_login` gives it.

    `heard` gets each payload, `anew` is called whenever listening begins, `lost` when it ends unasked.
    """

    def __init__(
        self,
        login: Mapping[str, Any],
        channel: str,
        *,
        heard: Callable[[str], None],
        anew: Callable[[], None],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._arguments = {**login, "command_timeout": _PATIENCE}
        self._channel = channel
        self._heard, self._anew, self._lost = heard, anew, lost
        self._listening: asyncio.Task[None] | None = None
        self.connected = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen; goes on until `stop`."""
        self._listening = asyncio.get_running_loop().create_task(self._listen(), name=f"listening to {self._channel}")

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
                log.warning("nothing of %s is heard without a connection: %s", self._channel, type(error).__name__)
            if self.connected.is_set():
                self.connected.clear()
                self._lost()
            await asyncio.sleep(_PAUSE)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(**self._arguments)
        try:
            await connection.add_listener(self._channel, self._on_notification)
            self._anew()
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

    def _on_notification(self, connection: object, pid: int, channel: str, payload: str) -> None:
        self._heard(payload)
