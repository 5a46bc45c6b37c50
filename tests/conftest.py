"""Fixtures of every test that needs the database. `tests/database.py` has the machinery.

- `session`: an AsyncSession of `tenant` in the agency's context, as the tenant's own restricted login. Rolled back at
  the end of the test, so nothing needs cleaning up. `await act_as(person.context())` goes on as somebody else within
  the same transaction; commits nothing, forgets loaded objects.
- `tenants`: the process's `Tenants`, for code that opens and commits its own sessions (doors, worker). Such a test also
  asks for `wiped`, which empties both tenants after it.
- `tenant`, `other_tenant`: two agencies that exist for the whole run; their tables are empty when a test begins.
- `database`: URLs and bare connections (`connect_as_owner()`, `connect_as(tenant)`), for tests about the database.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.context import AGENCY, Context
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.database import GIVEN, Database, new_database, running_server, wipe

# What Hypothesis draws is the same in every run, so that a run that fails can be had again, and no example is timed,
# because other tests crowd the machine. `--hypothesis-profile=searching` draws others each time, and more of them.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile(
    "searching", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("repeatable")

ActAs = Callable[[Context], Awaitable[None]]


class _Undo(Exception):
    """Raised into a session to roll it back."""


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[str]:
    """The superuser's URL of the test server, for tests that need a database of their own (`new_database`)."""
    async with running_server() as url:
        yield url


@pytest.fixture(scope="session")
async def database(server: str) -> AsyncIterator[Database]:
    """A database of this worker's own, with the control schema."""
    async with new_database(server) as made:
        yield made


@pytest.fixture(scope="session")
async def tenant(database: Database) -> Tenant:
    """The agency that most tests work for."""
    return await database.create_tenant("anhe", "安和电商代运营")


@pytest.fixture(scope="session")
async def other_tenant(database: Database) -> Tenant:
    """Another agency, which must never see anything of the first."""
    return await database.create_tenant("boyuan", "博远电商代运营")


@pytest.fixture(scope="session")
async def vault(database: Database) -> Vault:
    """The vault that every session of `tenants` carries."""
    return database.open_vault()


@pytest.fixture(scope="session")
async def tenants(database: Database, vault: Vault) -> AsyncIterator[Tenants]:
    """Sessions as the tenants' own logins."""
    limits = PoolLimits(per_tenant=4, total=12)
    opened = Tenants(database.url, secret=database.secret, pool=limits, carry={CARRIED_AS: vault})
    yield opened
    await opened.close()


@pytest.fixture
async def session(tenants: Tenants, tenant: Tenant) -> AsyncIterator[AsyncSession]:
    """One transaction for the whole test, in the agency's context, rolled back at the end."""
    try:
        async with tenants.session(tenant, AGENCY) as opened:
            yield opened
            raise _Undo
    except _Undo:
        pass


@pytest.fixture
def act_as(tenants: Tenants, session: AsyncSession) -> ActAs:
    """Go on in another context within the test's transaction: `await act_as(Context("merchant", …))`."""

    async def switch(context: Context) -> None:
        await tenants.switch(session, context)

    return switch


@pytest.fixture
async def wiped(database: Database, tenant: Tenant, other_tenant: Tenant, vault: Vault) -> AsyncIterator[None]:
    """For tests that commit: both tenants are empty again afterwards."""
    yield
    await wipe(database, tenant, other_tenant)
    # Their keys are gone with their rows.
    vault.forget_all()


def pytest_configure(config: pytest.Config) -> None:
    """Under xdist the controlling process starts the one server for all its workers."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None) or os.environ.get(GIVEN):
        return
    held = AsyncExitStack()
    runner = asyncio.Runner()
    os.environ[GIVEN] = runner.run(held.enter_async_context(running_server()))

    def stop() -> None:
        runner.run(held.aclose())
        runner.close()

    config.add_cleanup(stop)
