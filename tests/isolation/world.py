"""Two tenants full of rows, made from the catalog alone: one row per table for each of two merchants.

Checks, foreign keys and triggers are taken off first: what remains are grants, policies and keys, so that whatever is
refused is refused by them. New tables of any room are covered without a word here.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import asyncpg

from tenants.base import new_id
from tenants.context import AGENCY, DOOR, Context
from tenants.registry import Tenant
from tenants.signing import SETTING, Signer
from tests.database import Database

Side = Literal["a", "b"]
SIDES: tuple[Side, Side] = ("a", "b")
Row = dict[str, Any]

_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the catalog describes it."""

    name: str
    columns: dict[str, str]
    needed: frozenset[str]
    key: tuple[str, ...]
    references: dict[str, tuple[str, str]]

    @property
    def merchant_column(self) -> str | None:
        """The column that says whose row it is: a merchant's own row is its id."""
        if self.name == "merchant":
            return "id"
        return "merchant_id" if "merchant_id" in self.columns else None

    @property
    def person_column(self) -> str | None:
        """The column with the person whose row it is, where there is no merchant."""
        if self.merchant_column:
            return None
        if self.name == "account":
            return "id"
        return "account_id" if "account_id" in self.columns else None

    @property
    def owner_column(self) -> str | None:
        return self.merchant_column or self.person_column


@dataclass(slots=True)
class World:
    """The two tenants, and in the first one merchants `a` and `b`, each with a person and a member of staff."""

    database: Database
    tenant: Tenant
    other: Tenant
    tables: dict[str, Table] = field(default_factory=dict)
    merchants: dict[Side, UUID] = field(default_factory=lambda: {side: new_id() for side in SIDES})
    people: dict[Side, UUID] = field(default_factory=lambda: {side: new_id() for side in SIDES})
    staff: dict[Side, UUID] = field(default_factory=lambda: {side: new_id() for side in SIDES})
    rows: dict[str, dict[Side, Row]] = field(default_factory=dict)

    @property
    def actors(self) -> dict[str, Context | None]:
        """Who tries: without any context, at the door, the agency, merchant a's person, the staff of merchant a."""
        return {
            "nobody": None,
            "door": DOOR,
            "agency": AGENCY,
            "merchant": Context("merchant", self.people["a"], self.merchants["a"]),
            "staff": Context("staff", self.staff["a"]),
        }

    def owner_of(self, table: Table, side: Side) -> UUID:
        """Whom the row of this side belongs to, in the terms of the table's owner column."""
        return self.merchants[side] if table.merchant_column else self.people[side]

    def new_row(self, table: Table, side: Side) -> Row:
        """A row for this side with what the table needs and new values elsewhere."""
        row = {name: _value(kind) for name, kind in table.columns.items() if name in table.needed}
        for name, (target, column) in table.references.items():
            referred = self.rows.get(target, {}).get(side)
            if name in row and referred is not None:
                row[name] = referred.get(column, row[name])
        if "account_id" in table.columns:
            row["account_id"] = (self.staff if table.name == "assignment" else self.people)[side]
        if table.owner_column:
            row[table.owner_column] = self.owner_of(table, side)
        return row

    async def token(self, connection: asyncpg.Connection, context: Context, *, role: str | None = None) -> str:
        signer = Signer(self.database.credentials)
        pid = connection.get_server_pid()
        return signer.token(context, role=role or self.tenant.role, backend_pid=pid, at=datetime.now(UTC))

    async def enter(self, connection: asyncpg.Connection, context: Context | None) -> None:
        """Set the context of the connection's running transaction."""
        if context is not None:
            await connection.execute(f"SET LOCAL {SETTING} = '{await self.token(connection, context)}'")


async def make_world(database: Database) -> World:
    """Two tenants at the newest revision, bared of everything but grants, policies and keys, and filled."""
    world = World(
        database, await database.create_tenant("anhe", "安和"), await database.create_tenant("boyuan", "博远")
    )
    superuser = await database.connect_as_superuser()
    try:
        world.tables = await read_tables(superuser, world.tenant.schema)
        for tenant in (world.tenant, world.other):
            await _bare(superuser, tenant.schema)
        for table in _by_reference(world.tables):
            world.rows[table.name] = {side: world.new_row(table, side) for side in SIDES}
        for tenant in (world.tenant, world.other):
            for name, sides in world.rows.items():
                for row in sides.values():
                    # A table may hold a single row; then both sides share it.
                    await insert(superuser, f'"{tenant.schema}"."{name}"', row, "ON CONFLICT DO NOTHING")
    finally:
        await superuser.close()
    return world


