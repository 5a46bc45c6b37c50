"""What injected SQL could try, run as the tenant's own login inside a merchant's transaction.

The attacker may send several statements at once, which our driver's protocol for queries never does, and knows every
name: of schemas, logins and tables, as any login can list them.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tenants.context import AGENCY, Context
from tenants.credentials import Credentials
from tenants.signing import LIFETIME, SETTING, Signer
from tests.isolation.world import World

DENIED = "42501"
SYNTAX = "42601"


@pytest.fixture
async def merchant(world: World, inside: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The first tenant's login in the context of merchant a, undone afterwards."""
    transaction = inside.transaction()
    await transaction.start()
    await world.enter(inside, world.actors["merchant"])
    yield inside
    await transaction.rollback()


def filled(attack: str, world: World) -> str:
    for name, value in {
        "{other}": world.other.role,
        "{own}": world.tenant.role,
        "{owner}": world.database.url.split("//")[1].split(":")[0],
    }.items():
        attack = attack.replace(name, value)
    return attack


# Every one is refused for want of privilege. `{other}` is the other tenant's schema and login.
STACKED = {
    "read the other schema": 'SELECT * FROM "{other}".account',
    "reset the role": 'RESET ROLE; SELECT * FROM "{other}".account',
    "become the other login": 'SET ROLE "{other}"',
    "become the other login for this transaction": 'SET LOCAL ROLE "{other}"',
    "become the owner": 'SET ROLE "{owner}"',
    "authenticate as the other login": 'SET SESSION AUTHORIZATION "{other}"',
    "authenticate as the owner": 'SET SESSION AUTHORIZATION "{owner}"',
    "reset the authentication": 'RESET SESSION AUTHORIZATION; SELECT * FROM "{other}".account',
    "search the other schema": 'SET search_path = "{other}"; SELECT * FROM "{other}".account',
    "become a member of the other login": 'GRANT "{other}" TO "{own}"',
    "make a login": "CREATE ROLE intruder LOGIN",
    "make a table": "CREATE TABLE spoils (n int)",
    "make a temporary table": "CREATE TEMP TABLE spoils (n int)",
    "make a schema": "CREATE SCHEMA spoils",
    "make a function": "CREATE FUNCTION leak(text) RETURNS boolean LANGUAGE sql COST 0.0001 AS 'SELECT true'",
    "run a block": "DO $$ BEGIN PERFORM 1; END $$",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "write a file": "COPY (SELECT 1) TO '/dev/null'",
    "read a file": "SELECT pg_read_file('PG_VERSION')",
    "leave a large object": "SELECT lo_create(0)",
    "take the policies off": "ALTER TABLE account DISABLE ROW LEVEL SECURITY",
    "drop a policy": "DROP POLICY account_scope ON account",
    "empty a table": "TRUNCATE account",
    "refuse to be fenced": "SET row_security = off; SELECT * FROM merchant",
    "read the registry": "SELECT * FROM control.tenant",
    "read the keys": "SELECT * FROM control.context_key",
    "read all jobs": "SELECT * FROM control.job",
    "write a job for another": "INSERT INTO control.job (id) VALUES (gen_random_uuid())",
    "read the passwords": "SELECT * FROM pg_authid",
    "change a setting inside a SELECT": "SELECT set_config('role', '{other}', true)",
    "change the context inside a SELECT": "SELECT set_config('anshou.ctx', 'agency|||9999999999|00', true)",
    "change a setting through the view": "UPDATE pg_settings SET setting = '{other}' WHERE name = 'role'",
    "run a text as SQL": "SELECT * FROM ts_stat('SELECT to_tsvector(code) FROM \"{other}\".account')",
    "run a text of the own schema": "SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM merchant')",
    "rewrite by a text": "SELECT ts_rewrite('a'::tsquery, 'SELECT t, s FROM \"{other}\".account')",
}


