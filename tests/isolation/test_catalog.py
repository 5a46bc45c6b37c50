"""What must be true of every table, login and function, asked of the catalog."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tenants.hardening import open_to_public
from tenants.registry import Tenant
from tests.database import Database

# What a tenant's login may call in `control`; everything there that stamps or checks is listed here and nowhere else.
CALLABLE = {
    "cancel_timer",
    "ctx_fence",
    "ctx_merchant",
    "ctx_person",
    "ctx_scope",
    "ctx_staff",
    "dead_jobs",
    "discard_job",
    "enqueue",
    "erase",
    "erasing",
    "finish_job",
    "fire_timer",
    "lease_job",
    "lock_erasures",
    "note_leaves",
    "note_words",
    "own_tenant",
    "refuse_change",
    "retry_job",
    "seal_over",
    "search_tickets",
    "set_timer",
    "take_back",
    "taking_back",
}

# Tables whose owner is not bound by their policies: one function of the owner's looks words up by an index that it
# could not use otherwise, and keeps to the context itself (tests/isolation/test_search.py); it asks whether words wait.
OPEN_TO_THEIR_OWNER = ("ticket_words", "words_due")

TABLES = "relnamespace = quote_ident($1)::regnamespace AND relkind IN ('r', 'p')"


@pytest.fixture
async def catalog(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's view of the database, with every name spelt out."""
    connection = await database.connect_as_superuser()
    await connection.execute("SET search_path = pg_catalog")
    yield connection
    await connection.close()


@pytest.fixture
async def login(database: Database, tenant: Tenant) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect_as(tenant)
    yield connection
    await connection.close()


async def column(connection: asyncpg.Connection, query: str, *parameters: object) -> list[object]:
    return [row[0] for row in await connection.fetch(query, *parameters)]


async def test_every_table_is_fenced_by_force_and_has_a_policy_and_a_key(
    catalog: asyncpg.Connection, tenant: Tenant
) -> None:
    tables = await column(catalog, f"SELECT relname FROM pg_class WHERE {TABLES}", tenant.schema)
    assert len(tables) > 10
    lacking = await column(
        catalog,
        f"""
        SELECT relname FROM pg_class WHERE {TABLES} AND NOT (relrowsecurity
            AND (relforcerowsecurity OR relname IN ({", ".join(map(repr, OPEN_TO_THEIR_OWNER))}))
            AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
            AND EXISTS (SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'p'))
        """,
        tenant.schema,
    )
    assert lacking == []


async def test_no_policy_is_open_or_asks_what_can_be_forged(catalog: asyncpg.Connection, tenant: Tenant) -> None:
    rows = await catalog.fetch(
        "SELECT policyname, concat_ws(' ', qual, with_check) AS conditions FROM pg_policies WHERE schemaname = $1",
        tenant.schema,
    )
    for row in rows:
        assert re.search(r"control\.ctx_|assigned_merchants\(\)", row["conditions"]), row["policyname"]
        assert "current_setting" not in row["conditions"], row["policyname"]
        assert "current_user" not in row["conditions"].lower(), row["policyname"]


async def test_the_login_is_nothing_but_a_login(catalog: asyncpg.Connection, tenant: Tenant) -> None:
    role = await catalog.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", tenant.role)
    assert role["rolcanlogin"]
    for right in ("rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"):
        assert not role[right], right
    assert await column(catalog, "SELECT roleid::regrole FROM pg_auth_members WHERE member = $1", role["oid"]) == []
    owned = "SELECT objid FROM pg_shdepend WHERE refobjid = $1 AND deptype = 'o'"
    assert await column(catalog, owned, role["oid"]) == []


async def test_the_login_may_use_rows_and_nothing_else(
    catalog: asyncpg.Connection, login: asyncpg.Connection, tenant: Tenant
) -> None:
    granted = await column(
        catalog,
        f"""
        SELECT DISTINCT privilege_type FROM pg_class, aclexplode(relacl)
        WHERE {TABLES} AND grantee = quote_ident($2)::regrole
        """,
        tenant.schema,
        tenant.role,
    )
    assert set(granted) == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    for schema in (tenant.schema, "control", "public", "pg_catalog"):
        assert not await login.fetchval("SELECT has_schema_privilege($1, 'CREATE')", schema)
    for right in ("CREATE", "TEMPORARY"):
        assert not await login.fetchval("SELECT has_database_privilege(current_database(), $1)", right)


async def test_everybody_gets_nothing_of_a_tenants_schema(catalog: asyncpg.Connection, tenant: Tenant) -> None:
    open_tables = f"SELECT relname FROM pg_class, aclexplode(relacl) WHERE {TABLES} AND grantee = 0"
    assert await column(catalog, open_tables, tenant.schema) == []
    assert await column(catalog, "SELECT defaclrole::regrole FROM pg_default_acl") == []


