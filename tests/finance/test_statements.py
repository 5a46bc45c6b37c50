"""A merchant's month: prepared, reviewed, issued, confirmed or disputed line by line, adjusted, carried on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from anshou.finance.answering_disputes import Acceptance, Rejection, accept_dispute, reject_dispute
from anshou.finance.bookkeeping import reverse as take_back
from anshou.finance.disputes import Turn, count_waiting, disputes_waiting
from anshou.finance.disputing_lines import (
    Objection,
    confirm_line,
    confirm_statement,
    dispute_line,
    escalate_line,
    let_silence_speak,
)
from anshou.finance.reading_statements import (
    line_at,
    lines_of,
    statements_of_merchant,
    visible_statement,
)
from anshou.finance.statements import Payment, issue_statement, prepare_statement, record_payment, review_statement
from anshou.merchants.terms import SettlementClause
from anshou.people.errors import PermissionMissing
from anshou.tickets.kinds import Kind
from anshou.tickets.tickets import Ticket
from billing.ledger.errors import KeyUsedOtherwise
from billing.ledger.periods import close_period, list_periods
from billing.ledger.posting import reverse
from billing.statements.errors import (
    BooksMovedOn,
    DisputeInvalid,
    EarlierStatementMissing,
    MonthNotOver,
    NotReviewed,
    ReviewedByAnother,
    StatementIssued,
    StatementNotFound,
    WordNotOpen,
)
from billing.statements.rows import LineSort, Statement, Word
from tenants.context import AGENCY
from tenants.storage import open_storage
from tests.finance.office import AFTER_NOVEMBER, AFTER_OCTOBER, NOVEMBER, OCTOBER, Office

STORAGE = open_storage("memory:")


async def test_what_the_merchant_owes_is_on_the_statement_line_by_line(office: Office) -> None:
    await office.charge(12_345, date(2026, 11, 5))
    await office.charge(5, date(2026, 11, 30))
    await office.charge(999, date(2026, 12, 1))

    issued = await office.issue()
    await office.act_as(office.owner)
    statement = await visible_statement(office.session, issued.number, by=office.owner)
    lines = await lines_of(office.session, statement)

    assert issued.number.startswith("DZ2611-")
    assert (statement.opening_fen, statement.closing_fen, statement.line_count) == (0, 12_350, 2)
    assert [(shown.line.place, shown.line.fen, shown.line.sort) for shown in lines] == [
        (1, 12_345, LineSort.COST),
        (2, 5, LineSort.COST),
    ]
    assert lines[0].line.clause == "8.3"


async def test_balances_are_carried_and_each_posting_is_on_exactly_one_statement(office: Office) -> None:
    await office.charge(10_000, date(2026, 10, 5))
    october = await office.issue(OCTOBER, AFTER_OCTOBER)
    late = await office.charge(300, date(2026, 10, 20))
    await record_payment(
        office.session,
        office.counter.cast.yunshan.id,
        Payment(fen=4_000, paid_on=date(2026, 11, 9), reference="B-1"),
        by=office.finance,
        at=AFTER_NOVEMBER,
    )
    await reverse(
        office.session, late.id, reason="重复", by=office.finance.id, at=AFTER_NOVEMBER, on=date(2026, 11, 12)
    )

    november = await office.issue()
    lines = [shown.line for shown in await lines_of(office.session, november)]

    assert (november.opening_fen, november.closing_fen) == (october.closing_fen, 6_000)
    assert [(line.fen, line.sort) for line in lines] == [
        (300, LineSort.COST),
        (-4_000, LineSort.PAYMENT),
        (-300, LineSort.CREDIT),
    ]


async def test_a_payment_is_booked_once_by_its_reference(office: Office) -> None:
    merchant = office.counter.cast.yunshan.id
    payment = Payment(fen=4_000, paid_on=date(2026, 11, 9), reference="B-1")
    await office.charge(100, date(2026, 11, 5))
    await office.act_as(office.finance)

    first = await record_payment(office.session, merchant, payment, by=office.finance, at=AFTER_NOVEMBER)
    again = await record_payment(office.session, merchant, payment, by=office.finance, at=AFTER_NOVEMBER)

    assert (again.id, again.is_replay) == (first.id, True)
    with pytest.raises(KeyUsedOtherwise):
        await record_payment(
            office.session,
            merchant,
            Payment(fen=4_001, paid_on=date(2026, 11, 9), reference="B-1"),
            by=office.finance,
            at=AFTER_NOVEMBER,
        )


async def test_a_payment_whose_voucher_was_reversed_is_recorded_again_under_its_reference(office: Office) -> None:
    merchant, finance = office.counter.cast.yunshan.id, office.finance
    wrong = Payment(fen=4_000, paid_on=date(2026, 11, 9), reference="B-1")
    right = Payment(fen=4_001, paid_on=date(2026, 11, 9), reference="B-1")
    await office.charge(100, date(2026, 11, 5))
    await office.act_as(finance)
    vouchers = set()
    for payment in (wrong, right, right, wrong):
        posted = await record_payment(office.session, merchant, payment, by=finance, at=AFTER_NOVEMBER)
        again = await record_payment(office.session, merchant, payment, by=finance, at=AFTER_NOVEMBER)
        assert (posted.is_replay, again.id, again.is_replay) == (False, posted.id, True)
        vouchers.add(posted.id)
        await take_back(office.session, posted.id, reason="金额录错", by=finance, at=AFTER_NOVEMBER)
    assert len(vouchers) == 4


async def test_a_payment_of_a_closed_month_is_booked_in_the_open_one_and_once(office: Office) -> None:
    merchant, finance = office.counter.cast.yunshan.id, office.finance
    await office.charge(100, OCTOBER)
    await office.act_as(finance)
    await close_period(office.session, OCTOBER, by=finance.id, at=AFTER_NOVEMBER)
    payment = Payment(fen=4_000, paid_on=date(2026, 10, 9), reference="B-1")
    first = await record_payment(office.session, merchant, payment, by=finance, at=AFTER_NOVEMBER)
    assert first.booked_on == NOVEMBER
    await close_period(office.session, NOVEMBER, by=finance.id, at=AFTER_NOVEMBER)
    again = await record_payment(office.session, merchant, payment, by=finance, at=AFTER_NOVEMBER)
    assert (again.id, again.is_replay) == (first.id, True)
    with pytest.raises(KeyUsedOtherwise):
        other_day = Payment(fen=4_000, paid_on=date(2026, 10, 10), reference="B-1")
        await record_payment(office.session, merchant, other_day, by=finance, at=AFTER_NOVEMBER)


@pytest.mark.parametrize("paid_on", [date(2026, 9, 30), date(2001, 1, 1), date(2026, 12, 3)])
async def test_a_payment_opens_no_month_before_the_books_nor_one_to_come(office: Office, paid_on: date) -> None:
    await office.charge(100, OCTOBER)
    await office.act_as(office.finance)
    payment = Payment(fen=4_000, paid_on=paid_on, reference="B-1")
    with pytest.raises(DisputeInvalid):
        await record_payment(
            office.session, office.counter.cast.yunshan.id, payment, by=office.finance, at=AFTER_NOVEMBER
        )
    assert [period.month for period in await list_periods(office.session)] == [OCTOBER]


async def test_nobody_reviews_what_they_prepared_and_nothing_unreviewed_is_issued(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    await office.act_as(office.finance)
    merchant = office.counter.cast.yunshan.id
    prepared = await prepare_statement(office.session, merchant, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)

    with pytest.raises(ReviewedByAnother):
        await review_statement(office.session, prepared, by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(NotReviewed):
        await issue_statement(office.session, prepared, by=office.colleague, at=AFTER_NOVEMBER)


async def test_a_posting_after_the_review_asks_for_another(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    await office.act_as(office.finance)
    merchant = office.counter.cast.yunshan.id
    prepared = await prepare_statement(office.session, merchant, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    await review_statement(office.session, prepared, by=office.colleague, at=AFTER_NOVEMBER)

    await office.charge(1, date(2026, 11, 6))

    with pytest.raises(BooksMovedOn):
        await issue_statement(office.session, prepared, by=office.colleague, at=AFTER_NOVEMBER)


async def test_months_are_stated_in_order_once_and_when_they_are_over(office: Office) -> None:
    merchant = office.counter.cast.yunshan.id
    await office.act_as(office.finance)
    with pytest.raises(MonthNotOver):
        await prepare_statement(office.session, merchant, NOVEMBER, by=office.finance, at=AFTER_OCTOBER)
    await office.issue()

    with pytest.raises(StatementIssued):
        await prepare_statement(office.session, merchant, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    with pytest.raises(EarlierStatementMissing):
        await prepare_statement(office.session, merchant, OCTOBER, by=office.finance, at=AFTER_NOVEMBER)


async def test_a_merchant_reads_its_own_statements_and_nothing_before_they_are_issued(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    await office.act_as(office.finance)
    merchant = office.counter.cast.yunshan.id
    await prepare_statement(office.session, merchant, NOVEMBER, by=office.finance, at=AFTER_NOVEMBER)
    await office.act_as(office.owner)
    assert (await office.session.execute(text("SELECT count(*) FROM statement_preparation"))).scalar_one() == 0
    issued = await office.issue()
    stranger = office.counter.cast.other_owner

    await office.act_as(stranger)
    with pytest.raises(StatementNotFound):
        await visible_statement(office.session, issued.number, by=stranger)
    assert await statements_of_merchant(office.session, merchant, by=stranger) == ()
    assert (await office.session.scalars(select(Statement))).all() == []
    with pytest.raises(PermissionMissing):
        await confirm_statement(office.session, issued, by=office.counter.cast.member, at=AFTER_NOVEMBER)


async def test_a_dispute_that_is_accepted_takes_its_amount_off_the_next_statement(office: Office) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    await office.charge(200, date(2026, 11, 6))
    statement = await office.issue()
    await office.act_as(office.owner)
    first = await line_at(office.session, statement, 1)
    word = await dispute_line(
        office.session, statement, first, Objection(reason="运费按合同由物流承担"), by=office.owner, at=AFTER_NOVEMBER
    )
    assert await confirm_statement(office.session, statement, by=office.owner, at=AFTER_NOVEMBER) == 1
    assert word.answer_by == AFTER_NOVEMBER + timedelta(days=5)

    await office.act_as(office.finance)
    assert [one.line.id for one in await disputes_waiting(office.session, by=office.finance)] == [first.id]
    assert await count_waiting(office.session, by=office.finance) == 1
    with pytest.raises(DisputeInvalid):
        await accept_dispute(
            office.session, statement, first, Acceptance(fen=10_001), by=office.finance, at=AFTER_NOVEMBER
        )
    await accept_dispute(office.session, statement, first, Acceptance(fen=2_500), by=office.finance, at=AFTER_NOVEMBER)

    assert await disputes_waiting(office.session, by=office.finance) == []
    assert all(shown.is_settled for shown in await lines_of(office.session, statement))
    december = await office.issue(date(2026, 12, 1), datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
    (credit,) = await lines_of(office.session, december)
    assert (december.opening_fen, credit.line.fen, december.closing_fen) == (10_200, -2_500, 7_700)
    assert (credit.line.sort, credit.line.clause) == (LineSort.CREDIT, "8.3")


async def test_a_rejected_line_can_be_confirmed_or_becomes_a_contract_dispute_with_everything_said(
    office: Office,
) -> None:
    await office.charge(10_000, date(2026, 11, 5))
    statement = await office.issue()
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    with pytest.raises(WordNotOpen):
        await escalate_line(office.session, STORAGE, statement, line, by=office.owner, at=AFTER_NOVEMBER)
    await dispute_line(
        office.session, statement, line, Objection(reason="并非我方责任"), by=office.owner, at=AFTER_NOVEMBER
    )
    await office.act_as(office.finance)
    await reject_dispute(
        office.session, statement, line, Rejection(reason="见责任判定"), by=office.finance, at=AFTER_NOVEMBER
    )
    follows = office.counter.cast.account_manager
    await office.act_as(follows)
    assert await disputes_waiting(office.session, by=follows) == []
    (one,) = await disputes_waiting(office.session, by=follows, turn=Turn.MERCHANTS)
    assert (one.line.id, one.merchant_name) == (line.id, "云杉户外")

    await office.act_as(office.owner)
    ticket: Ticket = await escalate_line(office.session, STORAGE, statement, line, by=office.owner, at=AFTER_NOVEMBER)

    assert ticket.kind is Kind.CONTRACT_DISPUTE
    assert statement.number in ticket.title
    assert "并非我方责任" in ticket.description
    assert "见责任判定" in ticket.description
    (shown,) = await lines_of(office.session, statement)
    assert shown.word is not None
    assert (shown.word.word, shown.word.ticket_id) == (Word.ESCALATED, ticket.id)
    with pytest.raises(WordNotOpen):
        await confirm_line(office.session, statement, line, by=office.owner, at=AFTER_NOVEMBER)


@pytest.mark.parametrize("agreed", [True, False])
async def test_silence_confirms_only_where_the_contract_says_so(office: Office, agreed: bool) -> None:
    await office.agree(SettlementClause(number="9.2", reply_days=3, silence_confirms=agreed))
    await office.charge(100, date(2026, 11, 5))
    await office.charge(200, date(2026, 11, 6))
    statement = await office.issue()
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await dispute_line(office.session, statement, line, Objection(reason="不认可"), by=office.owner, at=AFTER_NOVEMBER)
    await office.counter.desk.act_as(AGENCY)

    assert await let_silence_speak(office.session, at=AFTER_NOVEMBER + timedelta(days=2)) == 0
    assert await let_silence_speak(office.session, at=AFTER_NOVEMBER + timedelta(days=4)) == int(agreed)
    assert await let_silence_speak(office.session, at=AFTER_NOVEMBER + timedelta(days=5)) == 0

    disputed, silent = await lines_of(office.session, statement)
    assert disputed.is_disputed
    assert silent.is_settled is agreed
