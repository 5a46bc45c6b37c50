"""A search within one merchant tells nothing of another: not by rows touched, candidates, leaves, or index values."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, insert, select, text

from anshou.consumers.records import ConsumerRecord
from anshou.consumers.searching import Sought, candidates, search_consumers
from anshou.people.person import Person
from anshou.tickets.kinds import Channel, Kind
from anshou.tickets.opening import open_ticket
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tests.cast import CastMerchant
from tests.tickets.desk import Desk
from tests.tickets.samples import report

PHONE = "10000001234"
OWN, MANY = 41, 400


async def fill(desk: Desk, merchant: CastMerchant, phones: list[str]) -> None:
    """A ticket of the merchant with a consumer for each phone."""
    by = desk.cast.service_agent
    await desk.act_as(by.context())
    stated = report(Kind.SERVICE_QUALITY, desk.now, merchant=merchant.id, shop=merchant.shop_id, channel=Channel.PHONE)
    ticket = await open_ticket(desk.session, stated, by=by, at=desk.now)
    ring = await open_keys(desk.session, merchant.id)
    rows = [
        {
            "id": (row_id := new_id()),
            "origin_id": row_id,
            "merchant_id": merchant.id,
            "ticket_id": ticket.id,
            "quantity": 1,
            "is_private": False,
            "added_at": desk.now,
            "added_by": by.id,
            "phone": phone,
        }
        for phone in phones
    ]
    await desk.session.execute(insert(ConsumerRecord), ring.seal_rows(ConsumerRecord, rows))


async def asking(desk: Desk, by: Person, merchant: UUID, sought: Sought) -> Any:
    """The statement of the search."""
    return candidates(await open_keys(desk.session, merchant), sought, by).limit(200)


async def measured(desk: Desk, by: Person, merchant: UUID, sought: Sought) -> dict[str, Any]:
    """What the search could be told by: candidates, hits, leaves."""
    await desk.act_as(by.context())
    statement = await asking(desk, by, merchant, sought)
    before = await _leaves(desk, by)
    found = await search_consumers(desk.session, sought, merchants=[merchant], by=by, at=desk.now)
    return {
        "candidates": len((await desk.session.execute(statement)).all()),
        "hits": len(found.hits),
        "leaves": await _leaves(desk, by) - before,
    }


async def _leaves(desk: Desk, by: Person) -> int:
    await write_leaves(desk.session)
    # Staff leave leaves and read none; who may is asked in the agency's name.
    return int((await desk.session.scalar(select(func.count()).select_from(AuditLeaf))) or 0) if by.is_merchant else 0


async def _rows_met(desk: Desk, statement: Any) -> int:
    """Rows of consumer records that the plan read, those included that it then threw away."""
    sent: list[tuple[str, Any]] = []
    connection = await desk.session.connection()

    def keep(_connection: object, _cursor: object, said: str, values: Any, *_: object) -> None:
        sent.append((said, values))

    event.listen(connection.sync_connection, "before_cursor_execute", keep)
    try:
        await desk.session.execute(statement)
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", keep)
    said, values = sent[-1]
    answer = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {said}", values)
    plan = answer.scalar_one()
    return sum(_met(node) for node in _nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(inner for one in plan.get("Plans", []) for inner in _nodes(one))]


def _met(node: dict[str, Any]) -> int:
    if node.get("Relation Name") != "consumer_record" and "consumer_record" not in node.get("Index Name", ""):
        return 0
    removed = [value for name, value in node.items() if name.startswith("Rows Removed")]
    return round((node["Actual Rows"] + sum(removed)) * node["Actual Loops"])


@pytest.mark.parametrize("sought", [Sought(phone=PHONE), Sought(phone="1234"), Sought(phone="10000009999")])
async def test_what_another_merchant_has_changes_nothing_of_a_search(desk: Desk, sought: Sought) -> None:
    cast = desk.cast
    await fill(desk, cast.yunshan, [PHONE, *(f"100{number:08}" for number in range(OWN - 1))])
    people = (cast.owner, cast.service_agent)
    alone = [await measured(desk, by, cast.yunshan.id, sought) for by in people]
    await fill(desk, cast.qinghe, [PHONE, "10000009999"] * (MANY // 2))
    assert [await measured(desk, by, cast.yunshan.id, sought) for by in people] == alone
    assert alone[0]["leaves"] == 1
    for by in people:
        await desk.act_as(by.context())
        # However the planner goes about it: it meets rows of this merchant at most.
        assert await _rows_met(desk, await asking(desk, by, cast.yunshan.id, sought)) <= OWN


async def test_the_measure_sees_every_row_that_is_met(desk: Desk) -> None:
    cast = desk.cast
    await fill(desk, cast.yunshan, [PHONE] * OWN)
    await fill(desk, cast.qinghe, [PHONE] * MANY)
    await desk.act_as(cast.service_agent.context())
    assert await _rows_met(desk, select(ConsumerRecord)) == OWN + MANY
    assert (await measured(desk, cast.owner, cast.yunshan.id, Sought(phone=PHONE)))["candidates"] == OWN


async def test_index_values_of_the_same_phones_agree_between_merchants_no_more_than_by_chance(desk: Desk) -> None:
    cast = desk.cast
    phones = [f"100{number * 7919 % 10**8:08}" for number in range(MANY)]
    await fill(desk, cast.yunshan, phones)
    await fill(desk, cast.qinghe, phones)
    await desk.act_as(cast.service_agent.context())
    for column in ("phone_exact", "phone_last4"):
        values: list[list[bytes]] = []
        for merchant in (cast.yunshan, cast.qinghe):
            query = text(f"SELECT {column} FROM consumer_record WHERE merchant_id = :merchant ORDER BY id")
            values.append(list(await desk.session.scalars(query, {"merchant": merchant.id})))
        agree = sum(ours == theirs for ours, theirs in zip(*values, strict=True))
        by_chance = MANY / len(set(values[0]))
        assert agree <= 4 * by_chance + 12, column
        # Nor does the number of rows that share a value point from one merchant to the other.
        shares = [[one.count(value) for value in one] for one in values]
        assert shares[0] != shares[1], column
