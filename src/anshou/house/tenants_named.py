"""The tenants that a command of the operator is about."""

from collections.abc import Sequence

from tenants.errors import TenantNotFound
from tenants.registry import Tenant, list_tenants
from tenants.sessions import Tenants


async def tenants_named(tenants: Tenants, code: str | None) -> Sequence[Tenant]:
    """The tenant of that code, or all of them. Raises TenantNotFound."""
    if code is None:
        async with tenants.control() as control:
            return await list_tenants(control)
    tenant = await tenants.find(code)
    if tenant is None:
        raise TenantNotFound
    return [tenant]
