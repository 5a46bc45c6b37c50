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
        return f"{claim}|{self._code(f'{role}|{backend_pid}|{claim}')}"

    def erasure(self, request: str, *, role: str, backend_pid: int) -> str:
        """The HMAC-SHA256 in hex without which `control.erase` does nothing; no login is called `erasure`."""
        return self._code(f"erasure|{role}|{backend_pid}|{request}")

    def covering(self, request: str, *, role: str, backend_pid: int) -> str:
        """The HMAC-SHA256 in hex without which `control.seal_over` does nothing; no login is called `seal_over`."""
        return self._code(f"seal_over|{role}|{backend_pid}|{request}")

    def taking_back(self, request: str, *, role: str, backend_pid: int) -> str:
        """The HMAC-SHA256 in hex without which `control.take_back` does nothing; no login is called `take_back`."""
        return self._code(f"take_back|{role}|{backend_pid}|{request}")

    def _code(self, text: str) -> str:
        mac = self._mac.copy()
        mac.update(text.encode())
        return mac.hexdigest()
