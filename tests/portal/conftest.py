"""The portal over a real database, with the cast settled in and committed."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from anshou.main import create_app
from anshou.people.passwords import Passwords
from anshou.portal import assets
from anshou.settings import read_settings
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.cast import HASHER, Anhe, settle
from tests.database import Database
from tests.portal.clock import TestClock
from tests.portal.visitor import BASE, Visitor


@pytest.fixture(scope="session")
def built() -> None:
    """What the browser loads, prepared."""
    assets.build()


@pytest.fixture
def clock() -> TestClock:
    """The time that the portal sees; a test may move it on."""
    return TestClock()


@pytest.fixture
def app(built: None, tenants: Tenants, database: Database, clock: TestClock) -> Litestar:
    """The web application on the test's own tenants."""
    made = create_app(
        read_settings({"ANSHOU_BASE_URL": BASE}),
        secret=database.secret,
        tenants=tenants,
        storage=open_storage("memory:"),
        clock=clock,
    )
    made.state.gate.passwords = Passwords(hasher=HASHER)
    return made


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """The cast of 安和, committed; gone after the test."""
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[Visitor]:
    """A browser without scripts that is not signed in."""
    async with Visitor(app) as opened:
        yield opened


@pytest.fixture
async def manager(anhe: Anhe, visitor: Visitor) -> Visitor:
    """The account manager of 云杉, signed in."""
    await visitor.sign_in("manager")
    return visitor
