"""The session of a tenant: one transaction as the tenant's own login, in a signed context.

Nothing of a tenant is read or written without one. Only the edge that opened it ends it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tenants.addresses import DatabaseAddress
from tenants.connections import TenantConnection, TenantConnections
from tenants.context import Context
from tenants.credentials import Credentials
from tenants.errors import DatabaseUnavailable, TenantNotFound
from tenants.failures import LOST, make_discreet, translated
from tenants.listening import control_login
from tenants.pool import Pool, PoolLimits
from tenants.registry import Tenant, TenantState, find_tenant, find_tenant_by_id
from tenants.signing import Signer

_REMEMBER_SECONDS = 5.0

# Connections for what must be done beside an open transaction. Whoever holds one never waits for a second one.
_ASIDE = PoolLimits(per_tenant=1, total=8)
_CONTROL_WAIT_SECONDS = 15
_BEFORE_COMMIT = "before_commit"

BeforeCommit = Callable[[AsyncSession], Awaitable[None]]


_always: list[BeforeCommit] = []


def always_before_commit(hook: BeforeCommit) -> None:
    """Have every edge of this process call `hook`, as `before_commit` does for one session."""
    if hook not in _always:
        _always.append(hook)


def before_commit(session: AsyncSession | Session, hook: BeforeCommit) -> None:
    """Have the edge call `hook` once, after the last flush and before this transaction commits or changes context.

    Asking again for the same hook changes nothing until it has been called.
    """
    hooks: list[BeforeCommit] = session.info.setdefault(_BEFORE_COMMIT, [])
    if hook not in hooks:
        hooks.append(hook)


class EdgeSession(Session):
    """A session that only its edge can end: the transaction lives on the connection beneath it."""

    def commit(self) -> NoReturn:
        raise RuntimeError("only the edge that opened this session commits it")

    def rollback(self) -> NoReturn:
        raise RuntimeError("raise an error to roll back, or use begin_nested() for a part")


class Tenants:
    """One per process: the registry, and sessions for the tenants in it.

    Needs no rights of the database's owner: the registry is read by the `control` login, everything else happens as
    the tenant's login. Belongs to the event loop that uses it first.
    """

    def __init__(
        self,
        database_url: str,
        *,
        secret: bytes,
        pool: PoolLimits | None = None,
        carry: Mapping[str, object] | None = None,
    ) -> None:
        """`carry` is what every session brings along in its `info`: what belongs to the process, such as its vault."""
        address = DatabaseAddress.at(database_url)
        credentials = Credentials(secret)
        self._pool: Pool[TenantConnection] = Pool(pool or PoolLimits())
        self._aside: Pool[TenantConnection] = Pool(_ASIDE)
        self._connections = TenantConnections(address, credentials)
        self._carry = dict(carry or {})
        self._signer = Signer(credentials)
        self._control = _control_engine(address, credentials)
        self._remembered: dict[str | UUID, tuple[Tenant | None, float]] = {}
        self.control_login = control_login(address, credentials)
        """What a `tenants.listening.Listener` signs in with."""

    async def find(self, code: str) -> Tenant | None:
        """The tenant with this code, or None. Remembered for five seconds, as is its state."""
        return await self._recall(code)

    async def by_id(self, tenant_id: UUID) -> Tenant:
        """The tenant with this id. Raises TenantNotFound."""
        found = await self._recall(tenant_id)
        if found is None:
            raise TenantNotFound
        return found

    def forget(self, tenant: Tenant) -> None:
        """Look the tenant up anew next time, because its state has just changed."""
        self._remembered.pop(tenant.id, None)
        self._remembered.pop(tenant.code, None)

    @asynccontextmanager
    async def session(self, tenant: Tenant, context: Context) -> AsyncIterator[AsyncSession]:
        """One transaction as the tenant, in this context: committed at the end, rolled back when an error leaves it.

        A suspended tenant's transactions are read only, except in the `door` scope; a write raises TenantSuspended.
        Raises DatabaseUnavailable when there is no connection or it broke, and TransactionLost when an error of the
        database was swallowed inside.
        """
        async with self._transaction(self._pool, tenant, context) as session:
            yield session

    @asynccontextmanager
    async def aside(self, tenant: Tenant, context: Context) -> AsyncIterator[AsyncSession]:
        """A short transaction of its own beside one that is open already: it commits whatever becomes of the other.

        It has connections to itself, because a task that waited for a second one of the same few could wait for ever.
        Nothing may be opened inside.
        """
        async with self._transaction(self._aside, tenant, context) as session:
            yield session

    async def switch(self, session: AsyncSession, context: Context) -> None:
        """Go on in another context within the same transaction, e.g. from `door` to the person who signed in.

        Forgets the objects loaded so far, since the new context might not see them.
        """
        await _round_off(session)
        session.expunge_all()
        session.info["context"] = context
        tenant: Tenant = session.info["tenant"]
        connection: TenantConnection = session.info["connection"]
        await connection.enter(self._token(connection, context), read_only=_reads_only(tenant, context))

    @asynccontextmanager
    async def control(self) -> AsyncIterator[AsyncConnection]:
        """One transaction of the `control` login, for the registry and for the worker's relay."""
        try:
            async with AsyncExitStack() as transaction:
                try:
                    connection = await transaction.enter_async_context(self._control.begin())
                except (*LOST, PoolTimeout) as error:
                    # Only here: inside the block they may be somebody else's, the broker's for instance.
                    raise DatabaseUnavailable("the database cannot be reached") from error
                yield connection
        except DBAPIError as error:
            raise translated(error) or error from None

    async def close(self) -> None:
        """Close all connections that are not lent."""
        await self._pool.close()
        await self._aside.close()
        await self._connections.close()
        await self._control.dispose()

    @asynccontextmanager
    async def _transaction(
        self, pool: Pool[TenantConnection], tenant: Tenant, context: Context
    ) -> AsyncIterator[AsyncSession]:
        connection = await self._begin(pool, tenant, context)
        session = AsyncSession(
            connection.connection,
            sync_session_class=EdgeSession,
            expire_on_commit=False,
            info={
                **self._carry,
                "tenants": self,
                "tenant": tenant,
                "context": context,
                "connection": connection,
                "signer": self._signer,
            },
        )
        try:
            yield session
            await _round_off(session)
            await session.close()
            await connection.commit()
        except BaseException as error:
            await self._abandon(pool, connection, session)
            if isinstance(error, DBAPIError | StaleDataError) and (ours := translated(error)) is not None:
                raise ours from None
            raise
        pool.give_back(tenant.role, connection)

    async def _begin(self, pool: Pool[TenantConnection], tenant: Tenant, context: Context) -> TenantConnection:
        read_only = _reads_only(tenant, context)
        while True:
            try:
                connection, is_new = await pool.take(tenant.role, lambda: self._connections.open(tenant))
            except LOST as error:
                raise DatabaseUnavailable("the database cannot be reached") from error
            except DBAPIError as error:
                # Should the login have been renewed, the next try must not remember the old one.
                self.forget(tenant)
                raise translated(error) or error from None
            try:
                await connection.begin(self._token(connection, context), read_only=read_only)
                return connection
            except BaseException as error:
                await pool.discard(tenant.role, connection)
                if not isinstance(error, LOST):
                    raise
                if is_new:
                    raise DatabaseUnavailable("the database ended the connection") from error
                # An idle connection died, e.g. with its server: nothing was done on it, so another one may serve.

    async def _abandon(self, pool: Pool[TenantConnection], connection: TenantConnection, session: AsyncSession) -> None:
        """Roll back and keep the connection if it is certainly in order, else close it."""
        await session.close()
        if await connection.rollback():
            pool.give_back(connection.role, connection)
        else:
            await pool.discard(connection.role, connection)

    def _token(self, connection: TenantConnection, context: Context) -> str:
        return self._signer.token(
            context, role=connection.role, backend_pid=connection.backend_pid, at=datetime.now(UTC)
        )

    async def _recall(self, key: str | UUID) -> Tenant | None:
        remembered = self._remembered.get(key)
        if remembered is not None and remembered[1] > monotonic():
            return remembered[0]
        async with self.control() as control:
            if isinstance(key, UUID):
                found = await find_tenant_by_id(control, key)
            else:
                found = await find_tenant(control, code=key)
        if len(self._remembered) > 10_000:
            # Codes come from the sign-in page: guesses must not fill the memory.
            self._remembered.clear()
        self._remembered[key] = (found, monotonic() + _REMEMBER_SECONDS)
        return found


async def _round_off(session: AsyncSession) -> None:
    await _written(session)
    for hook in _always:
        await hook(session)
    while hooks := session.info.pop(_BEFORE_COMMIT, None):
        for hook in hooks:
            await hook(session)
        await _written(session)


async def _written(session: AsyncSession) -> None:
    """Flush if there is something to flush: to find out that there is nothing takes a flush twenty microseconds."""
    pending = session.sync_session
    if pending.new or pending.deleted or pending.dirty:
        await session.flush()


def _reads_only(tenant: Tenant, context: Context) -> bool:
    # Signing in writes, and a suspended tenant's people must be able to sign in to read why.
    return tenant.state is TenantState.SUSPENDED and context.scope != "door"


def _control_engine(address: DatabaseAddress, credentials: Credentials) -> AsyncEngine:
    role = credentials.control_role(address.database)
    arguments: dict[str, Any] = address.login(role, credentials.password(role))
    engine = create_async_engine(
        "postgresql+asyncpg://",
        connect_args=arguments,
        pool_size=2,
        max_overflow=4,
        pool_timeout=_CONTROL_WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "handle_error", make_discreet)
    return engine
