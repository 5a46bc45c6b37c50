"""CPU of a list of 50 tickets, as JSON and as the page, against a bare driver that reads and encodes the same rows.

Asked of a real web process over HTTP, so that parsing, sign-in, permission, isolation and writing the answer are in it.
The reference sends the very statements that the request sent, in the same contexts of one transaction, and makes what
came back into JSON with msgspec; it has no server around it.
"""

import cProfile
import pstats
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from statistics import median
from typing import Any

import asyncpg
import httpx
import msgspec
import psutil
from sqlalchemy import Engine, event

from anshou.main import create_app
from anshou.people.api_keys import KeyRequest, make_key
from anshou.people.roles import Scope
from anshou.portal import assets
from anshou.settings import read_settings
from bench.ground import Ground
from bench.million import Seeded
from bench.rows import Row, at_most
from bench.web import cpu_seconds, signed_in, web_process
from tenants.context import AGENCY, DOOR, Context
from tenants.pool import PoolLimits
from tenants.sessions import Tenants
from tenants.signing import SETTING, Signer
from tests.api.conftest import ALL_SCOPES
from tests.portal.visitor import Visitor

REQUESTS = 200
ROUNDS = 5
WARMING = 30
PROFILED = 100

LIST = "/api/v1/tickets?tab=open&limit=50"
PAGE = "/tickets?tab=open"
SETTINGS = {"ANSHOU_API_RATE": "1000000"}

Ask = Callable[[], Awaitable[int]]


@dataclass(slots=True)
class Sent:
    """What one request sent to the database: each statement with its values and whether it was asked at the door."""

    statements: list[tuple[str, tuple[Any, ...], bool]] = field(default_factory=list)
    at_door: bool = False


