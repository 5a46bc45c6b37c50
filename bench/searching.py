"""Searches for two Chinese characters, common and rare, against the unfiltered list of the same person.

Both asked by turns as JSON of the application in this process: sign-in by key, permission, isolation, ranking, reading
the tickets' texts and marking what was found are in it.
"""

import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from urllib.parse import quote

from anshou.main import create_app
from anshou.people.api_keys import KeyRequest, make_key
from anshou.people.person import Person
from anshou.settings import read_settings
from bench import vocabulary
from bench.filling_words import fill_words
from bench.ground import Ground
from bench.million import LARGE, Seeded, seeded
from bench.rows import Row, at_most
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.sessions import Tenants
from tests.api.conftest import ALL_SCOPES
from tests.portal.visitor import Visitor

REQUESTS = 400
WARMING = 40
REACH = 3.0

LIST = "/api/v1/tickets?tab=all"
SORTS: dict[str, Sequence[str]] = {
    "common": vocabulary.COMMON,
    "rare": vocabulary.RARE,
    "none has": ("砼砻", "彳亍", "饕餮"),
    "a number's end": ("1234", "0087", "4321"),
}


async def measure(ground: Ground, tickets: int = LARGE) -> list[Row]:
    """By the executive, who reaches everything, an account manager of some merchants, and a merchant."""
    large = await seeded(ground, tickets)
    read_in, indexed_in = await fill_words(ground, large.tenant)
    rows = [await _sizes(ground, large, read_in, indexed_in)]
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(tenants.close)
        settings = read_settings({"ANSHOU_API_RATE": "1000000"})
        app = create_app(settings, secret=ground.credentials.secret, tenants=tenants)
        client = (await opened.enter_async_context(Visitor(app))).client
        for person, who in ((large.executive, "executive"), (large.manager, "manager"), (large.owner, "merchant")):
            client.headers["authorization"] = f"Bearer {await _key(tenants, large, person)}"
            rows += [await _compared(client, sort, words, who) for sort, words in SORTS.items()]
    return rows


async def _compared(client: object, sort: str, words: Sequence[str], who: str) -> Row:
    ours, reference, hits = [], [], 0
    for turn in range(WARMING + REQUESTS):
        word = words[turn % len(words)]
        seconds, found = await _ask(client, f"/api/v1/search?q={quote(word)}")
        hits += found
        plain, _ = await _ask(client, LIST)
        if turn >= WARMING:
            ours.append(seconds)
            reference.append(plain)
    ratio = _p95(ours) / _p95(reference)
    return at_most(
        f"search, {sort}, by {who}: p95 against the unfiltered list",
        ratio,
        REACH,
        detail=f"p95 {_p95(ours) * 1000:.1f} ms against {_p95(reference) * 1000:.1f} ms, medians "
        f"{statistics.median(ours) * 1000:.1f} and {statistics.median(reference) * 1000:.1f} ms; "
        f"{hits / (WARMING + REQUESTS):.1f} hits on the first page",
    )


async def _ask(client: object, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    answer = await client.get(path)  # type: ignore[attr-defined]
    seconds = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return seconds, len(answer.json()["items"])


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


async def _key(tenants: Tenants, large: Seeded, person: Person) -> str:
    async with tenants.session(large.tenant, AGENCY) as session:
        wanted = KeyRequest(name=f"search {person.name}", account_id=person.id, scopes=ALL_SCOPES)
        return (await make_key(session, wanted, by=large.admin, at=datetime.now(UTC)))[1]


async def _sizes(ground: Ground, large: Seeded, read_in: float, indexed_in: float) -> Row:
    superuser = await ground.superuser()
    try:
        table, index, texts = await superuser.fetchrow(
            "SELECT pg_table_size(t), pg_relation_size(i), "
            "pg_total_relation_size(format('%I.ticket', $1::text)) + pg_total_relation_size(format('%I.entry', $1)) "
            "FROM (SELECT format('%I.ticket_words', $1::text)::regclass AS t, "
            "format('%I.ix_ticket_words_words', $1::text)::regclass AS i) AS sizes",
            large.tenant.schema,
        )
    finally:
        await superuser.close()
    return Row(
        measure=f"words of {large.tickets:,} tickets",
        value=f"{read_in / large.tickets * 1000:.2f} ms a ticket",
        detail=f"read by four processes in {read_in:.0f} s, indexed in {indexed_in:.0f} s; "
        f"words {table / 2**30:.2f} GiB, index {index / 2**30:.2f} GiB, "
        f"beside {texts / 2**30:.2f} GiB of tickets and entries",
    )
