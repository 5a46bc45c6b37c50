"""Putting a placeholder over content that lies sealed elsewhere now: by `control.seal_over`, on a signed request."""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import BigInteger, Text, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.connections import TenantConnection
from tenants.registry import Tenant
from tenants.signing import Signer


async def cover_ticket(
    session: AsyncSession, merchant_id: UUID, ticket_id: UUID, contents: Mapping[str, tuple[str, ...]]
) -> int:
    """Cover these columns, by table, in the ticket's rows that have a sealed content; answers in how many rows.

    In the agency's context. Texts become the placeholder, structures empty, figures NULL.
    """
    connection: TenantConnection = session.info["connection"]
    signer: Signer = session.info["signer"]
    tenant: Tenant = session.info["tenant"]
    request = json.dumps(
        {
            "merchant": str(merchant_id),
            "ticket": str(ticket_id),
            "tables": [{"table": table, "columns": list(columns)} for table, columns in contents.items()],
        }
    )
    signature = signer.covering(request, role=tenant.role, backend_pid=connection.backend_pid)
    call = func.control.seal_over(literal(request, Text), literal(signature, Text), type_=BigInteger)
    covered: int = (await session.scalars(select(call))).one()
    session.expire_all()
    return covered
