"""Costs: claimed by whoever incurred them, proved, submitted, taken back."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from anshou.consumers.recording import add_record
from anshou.finance.claiming import Claim, change_claim, claim_cost, submit_cost, withdraw_cost
from anshou.finance.errors import (
    ClaimInvalid,
    CostDeedNotOpen,
    CostNotFound,
    EvidenceTwice,
    NotYourClaim,
    ProofMissing,
)
from anshou.finance.evidence import add_evidence, open_evidence, remove_evidence, use_attachment
from anshou.finance.listing import CostFilters, costs_of, count_costs, list_costs
from anshou.finance.reach import ticket_with_costs, visible_cost
from anshou.people.errors import PermissionMissing
from anshou.people.roles import Role
from anshou.tickets.errors import AttachmentNotFound, TicketNotFound
from billing.costs.items import deeds_of, evidence_of
from billing.costs.states import Deed, State
from billing.currencies import Currency
from billing.parties import CostCategory
from tenants.base import new_id
from tenants.shapes import Unfit
from tenants.storage import open_storage
from tests.consumers.samples import CARD
from tests.finance.counter import CLAIM, Counter, invoice
from tests.tickets.desk import STORED


async def _content() -> AsyncIterator[bytes]:
    yield b"an invoice"


async def test_a_claim_is_a_numbered_draft_in_the_contracts_currency(counter: Counter) -> None:
    item = await counter.claim()
    assert item.number == "FY2611-00001"
    assert (item.state, item.fen, item.tax_fen, item.currency) == (State.DRAFT, 128_000, 7_245, Currency.CNY)
    assert item.claimed_by == counter.cast.account_manager.id
    assert item.department == "operations"


@pytest.mark.parametrize("role", list(Role))
async def test_costs_are_claimed_by_whoever_works_on_tickets(counter: Counter, role: Role) -> None:
    ticket = await counter.ticket(counter.cast.executive)
    person = counter.cast.everybody[role]
    await counter.desk.act_as(person.context())
    ticket = await counter.session.merge(ticket)
    claims = {Role.ACCOUNT_MANAGER, Role.SERVICE_AGENT, Role.SPECIALIST, Role.SUPERVISOR}
    if role in claims:
        assert (await claim_cost(counter.session, ticket, CLAIM, by=person, at=counter.desk.now)).number
    else:
        with pytest.raises(PermissionMissing):
            await claim_cost(counter.session, ticket, CLAIM, by=person, at=counter.desk.now)


async def test_nothing_is_submitted_without_proof(counter: Counter) -> None:
    item = await counter.claim()
    with pytest.raises(ProofMissing):
        await submit_cost(counter.session, item, by=counter.cast.account_manager, at=counter.desk.now)
    assert item.state is State.DRAFT


async def test_a_submitted_claim_is_changed_by_nobody_and_returned_to_nobody_else(counter: Counter) -> None:
    item = await counter.submit()
    by = counter.cast.account_manager
    item, ticket = await counter.held(item.number, by)
    with pytest.raises(CostDeedNotOpen, match="待核实"):
        await change_claim(counter.session, ticket, item, CLAIM, by=by, at=counter.desk.now)
    with pytest.raises(CostDeedNotOpen):
        await add_evidence(counter.session, ticket, item, invoice(), by=by, at=counter.desk.now)
    with pytest.raises(NotYourClaim):
        await withdraw_cost(counter.session, item, by=counter.cast.service_agent, at=counter.desk.now)


async def test_the_database_itself_keeps_what_was_submitted(counter: Counter) -> None:
    item = await counter.submit()
    person = counter.cast.account_manager
    assert await counter.desk.refused(f"UPDATE cost_item SET fen = 1 WHERE id = '{item.id}'", person)
    assert await counter.desk.refused(f"UPDATE cost_deed SET reason = 'x' WHERE item_id = '{item.id}'", person)
    assert await counter.desk.refused(f"DELETE FROM cost_item WHERE id = '{item.id}'", person)


async def test_a_draft_is_changed_and_what_it_said_before_is_kept(counter: Counter) -> None:
    item = await counter.claim()
    by = counter.cast.account_manager
    item, ticket = await counter.held(item.number, by)
    changed = Claim(category=CostCategory.COMMUNICATION, fen=5_000, incurred_on=date(2026, 11, 21))
    await change_claim(counter.session, ticket, item, changed, by=by, at=counter.desk.now)
    assert (item.category, item.fen, item.tax_fen, item.state) == (CostCategory.COMMUNICATION, 5_000, 0, State.DRAFT)
    (deed,) = await deeds_of(counter.session, item)
    assert (deed.deed, deed.seen["before"]["fen"]) == (Deed.CHANGED, 128_000)


async def test_a_withdrawn_claim_stays_visible_and_counts_no_more(counter: Counter) -> None:
    item = await counter.submit()
    by = counter.cast.account_manager
    item, ticket = await counter.held(item.number, by)
    assert await count_costs(counter.session, ticket, by=by) == 1
    await withdraw_cost(counter.session, item, by=by, at=counter.desk.now)
    assert await count_costs(counter.session, ticket, by=by) == 0
    assert [one.state for one in await costs_of(counter.session, ticket, by=by)] == [State.WITHDRAWN]


async def test_freight_is_claimed_only_where_there_is_a_consumers_case(counter: Counter) -> None:
    with pytest.raises(ClaimInvalid) as refused:
        await counter.claim(category=CostCategory.FREIGHT)
    assert refused.value.fields == {"category": "“运费”只用于消费者售后工单"}
    by = counter.cast.account_manager
    await add_record(counter.session, await counter.ticket(by), CARD, by=by, at=counter.desk.now)
    assert (await counter.claim(category=CostCategory.FREIGHT)).category is CostCategory.FREIGHT


async def test_a_currency_that_is_not_the_contracts_is_refused(counter: Counter) -> None:
    with pytest.raises(ClaimInvalid) as refused:
        await counter.claim(currency=Currency.USD)
    assert refused.value.fields == {"currency": "合同以人民币结算，不能用美元"}


async def test_a_contract_in_dollars_makes_claims_in_dollars(counter: Counter) -> None:
    await counter.settle_in_dollars()
    assert (await counter.claim()).currency is Currency.USD


async def test_a_day_to_come_is_refused(counter: Counter) -> None:
    with pytest.raises(ClaimInvalid) as refused:
        await counter.claim(incurred_on=date(2026, 11, 24))
    assert list(refused.value.fields) == ["incurred_on"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("tax_fen", {"tax_fen": 200_000}),
        ("note", {"note": "联系 13800138000"}),
        ("note", {"note": "退到 6222020000000000000"}),
    ],
)
async def test_more_tax_than_amount_and_numbers_of_people_are_refused(field: str, changes: dict[str, object]) -> None:
    with pytest.raises(Unfit) as refused:
        Claim(category=CostCategory.COMMUNICATION, fen=100, incurred_on=date(2026, 11, 1), **changes)
    assert refused.value.field == field


async def test_an_order_number_that_could_be_a_foreign_card_stands_in_a_note(counter: Counter) -> None:
    assert (await counter.claim(note="订单 6936000000123456781 退货")).note == "订单 6936000000123456781 退货"


async def test_labour_is_claimed_by_time_and_never_by_amount(counter: Counter) -> None:
    with pytest.raises(ClaimInvalid, match="登记工时"):
        await counter.claim(category=CostCategory.LABOUR_OVERTIME)


async def test_the_same_file_proves_an_item_once(counter: Counter) -> None:
    item = await counter.claim()
    by = counter.cast.account_manager
    item, ticket = await counter.held(item.number, by)
    added = await add_evidence(counter.session, ticket, item, invoice(7), by=by, at=counter.desk.now)
    with pytest.raises(EvidenceTwice):
        await add_evidence(counter.session, ticket, item, invoice(7, "换个名字.pdf"), by=by, at=counter.desk.now)
    await remove_evidence(counter.session, item, added.id, by=by, at=counter.desk.now)
    assert (await evidence_of(counter.session, [item]))[item.id] == []
    await add_evidence(counter.session, ticket, item, invoice(7), by=by, at=counter.desk.now)


async def test_a_file_of_the_ticket_proves_a_cost_of_that_ticket(counter: Counter) -> None:
    by = counter.cast.account_manager
    await counter.ticket(by)
    attached = await counter.desk.add_file(by)
    item, ticket = await counter.held((await counter.claim()).number, by)
    storage = open_storage("memory:")
    await storage.put(STORED.storage_key, _content())
    at = counter.desk.now
    added = await use_attachment(counter.session, storage, ticket, item, attached, by=by, at=at)
    assert (added.attachment_id, added.sha256) == (attached, "a" * 64)
    with pytest.raises(AttachmentNotFound):
        await use_attachment(counter.session, storage, ticket, item, new_id(), by=by, at=at)
    # The ticket's own file goes when its period is over; what proves a cost stays, and lies sealed.
    await storage.delete(STORED.storage_key)
    assert b"".join([piece async for piece in storage.read(added.storage_key)]) != b"an invoice"
    opened = await open_evidence(counter.session, storage, ticket, item, added, by=by, at=at)
    assert b"".join([piece async for piece in opened.read(added.storage_key)]) == b"an invoice"


async def test_a_file_on_a_confidential_ticket_goes_without_its_name(counter: Counter) -> None:
    item = await counter.claim()
    by = counter.cast.account_manager
    item, ticket = await counter.held(item.number, by)
    ticket.is_confidential = True
    added = await add_evidence(counter.session, ticket, item, invoice(name="张三赔付.pdf"), by=by, at=counter.desk.now)
    assert added.name == "凭证1.pdf"
    counter.session.expunge(ticket)


async def test_no_merchant_and_no_stranger_finds_a_cost(counter: Counter) -> None:
    item = await counter.submit()
    await counter.desk.act_as(counter.cast.owner.context())
    with pytest.raises(PermissionMissing):
        await visible_cost(counter.session, counter.cast.owner, item.number)
    await counter.desk.act_as(counter.cast.auditor.context())
    assert (await visible_cost(counter.session, counter.cast.auditor, item.number))[0].number == item.number
    elsewhere = await counter.second_finance()
    assert [one.number for one in await list_costs(counter.session, by=elsewhere)] == [item.number]
    with pytest.raises(CostNotFound):
        await visible_cost(counter.session, elsewhere, "FY2611-09999")
    with pytest.raises(TicketNotFound):
        await ticket_with_costs(counter.session, elsewhere, "FW2611-09999")


async def test_no_row_of_costs_is_in_a_merchants_context(counter: Counter) -> None:
    await counter.submit()
    await counter.desk.act_as(counter.cast.owner.context())
    for table in ("cost_item", "cost_deed", "cost_evidence", "time_entry", "labour_rate", "cost_rules"):
        rows = await counter.session.connection()
        assert (await rows.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar() == 0


async def test_the_list_is_narrowed_and_goes_on_where_a_page_ended(counter: Counter) -> None:
    first, second = await counter.submit(), await counter.claim(category=CostCategory.COMMUNICATION)
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())

    async def numbers(**narrowed: object) -> list[str]:
        found = await list_costs(counter.session, CostFilters(**narrowed), by=finance)  # type: ignore[arg-type]
        return [one.number for one in found]

    assert await numbers() == [second.number, first.number]
    assert await numbers(state=State.SUBMITTED) == [first.number]
    assert await numbers(category=CostCategory.COMMUNICATION) == [second.number]
    assert await numbers(ticket=counter.ticket_number, incurred_from=date(2026, 11, 21)) == []
    page = await list_costs(counter.session, by=finance, limit=1)
    assert [one.number for one in await list_costs(counter.session, by=finance, after=page[-1].id)] == [first.number]
