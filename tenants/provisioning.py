"""Creating, suspending and resuming tenants. Runs as the database's owner, from the command line only."""

import re
from datetime import UTC, datetime

import asyncpg

from tenants.base import new_id
from tenants.chains import fill_in
from tenants.context import AGENCY
from tenants.control_schema import ensure_login
from tenants.credentials import Credentials, new_schema_name
from tenants.errors import TenantCodeInvalid, TenantCodeTaken, TenantNotFound
from tenants.registry import COLUMNS, Tenant, TenantState
from tenants.signing import SETTING, Signer
from tenants.snapshots import Snapshot, read_snapshot

_CODE = re.compile(r"[a-z][a-z0-9-]{1,31}")

LOGIN_SETTINGS = {
    "statement_timeout": "60s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "5min",
    # Our statements are short: compiling one would take longer than running it.
    "jit": "off",
}


async def create_tenant(
    owner: asyncpg.Connection,
    credentials: Credentials,
    *,
    code: str,
    name: str,
    at: datetime,
    snapshot: Snapshot | None = None,
) -> Tenant:
    """Make a tenant with its login and its empty tables, in one transaction.

    The tables are those of the committed snapshot. Raises TenantCodeInvalid, TenantCodeTaken and SnapshotStale.
    """
    snapshot = read_snapshot() if snapshot is None else snapshot
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
                snapshot.revision,
                at,
            )
            await ensure_login(owner, place, credentials.password(place))
            await owner.execute(await _context_for(owner, credentials) + schema_sql(place, snapshot))
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


async def renew_login(owner: asyncpg.Connection, credentials: Credentials, code: str) -> Tenant:
    """Give the tenant's login a new password and its settings anew, should somebody have got at either.

    Connections that are open stay open; new ones need the new password within seconds. Raises TenantNotFound.
    """
    async with owner.transaction():
        row = await owner.fetchrow(
            f"UPDATE control.tenant SET password_epoch = password_epoch + 1 WHERE code = $1 RETURNING {COLUMNS}",  # noqa: S608
            code,
        )
        if row is None:
            raise TenantNotFound
        tenant = Tenant.from_row(row)
        await ensure_login(owner, tenant.role, credentials.password(tenant.role, tenant.password_epoch))
        await owner.execute(f'ALTER ROLE "{tenant.role}" RESET ALL; {_settings_of(tenant.role)}')
    return tenant


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


def schema_sql(place: str, snapshot: Snapshot) -> str:
    """The schema `place` with its tables, for the login of the same name; to be run inside a transaction."""
    return (
        f'CREATE SCHEMA "{place}";\n'
        f'GRANT USAGE ON SCHEMA "{place}" TO "{place}";\n'
        f'{_settings_of(place)}SET LOCAL search_path = "{place}";\n'
    ) + fill_in(snapshot.sql, role=place)


def _settings_of(place: str) -> str:
    own = f'ALTER ROLE "{place}" SET search_path = "{place}";\n'
    return own + "".join(f"ALTER ROLE \"{place}\" SET {name} = '{value}';\n" for name, value in LOGIN_SETTINGS.items())


async def _context_for(owner: asyncpg.Connection, credentials: Credentials) -> str:
    # Forced policies bind an owner who is no superuser as well: rows of the snapshot are written in a context.
    role = await owner.fetchval("SELECT session_user")
    token = Signer(credentials).token(AGENCY, role=role, backend_pid=owner.get_server_pid(), at=datetime.now(UTC))
    return f"SET LOCAL {SETTING} = '{token}';\n"