async def test_the_login_reaches_no_other_schema_and_no_table_of_control(
    login: asyncpg.Connection, tenant: Tenant, other_tenant: Tenant
) -> None:
    usable = await column(
        login,
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'USAGE') AND nspname !~ '^pg_'",
    )
    assert set(usable) == {tenant.schema, "control", "information_schema", "public"}
    reachable = await column(
        login,
        """
        SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'control'::regnamespace AND relkind IN ('r', 'v')
            AND has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        """,
    )
    assert reachable == []


async def test_only_listed_functions_run_with_the_owners_rights_on_a_fixed_search_path(
    catalog: asyncpg.Connection,
) -> None:
    definers = await catalog.fetch(
        "SELECT pronamespace::regnamespace::text AS room, proname, proconfig FROM pg_proc WHERE prosecdef"
    )
    assert {row["proname"] for row in definers} <= CALLABLE
    for row in definers:
        assert row["room"] == "control"
        assert "search_path=pg_catalog, pg_temp" in row["proconfig"], row["proname"]


async def test_the_login_calls_only_the_listed_functions_of_control(login: asyncpg.Connection) -> None:
    callable_here = await column(
        login,
        "SELECT DISTINCT proname::text FROM pg_proc WHERE pronamespace = 'control'::regnamespace "
        "AND has_function_privilege(oid, 'EXECUTE')",
    )
    assert set(callable_here) == CALLABLE


async def test_dangerous_functions_are_closed(catalog: asyncpg.Connection) -> None:
    assert await open_to_public(catalog) == []


async def test_no_key_tells_whether_another_merchants_row_exists(catalog: asyncpg.Connection, tenant: Tenant) -> None:
    """Keys of a merchant's table begin with merchant_id, but for opaque ids that nobody can guess.

    Where every policy asks for the agency's scope, others are refused before any key is looked at.
    """
    oracles = await column(
        catalog,
        f"""
        WITH fenced AS (
            SELECT pg_class.oid, relname, attnum AS merchant FROM pg_class
            JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'merchant_id' WHERE {TABLES}
            AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND pg_get_expr(polqual, polrelid)
                <> '(( SELECT control.ctx_scope() AS ctx_scope) = ''agency''::text)')
        )
        SELECT indexrelid::regclass::text FROM pg_index JOIN fenced ON fenced.oid = indrelid
        WHERE indisunique AND indkey[0] <> merchant AND NOT (indnkeyatts = 1 AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0] AND atttypid = 'uuid'::regtype))
        UNION ALL
        SELECT conname FROM pg_constraint JOIN fenced AS here ON here.oid = conrelid
        JOIN fenced AS there ON there.oid = confrelid
        WHERE contype = 'f' AND NOT (conkey[1] = here.merchant AND confkey[1] = there.merchant)
        """,
        tenant.schema,
    )
    assert oracles == []


async def test_there_is_no_way_around_the_tables(catalog: asyncpg.Connection, tenant: Tenant) -> None:
    """No view with its owner's rights, no materialised view, no foreign table, no counter, no type of our own."""
    others = await column(
        catalog,
        """
        SELECT relname FROM pg_class WHERE relnamespace = quote_ident($1)::regnamespace AND (relkind IN ('m', 'f', 'S')
            OR relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))
        """,
        tenant.schema,
    )
    assert others == []
    types = (
        "SELECT typname FROM pg_type WHERE typnamespace = quote_ident($1)::regnamespace AND typtype NOT IN ('c', 'b')"
    )
    assert await column(catalog, types, tenant.schema) == []
    assert await column(catalog, "SELECT extname FROM pg_extension") == ["plpgsql"]


async def test_control_logs_in_with_no_more_than_it_needs(catalog: asyncpg.Connection, database: Database) -> None:
    name = await catalog.fetchval("SELECT current_database()")
    role = database.credentials.control_role(name)
    row = await catalog.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", role)
    assert not any(row[right] for right in ("rolsuper", "rolcreaterole", "rolcreatedb", "rolbypassrls"))
    granted = await catalog.fetch(
        """
        SELECT relname, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS privileges
        FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'control'::regnamespace AND grantee = $1
        GROUP BY relname
        """,
        row["oid"],
    )
    reading = {"tenant": "SELECT", "tenant_migration": "SELECT"}
    working = dict.fromkeys(
        ("job", "timer", "schedule", "canary", "audit_sealing", "search_hint"), "DELETE INSERT SELECT UPDATE"
    )
    clearing = {"audit_hint": "DELETE SELECT"}
    assert {row["relname"]: row["privileges"] for row in granted} == reading | working | clearing
    tenants = await column(catalog, "SELECT schema_name FROM control.tenant")
    assert tenants
    for schema in tenants:
        assert not await catalog.fetchval("SELECT has_schema_privilege($1, $2, 'USAGE')", role, schema)
