"""django-helpdesk beside us: list, search and ticket page over the very same tickets, at sizes that grow.

Both are asked inside a process of their own, without an HTTP server, on the same PostgreSQL, one after the other in one
run; the reader sees every ticket. Its list is the page and the rows that its script asks for, 50 of them; ours is the
queue page with 50 rows, without the counts of tabs that come later. It searches title, description and resolution,
ours the messages and names of files besides. What its database has not answered within a minute counts as given up.

The words of a million tickets take minutes to read: our search is asked there when the bench `searching` has read them
in the same run, which `make bench` and `make bench ARGS="searching peer_figures"` do.
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from litestar import Litestar

from anshou.main import create_app
from anshou.portal import assets
from anshou.settings import read_settings
from bench import vocabulary
from bench.asking import ask
from bench.filling_words import fill_words
from bench.ground import Ground
from bench.helpdesk_rows import Source, tickets_of
from bench.million import LARGE, MERCHANTS, SMALL, Seeded, seeded
from bench.peers.environment import peer_database, run_program
from bench.rows import Row
from tenants.pool import PoolLimits
from tenants.sessions import Tenants
from tests.portal.visitor import Visitor

SIZES = (SMALL, 100_000, LARGE)
PROGRAM = "django_helpdesk_peer"

# Most requests of one page, and seconds after which three of them must do.
REQUESTS, SECONDS = 40, 20.0
TICKETS = 20

# Tickets of which the words are read for this bench alone.
MOST_READ = 100_000

WORDS = {"common": vocabulary.COMMON[:2], "rare": vocabulary.RARE[:2]}
NAMES = {
    "list": "list of 50",
    "common": "search, two characters, common",
    "rare": "search, two characters, rare",
    "ticket": "ticket page",
}


@dataclass(frozen=True, slots=True)
class Spent:
    """Medians of a page in milliseconds."""

    cpu: float
    wall: float
    turns: int

    def __str__(self) -> str:
        return f"{self.cpu:.1f} ms, wall {self.wall:.1f} ms"


async def measure(ground: Ground, python: Path, sizes: Sequence[int] = SIZES) -> list[Row]:
    """Four lines for each size."""
    found = []
    for size in sizes:
        ours_at = await seeded(ground, size)
        searched = await _has_words(ground, ours_at)
        async with tickets_of(ground, ours_at.tenant) as source:
            chosen = await source.some_tickets(TICKETS)
            ours = await _ours(ground, ours_at, [number for _, number in chosen], searched=searched)
            theirs = await _theirs(ground, python, source, [place for place, _ in chosen])
        found += [_row(name, size, ours.get(name), theirs[name]) for name in NAMES]
    return found


def _row(name: str, size: int, ours: Spent | None, theirs: Mapping[str, Any]) -> Row:
    measure = f"django-helpdesk with {size:,} tickets: {NAMES[name]}, process CPU"
    beside = f"ours in the same run {ours}" if ours else "ours not asked in this run"
    if theirs.get("gave_up"):
        return Row(measure=measure, value="gave up", detail=f"a statement took more than a minute; {beside}")
    spent = Spent(theirs["cpu_ms"], theirs["wall_ms"], theirs["turns"])
    tickets = f"; {theirs['found']:,} tickets found" if name != "ticket" else ""
    return Row(
        measure=measure,
        value=f"{spent.cpu:.1f} ms",
        detail=f"wall {spent.wall:.1f} ms, median of {spent.turns}{tickets}; {beside}",
    )


async def _has_words(ground: Ground, ours: Seeded) -> bool:
    """Whether there are words to search in; of few tickets they are read here."""
    superuser = await ground.superuser()
    try:
        words = f'SELECT EXISTS (SELECT FROM "{ours.tenant.schema}".ticket_words)'
        if not await superuser.fetchval(words) and ours.tickets <= MOST_READ:
            await fill_words(ground, ours.tenant)
        return bool(await superuser.fetchval(words))
    finally:
        await superuser.close()


async def _ours(ground: Ground, ours: Seeded, numbers: Sequence[str], *, searched: bool) -> dict[str, Spent]:
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(tenants.close)
        assets.build()
        app = create_app(read_settings({}), secret=ground.credentials.secret, tenants=tenants)
        visitor = await opened.enter_async_context(Visitor(app))
        await visitor.sign_in("executive", agency=ours.tenant.code)
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
        pages = {
            "list": ["/tickets?tab=open"],
            **{name: [f"/search?q={quote(word)}" for word in words] for name, words in WORDS.items() if searched},
            "ticket": [f"/tickets/{number}" for number in numbers],
        }
        return {name: await _asked(app, cookie, paths) for name, paths in pages.items()}


async def _asked(app: Litestar, cookie: str, paths: Sequence[str]) -> Spent:
    cpu, wall, began = [], [], time.perf_counter()
    for turn in range(REQUESTS + len(paths)):
        cpu_began, wall_began = time.process_time(), time.perf_counter()
        status = await ask(app, paths[turn % len(paths)], cookie)
        if status != 200:
            raise RuntimeError(f"{paths[turn % len(paths)]} answered {status}")
        # Each has been asked once, as on the other side.
        if turn >= len(paths):
            cpu.append((time.process_time() - cpu_began) * 1000)
            wall.append((time.perf_counter() - wall_began) * 1000)
        if len(wall) >= 3 and time.perf_counter() - began > SECONDS:
            break
    return Spent(statistics.median(cpu), statistics.median(wall), len(wall))


async def _theirs(ground: Ground, python: Path, source: Source, tickets: Sequence[int]) -> dict[str, Any]:
    async with peer_database(ground, PROGRAM) as dsn:
        asked = ("prepare", "--people", str(source.people), "--queues", str(MERCHANTS))
        made = await run_program(python, PROGRAM, dsn, *asked)
        began = time.monotonic()
        target = await asyncpg.connect(ground.cluster.url_of(PROGRAM))
        try:
            await source.pour(target, made)
        finally:
            await target.close()
        ground.say(f"  poured over in {time.monotonic() - began:.0f} s")
        words = [word for name, each in WORDS.items() for word in (f"--{name}", *each)]
        numbers = [str(each) for each in tickets]
        limits = ("--repeats", str(REQUESTS), "--seconds", str(SECONDS))
        return await run_program(python, PROGRAM, dsn, "ask", "--tickets", *numbers, *words, *limits)
