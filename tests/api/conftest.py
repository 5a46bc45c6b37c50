"""The JSON door over real HTTP semantics: two agencies with their people, each with a key of their own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.api.door import mount
from anshou.api.rates import Rates
from anshou.api.visits import Door
from anshou.people.api_keys import KeyRequest, make_key
from anshou.people.passwords import Passwords
from anshou.people.person import Person
from anshou.people.roles import Scope
from anshou.settings import read_settings
from confidentiality.keys.vault import Vault
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.cast import HASHER, NOW, Anhe, Boyuan, settle, settle_boyuan
from tests.database import Database, wipe

ALL_SCOPES = tuple(Scope)


class Clock:
    """The door's clock: it goes on by a second whenever it is read, and further when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time


@dataclass
class House:
    """Both agencies, the door before them, and everybody's key."""

    app: Litestar
    door: Door
    tenants: Tenants
    clock: Clock
    anhe: Anhe
    boyuan: Boyuan
    tenant: Tenant
    other_tenant: Tenant
    keys: dict[Any, str] = field(default_factory=dict)

    def client(self, person: Person | None, **headers: str) -> httpx.AsyncClient:
        """A client that asks as this person, or as nobody."""
        if person is not None:
            headers["authorization"] = f"Bearer {self.keys[person.id]}"
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://anshou.test/api/v1", headers=headers)


async def post(client: httpx.AsyncClient, path: str, json: Any = None, **headers: str) -> httpx.Response:
    """POST with an Idempotency-Key of its own, unless one is given."""
    sent = {"idempotency-key": uuid4().hex} | {name.replace("_", "-"): value for name, value in headers.items()}
    content = {} if json is None else {"json": json}
    return await client.post(path, headers=sent, **content)


@pytest.fixture(scope="module")
async def house(
    database: Database,
    tenants: Tenants,
    vault: Vault,
    tenant: Tenant,
    other_tenant: Tenant,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[House]:
    """Settled for the module's tests, which share it and leave what they make; emptied afterwards."""
    clock = Clock(NOW)
    at = clock()
    keys: dict[Any, str] = {}
    async with tenants.session(tenant, AGENCY) as session:
        anhe = await settle(session, at)
        for person in (*anhe.everybody.values(), anhe.other_owner):
            keys[person.id] = await key_of(session, person, by=anhe.admin, at=at)
    async with tenants.session(other_tenant, AGENCY) as session:
        boyuan = await settle_boyuan(session, at)
        for person in (boyuan.admin, boyuan.account_manager, boyuan.owner):
            keys[person.id] = await key_of(session, person, by=boyuan.admin, at=at)
    door = make_door(database, tenants, clock, tmp_path_factory.mktemp("objects"))
    app = Litestar([mount(door)], openapi_config=None, logging_config=None)
    yield House(app, door, tenants, clock, anhe, boyuan, tenant, other_tenant, keys)
    await wipe(database, tenant, other_tenant)
    vault.forget_all()


def make_door(database: Database, tenants: Tenants, clock: Clock, objects: Path) -> Door:
    """A door over the test's database that lets webhooks go to the loopback."""
    settings = read_settings({"ANSHOU_WEBHOOKS_TO_PRIVATE": "yes"})
    return Door(
        tenants=tenants,
        storage=open_storage(objects.as_uri()),
        settings=settings,
        secret=database.secret,
        clock=clock,
        rates=Rates(per_second=1_000_000, burst=1_000_000),
        passwords=Passwords(hasher=HASHER),
    )


async def key_of(
    session: AsyncSession, person: Person, *, by: Person, at: datetime, scopes: tuple[Scope, ...] = ALL_SCOPES
) -> str:
    """The text of a new key for the person."""
    wanted = KeyRequest(name=person.name, account_id=person.id, scopes=scopes, acting_for=person.merchant_id)
    _, text = await make_key(session, wanted, by=by, at=at)
    return text
