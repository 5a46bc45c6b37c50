"""The dashboard of a year at a million tickets: the whole page, asked of the application in this process.

Sign-in, permission, isolation, counting, tables, plots and the template are in it. Months are kept as the job keeps
them; the days of the month that runs, and those at the far end of the period before, are counted live. Reached is the
year of the whole agency, laid out by each thing. What is counted live for all of the year is reported: filters, who
does not see the whole agency, and months `in motion`, in which tickets have moved since they were kept.
"""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from litestar import Litestar
from sqlalchemy import text

from anshou.main import create_app
from anshou.performance.months import measure_month, months_to_measure
from anshou.portal import assets
from anshou.settings import read_settings
from bench.asking import ask
from bench.filling_courses import fill_courses
from bench.ground import Ground
from bench.million import LARGE, Seeded, seeded
from bench.rows import Row, at_most
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.sessions import Tenants
from tests.portal.visitor import Visitor

REACH = 1.0
WHOLE = "of the whole agency"
TURNS = 3
TURNS_REPORTED = 1
IN_MOTION = 3


# As moves mark the months in which their tickets count.
_MOVE = text(
    "INSERT INTO stale_month (month) SELECT date_trunc('month', now() - back * interval '1 month')::date "
    "FROM generate_series(1, :months) AS back"
)


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for the year, and how it is narrowed and laid out."""

    named: str
    who: str
    query: dict[str, str]


async def measure(ground: Ground, tickets: int = LARGE) -> list[Row]:
    """A row for the months, one for each way to ask."""
    large = await seeded(ground, tickets)
    filled = await fill_courses(ground, large.tenant)
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    async with AsyncExitStack() as opened:
        opened.push_async_callback(tenants.close)
        months, took = await keep_months(tenants, large)
        assets.build()
        app = create_app(read_settings({}), secret=ground.credentials.secret, tenants=tenants)
        rows = [
            Row(
                measure=f"courses and months of {tickets:,} tickets counted anew",
                value=f"{filled + took:.0f} s",
                detail=f"courses by four processes in {filled:.0f} s, {months} months by one in {took:.0f} s, "
                f"{took / months:.1f} s each",
            )
        ]
        cookies = {who: await _cookie(app, large, who) for who in ("executive", "manager", "supervisor", "owner")}
        rows += [await asked(app, large, cookies, questions) for questions in await _sets(tenants, large)]
        async with tenants.session(large.tenant, AGENCY) as session:
            for back in range(IN_MOTION):
                month = f"date_trunc('month', now() - interval '{back} months')::date"
                await session.execute(text(f"INSERT INTO stale_month (month) SELECT {month}"))
        rows.append(await asked(app, large, cookies, _moving(large)))
    return rows


async def keep_months(tenants: Tenants, large: Seeded) -> tuple[int, float]:
    """Measure all months, as the job does; how many, and the seconds that it took."""
    began, measured = time.monotonic(), 0
    while True:
        async with tenants.session(large.tenant, AGENCY) as session:
            months = await months_to_measure(session, large.at.date())
            for month in months:
                await measure_month(session, month, at=large.at)
            if not months:
                break
            measured += len(months)
    return measured, time.monotonic() - began


Asked = tuple[str, Sequence[Question]]
"""What the row is called, and the questions of it."""


async def asked(app: Litestar, large: Seeded, cookies: dict[str, str], asked: Asked) -> Row:
    """The slowest question's median, and each one's."""
    named, questions = asked
    turns = TURNS if named == WHOLE else TURNS_REPORTED
    found = []
    for one in questions:
        page = "/my/measures" if one.who == "owner" else "/measures"
        seconds = []
        for turn in range(turns + 1):
            began = time.perf_counter()
            status = await ask(app, f"{page}?{urlencode({**_year(large), **one.query})}", cookies[one.who])
            if status != 200:
                raise RuntimeError(f"{one.named} answered {status}")
            if turn:
                seconds.append(time.perf_counter() - began)
        found.append((sorted(seconds)[turns // 2], one.named))
    found.sort(reverse=True)
    measure = f"dashboard of a year at {large.tickets:,} tickets, {named}"
    detail = "; ".join(f"{name} {took:.2f} s" for took, name in found)
    if named == WHOLE:
        return at_most(measure, found[0][0], REACH, unit=" s", detail=detail)
    return Row(measure=measure, value=f"{found[0][0]:.2f} s", detail=f"the slowest of: {detail}")


async def _cookie(app: Litestar, large: Seeded, who: str) -> str:
    async with Visitor(app) as visitor:
        await visitor.sign_in(who, agency=large.tenant.code)
        return "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())


def _year(large: Seeded) -> dict[str, str]:
    """The twelve months that end today."""
    last = large.at.date()
    first = date(last.year - 1, last.month, 1) if last.month < 12 else date(last.year, 1, 1)
    first = (first + timedelta(days=32)).replace(day=1)
    return {"from": first.isoformat(), "until": last.isoformat()}


async def _sets(tenants: Tenants, large: Seeded) -> list[Asked]:
    async with tenants.session(large.tenant, AGENCY) as session:
        of_largest = await session.execute(
            text("SELECT id::text FROM shop WHERE merchant_id = :merchant LIMIT 1"), {"merchant": large.merchants[0]}
        )
        shop = of_largest.scalar_one()
    bys = ("merchant", "shop", "kind", "category", "department", "person")
    values = {
        "kind": "service_quality",
        "category": "fulfilment",
        "department": "operations",
        "merchant": str(large.merchants[0]),
        "shop": shop,
        "person": str(large.specialist.id),
    }
    pairs = (("kind", "department"), ("kind", "category"), ("kind", "person"), ("merchant", "kind"))
    whole = [Question(f"by {by}", "executive", {"by": by}) for by in bys]
    single = [
        Question(f"{name} by {by}", "executive", {name: value, "by": by})
        for name, value in values.items()
        for by in ("merchant", "person")
    ]
    double = [
        Question(f"{one} and {other}", "executive", {one: values[one], other: values[other]}) for one, other in pairs
    ]
    own = [
        Question(f"{who} by {by}", who, {"by": by})
        for who, bys in (("manager", ("merchant", "kind")), ("supervisor", ("person", "kind")), ("owner", ("kind",)))
        for by in bys
    ]
    return [
        (WHOLE, whole),
        ("with one filter", single),
        ("with two filters", double),
        ("of an account manager, a supervisor and the largest merchant", own),
    ]


def _moving(large: Seeded) -> Asked:
    named = f"{WHOLE}, with {IN_MOTION} months in motion"
    return named, [Question(f"by {by}", "executive", {"by": by}) for by in ("merchant", "person")]