async def insert(connection: asyncpg.Connection, table: str, row: Row, on_conflict: str = "") -> None:
    names = ", ".join(f'"{name}"' for name in row)
    passed: list[Any] = []
    values = []
    for value in row.values():
        if isinstance(value, list):
            # In the text, because the driver would ask the catalogue about an array, which a login may not read.
            values.append("'{}'")
            continue
        passed.append(value)
        values.append(f"${len(passed)}")
    await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(values)}) {on_conflict}", *passed)


async def read_tables(connection: asyncpg.Connection, schema: str) -> dict[str, Table]:
    """Every table of the schema."""
    columns = await connection.fetch(
        """
        SELECT relname, attname, format_type(atttypid, NULL) AS kind, attnotnull AND NOT atthasdef
            AND attidentity = '' AND attgenerated = '' AS needed
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = quote_ident($1)::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
        ORDER BY relname, attnum
        """,
        schema,
    )
    keys = await connection.fetch(
        """
        SELECT relname, contype::text AS contype, confrelid::regclass::text AS target,
            ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k(n, i)
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY i) AS here,
            ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k(n, i)
                  JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY i) AS there
        FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE connamespace = quote_ident($1)::regnamespace AND contype IN ('p', 'f')
        """,
        schema,
    )
    tables = {}
    for name in sorted({row["relname"] for row in columns}):
        own = [row for row in columns if row["relname"] == name]
        references = {
            here: (row["target"].rpartition(".")[2], there)
            for row in keys
            if row["relname"] == name and row["contype"] == "f"
            for here, there in zip(row["here"], row["there"], strict=True)
        }
        primary = [tuple(row["here"]) for row in keys if row["relname"] == name and row["contype"] == "p"]
        tables[name] = Table(
            name,
            {row["attname"]: row["kind"] for row in own},
            frozenset(row["attname"] for row in own if row["needed"]),
            primary[0] if primary else (),
            references,
        )
    return tables


async def _bare(superuser: asyncpg.Connection, schema: str) -> None:
    constraints = await superuser.fetch(
        "SELECT conrelid::regclass::text AS name, quote_ident(conname) AS conname FROM pg_constraint "
        "WHERE connamespace = quote_ident($1)::regnamespace AND contype IN ('c', 'f')",
        schema,
    )
    for row in constraints:
        await superuser.execute(f"ALTER TABLE {row['name']} DROP CONSTRAINT {row['conname']}")
    for row in await superuser.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", schema):
        await superuser.execute(f'ALTER TABLE "{schema}"."{row["tablename"]}" DISABLE TRIGGER ALL')


def _by_reference(tables: dict[str, Table]) -> Iterator[Table]:
    """Referenced tables before those that refer to them, as far as there are no circles."""
    waiting = dict(tables)
    while waiting:
        free = [
            table
            for table in waiting.values()
            if not any(target in waiting and target != table.name for target, _ in table.references.values())
        ] or [next(iter(waiting.values()))]
        for table in free:
            del waiting[table.name]
            yield table


def _value(kind: str) -> Any:
    number = next(_serial)
    now = datetime.now(UTC) + timedelta(seconds=number)
    match kind:
        case "uuid":
            return new_id()
        case "text" | "character varying" | "character" | "tsvector":
            return f"mark{number}"
        case "smallint":
            return number % 2**15
        case "integer" | "bigint" | "numeric":
            return number
        case "double precision" | "real":
            return float(number)
        case "boolean":
            return True
        case "timestamp with time zone":
            return now
        case "date":
            return date(2026, 1, 1) + timedelta(days=number)
        case "time without time zone":
            return time(number % 24, number % 60)
        case "interval":
            return timedelta(seconds=number)
        case "bytea":
            return number.to_bytes(32)
        case "jsonb" | "json":
            return "{}"
        case "inet":
            return f"10.0.{number % 65536 // 256}.{number % 256}"
        case array if array.endswith("[]"):
            return []
    raise NotImplementedError(f"no value for a column of type {kind}: add one above")