@pytest.mark.parametrize("attack", STACKED)
async def test_statements_of_an_attacker_are_refused(world: World, merchant: asyncpg.Connection, attack: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await merchant.execute(filled(STACKED[attack], world))
    assert refused.value.sqlstate == DENIED


SINGLE = {name: text for name, text in STACKED.items() if ";" not in text and text.startswith(("SELECT", "UPDATE"))}


@pytest.mark.parametrize("attack", SINGLE)
async def test_single_statements_of_an_attacker_are_refused_as_queries(
    world: World, merchant: asyncpg.Connection, attack: str
) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await merchant.fetch(filled(SINGLE[attack], world))
    assert refused.value.sqlstate == DENIED


async def test_the_protocol_of_queries_takes_one_statement(merchant: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await merchant.fetch("SELECT 1; SELECT 2")
    assert refused.value.sqlstate == SYNTAX


@pytest.mark.parametrize("function", ["query_to_xml", "database_to_xml", "table_to_xml"])
async def test_functions_that_render_tables_are_closed(merchant: asyncpg.Connection, function: str) -> None:
    # Where the server was built without libxml they would fail anyway; the privilege is what we rely on.
    allowed = await merchant.fetchval(
        "SELECT coalesce(bool_or(has_function_privilege(oid, 'EXECUTE')), false) FROM pg_proc WHERE proname = $1",
        function,
    )
    assert not allowed


async def read_with(connection: asyncpg.Connection, token: str) -> None:
    await connection.execute(f"SET LOCAL {SETTING} = '{token}'")
    await connection.fetch("SELECT * FROM merchant")


async def test_forged_contexts_are_refused(world: World, merchant: asyncpg.Connection) -> None:
    genuine = await world.token(merchant, Context("merchant", world.people["a"], world.merchants["a"]))
    scope, person, own, expires, mac = genuine.split("|")
    forged = {
        "another scope": f"agency|{person}|{own}|{expires}|{mac}",
        "another merchant": f"{scope}|{person}|{world.merchants['b']}|{expires}|{mac}",
        "a later end": f"{scope}|{person}|{own}|{int(expires) + 3600}|{mac}",
        "no mac": f"agency|||{expires}|",
        "too few parts": "agency",
        "one part more": f"agency|||{expires}|{mac}|{genuine}",
        "another key": Signer(Credentials(b"x" * 32)).token(
            AGENCY, role=world.tenant.role, backend_pid=merchant.get_server_pid(), at=datetime.now(UTC)
        ),
    }
    for name, token in forged.items():
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="bad context"):
            async with merchant.transaction():
                await read_with(merchant, token)
                pytest.fail(name)


async def test_an_expired_context_is_refused(world: World, merchant: asyncpg.Connection) -> None:
    signer = Signer(world.database.credentials)
    past = datetime.now(UTC) - LIFETIME - timedelta(seconds=5)
    token = signer.token(AGENCY, role=world.tenant.role, backend_pid=merchant.get_server_pid(), at=past)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="expired context"):
        await read_with(merchant, token)


async def test_a_context_of_another_backend_or_login_is_refused(world: World, merchant: asyncpg.Connection) -> None:
    signer = Signer(world.database.credentials)
    own_pid = merchant.get_server_pid()
    for role, pid in ((world.tenant.role, own_pid + 1), (world.other.role, own_pid)):
        token = signer.token(AGENCY, role=role, backend_pid=pid, at=datetime.now(UTC))
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="bad context"):
            async with merchant.transaction():
                await read_with(merchant, token)


async def test_a_context_ends_with_its_transaction(world: World) -> None:
    connection = await world.database.connect_as(world.tenant)
    try:
        async with connection.transaction():
            await world.enter(connection, AGENCY)
            assert await connection.fetchval("SELECT count(*) FROM merchant") == 2
        assert await connection.fetchval("SELECT count(*) FROM merchant") == 0
    finally:
        await connection.close()


async def test_functions_of_control_reach_the_own_tenant_only(
    world: World, merchant: asyncpg.Connection, abroad: asyncpg.Connection
) -> None:
    job = await abroad.fetchval(
        "SELECT control.enqueue(gen_random_uuid(), 'a', '{}', NULL, 'default', 0::smallint, NULL, NULL)"
    )
    subject = await abroad.fetchval("SELECT gen_random_uuid()")
    generation = await abroad.fetchval("SELECT control.set_timer('k', $1, now())", subject)

    assert await merchant.fetchval("SELECT control.own_tenant()") == world.tenant.id
    assert await merchant.fetch("SELECT * FROM control.lease_job($1, interval '1 minute')", job) == []
    assert not await merchant.fetchval("SELECT control.retry_job($1)", job)
    assert not await merchant.fetchval("SELECT control.cancel_timer('k', $1)", subject)
    owner = await world.database.connect_as_owner()
    try:
        timer = await owner.fetchval("SELECT id FROM control.timer WHERE subject = $1", subject)
        assert not await merchant.fetchval("SELECT control.fire_timer($1, $2)", timer, generation)
        stamped = await owner.fetch("SELECT tenant_id FROM control.job UNION ALL SELECT tenant_id FROM control.timer")
    finally:
        await owner.close()
    assert {row["tenant_id"] for row in stamped} == {world.other.id}
    with pytest.raises(asyncpg.SerializationError):
        await merchant.execute(f"SELECT control.finish_job('{job}', 0)")


async def test_a_login_that_is_no_tenant_is_nobody_in_control(world: World) -> None:
    owner = await world.database.connect_as_owner()
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not a tenant"):
            await owner.fetchval("SELECT control.own_tenant()")
    finally:
        await owner.close()


async def test_the_password_of_a_login_opens_no_other(world: World) -> None:
    own = world.database.credentials.password(world.tenant.role)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await world.database.connect_as(world.other, password=own)
    stale = replace(world.tenant, password_epoch=2)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await world.database.connect_as(stale)


async def test_other_sessions_show_no_statement_and_cannot_be_ended(
    world: World, merchant: asyncpg.Connection, abroad: asyncpg.Connection
) -> None:
    rows = await merchant.fetch("SELECT query FROM pg_stat_activity WHERE usename = $1", world.other.role)
    assert {row["query"] for row in rows} == {"<insufficient privilege>"}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await merchant.fetchval("SELECT pg_terminate_backend($1)", abroad.get_server_pid())
