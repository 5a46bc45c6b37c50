"""Finding consumers: by phone, its end and order number, within what the searcher reaches and nowhere else."""

from collections.abc import Iterable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from anshou.consumers import searching
from anshou.consumers.cards import ConsumerCard, Correction
from anshou.consumers.errors import NothingSought
from anshou.consumers.recording import add_record, correct_record, remove_record
from anshou.consumers.records import ConsumerRecord, visible_record
from anshou.consumers.searching import Hit, Sought, search_consumers
from anshou.merchants.errors import MerchantNotFound
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.tickets.kinds import Channel, Kind
from anshou.tickets.opening import open_ticket
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from tests.consumers.samples import CARD, ORDER, PHONE, SECRETS, card
from tests.tickets.desk import Desk
from tests.tickets.samples import report


async def _record(desk: Desk, *cards: ConsumerCard) -> list[ConsumerRecord]:
    """Put these on a ticket of 云杉."""
    by = desk.cast.owner
    await desk.open(Kind.SERVICE_QUALITY, by)
    ticket = await desk.ticket(by)
    return [await add_record(desk.session, ticket, each, by=by, at=desk.now) for each in cards]


async def _found(desk: Desk, by: Person, *, merchants: Iterable[UUID] = (), **terms: str) -> list[Hit]:
    await desk.act_as(by.context())
    asked = list(merchants) or [desk.cast.yunshan.id]
    page = await search_consumers(desk.session, Sought(**terms), merchants=asked, by=by, at=desk.now)
    return list(page.hits)


@pytest.mark.parametrize(
    "terms",
    [
        {"phone": PHONE},
        {"phone": "+86 100-0000-1234"},
        {"phone": "１００００００１２３４"},
        {"phone": "1234"},
        {"phone": "１２３４ "},
        {"order_number": ORDER},
        {"order_number": "dd 2611 000077"},
        {"phone": "1234", "order_number": ORDER},
        {"phone": PHONE, "order_number": ORDER},
    ],
)
async def test_a_consumer_is_found_however_the_number_is_written(desk: Desk, terms: dict[str, str]) -> None:
    # The blind index compares what a person means: +86, blanks, full-width digits and case say nothing.
    records = await _record(desk, card(phone="+86 " + PHONE), card(phone="10000009999", order_number="DD-1"))
    hits = await _found(desk, desk.cast.account_manager, **terms)
    assert [hit.record.origin_id for hit in hits] == [records[0].origin_id]
    assert hits[0].number == desk.number
    assert hits[0].record.text("phone") == "100****1234"


@pytest.mark.parametrize(
    "terms",
    [
        {"phone": "10000001235"},
        {"phone": "1235"},
        {"order_number": "DD-2611-000078"},
        {"phone": "1234", "order_number": "DD-2611-000078"},
        {"phone": "10000001235", "order_number": ORDER},
    ],
)
async def test_what_does_not_fit_whole_is_not_found(desk: Desk, terms: dict[str, str]) -> None:
    await _record(desk, CARD)
    assert await _found(desk, desk.cast.account_manager, **terms) == []


async def test_nothing_is_found_by_nothing(desk: Desk) -> None:
    await _record(desk, CARD, ConsumerCard(name="无名"))
    with pytest.raises(NothingSought):
        await _found(desk, desk.cast.account_manager, phone=" ", order_number="")


async def test_what_was_corrected_or_removed_is_not_found_by_what_it_said(desk: Desk) -> None:
    first, second = await _record(desk, CARD, card(phone="10000004321", order_number="DD-9"))
    by = desk.cast.account_manager
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, first.origin_id)
    await correct_record(desk.session, ticket, record, Correction(phone="10000007777"), by=by, at=desk.now)
    await remove_record(
        desk.session, ticket, await visible_record(desk.session, ticket, second.origin_id), by=by, at=desk.now
    )
    assert await _found(desk, by, phone=PHONE) == []
    assert await _found(desk, by, phone="1234") == []
    assert await _found(desk, by, phone="10000004321") == []
    assert [hit.record.origin_id for hit in await _found(desk, by, phone="7777")] == [first.origin_id]
    # The order number was carried over by the correction, so it is found once.
    assert len(await _found(desk, by, order_number=ORDER)) == 1


