"""Finance takes back a verification: out of the books, back to the claimant, and verified anew where it was right."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from anshou.finance.allocated import how_allocated
from anshou.finance.answering_disputes import Acceptance, accept_dispute
from anshou.finance.claiming import change_claim, submit_cost, withdraw_cost
from anshou.finance.claims import open_claims
from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.errors import (
    CostDeedNotOpen,
    MatchedAtDesk,
    OwnClaim,
    ReasonMissing,
    SecondPersonNeeded,
    StandsOnStatement,
)
from anshou.finance.reading_statements import line_at
from anshou.finance.taking_back import find_asked, may_take_back, take_back
from anshou.people.errors import PermissionMissing
from anshou.people.person import Person
from anshou.people.roles import Role
from billing.attribution.tables import used_so_far
from billing.costs.items import CostItem, deeds_of
from billing.costs.states import Deed, State
from billing.ledger.periods import close_period
from billing.ledger.vouchers import Voucher
from billing.reconciliation.claims import Confirmation, confirm_all, undo
from billing.reconciliation.lines import InternalLine
from tests.finance.counter import CLAIM, Counter
from tests.finance.office import AFTER_NOVEMBER, Office
from tests.finance.test_attributing import CLAIMED, MERCHANTS, PAYABLE, books, determined, item_of, worked
from tests.finance.test_reconciling import brought

WHY = "发票与供应商不符"


async def taken_back(counter: Counter, item: CostItem, by: Person | None = None) -> CostItem:
    by = by or counter.cast.finance
    item = await counter.item(item.number, by)
    await take_back(counter.session, item, WHY, by=by, at=counter.desk.now)
    return item


async def allocated(counter: Counter, **changes: Any) -> CostItem:
    """A cost that the merchant bears."""
    await determined(counter, merchant=10_000)
    item = await counter.verify((await counter.submit(**changes)).number)
    await worked(counter)
    assert await books(counter) == {MERCHANTS: item.fen, PAYABLE: -item.fen}
    return await item_of(counter, item)


async def submitted_again(counter: Counter, item: CostItem, **changes: Any) -> None:
    claimant = counter.cast.account_manager
    item, ticket = await counter.held(item.number, claimant)
    if changes:
        claim = msgspec.structs.replace(CLAIM, tax_fen=0, **changes)
        await change_claim(counter.session, ticket, item, claim, by=claimant, at=counter.desk.now)
    await submit_cost(counter.session, item, by=claimant, at=counter.desk.now)


async def test_a_verification_that_is_taken_back_leaves_nothing_in_the_books(counter: Counter) -> None:
    item = await taken_back(counter, await allocated(counter))

    assert item.state is State.RETURNED
    assert await books(counter) == {}
    deed = (await deeds_of(counter.session, item))[-1]
    assert (deed.deed, deed.reason, deed.done_by) == (Deed.TAKEN_BACK, WHY, counter.cast.finance.id)
    await worked(counter)
    assert await books(counter) == {}


async def test_what_was_verified_and_not_yet_booked_is_taken_back_too(counter: Counter) -> None:
    item = await taken_back(counter, await counter.verify((await counter.submit()).number))
    await worked(counter)
    assert (item.state, await books(counter)) == (State.RETURNED, {})


async def test_the_same_cost_is_verified_again_and_booked_anew(counter: Counter) -> None:
    item = await taken_back(counter, await allocated(counter))
    await submitted_again(counter, item)
    await counter.verify(item.number)
    await worked(counter)

    assert await books(counter) == {MERCHANTS: 128_000, PAYABLE: -128_000}
    item = await item_of(counter, item)
    assert item.state is State.ALLOCATED
    now, before = await how_allocated(counter.session, item, by=counter.cast.finance)
    assert now.row.supersedes_id == before.row.id
    await worked(counter)
    assert await books(counter) == {MERCHANTS: 128_000, PAYABLE: -128_000}
    assert (await taken_back(counter, item)).state is State.RETURNED
    assert await books(counter) == {}


async def test_a_mended_cost_is_booked_with_its_new_amount_and_one_withdrawn_not_at_all(counter: Counter) -> None:
    item = await taken_back(counter, await allocated(counter))
    await submitted_again(counter, item, fen=90_000)
    await counter.verify(item.number)
    await worked(counter)
    assert await books(counter) == {MERCHANTS: 90_000, PAYABLE: -90_000}

    await taken_back(counter, item)
    claimant = counter.cast.account_manager
    await withdraw_cost(counter.session, await counter.item(item.number, claimant), by=claimant, at=counter.desk.now)
    await worked(counter)
    assert await books(counter) == {}


async def test_in_a_closed_month_it_is_reversed_in_the_open_one(counter: Counter) -> None:
    item = await allocated(counter)
    await close_period(counter.session, date(2026, 11, 1), by=counter.cast.finance.id, at=counter.desk.now)
    await taken_back(counter, item)
    assert await books(counter) == {}
    reversals = await counter.session.scalars(select(Voucher).where(Voucher.reverses_id.is_not(None)))
    assert {voucher.booked_on for voucher in reversals} == {date(2026, 12, 1)}


async def test_its_claims_are_open_no_longer_and_a_cap_has_its_room_back(counter: Counter) -> None:
    await determined(counter, agency=7000, platform=3000)
    item = await counter.verify((await counter.submit()).number)
    await worked(counter)
    item = await item_of(counter, item)
    version = counter.cast.yunshan.version_id
    assert await open_claims(counter.session, item)
    assert any((await used_so_far(counter.session, item.merchant_id, version, besides=None)).values())
    assert (await books(counter))[CLAIMED] == 38_400

    item = await taken_back(counter, item)

    assert await open_claims(counter.session, item) == []
    assert await used_so_far(counter.session, item.merchant_id, version, besides=None) == {}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
async def test_nobody_but_finance_takes_a_verification_back(counter: Counter, role: Role) -> None:
    item = await counter.verify((await counter.submit()).number)
    with pytest.raises(PermissionMissing):
        await take_back(counter.session, item, WHY, by=counter.cast.everybody[role], at=counter.desk.now)


async def test_neither_the_claimant_nor_without_a_reason_nor_what_was_not_verified(counter: Counter) -> None:
    finance = counter.cast.finance
    item = await counter.item((await counter.submit()).number, finance)
    with pytest.raises(CostDeedNotOpen):
        await take_back(counter.session, item, WHY, by=finance, at=counter.desk.now)
    item = await counter.verify(item.number)
    with pytest.raises(ReasonMissing):
        await take_back(counter.session, item, " ", by=finance, at=counter.desk.now)
    claimant = replace(counter.cast.account_manager, roles=frozenset({Role.FINANCE}))
    assert not await may_take_back(counter.session, item, by=claimant)
    with pytest.raises(OwnClaim):
        await take_back(counter.session, item, WHY, by=claimant, at=counter.desk.now)
    assert await counter.desk.refused(_deed(item, claimant, "taken_back"), finance)


async def test_what_two_verified_two_take_back(counter: Counter) -> None:
    first, second = counter.cast.finance, await counter.second_finance()
    item = await counter.submit(fen=500_001, tax_fen=0)
    await counter.verify(item.number)
    await counter.verify(item.number, by=second)
    await worked(counter)

    assert await counter.desk.refused(_deed(item, first, "taken_back"), first)
    item = await counter.item(item.number, first)
    assert not await take_back(counter.session, item, WHY, by=first, at=counter.desk.now)
    asked = await find_asked(counter.session, item)
    assert (item.state, asked and asked.done_by) == (State.VERIFIED, first.id)
    assert await books(counter) != {}
    assert not await may_take_back(counter.session, item, by=first)
    with pytest.raises(SecondPersonNeeded):
        await taken_back(counter, item, first)
    assert await counter.desk.refused(_deed(item, first, "taken_back"), first)

    item = await taken_back(counter, item, second)

    assert (item.state, await books(counter)) == (State.RETURNED, {})
    assert await find_asked(counter.session, item) is None


async def test_what_a_merchant_was_charged_has_to_be_disputed_first(office: Office) -> None:
    counter = office.counter
    item = await allocated(counter)
    statement = await office.issue()
    counter.desk.now = AFTER_NOVEMBER + timedelta(days=1)
    with pytest.raises(StandsOnStatement, match=statement.number):
        await taken_back(counter, item)

    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await dispute_line(
        office.session, statement, line, Objection(reason="不认可"), by=office.owner, at=counter.desk.now
    )
    await office.act_as(office.finance)
    await accept_dispute(
        office.session, statement, line, Acceptance(fen=28_000), by=office.finance, at=counter.desk.now
    )
    await taken_back(counter, item)

    assert await books(counter) == {}
    december = await office.issue(date(2026, 12, 1), AFTER_NOVEMBER + timedelta(days=40))
    assert december.closing_fen == 0


async def test_what_is_matched_has_to_be_undone_first(counter: Counter) -> None:
    item = await allocated(counter)
    finance, now = counter.cast.finance, counter.desk.now
    (line,) = await brought(counter.session, -item.fen)
    inside = InternalLine(
        id=item.id, source="costs", booked_on=item.incurred_on, fen=-item.fen, currency="CNY", references=()
    )
    both = Confirmation(lines=(line.as_line(), inside))
    (match,) = await confirm_all(counter.session, [both], by=finance.id, at=now)
    with pytest.raises(MatchedAtDesk):
        await taken_back(counter, item)
    await undo(counter.session, match, reason="勾错", by=finance.id, at=now)
    assert (await taken_back(counter, item)).state is State.RETURNED


def _deed(item: CostItem, by: Person, deed: str) -> str:
    return (
        "INSERT INTO cost_deed (id, merchant_id, ticket_id, item_id, deed, reason, seen, done_by, done_at) "
        f"SELECT gen_random_uuid(), merchant_id, ticket_id, id, '{deed}', 'x', '{{}}', '{by.id}', now() "
        f"FROM cost_item WHERE id = '{item.id}'"
    )
