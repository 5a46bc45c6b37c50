"""Where PostgreSQL is, read from a URL, and how to connect there as whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from tenants.errors import DatabaseUnavailable
from tenants.failures import LOST

_CONNECT_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A database and the login that owns it there; the owner's password does not show in the repr."""

    arguments: Mapping[str, Any]

    @classmethod
    def at(cls, url: str) -> "DatabaseAddress":
        """From `postgresql://owner:password@host:port/database?sslmode=…` (also `postgresql+asyncpg://`).

        A Unix socket is named by `?host=/directory`.
        """
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise ValueError("the database URL must begin with postgresql://")
        asyncpg_url = parsed.set(drivername="postgresql+asyncpg")
        arguments = dict(asyncpg_url.get_dialect()().create_connect_args(asyncpg_url)[1])
        if "sslmode" in arguments:
            arguments["ssl"] = arguments.pop("sslmode")
        arguments.setdefault("timeout", _CONNECT_TIMEOUT_SECONDS)
        return cls(MappingProxyType(arguments))

    def __repr__(self) -> str:
        return f"DatabaseAddress({self.arguments.get('host')!r}, {self.database!r})"

    @property
    def database(self) -> str:
        return str(self.arguments["database"])

    def login(self, role: str, password: str) -> dict[str, Any]:
        """asyncpg's connect arguments for another login of the same database."""
        return {**self.arguments, "user": role, "password": password}

    async def connect(self) -> asyncpg.Connection:
        """A connection of the owner, for migrations and provisioning only. Raises DatabaseUnavailable."""
        try:
            return await asyncpg.connect(**self.arguments)
        except LOST as error:
            raise DatabaseUnavailable(f"the database cannot be reached: {error}") from error