async def test_a_shared_index_value_is_no_hit(desk: Desk) -> None:
    await _record(desk, *(ConsumerCard(phone=f"1000{number:07}") for number in range(40)))
    by = desk.cast.account_manager
    for number in range(40):
        hits = await _found(desk, by, phone=f"1000{number:07}")
        assert len(hits) == 1


async def test_only_tickets_in_reach_are_searched(desk: Desk) -> None:
    await _record(desk, CARD)
    # The ticket was not handed to a department yet: its specialists reach it only then.
    assert await _found(desk, desk.cast.specialist, phone=PHONE) == []
    assert await _found(desk, desk.cast.member, phone=PHONE) != []
    for person in (desk.cast.finance, desk.cast.auditor, desk.cast.admin, desk.cast.executive):
        with pytest.raises(PermissionMissing):
            await _found(desk, person, phone=PHONE)


async def test_a_merchant_out_of_reach_is_not_found_and_not_asked(desk: Desk) -> None:
    await _record(desk, CARD)
    cast = desk.cast
    for person, merchant in (
        (cast.account_manager, cast.qinghe.id),
        (cast.other_owner, cast.yunshan.id),
        (cast.owner, cast.qinghe.id),
        (cast.service_agent, uuid4()),
    ):
        with pytest.raises(MerchantNotFound):
            await _found(desk, person, merchants=[merchant], phone=PHONE)


async def test_a_search_over_several_merchants_goes_on_from_page_to_page(desk: Desk) -> None:
    cast, by = desk.cast, desk.cast.service_agent
    wanted = [record.origin_id for record in await _record(desk, *(card(order_number=f"A{n}") for n in range(5)))]
    await desk.act_as(by.context())
    stated = report(Kind.SERVICE_QUALITY, desk.now, merchant=cast.qinghe.id, channel=Channel.PHONE)
    ticket = await open_ticket(desk.session, stated, by=by, at=desk.now)
    for number in range(3):
        added = await add_record(desk.session, ticket, card(order_number=f"B{number}"), by=by, at=desk.now)
        wanted.append(added.origin_id)
    merchants = [cast.yunshan.id, cast.qinghe.id]
    seen: list[UUID] = []
    after = None
    for _ in range(9):
        page = await search_consumers(
            desk.session, Sought(phone="1234"), merchants=merchants, by=by, at=desk.now, after=after, limit=2
        )
        seen += [hit.record.origin_id for hit in page.hits]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 8
    assert set(seen) == set(wanted)
    assert seen[:5] == sorted(wanted[:5], reverse=True)


async def test_more_merchants_than_the_bound_are_left_out_and_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await _record(desk, CARD)
    by = desk.cast.service_agent
    await desk.act_as(by.context())
    monkeypatch.setattr(searching, "MOST_MERCHANTS", 1)
    merchants = [desk.cast.qinghe.id, desk.cast.yunshan.id]
    page = await search_consumers(desk.session, Sought(phone=PHONE), merchants=merchants, by=by, at=desk.now)
    assert page.hits == ()
    assert page.left_out == 1


async def test_a_search_leaves_a_leaf_that_says_by_what_but_not_for_whom(desk: Desk) -> None:
    await _record(desk, CARD)
    await _found(desk, desk.cast.account_manager, phone=PHONE, order_number=ORDER)
    await desk.act_as(desk.cast.executive.context())
    await write_leaves(desk.session)
    leaf = (await desk.session.scalars(select(AuditLeaf).where(AuditLeaf.action == "consumer.searched"))).one()
    assert leaf.merchant_id == desk.cast.yunshan.id
    assert b'"phone"' in leaf.body
    assert not any(secret.encode() in leaf.body for secret in SECRETS)
