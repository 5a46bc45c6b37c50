"""What is said of lines: confirmed, disputed, answered, taken further. Each word follows from the one before it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from billing.statements.errors import WordNotOpen
from billing.statements.rows import Statement, StatementLine, StatementWord, Word

W = Word

# What may be said after what; None is a line of which nothing was said. Silence counts only where nothing was said.
AFTER: Mapping[Word | None, frozenset[Word]] = {
    None: frozenset({W.CONFIRMED, W.DEEMED_CONFIRMED, W.DISPUTED}),
    W.DISPUTED: frozenset({W.ACCEPTED, W.REJECTED, W.CONFIRMED}),
    W.REJECTED: frozenset({W.CONFIRMED, W.ESCALATED}),
    W.CONFIRMED: frozenset(),
    W.DEEMED_CONFIRMED: frozenset(),
    W.ACCEPTED: frozenset(),
    W.ESCALATED: frozenset(),
}
SETTLED = frozenset({W.CONFIRMED, W.DEEMED_CONFIRMED, W.ACCEPTED})
"""A line of which this was said last needs nothing more."""

# A statement of SQL takes 32,767 values, and a word has thirteen.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A word to be said of one line."""

    word: Word
    reason: str = ""
    fen: int | None = None
    voucher_id: UUID | None = None
    ticket_id: UUID | None = None
    answer_by: datetime | None = None


async def say(session: AsyncSession, line: StatementLine, answer: Answer, *, by: UUID, at: datetime) -> StatementWord:
    """Say it of the line. Raises WordNotOpen, also when somebody else said something at the same moment."""
    last = await last_words(session, line.merchant_id, line.statement_id, [line.id])
    before = last.get(line.id)
    if answer.word not in AFTER[before.word if before else None]:
        raise WordNotOpen
    row = StatementWord(
        merchant_id=line.merchant_id,
        statement_id=line.statement_id,
        line_id=line.id,
        step=before.step + 1 if before else 1,
        word=answer.word,
        reason=answer.reason,
        fen=answer.fen,
        voucher_id=answer.voucher_id,
        ticket_id=answer.ticket_id,
        answer_by=answer.answer_by,
        said_by=by,
        said_at=at,
    )
    await _append(session, [row])
    return row


async def confirm_open(session: AsyncSession, statement: Statement, word: Word, *, by: UUID, at: datetime) -> int:
    """Confirm every line of which nothing was said; how many that were. `word` is CONFIRMED or DEEMED_CONFIRMED."""
    said = exists().where(
        StatementWord.merchant_id == StatementLine.merchant_id, StatementWord.line_id == StatementLine.id
    )
    asked = select(StatementLine.id).where(
        StatementLine.merchant_id == statement.merchant_id, StatementLine.statement_id == statement.id, ~said
    )
    rows = [
        StatementWord(
            merchant_id=statement.merchant_id,
            statement_id=statement.id,
            line_id=line_id,
            step=1,
            word=word,
            reason="",
            fen=None,
            voucher_id=None,
            ticket_id=None,
            answer_by=None,
            said_by=by,
            said_at=at,
        )
        for line_id in await session.scalars(asked)
    ]
    await _append(session, rows)
    return len(rows)


async def last_words(
    session: AsyncSession, merchant_id: UUID, statement_id: UUID, lines: Collection[UUID] | None = None
) -> dict[UUID, StatementWord]:
    """What was said last of each line of which something was said; of these `lines` only, if they are given."""
    asked = select(StatementWord).where(
        StatementWord.merchant_id == merchant_id,
        StatementWord.statement_id == statement_id,
        StatementWord.line_id.is_not(None),
    )
    if lines is not None:
        asked = asked.where(StatementWord.line_id.in_(lines))
    asked = asked.order_by(StatementWord.line_id, StatementWord.step)
    return {word.line_id: word for word in await session.scalars(asked) if word.line_id is not None}


async def words_about(session: AsyncSession, line: StatementLine) -> Sequence[StatementWord]:
    """Everything that was said of the line, in order."""
    asked = select(StatementWord).where(StatementWord.merchant_id == line.merchant_id, StatementWord.line_id == line.id)
    return (await session.scalars(asked.order_by(StatementWord.step))).all()


async def words_of(session: AsyncSession, statement: Statement) -> Sequence[StatementWord]:
    """Everything that was said of the statement, in order."""
    asked = select(StatementWord).where(
        StatementWord.merchant_id == statement.merchant_id, StatementWord.statement_id == statement.id
    )
    return (await session.scalars(asked.order_by(StatementWord.said_at, StatementWord.id))).all()


async def reminders_of(session: AsyncSession, statement: Statement) -> Sequence[StatementWord]:
    """When the merchant was reminded of it, in order."""
    asked = select(StatementWord).where(
        StatementWord.merchant_id == statement.merchant_id,
        StatementWord.statement_id == statement.id,
        StatementWord.line_id.is_(None),
    )
    return (await session.scalars(asked.order_by(StatementWord.step))).all()


async def remind(session: AsyncSession, statement: Statement, *, by: UUID, at: datetime) -> None:
    """Note that the merchant was reminded."""
    of_whole = select(func.count()).where(
        StatementWord.merchant_id == statement.merchant_id,
        StatementWord.statement_id == statement.id,
        StatementWord.line_id.is_(None),
    )
    row = StatementWord(
        merchant_id=statement.merchant_id,
        statement_id=statement.id,
        line_id=None,
        step=(await session.scalar(of_whole) or 0) + 1,
        word=Word.REMINDED,
        reason="",
        fen=None,
        voucher_id=None,
        ticket_id=None,
        answer_by=None,
        said_by=by,
        said_at=at,
    )
    await _append(session, [row])


async def _append(session: AsyncSession, rows: Sequence[StatementWord]) -> None:
    """Write the words; two people who say the next one of a line meet at its step."""
    columns = StatementWord.__table__.columns.keys()
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        written = await session.execute(
            insert(StatementWord)
            .values([{name: getattr(row, name) for name in columns} for row in some])
            .on_conflict_do_nothing()
            .returning(StatementWord.id)
        )
        if len(written.all()) != len(some):
            raise WordNotOpen
