"""A visit by API key: who the key stands for, and the one transaction of the request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection, Request
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from anshou.api import idempotency
from anshou.api.errors import KeyRefused, KeyRequired
from anshou.api.rates import Rates
from anshou.gate.callers import CALLER, Asked, origin_of
from anshou.gate.kept_answers import Claim
from anshou.gate.keys import KeyCaller, identify_by_key
from anshou.gate.visits import Clock, Visit
from anshou.people.door import Door as Entrance
from anshou.people.passwords import Passwords
from anshou.settings import Settings
from confidentiality.local_key import LocalKey
from tenants.context import DOOR
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the routes need of the process. `secret` is the root secret."""

    tenants: Tenants
    storage: ObjectStorage
    settings: Settings
    secret: bytes
    clock: Clock
    rates: Rates
    passwords: Passwords = field(default_factory=Passwords)

    def sealing(self, tenant: Tenant) -> LocalKey:
        """An agency's key for small secrets."""
        return LocalKey(self.secret, tenant.id)

    def entrance(self, tenant: Tenant) -> Entrance:
        """An agency's door as people sign in at it."""
        return Entrance(
            open=lambda: self.tenants.session(tenant, DOOR), key=self.sealing(tenant), passwords=self.passwords
        )


@dataclass(frozen=True, slots=True)
class ApiVisit(Visit):
    """A visit by API key, and what the process lends it."""

    door: Door

    @property
    def sealing(self) -> LocalKey:
        """The agency's key for small secrets."""
        return self.door.sealing(self.tenant)


Visiting: TypeAlias = NamedDependency[ApiVisit]


async def authenticate(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """The guard of every route: find out who asks, before anything of the request is read.

    Raises KeyRequired, KeyRefused or TooManyRequests.
    """
    door: Door = connection.app.state.door
    scheme, _blank, key = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise KeyRequired
    origin = origin_of(Request(connection.scope))
    caller = await identify_by_key(door.tenants, key.strip(), origin=origin, at=door.clock())
    if caller is None:
        raise KeyRefused
    door.rates.count(str(caller.person.id))
    connection.scope["state"][CALLER] = caller


async def visit(request: Asked) -> AsyncIterator[ApiVisit]:
    """The visit of a route that takes no Idempotency-Key. Its transaction commits before the answer is sent."""
    async with _entered(request) as made:
        yield made


async def asking_visit(request: Asked, asked: NamedDependency[Any]) -> AsyncIterator[ApiVisit]:
    """The visit of a route with query parameters: it begins once they are read.

    The framework resolves independent dependencies side by side, and a parameter refused while the transaction is
    being opened would leave it half open.
    """
    async with _entered(request) as made:
        yield made


async def kept_visit(
    request: Asked, given_key: NamedDependency[str], fingerprint: NamedDependency[bytes]
) -> AsyncIterator[ApiVisit]:
    """The visit of a POST."""
    async with claimed_visit(request, claim_of(request, given_key, fingerprint)) as made:
        yield made


@asynccontextmanager
async def claimed_visit(request: Asked, claim: Claim) -> AsyncIterator[ApiVisit]:
    """A visit that begins by claiming the request's Idempotency-Key. Raises what `idempotency.begin` raises."""
    async with _entered(request) as made:
        await idempotency.begin(request, made.session, made.sealing, claim)
        yield made


def caller_by_key(request: Asked) -> KeyCaller:
    """Who asks, as `authenticate` found out."""
    caller: KeyCaller = request.scope["state"][CALLER]
    return caller


def door_of(request: Asked) -> Door:
    """What the process lends the routes."""
    door: Door = request.app.state.door
    return door


def claim_of(request: Asked, given_key: str, fingerprint: bytes) -> Claim:
    """What the request claims for itself."""
    caller = caller_by_key(request)
    return Claim(caller.person.id, given_key, fingerprint, caller.at)


@asynccontextmanager
async def _entered(request: Asked) -> AsyncIterator[ApiVisit]:
    caller, door = caller_by_key(request), door_of(request)
    async with door.tenants.session(caller.tenant, caller.person.context()) as session:
        yield ApiVisit(caller, session, door)
