"""A line that was credited and is then determined anew lessens the debt once, and says why the merchant bears it."""

from datetime import date, timedelta

import pytest

from anshou.finance.answering_disputes import Acceptance, Acknowledgement, accept_dispute, acknowledge_dispute
from anshou.finance.bookkeeping import reverse
from anshou.finance.disputing_lines import Objection, dispute_line
from anshou.finance.errors import ReversedAtItsSource
from anshou.finance.reading_statements import line_at, lines_of, tickets_of, visible_statement
from anshou.tickets.kinds import Kind
from billing.ledger.uses import AccountUse
from billing.parties import CostCategory
from billing.statements.errors import DisputeInvalid, LineReversed
from billing.statements.rows import LineSort, Statement, StatementLine, Word
from tests.finance.counter import Counter
from tests.finance.office import AFTER_NOVEMBER, Office
from tests.finance.test_attributing import books, determined, redetermined, worked

MERCHANTS = AccountUse.RECEIVABLE_FROM_MERCHANT


@pytest.fixture
async def stated(office: Office) -> Statement:
    """云杉 bears a cost of 1,280.00 and has it on its statement of November."""
    counter = office.counter
    await determined(counter, merchant=10_000)
    await counter.verify((await counter.submit()).number)
    await worked(counter)
    return await office.issue()


async def disputed(office: Office, statement: Statement) -> StatementLine:
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await dispute_line(office.session, statement, line, Objection(reason="不认可"), by=office.owner, at=AFTER_NOVEMBER)
    await office.act_as(office.finance)
    return line


async def credited(office: Office, statement: Statement, fen: int) -> None:
    line = await disputed(office, statement)
    await accept_dispute(office.session, statement, line, Acceptance(fen=fen), by=office.finance, at=AFTER_NOVEMBER)


async def anew(counter: Counter, **points: int) -> None:
    """A later determination in December, and the worker's job after it."""
    counter.desk.now = AFTER_NOVEMBER + timedelta(days=1)
    await redetermined(counter, **points)
    await worked(counter)


async def test_a_line_says_what_cost_of_which_ticket_it_is_and_why_the_merchant_bears_it(
    office: Office, stated: Statement
) -> None:
    await office.act_as(office.owner)
    statement = await visible_statement(office.session, stated.number, by=office.owner)
    ((line, _),) = [(shown.line, shown.word) for shown in await lines_of(office.session, statement)]
    tickets = await tickets_of(office.session, statement.merchant_id, [line.ticket_id])

    assert (line.category, line.incurred_on) == (CostCategory.MATERIAL_LICENCE, date(2026, 11, 20))
    assert line.text == "商家承担 1,280.00 元：商家责任 100%，合同未另行约定，按一般规则，承担全部 1,280.00 元。"
    assert line.ticket_id is not None
    assert tickets[line.ticket_id] == (office.counter.ticket_number, Kind.SERVICE_QUALITY)


async def test_a_redetermination_takes_a_credit_back_with_what_it_was_given_for(
    office: Office, stated: Statement
) -> None:
    await credited(office, stated, 28_000)
    assert (await books(office.counter))[MERCHANTS] == 100_000

    await anew(office.counter, merchant=5_000, agency=5_000)

    assert (await books(office.counter))[MERCHANTS] == 64_000
    december = await office.issue(date(2026, 12, 1), AFTER_NOVEMBER + timedelta(days=40))
    shown = [(one.line.fen, one.line.sort) for one in await lines_of(office.session, december)]
    assert december.closing_fen == 64_000
    lines = await lines_of(office.session, december)
    assert {one.line.text for one in lines} == {
        "责任改判，按新的判定重新归属",
        "所冲减的费用已冲销，冲减一并撤回",
        f"对账单 {stated.number} 第 1 行异议成立，冲减",
        "费用共 1,280.00 元。商家承担 640.00 元：商家责任 50%，合同未另行约定，按一般规则，承担全部 640.00 元。",
    }
    assert sorted(shown) == [
        (-128_000, LineSort.CREDIT),
        (-28_000, LineSort.CREDIT),
        (28_000, LineSort.CREDIT),
        (64_000, LineSort.COST),
    ]


async def test_a_redetermination_that_acquits_the_merchant_leaves_no_debt_and_no_credit(
    office: Office, stated: Statement
) -> None:
    await credited(office, stated, 128_000)
    await anew(office.counter, agency=10_000)
    stands = await books(office.counter)
    assert (stands.get(MERCHANTS, 0), stands[AccountUse.BORNE_BY_AGENCY]) == (0, 128_000)


async def test_a_credit_that_finance_takes_back_by_hand_with_its_line_lessens_nothing_twice(office: Office) -> None:
    await office.charge(128_000, date(2026, 11, 5))
    stated = await office.issue()
    await credited(office, stated, 28_000)
    line = await line_at(office.session, stated, 1)
    await reverse(
        office.session, line.voucher_id, reason="错账", by=office.finance, at=AFTER_NOVEMBER + timedelta(days=1)
    )
    assert MERCHANTS not in await books(office.counter)


async def test_what_an_allocation_posted_is_not_taken_back_by_hand(office: Office, stated: Statement) -> None:
    line = await line_at(office.session, stated, 1)
    with pytest.raises(ReversedAtItsSource, match="费用归属"):
        await reverse(office.session, line.voucher_id, reason="错账", by=office.finance, at=AFTER_NOVEMBER)
    assert (await books(office.counter))[MERCHANTS] == 128_000


async def test_a_line_that_was_taken_back_is_not_credited_and_its_dispute_is_answered_by_the_reversal(
    office: Office, stated: Statement
) -> None:
    line = await disputed(office, stated)
    with pytest.raises(DisputeInvalid):
        await acknowledge_dispute(office.session, stated, line, Acknowledgement(), by=office.finance, at=AFTER_NOVEMBER)
    await anew(office.counter, agency=10_000)
    await office.act_as(office.finance)
    with pytest.raises(LineReversed):
        await accept_dispute(office.session, stated, line, Acceptance(fen=1), by=office.finance, at=AFTER_NOVEMBER)

    word = await acknowledge_dispute(
        office.session, stated, line, Acknowledgement(reason="责任已改判"), by=office.finance, at=AFTER_NOVEMBER
    )

    assert (word.word, word.fen) == (Word.ACCEPTED, 128_000)
    assert (await books(office.counter)).get(MERCHANTS, 0) == 0
