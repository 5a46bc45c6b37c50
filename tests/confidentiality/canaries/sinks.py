"""Where content would come to lie: rows, the server's log, files, letters."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from tenants.registry import Tenant
from tests.database import Database

_TABLES = "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname = ANY($1)"


async def rows(database: Database, *tenants: Tenant) -> list[tuple[str, str]]:
    """Table and text of every row of the tenants and of the registry, read as the superuser, past every fence."""
    superuser = await database.connect_as_superuser()
    try:
        schemas = ["control", "public", *(tenant.schema for tenant in tenants)]
        tables = [row[0] for row in await superuser.fetch(_TABLES, schemas)]
        return [
            (table, row[0])
            for table in tables
            for row in await superuser.fetch(f"SELECT to_jsonb(t)::text FROM {table} AS t")
        ]
    finally:
        await superuser.close()


class DatabaseLog:
    """What the server logs of one database from the moment on at which it was opened.

    Where lines do not say whose they are (`log_line_prefix` without %d) all are taken, also those of other databases.
    """

    def __init__(self, superuser: asyncpg.Connection, start: int, database: str) -> None:
        self._superuser = superuser
        self._start = start
        self._sign = f"@{database} ".encode()

    async def lines(self) -> set[bytes]:
        """What was written since, each line once and without time and process."""
        # The server's collector writes a little later, but in order.
        mark = secrets.token_hex(8)
        for statement in ("SET log_statement = 'all'", f"SELECT '{mark}'", "RESET log_statement"):
            await self._superuser.execute(statement)
        while mark.encode() not in (written := await self._read()):  # noqa: ASYNC110  Nobody tells when it is there.
            await asyncio.sleep(0.05)
        lines = set()
        ours = named = self._sign in written
        for line in written.splitlines():
            # What goes on begins with a tab; it belongs to whoever began.
            if named and not line.startswith(b"\t"):
                ours = self._sign in line
            if ours or not named:
                lines.add(line.partition(self._sign)[2] or line.partition(b"] ")[2] or line)
        return lines

    async def _read(self) -> bytes:
        read = "SELECT pg_read_binary_file(pg_current_logfile(), $1, 1000000000)"
        written: bytes = await self._superuser.fetchval(read, self._start)
        return written


@asynccontextmanager
async def database_log(database: Database) -> AsyncIterator[DatabaseLog | None]:
    """The server's log while it writes every statement and every duration of this database; None if it keeps none.

    That is more than we ask of nobody to bear, and all that an operator may switch on.
    """
    superuser = await database.connect_as_superuser()
    name = make_url(database.url).database
    loud = {"log_statement": "'all'", "log_min_duration_statement": "0", "log_lock_waits": "on"}
    try:
        size = await superuser.fetchval("SELECT size FROM pg_stat_file(pg_current_logfile())")
        for setting, value in loud.items():
            await superuser.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
        yield None if size is None else DatabaseLog(superuser, size, str(name))
    finally:
        for setting in loud:
            await superuser.execute(f"ALTER DATABASE {name} RESET {setting}")
        await superuser.close()


def files(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below, with its name as part of what it tells."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(directory))
            yield name, name.encode() + b"\n" + path.read_bytes()


def letters(directory: Path) -> Iterator[tuple[str, str]]:
    """Every letter: its headers and body decoded, and as it was sent."""
    for path in sorted(directory.iterdir()):
        sent = path.read_bytes()
        mail: Any = message_from_bytes(sent, policy=policy.default)
        yield path.name, str(mail.items()) + mail.get_content() + sent.decode()
