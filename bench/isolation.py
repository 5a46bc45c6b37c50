"""A list of 50 tickets behind a login, a signed context and policies, against its owner without policies.

Both sides use the driver bare: with SQLAlchemy on both, its own time would make the ratio look better than it is.
"""

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg

from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from tenants.base import new_id
from tenants.connections import TenantConnection, TenantConnections
from tenants.context import AGENCY, Context
from tenants.registry import Tenant
from tenants.signing import Signer

TICKETS = 100_000
MERCHANTS = 500
ASSIGNED = 5
ROUNDS = 1500
LIMIT = 1.3

COLUMNS = (
    "id, merchant_id, number, kind, title, urgency, owner_id, department, step, status, on_hold, version, "
    "opened_at, next_due_at, last_entry_at"
)
LIST = (
    f"SELECT {COLUMNS} FROM ticket WHERE closed_at IS NULL {{whose}} "
    "ORDER BY coalesce(next_due_at, 'infinity'), id LIMIT 50"
)


@dataclass(slots=True)
class Desk:
    """The tenant's tickets and who looks at them."""

    tenant: Tenant
    merchants: list[UUID] = field(default_factory=lambda: [new_id() for _ in range(MERCHANTS)])
    staff: UUID = field(default_factory=new_id)

    @property
    def views(self) -> dict[str, tuple[Context, str, str]]:
        """Who -> context, what their query says of merchants, and what the owner's must say to get the same rows."""
        merchant = self.merchants[MERCHANTS // 10]
        own = f"AND merchant_id = '{merchant}'"
        assigned = f"AND merchant_id IN (SELECT merchant_id FROM assignment WHERE account_id = '{self.staff}')"
        return {
            "agency": (AGENCY, "", ""),
            "merchant": (Context("merchant", new_id(), merchant), own, own),
            "staff": (Context("staff", self.staff), "", assigned),
        }


async def measure(ground: Ground) -> list[Row]:
    """One line per scope; the first is the figure asked for."""
    desk = Desk(ground.tenants[0])
    owner = await ground.superuser()
    connections = TenantConnections(ground.address, ground.credentials)
    login = await connections.open(desk.tenant)
    signer = Signer(ground.credentials)
    try:
        await _fill(owner, desk)
        rows = []
        for who, (context, theirs, owners) in desk.views.items():
            ours, bare = await _compare(
                _behind_policies(login, signer, context, LIST.format(whose=theirs)),
                _without_policies(owner, LIST.format(whose=owners)),
            )
            rows.append(
                at_most(
                    f"list of 50 of {TICKETS:,} tickets for the {who}, against the owner without policies",
                    ratio_of_medians(ours, bare),
                    LIMIT,
                    detail=f"BEGIN and COMMIT included; ours {spread(ours)}; owner {spread(bare)}",
                    profile=await _plan(login, signer, context, LIST.format(whose=theirs)),
                )
            )
        return rows
    finally:
        await owner.close()
        await login.close()
        await connections.close()


def _behind_policies(
    login: TenantConnection, signer: Signer, context: Context, query: str
) -> Callable[[], Awaitable[list[asyncpg.Record]]]:
    async def look() -> list[asyncpg.Record]:
        await login.begin(_token(login, signer, context), read_only=False)
        found = await login.driver.fetch(query)
        await login.commit()
        return list(found)

    return look


def _without_policies(owner: asyncpg.Connection, query: str) -> Callable[[], Awaitable[list[asyncpg.Record]]]:
    async def look() -> list[asyncpg.Record]:
        await owner.execute("BEGIN")
        found = await owner.fetch(query)
        await owner.execute("COMMIT")
        return list(found)

    return look


async def _compare(
    ours: Callable[[], Awaitable[list[asyncpg.Record]]], bare: Callable[[], Awaitable[list[asyncpg.Record]]]
) -> tuple[list[float], list[float]]:
    """Seconds of runs in random order, after both have shown the same rows and warmed up."""
    expected = [row["id"] for row in await bare()]
    if [row["id"] for row in await ours()] != expected or len(expected) != 50:
        raise RuntimeError("the two lists differ")
    times: dict[int, list[float]] = {0: [], 1: []}
    for turn in range(ROUNDS):
        for side in random.sample((0, 1), 2):
            began = time.perf_counter()
            await (ours, bare)[side]()
            if turn >= ROUNDS // 20:
                times[side].append(time.perf_counter() - began)
    return times[0], times[1]


async def _plan(login: TenantConnection, signer: Signer, context: Context, query: str) -> str:
    await login.begin(_token(login, signer, context), read_only=True)
    lines = await login.driver.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {query}")
    await login.commit()
    return "\n".join(line[0] for line in lines)


def _token(login: TenantConnection, signer: Signer, context: Context) -> str:
    return signer.token(context, role=login.role, backend_pid=login.backend_pid, at=datetime.now(UTC))


async def _fill(owner: asyncpg.Connection, desk: Desk) -> None:
    """Tickets spread unevenly over the merchants, as they are in life; foreign keys are not looked at."""
    chance = random.Random(2)
    now = datetime.now(UTC)
    await owner.execute(f'SET search_path = "{desk.tenant.schema}"; SET session_replication_role = replica')
    await owner.executemany(
        "INSERT INTO assignment (merchant_id, account_id, assigned_at) VALUES ($1, $2, $3)",
        [(merchant, desk.staff, now) for merchant in desk.merchants[:ASSIGNED]]
        + [(merchant, new_id(), now) for merchant in desk.merchants for _ in range(3)],
    )
    tickets = []
    for number in range(TICKETS):
        opened = now - timedelta(seconds=chance.randrange(180 * 86_400))
        tickets.append(
            {
                "id": new_id(),
                "merchant_id": desk.merchants[min(int(chance.expovariate(5 / MERCHANTS)), MERCHANTS - 1)],
                "number": f"FW2611-{number:05}",
                "kind": "service_quality",
                "channel": "portal",
                "title": "活动页面与方案不符",
                "description": "首页主图与确认稿不一致，请尽快处理。" * 3,
                "request": "请在今天内更正",
                "urgency": "normal",
                "owner_id": new_id(),
                "department": "operations",
                "step": "planning",
                "step_since": opened,
                "status": "in_progress",
                "round": 1,
                "on_hold": False,
                "version": 1,
                "occurred_on": date(2026, 11, 1),
                "opened_at": opened,
                "opened_by": new_id(),
                "next_due_at": opened + timedelta(days=chance.randrange(1, 200)),
                "last_entry_at": opened,
            }
        )
    await owner.copy_records_to_table(
        "ticket",
        schema_name=desk.tenant.schema,
        columns=list(tickets[0]),
        records=[tuple(ticket.values()) for ticket in tickets],
    )
    await owner.execute("ANALYZE")
