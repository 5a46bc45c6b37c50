"""A match of costs with what left an account of ours pays them in the books; undoing it takes that back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from anshou.finance import reconciling
from anshou.finance.bookkeeping import keep_currency
from anshou.finance.matches import read_match
from billing.costs.items import CostItem
from billing.currencies import Currency
from billing.ledger.balances import balance, balance_of_cost_item, trial_balance
from billing.ledger.drafts import Draft
from billing.ledger.periods import close_period
from billing.ledger.posting import post
from billing.ledger.proof import prove
from billing.ledger.uses import AccountUse
from billing.ledger.vouchers import Entry, entries_of, reversal_of
from billing.reconciliation.batches import Arrival, Arrived, ExternalLineRow, import_lines
from billing.reconciliation.books import open_lines
from billing.reconciliation.claims import check_now
from billing.reconciliation.errors import MatchInvalid, MonthClosed
from billing.reconciliation.rules import MatchRule
from tests.billing.ledger.books import credit, debit
from tests.cast import NOW
from tests.finance.counter import Counter
from tests.finance.test_attributing import books, worked

DAY, NOVEMBER = date(2026, 11, 20), date(2026, 11, 1)
ALIPAY = "alipay_accounts"
WALLET, BANK, PENDING = AccountUse.WALLET, AccountUse.BANK, AccountUse.PENDING_DETERMINATION
PAYABLE, DIFFERENCE, FEES = AccountUse.PAYABLE_TO_CLAIMANT, AccountUse.DIFFERENCE, AccountUse.FEES


async def owed(counter: Counter, *fen: int) -> list[CostItem]:
    """Costs that were verified and stand in the books."""
    items = [await counter.submit(fen=each, tax_fen=0) for each in fen]
    for item in items:
        await counter.verify(item.number)
    await worked(counter)
    return items


async def billed(counter: Counter, *fen: int, source: str = ALIPAY, currencies: Sequence[str] = ()) -> list[UUID]:
    """Lines of a bill, in their order, with finance before the desk; differences up to 1.00 may be written off."""
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())
    lines = tuple(
        Arrived(number=number, booked_on=DAY, fen=each, currency=currency)
        for number, (each, currency) in enumerate(zip(fen, currencies or ["CNY"] * len(fen), strict=True), start=1)
    )
    arrival = Arrival(
        sha256=source.encode()[:32].ljust(32), name="账单.csv", source=source, account="主账户", lines=lines
    )
    batch = await import_lines(counter.session, arrival, by=finance.id, at=NOW)
    for against in ("costs", "ledger"):
        rule = MatchRule(source=source, against=against, window_days=3)
        await reconciling.set_match_rule(counter.session, rule, write_off_fen=100, by=finance, at=NOW)
    asked = select(ExternalLineRow.id).where(ExternalLineRow.batch_id == batch.id).order_by(ExternalLineRow.number)
    return list(await counter.session.scalars(asked))


async def match(counter: Counter, *lines: UUID) -> UUID:
    made = await reconciling.match_by_hand(counter.session, lines, by=counter.cast.finance, at=NOW)
    await check_now(counter.session)
    return made


async def write_off(counter: Counter, made: UUID) -> None:
    await reconciling.write_off(counter.session, made, account=FEES, by=counter.cast.finance, at=NOW)
    await check_now(counter.session)


async def undo(counter: Counter, made: UUID) -> None:
    await reconciling.undo(counter.session, made, reason="选错了", by=counter.cast.finance, at=NOW)
    await check_now(counter.session)


async def entries_of_payment(counter: Counter, made: UUID) -> Sequence[Entry]:
    read = await read_match(counter.session, made, by=counter.cast.finance)
    return await entries_of(counter.session, read.payment.id) if read.payment else ()


async def is_sound(counter: Counter) -> bool:
    trial = await trial_balance(counter.session, NOVEMBER)
    balanced = sum(line.debit for line in trial) == sum(line.credit for line in trial)
    return balanced and (await prove(counter.session)).is_sound


async def test_a_match_pays_the_cost_and_writing_off_clears_the_difference(counter: Counter) -> None:
    (item,) = await owed(counter, 128_000)
    (line,) = await billed(counter, -128_050)
    made = await match(counter, line, item.id)
    assert await books(counter) == {PENDING: 128_000, WALLET: -128_050, DIFFERENCE: 50}
    assert await balance_of_cost_item(counter.session, PAYABLE, item.id) == 0
    paid, *_ = await entries_of_payment(counter, made)
    assert (paid.ticket_id, paid.merchant_id, paid.department) == (item.ticket_id, item.merchant_id, item.department)
    assert paid.booked_on == DAY
    await write_off(counter, made)
    assert await books(counter) == {PENDING: 128_000, WALLET: -128_050, FEES: 50}
    assert await is_sound(counter)


async def test_undoing_restores_what_was_owed_and_the_lines_are_matched_anew(counter: Counter) -> None:
    (item,) = await owed(counter, 128_000)
    (line,) = await billed(counter, -128_050)
    before = await books(counter)
    made = await match(counter, line, item.id)
    await write_off(counter, made)
    payment = (await read_match(counter.session, made, by=counter.cast.finance)).payment
    assert payment is not None
    await undo(counter, made)
    assert await books(counter) == before
    reversal = await reversal_of(counter.session, payment.id)
    assert reversal is not None
    assert reversal.booked_on == payment.booked_on
    again = await match(counter, line, item.id)
    assert again != made
    assert await books(counter) == {PENDING: 128_000, WALLET: -128_050, DIFFERENCE: 50}
    assert await is_sound(counter)


async def test_what_a_match_booked_is_no_line_to_be_matched(counter: Counter) -> None:
    (item,) = await owed(counter, 128_000)
    (line,) = await billed(counter, -128_000)
    made = await match(counter, line, item.id)
    assert await open_lines(counter.session, "ledger", first=NOVEMBER, last=DAY) == []
    await undo(counter, made)
    assert await open_lines(counter.session, "ledger", first=NOVEMBER, last=DAY) == []


async def test_one_payment_for_several_costs_and_several_for_one(counter: Counter) -> None:
    one, other, whole = await owed(counter, 30_000, 20_000, 90_000)
    together, first, rest, back = await billed(counter, -50_000, -60_000, -35_000, 5_000)
    both = await match(counter, together, one.id, other.id)
    assert [entry.cost_item_id for entry in await entries_of_payment(counter, both)][:2] == [one.id, other.id]
    # What came back of it stands on the other side.
    await match(counter, first, rest, back, whole.id)
    assert await books(counter) == {PENDING: 140_000, WALLET: -140_000}
    assert await is_sound(counter)


async def test_a_run_pays_what_is_certain_from_the_bank(counter: Counter) -> None:
    await owed(counter, 31_234, 20_777)
    await billed(counter, -31_234, -20_777, -4_000, source="bank_cmb")
    span = {"first": NOVEMBER, "last": DAY, "by": counter.cast.finance, "at": NOW}
    run = await reconciling.reconcile(counter.session, "bank_cmb", **span)
    await check_now(counter.session)
    assert len(run.matched) == 2
    assert await books(counter) == {PENDING: 52_011, BANK: -52_011}
    assert (await reconciling.reconcile(counter.session, "bank_cmb", **span)).matched == ()
    assert await books(counter) == {PENDING: 52_011, BANK: -52_011}


@pytest.mark.parametrize("source", ["alipay_personal", "某快递月结账单"])
async def test_a_bill_of_no_account_of_ours_pays_nothing(counter: Counter, source: str) -> None:
    (item,) = await owed(counter, 128_000)
    (line,) = await billed(counter, -128_050, source=source)
    made = await match(counter, line, item.id)
    assert await books(counter) == {PENDING: 128_000, PAYABLE: -128_000}
    # It costs more than was claimed, and so more is owed.
    await write_off(counter, made)
    assert await books(counter) == {PENDING: 128_000, PAYABLE: -128_050, FEES: 50}


async def test_what_the_books_have_of_the_bank_already_is_not_booked_again(counter: Counter) -> None:
    (item,) = await owed(counter, 30_000)
    receipt, mixed = await billed(counter, 9_950, -50_000, source="bank_cmb")
    for key, fen in (("in", 10_000), ("out", -20_000)):
        side, other = (debit, credit) if fen > 0 else (credit, debit)
        postings = (side(BANK, abs(fen)), other(AccountUse.RECEIVABLE_FROM_MERCHANT, abs(fen)))
        draft = Draft(booked_on=DAY, summary="收付款", source="test", postings=postings)
        await post(counter.session, draft, idempotency_key=key, by=counter.cast.finance.id, at=NOW)
    lines = {line.fen: line.id for line in await open_lines(counter.session, "ledger", first=DAY, last=DAY)}
    before = await books(counter)
    made = await match(counter, receipt, lines[10_000])
    assert await books(counter) == before
    # The bank has less than the books say: writing that off puts the bank right.
    await write_off(counter, made)
    assert await books(counter) == before | {BANK: -10_050, FEES: 50}
    await match(counter, mixed, item.id, lines[-20_000])
    assert (await books(counter))[BANK] == 9_950 - 50_000
    assert DIFFERENCE not in await books(counter)


async def test_dollars_are_paid_in_dollars_and_with_nothing_else(counter: Counter) -> None:
    await counter.settle_in_dollars()
    finance = counter.cast.finance
    await counter.desk.act_as(finance.context())
    await keep_currency(counter.session, Currency.USD, by=finance, at=NOW)
    (item,) = await owed(counter, 128_000)
    dollars, yuan = await billed(counter, -128_030, -128_000, currencies=("USD", "CNY"))
    with pytest.raises(MatchInvalid, match="币种"):
        await match(counter, yuan, item.id)
    await write_off(counter, await match(counter, dollars, item.id))
    standing = {
        use: await balance(counter.session, use, month=NOVEMBER, currency="USD")
        for use in (PAYABLE, DIFFERENCE, WALLET)
    }
    assert standing == {PAYABLE: 0, DIFFERENCE: 0, WALLET: -128_030}
    assert await balance(counter.session, WALLET, month=NOVEMBER) == 0


async def test_an_explained_line_books_nothing(counter: Counter) -> None:
    (line,) = await billed(counter, -500)
    finance = counter.cast.finance
    made = await reconciling.explain(counter.session, [line], why="提现", by=finance, at=NOW)
    await check_now(counter.session)
    assert await books(counter) == {}
    assert await entries_of_payment(counter, made) == ()


async def test_a_payment_of_a_closed_month_stays(counter: Counter) -> None:
    (item,) = await owed(counter, 128_000)
    (line,) = await billed(counter, -128_000)
    made = await match(counter, line, item.id)
    await close_period(counter.session, DAY, by=counter.cast.finance.id, at=NOW)
    with pytest.raises(MonthClosed):
        async with counter.session.begin_nested():
            await undo(counter, made)
    assert await books(counter) == {PENDING: 128_000, WALLET: -128_000}
