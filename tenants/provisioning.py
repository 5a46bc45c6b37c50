"""Creating, suspending and resuming tenants. Runs as the database's owner, from the command line only."""

import re
from datetime import datetime

import asyncpg

from tenants.base import new_id
from tenants.chains import joined, tenant_chain
from tenants.control_schema import ensure_login
from tenants.credentials import Credentials, new_schema_name
from tenants.errors import TenantCodeInvalid, TenantCodeTaken, TenantNotFound
from tenants.registry import COLUMNS, Tenant, TenantState

_CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")

LOGIN_SETTINGS = {
    "statement_timeout": "60s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5min",
    # Our statements are short: compiling one would take longer than running it.
    "jit": "off",
}


async def create_tenant(
    owner: asyncpg.Connection, credentials: Credentials, *, code: str, name: str, at: datetime
) -> Tenant:
    """Make a tenant with its login and its empty tables, in one transaction.

    Raises TenantCodeInvalid or TenantCodeTaken.
    """
    if not _CODE.fullmatch(code):
        raise TenantCodeInvalid(code)
    place = new_schema_name()
    try:
        async with owner.transaction():
            row = await owner.fetchrow(
                "INSERT INTO control.tenant (id, code, name, schema_name, role_name, revision, created_at, "  # noqa: S608
                f"state_changed_at) VALUES ($1, $2, $3, $4, $4, $5, $6, $6) RETURNING {COLUMNS}",
                new_id(),
                code,
                name,
                place,
                tenant_chain().head,
                at,
            )
            await ensure_login(owner, place, credentials.password(place))
            await owner.execute(_schema_for(place))
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "tenant_code_key":
            raise TenantCodeTaken(code) from None
        raise
    return Tenant.from_row(row)


async def list_tenants(owner: asyncpg.Connection) -> list[Tenant]:
    """All tenants by code."""
    rows = await owner.fetch(f"SELECT {COLUMNS} FROM control.tenant ORDER BY code")  # noqa: S608
    return [Tenant.from_row(row) for row in rows]


async def suspend_tenant(owner: asyncpg.Connection, code: str, *, reason: str, at: datetime) -> Tenant:
    """Let the tenant's people read only, within seconds. Raises TenantNotFound."""
    return await _set_state(owner, code, TenantState.SUSPENDED, reason, at)


async def resume_tenant(owner: asyncpg.Connection, code: str, *, at: datetime) -> Tenant:
    """Let the tenant's people write again. Raises TenantNotFound."""
    return await _set_state(owner, code, TenantState.ACTIVE, None, at)


async def _set_state(
    owner: asyncpg.Connection, code: str, state: TenantState, reason: str | None, at: datetime
) -> Tenant:
    row = await owner.fetchrow(
        "UPDATE control.tenant SET state = $2, state_reason = $3, state_changed_at = $4 "  # noqa: S608
        f"WHERE code = $1 RETURNING {COLUMNS}",
        code,
        state,
        reason,
        at,
    )
    if row is None:
        raise TenantNotFound
    return Tenant.from_row(row)


def _schema_for(place: str) -> str:
    settings = "".join(f"ALTER ROLE \"{place}\" SET {name} = '{value}';\n" for name, value in LOGIN_SETTINGS.items())
    return (
        f'CREATE SCHEMA "{place}";\n'
        f'GRANT USAGE ON SCHEMA "{place}" TO "{place}";\n'
        f'ALTER ROLE "{place}" SET search_path = "{place}";\n'
        f'{settings}SET LOCAL search_path = "{place}";\n'
    ) + joined(tenant_chain().revisions, role=place)