async def measure(ground: Ground, large: Seeded) -> list[Row]:
    """The list and the page of the account manager's open tickets."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(tenants.close)
        key = await key_for(tenants, large)
        assets.build()
        app = create_app(read_settings(SETTINGS), secret=ground.credentials.secret, tenants=tenants)
        inside = await opened.enter_async_context(Visitor(app))
        await inside.sign_in("manager", agency=large.tenant.code)
        inside.client.headers["authorization"] = f"Bearer {key}"
        process, address = await opened.enter_async_context(web_process(ground, SETTINGS))
        outside = await opened.enter_async_context(signed_in(address, large.tenant, "manager"))
        # As a browser asks, so that the page is compressed.
        asks = {"sec-fetch-site": "same-origin", "accept-encoding": "gzip, deflate, br"}
        outside.client.headers.update({"authorization": f"Bearer {key}", **asks})
        found = []
        for path, what, limit in ((LIST, "JSON list of 50 tickets", 4.0), (PAGE, "HTML queue page", 8.0)):
            found.append(await _compared(ground, large, process, (outside.client, inside.client), path, what, limit))
        return found


async def key_for(tenants: Tenants, large: Seeded, scopes: tuple[Scope, ...] = ALL_SCOPES) -> str:
    """An API key of the account manager."""
    async with tenants.session(large.tenant, AGENCY) as session:
        wanted = KeyRequest(name="bench", account_id=large.manager.id, scopes=scopes)
        return (await make_key(session, wanted, by=large.admin, at=datetime.now(UTC)))[1]


async def _compared(
    ground: Ground,
    large: Seeded,
    process: psutil.Process,
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
    path: str,
    what: str,
    limit: float,
) -> Row:
    outside, inside = clients
    statements = await _sent(inside, path)
    for _ in range(WARMING):
        size = await _ask(outside, path)
    ours, bare, read = [], [], 0
    for _ in range(ROUNDS):
        ours.append(await _cpu_of(process, outside, path))
        seconds, read = await _cpu_of_driver(ground, large, statements)
        bare.append(seconds)
    # Round by round: the machine may be twice as fast a minute later, and then it is for both.
    ratios = sorted(one / other for one, other in zip(ours, bare, strict=True))
    ratio = median(ratios)
    return at_most(
        f"{what}, process CPU, against bare asyncpg and msgspec for the same rows",
        ratio,
        limit,
        detail=f"rounds {ratios[0]:.2f}–{ratios[-1]:.2f}; ours {_milliseconds(ours)}, {size // 1024} KiB; bare "
        f"{_milliseconds(bare)}, {read} rows of {len(statements)} statements; {REQUESTS} requests a round, "
        f"{large.tickets:,} tickets",
        profile="" if ratio <= limit else await profile(inside, path),
    )


async def _ask(client: httpx.AsyncClient, path: str) -> int:
    answer = await client.get(path)
    if answer.status_code != 200 or answer.text.count("FW2") < 10:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(answer.content)


async def _cpu_of(process: psutil.Process, client: httpx.AsyncClient, path: str) -> float:
    before = cpu_seconds(process)
    for _ in range(REQUESTS):
        await client.get(path)
    return (cpu_seconds(process) - before) / REQUESTS


async def _sent(client: httpx.AsyncClient, path: str) -> list[tuple[str, tuple[Any, ...], bool]]:
    """What a request reads, as it goes to the database: through SQLAlchemy, and through the driver alone."""
    sent = Sent()

    def note(sql: str, values: Any) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.statements.append((sql, tuple(values), sent.at_door))

    def note_of_sqlalchemy(connection: Any, cursor: Any, sql: str, values: Any, context: Any, many: bool) -> None:
        note(sql, values)

    fetch, execute = asyncpg.Connection.fetch, asyncpg.Connection.execute

    async def noted(connection: asyncpg.Connection, sql: str, *values: Any, **options: Any) -> Any:
        note(sql, values)
        return await fetch(connection, sql, *values, **options)

    async def entered(connection: asyncpg.Connection, sql: str, *values: Any, **options: Any) -> Any:
        if SETTING in sql:
            sent.at_door = f"{SETTING} = 'door|" in sql
        return await execute(connection, sql, *values, **options)

    await _ask(client, path)
    event.listen(Engine, "before_cursor_execute", note_of_sqlalchemy)
    asyncpg.Connection.fetch, asyncpg.Connection.execute = noted, entered
    try:
        await _ask(client, path)
    finally:
        asyncpg.Connection.fetch, asyncpg.Connection.execute = fetch, execute
        event.remove(Engine, "before_cursor_execute", note_of_sqlalchemy)
    # The registry is remembered for some seconds, and belongs to another login.
    return [each for each in sent.statements if "control.tenant" not in each[0]]


async def _cpu_of_driver(
    ground: Ground, large: Seeded, statements: list[tuple[str, tuple[Any, ...], bool]]
) -> tuple[float, int]:
    """CPU seconds of this process per transaction with the same statements, and how many rows it read."""
    role = large.tenant.role
    password = ground.credentials.password(role, large.tenant.password_epoch)
    connection = await asyncpg.connect(**ground.address.login(role, password))
    signer, pid = Signer(ground.credentials), connection.get_server_pid()
    encoder = msgspec.json.Encoder()
    read = 0

    def entering(context: Context) -> str:
        token = signer.token(context, role=role, backend_pid=pid, at=datetime.now(UTC))
        return f"SET LOCAL {SETTING} = '{token}'"

    at_door = [each for each in statements if each[2]]
    inside = [each for each in statements if not each[2]]
    try:
        for turn in range(REQUESTS + WARMING):
            if turn == WARMING:
                began, read = time.process_time(), 0
            await connection.execute(f"BEGIN; {entering(DOOR)}")
            for sql, values, _ in at_door:
                read += len(await connection.fetch(sql, *values))
            await connection.execute(entering(large.manager.context()))
            for sql, values, _ in inside:
                records = await connection.fetch(sql, *values)
                encoder.encode([dict(record) for record in records])
                read += len(records)
            await connection.execute("COMMIT")
        return (time.process_time() - began) / REQUESTS, read // REQUESTS
    finally:
        await connection.close()


async def profile(client: httpx.AsyncClient, path: str, lines: int = 45) -> str:
    """Where a request's CPU goes, per function, in this process and without the HTTP server."""
    await _ask(client, path)
    measured = cProfile.Profile()
    measured.enable()
    for _ in range(PROFILED):
        await client.get(path)
    measured.disable()
    written = StringIO()
    pstats.Stats(measured, stream=written).strip_dirs().sort_stats("tottime").print_stats(lines)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines() if line.strip())


def _milliseconds(seconds: list[float]) -> str:
    return " / ".join(f"{each * 1000:.2f}" for each in seconds) + " ms"
