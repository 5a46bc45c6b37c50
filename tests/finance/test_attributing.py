"""From a verified cost and a determination to the books, and back when it is determined anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from anshou.finance.allocated import how_allocated, pending_costs
from anshou.finance.attributing import attribute_costs
from anshou.finance.claims import conclude_claim, open_claims
from anshou.finance.errors import ClaimNotOpen
from anshou.finance.ruling import RuleDraft, set_general_rule
from anshou.people.errors import PermissionMissing
from billing.attribution.claims import ClaimResult
from billing.attribution.errors import ClaimOutOfRange
from billing.attribution.general import STANDARD
from billing.attribution.tables import AllocationRow, find_allocation, parts_of
from billing.clauses import CostClause
from billing.costs.items import CostItem
from billing.costs.states import State
from billing.ledger.accounts import LedgerAccount
from billing.ledger.periods import close_period
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Entry, Voucher
from billing.parties import Party
from billing.responsibility import Determination
from billing.shares import Share
from tenants.context import AGENCY
from tests.finance.counter import Counter

PENDING, AGENCYS, MERCHANTS = (
    AccountUse.PENDING_DETERMINATION,
    AccountUse.BORNE_BY_AGENCY,
    AccountUse.RECEIVABLE_FROM_MERCHANT,
)
PAYABLE, CLAIMED = AccountUse.PAYABLE_TO_CLAIMANT, AccountUse.CLAIM_ON_PLATFORM


def caused(**points: int) -> Determination:
    shares = tuple(Share(party=Party(name), basis_points=part) for name, part in points.items())
    return Determination(shares=shares, basis="逐项核对", clause="")


def always(clauses: tuple[CostClause, ...]) -> RuleDraft:
    """A general rule for every day of these tests."""
    return RuleDraft(valid_from=date(2026, 1, 1), clauses=clauses)


async def determined(counter: Counter, **points: int) -> None:
    """The ticket goes to its analysis, which says who is responsible."""
    cast, desk = counter.cast, counter.desk
    await counter.ticket(cast.owner)
    await desk.act(cast.account_manager, "accept")
    await desk.act(cast.account_manager, "dispatch")
    await desk.act(cast.specialist, "conclude_analysis", responsibility=caused(**points))


async def worked(counter: Counter) -> None:
    """The worker's job, in the agency's context."""
    ticket = await counter.ticket(counter.cast.executive)
    await counter.desk.act_as(AGENCY)
    counter.desk.now += timedelta(minutes=1)
    await attribute_costs(counter.session, ticket.merchant_id, ticket.id, at=counter.desk.now)
    # What the database checks at the end of a transaction, now.
    await counter.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    await counter.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


async def books(counter: Counter) -> dict[AccountUse, int]:
    """What stands on each account, debit less credit, in fen."""
    await counter.desk.act_as(AGENCY)
    rows = await counter.session.execute(
        select(LedgerAccount.use, Entry.side, Entry.fen).join(Entry, Entry.account_id == LedgerAccount.id)
    )
    stands: dict[AccountUse, int] = {}
    for use, side, fen in rows:
        stands[use] = stands.get(use, 0) + (fen if side is Side.DEBIT else -fen)
    return {use: fen for use, fen in stands.items() if fen}


async def redetermined(counter: Counter, **points: int) -> None:
    await counter.desk.act(counter.cast.supervisor, "determine", responsibility=caused(**points))


async def item_of(counter: Counter, item: CostItem) -> CostItem:
    return await counter.item(item.number, counter.cast.finance)


async def test_a_verified_cost_without_determination_stands_under_pending(counter: Counter) -> None:
    item = await counter.submit()
    await worked(counter)
    assert await books(counter) == {}
    await counter.verify(item.number)
    await worked(counter)
    assert await books(counter) == {PENDING: 128_000, PAYABLE: -128_000}
    (pending,) = await pending_costs(counter.session, by=counter.cast.finance)
    assert (pending.item.number, pending.is_determined) == (item.number, False)


async def test_a_determination_allocates_by_the_contract_of_the_day_and_by_the_general_rule(counter: Counter) -> None:
    await determined(counter, agency=7000, platform=3000)
    item = await counter.submit()
    await counter.verify(item.number)
    await worked(counter)
    assert await books(counter) == {AGENCYS: 89_600, CLAIMED: 38_400, PAYABLE: -128_000}
    item = await item_of(counter, item)
    assert item.state is State.ALLOCATED
    (borne,) = await how_allocated(counter.session, item, by=counter.cast.finance)
    assert borne.row.version_id == counter.cast.yunshan.version_id
    assert [(part.party, part.clause, part.is_general) for part in borne.parts] == [
        (Party.AGENCY, "8.1", False),
        (Party.PLATFORM, "G-platform", True),
    ]
    assert str(borne.why[Party.AGENCY]) == (
        "代运营方承担 896.00 元：代运营方责任 70%，按合同条款“8.1”，承担全部 896.00 元。"
    )
    assert await pending_costs(counter.session, by=counter.cast.finance) == []


async def test_the_entries_lead_back_to_item_ticket_clause_and_version(counter: Counter) -> None:
    await determined(counter, agency=10_000)
    item = await counter.verify((await counter.submit()).number)
    await worked(counter)
    row = await find_allocation(counter.session, item.merchant_id, item.id)
    assert row is not None
    voucher = (await counter.session.scalars(select(Voucher).where(Voucher.source_id == row.id))).one()
    entries = await counter.session.scalars(
        select(Entry).where(Entry.voucher_id == voucher.id, Entry.side == Side.DEBIT)
    )
    (entry,) = entries
    assert (entry.cost_item_id, entry.ticket_id, entry.merchant_id) == (item.id, item.ticket_id, item.merchant_id)
    assert (entry.party, entry.clause, entry.version_id) == (Party.AGENCY, "8.1", counter.cast.yunshan.version_id)


async def test_running_again_changes_nothing(counter: Counter) -> None:
    await determined(counter, agency=10_000)
    await counter.verify((await counter.submit()).number)
    await worked(counter)
    once = await books(counter), await _counted(counter)
    await worked(counter)
    assert (await books(counter), await _counted(counter)) == once


async def _counted(counter: Counter) -> list[int]:
    counts = [text(f"SELECT count(*) FROM {table}") for table in ("allocation", "allocation_part", "ledger_voucher")]
    return [(await counter.session.scalars(count)).one() for count in counts]


async def test_a_later_determination_reverses_and_allocates_anew(counter: Counter) -> None:
    await determined(counter, agency=10_000)
    item = await counter.verify((await counter.submit()).number)
    await worked(counter)
    await redetermined(counter, merchant=10_000)
    await worked(counter)
    assert await books(counter) == {MERCHANTS: 128_000, PAYABLE: -128_000}
    now, before = await how_allocated(counter.session, await item_of(counter, item), by=counter.cast.finance)
    assert now.row.supersedes_id == before.row.id
    assert (now.fen, before.fen) == ({Party.MERCHANT: 128_000}, {Party.AGENCY: 128_000})
    vouchers = (await counter.session.scalars(select(Voucher).order_by(Voucher.id))).all()
    assert [voucher.source for voucher in vouchers] == ["cost_item", "allocation", "allocation", "allocation"]
    assert vouchers[2].reverses_id == vouchers[1].id


async def test_a_cost_verified_after_the_determination_is_allocated_too(counter: Counter) -> None:
    await determined(counter, merchant=10_000)
    await counter.verify((await counter.submit()).number)
    await worked(counter)
    await counter.verify((await counter.submit(fen=7_300)).number)
    await worked(counter)
    assert await books(counter) == {MERCHANTS: 135_300, PAYABLE: -135_300}


async def test_a_cap_of_the_contract_counts_all_costs_of_the_month_and_gives_room_back(counter: Counter) -> None:
    # Clause 8.1: of a month the agency bears 50,000 yuan, the merchant what is beyond.
    await determined(counter, agency=10_000)
    first = await counter.verify((await counter.submit(fen=400_000)).number)
    for _ in range(12):
        await counter.verify((await counter.submit(fen=400_000)).number)
    await worked(counter)
    assert await books(counter) == {AGENCYS: 5_000_000, MERCHANTS: 200_000, PAYABLE: -5_200_000}
    await redetermined(counter, merchant=10_000)
    await worked(counter)
    await redetermined(counter, agency=10_000)
    await worked(counter)
    assert await books(counter) == {AGENCYS: 5_000_000, MERCHANTS: 200_000, PAYABLE: -5_200_000}
    assert len(await how_allocated(counter.session, first, by=counter.cast.finance)) == 3


async def test_in_a_closed_month_nothing_changes_the_correction_lands_in_the_open_one(counter: Counter) -> None:
    await determined(counter, agency=10_000)
    await counter.verify((await counter.submit()).number)
    await worked(counter)
    month = counter.desk.now.date().replace(day=1)
    await close_period(counter.session, month, by=counter.cast.finance.id, at=counter.desk.now)
    await redetermined(counter, merchant=10_000)
    await worked(counter)
    assert await books(counter) == {MERCHANTS: 128_000, PAYABLE: -128_000}
    vouchers = (await counter.session.scalars(select(Voucher).order_by(Voucher.id))).all()
    assert [voucher.booked_on.month - month.month for voucher in vouchers] == [0, 0, 1, 1]


async def test_without_a_contract_the_general_rule_of_the_tenant_decides(counter: Counter) -> None:
    changed = tuple(
        CostClause(number="G-8", cause=Party.CONSUMER, shares=(Share(party=Party.CONSUMER, basis_points=10_000),))
        if one.cause is Party.CONSUMER
        else one
        for one in STANDARD.clauses
    )
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())
    rule = await set_general_rule(counter.session, always(changed), by=finance, at=counter.desk.now)
    await determined(counter, consumer=10_000)
    item = await counter.verify((await counter.submit()).number)
    await worked(counter)
    (borne,) = await how_allocated(counter.session, item, by=finance)
    assert (borne.row.general_version, borne.parts[0].clause) == (rule.version, "G-8")
    assert await books(counter) == {AccountUse.CLAIM_ON_CONSUMER: 128_000, PAYABLE: -128_000}


async def test_only_finance_and_administration_set_the_general_rule(counter: Counter) -> None:
    with pytest.raises(PermissionMissing):
        await set_general_rule(
            counter.session, always(STANDARD.clauses), by=counter.cast.supervisor, at=counter.desk.now
        )


async def claimed(counter: Counter) -> CostItem:
    """A cost of which 384 yuan are claimed from the platform."""
    await determined(counter, agency=7000, platform=3000)
    item = await counter.verify((await counter.submit()).number)
    await worked(counter)
    return await item_of(counter, item)


async def concluded(counter: Counter, item: CostItem, received: int) -> Any:
    finance = counter.cast.finance
    (part,) = await open_claims(counter.session, item)
    return await conclude_claim(counter.session, item, part.position, received, by=finance, at=counter.desk.now)


async def test_a_claim_partly_paid_leaves_the_rest_to_who_the_clause_says(counter: Counter) -> None:
    item = await claimed(counter)
    conclusion = await concluded(counter, item, 30_000)
    assert (conclusion.result, conclusion.rest_fen, conclusion.rest_to) == (ClaimResult.PARTLY, 8_400, Party.AGENCY)
    assert await books(counter) == {AGENCYS: 98_000, AccountUse.BANK: 30_000, PAYABLE: -128_000}
    item = await item_of(counter, item)
    assert await open_claims(counter.session, item) == []
    with pytest.raises(ClaimNotOpen):
        await conclude_claim(counter.session, item, 2, 0, by=counter.cast.finance, at=counter.desk.now)


async def test_a_claim_brings_no_more_than_was_claimed(counter: Counter) -> None:
    item = await claimed(counter)
    with pytest.raises(ClaimOutOfRange):
        await concluded(counter, item, 38_401)


async def test_only_who_keeps_the_accounts_concludes_a_claim(counter: Counter) -> None:
    item = await claimed(counter)
    with pytest.raises(PermissionMissing):
        await conclude_claim(counter.session, item, 2, 0, by=counter.cast.supervisor, at=counter.desk.now)


async def test_a_later_determination_takes_back_what_a_failed_claim_had_shifted(counter: Counter) -> None:
    item = await claimed(counter)
    await concluded(counter, item, 30_000)
    await redetermined(counter, merchant=10_000)
    await worked(counter)
    # What the platform paid came in and stands to its credit.
    assert await books(counter) == {
        MERCHANTS: 128_000,
        CLAIMED: -30_000,
        AccountUse.BANK: 30_000,
        PAYABLE: -128_000,
    }


async def test_the_database_refuses_parts_that_do_not_add_up(counter: Counter) -> None:
    item = await claimed(counter)
    row = await find_allocation(counter.session, item.merchant_id, item.id)
    assert row is not None
    with pytest.raises(DBAPIError, match="add up"):
        async with counter.session.begin_nested():
            wrong = AllocationRow(
                merchant_id=item.merchant_id,
                ticket_id=item.ticket_id,
                item_id=item.id,
                determination_id=row.determination_id,
                version_id=None,
                general_version=0,
                supersedes_id=row.id,
                fen=1,
                currency=item.currency,
                allocated_by=row.allocated_by,
                allocated_at=row.allocated_at,
            )
            counter.session.add(wrong)
            await counter.session.flush()
            await counter.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


async def test_an_allocation_is_never_edited(counter: Counter) -> None:
    item = await claimed(counter)
    row = await find_allocation(counter.session, item.merchant_id, item.id)
    assert row is not None
    assert sum(part.fen for part in await parts_of(counter.session, row)) == item.fen
    for change in ("UPDATE allocation SET fen = fen + 1", "DELETE FROM allocation_part"):
        with pytest.raises(DBAPIError):
            async with counter.session.begin_nested():
                await counter.session.execute(text(change))
