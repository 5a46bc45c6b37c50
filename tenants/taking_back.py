"""Taking the tickets of an import away again: by `control.take_back`, on a signed request."""

import json
from uuid import UUID

from sqlalchemy import BigInteger, Text, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.connections import TenantConnection
from tenants.registry import Tenant
from tenants.signing import Signer


async def take_back(session: AsyncSession, import_id: UUID) -> int:
    """Take away every ticket that the import made; answers how many. In the agency's context.

    Raises the driver's restrict or foreign key violation if one of them has gone on since.
    """
    connection: TenantConnection = session.info["connection"]
    signer: Signer = session.info["signer"]
    tenant: Tenant = session.info["tenant"]
    request = json.dumps({"import": str(import_id)})
    signature = signer.taking_back(request, role=tenant.role, backend_pid=connection.backend_pid)
    call = func.control.take_back(literal(request, Text), literal(signature, Text), type_=BigInteger)
    taken: int = (await session.scalars(select(call))).one()
    session.expire_all()
    return taken
