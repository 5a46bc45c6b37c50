"""Lists at a million tickets against ten thousand: every tab with filters of all sorts, as people of each context ask.

The combinations are drawn from a seed and are the same for both sizes. Each is asked of the application itself, in this
process, by turns of the two agencies, as JSON: sign-in, permission, isolation and encoding are in it. The counts of the
tabs, for which no list waits, are asked for in the same way and reported.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Litestar

from anshou.main import create_app
from anshou.people.api_keys import KeyRequest, make_key
from anshou.people.person import Person
from anshou.people.roles import Department, Scope
from anshou.portal import assets
from anshou.settings import read_settings
from anshou.tickets.kinds import Kind, Status, Urgency
from anshou.tickets.queue_tabs import MERCHANT_TABS, tabs_of
from bench.asking import ask
from bench.ground import Ground
from bench.million import Seeded
from bench.rows import Row, at_most
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.sessions import Tenants

SEED = 5
COMBINATIONS = 200
TURNS = 2
WORST = 6
LIMIT = 2.0
PEOPLE = ("executive", "manager", "specialist", "supervisor", "owner")
SETTINGS = {"ANSHOU_API_RATE": "1000000"}


async def measure(ground: Ground, small: Seeded, large: Seeded) -> list[Row]:
    """One line for the lists and one for the counts; the slowest combinations are named."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(tenants.close)
        assets.build()
        app = create_app(read_settings(SETTINGS), secret=ground.credentials.secret, tenants=tenants)
        keys = {each.tickets: await _keys(tenants, each) for each in (small, large)}
        asked = list(_combinations(small, large))
        times = await _asked(app, keys, asked, (small, large))
        of_tabs: list[Combination] = [(who, {}, {}) for who in PEOPLE] * 8
        counts = await _asked(app, keys, of_tabs, (small, large), "/api/v1/tickets/counts")
    return [
        _row("any queue tab or filter combination", asked, times, (small, large)),
        replace(_row("the counts of all tabs", of_tabs, counts, (small, large)), reach="reported", met=None),
    ]


Combination = tuple[str, Mapping[str, str], Mapping[str, str]]
"""Who asks, and the query at the small and at the large agency."""


def _combinations(small: Seeded, large: Seeded) -> Iterator[Combination]:
    chance = random.Random(SEED)
    for number in range(COMBINATIONS):
        who = PEOPLE[number % len(PEOPLE)]
        person: Person = getattr(large, who)
        tabs = MERCHANT_TABS if person.is_merchant else tabs_of(person)
        query = {"tab": str(chance.choice(tabs).value)}
        choices: dict[str, list[str]] = {
            "kind": [each.value for each in Kind],
            "status": [each.value for each in Status],
            "urgency": [each.value for each in Urgency],
            "department": [each.value for each in Department],
            "escalated": ["true", "false"],
            "merchant": [str(place) for place in (0, 1, 12, 24, 60, 150)],
            "owner": ["manager", "specialist", "agent"],
        }
        for name in chance.sample(list(choices), chance.choice((0, 1, 1, 2, 2, 3, 4))):
            query[name] = chance.choice(choices[name])
        yield who, _of(small, query), _of(large, query)


def _of(seeded: Seeded, query: Mapping[str, str]) -> dict[str, str]:
    """The query with the ids of that agency."""
    ids = {"merchant": lambda place: seeded.merchants[int(place)], "owner": lambda name: getattr(seeded, name).id}
    return {name: str(ids[name](value)) if name in ids else value for name, value in query.items()}


async def _keys(tenants: Tenants, seeded: Seeded) -> dict[str, str]:
    made = {}
    async with tenants.session(seeded.tenant, AGENCY) as session:
        for who in PEOPLE:
            person: Person = getattr(seeded, who)
            wanted = KeyRequest(
                name=f"bench {who}", account_id=person.id, scopes=tuple(Scope), acting_for=person.merchant_id
            )
            made[who] = (await make_key(session, wanted, by=seeded.admin, at=datetime.now(UTC)))[1]
    return made


async def _asked(
    app: Litestar,
    keys: Mapping[int, Mapping[str, str]],
    combinations: list[Combination],
    sizes: tuple[Seeded, Seeded],
    path: str = "/api/v1/tickets",
) -> list[tuple[list[float], list[float]]]:
    """Seconds of each combination at both sizes."""
    found: list[tuple[list[float], list[float]]] = [([], []) for _ in combinations]
    for turn in range(TURNS + 1):
        for place, (who, *queries) in enumerate(combinations):
            for side in (0, 1) if (turn + place) % 2 else (1, 0):
                key = keys[sizes[side].tickets][who]
                address = f"{path}?{urlencode(queries[side])}" if queries[side] else path
                began = time.perf_counter()
                status = await ask(app, address, "", authorization=f"Bearer {key}")
                took = time.perf_counter() - began
                if status != 200:
                    raise RuntimeError(f"{address} answered {status}")
                # The first turn warms the plans and the pages of both.
                if turn:
                    found[place][side].append(took)
    return found


def _row(
    what: str, asked: list[Combination], times: list[tuple[list[float], list[float]]], sizes: tuple[Seeded, Seeded]
) -> Row:
    small, large = ([each for pair in times for each in pair[side]] for side in (0, 1))
    ratio = _p95(large) / _p95(small)
    ratios = [statistics.median(pair[1]) / statistics.median(pair[0]) for pair in times]
    slowest = sorted(zip(times, asked, strict=True), key=lambda pair: -statistics.median(pair[0][1]))[:WORST]
    worst = Counter[str]()
    for pair, (who, query, _) in slowest:
        worst[f"{who} {_named(query)}"] = round(statistics.median(pair[1]) * 1000)
    named = "; ".join(f"{name or 'everything'} {took} ms" for name, took in worst.most_common())
    return at_most(
        f"{what} at {sizes[1].tickets:,} tickets against {sizes[0].tickets:,}, p95 of the whole request",
        ratio,
        LIMIT,
        detail=f"p95 {_p95(large) * 1000:.1f} against {_p95(small) * 1000:.1f} ms, medians "
        f"{statistics.median(large) * 1000:.1f} and {statistics.median(small) * 1000:.1f}; of each combination's own "
        f"ratio the median {statistics.median(ratios):.2f}, p95 {_p95(ratios):.2f}; {len(set(map(str, asked)))} "
        f"combinations of {', '.join(PEOPLE)}, {TURNS} times each; slowest: {named}",
    )


def _named(query: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value if len(value) < 30 else value[-4:]}" for name, value in query.items())


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
