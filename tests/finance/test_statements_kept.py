"""What was issued stays: tried with SQL as the tenant's login."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from anshou.finance.disputing_lines import (
    confirm_line,
)
from anshou.finance.reading_statements import (
    line_at,
)
from billing.statements.rows import StatementWord
from tests.finance.office import AFTER_NOVEMBER, Office


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE statement SET closing_fen = 0",
        "DELETE FROM statement_line",
        "UPDATE statement_line SET fen = 1",
        "DELETE FROM statement_word",
        "INSERT INTO statement_line (id, merchant_id, statement_id, place, voucher_id, entry_line, booked_on, sort, "
        "fen, text) SELECT gen_random_uuid(), merchant_id, statement_id, place + 1, gen_random_uuid(), 1, booked_on, "
        "sort, 1, 'x' FROM statement_line",
        "INSERT INTO statement_line (id, merchant_id, statement_id, place, voucher_id, entry_line, booked_on, sort, "
        "fen, text) SELECT gen_random_uuid(), merchant_id, statement_id, 0, voucher_id, entry_line, booked_on, "
        "sort, 1, 'x' FROM statement_line",
    ],
)
async def test_what_was_issued_is_kept_by_the_database(office: Office, attempt: str) -> None:
    await office.charge(100, date(2026, 11, 5))
    await office.issue()

    with pytest.raises(DBAPIError):
        async with office.session.begin_nested():
            await office.session.execute(text(attempt))


async def test_a_statement_whose_lines_do_not_make_up_its_balance_is_refused_at_the_end(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    await office.issue()
    with pytest.raises(DBAPIError, match="make up its balance"):
        async with office.session.begin_nested():
            await office.session.execute(
                text(
                    "INSERT INTO statement SELECT gen_random_uuid(), merchant_id, 'X', '2027-01-01', currency, 0, 5, "
                    "0, content_hash, reply_by, false, '', prepared_by, reviewed_by, issued_by, issued_at "
                    "FROM statement"
                )
            )
            await office.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


async def test_two_words_of_one_line_at_the_same_step_cannot_both_count(office: Office) -> None:
    await office.charge(100, date(2026, 11, 5))
    statement = await office.issue()
    await office.act_as(office.owner)
    line = await line_at(office.session, statement, 1)
    await confirm_line(office.session, statement, line, by=office.owner, at=AFTER_NOVEMBER)

    with pytest.raises(DBAPIError):
        async with office.session.begin_nested():
            await office.session.execute(
                text(
                    "INSERT INTO statement_word (id, merchant_id, statement_id, line_id, step, word, reason, said_by, "
                    "said_at) SELECT gen_random_uuid(), merchant_id, statement_id, line_id, step, 'disputed', 'x', "
                    "said_by, said_at FROM statement_word"
                )
            )
    assert len((await office.session.scalars(select(StatementWord))).all()) == 1
