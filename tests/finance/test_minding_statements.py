"""Merchants are reminded once before their time is up."""

from datetime import date, timedelta

from anshou.finance.disputing_lines import confirm_statement
from anshou.finance.minding_statements import remind_before_time_is_up
from billing.statements.answering import words_of
from billing.statements.rows import Word
from tenants.context import AGENCY
from tests.finance.office import AFTER_NOVEMBER, Office


async def test_a_merchant_is_reminded_once_two_days_before_its_time_is_up(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    statement = await office.issue()
    await office.counter.desk.act_as(AGENCY)
    due = statement.reply_by - timedelta(days=2)

    assert await remind_before_time_is_up(office.session, at=due - timedelta(hours=1)) == 0
    assert await remind_before_time_is_up(office.session, at=due) == 1
    assert await remind_before_time_is_up(office.session, at=due + timedelta(days=1)) == 0

    assert [word.word for word in await words_of(office.session, statement)] == [Word.REMINDED]


async def test_nobody_is_reminded_of_what_was_answered_or_is_past(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    statement = await office.issue()
    await office.counter.desk.act_as(AGENCY)
    assert await remind_before_time_is_up(office.session, at=statement.reply_by) == 0
    await office.act_as(office.owner)
    await confirm_statement(office.session, statement, by=office.owner, at=AFTER_NOVEMBER)
    await office.counter.desk.act_as(AGENCY)
    assert await remind_before_time_is_up(office.session, at=statement.reply_by - timedelta(days=1)) == 0
