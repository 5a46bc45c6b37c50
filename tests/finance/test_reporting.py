"""Reports agree with the books to the fen, and each figure with the entries behind it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from anshou.finance.answering_disputes import Acceptance, accept_dispute
from anshou.finance.bookkeeping import keep_currency
from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.reading_statements import line_at
from anshou.finance.reporting.agreement import agreement
from anshou.finance.reporting.asking import BEARER_OF, Bearer, By, Months, Narrowed, Sort
from anshou.finance.reporting.costs import costs_by
from anshou.finance.reporting.debts import debts_at
from anshou.finance.reporting.entries import Behind, behind, other_currencies
from anshou.finance.reporting.recovery import Claims, claims_on, recovered_by
from anshou.finance.statements import Payment, record_payment
from anshou.people.errors import PermissionMissing
from anshou.people.roles import Department
from anshou.tickets.kinds import Kind
from billing.attribution.claims import ClaimResult
from billing.currencies import Currency
from billing.ledger.accounts import LedgerAccount
from billing.ledger.balances import trial_balance
from billing.ledger.drafts import Draft, Posting
from billing.ledger.posting import post
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Entry
from billing.parties import CostCategory, Party
from billing.statements.ageing import ageing
from tenants.context import AGENCY
from tests.finance.counter import Counter
from tests.finance.office import AFTER_NOVEMBER, Office
from tests.finance.test_attributing import concluded, determined, item_of, redetermined, worked

NOVEMBER = Months(date(2026, 11, 1), date(2026, 11, 1))
YEAR = Months(date(2026, 1, 1), date(2026, 12, 1))


async def a_month(counter: Counter) -> None:
    """A claim that brings part, two categories, two claimants, and one cost that waits for its determination."""
    await determined(counter, agency=5000, platform=3000, merchant=2000)
    first = await counter.verify((await counter.submit(fen=100_001, tax_fen=0)).number)
    other = await counter.submit(counter.cast.specialist, fen=33_333, tax_fen=0, category=CostCategory.COMMUNICATION)
    await counter.verify(other.number)
    await worked(counter)
    item = await item_of(counter, first)
    await concluded(counter, item, 10_000)
    counter.ticket_number = ""
    await counter.verify((await counter.submit(fen=5_000, tax_fen=0)).number)
    await worked(counter)


@pytest.mark.parametrize("by", By)
async def test_however_it_is_laid_out_it_adds_up_to_the_trial_balance(counter: Counter, by: By) -> None:
    await a_month(counter)
    await counter.desk.act_as(AGENCY)
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=by, person=counter.cast.finance)
    trial = {line.account_id: line.debit - line.credit for line in await trial_balance(counter.session, NOVEMBER.last)}
    uses = {one.use: one.id for one in await counter.session.scalars(select(LedgerAccount)) if one.use}
    moved = {bearer: trial.get(uses[use], 0) for use, bearer in BEARER_OF.items()}
    # The books hold less on the claim: part of it came in.
    moved[Bearer.PLATFORM] += 10_000
    assert {bearer: report.whole[bearer] for bearer in moved} == moved
    assert report.whole.total == 100_001 + 33_333 + 5_000
    assert sum(line.borne.total for line in report.lines) == report.whole.total


async def test_the_cause_is_who_was_found_responsible_whoever_bears_it(counter: Counter) -> None:
    await a_month(counter)
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.CAUSE, person=counter.cast.finance)
    by_cause = {line.key: line.borne for line in report.lines}
    # What the platform did not pay of its 300 yuan falls back on the agency, and stays caused by the platform.
    caused_by_platform = by_cause[Party.PLATFORM]
    assert (caused_by_platform[Bearer.PLATFORM], caused_by_platform[Bearer.AGENCY]) == (10_000 + 10_000, 20_000)
    assert by_cause[None][Bearer.PENDING] == by_cause[None].total == 5_000


@pytest.mark.parametrize(
    "narrowed",
    [
        Narrowed(),
        Narrowed(bearer=Bearer.AGENCY),
        Narrowed(bearer=Bearer.OUTSIDE),
        Narrowed(kind=Kind.SERVICE_QUALITY, category=CostCategory.COMMUNICATION),
        Narrowed(cause=Party.PLATFORM),
        Narrowed(unknown=frozenset({By.CAUSE})),
        Narrowed(department=Department.OPERATIONS),
    ],
)
async def test_the_entries_behind_a_figure_add_up_to_it(counter: Counter, narrowed: Narrowed) -> None:
    await a_month(counter)
    finance = counter.cast.finance
    report = await costs_by(counter.session, NOVEMBER, narrowed, by=By.MERCHANT, person=finance)
    entries = [one async for one in _all_behind(counter, narrowed)]
    assert sum(one.fen for one in entries) == report.whole.total != 0
    assert len({(one.voucher_id, one.line) for one in entries}) == len(entries)


async def _all_behind(counter: Counter, narrowed: Narrowed) -> AsyncIterator[Behind]:
    after: tuple[date, UUID, int] | None = None
    while page := await behind(counter.session, NOVEMBER, narrowed, person=counter.cast.finance, after=after, limit=2):
        for one in page:
            yield one
        after = (page[-1].booked_on, page[-1].voucher_id, page[-1].line)


async def test_a_determination_of_a_later_month_moves_the_cost_in_that_month(counter: Counter) -> None:
    await determined(counter, agency=10_000)
    await counter.verify((await counter.submit(fen=7_000, tax_fen=0)).number)
    await worked(counter)
    counter.desk.now += timedelta(days=31)
    await redetermined(counter, merchant=10_000)
    await worked(counter)
    report = await costs_by(counter.session, YEAR, Narrowed(), by=By.MONTH, person=counter.cast.finance)
    moved = {line.key.month: line.borne.by for line in report.lines if line.borne.by}
    assert [moved[11][Bearer.AGENCY], moved[12][Bearer.AGENCY], moved[12][Bearer.MERCHANT]] == [7_000, -7_000, 7_000]
    assert (report.whole[Bearer.AGENCY], report.whole.total) == (0, 7_000)
    assert len(report.lines) == 12


async def test_a_supervisor_reads_the_departments_of_their_own_only(counter: Counter) -> None:
    await a_month(counter)
    supervisor = counter.cast.supervisor
    await counter.desk.act_as(supervisor.context())
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.DEPARTMENT, person=supervisor)
    assert report.whole.total == 138_334
    assert {line.key for line in report.lines} <= set(supervisor.supervises)
    stranger = replace(supervisor, supervises=frozenset({Department.LOGISTICS}))
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.MERCHANT, person=stranger)
    assert report.lines == []
    assert await behind(counter.session, NOVEMBER, Narrowed(), person=stranger) == []


@pytest.mark.parametrize("who", ["specialist", "account_manager", "admin", "owner"])
async def test_nobody_else_reads_reports(counter: Counter, who: str) -> None:
    person = getattr(counter.cast, who)
    with pytest.raises(PermissionMissing):
        await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.MERCHANT, person=person)


async def test_a_line_credited_after_a_dispute_keeps_its_cause_and_changes_its_bearer(office: Office) -> None:
    counter = office.counter
    await determined(counter, merchant=10_000)
    await counter.verify((await counter.submit(fen=9_000, tax_fen=0)).number)
    await worked(counter)
    statement = await office.issue()
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await dispute_line(office.session, statement, line, Objection(reason="不认可"), by=office.owner, at=AFTER_NOVEMBER)
    await office.act_as(office.finance)
    await accept_dispute(office.session, statement, line, Acceptance(fen=2_500), by=office.finance, at=AFTER_NOVEMBER)
    for narrowed in (Narrowed(), Narrowed(cause=Party.MERCHANT)):
        report = await costs_by(office.session, YEAR, narrowed, by=By.CAUSE, person=office.finance)
        (only,) = [line for line in report.lines if line.key]
        assert only.key is Party.MERCHANT
        assert (only.borne[Bearer.MERCHANT], only.borne[Bearer.AGENCY]) == (6_500, 2_500)


async def test_claims_move_from_open_to_open_and_the_rest_falls_back(counter: Counter) -> None:
    await a_month(counter)
    finance = counter.cast.finance
    await counter.desk.act_as(AGENCY)
    claims = await claims_on(counter.session, NOVEMBER, Narrowed(), person=finance)
    # Three tenths of 1,000.01 and of 333.33 are claimed; of the first 100.00 came in.
    assert claims == {Bearer.PLATFORM: Claims(0, 40_000, 10_000, 20_000, {ClaimResult.PARTLY: 1})}
    december = Months(date(2026, 12, 1), date(2026, 12, 1))
    later = await claims_on(counter.session, december, Narrowed(), person=finance)
    assert later == {Bearer.PLATFORM: Claims(opening=claims[Bearer.PLATFORM].closing)}
    assert claims[Bearer.PLATFORM].closing == 10_000


@pytest.mark.parametrize("by", [By.MONTH, By.CAUSE, By.DEPARTMENT])
async def test_what_came_back_and_what_is_borne_add_up_to_the_cost(counter: Counter, by: By) -> None:
    await a_month(counter)
    finance = counter.cast.finance
    await counter.desk.act_as(AGENCY)
    lines, whole = await recovered_by(counter.session, NOVEMBER, Narrowed(), by=by, person=finance)
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=by, person=finance)
    assert whole.total == sum(line.total for _, line in lines) == report.whole.total
    assert (whole.received, whole.fallen_back, whole.outside) == (10_000, 20_000, 10_000)
    assert (whole.agency, whole.merchant) == (report.whole[Bearer.AGENCY], report.whole[Bearer.MERCHANT])


async def test_ages_add_up_to_the_balance_of_the_books_and_payments_take_the_oldest(office: Office) -> None:
    finance = office.finance
    await office.charge(30_000, date(2026, 6, 3))
    await office.charge(20_000, date(2026, 10, 2))
    await office.charge(5_000, date(2026, 11, 28))
    await office.act_as(finance)
    paid = Payment(fen=34_000, paid_on=date(2026, 11, 3), reference="B1")
    await record_payment(office.session, office.counter.cast.yunshan.id, paid, by=finance, at=AFTER_NOVEMBER)
    debts = await debts_at(office.session, NOVEMBER.last, person=finance)
    (debt,) = debts.lines
    assert (debt.bearer, debt.merchant, debt.balance) == (Bearer.MERCHANT, office.counter.cast.yunshan.id, 21_000)
    # What is left of October is 59 days old at the end of November.
    assert list(debt.ages) == [5_000, 16_000, 0, 0, 0]
    assert debts.difference == 0
    entries = await office.session.execute(
        select(Entry.booked_on, Entry.side, Entry.fen)
        .join(LedgerAccount, LedgerAccount.id == Entry.account_id)
        .where(LedgerAccount.use == AccountUse.RECEIVABLE_FROM_MERCHANT)
    )
    signed = [(day, fen if side is Side.DEBIT else -fen) for day, side, fen in entries]
    assert tuple(debt.ages) == ageing(signed, date(2026, 11, 30))


async def test_who_paid_too_much_has_it_to_their_credit(office: Office) -> None:
    await office.charge(1_000, date(2026, 11, 3))
    await office.act_as(office.finance)
    paid = Payment(fen=1_500, paid_on=date(2026, 11, 4), reference="B2")
    merchant = office.counter.cast.yunshan.id
    await record_payment(office.session, merchant, paid, by=office.finance, at=AFTER_NOVEMBER)
    (debt,) = (await debts_at(office.session, NOVEMBER.last, person=office.finance)).lines
    assert (debt.balance, sum(debt.ages), debt.credit) == (-500, 0, 500)


async def test_reports_agree_with_every_account_and_say_where_they_do_not(counter: Counter) -> None:
    await a_month(counter)
    finance = counter.cast.finance
    await counter.desk.act_as(AGENCY)
    accounts = {one.bearer: one for one in await agreement(counter.session, NOVEMBER, person=finance)}
    assert {one.difference for one in accounts.values()} == {0}
    assert accounts[Bearer.PLATFORM].by[Sort.SETTLED] == -10_000
    assert sum(one.moved for one in accounts.values()) == 138_334 - 10_000


async def test_debts_and_agreement_are_of_the_whole_agency(counter: Counter) -> None:
    supervisor = counter.cast.supervisor
    await counter.desk.act_as(supervisor.context())
    for asked in (
        debts_at(counter.session, NOVEMBER.last, person=supervisor),
        agreement(counter.session, NOVEMBER, person=supervisor),
    ):
        with pytest.raises(PermissionMissing):
            await asked


async def test_costs_in_another_currency_are_named_and_not_added_to_yuan(counter: Counter) -> None:
    await a_month(counter)
    await counter.desk.act_as(AGENCY)
    finance = counter.cast.finance
    assert await other_currencies(counter.session, NOVEMBER) == []
    await keep_currency(counter.session, Currency.USD, by=finance, at=counter.desk.now)
    of = {"fen": 700, "currency": "USD", "merchant_id": counter.cast.yunshan.id}
    draft = Draft(
        booked_on=date(2026, 11, 21),
        summary="海外仓退货",
        source="by_hand",
        postings=(
            Posting(account=AccountUse.BORNE_BY_AGENCY, side=Side.DEBIT, **of),
            Posting(account=AccountUse.PAYABLE_TO_CLAIMANT, side=Side.CREDIT, **of),
        ),
    )
    await post(counter.session, draft, idempotency_key="test:usd", by=finance.id, at=counter.desk.now)
    assert await other_currencies(counter.session, NOVEMBER) == ["USD"]
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.MERCHANT, person=finance)
    assert report.whole.total == 138_334
