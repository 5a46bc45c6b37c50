"""The agency that a link names."""

from anshou.gate.callers import Asked
from anshou.gate.visits import gate_of
from tenants.errors import TenantNotFound
from tenants.registry import Tenant


async def visible_agency(request: Asked, code: str) -> Tenant:
    """The agency with this code. Raises TenantNotFound."""
    tenant = await gate_of(request).tenants.find(code)
    if tenant is None:
        raise TenantNotFound
    return tenant
