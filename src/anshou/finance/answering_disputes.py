"""How finance answers a disputed line: it takes a part or the whole off, or keeps to the line and says why.

An accepted dispute is a new posting that shows on a later statement; what was issued stays as it was issued. Where the
line was taken back in the books already, accepting it posts nothing more. The `files` that prove an answer lie in the
storage sealed for the merchant.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.finance.deeds import LINE_DISPUTE_ACCEPTED, LINE_DISPUTE_REJECTED
from anshou.finance.line_files import add_files
from anshou.finance.statement_leaves import leave_leaf
from anshou.finance.telling import tell_of_answer
from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.timeline import StoredFile
from billing.costs.items import CostItem
from billing.ledger.drafts import Draft, Posting
from billing.ledger.periods import open_day
from billing.ledger.posting import BOOKS_ZONE, post
from billing.ledger.uses import AccountUse, Side
from billing.ledger.vouchers import Voucher, reversal_of
from billing.ledger.wording import LINE_CREDITED
from billing.parties import Party
from billing.sources import DISPUTE
from billing.statements.answering import Answer, say
from billing.statements.errors import DisputeInvalid, LineReversed
from billing.statements.rows import LineSort, Statement, StatementLine, StatementWord, Word
from tenants.refusals import N_, Message


class Acceptance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a disputed line is taken off, and why."""

    fen: Annotated[int, Meta(ge=1, title=N_("冲减金额"), extra={"widget": "money"})]
    reason: Annotated[str, Meta(max_length=2000, title=N_("说明"), extra={"widget": "text"})] = ""


class Acknowledgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of a disputed line that was taken back in the books already."""

    reason: Annotated[str, Meta(max_length=2000, title=N_("说明"), extra={"widget": "text"})] = ""


class Rejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a dispute is not accepted."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000, title=N_("不成立的理由"), extra={"widget": "text"})]


async def accept_dispute(
    session: AsyncSession,
    statement: Statement,
    line: StatementLine,
    acceptance: Acceptance,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> StatementWord:
    """Take a part or the whole of the line off; the agency bears it. Posted in the first open month.

    Raises PermissionMissing, WordNotOpen, DisputeInvalid for more than the line has, or a line that is no cost;
    LineReversed where the line was taken back already, so that the debt is not lessened twice.
    """
    authorize(by, Permission.ISSUE_STATEMENTS)
    if line.sort is not LineSort.COST:
        raise DisputeInvalid("fen", Message(N_("只有费用可以冲减；付款与冲减请在账上更正后由下一期对账单反映")))
    if acceptance.fen > line.fen:
        raise DisputeInvalid("fen", Message(N_("冲减金额不能超过这一行的金额")))
    if await reversal_of_line(session, line) is not None:
        raise LineReversed
    posted = await post(
        session,
        await _credit(session, statement, line, acceptance.fen, at=at),
        idempotency_key=f"statement.dispute:{line.id}",
        by=by.id,
        at=at,
    )
    answer = Answer(Word.ACCEPTED, acceptance.reason.strip(), fen=acceptance.fen, voucher_id=posted.id)
    return await _answer(session, statement, line, answer, files, by=by, at=at)


async def acknowledge_dispute(
    session: AsyncSession,
    statement: Statement,
    line: StatementLine,
    acknowledgement: Acknowledgement,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> StatementWord:
    """Accept the dispute of a line that was taken back already: the reversal is what takes it off.

    Raises PermissionMissing, WordNotOpen, DisputeInvalid where nothing has taken the line back.
    """
    authorize(by, Permission.ISSUE_STATEMENTS)
    reversal = await reversal_of_line(session, line)
    if reversal is None:
        raise DisputeInvalid("reason", Message(N_("这一行尚未冲销，请填写冲减金额")))
    answer = Answer(Word.ACCEPTED, acknowledgement.reason.strip(), fen=line.fen, voucher_id=reversal.id)
    return await _answer(session, statement, line, answer, files, by=by, at=at)


async def reject_dispute(
    session: AsyncSession,
    statement: Statement,
    line: StatementLine,
    rejection: Rejection,
    *,
    by: Person,
    at: datetime,
    files: Sequence[StoredFile] = (),
) -> StatementWord:
    """Keep to the line and say why. Raises PermissionMissing, WordNotOpen, DisputeInvalid."""
    authorize(by, Permission.ISSUE_STATEMENTS)
    if not rejection.reason.strip():
        raise DisputeInvalid("reason", Message(N_("请写明不成立的理由")))
    answer = Answer(Word.REJECTED, rejection.reason.strip())
    return await _answer(session, statement, line, answer, files, by=by, at=at)


async def reversal_of_line(session: AsyncSession, line: StatementLine) -> Voucher | None:
    """What took the line back in the books, if anything did; until the transaction ends nothing else will.

    Whoever allocates the cost anew waits for the cost item too.
    """
    if line.cost_item_id is not None:
        of_line = CostItem.merchant_id == line.merchant_id, CostItem.id == line.cost_item_id
        await session.execute(select(CostItem.id).where(*of_line).with_for_update())
    return await reversal_of(session, line.voucher_id)


async def _answer(
    session: AsyncSession,
    statement: Statement,
    line: StatementLine,
    answer: Answer,
    files: Sequence[StoredFile],
    *,
    by: Person,
    at: datetime,
) -> StatementWord:
    word = await say(session, line, answer, by=by.id, at=at)
    await add_files(session, line, word, files, by=by, at=at)
    action = LINE_DISPUTE_ACCEPTED if answer.word is Word.ACCEPTED else LINE_DISPUTE_REJECTED
    more = {"fen": answer.fen} if answer.fen else {}
    await leave_leaf(session, action, statement, line, by=by, at=at, **more)
    await tell_of_answer(session, statement)
    return word


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
        summary=LINE_CREDITED % {"statement": statement.number, "line": line.place},
        source=DISPUTE,
        source_id=line.id,
        postings=(
            side(AccountUse.BORNE_BY_AGENCY, Side.DEBIT, Party.AGENCY),
            side(AccountUse.RECEIVABLE_FROM_MERCHANT, Side.CREDIT, Party.MERCHANT),
        ),
    )
