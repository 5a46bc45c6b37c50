"""How the database looks consumers up among many: by the blind index, whoever asks, in spite of row-level security."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, event, insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.consumers.records import ConsumerRecord
from anshou.consumers.searching import Sought, candidates, search_consumers
from anshou.tickets.kinds import Kind
from anshou.tickets.opening import open_ticket
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.database import Database
from tests.tickets.samples import report

ROWS = 20_000


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, database: Database, wiped: None) -> Anhe:
    """The cast, and as many records of 云杉 as a small merchant gathers in a year; the planner knows of them."""
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    async with tenants.session(tenant, cast.owner.context()) as session:
        await _fill(session, cast)
    owner = await database.connect_as_owner()
    try:
        await owner.execute(f'ANALYZE "{tenant.schema}".consumer_record')
    finally:
        await owner.close()
    return cast


async def _fill(session: AsyncSession, cast: Anhe) -> None:
    stated = report(Kind.SERVICE_QUALITY, NOW, shop=cast.yunshan.shop_id)
    ticket = await open_ticket(session, stated, by=cast.owner, at=NOW)
    ring = await open_keys(session, ticket.merchant_id)
    rows = []
    for number in range(ROWS):
        row_id = new_id()
        rows.append(
            {
                "id": row_id,
                "origin_id": row_id,
                "merchant_id": ticket.merchant_id,
                "ticket_id": ticket.id,
                "quantity": 1,
                "is_private": False,
                "added_at": NOW - timedelta(minutes=number),
                "added_by": cast.owner.id,
                "phone": f"100{number * 7919 % 10**8:08}",
                "order_number": f"DD{number:08}",
            }
        )
    await session.execute(insert(ConsumerRecord), ring.seal_rows(ConsumerRecord, rows))


async def _plan(session: AsyncSession, statement: Select[ConsumerRecord, str]) -> str:
    """The plan of the statement with its very bind values, as the driver got them."""
    sent: list[tuple[str, Any]] = []

    def keep(_connection: object, _cursor: object, text: str, values: Any, *_: object) -> None:
        sent.append((text, values))

    connection = await session.connection()
    event.listen(connection.sync_connection, "before_cursor_execute", keep)
    try:
        await session.execute(statement)
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", keep)
    text, values = sent[-1]
    lines = await connection.exec_driver_sql(f"EXPLAIN {text}", values)
    return "\n".join(line[0] for line in lines)


async def test_the_blind_index_is_used_under_row_level_security(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> None:
    for person in (anhe.account_manager, anhe.owner, anhe.supervisor):
        async with tenants.session(tenant, person.context()) as session:
            ring = await open_keys(session, anhe.yunshan.id)
            for terms in ({"phone": "10000007919"}, {"phone": "7919"}, {"order_number": "DD00000001"}):
                plan = await _plan(session, candidates(ring, Sought(**terms), person).limit(200))
                assert f"ix_consumer_record_{next(iter(terms))}_blind" in plan, plan
                assert "Seq Scan on consumer_record" not in plan, plan


async def test_all_that_end_alike_are_found_among_many(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> None:
    by = anhe.account_manager
    wanted = sum(f"{number * 7919 % 10**8:08}".endswith("7919") for number in range(ROWS))
    async with tenants.session(tenant, by.context()) as session:
        found = await search_consumers(session, Sought(phone="7919"), merchants=[anhe.yunshan.id], by=by, at=NOW)
    assert len(found.hits) == wanted > 0
    assert {hit.record.text("phone") for hit in found.hits} == {"100****7919"}
