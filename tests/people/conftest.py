"""The agency 安和, settled and committed, and the ways to it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.door import Door
from anshou.people.passwords import Passwords
from confidentiality.local_key import LocalKey
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import HASHER, Anhe, settle

Acting = Callable[[Context], AbstractAsyncContextManager[AsyncSession]]


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """安和 with everybody in it, committed; gone after the test."""
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


@pytest.fixture
def acting(tenants: Tenants, tenant: Tenant) -> Acting:
    """A transaction of 安和 in some context, committed at its end: `async with acting(person.context()) as session`."""
    return lambda context: tenants.session(tenant, context)


@pytest.fixture
def door(acting: Acting, tenant: Tenant) -> Door:
    """安和's door, with passwords that cost little to check."""
    return Door(
        open=lambda: acting(Context("door")),
        key=LocalKey(b"0" * 32, tenant.id),
        passwords=Passwords(hasher=HASHER),
    )
