"""What a merchant says of the lines of a statement, how finance answers, and where an unresolved line goes.

An accepted dispute is a new posting that shows on a later statement; what was issued stays as it was issued.
"""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import (
    LINE_CONFIRMED,
    LINE_DISPUTE_ACCEPTED,
    LINE_DISPUTE_REJECTED,
    LINE_DISPUTED,
    LINE_ESCALATED,
    STATEMENT_CONFIRMED,
    STATEMENT_DEEMED_CONFIRMED,
)
from anshou.finance.telling import tell_of_answer, tell_of_dispute
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.categories import Category
from anshou.tickets.opening import open_ticket
from anshou.tickets.reports import DisputeReport
from anshou.tickets.tickets import Ticket
from billing.ledger.drafts import Draft, Posting
from billing.ledger.periods import open_day
from billing.ledger.posting import BOOKS_ZONE, post
from billing.ledger.uses import AccountUse, Side
from billing.parties import Party
from billing.statements.answering import Answer, confirm_open, say, words_about
from billing.statements.errors import DisputeInvalid
from billing.statements.rows import LineSort, Statement, StatementLine, StatementWord, Word
from confidentiality.audit.actions import Action
from confidentiality.audit.actors import NOBODY
from confidentiality.audit.leaves import record
from tenants.refusals import N_, Message

# Calendar days in which the agency owes an answer to a disputed line.
ANSWER_DAYS = 5


class Objection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a line is disputed."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000, title=N_("异议理由"), extra={"widget": "text"})]


