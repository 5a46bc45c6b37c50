"""Process CPU of the ticket page, against a bare driver that reads the same rows.

The page is asked of a real web process over HTTP, so parsing, sign-in, permission and writing the answer are in it. The
reference sends the very statements that the page sent, on a login and in a context like its own, and does nothing with
what comes back. CPU rather than wall time, because it says how many people one core serves.
"""

import cProfile
import pstats
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from statistics import median
from typing import Any

import asyncpg
import psutil
from litestar import Litestar
from sqlalchemy import Engine, event

from anshou.main import create_app
from anshou.people.person import Person
from anshou.portal import assets
from anshou.settings import read_settings
from anshou.tickets.kinds import Kind
from anshou.tickets.reach import visible_ticket
from anshou.tickets.timeline import post_message
from bench.ground import Ground
from bench.rows import Row, at_most
from bench.web import cpu_seconds, signed_in, web_process
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.signing import SETTING, Signer
from tests.cast import settle
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk

REQUESTS = 300
ROUNDS = 5
MESSAGES = 12
LIMIT = 10.0
PROFILED = 60


@dataclass(frozen=True, slots=True)
class Scene:
    """A ticket in execution with a thread, and who looks at it."""

    tenant: Tenant
    manager: Person
    number: str


async def measure(ground: Ground) -> list[Row]:
    """One line, with the profile of the page."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    try:
        scene = await _set(tenants, ground.tenants[-1])
        app = _app(tenants, ground)
        statements = await _statements(app, scene)
        async with web_process(ground) as (process, address), signed_in(address, scene.tenant, "manager") as visitor:
            for _ in range(20):
                await _open(visitor, scene)
            ours, bare, size = [], [], 0
            for _ in range(ROUNDS):
                seconds, size = await _cpu_of_page(process, visitor, scene)
                ours.append(seconds)
                bare.append(await _cpu_of_driver(ground, scene, statements))
        # Round by round: the machine may be twice as fast a minute later, and then it is for both.
        ratio = median(one / other for one, other in zip(ours, bare, strict=True))
        return [
            at_most(
                "ticket page, process CPU, against bare asyncpg reading the same rows",
                ratio,
                LIMIT,
                detail=f"ours {_milliseconds(ours)}, {size // 1024} KiB of HTML; bare {_milliseconds(bare)}, "
                f"{len(statements)} statements; {REQUESTS} requests a round",
                profile="" if ratio <= LIMIT else await _profile(app, scene),
            )
        ]
    finally:
        await tenants.close()


async def _set(tenants: Tenants, tenant: Tenant) -> Scene:
    """Today, so that the session of whoever signs in over HTTP has not expired."""
    now = datetime.now(UTC)
    async with tenants.session(tenant, AGENCY) as session:
        people = await settle(session, now)

        async def act_as(context: Any) -> None:
            await tenants.switch(session, context)

        desk = Desk(session, act_as, people, now=now)
        await desk.open(Kind.SERVICE_QUALITY, people.owner)
        for who, move in (
            (people.account_manager, "accept"),
            (people.account_manager, "dispatch"),
            (people.specialist, "conclude_analysis"),
            (people.specialist, "submit_plan"),
            (people.supervisor, "approve_plan"),
            (people.owner, "accept_plan"),
        ):
            await desk.act(who, move)
        for number in range(MESSAGES):
            who = (people.account_manager, people.owner)[number % 2]
            await act_as(who.context())
            ticket = await visible_ticket(session, who, desk.number)
            at = desk.now + timedelta(minutes=number)
            await post_message(session, ticket, "已联系美工核对首屏图片，今天内换回确认稿。", by=who, at=at)
        return Scene(tenant, people.account_manager, desk.number)


def _app(tenants: Tenants, ground: Ground) -> Litestar:
    """The same application inside this process, to see what it sends and where its time goes."""
    assets.build()
    return create_app(read_settings({}), secret=ground.credentials.secret, tenants=tenants)


async def _statements(app: Litestar, scene: Scene) -> list[tuple[str, tuple[Any, ...]]]:
    """What the page reads, as it goes to the database: through SQLAlchemy, and through the driver alone."""
    sent: list[tuple[str, tuple[Any, ...]]] = []

    def note(sql: str, values: Any) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append((sql, tuple(values)))

    def note_of_sqlalchemy(connection: Any, cursor: Any, sql: str, values: Any, context: Any, many: bool) -> None:
        note(sql, values)

    fetch = asyncpg.Connection.fetch

    async def noted(connection: asyncpg.Connection, sql: str, *values: Any, **options: Any) -> Any:
        note(sql, values)
        return await fetch(connection, sql, *values, **options)

    async with Visitor(app) as visitor:
        await visitor.sign_in("manager", agency=scene.tenant.code)
        # The registry is remembered for some seconds, and belongs to another login.
        await _open(visitor, scene)
        event.listen(Engine, "before_cursor_execute", note_of_sqlalchemy)
        asyncpg.Connection.fetch = noted
        try:
            await _open(visitor, scene)
        finally:
            asyncpg.Connection.fetch = fetch
            event.remove(Engine, "before_cursor_execute", note_of_sqlalchemy)
    return sent


async def _cpu_of_page(process: psutil.Process, visitor: Visitor, scene: Scene) -> tuple[float, int]:
    """CPU seconds of the web process per request, in user and kernel mode, and the size of the page in bytes."""
    before = cpu_seconds(process)
    for _ in range(REQUESTS):
        await _open(visitor, scene)
    seconds = cpu_seconds(process) - before
    return seconds / REQUESTS, len(visitor.text.encode())


async def _cpu_of_driver(ground: Ground, scene: Scene, statements: list[tuple[str, tuple[Any, ...]]]) -> float:
    """CPU seconds of this process per transaction with the same statements."""
    role = scene.tenant.role
    password = ground.credentials.password(role, scene.tenant.password_epoch)
    connection = await asyncpg.connect(**ground.address.login(role, password))
    signer, pid = Signer(ground.credentials), connection.get_server_pid()
    try:
        for turn in range(REQUESTS + 20):
            if turn == 20:
                began = time.process_time()
            token = signer.token(scene.manager.context(), role=role, backend_pid=pid, at=datetime.now(UTC))
            await connection.execute(f"BEGIN; SET LOCAL {SETTING} = '{token}'")
            for sql, values in statements:
                await connection.fetch(sql, *values)
            await connection.execute("COMMIT")
        return (time.process_time() - began) / REQUESTS
    finally:
        await connection.close()


async def _profile(app: Litestar, scene: Scene) -> str:
    """Where a request's CPU goes, per function, in this process and without the HTTP server."""
    async with Visitor(app) as visitor:
        await visitor.sign_in("manager", agency=scene.tenant.code)
        await _open(visitor, scene)
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(PROFILED):
            await _open(visitor, scene)
        profile.disable()
    written = StringIO()
    pstats.Stats(profile, stream=written).strip_dirs().sort_stats("tottime").print_stats(30)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines() if line.strip())


async def _open(visitor: Visitor, scene: Scene) -> None:
    await visitor.go(f"/tickets/{scene.number}")
    if visitor.status != 200 or not visitor.says("已联系美工核对"):
        raise RuntimeError(f"the ticket page answered {visitor.status}")


def _milliseconds(seconds: list[float]) -> str:
    return " / ".join(f"{each * 1000:.2f}" for each in seconds) + " ms"
