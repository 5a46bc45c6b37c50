"""Reports agree with the books to the fen, and each figure with the entries behind it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from anshou.finance.reporting.asking import BEARER_OF, Bearer, By, Months, Narrowed
from anshou.finance.reporting.costs import costs_by
from anshou.finance.reporting.entries import Behind, behind
from anshou.people.errors import PermissionMissing
from anshou.people.roles import Department
from anshou.tickets.kinds import Kind
from billing.ledger.accounts import LedgerAccount
from billing.ledger.balances import trial_balance
from billing.parties import CostCategory, Party
from tenants.context import AGENCY
from tests.finance.counter import Counter
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
    assert {line.key for line in report.lines} <= set(supervisor.departments)
    stranger = replace(supervisor, departments=frozenset({Department.LOGISTICS}))
    report = await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.MERCHANT, person=stranger)
    assert report.lines == []
    assert await behind(counter.session, NOVEMBER, Narrowed(), person=stranger) == []


@pytest.mark.parametrize("who", ["specialist", "account_manager", "admin", "owner"])
async def test_nobody_else_reads_reports(counter: Counter, who: str) -> None:
    person = getattr(counter.cast, who)
    with pytest.raises(PermissionMissing):
        await costs_by(counter.session, NOVEMBER, Narrowed(), by=By.MERCHANT, person=person)
