"""A connection of a tenant's login, and its transactions.

One SQLAlchemy engine serves all tenants, so that they share its cache of compiled statements; which login a new
connection gets is decided as it is opened. Transactions are begun and ended on the driver's connection: BEGIN and the
context then travel in one message, where SQLAlchemy would need a round trip more for each.
"""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from tenants.addresses import DatabaseAddress
from tenants.credentials import Credentials
from tenants.errors import DatabaseUnavailable, TransactionLost
from tenants.failures import LOST, make_discreet
from tenants.registry import Tenant
from tenants.signing import SETTING

_ROLLBACK_TIMEOUT_SECONDS = 5


@dataclass(slots=True)
class TenantConnection:
    """One open connection; `connection` is SQLAlchemy's, in autocommit, so it never ends a transaction itself."""

    role: str
    connection: AsyncConnection
    driver: asyncpg.Connection
    backend_pid: int

    async def begin(self, token: str, *, read_only: bool) -> None:
        """Start a transaction in a signed context. The token has no character that SQL would have to escape."""
        begin = "BEGIN READ ONLY" if read_only else "BEGIN"
        await self.driver.execute(f"{begin}; SET LOCAL {SETTING} = '{token}'")

    async def enter(self, token: str, *, read_only: bool) -> None:
        """Change the context of the running transaction."""
        restriction = "; SET TRANSACTION READ ONLY" if read_only else ""
        await self.driver.execute(f"SET LOCAL {SETTING} = '{token}'{restriction}")

    async def commit(self) -> None:
        """Raises TransactionLost if the transaction had failed, DatabaseUnavailable if the connection broke."""
        try:
            status = await self.driver.execute("COMMIT")
        except LOST as error:
            raise DatabaseUnavailable("the connection broke during COMMIT", outcome_unknown=True) from error
        if status != "COMMIT":
            raise TransactionLost("an error inside the transaction was caught without a savepoint")

    async def rollback(self) -> bool:
        """Roll back if need be; False if the connection is no longer certain to be in order."""
        if self.connection.invalidated or self.driver.is_closed():
            return False
        try:
            if self.driver.is_in_transaction():
                await asyncio.wait_for(self.driver.execute("ROLLBACK"), _ROLLBACK_TIMEOUT_SECONDS)
        except Exception:
            # Whatever went wrong, the server rolls back when the connection is closed.
            return False
        return not self.driver.is_in_transaction()

    async def close(self) -> None:
        """Close; an open transaction is cut off and rolled back by the server."""
        if self.driver.is_in_transaction():
            self.driver.terminate()
        if self.driver.is_closed():
            await self.connection.invalidate()
        await self.connection.close()


class TenantConnections:
    """Opens connections as tenants' logins."""

    def __init__(self, address: DatabaseAddress, credentials: Credentials) -> None:
        self._address = address
        self._credentials = credentials
        self._login: ContextVar[dict[str, Any]] = ContextVar("login")
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            # A ticket's timeline has some hundred structured values; this takes a third of the time for each.
            json_deserializer=msgspec.json.decode,
        )
        event.listen(self._engine.sync_engine, "do_connect", self._as_login)
        event.listen(self._engine.sync_engine, "handle_error", make_discreet)

    async def open(self, tenant: Tenant) -> TenantConnection:
        """A new connection as this tenant's login; raises what the driver raises."""
        password = self._credentials.password(tenant.role, tenant.password_epoch)
        self._login.set(self._address.login(tenant.role, password))
        connection = await self._engine.connect()
        driver: asyncpg.Connection = (await connection.get_raw_connection()).driver_connection
        return TenantConnection(tenant.role, connection, driver, driver.get_server_pid())

    async def close(self) -> None:
        await self._engine.dispose()

    def _as_login(self, dialect: Any, record: Any, positional: list[Any], arguments: dict[str, Any]) -> None:
        arguments.update(self._login.get())
