"""The signed token that carries a context into a transaction.

A bare setting could be changed by injected SQL; this one only by whoever holds the key. It is bound to the login and
to the backend's process id, so a token seen elsewhere is worth nothing, and it must be younger than a minute when its
transaction starts. `control.ctx_scope()` and its kin (migrations/control) check it.
"""

import hmac
from datetime import datetime, timedelta

from tenants.context import Context
from tenants.credentials import Credentials

SETTING = "anshou.ctx"
LIFETIME = timedelta(seconds=60)


class Signer:
    """Signs contexts for one installation."""

    def __init__(self, credentials: Credentials) -> None:
        self._mac = hmac.new(credentials.context_key(), digestmod="sha256")

    def token(self, context: Context, *, role: str, backend_pid: int, at: datetime) -> str:
        """`scope|person|merchant|expiry in Unix seconds|HMAC-SHA256 in hex`; absent ids are empty."""
        expires = int((at + LIFETIME).timestamp())
        claim = f"{context.scope}|{context.person or ''}|{context.merchant or ''}|{expires}"
        mac = self._mac.copy()
        mac.update(f"{role}|{backend_pid}|{claim}".encode())
        return f"{claim}|{mac.hexdigest()}"
