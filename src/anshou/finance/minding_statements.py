"""What happens to statements by the calendar: merchants are reminded before their time is up, and silence counts."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import STATEMENT_REMINDED
from anshou.finance.telling import tell_of_reminder
from billing.statements import answering
from billing.statements.rows import Statement, StatementLine, StatementWord, Word
from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record

# How long before the time to answer is up.
REMIND_BEFORE = timedelta(days=2)


async def remind_before_time_is_up(session: AsyncSession, *, at: datetime) -> int:
    """Remind once of each statement with a line of which nothing was said; of how many.

    Needs the agency's context.
    """
    said = exists().where(
        StatementWord.merchant_id == StatementLine.merchant_id, StatementWord.line_id == StatementLine.id
    )
    open_line = exists().where(
        StatementLine.merchant_id == Statement.merchant_id, StatementLine.statement_id == Statement.id, ~said
    )
    reminded = exists().where(
        StatementWord.merchant_id == Statement.merchant_id,
        StatementWord.statement_id == Statement.id,
        StatementWord.word == Word.REMINDED,
        StatementWord.said_by == NOBODY.id,
    )
    asked = select(Statement).where(
        Statement.reply_by > at, Statement.reply_by <= at + REMIND_BEFORE, open_line, ~reminded
    )
    due = (await session.scalars(asked.order_by(Statement.id))).all()
    for statement in due:
        await answering.remind(session, statement, by=NOBODY.id, at=at)
        owner = statement.merchant_id
        await record(session, STATEMENT_REMINDED, actor=NOBODY, at=at, owner=owner, subject=statement.id)
        await tell_of_reminder(session, statement)
    return len(due)
