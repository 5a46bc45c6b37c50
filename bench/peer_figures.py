"""What others take for the same on the same machine and server: reported, without a mark to reach."""

from bench import helpdesk_pages
from bench.ground import Ground
from bench.peers.environment import environment, run_peer
from bench.rows import Row


async def measure(ground: Ground) -> list[Row]:
    """django-tenants with as many tables as we have; django-helpdesk with our own tickets."""
    tables = await _tables(ground)
    async with environment() as python:
        ground.say("  django-tenants")
        tenants = await run_peer(ground, python, "django_tenants_peer", "--tables", str(tables))
        ground.say("  django-helpdesk")
        helpdesk = await helpdesk_pages.measure(ground, python)
    return [
        Row(
            measure="django-tenants: create a tenant",
            value=f"{tenants['create_ms']:.0f} ms",
            detail=f"median of {tenants['tenants']}, {tenants['tables']} tables of twelve columns",
        ),
        Row(
            measure="django-tenants: one column for every tenant; nothing to do",
            value=f"{tenants['migrate_ms_per_tenant']:.0f}; {tenants['nothing_to_do_ms_per_tenant']:.0f} ms per tenant",
            detail=f"{tenants['tenants']} tenants, one process",
        ),
        *helpdesk,
    ]


async def _tables(ground: Ground) -> int:
    superuser = await ground.superuser()
    try:
        return int(
            await superuser.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = $1", ground.tenants[0].schema)
        )
    finally:
        await superuser.close()
