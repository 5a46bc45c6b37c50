"""Consumer records: added, corrected, removed, by whom, and what is left behind of each."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from anshou.consumers.cards import ConsumerCard, Correction, Part
from anshou.consumers.errors import ConsumerRecordNotFound, NothingCorrected, RecordLeftEmpty, RecordSuperseded
from anshou.consumers.private_products import PrivateRuleCard, add_private_rule, remove_private_rule
from anshou.consumers.reading import ShownRecord, show_records
from anshou.consumers.recording import add_record, correct_record, remove_record
from anshou.consumers.records import ConsumerRecord, carries_private, earlier_states, records_of, visible_record
from anshou.consumers.solutions import Solution
from anshou.merchants.errors import ShopNotFound
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.people.roles import Role
from anshou.tickets.entries import Entry
from anshou.tickets.entry_labels import CONSUMER_ADDED, CONSUMER_CORRECTED, CONSUMER_REMOVED
from anshou.tickets.kinds import Kind, Side
from anshou.tickets.tickets import Ticket
from confidentiality.audit.leaves import AuditLeaf, write_leaves
from confidentiality.keys.vault import open_keys
from tenants.shapes import Unfit
from tests.consumers.samples import CARD, SECRETS, card
from tests.tickets.desk import Desk


async def _recorded(desk: Desk, by: Person, given: ConsumerCard = CARD) -> ConsumerRecord:
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    return await add_record(desk.session, await desk.ticket(by), given, by=by, at=desk.now)


async def _shown(desk: Desk, ticket: Ticket, to: Person) -> list[ShownRecord]:
    records = await records_of(desk.session, ticket)
    return await show_records(desk.session, records, merchant_id=ticket.merchant_id, to=to)


async def test_a_record_is_shown_masked_and_its_product_whole_unless_private(desk: Desk) -> None:
    by = desk.cast.account_manager
    await _recorded(desk, by)
    ticket = await desk.ticket(by)
    (shown,) = await _shown(desk, ticket, by)
    assert shown.text("name") == "柳*"
    assert shown.text("phone") == "100****1234"
    assert shown.text("address") == "广东省深圳市****"
    assert shown.text("order_number") == "****0077"
    assert shown.text("product") == "静音筋膜枪"
    assert shown.text("happened") == shown.text("usage") == "****"
    assert (shown.quantity, shown.wanted) == (2, Solution.EXCHANGE)
    await add_record(desk.session, ticket, card(private=True), by=by, at=desk.now)
    private = (await _shown(desk, ticket, by))[1]
    assert private.text("product") == private.text("specification") == "****"


async def test_who_only_reads_the_ticket_sees_no_product_either(desk: Desk) -> None:
    await _recorded(desk, desk.cast.account_manager)
    (shown,) = await _shown(desk, await desk.ticket(desk.cast.executive), desk.cast.executive)
    assert shown.text("product") == "****"


@pytest.mark.parametrize("role", list(Role))
async def test_a_record_is_added_by_those_who_handle_the_matter(desk: Desk, role: Role) -> None:
    person = desk.cast.everybody[role]
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    ticket = await desk.ticket(desk.cast.executive)
    await desk.act_as(person.context())
    handles = {
        Role.ACCOUNT_MANAGER,
        Role.SERVICE_AGENT,
        Role.SPECIALIST,
        Role.SUPERVISOR,
        Role.MERCHANT_OWNER,
        Role.MERCHANT_MEMBER,
    }
    if role in handles:
        ticket = await desk.session.merge(ticket)
        assert await add_record(desk.session, ticket, CARD, by=person, at=desk.now)
    else:
        with pytest.raises(PermissionMissing):
            await add_record(desk.session, ticket, CARD, by=person, at=desk.now)


async def test_nothing_that_was_said_stands_in_the_table_the_timeline_or_a_job(desk: Desk) -> None:
    by = desk.cast.owner
    record = await _recorded(desk, by)
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, record.origin_id)
    await correct_record(desk.session, ticket, record, Correction(name="柳如丝丝"), by=by, at=desk.now)
    await desk.act_as(desk.cast.executive.context())
    await write_leaves(desk.session)
    said = []
    for table in ("consumer_record", "entry", "ticket", "audit_leaf"):
        said += list(await desk.session.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} t")))
    assert len(said) > 5
    everything = "".join(said)
    for secret in SECRETS:
        assert secret not in everything
        assert secret.encode().hex() not in everything


async def test_each_change_leaves_an_entry_both_sides_read_and_a_leaf(desk: Desk) -> None:
    by = desk.cast.account_manager
    record = await _recorded(desk, by)
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, record.origin_id)
    record = await correct_record(desk.session, ticket, record, Correction(quantity=3), by=by, at=desk.now)
    await remove_record(desk.session, ticket, record, by=by, at=desk.now)
    await desk.act_as(desk.cast.owner.context())
    query = select(Entry.move, Entry.body, Entry.record, Entry.audience).where(Entry.move.like("consumer_%"))
    entries = (await desk.session.execute(query.order_by(Entry.id))).all()
    assert [entry.move for entry in entries] == [CONSUMER_ADDED, CONSUMER_CORRECTED, CONSUMER_REMOVED]
    assert {entry.audience for entry in entries} == {Side.MERCHANT}
    assert {entry.body for entry in entries} == {None}
    assert all(entry.record == {"consumer_record": str(record.origin_id)} for entry in entries)
    await write_leaves(desk.session)
    leaves = await desk.session.execute(
        select(AuditLeaf).where(AuditLeaf.subject_id == record.origin_id).order_by(AuditLeaf.id)
    )
    assert [leaf.action for leaf in leaves.scalars()] == ["consumer.added", "consumer.corrected", "consumer.removed"]


async def test_a_correction_changes_what_it_says_and_carries_the_rest_over(desk: Desk) -> None:
    by = desk.cast.account_manager
    first = await _recorded(desk, by)
    ticket = await desk.ticket(by)
    first = await visible_record(desk.session, ticket, first.origin_id)
    correction = Correction(phone="10000005678", address="柏树街一号", clear=(Part.USAGE, Part.WANTED))
    second = await correct_record(desk.session, ticket, first, correction, by=by, at=desk.now)
    ring = await open_keys(desk.session, ticket.merchant_id)
    assert second.phone is not None
    assert second.address is not None
    assert second.name is not None
    assert ring.open(second.phone) == "10000005678"
    assert ring.open(second.address) == "广东省深圳市南山区\n柏树街一号"
    assert ring.open(second.name) == "柳如丝"
    assert second.usage is None
    assert second.wanted is None
    assert second.origin_id == first.origin_id != second.id


async def test_what_a_record_said_before_is_kept_sealed(desk: Desk) -> None:
    by = desk.cast.account_manager
    record = await _recorded(desk, by)
    ticket = await desk.ticket(by)
    for name in ("柳二", "柳三"):
        record = await visible_record(desk.session, ticket, record.origin_id)
        await correct_record(desk.session, ticket, record, Correction(name=name), by=by, at=desk.now)
    record = await visible_record(desk.session, ticket, record.origin_id)
    earlier = await earlier_states(desk.session, record)
    ring = await open_keys(desk.session, ticket.merchant_id)
    assert [ring.open(one.name) for one in earlier if one.name is not None] == ["柳二", "柳如丝"]
    assert all(one.ended_by == by.id for one in earlier)
    assert [one.origin_id for one in await records_of(desk.session, ticket)] == [record.origin_id]


async def test_a_removed_record_is_not_found_again(desk: Desk) -> None:
    by = desk.cast.account_manager
    record = await _recorded(desk, by)
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, record.origin_id)
    await remove_record(desk.session, ticket, record, by=by, at=desk.now)
    assert await records_of(desk.session, ticket) == []
    with pytest.raises(ConsumerRecordNotFound):
        await visible_record(desk.session, ticket, record.origin_id)


async def test_of_two_corrections_of_one_state_the_second_is_refused(desk: Desk) -> None:
    by = desk.cast.account_manager
    record = await _recorded(desk, by)
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, record.origin_id)
    await correct_record(desk.session, ticket, record, Correction(name="柳二"), by=by, at=desk.now)
    with pytest.raises(RecordSuperseded):
        await correct_record(desk.session, ticket, record, Correction(name="柳三"), by=by, at=desk.now)


async def test_a_correction_says_something_and_leaves_something(desk: Desk) -> None:
    by = desk.cast.account_manager
    record = await _recorded(desk, by, ConsumerCard(name="柳如丝"))
    ticket = await desk.ticket(by)
    record = await visible_record(desk.session, ticket, record.origin_id)
    with pytest.raises(NothingCorrected):
        await correct_record(desk.session, ticket, record, Correction(name=""), by=by, at=desk.now)
    with pytest.raises(RecordLeftEmpty):
        await correct_record(desk.session, ticket, record, Correction(clear=(Part.NAME,)), by=by, at=desk.now)


async def test_a_shop_of_another_merchant_is_refused(desk: Desk) -> None:
    by = desk.cast.service_agent
    await desk.open(Kind.SERVICE_QUALITY, desk.cast.owner)
    for shop in (desk.cast.qinghe.shop_id, uuid4()):
        with pytest.raises(ShopNotFound):
            await add_record(desk.session, await desk.ticket(by), card(shop=shop), by=by, at=desk.now)


@pytest.mark.parametrize("phone", ["abc", "12", "100000012341000000"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with pytest.raises(Unfit) as refused:
        ConsumerCard(phone=phone)
    assert phone not in str(refused.value)


def test_a_card_says_something_and_prints_nothing() -> None:
    with pytest.raises(Unfit):
        ConsumerCard(happened="坏了")
    assert not any(secret in repr(CARD) for secret in SECRETS)


async def test_a_merchants_rules_make_a_product_private_where_nobody_decided(desk: Desk) -> None:
    by, merchant = desk.cast.owner, desk.cast.yunshan
    await desk.act_as(by.context())
    await add_private_rule(desk.session, merchant.id, PrivateRuleCard(word="筋膜"), by=by, at=desk.now)
    record = await _recorded(desk, by, card(private=None))
    assert record.is_private
    ticket = await desk.ticket(by)
    assert await carries_private(desk.session, ticket)
    for given, private in ((card(private=None, product="登山杖"), False), (card(private=False), False)):
        assert (await add_record(desk.session, ticket, given, by=by, at=desk.now)).is_private is private


async def test_a_whole_shop_can_be_private_until_it_is_not(desk: Desk) -> None:
    by, merchant = desk.cast.owner, desk.cast.yunshan
    await desk.act_as(by.context())
    rule = await add_private_rule(desk.session, merchant.id, PrivateRuleCard(shop=merchant.shop_id), by=by, at=desk.now)
    # The ticket's shop counts where the record names none.
    assert (await _recorded(desk, by, card(private=None))).is_private
    await remove_private_rule(desk.session, merchant.id, rule.id, by=by)
    record = await add_record(desk.session, await desk.ticket(by), card(private=None), by=by, at=desk.now)
    assert not record.is_private
