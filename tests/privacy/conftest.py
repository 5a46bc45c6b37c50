"""The desk with its cast, in the test's one transaction."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.conftest import ActAs
from tests.database import Database
from tests.privacy.secrets import RevealDesk, secret_table
from tests.tickets.desk import Desk


@pytest.fixture
async def desk(session: AsyncSession, act_as: ActAs) -> Desk:
    return Desk(session, act_as, await settle(session))


@pytest.fixture
async def reveals(database: Database, tenants: Tenants, tenant: Tenant, wiped: None) -> AsyncIterator[RevealDesk]:
    """A ticket of 云杉 with a sealed row, committed; everything is gone after the test."""
    async with secret_table(database, tenant):
        async with tenants.session(tenant, AGENCY) as session:
            cast = await settle(session)
        desk = RevealDesk(tenants, tenant, cast)
        await desk.settle()
        yield desk
