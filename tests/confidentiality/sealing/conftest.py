"""A database of their own for these tests, because it has tables that the product has not."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.sealing.trial import DDL
from tests.database import Database, new_database

RunRaw = Callable[..., Awaitable[str]]


@pytest.fixture(scope="package")
async def trial(server: str) -> AsyncIterator[tuple[Database, Tenant]]:
    """A tenant with the trial tables, which its login may read and write."""
    async with new_database(server) as database:
        tenant = await database.create_tenant("anhe", "安和电商代运营")
        superuser = await database.connect_as_superuser()
        await superuser.execute(f'SET search_path = "{tenant.schema}"; {DDL}')
        await superuser.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON trial_buyer, trial_note TO "{tenant.role}"')
        await superuser.close()
        yield database, tenant


@pytest.fixture(scope="package")
async def trial_tenants(trial: tuple[Database, Tenant]) -> AsyncIterator[Tenants]:
    """Sessions as the tenant's own login."""
    opened = Tenants(trial[0].url, secret=trial[0].secret, pool=PoolLimits())
    yield opened
    await opened.close()


@pytest.fixture
async def session(trial_tenants: Tenants, trial: tuple[Database, Tenant]) -> AsyncIterator[AsyncSession]:
    """One transaction for the whole test, rolled back at its end."""
    try:
        async with trial_tenants.session(trial[1], AGENCY) as opened:
            yield opened
            raise _Undo
    except _Undo:
        pass


class _Undo(Exception):
    """Raised into a session to roll it back."""
