"""What becomes of a tenant's login, beyond what every other test relies on."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from tenants.context import AGENCY
from tenants.errors import DatabaseUnavailable, TenantCodeInvalid
from tenants.provisioning import LOGIN_SETTINGS, renew_login
from tenants.sessions import Tenants
from tests.database import Database, new_database


@pytest.fixture
async def database(server: str) -> AsyncIterator[Database]:
    async with new_database(server) as made:
        yield made


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect_as_owner()
    yield connection
    await connection.close()


async def test_a_login_that_somebody_tampered_with_is_renewed(database: Database, owner: asyncpg.Connection) -> None:
    tenant = await database.create_tenant("anhe", "安和")
    login = await database.connect_as(tenant)
    await login.execute("ALTER ROLE CURRENT_USER PASSWORD 'spoilt'; ALTER ROLE CURRENT_USER SET search_path = nowhere")
    await login.close()
    tenants = Tenants(database.url, secret=database.secret)
    with pytest.raises(DatabaseUnavailable, match="login was refused"):
        async with tenants.session(tenant, AGENCY):
            pass
    renewed = await renew_login(owner, database.credentials, "anhe")
    assert renewed.password_epoch == 2
    found = await tenants.find("anhe")
    assert found == renewed
    async with tenants.session(found, AGENCY) as session:
        assert (await session.execute(text("SELECT current_schema()"))).scalar_one() == tenant.schema
    await tenants.close()


async def test_a_login_has_its_time_limits(database: Database) -> None:
    login = await database.connect_as(await database.create_tenant("anhe", "安和"))
    shown = {"60s": "1min"}
    for name, value in LOGIN_SETTINGS.items():
        assert await login.fetchval(f"SHOW {name}") == shown.get(value, value)
    await login.close()


async def test_the_server_keeps_a_verifier_and_never_saw_the_password(database: Database) -> None:
    tenant = await database.create_tenant("anhe", "安和")
    superuser = await database.connect_as_superuser()
    kept = await superuser.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = $1", tenant.role)
    await superuser.close()
    assert kept.startswith("SCRAM-SHA-256$1:")
    assert database.credentials.password(tenant.role) not in kept


@pytest.mark.parametrize("code", ["", "a", "Anhe", "1anhe", "an_he", "an he", "安和", "a" * 33, "anhe'--"])
async def test_a_code_is_what_people_can_type(database: Database, code: str) -> None:
    with pytest.raises(TenantCodeInvalid):
        await database.create_tenant(code, "安和")


async def test_what_fails_leaves_neither_login_nor_registry_row(database: Database, owner: asyncpg.Connection) -> None:
    made = "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole"
    before = await owner.fetchval(made)
    name = await owner.fetchval("SELECT current_database()")
    await owner.execute(f"REVOKE CREATE ON DATABASE {name} FROM CURRENT_USER")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.create_tenant("anhe", "安和")
    assert await owner.fetchval("SELECT count(*) FROM control.tenant") == 0
    assert await owner.fetchval(made) == before
