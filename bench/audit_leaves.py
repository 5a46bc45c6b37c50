"""What an audit leaf costs the transaction that leaves it: 16 writers on one tenant, with a leaf and without.

Two kinds of transaction: a note written on a ticket by the product's own verb, each writer on a ticket of its own, and
the smallest there is, one row inserted by the bare driver, where the leaf's own cost shows most. Both commit durably.
A sealer works all the while, as it would.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import asyncpg

from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import add_note
from anshou.worker.sealing import Sealer
from bench.ground import Ground
from bench.rows import Row, at_least
from confidentiality.audit.encoding import LeafContent
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.signing import SETTING, Signer
from tests.cast import settle
from tests.tickets.samples import report

WRITERS = 16
ROUNDS = 31
NOTES = 6
ROWS = 60
LEAST = 0.85

_ROW = "INSERT INTO kept_answer VALUES ($1, $1, $2, '', 200, '{}', '', now())"
_LEAF = """
    INSERT INTO audit_leaf (id, at, action, actor_id, actor_side, body, leaf_hash)
    VALUES ($1, $2, $3, $4, 'agency', $5, $6)
"""

Once = Callable[[int, bool], Awaitable[None]]


async def measure(ground: Ground) -> list[Row]:
    """With and without a leaf by turns."""
    tenant = ground.tenants[-3 if len(ground.tenants) > 2 else -1]
    limits = PoolLimits(per_tenant=WRITERS + 1, total=WRITERS + 2)
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=limits, carry=ground.carry)
    try:
        async with _sealing(tenants, ground):
            notes = await _compared(NOTES, await _writing_notes(tenants, tenant))
            async with _connections(ground, tenant) as connections:
                rows = await _compared(ROWS, _inserting(ground, tenant, connections))
    finally:
        await tenants.close()
    return [
        at_least(
            "audit leaf in a transaction, throughput against none, 16 writers on one tenant",
            _ratio(notes),
            LEAST,
            detail=f"a note on a ticket: {_said(notes)}",
        ),
        Row(
            measure="the same for the smallest transaction there is, one row by the bare driver",
            value=f"{_ratio(rows):.2f}",
            detail=_said(rows),
        ),
    ]


@asynccontextmanager
async def _sealing(tenants: Tenants, ground: Ground) -> AsyncIterator[None]:
    stop = asyncio.Event()
    sealer = asyncio.create_task(Sealer(tenants, ground.credentials.secret).run(stop))
    yield
    stop.set()
    await sealer


async def _writing_notes(tenants: Tenants, tenant: Tenant) -> Once:
    now = datetime.now(UTC)
    tickets: list[UUID] = []
    async with tenants.session(tenant, AGENCY) as session:
        people = await settle(session, now)
        for _ in range(WRITERS):
            ticket = await open_ticket(session, report(Kind.SERVICE_QUALITY, now), by=people.owner, at=now)
            tickets.append(ticket.id)
    writer: Person = people.supervisor

    async def write(number: int, leaving: bool) -> None:
        async with tenants.session(tenant, writer.context()) as session:
            ticket = await session.get_one(Ticket, tickets[number])
            await add_note(session, ticket, "已联系美工核对首屏图片。", by=writer, at=datetime.now(UTC))
            if not leaving:
                # What would be done at the edge: the leaf of the entry.
                session.info.pop("before_commit")

    return write


def _inserting(ground: Ground, tenant: Tenant, connections: list[asyncpg.Connection]) -> Once:
    signer = Signer(ground.credentials)

    async def insert(number: int, leaving: bool) -> None:
        connection = connections[number]
        at = datetime.now(UTC)
        token = signer.token(AGENCY, role=tenant.role, backend_pid=connection.get_server_pid(), at=at)
        await connection.execute(f"BEGIN; SET LOCAL {SETTING} = '{token}'")
        await connection.execute(_ROW, new_id(), "bench")
        if leaving:
            leaf = _leaf(at)
            hashed = leaf.hash(tenant.id)
            await connection.execute(_LEAF, leaf.id, leaf.at, leaf.action, leaf.actor_id, leaf.body, hashed)
        await connection.execute("COMMIT")

    return insert


def _leaf(at: datetime) -> LeafContent:
    return LeafContent(
        id=new_id(),
        at=at,
        action="bench.done",
        actor_id=UUID(int=7),
        actor_side="agency",
        merchant_id=None,
        subject_id=None,
        ticket_id=None,
        sealed_for=None,
        body=b'{"actor":"bench","digest":"%s"}' % (b"0" * 64),
    )


@asynccontextmanager
async def _connections(ground: Ground, tenant: Tenant) -> AsyncIterator[list[asyncpg.Connection]]:
    password = ground.credentials.password(tenant.role, tenant.password_epoch)
    arguments = ground.address.login(tenant.role, password)
    opened = [await asyncpg.connect(**arguments) for _ in range(WRITERS)]
    yield opened
    for connection in opened:
        await connection.close()


async def _compared(each: int, once: Once) -> dict[bool, list[float]]:
    """Transactions per second with a leaf and without, by turns.

    Many short rounds: what slows the machine down for a second slows neighbours, one of each kind.
    """
    found: dict[bool, list[float]] = {True: [], False: []}
    await _throughput(each, once, True)
    for turn in range(ROUNDS):
        for leaving in (turn % 2 == 0, turn % 2 == 1):
            found[leaving].append(await _throughput(each, once, leaving))
    return found


async def _throughput(each: int, once: Once, leaving: bool) -> float:
    async def work(number: int) -> None:
        for _ in range(each):
            await once(number, leaving)

    began = time.monotonic()
    await asyncio.gather(*(work(number) for number in range(WRITERS)))
    return WRITERS * each / (time.monotonic() - began)


def _ratio(found: dict[bool, list[float]]) -> float:
    return median(found[True]) / median(found[False])


def _said(found: dict[bool, list[float]]) -> str:
    with_leaf, without = (
        f"{median(found[leaving]):,.0f} ({min(found[leaving]):,.0f}–{max(found[leaving]):,.0f})"
        for leaving in (True, False)
    )
    return f"{with_leaf} transactions a second with a leaf, {without} without; {ROUNDS} rounds each"
