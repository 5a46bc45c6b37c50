"""From an API key to the agency and the person it stands for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anshou.gate.callers import Caller
from anshou.people.api_keys import code_in, find_keyed
from anshou.people.web_sessions import Origin
from tenants.context import DOOR
from tenants.sessions import Tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCaller(Caller):
    """Somebody who asks by an API key; `key` is the id of its row."""

    key: UUID


async def identify_by_key(tenants: Tenants, key: str, *, origin: Origin, at: datetime) -> KeyCaller | None:
    """Who asks, within the key's scopes; None for a key that does not hold, whatever the reason."""
    code = code_in(key)
    tenant = await tenants.find(code) if code else None
    if tenant is None:
        return None
    async with tenants.session(tenant, DOOR) as session:
        keyed = await find_keyed(session, key, at=at)
    if keyed is None:
        return None
    return KeyCaller(tenant=tenant, person=keyed.person, origin=origin, at=at, key=keyed.id)