class Acceptance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a disputed line is taken off, and why."""

    fen: Annotated[int, Meta(ge=1, title=N_("冲减金额"), extra={"widget": "money"})]
    reason: Annotated[str, Meta(max_length=2000, title=N_("说明"), extra={"widget": "text"})] = ""


class Rejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a dispute is not accepted."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000, title=N_("不成立的理由"), extra={"widget": "text"})]


async def confirm_line(
    session: AsyncSession, statement: Statement, line: StatementLine, *, by: Person, at: datetime
) -> None:
    """The merchant confirms one line, also one that it disputed before. Raises PermissionMissing, WordNotOpen."""
    authorize(by, Permission.CONFIRM_STATEMENTS)
    await say(session, line, Answer(Word.CONFIRMED), by=by.id, at=at)
    await _leaf(session, LINE_CONFIRMED, statement, line, by=by, at=at)


async def confirm_statement(session: AsyncSession, statement: Statement, *, by: Person, at: datetime) -> int:
    """The merchant confirms every line of which nothing was said; how many. Raises PermissionMissing."""
    authorize(by, Permission.CONFIRM_STATEMENTS)
    confirmed = await confirm_open(session, statement, Word.CONFIRMED, by=by.id, at=at)
    body = {"number": statement.number, "lines": confirmed}
    owner = statement.merchant_id
    await record(session, STATEMENT_CONFIRMED, actor=by.actor(), at=at, owner=owner, subject=statement.id, body=body)
    return confirmed


async def dispute_line(
    session: AsyncSession, statement: Statement, line: StatementLine, objection: Objection, *, by: Person, at: datetime
) -> StatementWord:
    """The merchant disputes one line; the agency's time to answer begins.

    Raises PermissionMissing, WordNotOpen, DisputeInvalid for a reason that says nothing.
    """
    authorize(by, Permission.CONFIRM_STATEMENTS)
    if not objection.reason.strip():
        raise DisputeInvalid("reason", Message(N_("请写明异议理由")))
    answer = Answer(Word.DISPUTED, objection.reason.strip(), answer_by=at + timedelta(days=ANSWER_DAYS))
    word = await say(session, line, answer, by=by.id, at=at)
    await _leaf(session, LINE_DISPUTED, statement, line, by=by, at=at)
    await tell_of_dispute(session, statement)
    return word


async def accept_dispute(
    session: AsyncSession,
    statement: Statement,
    line: StatementLine,
    acceptance: Acceptance,
    *,
    by: Person,
    at: datetime,
) -> StatementWord:
    """Finance takes a part or the whole of the line off; the agency bears it. Posted in the first open month.

    Raises PermissionMissing, WordNotOpen, DisputeInvalid for more than the line has, or a line that is no cost.
    """
    authorize(by, Permission.ISSUE_STATEMENTS)
    if line.sort is not LineSort.COST:
        raise DisputeInvalid("fen", Message(N_("只有费用可以冲减；付款与冲减请在账上更正后由下一期对账单反映")))
    if acceptance.fen > line.fen:
        raise DisputeInvalid("fen", Message(N_("冲减金额不能超过这一行的金额")))
    posted = await post(
        session,
        await _credit(session, statement, line, acceptance.fen, at=at),
        idempotency_key=f"statement.dispute:{line.id}",
        by=by.id,
        at=at,
    )
    answer = Answer(Word.ACCEPTED, acceptance.reason.strip(), fen=acceptance.fen, voucher_id=posted.id)
    word = await say(session, line, answer, by=by.id, at=at)
    await _leaf(session, LINE_DISPUTE_ACCEPTED, statement, line, by=by, at=at, fen=acceptance.fen)
    await tell_of_answer(session, statement)
    return word


async def reject_dispute(
    session: AsyncSession, statement: Statement, line: StatementLine, rejection: Rejection, *, by: Person, at: datetime
) -> StatementWord:
    """Finance keeps to the line and says why. Raises PermissionMissing, WordNotOpen, DisputeInvalid."""
    authorize(by, Permission.ISSUE_STATEMENTS)
    if not rejection.reason.strip():
        raise DisputeInvalid("reason", Message(N_("请写明不成立的理由")))
    word = await say(session, line, Answer(Word.REJECTED, rejection.reason.strip()), by=by.id, at=at)
    await _leaf(session, LINE_DISPUTE_REJECTED, statement, line, by=by, at=at)
    await tell_of_answer(session, statement)
    return word


async def escalate_line(
    session: AsyncSession, statement: Statement, line: StatementLine, *, by: Person, at: datetime
) -> Ticket:
    """The merchant takes a rejected line further: a contract dispute about fees, with all that was said.

    Raises PermissionMissing, WordNotOpen.
    """
    authorize(by, Permission.CONFIRM_STATEMENTS)
    said = await words_about(session, line)
    report = DisputeReport(
        title=f"对账单 {statement.number} 第 {line.place} 行费用争议",
        description="\n".join(
            [
                f"对账单 {statement.number}（{statement.month:%Y-%m}）第 {line.place} 行，记账日期 {line.booked_on}。",
                f"金额（分）：{line.fen}。条款：{line.clause or '—'}。",
                *(f"{word.said_at:%Y-%m-%d} {word.word.label}：{word.reason or '—'}" for word in said),
            ]
        ),
        request="请按合同核定这一行费用的承担。",
        category=Category.FEE_SETTLEMENT,
        occurred_on=at.astimezone(BOOKS_ZONE).date(),
    )
    ticket = await open_ticket(session, report, by=by, at=at)
    await say(session, line, Answer(Word.ESCALATED, ticket_id=ticket.id), by=by.id, at=at)
    await _leaf(session, LINE_ESCALATED, statement, line, by=by, at=at, ticket=ticket.number)
    return ticket


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


async def _credit(session: AsyncSession, statement: Statement, line: StatementLine, fen: int, *, at: datetime) -> Draft:
    def side(account: AccountUse, on: Side, party: Party) -> Posting:
        return Posting(
            account=account,
            side=on,
            fen=fen,
            currency=statement.currency,
            party=party,
            merchant_id=line.merchant_id,
            ticket_id=line.ticket_id,
            cost_item_id=line.cost_item_id,
            version_id=line.version_id,
            clause=line.clause,
        )

    return Draft(
        booked_on=await open_day(session, at.astimezone(BOOKS_ZONE).date()),
        summary=f"对账单 {statement.number} 第 {line.place} 行异议成立，冲减",
        source="statement_dispute",
        source_id=line.id,
        postings=(
            side(AccountUse.BORNE_BY_AGENCY, Side.DEBIT, Party.AGENCY),
            side(AccountUse.RECEIVABLE_FROM_MERCHANT, Side.CREDIT, Party.MERCHANT),
        ),
    )


async def _leaf(
    session: AsyncSession,
    action: Action,
    statement: Statement,
    line: StatementLine,
    *,
    by: Person,
    at: datetime,
    **more: str | int,
) -> None:
    body = {"number": statement.number, "place": line.place, **more}
    owner = statement.merchant_id
    await record(session, action, actor=by.actor(), at=at, owner=owner, subject=line.id, body=body)
