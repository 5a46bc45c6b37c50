"""A visit: one request of somebody signed in, and the one transaction in which it happens.

litestar runs a dependency's end after the handler has made its answer and before the answer is sent, so a visit is
committed when the browser hears of it, and what fails at the end reaches the browser as an error. An error that leaves
the handler is thrown into the dependency and rolls the transaction back. It must be the request's only dependency with
an end: litestar would end several at the same time in other tasks, and would leave one open whose sibling failed.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.gate import cookies
from anshou.gate.callers import CALLER, Asked, Caller, SignInNeeded, origin_of
from anshou.gate.cookies import Cookies
from anshou.gate.forgery import FormTokens
from anshou.people.door import Door
from anshou.people.passwords import Passwords
from anshou.people.person import Person
from anshou.people.web_sessions import SessionLimits, find_signed_in
from confidentiality.audit.checkpoints import CheckpointKey, VerifyingKey
from confidentiality.local_key import LocalKey
from tenants.context import DOOR
from tenants.registry import Tenant
from tenants.sessions import Tenants

# The instant of a request, in UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and the session in which everything of this request happens."""

    caller: Caller
    session: AsyncSession

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.caller.person

    @property
    def tenant(self) -> Tenant:
        """Of which agency."""
        return self.caller.tenant

    @property
    def at(self) -> datetime:
        """When, in UTC."""
        return self.caller.at


class Gate:
    """Lets requests in. One per process; hangs on the application's state."""

    def __init__(self, tenants: Tenants, *, secret: bytes, cookies: Cookies, tokens: FormTokens, clock: Clock) -> None:
        self.tenants = tenants
        self.cookies = cookies
        self.tokens = tokens
        self.passwords = Passwords()
        self.limits = SessionLimits()
        self.now = clock
        self._secret = secret

    def door(self, tenant: Tenant) -> Door:
        """The door of an agency, for what happens before somebody is signed in or to their own sign-in."""
        return Door(
            open=lambda: self.tenants.session(tenant, DOOR),
            key=LocalKey(self._secret, tenant.id),
            passwords=self.passwords,
            limits=self.limits,
        )

    def verifying_key(self, tenant: Tenant) -> VerifyingKey:
        """What the checkpoints of an agency's audit record are verified with."""
        return CheckpointKey(self._secret, tenant.id).verifying

    async def identify(self, request: Asked) -> Caller:
        """Who is signed in, in a transaction of its own. Raises SignInNeeded.

        For pages about the person's own sign-in: those open transactions at the door, which would wait for ever for
        one that the same request holds.
        """
        tenant, token = await self._presented(request)
        async with self.tenants.session(tenant, DOOR) as session:
            return await self._caller(request, session, tenant, token)

    async def identify_if_signed_in(self, request: Asked) -> Caller | None:
        """Who is signed in, or None."""
        try:
            return await self.identify(request)
        except SignInNeeded:
            return None

    @asynccontextmanager
    async def visit(self, request: Asked) -> AsyncIterator[Visit]:
        """One transaction for somebody signed in: it begins at the door and goes on in the person's own context.

        Raises SignInNeeded.
        """
        tenant, token = await self._presented(request)
        async with self.tenants.session(tenant, DOOR) as session:
            caller = await self._caller(request, session, tenant, token)
            await self.tenants.switch(session, caller.person.context())
            yield Visit(caller, session)

    @asynccontextmanager
    async def enter(self, caller: Caller) -> AsyncIterator[Visit]:
        """The transaction of a caller who was identified before, e.g. to prove who they are."""
        async with self.tenants.session(caller.tenant, caller.person.context()) as session:
            yield Visit(caller, session)

    def beginning(self, caller: Caller) -> Callable[[], AbstractAsyncContextManager[AsyncSession]]:
        """Begins a transaction of its own in the caller's context: for verbs that commit before they go on."""
        return lambda: self.tenants.session(caller.tenant, caller.person.context())

    async def _presented(self, request: Asked) -> tuple[Tenant, str]:
        """The agency and the token that the session cookie names."""
        code, _, token = request.cookies.get(self.cookies.name(cookies.SESSION), "").partition(".")
        tenant = await self.tenants.find(code) if code and token else None
        if tenant is None:
            raise SignInNeeded
        return tenant, token

    async def _caller(self, request: Asked, session: AsyncSession, tenant: Tenant, token: str) -> Caller:
        at = self.now()
        signed_in = await find_signed_in(session, token, limits=self.limits, at=at)
        if signed_in is None:
            raise SignInNeeded
        caller = Caller(tenant=tenant, person=signed_in.person, origin=origin_of(request), at=at, signed_in=signed_in)
        request.scope["state"][CALLER] = caller
        return caller


def gate_of(request: Asked) -> Gate:
    """The gate of the application that serves this request."""
    gate: Gate = request.app.state.gate
    return gate


async def provide_visit(request: Asked) -> AsyncIterator[Visit]:
    """The dependency `visit`: checks that our own page asks, opens the transaction, commits it after the handler."""
    gate = gate_of(request)
    await gate.tokens.check(request, in_a_session=True)
    async with gate.visit(request) as visit:
        yield visit


async def provide_caller(request: Asked) -> Caller:
    """The dependency `caller`: who is signed in, without a transaction."""
    gate = gate_of(request)
    await gate.tokens.check(request, in_a_session=True)
    return await gate.identify(request)


def cookie_value(tenant: Tenant, token: str) -> str:
    """What the session cookie holds."""
    return f"{tenant.code}.{token}"
