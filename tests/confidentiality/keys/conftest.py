"""A database with the trial tables, and processes that share its store of keys: each with a vault of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import insert

from anshou.people.accounts import Account, Locale, Side
from confidentiality.audit.actors import Actor
from confidentiality.keys.news import KeyNews
from confidentiality.keys.vault import CARRIED_AS, Vault, open_keys
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.sealing.trial import DDL, Buyer
from tests.database import Database, new_database

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Process:
    """What one process of the product has."""

    tenants: Tenants
    vault: Vault
    tenant: Tenant


StartProcess = Callable[..., Awaitable[Process]]


@pytest.fixture(scope="module")
async def trial(server: str) -> AsyncIterator[tuple[Database, Tenant]]:
    """A tenant with the trial tables, which its login may read and write."""
    async with new_database(server) as database:
        tenant = await database.create_tenant("anhe", "安和电商代运营")
        superuser = await database.connect_as_superuser()
        await superuser.execute(f'SET search_path = "{tenant.schema}"; {DDL}')
        await superuser.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON trial_buyer, trial_note TO "{tenant.role}"')
        await superuser.close()
        yield database, tenant


@pytest.fixture
async def start(trial: tuple[Database, Tenant]) -> AsyncIterator[StartProcess]:
    """Start a process: `await start()`, or `await start(listening=True)` to hear the others' news."""
    database, tenant = trial
    async with AsyncExitStack() as stopping:

        async def start_one(*, listening: bool = False, hold: float = 60.0) -> Process:
            vault = Vault(database.open_vault().kms, clock=lambda: NOW, hold=hold)
            tenants = Tenants(database.url, secret=database.secret, carry={CARRIED_AS: vault})
            stopping.push_async_callback(tenants.close)
            if listening:
                news = KeyNews(database.url, database.secret, vault)
                await news.start()
                stopping.push_async_callback(news.stop)
                await news.connected.wait()
            return Process(tenants, vault, tenant)

        yield start_one


@pytest.fixture
async def people(trial: tuple[Database, Tenant]) -> list[Actor]:
    """Three people of the agency."""
    _, tenant = trial
    made = [Actor(new_id(), name, "agency") for name in ("周敏", "郑岚", "何川")]
    process = Tenants(trial[0].url, secret=trial[0].secret)
    async with process.session(tenant, AGENCY) as session:
        for one in made:
            row = {"id": one.id, "side": Side.STAFF, "name": one.name, "title": "", "locale": Locale.CHINESE}
            await session.execute(insert(Account).values(**row, created_at=NOW))
    await process.close()
    return made


async def add_buyers(process: Process, merchant: UUID, count: int, *, phone: str = "13812340000") -> list[UUID]:
    """So many buyers of the merchant, sealed; their ids."""
    async with process.tenants.session(process.tenant, AGENCY) as session:
        ring = await open_keys(session, merchant)
        rows = [
            {"id": new_id(), "merchant_id": merchant, "phone": str(int(phone) + number), "name": f"买家{number}"}
            for number in range(count)
        ]
        await session.execute(insert(Buyer), ring.seal_rows(Buyer, rows))
    return [row["id"] for row in rows]  # type: ignore[misc]
