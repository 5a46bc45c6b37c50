"""A statement of 10,000 lines: how long it takes to issue, and the CPU of a page of it against the ticket list's page.

The costs, their allocations and the postings are written as the product writes them, in bulk; preparing, reviewing and
issuing are the product's own verbs. Both pages are those of the real application, called in this process by one
signed-in person by turns: a hundred lines of the statement, and the queue with its fifty tickets.
"""

import cProfile
import pstats
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

from litestar import Litestar
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.disputing_lines import Objection, confirm_statement, dispute_line
from anshou.finance.reading_statements import line_at, visible_statement
from anshou.finance.statements import issue_statement, prepare_statement, review_statement
from anshou.main import create_app
from anshou.people.roles import Role
from anshou.portal import assets
from anshou.settings import read_settings
from anshou.tickets.determinations import find_determination
from anshou.tickets.kinds import Kind
from anshou.tickets.tickets import Ticket
from bench.asking import Run, alternate, ask
from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from billing.attribution.tables import AllocationPart, AllocationRow
from billing.costs.items import CostItem
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import BOOKS_ZONE, post_all
from billing.ledger.uses import AccountUse, Side
from billing.parties import CostCategory, Party
from billing.responsibility import Determination
from billing.shares import Share
from billing.sources import ALLOCATION
from billing.statements.rows import Statement
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import Anhe, settle, staff
from tests.portal.visitor import Visitor
from tests.tickets.desk import Desk

