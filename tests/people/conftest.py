"""The agency 安和, settled and committed, and its door."""

import pytest

from anshou.people.door import Door
from anshou.people.passwords import Passwords
from confidentiality.local_key import LocalKey
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import HASHER, Anhe, settle


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """安和 with everybody in it, committed; gone after the test."""
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


@pytest.fixture
def door(tenants: Tenants, tenant: Tenant) -> Door:
    """安和's door, with passwords that cost little to check."""
    return Door(
        open=lambda: tenants.session(tenant, Context("door")),
        key=LocalKey(b"0" * 32, tenant.id),
        passwords=Passwords(hasher=HASHER),
    )
