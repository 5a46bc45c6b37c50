"""What is owed of statements: payments and credits go to the oldest cost first, at both desks."""

from datetime import date, timedelta

import pytest

from anshou.finance.answering_disputes import Acceptance, accept_dispute
from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.owing import owed_by, settled_of
from anshou.finance.reading_statements import line_at, statement_before
from anshou.finance.statements import Payment, record_payment
from billing.statements.errors import StatementNotFound
from tests.finance.office import AFTER_NOVEMBER, AFTER_OCTOBER, NOVEMBER, OCTOBER, Office

LATER = AFTER_NOVEMBER + timedelta(days=9)


async def pay(office: Office, fen: int, on: date) -> None:
    await office.act_as(office.finance)
    merchant = office.counter.cast.yunshan.id
    payment = Payment(fen=fen, paid_on=on, reference=f"B-{on}")
    await record_payment(office.session, merchant, payment, by=office.finance, at=LATER)


async def test_a_part_payment_leaves_the_rest_of_the_line_that_it_reaches(office: Office) -> None:
    await office.charge(10_000, date(2026, 10, 5))
    await office.charge(5_000, date(2026, 11, 6))
    october = await office.issue(OCTOBER, AFTER_OCTOBER)
    await pay(office, 4_000, date(2026, 11, 9))
    november = await office.issue(NOVEMBER, AFTER_NOVEMBER)
    merchant = office.counter.cast.yunshan.id

    await office.act_as(office.owner)
    (owed,) = await owed_by(office.session, merchant, by=office.owner, at=LATER)
    before = await statement_before(office.session, november)

    assert [(one.statement, one.left) for one in owed.lines] == [(october.number, 6_000), (november.number, 5_000)]
    assert (owed.fen, tuple(owed.ages)) == (november.closing_fen, (0, 5_000, 6_000, 0, 0))
    assert before is not None
    assert before.number == october.number
    settled = await settled_of(office.session, october, by=office.owner)
    assert (settled.since.paid, settled.since.credited, settled.left) == (4_000, 0, 6_000)


async def test_the_agency_counts_what_no_statement_shows_yet_and_the_merchant_does_not(office: Office) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    statement = await office.issue()
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await dispute_line(office.session, statement, line, Objection(reason="过高"), by=office.owner, at=AFTER_NOVEMBER)
    await office.act_as(office.finance)
    await accept_dispute(office.session, statement, line, Acceptance(fen=1_000), by=office.finance, at=AFTER_NOVEMBER)
    await pay(office, 9_000, date(2026, 12, 3))
    merchant = office.counter.cast.yunshan.id

    assert [one.fen for one in await owed_by(office.session, merchant, by=office.finance, at=LATER)] == [0]
    settled = await settled_of(office.session, statement, by=office.finance)
    assert (settled.since.paid, settled.since.credited, settled.left) == (9_000, 1_000, 0)
    await office.act_as(office.owner)
    assert [one.fen for one in await owed_by(office.session, merchant, by=office.owner, at=LATER)] == [10_000]
    stranger = office.counter.cast.other_owner
    await office.act_as(stranger)
    with pytest.raises(StatementNotFound):
        await owed_by(office.session, merchant, by=stranger, at=LATER)
