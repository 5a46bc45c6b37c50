"""The desk of reconciliation with thousands of open lines a side: CPU of what its script asks for, and of a run.

The application runs in this process, so its CPU is this process's, the asking client's included; that of the database
is read off the processes that serve the tenant's login.
`python -m bench.workbench 5000 100000` runs it alone: open lines of the desk, and matches of the run.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

import asyncpg
import psutil

from anshou.finance.bench import Desk, lines_page
from anshou.finance.reconciling import reconcile, set_match_rule
from anshou.main import create_app
from anshou.people.person import Person
from anshou.portal import assets
from anshou.settings import read_settings
from bench.ground import Ground, ground
from bench.rows import Row
from billing.ledger.drafts import Draft
from billing.ledger.posting import post_all
from billing.ledger.uses import AccountUse
from billing.reconciliation.batches import Arrival, Arrived, import_lines
from billing.reconciliation.rules import MatchRule
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.billing.ledger.books import credit, debit
from tests.cast import settle
from tests.portal.visitor import Visitor

LINES = 5_000
RUN = 20_000
MATCHES = 60
SOURCE, ACCOUNT, MONTH = "bank_cmb", "基本户", date(2026, 11, 1)
DESK = Desk(SOURCE, ACCOUNT, MONTH)
WHICH = {"source": SOURCE, "account": ACCOUNT, "month": f"{MONTH:%Y-%m}"}
_BY_SCRIPT = {"x-fragment": "bench"}


@dataclass(slots=True)
class Taken:
    """CPU seconds of one request: of the application, and of the database."""

    application: float = 0.0
    database: float = 0.0


async def measure(ground: Ground, lines: int = LINES, run: int = RUN) -> list[Row]:
    """The desk opened, a match by keyboard, a search, a page more; then a run that matches what is certain."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    superuser = await ground.superuser()
    try:
        desk, busy = ground.tenants[-1], ground.tenants[0]
        finance = await _fill(tenants, desk, lines)
        assets.build()
        app = create_app(read_settings({}), secret=ground.credentials.secret, tenants=tenants)
        async with Visitor(app) as visitor:
            await visitor.sign_in("finance", agency=desk.code)
            figures = await _worked(visitor, tenants, desk, finance, superuser)
        return [*_rows(lines, figures), await _run(tenants, busy, run)]
    finally:
        await superuser.close()
        await tenants.close()


async def _fill(tenants: Tenants, tenant: Tenant, lines: int) -> Person:
    """As many lines in the bank's bill as entries on the bank's account, which mean the same movements."""
    now = datetime.now(UTC)
    async with tenants.session(tenant, AGENCY) as session:
        finance = (await settle(session, now)).finance
        amounts = [(1000 + number * 37, MONTH + timedelta(days=number % 28)) for number in range(lines)]
        arrived = tuple(
            Arrived(
                number=number, booked_on=day, fen=fen, counterparty=f"客户 {number}", text="转账收款", key=str(number)
            )
            for number, (fen, day) in enumerate(amounts)
        )
        arrival = Arrival(sha256=bytes(32), name="流水.csv", source=SOURCE, account=ACCOUNT, lines=arrived)
        await import_lines(session, arrival, by=finance.id, at=now)
        for start in range(0, lines, 1000):
            drafts = {
                f"bench:{start + place}": Draft(
                    booked_on=day,
                    summary=f"收款 {start + place}",
                    source="bench",
                    postings=(debit(AccountUse.BANK, fen), credit(AccountUse.SERVICE_REVENUE, fen)),
                )
                for place, (fen, day) in enumerate(amounts[start : start + 1000])
            }
            await post_all(session, drafts, by=finance.id, at=now)
    return finance


