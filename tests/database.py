"""The PostgreSQL that tests run on: one server per run of pytest, one database per worker of it.

The database belongs to an owner who is no superuser, as a managed PostgreSQL would have it, and the server is prepared
as docs/ asks its administrator to. `ANSHOU_TEST_DATABASE_URL` names a server to use instead (as a superuser).
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from sqlalchemy.engine import URL, make_url

from anshou.house.cluster import Cluster
from confidentiality.audit.cells import record_every_cell
from confidentiality.keys.local_kms import LocalKms
from confidentiality.keys.root_key import Protector
from confidentiality.keys.vault import Vault
from tenants.addresses import DatabaseAddress
from tenants.chains import tenant_chain
from tenants.control_schema import migrate_control
from tenants.credentials import Credentials
from tenants.errors import SnapshotStale
from tenants.hardening import superusers_statements
from tenants.provisioning import create_tenant
from tenants.registry import Tenant
from tenants.snapshots import Snapshot, read_snapshot

GIVEN = "ANSHOU_TEST_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Database:
    """One database of the test server; `url` is its owner's, `superuser_url` the server administrator's."""

    url: str = field(repr=False)
    superuser_url: str = field(repr=False)
    secret: bytes = field(repr=False)
    keys: Path

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    def open_vault(self) -> Vault:
        """A vault as each process has one, over this database's store of keys; what is sealed is recorded."""
        record_every_cell()
        kms = LocalKms(self.keys / "store", Protector("secret", self.secret), destroyed=self.keys / "destroyed")
        return Vault(kms, clock=self.now)

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.secret)

    async def connect_as_owner(self) -> asyncpg.Connection:
        return await DatabaseAddress.at(self.url).connect()

    async def connect_as_superuser(self) -> asyncpg.Connection:
        return await DatabaseAddress.at(self.superuser_url).connect()

    async def connect_as(self, tenant: Tenant, *, password: str | None = None) -> asyncpg.Connection:
        """A bare connection of the tenant's login, such as injected SQL would have; no context is set."""
        given = password or self.credentials.password(tenant.role, tenant.password_epoch)
        return await asyncpg.connect(**DatabaseAddress.at(self.url).login(tenant.role, given))

    async def migrate_control(self) -> None:
        owner = await self.connect_as_owner()
        try:
            await migrate_control(owner, DatabaseAddress.at(self.url), self.credentials)
        finally:
            await owner.close()

    async def create_tenant(self, code: str, name: str, *, snapshot: Snapshot | None = None) -> Tenant:
        """A tenant with the tables of the newest revision, unless a snapshot is given."""
        given = snapshot or present_snapshot()
        owner = await self.connect_as_owner()
        try:
            at = datetime.now(UTC)
            return await create_tenant(owner, self.credentials, code=code, name=name, at=at, snapshot=given)
        finally:
            await owner.close()


@asynccontextmanager
async def running_server() -> AsyncIterator[str]:
    """The superuser's URL of the server given by the environment, or of one that runs as long as the block."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="anshou-test-") as directory:
        cluster = Cluster(Path(directory) / "postgres", durable=False, max_connections=300)
        async with cluster.running():
            yield cluster.url_of("postgres")


@asynccontextmanager
async def new_database(server_url: str) -> AsyncIterator[Database]:
    """A database of its own on the server, with an owner who is no superuser; dropped with its logins afterwards."""
    name = f"anshou_{secrets.token_hex(6)}"
    password = secrets.token_hex(16)
    server = make_url(server_url)
    database = Database(
        url=_text(server.set(username=name, password=password, database=name)),
        superuser_url=_text(server.set(database=name)),
        secret=secrets.token_bytes(32),
        keys=Path(tempfile.mkdtemp(prefix="anshou-keys-")),
    )
    async with AsyncExitStack() as cleaning:
        cleaning.callback(shutil.rmtree, database.keys)
        superuser = await DatabaseAddress.at(server_url).connect()
        cleaning.push_async_callback(superuser.close)
        await superuser.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{password}'")
        cleaning.push_async_callback(superuser.execute, f"DROP ROLE {name}")
        await superuser.execute(f"CREATE DATABASE {name} OWNER {name}")
        cleaning.push_async_callback(_drop, superuser, database, name)
        inside = await database.connect_as_superuser()
        try:
            for statement in await superusers_statements(inside):
                await inside.execute(statement)
        finally:
            await inside.close()
        await database.migrate_control()
        yield database


async def _drop(superuser: asyncpg.Connection, database: Database, name: str) -> None:
    logins = [database.credentials.control_role(name)]
    inside = await database.connect_as_superuser()
    try:
        logins += [row[0] for row in await inside.fetch("SELECT role_name FROM control.tenant")]
    finally:
        await inside.close()
    await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for login in logins:
        await superuser.execute(f'DROP ROLE IF EXISTS "{login}"')


def present_snapshot() -> Snapshot:
    """The committed snapshot, or while you work on a revision the chain itself; one test tells that it is stale."""
    try:
        return read_snapshot()
    except SnapshotStale:
        return Snapshot.replaying(tenant_chain())


async def wipe(database: Database, *tenants: Tenant) -> None:
    """Empty the tenants' tables and forget their jobs and timers, as the superuser."""
    superuser = await database.connect_as_superuser()
    try:
        for tenant in tenants:
            tables = await superuser.fetch(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname = $1",
                tenant.schema,
            )
            filled = [row[0] for row in tables if await superuser.fetchval(f"SELECT EXISTS (SELECT FROM {row[0]})")]
            if filled:
                # Append-only tables refuse TRUNCATE by a trigger, which replication mode leaves out.
                await superuser.execute(f"SET session_replication_role = replica; TRUNCATE {', '.join(filled)} CASCADE")
        await superuser.execute(
            "TRUNCATE control.job, control.timer, control.audit_hint, control.audit_sealing, control.search_hint"
        )
    finally:
        await superuser.close()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
