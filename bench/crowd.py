"""One agency with as many merchants and tickets as a large one has, for the benches that read.

A handful of tickets are opened by the product itself and then multiplied inside the database, because opening so
many one by one would take longer than everything that is measured.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from anshou.merchants.shops import Platform
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.tickets.kinds import Channel, Kind
from anshou.tickets.opening import open_ticket
from bench.ground import Ground
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests import cast
from tests.tickets import samples

MERCHANTS = 20
# An account manager looks after some of the merchants; the others must be kept from every page of theirs.
ASSIGNED = 10
TICKETS = 100_000

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

MULTIPLY = """
    INSERT INTO ticket
    SELECT (jsonb_populate_record(NULL::ticket, to_jsonb(seed) || jsonb_build_object(
        'id', gen_random_uuid(),
        'number', 'FW2611-' || lpad((100 + turn * $2 + place)::text, 6, '0'),
        'opened_at', seed.opened_at - make_interval(mins => turn::int),
        'next_due_at', seed.opened_at + make_interval(mins => (turn * 7919 % 300007 + place)::int)
    ))).*
    FROM (SELECT *, row_number() OVER (ORDER BY number) AS place FROM ticket) AS seed,
        generate_series(1, $1::int) AS turn
"""

REST = """
    INSERT INTO ticket_desk (id, merchant_id, ticket_id)
    SELECT gen_random_uuid(), merchant_id, id FROM ticket
    WHERE NOT EXISTS (SELECT FROM ticket_desk AS desk WHERE desk.ticket_id = ticket.id);
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The agency and one person in each kind of context."""

    tenant: Tenant
    executive: Person
    manager: Person
    owner: Person
    specialist: Person
    shop: UUID


async def settle_crowd(ground: Ground, tenants: Tenants) -> Crowd:
    """Fill the first tenant of the ground."""
    tenant = ground.tenants[0]
    async with tenants.session(tenant, AGENCY) as session:
        admin = await cast.staff(session, "许静", "admin", Role.AGENCY_ADMIN, at=NOW)
        merchants = [
            await cast.merchant(session, f"商家 {n}", Platform.TMALL, valid_from=date(2026, 1, 1), by=admin, at=NOW)
            for n in range(MERCHANTS)
        ]
        assigned = tuple(merchant.id for merchant in merchants[:ASSIGNED])
        manager = await cast.staff(session, "林悦", "manager", Role.ACCOUNT_MANAGER, merchants=assigned, at=NOW)
        departments = (Department.OPERATIONS, Department.TECHNICAL_SUPPORT)
        executive = await cast.staff(session, "高远", "executive", Role.EXECUTIVE, at=NOW)
        specialist = await cast.staff(session, "唐磊", "specialist", Role.SPECIALIST, departments=departments, at=NOW)
        owner = await cast.of_merchant(session, "云飞", "owner", merchants[0].id, Role.MERCHANT_OWNER, at=NOW)
        agent = await cast.staff(
            session, "周敏", "agent", Role.SERVICE_AGENT, merchants=tuple(each.id for each in merchants), at=NOW
        )
    async with tenants.session(tenant, agent.context()) as session:
        for merchant in merchants:
            report = samples.report(Kind.SERVICE_QUALITY, NOW, merchant=merchant.id, channel=Channel.PHONE)
            await open_ticket(session, report, by=agent, at=NOW)
    await _multiply(ground, tenant)
    return Crowd(tenant, executive, manager, owner, specialist, merchants[0].shop_id)


async def _multiply(ground: Ground, tenant: Tenant) -> None:
    superuser = await ground.superuser()
    try:
        await superuser.execute(f'SET search_path = "{tenant.schema}"')
        # Triggers keep up what the copies bring with them already.
        await superuser.execute("SET session_replication_role = replica")
        await superuser.execute(MULTIPLY, TICKETS // MERCHANTS, MERCHANTS)
        await superuser.execute(REST)
        # The tidings of the tickets that were opened are nobody's business here, but other benches count jobs.
        await superuser.execute("TRUNCATE control.job, control.timer")
        await superuser.execute("ANALYZE")
    finally:
        await superuser.close()