async def _worked(
    visitor: Visitor, tenants: Tenants, tenant: Tenant, finance: Person, superuser: asyncpg.Connection
) -> dict[str, list[Taken]]:
    address = "/reconciliation/bench?" + "&".join(f"{name}={value}" for name, value in WHICH.items())
    backends = await _backends(superuser, tenant)
    figures: dict[str, list[Taken]] = {name: [] for name in ("page", "match", "search", "more")}
    async with tenants.session(tenant, AGENCY) as session:
        external = await lines_page(session, DESK, "external", by=finance)
        internal = {line.fen: line for line in await lines_page(session, DESK, "internal", by=finance)}
    pairs = [(line.id, internal[line.fen].id) for line in external if line.fen in internal][:MATCHES]
    lines_at = address.replace("/bench?", "/bench/lines?")
    for turn, pair in enumerate(pairs):
        with _taking(figures["page"], backends):
            await visitor.go(address)
        with _taking(figures["more"], backends):
            await visitor.go(f"{lines_at}&side=internal&after={external[turn].place}", **_BY_SCRIPT)
        with _taking(figures["search"], backends):
            await visitor.go(f"{lines_at}&side=internal&q={external[turn].fen / 100:.2f}", **_BY_SCRIPT)
        await visitor.go(address)
        sent = {**WHICH, "deed": "match", "note": "", "_token": visitor.token(), "line": [str(each) for each in pair]}
        with _taking(figures["match"], backends):
            answer = await visitor.client.post("/reconciliation/match", data=sent, headers=_BY_SCRIPT)
        if answer.status_code != 200 or "data-told" not in answer.text:
            raise RuntimeError(f"the match was answered by {answer.status_code}")
    return figures


async def _backends(superuser: asyncpg.Connection, tenant: Tenant) -> Callable[[], float]:
    """CPU seconds of the processes that serve the tenant's login so far."""
    rows = await superuser.fetch("SELECT pid FROM pg_stat_activity WHERE usename = $1", tenant.role)
    processes = [psutil.Process(row["pid"]) for row in rows]

    def spent() -> float:
        times = [process.cpu_times() for process in processes if process.is_running()]
        return sum(each.user + each.system for each in times)

    return spent


@contextmanager
def _taking(figures: list[Taken], backends: Callable[[], float]) -> Iterator[None]:
    database, application = backends(), time.process_time()
    yield
    figures.append(Taken(time.process_time() - application, backends() - database))


def _rows(lines: int, figures: dict[str, list[Taken]]) -> list[Row]:
    said = {
        "match": "a match by keyboard to the next line ready",
        "page": "the page opened",
        "search": "the other side searched by amount",
        "more": "the next page of a side",
    }
    return [
        Row(
            measure=f"workbench, {lines:,} open lines a side: {words}, CPU of the application",
            value=f"{median(each.application for each in figures[name]) * 1000:.1f} ms",
            detail=f"median of {len(figures[name])}; the database "
            # Its clock ticks a hundred times a second, so only the mean of many says something.
            f"{sum(each.database for each in figures[name]) / len(figures[name]) * 1000:.1f} ms on average",
        )
        for name, words in said.items()
    ]


async def _run(tenants: Tenants, tenant: Tenant, lines: int) -> Row:
    """Wall time of a run that confirms as many matches as there are lines, with everything that it stores."""
    finance = await _fill(tenants, tenant, lines)
    now = datetime.now(UTC)
    async with tenants.session(tenant, AGENCY) as session:
        rule = MatchRule(source=SOURCE, against="ledger", window_days=0)
        await set_match_rule(session, rule, write_off_fen=0, by=finance, at=now)
    began, cpu = time.perf_counter(), time.process_time()
    async with tenants.session(tenant, AGENCY) as session:
        last = DESK.last
        done = await reconcile(session, SOURCE, first=MONTH, last=last, account=ACCOUNT, by=finance, at=now)
    seconds = time.perf_counter() - began
    return Row(
        measure="reconciling: a run that stores its matches, per 100,000 of them",
        value=f"{seconds / max(1, len(done.matched)) * 100_000:.1f} s",
        detail=f"{len(done.matched):,} matches in {seconds:.1f} s, {time.process_time() - cpu:.1f} s of it the "
        "application's CPU; committed",
    )


async def _alone(lines: int, run: int) -> None:
    async with ground(2, print) as server:
        for row in await measure(server, lines, run):
            print(f"{row.measure}: {row.value} ({row.reach}) {row.detail}")


if __name__ == "__main__":
    asyncio.run(_alone(int(sys.argv[1]), int(sys.argv[2])))
