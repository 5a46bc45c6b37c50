"""What an actor is: a name that never changes, the ids it is given, and one transaction for its effect."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import SYSTEM
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.worker.mail import Mail
from tenants.jobs import LeasedJob, finish_job
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage

Payload = TypeVar("Payload", bound=msgspec.Struct)


class Nothing(msgspec.Struct, frozen=True):
    """The payload of what recurs: the tenant is all it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What actors reach beyond the database. `secret` is the root secret, `erasures` the list of what was erased."""

    mail: Mail
    mail_from: str
    base_url: str
    secret: bytes = field(repr=False)
    storage: ObjectStorage
    erasures: ErasureList
    webhooks_to_private: bool = False
    robot_hosts: tuple[str, ...] = ()
    mailbox_hosts: tuple[str, ...] = ()
    upload_limit: int = 25 * 1024 * 1024
    checkpoints_to: tuple[str, ...] = ()


@dataclass(slots=True)
class Work:
    """One attempt at one job."""

    tenant: Tenant
    job: LeasedJob
    at: datetime
    outside: Outside
    tenants: Tenants = field(repr=False)
    finished: bool = False

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[AsyncSession]:
        """The transaction of the effect. It commits together with `done`, or not at all.

        Raises the driver's serialization failure at its end if a later attempt has taken the job over.
        """
        async with self.tenants.session(self.tenant, SYSTEM.context()) as session:
            yield session
            await finish_job(session, self.job)
        self.finished = True

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncSession]:
        """A transaction before the effect, for what must be known or recorded before something leaves the house."""
        async with self.tenants.session(self.tenant, SYSTEM.context()) as session:
            yield session


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Generic[Payload]):
    """How the jobs of one name are worked off."""

    name: str
    payload: type[Payload]
    run: Callable[[Work, Payload], Awaitable[None]]
    attempts: int
    time_limit: timedelta

    async def __call__(self, work: Work) -> None:
        """Carry the job out. Raises whatever goes wrong, and RuntimeError if the actor forgot to finish."""
        await self.run(work, msgspec.convert(work.job.payload, self.payload))
        if not work.finished:
            raise RuntimeError(f"the actor {self.name} returned without finishing its job")


def actor(
    name: str, payload: type[Payload], *, attempts: int = 12, time_limit: timedelta = timedelta(seconds=20)
) -> Callable[[Callable[[Work, Payload], Awaitable[None]]], Actor[Payload]]:
    """Make the function the actor `name`, which is given the job's payload in this shape.

    Rows in the database carry the name and the payload, so the name stays and new fields of the payload have defaults.
    After `attempts` failures the job is a dead letter. `time_limit` bounds one attempt.
    """

    def declare(run: Callable[[Work, Payload], Awaitable[None]]) -> Actor[Payload]:
        return Actor(name=name, payload=payload, run=run, attempts=attempts, time_limit=time_limit)

    return declare


AnyActor = Actor[Any]
