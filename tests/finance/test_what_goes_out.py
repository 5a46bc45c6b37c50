"""What an export of vouchers holds: opening balances where they are wanted, and how many papers each voucher has."""

from datetime import date

import msgspec
import pytest

from anshou.finance.attributing import attribute_costs
from anshou.finance.bookkeeping import keep_currency, post_opening
from anshou.finance.claiming import submit_cost
from anshou.finance.close_checks import Check
from anshou.finance.closing import close_month
from anshou.finance.evidence import add_evidence
from anshou.finance.handing_over import fetch_file, hand_over
from billing.currencies import Currency
from billing.ledger.drafts import Draft, Posting
from billing.ledger.openings import OpeningBalance
from billing.ledger.posting import post
from billing.ledger.uses import AccountUse, Side
from billing.voucher_exports.exporting import preflight
from billing.voucher_files.shapes import Target, TargetAccount
from tenants.context import AGENCY
from tests.finance.counter import invoice
from tests.finance.office import AFTER_NOVEMBER, NOVEMBER, Office
from tests.finance.test_month_closing import U8, carry, closed, exports


@pytest.mark.parametrize("wanted", [True, False])
async def test_opening_balances_go_out_too_unless_the_target_has_them(office: Office, wanted: bool) -> None:
    await office.act_as(office.finance)
    stood = OpeningBalance(account=AccountUse.PENDING_DETERMINATION, side=Side.DEBIT, fen=700)
    await post_opening(office.session, NOVEMBER, [stood], idempotency_key="o", by=office.finance, at=AFTER_NOVEMBER)
    await closed(office, 12_345)
    await exports(office, msgspec.structs.replace(U8, openings=wanted))

    found = await preflight(office.session, NOVEMBER, Target.U8)

    assert found.waiting == (2 if wanted else 1)
    assert [obstacle.account for obstacle in found.obstacles] == (["410499"] if wanted else [])


async def test_a_voucher_counts_the_evidence_of_the_cost_that_it_books(office: Office) -> None:
    account_manager = office.counter.cast.account_manager
    drafted = await office.counter.claim()
    for _ in range(3):
        item, ticket = await office.counter.held(drafted.number, account_manager)
        await add_evidence(office.session, ticket, item, invoice(), by=account_manager, at=office.counter.desk.now)
    await submit_cost(office.session, item, by=account_manager, at=office.counter.desk.now)
    await office.counter.verify(item.number)
    await office.counter.desk.act_as(AGENCY)
    await attribute_costs(office.session, item.merchant_id, item.ticket_id, at=office.counter.desk.now)
    await office.charge(5, date(2026, 11, 30))
    await office.issue()
    await carry(office, Check.UNDETERMINED)
    await close_month(office.session, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    payable = TargetAccount(code="2241", name="其他应付款")
    await exports(office, msgspec.structs.replace(U8, accounts={**U8.accounts, "224101": payable}))

    made = await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)
    file = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)

    rows = [line.split(",") for line in file.content.decode("gbk").splitlines()[1:]]
    assert [(row[2], row[3]) for row in rows] == [("1", "3"), ("1", "3"), ("2", "0"), ("2", "0")]


async def test_a_voucher_in_another_currency_stays_and_keeps_no_other_here(office: Office) -> None:
    await office.act_as(office.finance)
    await keep_currency(office.session, Currency.USD, by=office.finance, at=AFTER_NOVEMBER)
    of_fees = {"fen": 900, "currency": "USD"}
    fees = Draft(
        booked_on=date(2026, 11, 9),
        summary="境外手续费",
        source="test",
        postings=(
            Posting(account=AccountUse.FEES, side=Side.DEBIT, **of_fees),
            Posting(account=AccountUse.BANK, side=Side.CREDIT, **of_fees),
        ),
    )
    await post(office.session, fees, idempotency_key="usd", by=office.finance.id, at=AFTER_NOVEMBER)
    await closed(office, 12_345)
    await exports(office)
    found = await preflight(office.session, NOVEMBER, Target.U8)
    assert (found.waiting, found.foreign, found.obstacles) == (1, 1, ())

    made = await hand_over(office.session, NOVEMBER, Target.U8, by=office.finance, at=AFTER_NOVEMBER)

    file = await fetch_file(office.session, made, by=office.finance, at=AFTER_NOVEMBER)
    assert "境外手续费" not in file.content.decode("gbk")
    left = await preflight(office.session, NOVEMBER, Target.U8)
    assert (made.vouchers, left.waiting, left.foreign) == (1, 0, 1)
