"""Who registers webhooks in these tests, and under which key."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.people.roles import Role
from confidentiality.local_key import LocalKey
from tenants.registry import Tenant
from tests.database import Database

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)

ADMIN = Person(id=UUID(int=0xA0), name="何静", roles=frozenset({Role.AGENCY_ADMIN}))


@pytest.fixture
def sealing(database: Database, tenant: Tenant) -> LocalKey:
    """The agency's key for small secrets."""
    return LocalKey(database.secret, tenant.id)


@pytest.fixture
async def admin(session: AsyncSession) -> Person:
    """The agency's administrator, with an account."""
    await session.execute(
        text(
            "INSERT INTO account (id, side, name, title, locale, created_at)"
            " VALUES (:id, 'staff', :name, '', 'zh-CN', :at)"
        ),
        {"id": ADMIN.id, "name": ADMIN.name, "at": AT},
    )
    return ADMIN
