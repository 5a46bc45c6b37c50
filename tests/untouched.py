"""How many rows every table of a tenant has: what was refused left nothing behind."""

from tenants.registry import Tenant
from tests.database import Database

# What is written of every request, whatever comes of it.
_OF_REQUESTS = frozenset({"web_session", "sign_in_attempt", "audit_leaf"})


async def rows_of(database: Database, tenant: Tenant) -> dict[str, int]:
    """By table; jobs of the tenant as well, which tell people of what was done."""
    superuser = await database.connect_as_superuser()
    try:
        names = await superuser.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", tenant.schema)
        counted = " UNION ALL ".join(
            f'SELECT \'{name}\', count(*) FROM "{tenant.schema}"."{name}"' for (name,) in names
        )
        rows = {name: count for name, count in await superuser.fetch(counted) if name not in _OF_REQUESTS}
        rows["control.job"] = await superuser.fetchval("SELECT count(*) FROM control.job")
        return rows
    finally:
        await superuser.close()
