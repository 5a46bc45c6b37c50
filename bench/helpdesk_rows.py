"""The tickets of a tenant of `bench.million`, poured into the tables of django-helpdesk.

A merchant becomes a queue, a colleague a user, an entry a follow-up; a closed ticket has its status "Closed". Its
numbers are those of our tickets in the order of their opening.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from bench.ground import Ground
from tenants.registry import Tenant

_COLLEAGUES = """
SELECT owner_id AS account_id FROM ticket WHERE owner_id IS NOT NULL UNION SELECT account_id FROM role_grant
"""

_NUMBERED = f"""
CREATE TEMP TABLE numbered AS
SELECT id AS ticket_id, number, row_number() OVER (ORDER BY opened_at, id)::int AS place,
    dense_rank() OVER (ORDER BY merchant_id)::int AS queue
FROM ticket;
CREATE UNIQUE INDEX ON numbered (ticket_id);
CREATE TEMP TABLE colleague AS
SELECT account_id, row_number() OVER (ORDER BY account_id)::int AS person FROM ({_COLLEAGUES}) AS colleagues;
ANALYZE numbered;
ANALYZE colleague;
"""

_TICKETS = """
SELECT place, title, opened_at, coalesce(last_entry_at, opened_at), 'merchant' || queue || '@example.invalid',
    person + {first_person} - 1, CASE WHEN closed_at IS NULL THEN 1 ELSE 4 END, on_hold, description,
    CASE WHEN closed_at IS NOT NULL THEN '已按约定处理完毕，感谢理解。' END,
    CASE WHEN urgency = 'urgent' THEN 2 ELSE 3 END, next_due_at, md5(place::text), queue + {first_queue} - 1
FROM ticket JOIN numbered ON ticket_id = id LEFT JOIN colleague ON account_id = owner_id
"""
_OF_TICKETS = (
    "id", "title", "created", "modified", "submitter_email", "assigned_to_id", "status", "on_hold", "description",
    "resolution", "priority", "due_date", "secret_key", "queue_id",
)  # fmt: skip

_ENTRIES = """
SELECT row_number() OVER (), at, coalesce(move, sort), coalesce(body, record ->> 'message', record ->> 'summary'),
    audience = 'merchant', person + {first_person} - 1, place
FROM entry JOIN numbered USING (ticket_id) LEFT JOIN colleague ON account_id = author_id
"""
_OF_ENTRIES = ("id", "date", "title", "comment", "public", "user_id", "ticket_id")


@dataclass(frozen=True, slots=True)
class Source:
    """A tenant's tickets numbered for the peer. `people` is how many users they need there."""

    connection: asyncpg.Connection
    people: int

    async def some_tickets(self, count: int) -> list[tuple[int, str]]:
        """Tickets of all times: their number there and here."""
        every = "place % ((SELECT count(*) FROM numbered) / $1) = 1"
        chosen = f"SELECT place, number FROM numbered WHERE {every} ORDER BY place LIMIT $1"
        return [(row["place"], row["number"]) for row in await self.connection.fetch(chosen, count)]

    async def pour(self, target: asyncpg.Connection, made: Mapping[str, int]) -> None:
        """Copy all tickets and entries over; `made` says where its users and queues begin."""
        # What refers to what has been seen to; its triggers would look each of them up once more.
        await target.execute("SET session_replication_role = replica")
        for table, columns, query in (
            ("helpdesk_ticket", _OF_TICKETS, _TICKETS),
            ("helpdesk_followup", _OF_ENTRIES, _ENTRIES),
        ):
            await _copy(self.connection, query.format(**made), target, table, columns)
            await target.execute(f"VACUUM (ANALYZE) {table}")


@asynccontextmanager
async def tickets_of(ground: Ground, tenant: Tenant) -> AsyncIterator[Source]:
    """The tickets of the tenant, for as long as the block runs."""
    superuser = await ground.superuser()
    try:
        await superuser.execute(f"SET search_path = \"{tenant.schema}\"; SET work_mem = '256MB'")
        await superuser.execute(_NUMBERED)
        yield Source(superuser, await superuser.fetchval("SELECT count(*) FROM colleague"))
    finally:
        await superuser.close()


async def _copy(
    source: asyncpg.Connection, query: str, target: asyncpg.Connection, table: str, columns: tuple[str, ...]
) -> None:
    """From one connection into the other, a few pieces at a time."""
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(16)

    async def arriving() -> AsyncIterator[bytes]:
        while (piece := await pieces.get()) is not None:
            yield piece

    async def read() -> None:
        await source.copy_from_query(query, output=pieces.put)
        await pieces.put(None)

    async with asyncio.TaskGroup() as both:
        both.create_task(read())
        both.create_task(target.copy_to_table(table, source=arriving(), columns=columns))
