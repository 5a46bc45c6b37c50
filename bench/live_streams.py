"""A thousand open pages of one agency: what a stream costs the web process, and how soon each hears of a commit.

All of them look at queues, so each change is told to every one: more than an agency brings about, and the worst case.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from anshou.people.person import Person
from anshou.tickets.kinds import Kind
from anshou.tickets.reach import visible_ticket
from anshou.tickets.timeline import post_message
from bench.ground import Ground
from bench.rows import Row, at_most
from bench.web import cpu_seconds, signed_in, web_process
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import settle
from tests.tickets.desk import Desk

STREAMS = 1000
CHANGES = 10
# Longer than news of one sort are held back to be told together.
BETWEEN = 4.0
QUIET_SECONDS = 20.0
LIMIT = 1.0
PATIENCE = 30.0


class Page:
    """One open stream and when it last told of a change."""

    def __init__(self) -> None:
        self.told_at = 0.0

    async def listen(self, host: str, port: int, cookies: str) -> None:
        """Until cancelled; whatever the stream says, only the time of `tickets` is kept."""
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET /live HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line == b"event: tickets\n":
                    self.told_at = time.perf_counter()
                elif line == b"event: hearing\n":
                    self.told_at = self.told_at or -1.0
        finally:
            writer.close()


async def measure(ground: Ground) -> list[Row]:
    """Memory and CPU of a stream, and the delay from the commit to the event at the page."""
    tenant = ground.tenants[-2]
    tenants = Tenants(ground.url, secret=ground.credentials.secret, carry=ground.carry)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(tenants.close)
        owner, number = await _scene(tenants, tenant)
        process, address = await opened.enter_async_context(web_process(ground))
        visitor = await opened.enter_async_context(signed_in(address, tenant, "manager"))
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
        where = urlsplit(address)
        memory = process.memory_info().rss
        pages = [Page() for _ in range(STREAMS)]
        listening = [
            asyncio.create_task(page.listen(str(where.hostname), int(where.port or 0), cookies)) for page in pages
        ]
        try:
            await _until(partial(_all_told, pages, None))
            memory = process.memory_info().rss - memory
            before = cpu_seconds(process)
            await asyncio.sleep(QUIET_SECONDS)
            quiet = (cpu_seconds(process) - before) / QUIET_SECONDS / STREAMS
            before, delays = cpu_seconds(process), []
            for turn in range(CHANGES):
                committed = await _change(tenants, tenant, owner, number, turn)
                await _until(partial(_all_told, pages, committed))
                delays += [page.told_at - committed for page in pages]
                await asyncio.sleep(BETWEEN)
            told = (cpu_seconds(process) - before) / CHANGES / STREAMS
        finally:
            for each in listening:
                each.cancel()
            for each in listening:
                with suppress(asyncio.CancelledError, OSError):
                    await each
    delays.sort()
    middle, last = delays[len(delays) // 2], delays[-1]
    detail = f"median {middle:.3f} s, last {last:.3f} s; {CHANGES} commits, each told to {STREAMS:,} streams"
    return [
        at_most(
            "live: from the commit to the event at the page, p95",
            delays[len(delays) * 95 // 100],
            LIMIT,
            unit=" s",
            detail=detail,
        ),
        Row(
            measure=f"live: a stream among {STREAMS:,}",
            value=f"{memory / STREAMS / 1024:.1f} KiB",
            detail=f"CPU of the process: {quiet * 1_000_000:.1f} µs a second when nothing happens, "
            f"{told * 1_000_000:.0f} µs per change that is told",
        ),
    ]


async def _scene(tenants: Tenants, tenant: Tenant) -> tuple[Person, str]:
    now = datetime.now(UTC)
    async with tenants.session(tenant, AGENCY) as session:
        people = await settle(session, now)

        async def act_as(context: object) -> None:
            await tenants.switch(session, context)  # type: ignore[arg-type]

        desk = Desk(session, act_as, people, now=now)
        await desk.open(Kind.SERVICE_QUALITY, people.owner)
        return people.owner, desk.number


async def _change(tenants: Tenants, tenant: Tenant, owner: Person, number: str, turn: int) -> float:
    """When the message began to be committed, on the clock of this process."""
    async with tenants.session(tenant, owner.context()) as session:
        ticket = await visible_ticket(session, owner, number)
        at = datetime.now(UTC) + timedelta(seconds=turn)
        await post_message(session, ticket, "请尽快换回确认稿。", by=owner, at=at)
        # The word may reach a page before we hear that the commit is done.
        return time.perf_counter()


def _all_told(pages: list[Page], since: float | None) -> bool:
    """Whether every page has heard of a change since then, or that it is being listened for."""
    return all(page.told_at if since is None else page.told_at > since for page in pages)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110  What is waited for is said on a thousand streams.
            await asyncio.sleep(0.01)
