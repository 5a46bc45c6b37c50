"""What a merchant says of the lines of a statement, what its silence says, and where an unresolved line goes.

How finance answers stands in `anshou.finance.answering_disputes`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import (
    LINE_CONFIRMED,
    LINE_DISPUTED,
    LINE_ESCALATED,
    STATEMENT_CONFIRMED,
    STATEMENT_DEEMED_CONFIRMED,
)
from anshou.finance.handing_out import copied
from anshou.finance.line_files import add_files, files_about, ticket_of
from anshou.finance.statement_leaves import leave_leaf
from anshou.finance.telling import tell_of_dispute
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.categories import Category
from anshou.tickets.opening import open_ticket
from anshou.tickets.reports import DisputeReport
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, post_message
from billing.attribution.explaining import yuan
from billing.ledger.posting import BOOKS_ZONE
from billing.statements.answering import Answer, confirm_open, say, words_about
from billing.statements.errors import DisputeInvalid
from billing.statements.rows import Statement, StatementLine, StatementWord, Word
from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message
from tenants.storage import ObjectStorage

HANDED_OVER = "费用凭证，以及双方在对账单中提交的全部附件。"

# Calendar days in which the agency owes an answer to a disputed line.
ANSWER_DAYS = 5


class Objection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a line is disputed."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000, title=N_("异议理由"), extra={"widget": "text"})]


async def confirm_line(
    session: AsyncSession, statement: Statement, line: StatementLine, *, by: Person, at: datetime
) -> None:
    """The merchant confirms one line, also one that it disputed before. Raises PermissionMissing, WordNotOpen."""
    authorize(by, Permission.CONFIRM_STATEMENTS)
    await say(session, line, Answer(Word.CONFIRMED), by=by.id, at=at)
    await leave_leaf(session, LINE_CONFIRMED, statement, line, by=by, at=at)


async def confirm_statement(session: AsyncSession, statement: Statement, *, by: Person, at: datetime) -> int:
    """The merchant confirms every line of which nothing was said; how many. Raises PermissionMissing."""
    authorize(by, Permission.CONFIRM_STATEMENTS)
    confirmed = await confirm_open(session, statement, Word.CONFIRMED, by=by.id, at=at)
    body = {"number": statement.number, "lines": confirmed}
    owner = statement.merchant_id
    await record(session, STATEMENT_CONFIRMED, actor=by.actor(), at=at, owner=owner, subject=statement.id, body=body)
    return confirmed


async def dispute_line(
    session: AsyncSession,
    statement: Statement,
    line: StatementLine,
    objection: Objection,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> StatementWord:
    """The merchant disputes one line; the agency's time to answer begins. `files` lie sealed for the merchant.

    Raises PermissionMissing, WordNotOpen, DisputeInvalid for a reason that says nothing.
    """
    authorize(by, Permission.CONFIRM_STATEMENTS)
    if not objection.reason.strip():
        raise DisputeInvalid("reason", Message(N_("请写明异议理由")))
    answer = Answer(Word.DISPUTED, objection.reason.strip(), answer_by=at + timedelta(days=ANSWER_DAYS))
    word = await say(session, line, answer, by=by.id, at=at)
    await add_files(session, line, word, files, by=by, at=at)
    await leave_leaf(session, LINE_DISPUTED, statement, line, by=by, at=at)
    await tell_of_dispute(session, statement)
    return word


async def escalate_line(
    session: AsyncSession,
    storage: ObjectStorage,
    statement: Statement,
    line: StatementLine,
    *,
    by: Person,
    at: datetime,
) -> Ticket:
    """The merchant takes a rejected line further: a contract dispute about fees, with all that was said and proven.

    Confidential where the ticket of the cost is. Raises PermissionMissing, WordNotOpen.
    """
    authorize(by, Permission.CONFIRM_STATEMENTS)
    about = await ticket_of(session, line)
    confidential = about is not None and about.is_confidential
    report = DisputeReport(
        title=f"对账单 {statement.number} 第 {line.place} 行费用争议",
        description="\n".join(_told(statement, line, about, await words_about(session, line))),
        request="请按合同核定这一行费用的承担。",
        category=Category.FEE_SETTLEMENT,
        occurred_on=at.astimezone(BOOKS_ZONE).date(),
        confidential=confidential,
    )
    ticket = await open_ticket(session, report, by=by, at=at)
    await say(session, line, Answer(Word.ESCALATED, ticket_id=ticket.id), by=by.id, at=at)
    if kept := await files_about(session, line):
        files = [await copied(session, storage, one, sealed=confidential) for one in kept]
        await post_message(session, ticket, HANDED_OVER, by=by, at=at, files=files)
    await leave_leaf(session, LINE_ESCALATED, statement, line, by=by, at=at, ticket=ticket.number)
    return ticket


def _told(
    statement: Statement, line: StatementLine, about: Ticket | None, said: Sequence[StatementWord]
) -> Iterator[str]:
    yield f"对账单 {statement.number}（{statement.month:%Y-%m}）第 {line.place} 行，记账日期 {line.booked_on}。"
    if about is not None:
        yield f"费用所属工单：{about.number}（{about.kind.label}）。"
    if line.category is not None:
        yield f"费用：{line.category.label}，{line.incurred_on} 发生。"
    yield f"金额：{yuan(line.fen)} 元。条款：{line.clause or '—'}。"
    yield f"依据：{line.text}"
    for word in said:
        yield f"{word.said_at.astimezone(BOOKS_ZONE):%Y-%m-%d} {word.word.label}：{word.reason or '—'}"


async def let_silence_speak(session: AsyncSession, *, at: datetime) -> int:
    """Confirm what nobody answered in time where the contract says that silence confirms; how many statements."""
    asked = select(Statement).where(Statement.reply_by <= at, Statement.silence_confirms.is_(True))
    spoken = 0
    for statement in await session.scalars(asked):
        confirmed = await confirm_open(session, statement, Word.DEEMED_CONFIRMED, by=NOBODY.id, at=at)
        if confirmed:
            spoken += 1
            body = {"number": statement.number, "lines": confirmed, "clause": statement.silence_clause}
            owner = statement.merchant_id
            await record(
                session, STATEMENT_DEEMED_CONFIRMED, actor=NOBODY, at=at, owner=owner, subject=statement.id, body=body
            )
    return spoken
