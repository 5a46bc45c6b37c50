"""From an API key to the agency and the person it stands for."""

from datetime import datetime

from anshou.gate.callers import Caller
from anshou.people.api_keys import code_in, find_keyed
from anshou.people.web_sessions import Origin
from tenants.context import DOOR
from tenants.sessions import Tenants


async def identify_by_key(tenants: Tenants, key: str, *, origin: Origin, at: datetime) -> Caller | None:
    """Who asks, within the key's scopes; None for a key that does not hold, whatever the reason."""
    code = code_in(key)
    tenant = await tenants.find(code) if code else None
    if tenant is None:
        return None
    async with tenants.session(tenant, DOOR) as session:
        keyed = await find_keyed(session, key, at=at)
    return Caller(tenant=tenant, person=keyed.person, origin=origin, at=at) if keyed else None
