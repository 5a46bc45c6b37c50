"""Sealed cells changed past the application: they show nothing, find nothing, and leave the rest readable."""

import pytest
from sqlalchemy import text

from anshou.consumers.cards import Correction
from anshou.consumers.errors import RecordDamaged
from anshou.consumers.reading import ShownRecord, show_records
from anshou.consumers.recording import add_record, correct_record
from anshou.consumers.records import records_of, visible_record
from anshou.consumers.searching import Sought, search_consumers
from anshou.tickets.kinds import Kind
from tests.consumers.samples import ORDER, PHONE, card
from tests.tickets.desk import Desk

SWAPS = {
    "another column's": "UPDATE consumer_record SET phone = name",
    "another row's": "UPDATE consumer_record a SET phone = b.phone FROM consumer_record b WHERE a.id <> b.id",
    "a flipped bit": "UPDATE consumer_record SET phone = set_bit(phone, octet_length(phone) * 8 - 1,"
    " 1 - get_bit(phone, octet_length(phone) * 8 - 1))",
    "another version's": "UPDATE consumer_record SET seal_version = seal_version + 1",
}


async def _two(desk: Desk) -> None:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    ticket = await desk.ticket(desk.cast.account_manager)
    for given in (card(), card(name="苏念", phone="10000009876", order_number="DD-2")):
        await add_record(desk.session, ticket, given, by=desk.cast.account_manager, at=desk.now)


async def _shown(desk: Desk) -> list[ShownRecord]:
    by = desk.cast.account_manager
    ticket = await desk.ticket(by)
    records = await records_of(desk.session, ticket)
    return await show_records(desk.session, records, merchant_id=ticket.merchant_id, to=by)


@pytest.mark.parametrize("swap", list(SWAPS), ids=list(SWAPS))
async def test_what_does_not_open_in_its_place_is_named_and_not_shown(desk: Desk, swap: str) -> None:
    await _two(desk)
    await desk.session.execute(text(SWAPS[swap]))
    for one in await _shown(desk):
        assert "phone" in one.damaged
        assert one.text("phone") == ""
        if swap != "another version's":
            assert one.text("name")
    by, merchants = desk.cast.account_manager, [desk.cast.yunshan.id]
    found = await search_consumers(desk.session, Sought(phone=PHONE), merchants=merchants, by=by, at=desk.now)
    assert found.hits == ()


async def test_a_damaged_field_can_be_put_right(desk: Desk) -> None:
    await _two(desk)
    await desk.session.execute(text(SWAPS["another column's"]))
    by = desk.cast.account_manager
    (first, _) = await _shown(desk)
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, first.origin_id)
    with pytest.raises(RecordDamaged):
        await correct_record(desk.session, ticket, record, Correction(name="柳二"), by=by, at=desk.now)
    await correct_record(desk.session, ticket, record, Correction(phone=PHONE), by=by, at=desk.now)
    (first, second) = await _shown(desk)
    assert first.text("phone") == "100****1234"
    assert first.damaged == ()
    assert second.damaged == ("phone",)
    found = await search_consumers(
        desk.session, Sought(phone=PHONE, order_number=ORDER), merchants=[ticket.merchant_id], by=by, at=desk.now
    )
    assert len(found.hits) == 1
