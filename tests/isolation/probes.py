"""What an actor can do to the rows of one side of one table, tried one by one and undone each time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO

import asyncpg

from tests.isolation.world import Row, Side, Table, World, insert

Outcome = int | str
"""How many rows were reached, or the SQLSTATE of the refusal."""

REFUSALS = ("42501", "0A000")
"""insufficient_privilege, also a policy's refusal; feature_not_supported, as COPY FROM under policies is."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An operation on the rows of one side, by an actor on a connection whose context is set."""

    world: World
    table: Table
    side: Side
    connection: asyncpg.Connection
    name: str

    @property
    def target(self) -> str:
        """A condition for the rows of this side, with the parameter $1; all rows if nobody in particular owns them."""
        return f'"{self.table.owner_column}" = $1' if self.table.owner_column else "$1::uuid IS NOT NULL"

    @property
    def owner(self) -> object:
        return self.world.owner_of(self.table, self.side)

    @property
    def fresh(self) -> Row:
        return self.world.new_row(self.table, self.side)


async def select(attempt: Attempt) -> int:
    count: int = await attempt.connection.fetchval(
        f"SELECT count(*) FROM {attempt.name} WHERE {attempt.target}", attempt.owner
    )
    return count


async def insert_row(attempt: Attempt) -> int:
    await insert(attempt.connection, attempt.name, attempt.fresh)
    return 1


async def update(attempt: Attempt) -> int:
    column = next(iter(attempt.table.columns))
    status = await attempt.connection.execute(
        f'UPDATE {attempt.name} SET "{column}" = "{column}" WHERE {attempt.target}', attempt.owner
    )
    return _count(status)


async def give_away(attempt: Attempt) -> int:
    """Move any row that the actor can reach to this side."""
    column = attempt.table.owner_column
    if column is None:
        return 0
    status = await attempt.connection.execute(
        f'UPDATE {attempt.name} SET "{column}" = $1 WHERE "{column}" <> $1', attempt.owner
    )
    return _count(status)


async def delete(attempt: Attempt) -> int:
    status = await attempt.connection.execute(f"DELETE FROM {attempt.name} WHERE {attempt.target}", attempt.owner)
    return _count(status)


async def upsert(attempt: Attempt) -> int:
    """Take over the existing row of this side by colliding with its key."""
    row = attempt.world.rows[attempt.table.name][attempt.side]
    key = ", ".join(f'"{name}"' for name in attempt.table.key)
    column = attempt.table.key[0]
    await insert(
        attempt.connection, attempt.name, row, f'ON CONFLICT ({key}) DO UPDATE SET "{column}" = excluded."{column}"'
    )
    return 1


async def copy_out(attempt: Attempt) -> int:
    out = BytesIO()
    await attempt.connection.copy_from_query(f"TABLE {attempt.name}", output=out, format="csv", header=True)
    header, *lines = out.getvalue().decode().splitlines()
    if attempt.table.owner_column is None:
        return len(lines)
    position = header.split(",").index(attempt.table.owner_column)
    return sum(line.split(",")[position] == str(attempt.owner) for line in lines)


async def copy_in(attempt: Attempt) -> int:
    # The driver has no binary form of text search; COPY is refused before it looks at values.
    row = {name: value for name, value in attempt.fresh.items() if attempt.table.columns[name] != "tsvector"}
    schema, _, table = attempt.name.rpartition(".")
    await attempt.connection.copy_records_to_table(
        table.strip('"'), records=[tuple(row.values())], columns=list(row), schema_name=schema.strip('"') or None
    )
    return 1


READS: dict[str, Callable[[Attempt], Awaitable[int]]] = {"select": select, "copy out": copy_out}
WRITES: dict[str, Callable[[Attempt], Awaitable[int]]] = {
    "insert": insert_row,
    "update": update,
    "give away": give_away,
    "delete": delete,
    "upsert": upsert,
    "copy in": copy_in,
}
OPERATIONS = READS | WRITES


async def observe(
    world: World, connection: asyncpg.Connection, table: Table, actor: str, side: Side, operation: str
) -> Outcome:
    """What becomes of the operation when the actor of the first tenant tries it; undone afterwards."""
    return await _tried(world, connection, table, actor, side, operation, f'"{table.name}"')


async def observe_abroad(
    world: World, connection: asyncpg.Connection, table: Table, side: Side, operation: str
) -> Outcome:
    """The same by another tenant's login, which names the first tenant's table in full."""
    return await _tried(world, connection, table, None, side, operation, f'"{world.tenant.schema}"."{table.name}"')


async def _tried(
    world: World,
    connection: asyncpg.Connection,
    table: Table,
    actor: str | None,
    side: Side,
    operation: str,
    name: str,
) -> Outcome:
    transaction = connection.transaction()
    await transaction.start()
    try:
        if actor is not None:
            await world.enter(connection, world.actors[actor])
        return await OPERATIONS[operation](Attempt(world, table, side, connection, name))
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    finally:
        await transaction.rollback()


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
