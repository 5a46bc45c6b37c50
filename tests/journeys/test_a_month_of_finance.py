"""A month of finance in a real browser: from the first cost on a ticket to the closed, reopened and closed month."""

from pathlib import Path

import pytest

from anshou.people.roles import Role
from tenants.context import AGENCY
from tests.cast import NOW, staff
from tests.journeys import finance_closing as closing
from tests.journeys import finance_costs as costs
from tests.journeys import finance_statement as statement
from tests.journeys.company import Company
from tests.journeys.finance_month import Month


@pytest.mark.timeout(900)
async def test_from_the_first_cost_to_the_closed_month(company: Company, tmp_path: Path) -> None:
    async with company.tenants.session(company.tenant, AGENCY) as session:
        await staff(session, "沈括", "finance2", Role.FINANCE, at=NOW)
    month = Month(company, tmp_path)
    await costs.report(month)
    await costs.record_costs(month)
    await costs.return_and_mend(month)
    await costs.verify(month)
    await costs.record_what_stays_undetermined(month)
    await costs.determine(month)
    await costs.object_and_review(month)

    await month.later(days=3)
    await statement.receive_payment(month)
    await month.later(days=6)
    await statement.issue(month)
    await statement.answer_on_the_phone(month)
    await statement.settle_the_dispute(month)

    await closing.import_bill(month)
    await closing.match(month)
    await closing.write_off(month, "671101")
    await closing.close(month)
    await closing.hand_over(month)
    await closing.reopen(month)
    await closing.correct(month)
    await closing.close_again(month)
    await closing.prove_it(month)
    await closing.read_the_books(month)