LINES = 10_000
TICKETS = 60
BATCH = 500
REQUESTS = 300
PROFILED = 60
LIMIT = 1.5
# On the page that is asked for.
DISPUTED = range(LINES // 2 + 1, LINES // 2 + 100, 10)
CATEGORIES = (CostCategory.MATERIAL_LICENCE, CostCategory.COMMUNICATION, CostCategory.MATERIAL_EQUIPMENT)


@dataclass(frozen=True, slots=True)
class Issued:
    """The statement's number, the seconds that each deed took, and those of the merchant's confirmation."""

    number: str
    seconds: dict[str, float]
    confirmed: float


async def measure(ground: Ground) -> list[Row]:
    """The seconds to issue it, and the page against the list, at both desks."""
    tenant = ground.tenants[-7 if len(ground.tenants) > 6 else -1]
    tenants = Tenants(ground.url, secret=ground.credentials.secret, pool=PoolLimits(), carry=ground.carry)
    try:
        issued = await _issue(tenants, tenant)
        assets.build()
        app = create_app(read_settings({}), secret=ground.credentials.secret, tenants=tenants)
        address = f"/statements/{issued.number}?after={LINES // 2}"
        page, queue = await _compared(app, tenant, "executive", address, "/tickets?tab=open")
        mine, my_list = await _compared(app, tenant, "yunshan-owner", f"/my{address}", "/my/tickets")
        ratio = ratio_of_medians(page, queue)
        return [
            Row(
                measure=f"statement of {LINES:,} lines issued",
                value=f"{sum(issued.seconds.values()):.1f} s",
                detail=", ".join(f"{deed} {seconds:.1f} s" for deed, seconds in issued.seconds.items())
                + f"; confirmed by the merchant but for some lines in {issued.confirmed:.1f} s",
            ),
            at_most(
                "its page of 100 lines, CPU, against the ticket list's page of 50",
                ratio,
                LIMIT,
                detail=f"ours {spread(page)}; the list {spread(queue)}; at the merchant's desk "
                f"{ratio_of_medians(mine, my_list):.2f} ({spread(mine)}; {spread(my_list)})",
                profile="" if ratio <= LIMIT else await _profile(app, tenant, address),
            ),
        ]
    finally:
        await tenants.close()


async def _issue(tenants: Tenants, tenant: Tenant) -> Issued:
    """Today, so that the session of whoever signs in has not expired; the month is the one before."""
    now = datetime.now(UTC)
    month = (now.astimezone(BOOKS_ZONE).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session, now)
        colleague = await staff(session, "沈括", "finance2", Role.FINANCE, at=now)
        await _charge(session, tenants, cast, month, now)
    seconds = {}
    async with tenants.session(tenant, AGENCY) as session:
        began = time.monotonic()
        prepared = await prepare_statement(session, cast.yunshan.id, month, by=cast.finance, at=now)
        seconds["prepared"] = time.monotonic() - began
        began = time.monotonic()
        await review_statement(session, prepared, by=colleague, at=now)
        seconds["reviewed"] = time.monotonic() - began
        began = time.monotonic()
        statement: Statement = await issue_statement(session, prepared, by=colleague, at=now)
        number = statement.number
    # With its commit, where the database adds the lines up.
    seconds["issued"] = time.monotonic() - began
    async with tenants.session(tenant, cast.owner.context()) as session:
        statement = await visible_statement(session, number, by=cast.owner)
        for place in DISPUTED:
            line = await line_at(session, statement, place)
            await dispute_line(session, statement, line, Objection(reason="不认可"), by=cast.owner, at=now)
        began = time.monotonic()
        await confirm_statement(session, statement, by=cast.owner, at=now)
    return Issued(number, seconds, time.monotonic() - began)


async def _charge(session: AsyncSession, tenants: Tenants, cast: Anhe, month: date, now: datetime) -> None:
    async def act_as(context: Any) -> None:
        await tenants.switch(session, context)

    desk = Desk(session, act_as, cast, now=now)
    tickets = [await desk.open(Kind.SERVICE_QUALITY, cast.owner) for _ in range(TICKETS)]
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    shares = (Share(party=Party.MERCHANT, basis_points=10_000),)
    caused = Determination(shares=shares, basis="资料有误", clause="")
    await desk.act(cast.specialist, "conclude_analysis", responsibility=caused)
    await act_as(AGENCY)
    determination = await find_determination(session, tickets[-1])
    if determination is None:
        raise AssertionError("nothing was determined")
    for start in range(0, LINES, BATCH):
        numbers = range(start, start + BATCH)
        costs = [_cost(number, tickets[number % TICKETS], cast, month, now) for number in numbers]
        allocations = [_allocation(cost, determination.id, now) for cost in costs]
        await session.execute(insert(CostItem), costs)
        await session.execute(insert(AllocationRow), allocations)
        await session.execute(insert(AllocationPart), [_part(one) for one in allocations])
        drafts = {str(one["id"]): _draft(one, month) for one in allocations}
        await post_all(session, drafts, by=cast.finance.id, at=now)


def _cost(number: int, ticket: Ticket, cast: Anhe, month: date, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "merchant_id": cast.yunshan.id,
        "ticket_id": ticket.id,
        "number": f"FY-{number:06}",
        "category": CATEGORIES[number % len(CATEGORIES)],
        "fen": 1_000 + number,
        "tax_fen": 0,
        "currency": "CNY",
        "incurred_on": month + timedelta(days=number % 28),
        "note": "软件授权",
        "department": None,
        "claimed_by": cast.account_manager.id,
        "claimed_at": now,
        "state": "allocated",
        "state_since": now,
        "version": 1,
    }


def _allocation(cost: dict[str, Any], determination: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "merchant_id": cost["merchant_id"],
        "ticket_id": cost["ticket_id"],
        "item_id": cost["id"],
        "determination_id": determination,
        "version_id": None,
        "general_version": 0,
        "supersedes_id": None,
        "fen": cost["fen"],
        "currency": "CNY",
        "allocated_by": cost["claimed_by"],
        "allocated_at": now,
    }


def _part(allocation: dict[str, Any]) -> dict[str, Any]:
    fen = allocation["fen"]
    return {
        "id": new_id(),
        "merchant_id": allocation["merchant_id"],
        "ticket_id": allocation["ticket_id"],
        "allocation_id": allocation["id"],
        "position": 1,
        "cause": Party.MERCHANT,
        "party": Party.MERCHANT,
        "fen": fen,
        "clause": "G-merchant",
        "is_general": True,
        "failed_to": None,
        "steps": [
            {"kind": "cause", "fen": 0, "of": fen, "basis_points": 10_000},
            {"kind": "share", "fen": fen, "of": fen, "basis_points": 10_000},
        ],
    }


def _draft(allocation: dict[str, Any], month: date) -> Draft:
    fen = allocation["fen"]
    of_cost = {
        "merchant_id": allocation["merchant_id"],
        "ticket_id": allocation["ticket_id"],
        "cost_item_id": allocation["item_id"],
    }
    return Draft(
        booked_on=month + timedelta(days=fen % 28),
        summary="费用归属",
        source=ALLOCATION,
        source_id=allocation["id"],
        postings=(
            Posting(
                account=AccountUse.RECEIVABLE_FROM_MERCHANT, side=Side.DEBIT, fen=fen, party=Party.MERCHANT, **of_cost
            ),
            Posting(account=AccountUse.PENDING_DETERMINATION, side=Side.CREDIT, fen=fen, **of_cost),
        ),
    )


async def _compared(
    app: Litestar, tenant: Tenant, login: str, ours: str, reference: str
) -> tuple[list[float], list[float]]:
    """CPU seconds of both pages, as the person of that login asks for them."""
    async with Visitor(app) as visitor:
        await visitor.sign_in(login, agency=tenant.code)
        await visitor.go(ours)
        if visitor.status != 200 or visitor.text.count("/lines/") != 100:
            raise AssertionError(f"the statement's page answered {visitor.status}")
        await visitor.go(reference)
        if visitor.status != 200 or visitor.text.count(">FW") < 25:
            raise AssertionError(f"the list of tickets answered {visitor.status}")
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())

    def request(address: str) -> Run:
        async def run() -> None:
            if await ask(app, address, cookie) != 200:
                raise AssertionError(f"{address} was not answered")

        return run

    return await alternate(request(ours), request(reference), REQUESTS)


async def _profile(app: Litestar, tenant: Tenant, address: str) -> str:
    """Where the page's CPU goes, per function."""
    async with Visitor(app) as visitor:
        await visitor.sign_in("executive", agency=tenant.code)
        await visitor.go(address)
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(PROFILED):
            await visitor.go(address)
        profile.disable()
    written = StringIO()
    pstats.Stats(profile, stream=written).strip_dirs().sort_stats("tottime").print_stats(30)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines() if line.strip())
