"""Bringing the `control` schema to its newest revision, with the login that web and worker processes use."""

import asyncpg

from tenants.addresses import DatabaseAddress
from tenants.chains import control_chain, joined
from tenants.credentials import Credentials, scram_verifier
from tenants.errors import RootSecretChanged
from tenants.hardening import harden

_MIGRATION_LOCK = 0x616E7368
"""Advisory lock key: one process at a time migrates a database. The letters "ansh"."""


async def migrate_control(owner: asyncpg.Connection, address: DatabaseAddress, credentials: Credentials) -> list[str]:
    """Apply what is missing of the control chain in one transaction; returns the revisions applied.

    Also creates the control login, stores the context key and takes dangerous functions away from PUBLIC; all of it
    may be repeated. Raises RootSecretChanged, and LookupError if a newer version has migrated this database.
    """
    role = credentials.control_role(address.database)
    async with owner.transaction():
        await owner.execute(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        await ensure_login(owner, role, credentials.password(role))
        await owner.execute(
            f"""
            CREATE SCHEMA IF NOT EXISTS control;
            CREATE TABLE IF NOT EXISTS control.alembic_version (version_num text PRIMARY KEY);
            GRANT USAGE ON SCHEMA control TO "{role}";
            ALTER ROLE "{role}" SET search_path = control;
            """
        )
        missing = control_chain().after(await owner.fetchval("SELECT version_num FROM control.alembic_version"))
        if missing:
            await owner.execute(joined(missing, control=role))
            await owner.execute("DELETE FROM control.alembic_version")
            await owner.execute("INSERT INTO control.alembic_version VALUES ($1)", missing[-1].name)
        await _store_context_key(owner, credentials)
        await harden(owner)
    return [step.name for step in missing]


async def _store_context_key(owner: asyncpg.Connection, credentials: Credentials) -> None:
    pads = credentials.context_pads()
    stored = await owner.fetchrow("SELECT inner_pad, outer_pad FROM control.context_key")
    if stored is None:
        await owner.execute("INSERT INTO control.context_key (inner_pad, outer_pad) VALUES ($1, $2)", *pads)
    elif tuple(stored) != pads:
        raise RootSecretChanged


async def ensure_login(owner: asyncpg.Connection, role: str, password: str) -> None:
    """Create the login, or give it this password; a member of nothing, without rights of its own."""
    exists = await owner.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    await owner.execute(f"{verb} ROLE \"{role}\" LOGIN NOINHERIT PASSWORD '{scram_verifier(password)}'")
