"""The server that everything is measured on: the embedded PostgreSQL, durable, with as many tenants as asked for."""

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from anshou.house.cluster import Cluster
from confidentiality.keys.memory_kms import MemoryKms
from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.addresses import DatabaseAddress
from tenants.control_schema import migrate_control
from tenants.credentials import Credentials
from tenants.provisioning import create_tenant
from tenants.registry import Tenant

WORKERS = 4


@dataclass(frozen=True, slots=True)
class Ground:
    """A running server, the owner's way in, and its tenants."""

    cluster: Cluster
    address: DatabaseAddress
    credentials: Credentials
    tenants: tuple[Tenant, ...]
    setting_up_seconds: float
    say: Callable[[str], None]
    vault: Vault

    @property
    def carry(self) -> dict[str, object]:
        """What the sessions of a process carry."""
        return {CARRIED_AS: self.vault}

    @property
    def url(self) -> str:
        """The owner's URL."""
        return self.cluster.url

    async def superuser(self) -> asyncpg.Connection:
        """A connection that no policy binds: the bare reference."""
        return await asyncpg.connect(self.cluster.url_of("anshou"))


@asynccontextmanager
async def ground(tenants: int, say: Callable[[str], None]) -> AsyncIterator[Ground]:
    """Set up a server with so many tenants, as long as the block runs; a few minutes for 1,000.

    `ANSHOU_BENCH_DIR` names the directory for it, where the usual one for temporary files is too small or in memory.
    """
    with tempfile.TemporaryDirectory(prefix="anshou-bench-", dir=os.environ.get("ANSHOU_BENCH_DIR")) as directory:
        cluster = Cluster(Path(directory) / "postgres", max_connections=300)
        async with cluster.running():
            address = DatabaseAddress.at(cluster.url)
            credentials = Credentials(secrets.token_bytes(32))
            began = time.monotonic()
            owner = await address.connect()
            await migrate_control(owner, address, credentials)
            await owner.close()
            made = await _provision(address, credentials, tenants, say)
            vault = Vault(MemoryKms(), clock=lambda: datetime.now(UTC))
            yield Ground(cluster, address, credentials, made, time.monotonic() - began, say, vault)


async def _provision(
    address: DatabaseAddress, credentials: Credentials, tenants: int, say: Callable[[str], None]
) -> tuple[Tenant, ...]:
    numbers = iter(range(tenants))
    made: list[Tenant] = []

    async def work() -> None:
        owner = await address.connect()
        try:
            for number in numbers:
                code = f"bench{number:04}"
                made.append(await create_tenant(owner, credentials, code=code, name=code, at=datetime.now(UTC)))
                if len(made) % 100 == 0:
                    say(f"  {len(made)} of {tenants} tenants")
        finally:
            await owner.close()

    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return tuple(sorted(made, key=lambda tenant: tenant.code))
