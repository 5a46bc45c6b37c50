"""Taking away what PostgreSQL gives to everybody and an injected statement could use.

The login per tenant is the wall; this is the ditch before it. Most of it needs a superuser, since the functions belong
to the one who initialised the cluster: the embedded cluster does it as it is made, elsewhere the administrator of the
server runs `superusers_statements` once. `anshou migrate` warns where that was forgotten.
"""

import logging

import asyncpg

from tenants.quiet import QUIET

log = logging.getLogger(__name__)

# Each of these runs a text as SQL, or changes a setting, inside one SELECT; or leaves things behind for others to find.
DANGEROUS_FUNCTIONS = (
    "set_config",
    "ts_stat",
    "ts_rewrite",
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "cursor_to_xml",
    "cursor_to_xmlschema",
    "table_to_xml",
    "table_to_xmlschema",
    "table_to_xml_and_xmlschema",
    "schema_to_xml",
    "schema_to_xmlschema",
    "schema_to_xml_and_xmlschema",
    "database_to_xml",
    "database_to_xmlschema",
    "database_to_xml_and_xmlschema",
    "lo_creat",
    "lo_create",
    "lo_from_bytea",
)


async def harden(owner: asyncpg.Connection) -> None:
    """Take away what the owner may take away, and warn in the log of what a superuser has left open.

    May be repeated, and must be after a restore into another cluster.
    """
    database, _ = await _database_and_owner(owner)
    await owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    await owner.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
    if left_open := await open_to_public(owner):
        log.warning("a superuser should take these functions away from PUBLIC, see docs: %s", ", ".join(left_open))


async def open_to_public(connection: asyncpg.Connection) -> list[str]:
    """The dangerous functions that every login of the connected database may call."""
    rows = await connection.fetch(
        "SELECT DISTINCT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS granted "
        "WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY($1) "
        "AND granted.grantee = 0 AND granted.privilege_type = 'EXECUTE' ORDER BY 1",
        DANGEROUS_FUNCTIONS,
    )
    return [row["proname"] for row in rows]


async def superusers_statements(connection: asyncpg.Connection) -> list[str]:
    """What only a superuser may do, as SQL for the connected database and the functions that this server has.

    The owner of the database keeps the rights, because migrations and pg_dump use them.
    """
    database, owner = await _database_and_owner(connection)
    functions = await connection.fetch(
        "SELECT oid::regprocedure::text AS signature FROM pg_proc "
        "WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY($1) ORDER BY 1",
        DANGEROUS_FUNCTIONS,
    )
    signatures = [f"pg_catalog.{row['signature'].removeprefix('pg_catalog.')}" for row in functions]
    return [
        *(f"GRANT EXECUTE ON FUNCTION {signature} TO {owner}" for signature in signatures),
        *(f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC" for signature in signatures),
        "REVOKE UPDATE ON pg_catalog.pg_settings FROM PUBLIC",
        # Without it nobody but the owner can run a DO block.
        f"GRANT USAGE ON LANGUAGE plpgsql TO {owner}",
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
        # Those of an extension are not ours to set: where it is not loaded they would only be names.
        *(f"ALTER DATABASE {database} SET {name} = {quiet[0]}" for name, quiet in QUIET.items() if "." not in name),
    ]


async def _database_and_owner(connection: asyncpg.Connection) -> tuple[str, str]:
    row = await connection.fetchrow(
        "SELECT quote_ident(datname), quote_ident(pg_get_userbyid(datdba)) FROM pg_database "
        "WHERE datname = current_database()"
    )
    return row[0], row[1]
